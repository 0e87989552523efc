"""What the rooms count for the quarterly report: joined here, because features do not know each other."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy.orm import Session

from portal.cases.periods import Quarter
from portal.complaints.figures import Column as OfComplaints
from portal.complaints.figures import count_quarter
from portal.concerns.casework.figures import count_themes
from portal.core.clock import london_day
from portal.core.db import Database
from portal.decision_review.learning import figures as reviews
from portal.register.counting import count_standings
from portal.settings.models import Settings
from portal.statistics.queries import list_quarters, list_unfrozen
from portal.statistics.rules import NAMED, Care, Counted, Kind, Numbers, looked_back, newest_told
from portal.statistics.service import freeze, is_empty, tell_readers
from portal.subject_access.after import figures as access
from portal.subject_access.after.tables import COLUMNS, Column

ALL = "all"
"""The line of all concerns together."""
KNOWN_RECEIVED, KNOWN_ENDED, KNOWN_THEME = "known_received", "known_ended", "known_theme"
"""Lines of what became known only now, of earlier quarters."""
CAME, WENT = Column.RECEIVED.value, (Column.ANSWERED.value, Column.ENDED.value)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is counted: a quarter of a body, as it is known today; and anew the ``earlier`` ones that have a report."""

    body_id: str
    quarter: Quarter
    today: date
    earlier: tuple[Quarter, ...] = ()


Source = Callable[[Session, Asked], Counted]


def count_systems(session: Session, asked: Asked) -> Counted:
    """How they stand on the day of freezing: the register tells of each of them."""
    found = count_standings(session, asked.body_id, today=asked.today)
    numbers = {
        "in_use": found.in_use,
        "on_trial": found.on_trial,
        "suspended": found.suspended,
        "overdue": len(found.overdue),
        "disputed": len(found.disputed),
    }
    named = {f"overdue{NAMED}{code}": 1 for code in found.overdue} | {
        f"disputed{NAMED}{code}": 1 for code in found.disputed
    }
    return Counted(Care.OPEN, numbers | named)


def count_reviews(session: Session, asked: Asked) -> Counted:
    """What the public pages of its systems tell with this quarter, added up, and nothing that they withhold."""
    found, codes = reviews.tell_quarter(session, asked.body_id, asked.quarter.last, today=asked.today)
    numbers = {"systems": found.systems, "ended": found.ended, "decided": found.decided, "changed": found.override}
    plain = {}
    if found.percent is not None:
        plain["share"] = found.percent
    if found.days is not None:
        plain["days"] = whole(found.days)
    return Counted(Care.TOLD, numbers | {f"systems{NAMED}{code}": 1 for code in codes}, plain=plain)


def count_access(session: Session, asked: Asked) -> Counted:
    """The quarter's line of the table of access requests, with what that withholds."""
    counted, line = access.tell_quarter(session, asked.body_id, asked.quarter)
    plain = {
        "share": line.percent,
        "days": whole(line.days) if line.days is not None else None,
        "hours": line.hours,
    }
    years = {year: access.count_year(session, asked.body_id, year) for year in {one.year for one in asked.earlier}}
    return Counted(
        Care.TOLD,
        {column.value: counted.numbers[column] for column in COLUMNS},
        withheld=frozenset(column.value for column in COLUMNS if line.numbers[column] is None),
        plain={key: number for key, number in plain.items() if number is not None},
        known={
            one.written: {key: years[one.year][one].numbers[Column(key)] for key in (CAME, *WENT)}
            for one in asked.earlier
        },
        late={KNOWN_RECEIVED: (CAME,), KNOWN_ENDED: WENT},
    )


def count_complaints(session: Session, asked: Asked) -> Counted:
    """Two numbers, rounded. Of January to March none: the yearly return, told in the same days, would give away what is
    withheld of the other three."""
    numbers = _complaints(session, asked.body_id, asked.quarter)
    return Counted(
        Care.ROUNDED,
        numbers,
        withheld=frozenset(numbers) if asked.quarter.ends_year else frozenset(),
        known={one.written: _complaints(session, asked.body_id, one) for one in asked.earlier},
        late={KNOWN_RECEIVED: (OfComplaints.RECEIVED.value,), KNOWN_ENDED: (OfComplaints.ANSWERED.value,)},
    )


def _complaints(session: Session, body_id: str, quarter: Quarter) -> Numbers:
    return count_quarter(session, body_id, quarter.first, quarter.last)


def count_concerns(session: Session, asked: Asked) -> Counted:
    """By theme, of threads that the employer's side reads."""
    return counted_concerns(
        _themes(session, asked.body_id, asked.quarter),
        {one.written: _themes(session, asked.body_id, one) for one in asked.earlier},
    )


def counted_concerns(themes: Numbers, known: Mapping[str, Numbers] = MappingProxyType({})) -> Counted:
    """Concerns by theme as a part of a report."""
    total = {ALL: sum(themes.values())}
    late = {KNOWN_THEME: tuple(themes)}
    return Counted(Care.ROUNDED, total | dict(themes), total=ALL, known=known, late=late)


def _themes(session: Session, body_id: str, quarter: Quarter) -> Numbers:
    return count_themes(session, body_id, quarter.first, quarter.last)


SOURCES: Mapping[Kind, Source] = MappingProxyType(
    {
        Kind.SYSTEMS: count_systems,
        Kind.REVIEWS: count_reviews,
        Kind.ACCESS: count_access,
        Kind.COMPLAINTS: count_complaints,
        Kind.CONCERNS: count_concerns,
    }
)


def whole(number: float) -> int:
    """A median as whole days; a half is rounded up."""
    return int(number + 0.5)


def count_all(session: Session, body_id: str, quarter: Quarter, *, today: date) -> dict[Kind, Counted]:
    """Every part of a report, as it is known today."""
    told = list_quarters(session, body_id)
    asked = Asked(body_id, quarter, today, tuple(one for one in looked_back(quarter) if one in told))
    return {kind: source(session, asked) for kind, source in SOURCES.items()}


def freeze_reports(database: Database, settings: Settings, now: datetime) -> int:
    """The report of each body of the last quarter that is known for good, and of those before it that were missed."""
    newest, done = newest_told(london_day(now)), 0
    with database.reading() as session:
        lacking = list_unfrozen(session, newest)
    for body_id, quarter in lacking:
        with database.writing() as session:
            while quarter <= newest:
                done += _freeze(session, settings, body_id, quarter, now)
                quarter = quarter.following
        database.let_others_in()
    return done


def _freeze(session: Session, settings: Settings, body_id: str, quarter: Quarter, now: datetime) -> bool:
    counted = count_all(session, body_id, quarter, today=london_day(now))
    if not freeze(session, body_id, quarter, counted, now=now):
        return False
    if not is_empty(counted):
        tell_readers(session, settings, body_id, now=now)
    return True
