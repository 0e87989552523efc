"""Words between the people of a case: questions that may stop its clock, replies that start it, letters, notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case, CaseMessage
from portal.cases.rules import By, CaseKind, MessageKind, Relation, Step
from portal.cases.timekeeping import get_time_limit
from portal.cases.turn import Desk, Turn, take_turn
from portal.core.clock import london_day
from portal.core.errors import NotFound, Refused
from portal.core.text import Locale, Message, Words, msg, pmsg
from portal.core.vault import Vault
from portal.directory.models import Person
from portal.notifications.letters import Addressee
from portal.timelimits.events import EventKind
from portal.timelimits.rules import refusal_of_extension

ASKING_SIDE = frozenset({Relation.REQUESTER, Relation.REPRESENTATIVE})
ANSWERING_SIDE = frozenset({Relation.OFFICER, Relation.REVIEWER})


@dataclass(frozen=True, slots=True)
class Writing:
    """What somebody wrote. ``message_id`` is the form's id: a second POST changes nothing."""

    message_id: str
    words: Words
    lang: Locale


def ask(
    session: Session,
    by: By,
    case: Case,
    writing: Writing,
    *,
    desk: Desk,
    asks_clarification: bool = False,
    step: Step | None = None,
) -> CaseMessage:
    """Put a question to the requester. Asking what information is wanted stops the clock of an access request."""
    turn = take_turn(session, by, case, ANSWERING_SIDE, desk=desk)
    known = _known(turn, writing)
    if known is not None:
        return known
    message = _write(turn, writing, MessageKind.QUESTION, asks=asks_clarification)
    if _stops_clock(message, case):
        turn.clock(EventKind.CLARIFICATION_ASKED, question_id=message.id)
    turn.move_or_tell(step, "ask", msg("A question was asked"), message_id=message.id)
    return message


def reply(
    session: Session,
    by: By,
    case: Case,
    writing: Writing,
    *,
    desk: Desk,
    on: date | None = None,
    step: Step | None = None,
) -> CaseMessage:
    """Answer: every open question is settled and a stopped clock runs again.

    An officer may write down an answer that came another way, with the day it came: not ahead, not before the question.
    """
    turn = take_turn(session, by, case, ASKING_SIDE | {Relation.OFFICER}, desk=desk)
    known = _known(turn, writing)
    if known is not None:
        return known
    questions = list_open_questions(session, case)
    day, said = desk.today, msg("An answer came in")
    if turn.role is Relation.OFFICER:
        day = _checked_day(on or day, questions, desk.today)
        said = msg("An answer that came on {date} was written down", date=day)
    message = _write(turn, writing, MessageKind.REPLY)
    _settle(turn, questions, EventKind.CLARIFICATION_ANSWERED, on=day)
    turn.move_or_tell(step, "reply", said, message_id=message.id)
    return message


def write_letter(
    session: Session, by: By, case: Case, writing: Writing, *, desk: Desk, step: Step | None = None
) -> CaseMessage:
    """Write to the requester without a question: an outcome, an explanation, news."""
    turn = take_turn(session, by, case, ANSWERING_SIDE, desk=desk)
    known = _known(turn, writing)
    if known is not None:
        return known
    message = _write(turn, writing, MessageKind.LETTER)
    said = step.said if step else msg("A message was sent")
    turn.move_or_tell(step, "letter", said, message_id=message.id)
    return message


def write_note(session: Session, by: By, case: Case, writing: Writing, *, desk: Desk) -> CaseMessage:
    """Write down something for the people who work on the case; the requester's page does not show it."""
    turn = take_turn(session, by, case, ANSWERING_SIDE, desk=desk)
    known = _known(turn, writing)
    if known is not None:
        return known
    message = _write(turn, writing, MessageKind.NOTE)
    turn.tell("note", msg("A note was added"), visible=False, message_id=message.id)
    return message


def withdraw_questions(session: Session, by: By, case: Case, *, desk: Desk, step: Step | None = None) -> None:
    """Take the open questions back: the clock runs as if they had not been asked."""
    turn = take_turn(session, by, case, ANSWERING_SIDE, desk=desk)
    _settle(turn, _some_open(session, case), EventKind.CLARIFICATION_WITHDRAWN, on=desk.today)
    turn.move_or_tell(step, "withdraw_question", msg("The question was taken back"))


def go_on_without_answer(
    session: Session, by: By, case: Case, *, desk: Desk, step: Step | None = None, of: str | None = None
) -> None:
    """Stop waiting for an answer, with ``of`` to that question alone: the clock runs again from today."""
    turn = take_turn(session, by, case, ANSWERING_SIDE | {Relation.PORTAL}, desk=desk)
    given_up = [one for one in _some_open(session, case) if of in {None, one.id}]
    _settle(turn, given_up, EventKind.CLARIFICATION_ENDED, on=desk.today)
    turn.move_or_tell(step, "go_on", msg("The work went on without an answer"))


def extend(
    session: Session, by: By, case: Case, writing: Writing, *, because: Message, desk: Desk, step: Step | None = None
) -> CaseMessage:
    """Take two more months. Raises Refused when notice comes too late (Article 12A(3) and (4)).

    ``because`` names the lawful ground (complexity, or the number of requests); ``writing`` explains it.
    """
    turn = take_turn(session, by, case, ANSWERING_SIDE, desk=desk)
    known = _known(turn, writing)
    if known is not None:
        return known
    refusal = refusal_of_extension(get_time_limit(session, case, desk.calendar, as_at=desk.today), on=desk.today)
    if refusal is not None:
        raise Refused(refusal)
    message = _write(turn, writing, MessageKind.LETTER)
    turn.clock(EventKind.EXTENDED)
    said = msg("The time was extended. New date: {date}. Reason: {reason}", date=case.due_on, reason=because)
    turn.move_or_tell(step, "extend", said, message_id=message.id)
    return message


CONDITIONS = frozenset(
    {
        EventKind.IDENTITY_ASKED,
        EventKind.IDENTITY_RECEIVED,
        EventKind.IDENTITY_NOT_NEEDED,
        EventKind.FEE_ASKED,
        EventKind.FEE_PAID,
        EventKind.FEE_NOT_NEEDED,
    }
)


def record_condition(
    session: Session,
    by: By,
    case: Case,
    kind: EventKind,
    *,
    on: date,
    said: Message,
    desk: Desk,
    step: Step | None = None,
) -> None:
    """Proof of identity or a fee was asked for, came, or turned out not to be needed: the month may start later."""
    if kind not in CONDITIONS:
        raise ValueError("a step or a verb of its own records this")
    turn = take_turn(session, by, case, {Relation.OFFICER}, desk=desk)
    if not case.received_on <= on <= desk.today:
        raise Refused(pmsg("error", "The day must be between the day of receipt and today"))
    turn.clock(kind, on=on)
    turn.move_or_tell(step, kind.value, said)


def list_open_questions(session: Session, case: Case) -> list[CaseMessage]:
    """The questions that wait for a reply, oldest first."""
    found = session.scalars(
        select(CaseMessage)
        .where(
            CaseMessage.case_id == case.id,
            CaseMessage.kind == MessageKind.QUESTION,
            CaseMessage.settled_at.is_(None),
        )
        .order_by(CaseMessage.sent_at, CaseMessage.id)
    )
    return list(found)


def open_message(message: CaseMessage, vault: Vault) -> Words:
    """The words of a message."""
    return vault.open_words(message.sealed, context=f"case_messages.sealed:{message.id}")


def find_addressee(session: Session, case: Case, vault: Vault) -> Addressee | None:
    """Where letters about the case go, in its language: the address given with it, else the directory's."""
    if case.contact_email is not None:
        email = vault.open_words(case.contact_email, context=f"cases.contact_email:{case.id}")
        return Addressee(email.reveal(), Locale(case.locale))
    person = session.get(Person, case.requester_person_id) if case.requester_person_id else None
    return Addressee(person.email, Locale(case.locale), person.id) if person else None


def _known(turn: Turn, writing: Writing) -> CaseMessage | None:
    """What the same form wrote before; an id that belongs to another case is nobody's business."""
    known = turn.session.get(CaseMessage, writing.message_id)
    if known is not None and known.case_id != turn.case.id:
        raise NotFound
    return known


def _write(turn: Turn, writing: Writing, kind: MessageKind, *, asks: bool = False) -> CaseMessage:
    message = CaseMessage(
        id=writing.message_id,
        case_id=turn.case.id,
        kind=kind,
        sent_at=turn.desk.now,
        sealed=turn.desk.vault.seal(writing.words, context=f"case_messages.sealed:{writing.message_id}"),
        lang=writing.lang.value,
        asks_clarification=asks,
        actor_account_id=turn.account_id,
    )
    turn.session.add(message)
    turn.session.flush()
    return message


def _stops_clock(message: CaseMessage, case: Case) -> bool:
    """Article 12A(5) is for access requests alone; nothing stops the clock of a review."""
    return message.asks_clarification and case.kind is CaseKind.ACCESS


def _settle(turn: Turn, questions: Sequence[CaseMessage], kind: EventKind, *, on: date) -> None:
    for question in questions:
        question.settled_at = turn.desk.now
        if _stops_clock(question, turn.case):
            turn.clock(kind, question_id=question.id, on=on)


def _some_open(session: Session, case: Case) -> list[CaseMessage]:
    questions = list_open_questions(session, case)
    if not questions:
        raise Refused(msg("No question is waiting for an answer"))
    return questions


def _checked_day(day: date, questions: Sequence[CaseMessage], today: date) -> date:
    if day > today:
        raise Refused(pmsg("error", "The day the answer came must be today or in the past"))
    if any(day < london_day(question.sent_at) for question in questions):
        raise Refused(pmsg("error", "The day the answer came must not be before the question was asked"))
    return day
