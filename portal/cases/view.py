"""A case as plain values, for the pages of the person who asked and of the people who work on it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.correspondence import list_open_questions, open_message
from portal.cases.models import Assignment, Case, CaseEvent, CaseMessage
from portal.cases.reasons import DUTIES, read_to_receiver, read_to_sender
from portal.cases.rules import CaseKind, MessageKind, Relation
from portal.cases.status import status_of
from portal.cases.timekeeping import get_time_limit
from portal.cases.turn import Desk
from portal.core.text import Locale, Message, Words, pmsg
from portal.timelimits.rules import TimeLimit

ROLES = {
    Relation.REQUESTER: pmsg("who acted on a request", "Requester"),
    Relation.REPRESENTATIVE: pmsg("who acted on a request", "Representative"),
    Relation.OFFICER: pmsg("who acted on a request", "Data protection team"),
    Relation.REVIEWER: pmsg("who acted on a request", "Reviewer"),
    Relation.RESPONSIBLE_MANAGER: pmsg("who acted on a request", "Responsible manager"),
    Relation.OWNER: pmsg("who acted on a request", "Owner of the system"),
    Relation.SEARCHER: pmsg("who acted on a request", "Person who searches"),
    Relation.PORTAL: pmsg("who acted on a request", "Portal"),
}
IN_A_COMPLAINT = {
    Relation.REQUESTER: pmsg("who acted on a complaint", "Who complained"),
    Relation.OFFICER: pmsg("who acted on a complaint", "Who handles complaints"),
    Relation.SEARCHER: pmsg("who acted on a complaint", "Somebody who was asked, or has to put something right"),
}
"""It may be about the data protection team, and then nobody of it is among them."""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of the timeline: when, in which role, what happened, and the words it brought with their language."""

    at: datetime
    role: Message
    said: Message
    words: Words | None
    lang: Locale | None
    kind: MessageKind | None
    step: str = ""


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that waits for the requester."""

    message_id: str
    asked_at: datetime
    words: Words
    lang: Locale
    stops_clock: bool


@dataclass(frozen=True, slots=True)
class CaseView:
    """All that a page of one case shows. ``why`` replays how the date was counted, one sentence after another;
    ``given`` says who has it and why: to who sent it about everybody, to who has it about themselves alone."""

    id: str
    reference: str
    kind: CaseKind
    state: str
    status: Message
    locale: Locale
    opened_at: datetime
    version: int
    is_open: bool
    time: TimeLimit
    is_late: bool
    days_left: int
    timeline: tuple[TimelineEntry, ...]  # latest first
    open_questions: tuple[OpenQuestion, ...]
    given: tuple[tuple[Message, tuple[Message, ...]], ...] = ()

    @property
    def received_on(self) -> date:
        return self.time.received_on

    @property
    def due_on(self) -> date:
        return self.time.due_on

    @property
    def target_on(self) -> date:
        return self.time.target_on

    @property
    def why(self) -> tuple[Message, ...]:
        return self.time.reasons


def view_case(session: Session, case: Case, *, desk: Desk, for_requester: bool, reader: str | None = None) -> CaseView:
    """Gather a case for a page. For the requester, lines and notes that are not theirs are left out. ``reader`` is the
    person who works on it and looks.

    The caller has made sure that the reader may read it (``queries.get_case`` or ``queries.find_by_code``).
    """
    limit = get_time_limit(session, case, desk.calendar)
    questions = list_open_questions(session, case) if case.is_open else []
    return CaseView(
        id=case.id,
        reference=case.reference,
        kind=case.kind,
        state=case.state,
        status=status_of(case.state, has_question=bool(questions)),
        locale=Locale(case.locale),
        opened_at=case.opened_at,
        version=case.version,
        is_open=case.is_open,
        time=limit,
        is_late=limit.is_late(desk.today),
        days_left=(limit.due_on - desk.today).days,
        timeline=_timeline(session, case, desk, for_requester=for_requester),
        open_questions=tuple(_question(message, case, desk) for message in questions),
        given=tuple(_to_sender(session, case)) if for_requester else tuple(_to_receiver(session, case, reader)),
    )


def _to_sender(session: Session, case: Case) -> Iterator[tuple[Message, tuple[Message, ...]]]:
    for duty, why in _living(session, case):
        if why:
            yield DUTIES[duty], read_to_sender(why)


def _to_receiver(session: Session, case: Case, reader: str | None) -> Iterator[tuple[Message, tuple[Message, ...]]]:
    if reader is not None:
        for duty, why in _living(session, case, reader):
            said = read_to_receiver(why)
            if said is not None:
                yield DUTIES[duty], (said,)


def _living(session: Session, case: Case, reader: str | None = None) -> Sequence[Any]:
    """Who has it now, in which duty, and why; nobody twice for the same."""
    query = select(Assignment.duty, Assignment.why).where(Assignment.case_id == case.id, Assignment.ended_at.is_(None))
    if reader is not None:
        query = query.where(Assignment.person_id == reader)
    return session.execute(query.order_by(Assignment.assigned_at, Assignment.id)).all()


def roles_of(kind: CaseKind) -> Mapping[Relation, Message]:
    """How the timeline names whoever acted."""
    return ROLES | IN_A_COMPLAINT if kind is CaseKind.COMPLAINT else ROLES


def _timeline(session: Session, case: Case, desk: Desk, *, for_requester: bool) -> tuple[TimelineEntry, ...]:
    query = (
        select(CaseEvent, CaseMessage)
        .outerjoin(CaseMessage, CaseMessage.id == CaseEvent.message_id)
        .where(CaseEvent.case_id == case.id)
        .order_by(CaseEvent.number.desc())
    )
    if for_requester:
        query = query.where(CaseEvent.visible_to_requester)
    return tuple(_entry(event, message, case.kind, desk) for event, message in session.execute(query))


def _entry(event: CaseEvent, message: CaseMessage | None, kind: CaseKind, desk: Desk) -> TimelineEntry:
    return TimelineEntry(
        at=event.at,
        role=roles_of(kind)[Relation(event.role)],
        said=Message.from_json(event.said),
        words=open_message(message, desk.vault) if message else None,
        lang=Locale(message.lang) if message else None,
        kind=message.kind if message else None,
        step=event.step,
    )


def _question(message: CaseMessage, case: Case, desk: Desk) -> OpenQuestion:
    return OpenQuestion(
        message_id=message.id,
        asked_at=message.sent_at,
        words=open_message(message, desk.vault),
        lang=Locale(message.lang),
        stops_clock=message.asks_clarification and case.kind is CaseKind.ACCESS,
    )
