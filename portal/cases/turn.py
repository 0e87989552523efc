"""Somebody's turn at a case: the row is held, the relation is known, and what changes is written in one place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.audit import service as audit
from portal.cases.locking import hold
from portal.cases.models import Case, CaseCount, CaseEvent
from portal.cases.queries import facts_of
from portal.cases.rules import By, Relation, Step, relations
from portal.cases.timekeeping import add_clock_event
from portal.core import ids
from portal.core.clock import london_day
from portal.core.errors import Conflict, NotAllowed, NotFound
from portal.core.text import Message, msg
from portal.core.vault import Vault
from portal.identity.actor import Actor
from portal.timelimits.calendar import WorkingDays
from portal.timelimits.events import EventKind


@dataclass(frozen=True, slots=True)
class Desk:
    """What the verbs need from outside: the calendar (with the settings' one-off days), the vault, the instant."""

    calendar: WorkingDays
    vault: Vault
    now: datetime

    @property
    def today(self) -> date:
        """The day in Europe/London."""
        return london_day(self.now)


@dataclass(frozen=True, slots=True)
class Turn:
    """A locked case in the hands of somebody, in the relation in which they act."""

    session: Session
    by: By
    case: Case
    role: Relation
    desk: Desk

    @property
    def actor(self) -> Actor | None:
        return self.by if isinstance(self.by, Actor) else None

    @property
    def account_id(self) -> str | None:
        return self.by.account_id if isinstance(self.by, Actor) else None

    def record(self, name: str) -> None:
        """One event of the audit."""
        audit.record(
            self.session,
            actor=self.actor,
            event=f"{self.case.kind}.{name}",
            subject=self.case.id,
            now=self.desk.now,
            body_id=self.case.body_id,
        )

    def tell(
        self,
        name: str,
        said: Message,
        *,
        visible: bool = True,
        message_id: str | None = None,
        event_id: str | None = None,
    ) -> CaseEvent:
        """One line of the timeline and one event of the audit; the case's version grows."""
        self.case.event_count += 1
        self.case.version += 1
        event = CaseEvent(
            id=event_id or ids.new_id(),
            case_id=self.case.id,
            number=self.case.event_count,
            at=self.desk.now,
            step=name,
            role=self.role.value,
            said=said.to_json(),
            message_id=message_id,
            visible_to_requester=visible,
            actor_account_id=self.account_id,
        )
        self.session.add(event)
        self.session.flush()
        self.record(name)
        return event

    def clock(self, kind: EventKind, *, on: date | None = None, question_id: str = "", working_days: int = 0) -> None:
        """One event of the clock, and the days that follow from it."""
        add_clock_event(
            self.session,
            self.case,
            kind,
            on=on or self.desk.today,
            calendar=self.desk.calendar,
            now=self.desk.now,
            account_id=self.account_id,
            question_id=question_id,
            working_days=working_days,
        )

    def move(
        self,
        step: Step,
        *,
        said: Message | None = None,
        message_id: str | None = None,
        event_id: str | None = None,
    ) -> None:
        """Change state, clock, counts and timeline together. Raises Conflict if the step does not start here."""
        if step.who.isdisjoint({self.role}):
            raise NotAllowed
        if self.case.state not in step.froms:
            raise Conflict(MOVED_ON)
        count(self.session, self.case, -1)
        self.case.state = step.to
        if step.clock is not None:
            self.clock(step.clock)
        count(self.session, self.case, 1)
        self.tell(step.name, said or step.said, visible=step.is_visible, message_id=message_id, event_id=event_id)

    def move_or_tell(self, step: Step | None, name: str, said: Message, *, message_id: str | None = None) -> None:
        """The line of the timeline; with a step, the state changes with it."""
        if step is None:
            self.tell(name, said, message_id=message_id)
        else:
            self.move(step, said=said, message_id=message_id)


MOVED_ON = msg("Somebody has changed this request since you opened the page. Check it again before you go on")


def take_turn(
    session: Session, by: By, case: Case, who: Iterable[Relation], *, desk: Desk, seen_version: int | None = None
) -> Turn:
    """Hold the case's row, read it anew, and say in which relation somebody acts.

    Raises NotFound for who may not even read, NotAllowed for who may not act, Conflict if the page they saw is old.
    """
    hold(session, case)
    held = relations(by, facts_of(session, case))
    if not held:
        raise NotFound
    acting = held & frozenset(who)
    if not acting:
        raise NotAllowed
    if seen_version is not None and seen_version != case.version:
        raise Conflict(MOVED_ON)
    return Turn(session, by, case, next(relation for relation in Relation if relation in acting), desk)


def count(session: Session, case: Case, change: int) -> None:
    """Keep the number of cases of this body, kind and state, which all its cases share."""
    session.flush()
    audit.wait_turn(session)
    if _add_to_count(session, case, change):
        return
    try:
        with session.begin_nested():
            session.add(
                CaseCount(body_id=case.body_id, kind=case.kind, state=case.state, is_open=case.is_open, number=change)
            )
    except IntegrityError:  # another transaction made the row first
        _add_to_count(session, case, change)


def _add_to_count(session: Session, case: Case, change: int) -> bool:
    changed = session.execute(
        update(CaseCount)
        .where(
            CaseCount.body_id == case.body_id,
            CaseCount.kind == case.kind,
            CaseCount.state == case.state,
            CaseCount.is_open == case.is_open,
        )
        .values(number=CaseCount.number + change)
        .returning(CaseCount.number)
        .execution_options(synchronize_session=False)
    )
    return changed.one_or_none() is not None
