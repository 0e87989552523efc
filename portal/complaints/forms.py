"""What a worker typed on the way to a complaint; and the common readers of the desk."""

from collections.abc import Collection, Sequence
from datetime import date

from portal.cases.naming import ASKER, read_asker
from portal.complaints.rules import EARLIEST, NAME_LIMIT, REACH_LIMIT, TEXT_LIMIT
from portal.core.text import Locale, pmsg
from portal.web import forms
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.questions import Question

CHOOSE_EMPLOYER = pmsg("error", "Choose the employer that you complain about")
SAY_WHAT = pmsg("error", "Write what happened with your data")
CHOOSE_LANGUAGE = pmsg("error", "Choose the language of our letters to you")
ENTER_NAME = pmsg("error", "Enter your name, so that we can look into it")
ENTER_REACH = pmsg("error", "Write how we can recognise you, for example your job and your workplace")
OFFICE, TEAM = "office", "team"


def questions(bodies: Sequence[str], *, with_name: bool) -> list[Question]:
    """The questions in their order, over the choices that stand now."""

    def employer(fields: FieldBag, problems: Problems) -> object:
        return forms.choice(fields, "body", problems, allowed=bodies, required=CHOOSE_EMPLOYER)

    asked = [
        Question("employer", ("body",), employer),
        Question("what", ("what", "wanted"), read_what),
        Question("about", ("about", "system", OFFICE, "away"), read_about),
        Question("answer", ("answer_locale",), read_answer),
    ]
    return [*asked, Question("you", ("name", "reach", "email", *ASKER), read_you)] if with_name else asked


def read_what(fields: FieldBag, problems: Problems) -> object:
    forms.text(fields, "wanted", problems, most=TEXT_LIMIT)
    return forms.text(fields, "what", problems, most=TEXT_LIMIT, required=SAY_WHAT)


def read_about(fields: FieldBag, problems: Problems) -> object:
    """Nothing here has to be chosen: a complaint need not be about anything that the portal knows."""
    return forms.text(fields, "away", problems, most=REACH_LIMIT)


def read_answer(fields: FieldBag, problems: Problems) -> object:
    return forms.choice(
        fields, "answer_locale", problems, allowed=[one.value for one in Locale], required=CHOOSE_LANGUAGE
    )


def read_you(fields: FieldBag, problems: Problems) -> object:
    forms.text(fields, "name", problems, most=NAME_LIMIT, required=ENTER_NAME)
    forms.text(fields, "reach", problems, most=REACH_LIMIT, required=ENTER_REACH)
    read_asker(fields, problems)
    return forms.email(fields, "email", problems)


def read_received(fields: FieldBag, problems: Problems, today: date) -> date | None:
    """The day on which a complaint reached anybody at the body."""
    required = pmsg("error", "Enter the day the complaint came")
    return forms.day(fields, "received", problems, required=required, not_after=today, not_before=EARLIEST)


def chosen(fields: FieldBag, name: str, offered: Collection[str]) -> list[str]:
    """The ticked values that were offered."""
    return [one for one in dict.fromkeys(fields.many(name)) if one in offered]
