"""The verbs of searching: places, tasks, who takes over, and what was found. Each is a line of the case's timeline."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.authz.permissions import Permission, Subject, permits
from portal.cases import service as cases
from portal.cases.locking import hold, hold_all
from portal.cases.models import Case
from portal.cases.rules import By, Relation
from portal.cases.turn import Desk, Turn, take_turn
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Words, msg, nmsg, pmsg
from portal.directory.models import Absence, Person
from portal.directory.queries import get_person, list_away
from portal.identity.actor import Actor
from portal.notifications.letters import to_person
from portal.notifications.service import queue
from portal.subject_access.models import SubjectAccessRequest
from portal.subject_access.searching import planning
from portal.subject_access.searching.models import SearchPlace, SearchTask
from portal.subject_access.searching.queries import count_undone, list_tasks, words_context
from portal.subject_access.searching.rules import PlaceKind, Result, TaskState, due_day
from portal.subject_access.steps import STEPS

OFFICERS = {Relation.OFFICER}
MOST_AT_ONCE = 50
NOBODY_SEARCHES = pmsg("error", "Choose who searches for every task before you send them")
NO_TASK = pmsg("error", "Plan at least one search before you send the tasks")
UNDONE = pmsg("error", "Every search must be answered, or left out with a reason, before you go on")
CANNOT_SEARCH = pmsg("error", "This person cannot search for this request. Choose somebody else")
NOT_FOR_SECOND = pmsg("error", "Somebody else has to confirm this search")
ANSWERED_ALREADY = pmsg("error", "This search was answered already")


@dataclass(frozen=True, slots=True)
class PlaceForm:
    """A place as typed."""

    kind: PlaceKind
    name_cy: str
    name_en: str
    owner: Person | None
    deputy: Person | None
    is_own_mailbox: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: how much, in how many minutes, and where and how somebody looked."""

    result: Result
    number: int | None
    minutes: int
    searched: Words


def save_place(
    session: Session, actor: Actor, body_id: str, place: SearchPlace | None, form: PlaceForm, *, desk: Desk
) -> SearchPlace:
    """Add a place, or change one. A system of the register keeps its name."""
    if not permits(actor, Permission.ACCESS_QUEUE, Subject(body_id=body_id)):
        raise NotFound
    if place is None:
        place = SearchPlace(id=ids.new_id(), body_id=body_id, kind=form.kind)
        session.add(place)
    if place.system_id is None:
        place.kind, place.name_cy, place.name_en = form.kind, form.name_cy, form.name_en
    place.owner_person_id = form.owner.id if form.owner else None
    place.deputy_person_id = form.deputy.id if form.deputy else None
    place.is_own_mailbox = form.is_own_mailbox
    session.flush()
    record(session, actor=actor, event="access.place_saved", subject=place.id, now=desk.now, body_id=body_id)
    return place


def end_place(session: Session, actor: Actor, place: SearchPlace, *, desk: Desk) -> None:
    """The place is searched no longer, from today on; tasks that are out stay."""
    if not permits(actor, Permission.ACCESS_QUEUE, Subject(body_id=place.body_id)):
        raise NotFound
    place.ended_on = desk.today
    record(session, actor=actor, event="access.place_ended", subject=place.id, now=desk.now, body_id=place.body_id)


def plan(session: Session, by: By, case: Case, request: SubjectAccessRequest, *, desk: Desk) -> Sequence[SearchTask]:
    """Plan the search from the register and the body's places; what is planned or sent already stays."""
    turn = take_turn(session, by, case, OFFICERS, desk=desk)
    before = len(list_tasks(session, case))
    tasks = planning.make_plan(session, case, request, desk=desk)
    if len(tasks) > before:
        said = nmsg("{n} search was planned", "{n} searches were planned", len(tasks) - before)
        turn.tell("plan_search", said, visible=False)
    return tasks


def add_place(session: Session, by: By, case: Case, place: SearchPlace, *, desk: Desk) -> SearchTask:
    """One more place to search for this request."""
    turn = take_turn(session, by, case, OFFICERS, desk=desk)
    if place.body_id != case.body_id:
        raise NotFound
    task = planning.add_task(session, case, place, desk=desk)
    turn.tell("plan_search", nmsg("{n} search was planned", "{n} searches were planned", 1), visible=False)
    return task


def reassign(session: Session, by: By, case: Case, task: SearchTask, person: Person, *, desk: Desk) -> SearchTask:
    """Give a search to somebody else of the body, or its confirmation once it is answered.

    Refused for the requester and for people left out.
    """
    turn = take_turn(session, by, case, OFFICERS, desk=desk)
    if not planning.may_be_given(session, case, person, desk=desk):
        raise Refused(CANNOT_SEARCH)
    if waits_for_second(task):
        return _give_second(turn, task, person)
    if task.state not in (TaskState.PLANNED, TaskState.SENT):
        raise Conflict(ANSWERED_ALREADY)
    place = session.get_one(SearchPlace, task.place_id)
    is_alone = place.is_own_mailbox and person.id == place.owner_person_id and task.second_person_id is None
    if task.second_person_id == person.id or is_alone:
        raise Refused(CANNOT_SEARCH)
    task.first_person_id = task.first_person_id or task.person_id
    task.person_id = person.id
    turn.tell("reassign_search", msg("A search was given to somebody else"), visible=False)
    if task.state is TaskState.SENT:
        task.hold_seen_at = None
        tell_searcher(session, person, desk)
    return task


def waits_for_second(task: SearchTask) -> bool:
    """Whether a search was answered, and somebody still has to confirm it."""
    return task.state is TaskState.ANSWERED and task.second_person_id is not None and task.confirmed_at is None


def _give_second(turn: Turn, task: SearchTask, person: Person) -> SearchTask:
    """Somebody else confirms what was found, never who searched."""
    if person.id == task.person_id:
        raise Refused(NOT_FOR_SECOND)
    if task.second_person_id != person.id:
        task.second_person_id = person.id
        turn.tell("reassign_search", msg("A search was given to somebody else"), visible=False)
        tell_searcher(turn.session, person, turn.desk)
    return task


def waive(session: Session, by: By, case: Case, task: SearchTask, because: Words, *, desk: Desk) -> SearchTask:
    """Do not search here: why that is reasonable and proportionate is kept with the request (Article 15(1A))."""
    turn = take_turn(session, by, case, OFFICERS, desk=desk)
    if task.state not in (TaskState.PLANNED, TaskState.SENT):
        raise Conflict(ANSWERED_ALREADY)
    task.state = TaskState.WAIVED
    task.waived_because = desk.vault.seal(because, context=words_context("waived_because", task.id))
    task.ended_at, task.ended_by = desk.now, turn.account_id
    turn.tell("waive_search", msg("A search was left out, with a reason"))
    return task


def send_tasks(
    session: Session, by: By, case: Case, form_id: str, *, desk: Desk, version: int | None = None
) -> Sequence[SearchTask]:
    """Send every planned task: its person is told, and that nothing may be changed or deleted to avoid disclosure."""
    take_turn(session, by, case, OFFICERS, desk=desk, seen_version=version)
    planned = [task for task in list_tasks(session, case) if task.state is TaskState.PLANNED]
    if not planned:
        raise Refused(NO_TASK)
    for task in planned:
        _find_somebody(session, case, task, desk)
    if any(task.person_id is None for task in planned):
        raise Refused(NOBODY_SEARCHES)
    said = nmsg("{n} search task was sent", "{n} search tasks were sent", len(planned))
    if case.state in STEPS["send_tasks"].froms:
        cases.take_step(session, by, case, STEPS["send_tasks"], desk=desk, said=said, form_id=form_id)
    else:
        take_turn(session, by, case, OFFICERS, desk=desk).tell("send_tasks", said, event_id=form_id)
    for task in planned:
        _send(session, case, task, desk)
    return planned


def _find_somebody(session: Session, case: Case, task: SearchTask, desk: Desk) -> None:
    """Who was planned may be away by now, or the place may have an owner since."""
    place = session.get_one(SearchPlace, task.place_id)
    planned = task.person_id
    if planned is not None and _was_chosen(session, case, task, planned, desk):
        return
    if planned is None or planned in (place.owner_person_id, place.deputy_person_id):
        found = planning.searcher_of(session, case, place, desk=desk)
        task.person_id, task.first_person_id, task.second_person_id = found.person_id, found.first, found.second
    elif planned in planning.barred_from(session, case):
        task.person_id = None


def _was_chosen(session: Session, case: Case, task: SearchTask, planned: str, desk: Desk) -> bool:
    """Whom the request may be about is planned only where an officer chose them, or where nobody else was here."""
    if planned in planning.barred_from(session, case) or task.second_person_id is not None:
        return False
    if list_away(session, {planned}, today=desk.today):
        return False
    return bool(planning.doubts(session, case, {planned}, desk=desk))


def _send(session: Session, case: Case, task: SearchTask, desk: Desk) -> None:
    task.state, task.sent_at, task.due_on = TaskState.SENT, desk.now, due_day(desk.today, case.target_on)
    for person_id in filter(None, (task.person_id, task.second_person_id)):
        tell_searcher(session, get_person(session, person_id), desk)


def see_hold(session: Session, actor: Actor, task: SearchTask, *, desk: Desk) -> None:
    """The searcher has opened the task, and with it the warning not to change or delete anything."""
    if task.hold_seen_at is None and task.person_id == actor.person_id:
        task.hold_seen_at = desk.now
        record(session, actor=actor, event="access.hold_seen", subject=task.id, now=desk.now)


def answer(session: Session, actor: Actor, task: SearchTask, found: Found, *, desk: Desk) -> SearchTask:
    """Say what was found. The searcher alone may; a second answer is a Conflict."""
    turn = _searching(session, actor, task, desk)
    if task.person_id != actor.person_id:
        raise NotFound
    if task.state is not TaskState.SENT:
        raise Conflict(ANSWERED_ALREADY)
    task.state, task.result, task.found_number, task.minutes = (
        TaskState.ANSWERED, found.result, found.number, found.minutes,
    )  # fmt: skip
    task.searched = desk.vault.seal(found.searched, context=words_context("searched", task.id))
    task.ended_at, task.ended_by = desk.now, actor.account_id
    turn.tell("answer_search", msg("A search was answered"))
    return task


def confirm(session: Session, actor: Actor, task: SearchTask, *, desk: Desk) -> SearchTask:
    """The second person confirms what somebody found in their own mailbox."""
    turn = _searching(session, actor, task, desk)
    if task.second_person_id != actor.person_id or task.person_id == actor.person_id:
        raise Refused(NOT_FOR_SECOND)
    if task.state is TaskState.ANSWERED and task.confirmed_at is None:
        task.confirmed_at = desk.now
        turn.tell("confirm_search", msg("A second person confirmed a search"), visible=False)
    return task


def finish_search(
    session: Session, by: By, case: Case, form_id: str, *, desk: Desk, version: int | None = None
) -> Case:
    """On to the material, when every search is answered or left out."""
    take_turn(session, by, case, OFFICERS, desk=desk, seen_version=version)
    if count_undone(session, case):
        raise Refused(UNDONE)
    return cases.take_step(session, by, case, STEPS["search_done"], desk=desk, form_id=form_id)


def search_more(session: Session, by: By, case: Case, form_id: str, *, desk: Desk, version: int | None = None) -> Case:
    """Back to searching, to add a place."""
    return cases.take_step(session, by, case, STEPS["search_more"], desk=desk, form_id=form_id, seen_version=version)


def be_away(session: Session, actor: Actor, from_on: date, until_on: date, *, desk: Desk) -> Absence:
    """Somebody will be away. Tasks that wait for them go to the deputies at once if it begins today; of more than
    ``MOST_AT_ONCE``, the sweep hands over the others."""
    absence = Absence(id=ids.new_id(), person_id=actor.person_id, from_on=from_on, until_on=until_on)
    session.add(absence)
    session.flush()
    theirs: dict[str, Case] = {}
    if from_on <= desk.today <= until_on:
        for task, _found in list_to_hand_over(session, {actor.person_id}, desk=desk)[:MOST_AT_ONCE]:
            theirs[task.case_id] = session.get_one(Case, task.case_id)
    hold_all(session, theirs.values())
    record(session, actor=actor, event="person.away", subject=actor.person_id, now=desk.now)
    for case in theirs.values():
        hand_over_in(session, case, {actor.person_id}, desk=desk)
    return absence


def be_back(session: Session, actor: Actor, absence: Absence, *, desk: Desk) -> None:
    """Not away after all."""
    if absence.person_id != actor.person_id:
        raise NotFound
    session.delete(absence)
    record(session, actor=actor, event="person.back", subject=actor.person_id, now=desk.now)


def hand_over_in(session: Session, case: Case, person_ids: Collection[str], *, desk: Desk) -> int:
    """Give what these people still have to search, in a case that is held, to the deputies of the places."""
    handed = 0
    for task, found in list_to_hand_over(session, person_ids, desk=desk, case_id=case.id):
        task.first_person_id = task.first_person_id or task.person_id
        task.person_id, task.hold_seen_at = found, None
        Turn(session, Relation.PORTAL, case, Relation.PORTAL, desk).tell(
            "hand_over_search", msg("A search went to the deputy of somebody who is away"), visible=False
        )
        tell_searcher(session, get_person(session, found), desk)
        handed += 1
    return handed


def list_to_hand_over(
    session: Session, person_ids: Collection[str], *, desk: Desk, case_id: str | None = None
) -> list[tuple[SearchTask, str]]:
    """The open tasks of people who are away for which a deputy is here and may search, and who that is."""
    open_ones = (
        select(SearchTask, SearchPlace, Case)
        .join(SearchPlace, SearchPlace.id == SearchTask.place_id)
        .join(Case, Case.id == SearchTask.case_id)
        .where(SearchTask.person_id.in_(person_ids), SearchTask.state == TaskState.SENT, Case.is_open)
        .order_by(Case.id, SearchTask.id)
    )
    wanted = open_ones if case_id is None else open_ones.where(Case.id == case_id)
    listed = []
    for task, place, case in session.execute(wanted.execution_options(populate_existing=True)):
        found = planning.searcher_of(session, case, place, desk=desk).person_id
        if found is not None and found not in (task.person_id, task.second_person_id):
            listed.append((task, found))
    return listed


def _searching(session: Session, actor: Actor, task: SearchTask, desk: Desk) -> Turn:
    """The turn of somebody who searches: the case is held, and they stand to it by their task alone."""
    if actor.person_id not in (task.person_id, task.second_person_id):
        raise NotFound
    case = session.get_one(Case, task.case_id)
    hold(session, case)
    session.refresh(task)
    if not case.is_open:
        raise NotFound
    return Turn(session, actor, case, Relation.SEARCHER, desk)


def tell_searcher(session: Session, person: Person, desk: Desk) -> None:
    """A letter that says that a task waits, and no more."""
    to = to_person(person)
    queue(session, vault=desk.vault, to=to, template="search_task", values={}, now=desk.now)
