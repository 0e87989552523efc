"""Handing cases over to a colleague, one or many; and who has how many. What a room allows, the room itself says."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.locking import hold_all
from portal.cases.models import Assignment, Case
from portal.cases.officers import write_to
from portal.cases.queries import Where, find_assigned, workable
from portal.cases.rules import CaseKind, Duty
from portal.cases.turn import Desk
from portal.core.text import Message
from portal.directory.models import Person
from portal.identity.actor import Actor

NOTHING = (0, 0, 0)
Give = Callable[[Session, Actor, Case, Person, Desk], None]


@dataclass(frozen=True, slots=True)
class Given:
    """What came of one case of many: given to somebody, or why not."""

    case: Case
    why_not: Message | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """How much one person has on the desk. Numbers of cases, never how quick somebody is."""

    person_id: str | None
    name: str
    open: int
    soon: int
    late: int


def assign(session: Session, actor: Actor, found: Case, to: Person, desk: Desk) -> None:
    """Give a case, where a room has no more to do than that."""
    cases.assign(session, actor, found, to, Duty.HANDLER, desk=desk)


def list_chosen(session: Session, actor: Actor, kind: CaseKind, ids: Collection[str], among: Where) -> Sequence[Case]:
    """Those of these cases that the actor works on, soonest first; others are as if they did not exist."""
    mine = select(Case).where(Case.id.in_(ids), Case.kind == kind, workable(actor), among)
    return session.scalars(mine.order_by(Case.due_on, Case.id)).all()


def list_handlers(session: Session, ids: Collection[str]) -> dict[str, str]:
    """Who works on each of these cases."""
    found = session.execute(
        select(Assignment.case_id, Person.display_name)
        .join(Person, Person.id == Assignment.person_id)
        .where(Assignment.case_id.in_(ids), Assignment.duty == Duty.HANDLER, Assignment.ended_at.is_(None))
    )
    return {case_id: name for case_id, name in found}


def hand_over(
    session: Session,
    actor: Actor,
    chosen: Sequence[Case],
    to: Person,
    *,
    why_not: Callable[[Session, Case, Person, Desk], Message | None],
    give: Give,
    letter: str,
    desk: Desk,
) -> list[Given]:
    """Give cases to a colleague, or take them on; each says what came of it. The colleague gets one letter."""
    hold_all(session, chosen)
    done: list[Given] = []
    is_new = False
    for one in chosen:
        refusal = why_not(session, one, to, desk)
        if refusal is None:
            before = find_assigned(session, one, Duty.HANDLER)
            is_new = is_new or before is None or before.id != to.id
            give(session, actor, one, to, desk)
        done.append(Given(one, refusal))
    if is_new and to.id != actor.person_id:
        write_to(session, to, letter, desk)
    return done


def list_loads(
    session: Session, actor: Actor, kind: CaseKind, officers: Iterable[Person], among: Where, *, today: date, soon: date
) -> list[Load]:
    """Open cases of each officer, of whoever else has one, and those that nobody has."""
    running = and_(Case.paused_on.is_(None), Case.waiting_on.is_(None))
    holds = and_(Assignment.case_id == Case.id, Assignment.duty == Duty.HANDLER, Assignment.ended_at.is_(None))
    rows = session.execute(
        select(
            Assignment.person_id,
            func.count(),
            _number(and_(running, Case.due_on <= soon, Case.due_on >= today)),
            _number(and_(running, Case.due_on < today)),
        )
        .select_from(Case)
        .outerjoin(Assignment, holds)
        .where(workable(actor), Case.kind == kind, Case.is_open, among)
        .group_by(Assignment.person_id)
    )
    counted: dict[str | None, tuple[int, int, int]] = {
        person_id: (all_, near, late) for person_id, all_, near, late in rows
    }
    named = {person.id: person.display_name for person in officers}
    for person_id in counted:
        if person_id is not None and person_id not in named:
            named[person_id] = session.get_one(Person, person_id).display_name
    loads = [Load(person_id, name, *counted.get(person_id, NOTHING)) for person_id, name in named.items()]
    return [*sorted(loads, key=lambda load: load.name), Load(None, "", *counted.get(None, NOTHING))]


def _number(where: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((where, 1), else_=0)), 0)
