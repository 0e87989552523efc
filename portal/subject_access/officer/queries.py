"""Reads of the desk: what stands beside the rows of the queue, who works on what, and whom to tell."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import and_, bindparam, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from portal.cases.board import BoardAddress
from portal.cases.models import Assignment, Case, Exclusion
from portal.cases.officers import OFFICER_ROLES, list_officers
from portal.cases.queries import workable
from portal.cases.rules import CaseKind, Duty, officer_bodies
from portal.core.errors import NotFound
from portal.core.text import Bilingual
from portal.directory.models import Person, RoleHolding
from portal.directory.queries import list_away
from portal.directory.rules import RoleName
from portal.identity.actor import Actor
from portal.identity.models import Account
from portal.register.models import System, SystemVersion
from portal.subject_access.answering.models import SignOff
from portal.subject_access.officer.models import DeskVisit, MissedDay
from portal.subject_access.officer.rules import VISIT_SHOWN
from portal.subject_access.searching.models import SearchPlace, SearchTask
from portal.subject_access.searching.planning import barred_from
from portal.subject_access.searching.queries import list_own_tasks
from portal.subject_access.searching.rules import TaskState


def list_waiting(session: Session) -> frozenset[str]:
    """Ids of the cases in which a second person is to decide."""
    return frozenset(session.scalars(select(SignOff.case_id).where(SignOff.decided_by.is_(None))))


_BESIDE = (
    select(Assignment.case_id, Person.display_name)
    .join(Person, Person.id == Assignment.person_id)
    .where(
        Assignment.case_id.in_(bindparam("cases", expanding=True)),
        Assignment.duty == Duty.HANDLER,
        Assignment.ended_at.is_(None),
    )
    .union_all(
        select(SignOff.case_id, literal("")).where(
            SignOff.case_id.in_(bindparam("cases", expanding=True)), SignOff.decided_by.is_(None)
        )
    )
)
"""Put together once: to do that takes longer than to answer it."""


def read_beside(session: Session, case_ids: Sequence[str]) -> tuple[Mapping[str, str], frozenset[str]]:
    """Who works on each of these cases, and in which of them a second person is to decide."""
    if not case_ids:
        return {}, frozenset()
    found = session.connection().execute(_BESIDE, {"cases": list(case_ids)}).all()
    handlers = {case_id: name for case_id, name in found if name}
    return handlers, frozenset(case_id for case_id, name in found if not name)


def list_likely(session: Session, case: Case) -> list[Person]:
    """Who is likely to meet a request: who works on them or searches, and who is responsible for its systems; by name.

    Without who asked, and without who is left out already.
    """
    body = SearchPlace.body_id == case.body_id
    barred = barred_from(session, case)
    roles = RoleHolding.role.in_((*OFFICER_ROLES, RoleName.RESPONSIBLE_MANAGER, RoleName.ADMINISTRATOR))
    likely = (
        select(RoleHolding.person_id)
        .where(RoleHolding.body_id == case.body_id, roles)
        .union(
            select(SearchPlace.owner_person_id).where(body, SearchPlace.owner_person_id.is_not(None)),
            select(SearchPlace.deputy_person_id).where(body, SearchPlace.deputy_person_id.is_not(None)),
            select(SearchTask.person_id).where(SearchTask.case_id == case.id, SearchTask.person_id.is_not(None)),
        )
    )
    found = select(Person).where(Person.id.in_(likely), Person.body_id == case.body_id)
    people = session.scalars(found.order_by(Person.display_name, Person.id))
    return [one for one in people if one.id not in barred]


def list_away_officers(session: Session, body_ids: Collection[str], *, today: date) -> frozenset[str]:
    """Those of them who are away today."""
    return list_away(session, {person.id for person in list_officers(session, body_ids, today=today)}, today=today)


def list_systems_asked_about(session: Session, actor: Actor) -> list[tuple[str, Bilingual]]:
    """The systems that open requests name."""
    asked = select(Case.system_id).where(workable(actor), Case.kind == CaseKind.ACCESS, Case.is_open)
    found = session.execute(
        select(System.id, SystemVersion.name_cy, SystemVersion.name_en)
        .join(SystemVersion, and_(SystemVersion.system_id == System.id, SystemVersion.number == System.current_number))
        .where(System.id.in_(asked.distinct()))
        .order_by(SystemVersion.name_en)
    )
    return [(system_id, Bilingual(cy, en)) for system_id, cy, en in found]


def list_to_remind(session: Session, case_ids: Collection[str]) -> list[tuple[str, Person, int]]:
    """Who still has to search, for which case, and how many places."""
    found = session.execute(
        select(SearchTask.case_id, Person, func.count())
        .join(Person, Person.id == SearchTask.person_id)
        .where(SearchTask.case_id.in_(case_ids), SearchTask.state == TaskState.SENT)
        .where(~exists().where(Exclusion.case_id == SearchTask.case_id, Exclusion.person_id == Person.id))
        .group_by(SearchTask.case_id, Person.id)
        .order_by(Person.display_name, Person.id, SearchTask.case_id)
    )
    return [(case_id, person, number) for case_id, person, number in found]


def list_colleagues_at(session: Session, found: Case, actor: Actor, *, now: datetime) -> list[tuple[str, int]]:
    """Who else opened this request in the last minutes, and how many minutes ago."""
    rows = session.execute(
        select(Person.display_name, DeskVisit.at)
        .join(Account, Account.id == DeskVisit.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(DeskVisit.case_id == found.id, DeskVisit.account_id != actor.account_id)
        .where(DeskVisit.at > now - VISIT_SHOWN)
        .order_by(DeskVisit.at.desc())
    )
    return [(name, max(0, int((now - at).total_seconds() // 60))) for name, at in rows]


def is_visit_due(session: Session, found: Case, actor: Actor, *, now: datetime) -> bool:
    """Whether to note that the actor has the request open: at most once a minute."""
    last = session.get(DeskVisit, (found.id, actor.account_id))
    return last is None or (now - last.at).total_seconds() >= 60


def count_missed(session: Session, actor: Actor) -> int:
    """Missed days of the requests that somebody works on of which nobody has written yet why."""
    mine = MissedDay.body_id.in_(officer_bodies(actor, CaseKind.ACCESS))
    open_ones = select(MissedDay.case_id, Case.id).join(Case, Case.id == MissedDay.case_id)
    found = open_ones.where(mine, MissedDay.closed_at.is_(None), workable(actor)).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def list_missed(session: Session, found: Case) -> Sequence[MissedDay]:
    """The missed days of one request, latest first."""
    return session.scalars(
        select(MissedDay).where(MissedDay.case_id == found.id).order_by(MissedDay.due_on.desc())
    ).all()


def get_address(session: Session, body_ids: Collection[str], address_id: str) -> BoardAddress:
    """One address of one of these bodies."""
    found = session.get(BoardAddress, address_id)
    if found is None or found.body_id not in body_ids:
        raise NotFound
    return found


def list_own_days(session: Session, actor: Actor) -> Sequence[tuple[CaseKind, str, date, bool]]:
    """Kind, reference, due day, and whether the clock stands: the open cases of every kind that the actor
    works on."""
    own = or_(Assignment.duty == Duty.HANDLER, Assignment.duty == Duty.REVIEWER)
    holds = and_(Assignment.case_id == Case.id, own, Assignment.ended_at.is_(None))
    stopped = or_(Case.paused_on.is_not(None), Case.waiting_on.is_not(None))
    rows = session.execute(
        select(Case.kind, Case.reference, Case.due_on, stopped)
        .join(Assignment, holds)
        .where(Assignment.person_id == actor.person_id, Case.is_open, workable(actor))
        .order_by(Case.due_on, Case.reference)
        .distinct()
    )
    return [(kind, reference, due_on, bool(is_stopped)) for kind, reference, due_on, is_stopped in rows]


def count_to_search(session: Session, actor: Actor) -> int | None:
    """How many searches wait for somebody; None for who never searches."""
    number = len(list_own_tasks(session, actor))
    owned = or_(SearchPlace.owner_person_id == actor.person_id, SearchPlace.deputy_person_id == actor.person_id)
    if number or session.scalar(select(exists().where(owned, SearchPlace.ended_on.is_(None)))):
        return number
    return None
