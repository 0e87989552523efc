"""Reading the worker's questions: one path with an account and without."""

from base64 import urlsafe_b64decode
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from anonymity.receipt import Code, case_locator, locator_hash
from portal.core.text import Locale, Words, pmsg
from portal.directory.models import Body
from portal.register.queries import PublishedSystem
from portal.subject_access.rules import AnswerFormat
from portal.subject_access.service import NewRequest
from portal.web.fields import FieldBag
from portal.web.forms import Problems, choice, day, email, form_id, text
from portal.web.questions import Question

WANTED_LIMIT, NAME_LIMIT, REACH_LIMIT, RECOGNITION_LIMIT = 4000, 200, 500, 1000
EARLIEST = date(1950, 1, 1)
EVERYTHING, SOME = "everything", "some"
DATE_PARTS = ("day", "month", "year")
KEPT = ("form_id", "code", "system")
"""What every page carries besides the answers."""

CHOOSE_BODY = pmsg("error", "Choose your employer")
CHOOSE_SCOPE = pmsg("error", "Choose whether you want everything or some of it")
SAY_WHAT = pmsg("error", "Write what you want a copy of")
CHOOSE_LANGUAGE = pmsg("error", "Choose the language of the answer")
CHOOSE_FORMAT = pmsg("error", "Choose how you want the answer")
END_BEFORE_START = pmsg("error", "The end of the period must not be before its start")
SAY_NAME = pmsg("error", "Enter your name")
SAY_REACH = pmsg("error", "Enter an email address or another way to reach you")
SAY_HOW_KNOWN = pmsg("error", "Write how the employer can recognise you")


def questions(bodies: Collection[str], today: date, *, with_account: bool) -> tuple[Question, ...]:
    """The questions in order. ``bodies`` are the slugs on offer."""

    def check_body(fields: FieldBag, problems: Problems) -> None:
        choice(fields, "body", problems, allowed=bodies, required=CHOOSE_BODY)

    def check_period(fields: FieldBag, problems: Problems) -> None:
        read_period(fields, problems, today)

    asked = (
        Question("body", ("body",), check_body),
        Question("wanted", ("scope", "wanted"), check_wanted),
        Question("period", _parts("from") + _parts("until"), check_period),
        Question("answer", ("answer_locale", "answer_format"), check_answer),
    )
    if with_account:
        return asked
    return (
        *asked,
        Question("who", ("name", "email", "reach"), check_who),
        Question("recognition", ("recognition",), check_recognition),
    )


def check_wanted(fields: FieldBag, problems: Problems) -> None:
    scope = choice(fields, "scope", problems, allowed=(EVERYTHING, SOME), required=CHOOSE_SCOPE)
    text(fields, "wanted", problems, most=WANTED_LIMIT, required=SAY_WHAT if scope == SOME else None)


def check_answer(fields: FieldBag, problems: Problems) -> None:
    choice(fields, "answer_locale", problems, allowed=list(Locale), required=CHOOSE_LANGUAGE)
    choice(fields, "answer_format", problems, allowed=list(AnswerFormat), required=CHOOSE_FORMAT)


def check_who(fields: FieldBag, problems: Problems) -> None:
    text(fields, "name", problems, most=NAME_LIMIT, required=SAY_NAME)
    email(fields, "email", problems)
    text(fields, "reach", problems, most=REACH_LIMIT, required=None if fields.one("email") else SAY_REACH)


def check_recognition(fields: FieldBag, problems: Problems) -> None:
    text(fields, "recognition", problems, most=RECOGNITION_LIMIT, required=SAY_HOW_KNOWN)


def read_period(fields: FieldBag, problems: Problems, today: date) -> tuple[date | None, date | None]:
    """The first and the last day, either of which may be left open."""
    first = day(fields, "from", problems, not_before=EARLIEST, not_after=today)
    last = day(fields, "until", problems, not_before=EARLIEST)
    if first is not None and last is not None and last < first:
        problems["until"] = END_BEFORE_START
    return first, last


@dataclass(frozen=True, slots=True)
class Ticket:
    """The form's id, and the case code of somebody without an account: drawn with the first page, carried on."""

    form_id: str
    code: Code | None = None


def read_ticket(fields: FieldBag, *, with_account: bool) -> Ticket | None:
    """What the first page gave out; None when it is missing or is not ours."""
    own = form_id(fields)
    if not own or with_account:
        return Ticket(own) if own else None
    try:
        return Ticket(own, Code(urlsafe_b64decode(fields.one("code").encode() + b"==")))
    except ValueError:
        return None


def read_request(
    fields: FieldBag, ticket: Ticket, body: Body, system: PublishedSystem | None, *, locale: Locale, today: date
) -> NewRequest:
    """The request of answers that were all checked."""
    first, last = read_period(fields, Problems(), today)
    return NewRequest(
        case_id=ticket.form_id,
        body_id=body.id,
        wanted=Words(fields.one("wanted")),
        is_everything=fields.one("scope") == EVERYTHING,
        locale=locale,
        answer_locale=Locale(fields.one("answer_locale")),
        answer_format=AnswerFormat(fields.one("answer_format")),
        period_from=first,
        period_to=last,
        system_id=system.id if system is not None and system.body_id == body.id else None,
        locator_hash=locator_hash(case_locator(ticket.code)) if ticket.code is not None else None,
        name=_words(fields, "name", ticket),
        reach=_words(fields, "reach", ticket),
        recognition=_words(fields, "recognition", ticket),
        email=_words(fields, "email", ticket),
    )


def _words(fields: FieldBag, name: str, ticket: Ticket) -> Words | None:
    """A field of people without an account; an account has no need of it."""
    value = fields.one(name)
    return Words(value) if value and ticket.code is not None else None


def _parts(name: str) -> tuple[str, ...]:
    return tuple(f"{name}-{part}" for part in DATE_PARTS)
