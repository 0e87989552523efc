"""What a worker typed on the way to a review."""

from collections.abc import Collection, Sequence
from datetime import date

from portal.cases.naming import ASKER, read_asker
from portal.core.text import Locale, pmsg
from portal.decision_review.rules import SCHEME_BEGINS, TEXT_LIMIT, Wanted
from portal.web import forms
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.questions import Question

UNKNOWN_POINT = "unknown"
NAME_LIMIT, KEEP_AWAY_LIMIT = 200, 1000
PARTS = ("day", "month", "year")
WHICH = ("employer", "system", "point")
"""The pages that ask which decision it is: those that the page before knew are not asked (``known``)."""

CHOOSE_EMPLOYER = pmsg("error", "Choose the employer whose decision it is")
CHOOSE_SYSTEM = pmsg("error", "Choose the system, or say that you do not know")
CHOOSE_POINT = pmsg("error", "Choose the decision, or say that you do not know")
ENTER_DAY = pmsg("error", "Enter the day the decision was made, or the day you noticed it")
SAY_WHAT = pmsg("error", "Write what happened")
CHOOSE_WANTED = pmsg("error", "Choose at least one thing that you want")
ENTER_NAME = pmsg("error", "Enter your name, so that the reviewer can find the decision")
ENTER_CONTACT = pmsg(
    "error", "Write how we can recognise you, for example your job, your workplace and when you worked there"
)


def questions(
    bodies: Sequence[str],
    systems: Sequence[str],
    points: Sequence[str],
    *,
    today: date,
    with_name: bool,
    known: Collection[str] = (),
) -> list[Question]:
    """The questions in their order, over the choices that stand now. From a decision point there are three of them."""

    def employer(fields: FieldBag, problems: Problems) -> object:
        return forms.choice(fields, "body", problems, allowed=bodies, required=CHOOSE_EMPLOYER)

    def system(fields: FieldBag, problems: Problems) -> object:
        return forms.choice(fields, "system", problems, allowed=[*systems, UNKNOWN_POINT], required=CHOOSE_SYSTEM)

    def point(fields: FieldBag, problems: Problems) -> object:
        return forms.choice(fields, "point", problems, allowed=[*points, UNKNOWN_POINT], required=CHOOSE_POINT)

    which = [
        Question("employer", ("body",), employer),
        Question("system", ("system",), system),
        Question("point", ("point",), point),
    ]
    asked = [
        *(one for one in which if one.name not in known),
        Question("happened", (*_date("day"), *_date("since"), "what"), lambda f, p: read_happened(f, p, today)),
        Question("effect", ("effect", *_date("from")), lambda f, p: read_effect(f, p)),
        Question("wanted", ("wanted", "wanted-words", "companion", "meeting", "keep-away"), read_wanted),
    ]
    return [*asked, Question("you", ("name", "contact", "email", *ASKER), read_you)] if with_name else asked


def _date(name: str) -> tuple[str, ...]:
    return tuple(f"{name}-{part}" for part in PARTS)


def read_day(fields: FieldBag, problems: Problems, today: date) -> date | None:
    return forms.day(fields, "day", problems, required=ENTER_DAY, not_after=today, not_before=SCHEME_BEGINS)


def read_since(fields: FieldBag, problems: Problems, today: date) -> date | None:
    """Since when it goes on, if it was not that day alone."""
    return forms.day(fields, "since", problems, not_after=today, not_before=SCHEME_BEGINS)


def read_happened(fields: FieldBag, problems: Problems, today: date) -> object:
    read_day(fields, problems, today)
    read_since(fields, problems, today)
    return forms.text(fields, "what", problems, most=TEXT_LIMIT, required=SAY_WHAT)


def read_effect(fields: FieldBag, problems: Problems) -> date | None:
    """What it does, and from which day: that may lie ahead."""
    forms.text(fields, "effect", problems, most=TEXT_LIMIT)
    return forms.day(fields, "from", problems, not_before=SCHEME_BEGINS)


def read_wanted(fields: FieldBag, problems: Problems) -> tuple[Wanted, ...]:
    chosen = tuple(one for one in Wanted if one.value in fields.many("wanted"))
    if not chosen:
        problems["wanted"] = CHOOSE_WANTED
    forms.text(fields, "wanted-words", problems, most=TEXT_LIMIT)
    forms.text(fields, "companion", problems, most=NAME_LIMIT)
    forms.text(fields, "keep-away", problems, most=KEEP_AWAY_LIMIT)
    return chosen


def read_meeting(fields: FieldBag) -> Locale | None:
    """The language for a meeting, if one was chosen."""
    chosen = fields.one("meeting")
    return Locale(chosen) if chosen in set(Locale) else None


def read_you(fields: FieldBag, problems: Problems) -> object:
    forms.text(fields, "name", problems, most=NAME_LIMIT, required=ENTER_NAME)
    forms.text(fields, "contact", problems, most=1000, required=ENTER_CONTACT)
    read_asker(fields, problems)
    return forms.email(fields, "email", problems)
