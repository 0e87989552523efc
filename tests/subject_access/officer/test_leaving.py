"""Somebody is left out of a request: what they held goes on, and no chain reaches them again."""

import json
from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.board import BoardAddress
from portal.cases.desks import officers_cases
from portal.cases.handing_over import list_loads
from portal.cases.models import Assignment, Case
from portal.cases.queries import count_queue, find_assigned, get_case, list_queue
from portal.cases.rules import CaseKind, Duty, Relation
from portal.cases.turn import take_turn
from portal.core import ids
from portal.core.errors import NotAllowed, NotFound, Refused
from portal.core.text import Locale, Words
from portal.notifications.models import OutboxLetter
from portal.subject_access.asking.leaving import Said, add_wish, list_left_out, open_wish
from portal.subject_access.asking.rules import Ground, Outcome
from portal.subject_access.officer import duties, leaving, queries, service
from portal.subject_access.searching import duties as searching_duties
from portal.subject_access.searching import service as searching
from portal.subject_access.searching.models import SearchTask
from portal.subject_access.searching.queries import count_undone, list_own_tasks, list_tasks
from portal.subject_access.searching.rules import TaskState
from tests.subject_access.conftest import World, sent
from tests.subject_access.searching.test_service import FOUND, out, place, started

WHY = Words("Hi yw rheolwr y sawl sy’n gofyn")
STAFF = ("gwen", "rhodri", "bethan", "carys", "helen")


def leave(world: World, session: Session, case: Case, name: str, by: str = "rhodri") -> leaving.Passed:
    person = world.members[name].person
    return leaving.leave_out(session, world[by], case, person, Ground.NAMED, WHY, desk=world.desk)


def letters(world: World, session: Session, among: set[str] | None = None) -> Iterator[tuple[str, str]]:
    """To whom, and which."""
    for one in session.scalars(select(OutboxLetter)):
        if one.sealed is None or (among is not None and one.id not in among):
            continue
        sealed = world.desk.vault.open_bytes(one.sealed, context=f"outbox_letters.sealed:{one.id}")
        yield json.loads(sealed)["email"], one.template


def test_an_officer_who_steps_back_sees_nothing_more_and_a_colleague_has_the_request(world: World) -> None:
    with world.database.writing() as session:
        case = started(world, session)
        assert count_queue(session, world["rhodri"], CaseKind.ACCESS) == 1
        passed = leaving.step_back(session, world["rhodri"], case, Ground.DECIDED, Words(""), desk=world.desk)
        assert passed.handler is not None
        assert passed.handler.id == world["bethan"].person_id
        assert not passed.is_nobody_left
        assert ("bethan@taran.example", "access_handed_over") in letters(world, session)
        with pytest.raises(NotFound):
            get_case(session, world["rhodri"], case.reference)
        assert count_queue(session, world["rhodri"], CaseKind.ACCESS) == 0
        assert queries.list_own_days(session, world["rhodri"]) == []
        assert len(queries.list_own_days(session, world["bethan"])) == 1
        ((left_out, _person),) = list_left_out(session, case)
        assert (left_out.ground, left_out.had_case, left_out.because) == (Ground.DECIDED, True, None)


def test_a_search_goes_to_the_deputy_and_comes_back_to_the_officer_when_nobody_may(world: World) -> None:
    with world.database.writing() as session:
        place(world, session, "helen", "gwen")
        case = started(world, session)
        (task,) = out(world, session, case)
        done = leaving.step_back_from_search(
            session, world["helen"], task.id, Ground.NAMED, Words(""), desk=world.desk
        )  # fmt: skip
        assert (task.person_id, task.state, done.orphans) == (world["gwen"].person_id, TaskState.SENT, 0)
        assert ("gwen@taran.example", "search_task") in letters(world, session)
        assert leave(world, session, case, "gwen").orphans == 1
        assert (task.person_id, task.state, task.due_on) == (None, TaskState.PLANNED, None)
        assert count_undone(session, case) == 1
        assert ("rhodri@taran.example", "access_search_nobody") in letters(world, session)
        searching.reassign(session, world["rhodri"], case, task, world.members["carys"].person, desk=world.desk)
        assert out(world, session, case)[0].state is TaskState.SENT


def test_who_confirms_is_replaced_and_an_officer_can_say_who_does(world: World) -> None:
    with world.database.writing() as session:
        place(world, session, "helen", "gwen", own=True)
        case = started(world, session)
        (task,) = out(world, session, case)
        searching.answer(session, world["helen"], task, FOUND, desk=world.desk)
        assert leave(world, session, case, "gwen").orphans == 1
        assert count_undone(session, case) == 1
        for name in ("gwen", "helen", "sian"):
            with pytest.raises(Refused):
                searching.reassign(session, world["rhodri"], case, task, world.members[name].person, desk=world.desk)
        searching.reassign(session, world["rhodri"], case, task, world.members["carys"].person, desk=world.desk)
        searching.confirm(session, world["carys"], task, desk=world.desk)
        assert count_undone(session, case) == 0


def test_with_no_officer_left_those_who_appoint_are_told_but_never_who_is_left_out(world: World) -> None:
    with world.database.writing() as session:
        for address in ("helen@taran.example", "bwrdd@taran.example"):
            session.add(BoardAddress(id=ids.new_id(), body_id=world.bodies["taran"].id, email=address))
        case = started(world, session)
        leave(world, session, case, "helen")
        for name in ("bethan", "carys"):
            leaving.step_back(session, world[name], case, Ground.CLOSE, Words(""), desk=world.desk)
        last = leaving.step_back(session, world["rhodri"], case, Ground.NAMED, Words(""), desk=world.desk)
        assert last.is_nobody_left
        assert last.handler is None
        told = [email for email, template in letters(world, session) if template == "access_nobody_left"]
        assert told == ["bwrdd@taran.example"]
        assert leaving.list_left(session, case, desk=world.desk) == []


def test_a_wish_is_answered_once_by_an_officer_whom_it_cannot_mean(world: World) -> None:
    with world.database.writing() as session:
        case = started(world, session)
        said = Said(ids.new_id(), Words("Helen, a Carys hefyd efallai"), Locale.CY)
        wish = add_wish(session, world["sian"], case, said, desk=world.desk)
        helen = world.members["helen"].person
        for name in ("carys", "gwen", "sian"):
            with pytest.raises((NotFound, NotAllowed)):
                leaving.answer_wish(session, world[name], case, wish, helen, Words(""), desk=world.desk)
        with pytest.raises(Refused, match="why nobody"):
            leaving.answer_wish(session, world["rhodri"], case, wish, None, Words(""), desk=world.desk)
        leaving.answer_wish(session, world["rhodri"], case, wish, helen, Words("Diolch"), desk=world.desk)
        assert wish.outcome is Outcome.LEFT_OUT
        answer = open_wish(wish, "answer", world.desk.vault)
        assert answer is not None
        assert answer.reveal() == "Diolch"
        assert [person.id for _one, person in list_left_out(session, case)] == [helen.id]
        assert ("sian@taran.example", "case_news") in letters(world, session)


def test_nobody_leaves_out_the_requester_themselves_or_somebody_of_another_body(world: World) -> None:
    with world.database.writing() as session:
        case = started(world, session)
        for name in ("sian", "rhodri", "dafydd"):
            with pytest.raises(Refused):
                leave(world, session, case, name)
        with pytest.raises((NotFound, NotAllowed)):
            leave(world, session, case, "helen", by="sian")


def test_new_words_are_told_to_who_handles_the_request_and_what_they_left_out_is_passed_on(world: World) -> None:
    with world.database.writing() as session:
        case = started(world, session)
        said = Said(ids.new_id(), Words("rhodri@taran.example"), Locale.CY)
        add_wish(session, world["sian"], case, said, desk=world.desk)
        assert find_assigned(session, case, Duty.HANDLER) is None
        case_id = case.id
    assert duties.pass_on_left_out(world.database, world.settings, world.desk.now) == 1
    assert duties.pass_on_left_out(world.database, world.settings, world.desk.now) == 0
    with world.database.reading() as session:
        handler = find_assigned(session, session.get_one(Case, case_id), Duty.HANDLER)
        assert handler is not None
        assert handler.id == world["bethan"].person_id
        told = [email for email, template in letters(world, session) if template == "access_wish"]
        assert told == ["bethan@taran.example"]


def test_whom_the_request_may_be_about_is_not_proposed_and_can_be_chosen_in_spite_of_that(world: World) -> None:
    with world.database.writing() as session:
        place(world, session, "helen", "gwen")
        place(world, session, "carys")
        case = started(world, session, wanted=Words("Negeseuon helen@taran.example a carys@taran.example amdanaf"))
        deputy, nobody = sorted(list_tasks(session, case), key=lambda task: task.person_id is None)
        assert (deputy.person_id, deputy.first_person_id) == (world["gwen"].person_id, world["helen"].person_id)
        assert nobody.person_id is None
        searching.reassign(session, world["rhodri"], case, nobody, world.members["carys"].person, desk=world.desk)
        assert all(task.state is TaskState.SENT for task in out(world, session, case))
        assert nobody.person_id == world["carys"].person_id


@pytest.mark.parametrize("seed", range(4))
def test_no_chain_ever_reaches_who_is_left_out(world: World, seed: int) -> None:
    """Whatever is done in whatever order: giving, deputies, absence, hand-over, reminders, warnings, missed days."""
    drawn = Random(seed)
    with world.database.writing() as session:
        _furnish(world, session, drawn)
        case = started(world, session)
        gone = set(drawn.sample(STAFF, drawn.randint(1, 3)))
        staying = [name for name in ("rhodri", "bethan", "carys") if name not in gone]
        if not staying:
            gone.remove("carys")
            staying = ["carys"]
        if drawn.random() < 0.5:
            _try_to_send(world, session, case, staying[0])
        for name in sorted(gone, key=lambda _name: drawn.random()):
            leave(world, session, case, name, by=staying[0])
        before = set(session.scalars(select(OutboxLetter.id)))
        for name in drawn.sample(STAFF, 2):
            days = world.desk.today, world.desk.today + timedelta(days=3)
            searching.be_away(session, world[name], *days, desk=world.desk)
        _give_to_everybody(world, session, case, staying[0])
        _try_to_send(world, session, case, staying[0])
        case_id = case.id
    for later in (6, 10, 28, 40):
        now = world.after(later).now
        for duty in (
            duties.pass_on_left_out,
            searching_duties.hand_over_searches,
            searching_duties.chase_searches,
            duties.warn_of_days,
            duties.open_missed_days,
        ):
            duty(world.database, world.settings, now)
    with world.database.reading() as session:
        _check(world, session, session.get_one(Case, case_id), gone, before)


def _furnish(world: World, session: Session, drawn: Random) -> None:
    """Places of anybody, with or without a deputy; and the address of everybody on the board's list."""
    for _ in range(4):
        owner, deputy = drawn.sample(STAFF, 2)
        place(world, session, owner, drawn.choice([deputy, None]), own=drawn.random() < 0.3)
    for name in STAFF:
        email = f"{name}@taran.example"
        session.add(BoardAddress(id=ids.new_id(), body_id=world.bodies["taran"].id, email=email))


def _try_to_send(world: World, session: Session, case: Case, by: str) -> None:
    """Where the plan found nobody, an officer who stays searches."""
    for task in list_tasks(session, case):
        if task.person_id is None and task.state is TaskState.PLANNED:
            searching.reassign(session, world[by], case, task, world.members[by].person, desk=world.desk)
    if any(task.state is TaskState.PLANNED for task in list_tasks(session, case)):
        searching.send_tasks(session, world[by], case, sent().form_id, desk=world.desk)


def _give_to_everybody(world: World, session: Session, case: Case, by: str) -> None:
    """Whoever may not have it is refused."""
    for name in STAFF:
        person = world.members[name].person
        service.hand_over(session, world[by], [case], person, desk=world.desk)
        for task in list_tasks(session, case):
            try:
                searching.reassign(session, world[by], case, task, person, desk=world.desk)
            except Refused:
                continue
        try:
            cases.assign(session, world[by], case, person, Duty.HANDLER, desk=world.desk)
        except Refused:
            continue


def _check(world: World, session: Session, case: Case, gone: set[str], before: set[str]) -> None:
    left_out = {world[name].person_id for name in gone}
    open_ones = (TaskState.PLANNED, TaskState.SENT)
    held = select(SearchTask).where(SearchTask.case_id == case.id, SearchTask.state.in_(open_ones))
    for task in session.scalars(held):
        assert left_out.isdisjoint({task.person_id, task.second_person_id})
    working = select(Assignment.person_id).where(Assignment.case_id == case.id, Assignment.ended_at.is_(None))
    assert left_out.isdisjoint(session.scalars(working))
    later = set(session.scalars(select(OutboxLetter.id))) - before
    assert later
    assert [told for told in letters(world, session, later) if told[0].partition("@")[0] in gone] == []
    for name in gone:
        assert list_own_tasks(session, world[name]) == []
        assert list_queue(session, world[name], CaseKind.ACCESS).items == []
        assert count_queue(session, world[name], CaseKind.ACCESS) == 0
        assert queries.list_own_days(session, world[name]) == []
        assert queries.count_missed(session, world[name]) == 0
        today, among = world.desk.today, officers_cases(CaseKind.ACCESS)(world[name])
        loads = list_loads(session, world[name], CaseKind.ACCESS, [], among, today=today, soon=today)
        assert [load.open for load in loads] == [0]
        with pytest.raises(NotFound):
            get_case(session, world[name], case.reference)
        with pytest.raises(NotFound):
            take_turn(session, world[name], case, set(Relation), desk=world.desk)
