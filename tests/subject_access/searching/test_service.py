"""Plan, tasks, deputies, answers and reasons, on a real database."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.rules import ExclusionSource
from portal.cases.service import exclude
from portal.core.errors import Conflict, NotAllowed, NotFound, Refused
from portal.core.text import Words
from portal.notifications.models import OutboxLetter
from portal.subject_access import service as access
from portal.subject_access.queries import get_request
from portal.subject_access.rules import State
from portal.subject_access.searching import duties, service
from portal.subject_access.searching.models import SearchPlace, SearchTask
from portal.subject_access.searching.queries import get_own_task, list_own_tasks, list_places, list_tasks, open_words
from portal.subject_access.searching.rules import PlaceKind, Result, TaskState
from portal.subject_access.searching.service import Found, PlaceForm
from tests.subject_access.conftest import World, sent

FOUND = Found(Result.FOUND, 3, 25, Words("Chwiliais i yn y ffolder rotâu"))


def place(
    world: World, session: Session, owner: str | None, deputy: str | None = None, *, own: bool = False
) -> SearchPlace:
    people = {name: world.members[name].person for name in world.members}
    form = PlaceForm(
        PlaceKind.MAIL, "E-bost", "Email", people[owner] if owner else None, people[deputy] if deputy else None, own
    )
    return service.save_place(session, world["rhodri"], world.bodies["taran"].id, None, form, desk=world.desk)


def started(world: World, session: Session, **changes: object) -> Case:
    case = world.request(session, **changes)
    access.start(session, world["rhodri"], case, sent(), desk=world.desk)
    service.plan(session, world["rhodri"], case, get_request(session, case), desk=world.desk)
    return case


def out(world: World, session: Session, case: Case) -> list[SearchTask]:
    service.send_tasks(session, world["rhodri"], case, sent().form_id, desk=world.desk)
    return list(list_tasks(session, case))


def templates(session: Session) -> list[str]:
    waiting = session.scalars(select(OutboxLetter.template).where(OutboxLetter.template.startswith("search_")))
    return list(waiting)


def test_every_place_of_the_body_is_planned_once_and_other_bodies_places_never(world: World) -> None:
    with world.database.writing() as session:
        mine = place(world, session, "helen", "gwen")
        session.add(SearchPlace(id="x" * 26, body_id=world.bodies["mynach"].id, kind=PlaceKind.MAIL))
        case = started(world, session)
        service.plan(session, world["rhodri"], case, get_request(session, case), desk=world.desk)
        (task,) = list_tasks(session, case)
        assert (task.place_id, task.state, task.person_id) == (
            mine.id, TaskState.PLANNED, world["helen"].person_id,
        )  # fmt: skip


def test_tasks_are_sent_with_a_due_day_and_a_letter_and_only_their_searcher_sees_them(world: World) -> None:
    with world.database.writing() as session:
        place(world, session, "helen", "gwen")
        case = started(world, session)
        (task,) = out(world, session, case)
        assert (case.state, task.due_on) == (State.SEARCHING, date(2026, 11, 30))
        assert templates(session) == ["search_task"]
        assert list_own_tasks(session, world["helen"]) == [task]
        for stranger in ("gwen", "sian", "rhodri", "dafydd"):
            assert list_own_tasks(session, world[stranger]) == []
            with pytest.raises(NotFound):
                get_own_task(session, world[stranger], task.id)


def test_nothing_is_sent_while_somebody_is_missing(world: World) -> None:
    with world.database.writing() as session:
        case = started(world, session)
        with pytest.raises(Refused, match="at least one"):
            service.send_tasks(session, world["rhodri"], case, sent().form_id, desk=world.desk)
        place(world, session, None)
        service.plan(session, world["rhodri"], case, get_request(session, case), desk=world.desk)
        with pytest.raises(Refused, match="who searches"):
            service.send_tasks(session, world["rhodri"], case, sent().form_id, desk=world.desk)
        (task,) = list_tasks(session, case)
        service.reassign(session, world["rhodri"], case, task, world.members["helen"].person, desk=world.desk)
        assert out(world, session, case)[0].state is TaskState.SENT


def test_the_requester_and_people_left_out_never_search(world: World) -> None:
    with world.database.writing() as session:
        place(world, session, "helen", "sian")
        case = world.request(session)
        helen = world.members["helen"].person
        exclude(session, world["sian"], case, helen.id, source=ExclusionSource.REQUESTER, desk=world.desk)
        access.start(session, world["rhodri"], case, sent(), desk=world.desk)
        (task,) = service.plan(session, world["rhodri"], case, get_request(session, case), desk=world.desk)
        assert task.person_id is None
        for name in ("helen", "sian", "dafydd"):
            with pytest.raises(Refused):
                service.reassign(session, world["rhodri"], case, task, world.members[name].person, desk=world.desk)


def test_who_is_left_out_after_the_tasks_went_out_sees_theirs_no_more(world: World) -> None:
    with world.database.writing() as session:
        place(world, session, "helen", "gwen")
        case = started(world, session)
        (task,) = out(world, session, case)
        assert get_own_task(session, world["helen"], task.id) is task
        left_out = world["helen"].person_id
        exclude(session, world["rhodri"], case, left_out, source=ExclusionSource.REQUESTER, desk=world.desk)
        assert list_own_tasks(session, world["helen"]) == []
        with pytest.raises(NotFound):
            get_own_task(session, world["helen"], task.id)


def test_an_absence_that_begins_today_hands_open_tasks_to_the_deputy_at_once(world: World) -> None:
    with world.database.writing() as session:
        place(world, session, "helen", "gwen")
        case = started(world, session)
        (task,) = out(world, session, case)
        absence = service.be_away(session, world["helen"], date(2026, 11, 23), date(2026, 11, 30), desk=world.desk)
        session.refresh(task)
        assert (task.person_id, task.first_person_id) == (world["gwen"].person_id, world["helen"].person_id)
        assert list_own_tasks(session, world["helen"]) == []
        with pytest.raises(NotFound):
            service.be_back(session, world["gwen"], absence, desk=world.desk)
        again = started(world, session)
        assert list_tasks(session, again)[0].person_id == world["gwen"].person_id


def test_an_absence_that_begins_later_hands_over_in_the_sweep(world: World) -> None:
    with world.database.writing() as session:
        place(world, session, "helen", "gwen")
        (task,) = out(world, session, started(world, session))
        service.be_away(session, world["helen"], date(2026, 11, 25), date(2026, 11, 30), desk=world.desk)
        task_id = task.id
    assert duties.hand_over_searches(world.database, world.settings, world.desk.now) == 0
    assert duties.hand_over_searches(world.database, world.settings, world.after(2).now) == 1
    assert duties.hand_over_searches(world.database, world.settings, world.after(2).now) == 0
    with world.database.reading() as session:
        assert session.get_one(SearchTask, task_id).person_id == world["gwen"].person_id


def test_an_answer_is_given_once_by_the_searcher_and_leads_on_to_the_material(world: World) -> None:
    with world.database.writing() as session:
        place(world, session, "helen")
        case = started(world, session)
        (task,) = out(world, session, case)
        with pytest.raises(Refused, match="Every search"):
            service.finish_search(session, world["rhodri"], case, sent().form_id, desk=world.desk)
        with pytest.raises(NotFound):
            service.answer(session, world["gwen"], task, FOUND, desk=world.desk)
        service.answer(session, world["helen"], task, FOUND, desk=world.desk)
        said = open_words(task, "searched", world.desk.vault)
        assert said is not None
        assert said.reveal() == FOUND.searched.reveal()
        assert b"rot" not in (task.searched or b"")
        with pytest.raises(Conflict):
            service.answer(session, world["helen"], task, FOUND, desk=world.desk)
        service.finish_search(session, world["rhodri"], case, sent().form_id, desk=world.desk)
        assert case.state == State.REDACTING
        service.search_more(session, world["rhodri"], case, sent().form_id, desk=world.desk)
        assert case.state == State.SEARCHING


def test_what_somebody_finds_in_their_own_mailbox_a_second_person_confirms(world: World) -> None:
    with world.database.writing() as session:
        place(world, session, "helen", "gwen", own=True)
        case = started(world, session)
        (task,) = out(world, session, case)
        service.answer(session, world["helen"], task, FOUND, desk=world.desk)
        with pytest.raises(Refused, match="Every search"):
            service.finish_search(session, world["rhodri"], case, sent().form_id, desk=world.desk)
        with pytest.raises(Refused):
            service.confirm(session, world["helen"], task, desk=world.desk)
        assert list_own_tasks(session, world["gwen"]) == [task]
        service.confirm(session, world["gwen"], task, desk=world.desk)
        assert list_own_tasks(session, world["gwen"]) == []
        service.finish_search(session, world["rhodri"], case, sent().form_id, desk=world.desk)
        assert case.state == State.REDACTING


def test_a_search_that_is_out_is_not_given_to_somebody_alone_with_their_own_mailbox(world: World) -> None:
    with world.database.writing() as session:
        place(world, session, "helen", own=True)
        case = started(world, session)
        (task,) = list_tasks(session, case)
        service.reassign(session, world["rhodri"], case, task, world.members["gwen"].person, desk=world.desk)
        (task,) = out(world, session, case)
        with pytest.raises(Refused, match="cannot search"):
            service.reassign(session, world["rhodri"], case, task, world.members["helen"].person, desk=world.desk)
        assert task.person_id == world["gwen"].person_id


def test_a_search_is_left_out_with_a_reason_by_an_officer_alone(world: World) -> None:
    with world.database.writing() as session:
        place(world, session, "helen")
        case = started(world, session)
        (task,) = out(world, session, case)
        for name in ("sian", "helen"):
            with pytest.raises((NotAllowed, NotFound)):
                service.waive(session, world[name], case, task, Words("na"), desk=world.desk)
        service.waive(session, world["rhodri"], case, task, Words("gormod o waith"), desk=world.desk)
        assert task.state is TaskState.WAIVED
        with pytest.raises(Conflict):
            service.waive(session, world["rhodri"], case, task, Words("eto"), desk=world.desk)
        service.finish_search(session, world["rhodri"], case, sent().form_id, desk=world.desk)


def test_reminders_go_to_the_searcher_then_the_deputy_then_the_officer(world: World) -> None:
    with world.database.writing() as session:
        place(world, session, "helen", "gwen")
        out(world, session, started(world, session))
    letters = [
        duties.chase_searches(world.database, world.settings, world.after(days).now) for days in (4, 5, 5, 7, 9, 30)
    ]
    assert letters == [0, 1, 0, 2, 3, 0]


def test_a_withdrawn_request_takes_its_tasks_from_everybody(world: World) -> None:
    with world.database.writing() as session:
        place(world, session, "helen", "gwen")
        case = started(world, session)
        (task,) = out(world, session, case)
        access.withdraw(session, world["sian"], case, desk=world.desk)
        assert list_own_tasks(session, world["helen"]) == []
        with pytest.raises(NotFound):
            service.answer(session, world["helen"], task, FOUND, desk=world.desk)


def test_places_are_changed_and_ended_by_officers_of_their_body_alone(world: World) -> None:
    with world.database.writing() as session:
        found = place(world, session, "helen")
        for name in ("dafydd", "helen"):
            with pytest.raises(NotFound):
                service.end_place(session, world[name], found, desk=world.desk)
        service.end_place(session, world["rhodri"], found, desk=world.desk)
        assert list_places(session, world.bodies["taran"].id, today=world.desk.today + timedelta(days=1)) == []
