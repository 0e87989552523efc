"""Nobody waits for somebody who is not here (routing.md D3). Whoever has work that is due and is not seen for three
working days counts as away; what they had, and a leaver had, goes on as the rule book says; and who is here again is
offered what went to somebody else meanwhile. Where nobody is here nothing is moved: its day is told further up.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from portal.cases import excluding
from portal.cases.affairs import affair_of, world_about
from portal.cases.locking import each_alone
from portal.cases.models import Assignment, Case
from portal.cases.officers import write_to
from portal.cases.queries import find_assigned, workable
from portal.cases.reasons import Reason, reason_of
from portal.cases.routing.absence import inferred
from portal.cases.routing.destinations import choose, rungs
from portal.cases.routing.exclusions import Kind, bans
from portal.cases.routing.given import Given, Why
from portal.cases.rules import By, CaseKind, Duty, Relation
from portal.cases.turn import Desk, Turn
from portal.cases.warning import STAGES
from portal.core.clock import london_day
from portal.core.db import Database
from portal.core.text import msg
from portal.directory import service as directory
from portal.directory.models import Absence, Person
from portal.directory.queries import get_person, list_away
from portal.identity.actor import Actor
from portal.identity.models import Account
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays

MOST_AT_ONCE = 200
SOON = timedelta(days=STAGES[0])
"""What is due so soon does not wait for somebody who is away."""
IN_PLACE = Reason(
    msg("It comes to you in place of a colleague who had it"),
    (msg("Whoever had it before is not here, and they work on such requests"),),
)

Choose = Callable[[Session, Case, Desk], Given | None]
GiveOn = Callable[[Session, By, Case, Person, Desk, Reason], None]


@dataclass(frozen=True, slots=True)
class Room:
    """How a room chooses who works on a case, gives it to them, and which letter tells them."""

    choose: Choose
    give: GiveOn
    letter: str


Rooms = Mapping[CaseKind, Room]


def choose_officer(session: Session, case: Case, desk: Desk) -> Given | None:
    """Whom of the body's officers the rule book says, where a room has no order of its own."""
    affair = replace(affair_of(session, case), kind=Kind.ACCESS)
    world = world_about(session, affair, today=desk.today, counting=case.kind)
    queue = [rung for rung in rungs(world, affair) if rung.why is Why.QUEUE]
    return choose(world, affair, queue, bans(world, affair))


def infer_absences(database: Database, settings: Settings, now: datetime) -> int:
    """Whoever has something that runs, and has not signed in for three whole working days, is away until they do."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    asked = (
        select(Assignment.person_id, Account.last_seen_on, func.min(Assignment.assigned_at))
        .join(Case, Case.id == Assignment.case_id)
        .join(Account, Account.person_id == Assignment.person_id)
        .where(_RUNS, _LIVING, Assignment.duty.in_([Duty.HANDLER, Duty.REVIEWER]))
        .where(Account.closed_at.is_(None), Account.last_seen_on < desk.today - timedelta(days=3))
        .group_by(Assignment.person_id, Account.last_seen_on)
    )
    with database.reading() as session:
        rows = session.execute(asked).all()
        known = list_away(session, {row[0] for row in rows}, today=desk.today)
    found = [
        (person_id, away)
        for person_id, seen_on, since in rows
        if person_id not in known
        and seen_on is not None
        and (away := inferred(seen_on, london_day(since), desk.today, desk.calendar)) is not None
    ]
    if found:
        with database.writing() as session:
            for person_id, away in found:
                directory.infer_absence(session, person_id, from_on=away.from_on, today=desk.today)
    return len(found)


def pass_on_items(database: Database, settings: Settings, now: datetime, *, rooms: Rooms) -> int:
    """What leavers had at once; what somebody away has as soon as its day comes near."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    asked = (
        select(Case.id)
        .join(Assignment, Assignment.case_id == Case.id)
        .where(Case.is_open, _LIVING, Assignment.duty == Duty.HANDLER, or_(_left(), and_(_RUNS, _is_needed(desk))))
        .order_by(Case.due_on, Case.id)
        .limit(MOST_AT_ONCE)
    )
    with database.reading() as session:
        found = list(dict.fromkeys(session.scalars(asked)))
    return each_alone(database, found, lambda session, case: _pass_on(session, case, rooms[case.kind], desk))


def list_to_take_back(session: Session, actor: Actor) -> Sequence[tuple[Case, Person]]:
    """What went to somebody else while the actor was away, and is not done: none on which they must not work."""
    rows = session.execute(
        select(Case, Person)
        .join(Assignment, Assignment.case_id == Case.id)
        .join(Person, Person.id == Assignment.person_id)
        .where(Assignment.in_place_of == actor.person_id, _LIVING, Case.is_open, workable(actor))
        .order_by(Case.due_on, Case.id)
    )
    return [(case, person) for case, person in rows]


_RUNS = and_(Case.is_open, Case.paused_on.is_(None), Case.waiting_on.is_(None))
_LIVING = Assignment.ended_at.is_(None)


def _left() -> ColumnElement[bool]:
    return exists().where(Account.person_id == Assignment.person_id, Account.closed_at.is_not(None))


def _is_needed(desk: Desk) -> ColumnElement[bool]:
    away = exists().where(
        Absence.person_id == Assignment.person_id, Absence.from_on <= desk.today, Absence.until_on >= desk.today
    )
    return and_(away, Case.due_on <= desk.today + SOON)


def _pass_on(session: Session, case: Case, room: Room, desk: Desk) -> bool:
    holder = find_assigned(session, case, Duty.HANDLER)
    if holder is None:
        return False
    left = session.scalar(select(Account.closed_at).where(Account.person_id == holder.id)) is not None
    chosen = room.choose(session, case, desk)
    if chosen is not None and chosen.person_id != holder.id and (left or not chosen.is_away):
        person = get_person(session, chosen.person_id)
        room.give(session, Relation.PORTAL, case, person, desk, _reason(chosen, None if left else holder.id))
        write_to(session, person, room.letter, desk)
        return True
    if left:
        turn = Turn(session, Relation.PORTAL, case, Relation.PORTAL, desk)
        excluding.end_assignments(turn, person_id=holder.id)
        turn.tell("hand_back", msg("Nobody works on the request now"), visible=False)
    return left


def _reason(chosen: Given, in_place_of: str | None) -> Reason:
    """Who receives it reads the same words whether the one before is away, gone or left out."""
    return replace(IN_PLACE if in_place_of is not None else reason_of(chosen), in_place_of=in_place_of)
