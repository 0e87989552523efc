"""Searches of somebody who was left out go to somebody else at once, or back to the officer if nobody may."""

from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.routing.searching import Searcher
from portal.cases.rules import Relation
from portal.cases.turn import Desk, Turn
from portal.core.text import msg
from portal.directory.queries import get_person
from portal.subject_access.searching import planning
from portal.subject_access.searching.models import SearchPlace, SearchTask
from portal.subject_access.searching.queries import OPEN, list_tasks
from portal.subject_access.searching.rules import TaskState
from portal.subject_access.searching.service import tell_searcher, waits_for_second


def pass_on(session: Session, case: Case, person_id: str, *, desk: Desk) -> list[SearchTask]:
    """Take every search from somebody who was left out. Gives those that nobody has now, for an officer to give."""
    orphans = []
    for task in list_tasks(session, case):
        found = _found(session, case, task, person_id, desk)
        if found is None:
            continue
        if found.person_id is None or (waits_for_second(task) and found.second is None):
            orphans.append(task)
        if found.person_id is None or not waits_for_second(task) or found.second is not None:
            _give(session, task, found, desk)
            turn = Turn(session, Relation.PORTAL, case, Relation.PORTAL, desk)
            turn.tell("pass_on_search", msg("A search was taken from somebody who is left out"), visible=False)
    return orphans


def _found(session: Session, case: Case, task: SearchTask, person_id: str, desk: Desk) -> Searcher | None:
    """Who searches and who confirms from now on; None where nothing is theirs."""
    if task.state in OPEN and person_id in (task.person_id, task.second_person_id):
        return _searcher(session, case, task, person_id, desk)
    if waits_for_second(task) and task.second_person_id == person_id:
        return Searcher(task.person_id, task.first_person_id, _second(session, case, task))
    return None


def _searcher(session: Session, case: Case, task: SearchTask, person_id: str, desk: Desk) -> Searcher:
    """Who only confirmed is replaced as such, where somebody still has to confirm."""
    place = session.get_one(SearchPlace, task.place_id)
    if task.person_id is None or task.person_id == person_id:
        found = planning.searcher_of(session, case, place, desk=desk)
        return Searcher(found.person_id, task.first_person_id or found.first or person_id, found.second)
    second = _second(session, case, task)
    if second is None and place.is_own_mailbox and task.person_id == place.owner_person_id:
        return Searcher(None, task.person_id)
    return Searcher(task.person_id, task.first_person_id, second)


def _second(session: Session, case: Case, task: SearchTask) -> str | None:
    """Owner or deputy of the place, if one may and does not search it."""
    place = session.get_one(SearchPlace, task.place_id)
    barred = planning.barred_from(session, case) | {task.person_id}
    pair = (place.owner_person_id, place.deputy_person_id)
    return next((one for one in pair if one is not None and one not in barred), None)


def _give(session: Session, task: SearchTask, found: Searcher, desk: Desk) -> None:
    before = {task.person_id, task.second_person_id}
    if found.person_id != task.person_id:
        task.hold_seen_at = None
    if found.person_id is None:  # planned again, until an officer says who searches
        task.state, task.sent_at, task.due_on, task.chased = TaskState.PLANNED, None, None, 0
    task.person_id, task.first_person_id, task.second_person_id = found.person_id, found.first, found.second
    session.flush()
    if task.state is not TaskState.PLANNED:
        for one in filter(None, (found.person_id, found.second)):
            if one not in before:
                tell_searcher(session, get_person(session, one), desk)
