"""THE WHERE, in drawn worlds of epochs, dropped readers, ended keys and duties, notes and other bodies: whoever holds a
live grant may know of a thread, and nobody else; each reading of told rows says the same."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.concerns.casework.lanes import EVERYTHING, Asked
from portal.concerns.casework.models import DeskPlace, ToldThread
from portal.concerns.casework.queries import count_lanes, list_desk
from portal.concerns.casework.rules import Shown
from portal.concerns.casework.timeline import list_lines
from portal.concerns.casework.told import get_told, list_holders, list_told, tellable
from portal.concerns.models import RecipientKey
from portal.concerns.timing.holders import readers_of_body
from portal.core.errors import NotFound
from portal.core.ids import random_bytes
from portal.directory.models import RoleHolding
from portal.identity.actor import Actor
from portal.identity.queries import get_actor_of
from portal.mailbox.models import SealedCase
from tests.concerns.casework.conftest import Told
from tests.concerns.timing.conftest import CAME, ROLES
from tests.people import add_body

EVERYBODY = tuple(ROLES)
WORLDS = 8
THREADS = 7


def oracle(session: Session, person_id: str, today: date) -> set[bytes]:
    """The same, said without a WHERE: of each body’s readers, whose key holds the current epoch."""
    held = set()
    for case in session.scalars(select(SealedCase).where(SealedCase.state != "notes")):
        if person_id in readers_of_body(session, case.body_id, today=today).holding(session, case):
            held.add(case.case_id)
    return held


def draw_world(told: Told, drawn: random.Random) -> list[bytes]:
    """Threads of drawn readers; some begin anew without some, some are notes, some belong to another body."""
    cases = []
    for _ in range(THREADS):
        holders = drawn.sample(EVERYBODY, drawn.randint(1, len(EVERYBODY)))
        case = told.desk.came(*holders, on=CAME - timedelta(days=drawn.randint(0, 30)), is_notes=drawn.random() < 0.15)
        if drawn.random() < 0.5:
            told.begins_anew(case, *drawn.sample(holders, drawn.randint(0, len(holders))))
        cases.append(case)
    with told.desk.database.writing() as session:
        other = add_body(session, slug=f"other-{drawn.random()}")
        for case_id in cases:
            if drawn.random() < 0.15:
                session.get_one(SealedCase, case_id).body_id = other.id
        for who in EVERYBODY:
            person_id = told.desk.people[who]
            if drawn.random() < 0.2:
                session.execute(update(RecipientKey).where(RecipientKey.person_id == person_id).values(ended_on=CAME))
            if drawn.random() < 0.2:
                session.execute(update(RoleHolding).where(RoleHolding.person_id == person_id).values(ended_on=CAME))
    return cases


@pytest.mark.parametrize("seed", range(WORLDS))
def test_whoever_holds_a_live_grant_may_know_and_nobody_else(told: Told, seed: int) -> None:
    drawn = random.Random(seed)  # the same worlds in every run
    cases = draw_world(told, drawn)
    told.sweep()
    with told.desk.database.writing() as session:
        for who in EVERYBODY:  # places too many, of everybody and everything: an index is no authority
            for case_id in cases:
                if session.get(DeskPlace, (told.desk.people[who], case_id)) is None:
                    session.add(DeskPlace(person_id=told.desk.people[who], case_id=case_id, side="employer"))
    with told.desk.database.reading() as session:
        for who in EVERYBODY:
            actor = get_actor_of(session, told.desk.people[who], today=told.today)
            says_the_same(session, actor, cases, oracle(session, actor.person_id, told.today), told.today)


def says_the_same(session: Session, actor: Actor, cases: list[bytes], held: set[bytes], today: date) -> None:
    where = set(session.scalars(select(SealedCase.case_id).where(tellable(actor, SealedCase.case_id))))
    assert where == held
    assert {one.case_id for one in list_told(session, actor, cases)} == held
    assert {row.case_id for row in list_desk(session, actor, EVERYTHING, today=today, cursor=None).items} == held
    counts, shown = count_lanes(session, actor, Asked(lane=Shown.NEW), today=today)
    assert (counts[Shown.NEW], shown) == (len(held), len(held))
    for case_id in cases:
        if case_id in held:
            found = get_told(session, actor, case_id)
            named = {one.person_id for one in list_holders(session, case_id, found.body_id, today=today)}
            assert actor.person_id in named
            assert list_lines(session, actor, found) == []
        else:
            with pytest.raises(NotFound):
                get_told(session, actor, case_id)


def test_nonsense_is_not_there_and_a_dropped_reader_meets_it(told: Told) -> None:
    case = told.came("head", "deputy")
    told.take("head", case)
    told.begins_anew(case, "head")
    for who, what in (("deputy", case), ("deputy", random_bytes(16)), ("rep", case)):
        with pytest.raises(NotFound):
            told.look(who, get_told, what)
    assert told.look("deputy", list_desk, EVERYTHING, today=told.today, cursor=None).items == []
    assert told.look("head", list_desk, EVERYTHING, today=told.today, cursor=None).items != []


def test_what_is_told_goes_with_its_thread(told: Told) -> None:
    gone, stays = told.came("head"), told.came("head")
    told.take("head", gone)
    told.take("head", stays)
    told.desk.forget(gone)
    told.later(days=1)
    told.sweep()
    with told.desk.database.reading() as session:
        assert set(session.scalars(select(ToldThread.case_id))) == {stays}
        assert set(session.scalars(select(DeskPlace.case_id))) == {stays}
