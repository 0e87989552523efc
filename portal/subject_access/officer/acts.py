"""What an officer can do to a request: each act reads its form and calls its verb. Buttons come from the step table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.cases import correspondence
from portal.cases.correspondence import Writing
from portal.cases.models import Case
from portal.cases.rules import Relation, Step, allowed
from portal.cases.turn import Desk
from portal.core.text import Locale, Message, Words, pmsg
from portal.identity.actor import Actor
from portal.subject_access import service
from portal.subject_access.asking import knowing
from portal.subject_access.models import SubjectAccessRequest
from portal.subject_access.officer.queries import list_missed
from portal.subject_access.officer.service import explain_missed
from portal.subject_access.queries import get_request
from portal.subject_access.rules import IdentityCheck, State
from portal.subject_access.searching import service as searching
from portal.subject_access.service import Sent, may_not_doubt
from portal.subject_access.steps import UNFINISHED, steps_for
from portal.web.fields import FieldBag
from portal.web.forms import Problems, choice, day, text

LETTER_LIMIT = 8000

WRITE_SOMETHING = pmsg("error", "Write what the requester should read")
WRITE_DEFAULT = pmsg("error", "Write what will be searched if no answer comes")
WRITE_ANSWER = pmsg("error", "Write down the answer")
WRITE_REASON = pmsg("error", "Enter a reason")
ENTER_DAY = pmsg("error", "Enter the day")
WRITE_NOTE = pmsg("error", "Write the note")
WRITE_WHY_MISSED = pmsg("error", "Write why the day was missed, and what you do about it")
CHOOSE_CHECK = pmsg("error", "Choose how identity was checked")
CHOOSE_LANGUAGE = pmsg("error", "Choose the language of the letter")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One form as it was sent, and where its problems are noted."""

    fields: FieldBag
    problems: Problems
    sent: Sent
    today: date
    reader: Locale

    def lang(self) -> Locale:
        value = choice(self.fields, "lang", self.problems, allowed=list(Locale), required=CHOOSE_LANGUAGE)
        return Locale(value or "cy")

    def words(self, name: str, required: Message) -> Words:
        return Words(text(self.fields, name, self.problems, most=LETTER_LIMIT, required=required))

    def on(self, earliest: date) -> date:
        found = day(self.fields, "on", self.problems, required=ENTER_DAY, not_after=self.today, not_before=earliest)
        return found or self.today


Act = Callable[[Session, Actor, Case, Sheet, Desk], None]
"""Reads a sheet; with no problem noted, calls its verb."""


def _start(session: Session, actor: Actor, case: Case, sheet: Sheet, desk: Desk) -> None:
    service.start(session, actor, case, sheet.sent, desk=desk)
    searching.plan(session, actor, case, get_request(session, case), desk=desk)


def _clarify(session: Session, actor: Actor, case: Case, sheet: Sheet, desk: Desk) -> None:
    words, default = sheet.words("words", WRITE_SOMETHING), sheet.words("default", WRITE_DEFAULT)
    lang = sheet.lang()
    if not sheet.problems:
        service.clarify(session, actor, case, words, default, sheet.sent, lang=lang, desk=desk)


def _answer(session: Session, actor: Actor, case: Case, sheet: Sheet, desk: Desk) -> None:
    words, on, lang = sheet.words("words", WRITE_ANSWER), sheet.on(case.received_on), sheet.lang()
    if not sheet.problems:
        service.answer(session, actor, case, words, sheet.sent, lang=lang, on=on, desk=desk)


def _go_on(session: Session, actor: Actor, case: Case, sheet: Sheet, desk: Desk) -> None:
    service.go_on(session, actor, case, sheet.sent, desk=desk)


def _take_back(session: Session, actor: Actor, case: Case, sheet: Sheet, desk: Desk) -> None:
    service.take_back(session, actor, case, sheet.sent, desk=desk)


def _doubt(session: Session, actor: Actor, case: Case, sheet: Sheet, desk: Desk) -> None:
    words, lang = sheet.words("words", WRITE_REASON), sheet.lang()
    if not sheet.problems:
        service.doubt_identity(session, actor, case, words, sheet.sent, lang=lang, desk=desk)


def _identity(session: Session, actor: Actor, case: Case, sheet: Sheet, desk: Desk) -> None:
    value = choice(sheet.fields, "check", sheet.problems, allowed=list(IdentityCheck), required=CHOOSE_CHECK)
    on = sheet.on(case.received_on)
    if not sheet.problems:
        knowing.record_identity(session, actor, case, IdentityCheck(value), sheet.sent, on=on, desk=desk)


def _no_doubt(session: Session, actor: Actor, case: Case, sheet: Sheet, desk: Desk) -> None:
    knowing.drop_doubt(session, actor, case, sheet.sent, desk=desk)


def _write(session: Session, actor: Actor, case: Case, sheet: Sheet, desk: Desk) -> None:
    words, lang = sheet.words("words", WRITE_SOMETHING), sheet.lang()
    if not sheet.problems:
        service.write(session, actor, case, words, sheet.sent, lang=lang, desk=desk)


def _note(session: Session, actor: Actor, case: Case, sheet: Sheet, desk: Desk) -> None:
    words = sheet.words("words", WRITE_NOTE)
    if not sheet.problems:
        writing = Writing(sheet.sent.form_id, words, sheet.reader)
        correspondence.write_note(session, actor, case, writing, desk=desk)


def _missed(session: Session, actor: Actor, case: Case, sheet: Sheet, desk: Desk) -> None:
    words = sheet.words("words", WRITE_WHY_MISSED)
    if not sheet.problems:
        for missed in list_missed(session, case):
            explain_missed(session, actor, case, missed, words, desk=desk)


ACTS: Mapping[str, Act] = {
    "start": _start,
    "clarify": _clarify,
    "reply": _answer,
    "go_on": _go_on,
    "take_back": _take_back,
    "doubt": _doubt,
    "identity": _identity,
    "no_doubt": _no_doubt,
    "write": _write,
    "note": _note,
    "missed": _missed,
}
"""Searching, the material and everything that ends a request have pages of their own (``PAGES``)."""

PAGES: Mapping[str, str] = {
    "send_tasks": "search",
    "search_more": "search",
    "search_done": "search",
    "finish": "answer",
    "propose_nothing": "answer",
    "propose_refusal": "answer",
    "extend": "answer",
    "send_back": "answer",
    "approve": "answer",
    "approve_nothing": "answer",
    "approve_refusal": "answer",
    "collect": "answer",
}
"""Which page of the request takes a step."""

NAMES: Mapping[str, str] = {"answer": "reply"}
"""Where an act has another name in its address than its step has."""
ANSWERABLE = UNFINISHED - {State.IDENTITY_WAIT} | {State.READY_TO_COLLECT, State.DISCLOSED}
"""Where something about the person is still to be said, or may be handed over once more."""
IDENTITY_LABEL = pmsg("button", "Write down how identity was checked")
WRITE_LABEL = pmsg("button", "Write to the requester")
NOTE_LABEL = pmsg("button", "Add a note for colleagues")
MISSED_LABEL = pmsg("button", "Write down why the day was missed")


@dataclass(frozen=True, slots=True)
class Offer:
    """One act on offer: its name in the address, its button."""

    name: str
    label: Message


def offers(session: Session, case: Case, request: SubjectAccessRequest, *, today: date) -> list[Offer]:
    """What an officer can write on this page now, in the order of the step table."""
    steps = allowed(steps_for(case.state), case.state, {Relation.OFFICER})
    waits = knowing.waits_for_authority(session, case, today=today)
    named = [(NAMES.get(step.name, step.name), step.label) for step in steps if _fits(step, case, request, waits)]
    offered = [Offer(name, label) for name, label in named if label is not None and name in ACTS]
    if case.state in ANSWERABLE and knowing.is_identity_open(session, case, today=today):
        offered.append(Offer("identity", IDENTITY_LABEL))
    if any(missed.closed_at is None for missed in list_missed(session, case)):
        offered.append(Offer("missed", MISSED_LABEL))
    return [*offered, Offer("write", WRITE_LABEL), Offer("note", NOTE_LABEL)]


def _fits(step: Step, case: Case, request: SubjectAccessRequest, waits_for_authority: bool) -> bool:
    if step.name == "no_doubt":
        return not waits_for_authority
    return step.name != "doubt" or not (may_not_doubt(request, case) or request.identity_checked_on)
