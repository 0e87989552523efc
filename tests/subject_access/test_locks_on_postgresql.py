"""An officer acts on one request while a duty, or a colleague, goes through several: nobody waits in a circle.

The officer holds the request that the other comes to last, waits until the other waits for it or is done, and then adds
to the audit. Whoever still held the end of the audit at that moment would wait for the officer, who waits for them.
"""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import select, text

from portal.cases.locking import hold_all
from portal.cases.models import Case
from portal.cases.rules import Relation
from portal.cases.turn import take_turn
from portal.core.db import Database
from portal.core.text import Locale, msg
from portal.settings.models import Settings
from portal.subject_access import service as access
from portal.subject_access.after.duties import close_requests, delete_what_is_due
from portal.subject_access.answering.duties import remind_to_collect, remove_old_disclosures
from portal.subject_access.answering.releasing import is_right_code
from portal.subject_access.asking.duties import wait_for_proof
from portal.subject_access.models import Disclosure
from portal.subject_access.officer import service as officers
from portal.subject_access.officer.duties import open_missed_days, warn_of_days
from portal.subject_access.rules import Channel
from portal.subject_access.searching import service as searching
from portal.subject_access.searching.duties import chase_searches, hand_over_searches
from tests.subject_access.answering.answers import LETTER, NOTHING, answered, released
from tests.subject_access.conftest import World, sent, world_on
from tests.subject_access.searching.test_service import out, place
from tests.subject_access.searching.test_service import started as planned

pytestmark = pytest.mark.postgres
FIRST, LAST = "a" * 26, "b" * 26
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
Make = Callable[[World, str], object]
Act = Callable[[World], object]


@pytest.fixture
def world(postgres_database: Database, settings: Settings) -> Iterator[World]:
    with world_on(postgres_database, settings) as one:
        yield one


def searched(world: World, case_id: str) -> None:
    with world.database.writing() as session:
        if case_id == FIRST:
            place(world, session, "helen", "gwen")
        out(world, session, planned(world, session, case_id=case_id))


def doubted(world: World, case_id: str) -> None:
    with world.database.writing() as session:
        new = world.new(case_id=case_id, requester_person_id=None, channel=Channel.LETTER, received_on=world.desk.today)
        case = access.submit(session, world["rhodri"], new, desk=world.desk)
        access.doubt_identity(session, world["rhodri"], case, LETTER, sent(), lang=Locale.CY, desk=world.desk)


def started(world: World, case_id: str) -> None:
    with world.database.writing() as session:
        case = world.request(session, case_id=case_id)
        access.start(session, world["rhodri"], case, sent(), desk=world.desk)


def at(days: int, duty: Callable[..., int]) -> Act:
    return lambda world: duty(world.database, world.settings, world.after(days).now)


def away(world: World) -> None:
    with world.database.writing() as session:
        today = world.desk.today
        searching.be_away(session, world["helen"], today, today + timedelta(days=5), desk=world.desk)


def away_later(world: World) -> int:
    with world.database.writing() as session:
        first = world.after(1).today
        searching.be_away(session, world["helen"], first, first, desk=world.desk)
    return hand_over_searches(world.database, world.settings, world.after(1).now)


def given(world: World) -> None:
    with world.database.writing() as session:
        chosen = [session.get_one(Case, one) for one in (FIRST, LAST)]
        officers.hand_over(session, world["bethan"], chosen, world.members["bethan"].person, desk=world.desk)


def reminded(world: World) -> None:
    with world.database.writing() as session:
        chosen = [session.get_one(Case, one) for one in (FIRST, LAST)]
        officers.remind(session, world["bethan"], chosen, "f" * 26, desk=world.desk)


MEETINGS: dict[str, tuple[Make, Act]] = {
    "missed days": (started, at(40, open_missed_days)),
    "warnings": (started, at(25, warn_of_days)),
    "proof": (doubted, at(15, wait_for_proof)),
    "reminders": (lambda world, one: released(world, case_id=one), at(31, remind_to_collect)),
    "old files": (lambda world, one: released(world, case_id=one), at(91, remove_old_disclosures)),
    "closing": (lambda world, one: answered(world, NOTHING, case_id=one), at(400, close_requests)),
    "deleting": (lambda world, one: answered(world, NOTHING, case_id=one), at(4000, delete_what_is_due)),
    "chasing": (searched, at(6, chase_searches)),
    "deputies": (searched, away_later),
    "away": (searched, away),
    "many given": (started, given),
    "many reminded": (searched, reminded),
}


@pytest.mark.parametrize("meeting", MEETINGS)
def test_an_officer_and_whoever_goes_through_several_requests_never_wait_in_a_circle(
    world: World, meeting: str
) -> None:
    make, act = MEETINGS[meeting]
    for case_id in (FIRST, LAST):
        make(world, case_id)
    failures: list[Exception] = []

    def go() -> None:
        try:
            act(world)
        except Exception as failure:
            failures.append(failure)

    other = Thread(target=go, daemon=True)
    with world.database.writing() as session:
        case = session.get_one(Case, LAST)
        turn = take_turn(session, world["rhodri"], case, {Relation.OFFICER}, desk=world.desk)
        other.start()
        assert waits_or_is_done(world.database, other), "the other neither waited nor came to an end"
        turn.tell("noted", msg("A reminder of a search was sent"), visible=False)
    other.join(20)
    assert not other.is_alive()
    assert failures == []


def waits_or_is_done(database: Database, other: Thread) -> bool:
    deadline = time.monotonic() + 15
    while other.is_alive() and time.monotonic() < deadline:
        with database.reading() as session:
            if session.scalar(WAITING):
                return True
        time.sleep(0.01)
    return not other.is_alive()


def test_several_requests_are_held_in_one_order_whatever_order_they_were_chosen_in(world: World) -> None:
    for case_id in (FIRST, LAST):
        started(world, case_id)
    with world.database.writing() as session:
        chosen = [session.get_one(Case, one) for one in (LAST, FIRST)]
        session.get_one(Case, FIRST, with_for_update=True)

        def other() -> None:
            with world.database.writing() as theirs:
                hold_all(theirs, [theirs.get_one(Case, one) for one in (LAST, FIRST)])

        thread = Thread(target=other, daemon=True)
        thread.start()
        assert waits_or_is_done(world.database, thread)
        hold_all(session, chosen)
    thread.join(20)
    assert not thread.is_alive()


def test_of_two_wrong_codes_at_once_both_are_counted(world: World) -> None:
    released(world, case_id=FIRST)
    with world.database.writing() as session:
        session.scalars(select(Disclosure)).one().code_hash = bytes(32)
    tried: list[bool] = []

    def other() -> None:
        with world.database.writing() as theirs:
            tried.append(is_right_code(theirs, theirs.get_one(Case, FIRST), "WRONG"))

    thread = Thread(target=other, daemon=True)
    with world.database.writing() as session:
        assert not is_right_code(session, session.get_one(Case, FIRST), "WRONG")
        thread.start()
        assert waits_or_is_done(world.database, thread)
    thread.join(20)
    with world.database.reading() as session:
        assert session.scalars(select(Disclosure.wrong_codes)).one() == 2
    assert tried == [False]
