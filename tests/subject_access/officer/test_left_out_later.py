"""What somebody did before they were left out does not count, and what they would learn afterwards is not told."""

import pytest

from portal.core.errors import Refused
from portal.core.text import Words
from portal.subject_access.after.erasing import erase, list_tombstones
from portal.subject_access.after.reopening import who_hears
from portal.subject_access.after.rules import Rule
from portal.subject_access.answering.deciding import send_back
from portal.subject_access.asking.rules import Ground
from portal.subject_access.material import queries, service
from portal.subject_access.material.rules import Balancing, Decision, ReporterAnswer
from portal.subject_access.material.service import About, Decided
from portal.subject_access.officer import leaving
from portal.subject_access.officer.queries import list_to_remind
from portal.subject_access.searching.queries import list_tasks
from tests.subject_access.answering.answers import REFUSAL, approved, proposed
from tests.subject_access.answering.answers import started as begun
from tests.subject_access.conftest import World, sent
from tests.subject_access.material.filing import add, decide, found, new_file
from tests.subject_access.officer.test_leaving import leave
from tests.subject_access.searching.test_service import out, place, started

YES = Decided(ReporterAnswer.YES, Decision.RELEASE, None, Words(""), Balancing())


def test_what_somebody_proposed_before_they_were_left_out_is_sent_back_not_approved(world: World) -> None:
    with world.database.writing() as session:
        case = begun(world, session)
        one = proposed(world, session, case, REFUSAL)
        leaving.step_back(session, world["rhodri"], case, Ground.NAMED, Words(""), desk=world.desk)
        with pytest.raises(Refused, match="left out of the request since"):
            approved(world, session, case, one, "bethan")
        send_back(session, world["bethan"], case, one, Words("Eto"), sent(), desk=world.desk)


def test_what_somebody_cleared_before_they_were_left_out_waits_for_another(world: World) -> None:
    with world.database.writing() as session:
        case = found(world, session)
        item = add(world, session, case, "a.txt", b"Llun")
        decide(world, session, item, YES)
        service.clear(session, world["bethan"], case, item, desk=world.desk, version=item.version)
        leave(world, session, case, "carys")
        assert item.cleared_by == world["bethan"].account_id
        leave(world, session, case, "bethan")
        assert item.cleared_by is None


def test_who_searches_sees_their_own_files_and_none_that_an_officer_added(world: World) -> None:
    with world.database.writing() as session:
        place(world, session, "helen", "gwen")
        case = started(world, session)
        (task,) = out(world, session, case)
        own = service.add_found(
            session, world["helen"], task.id, [new_file(world, "own.txt", b"a")], About(Words("")), desk=world.desk
        )
        add(world, session, case, "officers.txt", b"b", task_id=task.id)
        assert queries.list_added(session, task.id, world["helen"].account_id) == own
        assert queries.list_added(session, task.id, world["gwen"].account_id) == []


def test_reminders_and_news_of_reopening_pass_by_who_is_left_out(world: World) -> None:
    with world.database.writing() as session:
        place(world, session, "helen")
        case = started(world, session)
        (task,) = out(world, session, case)
        assert [person.id for _case, person, _number in list_to_remind(session, [case.id])] == [task.person_id]
        for name in ("bethan", "carys", "helen"):
            leave(world, session, case, name)
        (task,) = list_tasks(session, case)
        assert task.person_id is None
        assert list_to_remind(session, [case.id]) == []
        assert [person.id for person in who_hears(session, case, desk=world.desk)] == [world["rhodri"].person_id]
        leaving.step_back(session, world["rhodri"], case, Ground.CLOSE, Words(""), desk=world.desk)
        assert who_hears(session, case, desk=world.desk) == []


def test_who_was_left_out_does_not_learn_of_it_from_the_proof_that_it_was_deleted(world: World) -> None:
    with world.database.writing() as session:
        case = started(world, session)
        reference, body = case.reference, case.body_id
        leave(world, session, case, "bethan")
        case.finished_on, case.is_open = world.desk.today, False
        session.flush()
        erase(session, case, next(iter(Rule)), world.blobs, now=world.desk.now)
        told = {
            name: [one.reference for one in list_tombstones(session, {body}, reader=world[name].person_id)]
            for name in ("bethan", "carys")
        }
        assert told == {"bethan": [], "carys": [reference]}
