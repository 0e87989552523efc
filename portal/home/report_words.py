"""The quarterly report in words: its parts, their lines, and how to read them."""

from collections.abc import Mapping
from types import MappingProxyType

from portal.complaints.figures import HEADS
from portal.complaints.figures import Column as OfComplaints
from portal.concerns.casework.figures import NO_THEME
from portal.concerns.casework.rules import NOT_TOLD, THEMES
from portal.core.text import msg, pmsg
from portal.decision_review.learning import tables as reviews
from portal.home.figures import ALL, KNOWN_ENDED, KNOWN_RECEIVED, KNOWN_THEME
from portal.statistics.rules import Kind, Unit
from portal.statistics.tables import Said, Section
from portal.subject_access.after import tables as access

KNOWN = {
    KNOWN_RECEIVED: Said(msg("Of earlier quarters: received, and known only now"), folds=True),
    KNOWN_ENDED: Said(msg("Of earlier quarters: ended, and known only now"), folds=True),
}
SYSTEMS = Section(
    msg("Systems on the register"),
    {
        "in_use": Said(pmsg("systems", "In use")),
        "on_trial": Said(pmsg("systems", "Of them: on trial")),
        "suspended": Said(pmsg("systems", "Suspended")),
        "overdue": Said(pmsg("systems", "The check is overdue"), names=True),
        "disputed": Said(pmsg("systems", "A union does not agree"), names=True),
    },
    (msg("Systems: as they stood on the day on which the report was frozen. The register tells of each of them."),),
)
REVIEWS = Section(
    msg("Reviews of decisions"),
    {
        "systems": Said(msg("Systems whose reviews are told with this quarter"), names=True),
        "ended": Said(reviews.COLUMNS[reviews.Column.REQUESTS]),
        "decided": Said(msg("Of them decided, where it can be told how")),
        "changed": Said(reviews.COLUMNS[reviews.Column.OVERRIDE]),
        "share": Said(reviews.SHARE, Unit.PERCENT),
        "days": Said(reviews.MEDIAN, Unit.DAYS),
    },
    (
        msg(
            "Reviews: what the systems’ own pages tell with this quarter, added up. A system is told in the quarter in "
            "which ten of its reviews have ended since it was told last."
        ),
    ),
)
ACCESS = Section(
    msg("Access requests"),
    {column.value: Said(said) for column, said in access.COLUMNS.items()}
    | {
        "share": Said(access.SHARE, Unit.PERCENT),
        "days": Said(access.MEDIAN, Unit.DAYS),
        "hours": Said(access.HOURS, Unit.HOURS),
    }
    | KNOWN,
    (
        msg(
            "Access requests: received by the day the request reached the employer, all others by the day of the first "
            "answer. They are told as in the employer’s figures of access requests."
        ),
    ),
)
COMPLAINTS = Section(
    msg("Data-protection complaints"),
    {
        OfComplaints.RECEIVED.value: Said(HEADS[OfComplaints.RECEIVED]),
        OfComplaints.ANSWERED.value: Said(HEADS[OfComplaints.ANSWERED]),
    }
    | KNOWN,
    (
        msg(
            "Complaints: rounded to five. Their outcomes and themes stand in the yearly return. With January to March "
            "none are told here, since that return, told in the same days, would give away what is withheld."
        ),
    ),
)
CONCERNS = Section(
    msg("Concerns by theme"),
    {ALL: Said(msg("All concerns that were taken up"))}
    | {theme.value: Said(said, folds=True) for theme, said in THEMES.items()}
    | {
        NO_THEME: Said(NOT_TOLD, folds=True),
        KNOWN_THEME: Said(msg("Of earlier quarters: under another theme by now"), folds=True),
    },
    (
        msg(
            "Concerns: those that somebody of the employer’s side can read and that a reader took up in the quarter, "
            "by the theme that a reader told. Rounded to five. The portal cannot read them. What went to a union alone "
            "is not counted here, and nothing is counted by union."
        ),
    ),
)
SECTIONS: Mapping[Kind, Section] = MappingProxyType(
    {
        Kind.SYSTEMS: SYSTEMS,
        Kind.REVIEWS: REVIEWS,
        Kind.ACCESS: ACCESS,
        Kind.COMPLAINTS: COMPLAINTS,
        Kind.CONCERNS: CONCERNS,
    }
)
