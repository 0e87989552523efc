"""Reading the worker's questions: one path with an account and without."""

from base64 import urlsafe_b64decode
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from anonymity.receipt import Code, case_locator, locator_hash
from portal.core.text import Locale, Message, Words, pmsg
from portal.directory.models import Body
from portal.subject_access.asking.rules import (
    AUTHORITY_MONTHS,
    MOST_AUTHORITY_MONTHS,
    AuthorityKind,
    AuthorityScope,
)
from portal.subject_access.asking.service import Speaker
from portal.subject_access.rules import AnswerFormat
from portal.subject_access.service import NewRequest
from portal.timelimits.calendar import months_later
from portal.web.fields import FieldBag
from portal.web.forms import Problems, choice, day, email, form_id, text
from portal.web.questions import Question

WANTED_LIMIT, NAME_LIMIT, REACH_LIMIT, RECOGNITION_LIMIT, LEFT_OUT_LIMIT = 4000, 200, 500, 1000, 1000
EARLIEST = date(1950, 1, 1)
EVERYTHING, SOME = "everything", "some"
DATE_PARTS = ("day", "month", "year")
SELF, OTHER = "self", "other"
KEPT = ("form_id", "code", "whose")
"""What every page carries besides the answers."""

CHOOSE_BODY = pmsg("error", "Choose your employer")
CHOOSE_SCOPE = pmsg("error", "Choose whether you want everything or some of it")
SAY_WHAT = pmsg("error", "Write what you want a copy of")
CHOOSE_LANGUAGE = pmsg("error", "Choose the language of the answer")
CHOOSE_FORMAT = pmsg("error", "Choose how you want the answer")
END_BEFORE_START = pmsg("error", "The end of the period must not be before its start")
SAY_NAME = pmsg("error", "Enter your name")
SAY_REACH = pmsg("error", "Enter an email address or another way to reach you")
SAY_NAME_OF_OTHER = pmsg("error", "Enter the name of your representative")
SAY_REACH_OF_OTHER = pmsg("error", "Enter how your representative can be reached")
SAY_PERSON = pmsg("error", "Enter the name of the person whose data it is")
CHOOSE_KIND = pmsg("error", "Choose who the representative is")
CHOOSE_RIGHTS = pmsg("error", "Choose what the representative may do")
SAY_MAY = pmsg("error", "Tick that the person has allowed you to ask for them")
TOO_LONG = pmsg("error", "An authority can run for one year at most. It can be given again")
SAY_LEFT_OUT = pmsg("error", "Write who must not search, decide or see this")
SAY_HOW_KNOWN = pmsg("error", "Write how the employer can recognise you")


@dataclass(frozen=True, slots=True)
class Offered:
    """What the questions offer. ``systems`` of the chosen bodies: from a short code to the body's slug."""

    bodies: Collection[str]
    systems: Mapping[str, str] = field(default_factory=dict)
    with_account: bool = False
    for_other: bool = False
    """Without an account, somebody may ask for another person."""

    @property
    def many_bodies(self) -> bool:
        """A worker of several employers may ask them all at once."""
        return self.with_account and len(self.bodies) > 1


def questions(offered: Offered, today: date) -> tuple[Question, ...]:
    """The questions in order."""

    def check_body(fields: FieldBag, problems: Problems) -> None:
        if not chosen_bodies(fields, offered):
            problems["body"] = CHOOSE_BODY

    def check_period(fields: FieldBag, problems: Problems) -> None:
        read_period(fields, problems, today)

    def check_systems(fields: FieldBag, problems: Problems) -> None:
        covered = {offered.systems[code] for code in chosen_systems(fields, offered.systems)}
        check_wanted(fields, problems, has_systems=bool(covered) and covered.issuperset(chosen_bodies(fields, offered)))

    def check_speaker(fields: FieldBag, problems: Problems) -> None:
        read_until(fields, problems, today)
        _check_speaker(fields, problems)

    what = (
        Question("body", ("body",), check_body),
        Question("wanted", ("scope", "systems", "wanted"), check_systems),
        Question("period", _parts("from") + _parts("until"), check_period),
    )
    how = (
        Question("answer", ("answer_locale", "answer_format"), partial(_check_answer_for, offered)),
        Question("left_out", ("left_out",), check_left_out),
    )
    asked = what + how
    if offered.with_account:
        return asked
    recognition = Question("recognition", ("recognition",), check_recognition)
    if not offered.for_other:
        return (*asked, Question("who", ("name", "email", "reach"), check_who), recognition)
    own = ("rep_name", "email", "rep_reach", "rep_kind", "rep_scope", *_parts("rep_until"), "rep_agrees")
    return (
        *what,
        Question("person", ("name", "reach"), check_person),
        recognition,
        Question("speaker", own, check_speaker),
        *how,
    )


def chosen_bodies(fields: FieldBag, offered: Offered) -> list[str]:
    """The bodies that were ticked; one at most where only one can be asked."""
    found = [slug for slug in dict.fromkeys(fields.many("body")) if slug in offered.bodies]
    return found if offered.many_bodies else found[-1:]


def chosen_systems(fields: FieldBag, on_offer: Collection[str]) -> list[str]:
    """The systems that were ticked."""
    return [code for code in dict.fromkeys(fields.many("systems")) if code in on_offer]


def check_wanted(fields: FieldBag, problems: Problems, *, has_systems: bool = False) -> None:
    """Everything; or some of it in words, or as systems that were ticked."""
    scope = choice(fields, "scope", problems, allowed=(EVERYTHING, SOME), required=CHOOSE_SCOPE)
    required = SAY_WHAT if scope == SOME and not has_systems else None
    text(fields, "wanted", problems, most=WANTED_LIMIT, required=required)


def check_answer(fields: FieldBag, problems: Problems, formats: Collection[AnswerFormat] = tuple(AnswerFormat)) -> None:
    choice(fields, "answer_locale", problems, allowed=list(Locale), required=CHOOSE_LANGUAGE)
    choice(fields, "answer_format", problems, allowed=list(formats), required=CHOOSE_FORMAT)


def _check_answer_for(offered: Offered, fields: FieldBag, problems: Problems) -> None:
    check_answer(fields, problems, formats_for(fields, for_other=offered.for_other))


def formats_for(fields: FieldBag, *, for_other: bool) -> list[AnswerFormat]:
    """In which forms an answer can reach them: who may only follow opens no file, and the person has no account."""
    may_download = not for_other or fields.one("rep_scope") == AuthorityScope.RECEIVE
    return [one for one in AnswerFormat if may_download or one is not AnswerFormat.DOWNLOAD]


def check_left_out(fields: FieldBag, problems: Problems, required: Message | None = None) -> None:
    """Who must not search, decide or see the request; usually nobody."""
    text(fields, "left_out", problems, most=LEFT_OUT_LIMIT, required=required)


def check_who(fields: FieldBag, problems: Problems) -> None:
    text(fields, "name", problems, most=NAME_LIMIT, required=SAY_NAME)
    email(fields, "email", problems)
    text(fields, "reach", problems, most=REACH_LIMIT, required=None if fields.one("email") else SAY_REACH)


def check_person(fields: FieldBag, problems: Problems) -> None:
    """Whose data it is, asked by somebody else."""
    text(fields, "name", problems, most=NAME_LIMIT, required=SAY_PERSON)
    text(fields, "reach", problems, most=REACH_LIMIT)


def _check_speaker(fields: FieldBag, problems: Problems) -> None:
    text(fields, "rep_name", problems, most=NAME_LIMIT, required=SAY_NAME)
    email(fields, "email", problems)
    required = None if fields.one("email") else SAY_REACH
    text(fields, "rep_reach", problems, most=REACH_LIMIT, required=required)
    check_authority(fields, problems)
    if fields.one("rep_agrees") != "yes":
        problems["rep_agrees"] = SAY_MAY


def check_authority(fields: FieldBag, problems: Problems) -> None:
    """Who somebody is to the person, and what they may do."""
    choice(fields, "rep_kind", problems, allowed=list(AuthorityKind), required=CHOOSE_KIND)
    choice(fields, "rep_scope", problems, allowed=list(AuthorityScope), required=CHOOSE_RIGHTS)


def read_until(fields: FieldBag, problems: Problems, today: date) -> date:
    """The last day of an authority: half a year on where nothing is typed, a year on at the latest."""
    found = day(fields, "rep_until", problems, not_before=today)
    if found is not None and found > months_later(today, MOST_AUTHORITY_MONTHS):
        problems["rep_until"] = TOO_LONG
    return found or months_later(today, AUTHORITY_MONTHS)


def read_speaker(fields: FieldBag, code: Code, today: date) -> Speaker:
    """Who speaks, of answers that were all checked."""
    return Speaker(
        kind=AuthorityKind(fields.one("rep_kind")),
        scope=AuthorityScope(fields.one("rep_scope")),
        name=Words(fields.one("rep_name")),
        reach=Words("\n".join(filter(None, [fields.one("email"), fields.one("rep_reach")]))),
        locator_hash=locator_hash(case_locator(code)),
        until_on=read_until(fields, Problems(), today),
        email=Words(fields.one("email")) if fields.one("email") else None,
        locale=Locale(fields.one("rep_lang")) if fields.one("rep_lang") in set(Locale) else None,
    )


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
    fields: FieldBag, ticket: Ticket, body: Body, wanted: Words, *, locale: Locale, today: date
) -> NewRequest:
    """The request of answers that were all checked. ``wanted`` are the person's words with the systems they ticked."""
    first, last = read_period(fields, Problems(), today)
    own_code = ticket.code if fields.one("whose") != OTHER else None
    return NewRequest(
        case_id=ticket.form_id,
        body_id=body.id,
        wanted=wanted,
        is_everything=fields.one("scope") == EVERYTHING,
        locale=locale,
        answer_locale=Locale(fields.one("answer_locale")),
        answer_format=AnswerFormat(fields.one("answer_format")),
        period_from=first,
        period_to=last,
        locator_hash=locator_hash(case_locator(own_code)) if own_code is not None else None,
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
