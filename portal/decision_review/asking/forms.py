"""What a worker typed on the way to a review."""

from collections.abc import Sequence
from datetime import date

from portal.core.text import pmsg
from portal.decision_review.rules import SCHEME_BEGINS, TEXT_LIMIT, Wanted
from portal.web import forms
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.questions import Question

UNKNOWN_POINT = "unknown"
NAME_LIMIT = 200

CHOOSE_EMPLOYER = pmsg("error", "Choose the employer whose decision it is")
CHOOSE_SYSTEM = pmsg("error", "Choose the system, or say that you do not know")
CHOOSE_POINT = pmsg("error", "Choose the decision, or say that you do not know")
ENTER_DAY = pmsg("error", "Enter the day the decision was made, or the day you noticed it")
SAY_WHAT = pmsg("error", "Write what happened and what it does to you")
CHOOSE_WANTED = pmsg("error", "Choose at least one thing that you want")
ENTER_NAME = pmsg("error", "Enter your name, so that the reviewer can find the decision")
ENTER_CONTACT = pmsg(
    "error", "Write how we can recognise you, for example your job, your workplace and when you worked there"
)


def questions(
    bodies: Sequence[str], systems: Sequence[str], points: Sequence[str], *, today: date, with_name: bool
) -> list[Question]:
    """The questions in their order, over the choices that stand now."""

    def employer(fields: FieldBag, problems: Problems) -> object:
        return forms.choice(fields, "body", problems, allowed=bodies, required=CHOOSE_EMPLOYER)

    def system(fields: FieldBag, problems: Problems) -> object:
        return forms.choice(fields, "system", problems, allowed=[*systems, UNKNOWN_POINT], required=CHOOSE_SYSTEM)

    def point(fields: FieldBag, problems: Problems) -> object:
        return forms.choice(fields, "point", problems, allowed=[*points, UNKNOWN_POINT], required=CHOOSE_POINT)

    asked = [
        Question("employer", ("body",), employer),
        Question("system", ("system",), system),
        Question("point", ("point",), point),
        Question("day", ("day-day", "day-month", "day-year"), lambda f, p: read_day(f, p, today)),
        Question("what", ("what",), read_what),
        Question("wanted", ("wanted", "wanted-words"), read_wanted),
    ]
    return [*asked, Question("you", ("name", "contact", "email"), read_you)] if with_name else asked


def read_day(fields: FieldBag, problems: Problems, today: date) -> date | None:
    return forms.day(fields, "day", problems, required=ENTER_DAY, not_after=today, not_before=SCHEME_BEGINS)


def read_what(fields: FieldBag, problems: Problems) -> str:
    return forms.text(fields, "what", problems, most=TEXT_LIMIT, required=SAY_WHAT)


def read_wanted(fields: FieldBag, problems: Problems) -> tuple[Wanted, ...]:
    chosen = tuple(one for one in Wanted if one.value in fields.many("wanted"))
    if not chosen:
        problems["wanted"] = CHOOSE_WANTED
    forms.text(fields, "wanted-words", problems, most=TEXT_LIMIT)
    return chosen


def read_you(fields: FieldBag, problems: Problems) -> object:
    forms.text(fields, "name", problems, most=NAME_LIMIT, required=ENTER_NAME)
    forms.text(fields, "contact", problems, most=1000, required=ENTER_CONTACT)
    return forms.email(fields, "email", problems)
