"""Reads of places and tasks. A search owner sees the tasks that are theirs, and nothing else of a request."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from portal.cases.models import Case, Exclusion
from portal.core.errors import NotFound
from portal.core.text import Bilingual, Words
from portal.core.vault import Vault
from portal.directory.models import Absence
from portal.identity.actor import Actor
from portal.register.models import System, SystemVersion
from portal.subject_access.searching.models import SearchPlace, SearchTask
from portal.subject_access.searching.rules import TaskState

OPEN = (TaskState.PLANNED, TaskState.SENT)


def list_places(session: Session, body_id: str, *, today: date) -> Sequence[SearchPlace]:
    """The body's places that are searched now, systems first."""
    return session.scalars(
        select(SearchPlace)
        .where(SearchPlace.body_id == body_id, or_(SearchPlace.ended_on.is_(None), SearchPlace.ended_on > today))
        .order_by(SearchPlace.kind != "system", SearchPlace.name_en, SearchPlace.id)
    ).all()


def get_place(session: Session, body_ids: Collection[str], place_id: str) -> SearchPlace:
    """A place of one of these bodies."""
    found = session.get(SearchPlace, place_id)
    if found is None or found.body_id not in body_ids:
        raise NotFound
    return found


def name_of(session: Session, place: SearchPlace) -> Bilingual:
    """A place's name; that of a system is the register's."""
    if place.system_id is None:
        return Bilingual(place.name_cy, place.name_en)
    row = session.execute(
        select(SystemVersion.name_cy, SystemVersion.name_en)
        .join(System, (System.id == SystemVersion.system_id) & (System.current_number == SystemVersion.number))
        .where(System.id == place.system_id)
    ).one_or_none()
    return Bilingual(row[0], row[1]) if row is not None else Bilingual(place.name_cy, place.name_en)


def list_tasks(session: Session, case: Case) -> Sequence[SearchTask]:
    """Every task of a case, open ones first."""
    return session.scalars(
        select(SearchTask).where(SearchTask.case_id == case.id).order_by(SearchTask.state.not_in(OPEN), SearchTask.id)
    ).all()


def get_task(session: Session, case: Case, task_id: str) -> SearchTask:
    """One task of a case, for the officer."""
    found = session.get(SearchTask, task_id)
    if found is None or found.case_id != case.id:
        raise NotFound
    return found


def list_own_tasks(session: Session, actor: Actor) -> Sequence[SearchTask]:
    """What somebody has to search, or to confirm, soonest first."""
    return session.scalars(
        select(SearchTask)
        .join(Case, Case.id == SearchTask.case_id)
        .where(_is_theirs(actor), Case.is_open, _is_to_do(actor))
        .order_by(SearchTask.due_on, SearchTask.id)
    ).all()


def get_own_task(session: Session, actor: Actor, task_id: str) -> SearchTask:
    """One's own task, while its request is open. Another's, and nonsense, are NotFound alike."""
    found = session.scalars(
        select(SearchTask)
        .join(Case, Case.id == SearchTask.case_id)
        .where(SearchTask.id == task_id, _is_theirs(actor), Case.is_open, SearchTask.state != TaskState.PLANNED)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def _is_theirs(actor: Actor) -> ColumnElement[bool]:
    """Given to them to search or to confirm, and they were not left out of the request since."""
    left_out = exists().where(Exclusion.case_id == SearchTask.case_id, Exclusion.person_id == actor.person_id)
    given = or_(SearchTask.person_id == actor.person_id, SearchTask.second_person_id == actor.person_id)
    return given & ~left_out


def _is_to_do(actor: Actor) -> ColumnElement[bool]:
    waits = (SearchTask.second_person_id == actor.person_id) & SearchTask.confirmed_at.is_(None)
    return or_(
        SearchTask.state == TaskState.SENT,
        (SearchTask.state == TaskState.ANSWERED) & waits,
    )


def count_undone(session: Session, case: Case) -> int:
    """Tasks that are neither answered (and confirmed where somebody must) nor waived."""
    unconfirmed = SearchTask.second_person_id.is_not(None) & SearchTask.confirmed_at.is_(None)
    undone = or_(SearchTask.state.in_(OPEN), (SearchTask.state == TaskState.ANSWERED) & unconfirmed)
    return session.scalar(select(func.count()).where(SearchTask.case_id == case.id, undone)) or 0


def list_absences(session: Session, person_id: str, *, today: date) -> Sequence[Absence]:
    """When somebody is away, today and later."""
    return session.scalars(
        select(Absence).where(Absence.person_id == person_id, Absence.until_on >= today).order_by(Absence.from_on)
    ).all()


def open_words(task: SearchTask, column: str, vault: Vault) -> Words | None:
    """``searched`` (where and how) or ``waived_because``."""
    sealed: bytes | None = getattr(task, column)
    return None if sealed is None else vault.open_words(sealed, context=words_context(column, task.id))


def words_context(column: str, task_id: str) -> str:
    """What a sealed column is bound to."""
    return f"search_tasks.{column}:{task_id}"
