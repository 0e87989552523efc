"""Complaints once more, on PostgreSQL; and two who decide in the same moment."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from anonymity.receipt import case_locator, draw_code, locator_hash
from portal.cases.models import Case
from portal.cases.rules import Relation
from portal.complaints import deciding, naming
from portal.complaints.models import Complaint, ComplaintAlternate, ComplaintDecision
from portal.complaints.rules import Outcome, Theme
from portal.core import errors
from portal.core.db import Database
from portal.core.text import Words
from portal.directory.queries import get_person
from portal.settings.models import Settings
from tests.complaints.conftest import World, make_world, sent, settle
from tests.complaints.test_hostile import *  # noqa: F403
from tests.complaints.test_opening import *  # noqa: F403 - the same tests, on another database
from tests.complaints.test_returns import *  # noqa: F403
from tests.complaints.test_time import *  # noqa: F403
from tests.complaints.test_working import *  # noqa: F403
from tests.postgres import empty

pytestmark = pytest.mark.postgres


@pytest.fixture
def world(postgres_database: Database, settings: Settings) -> Iterator[World]:
    """The same people, in the other database."""
    yield make_world(postgres_database, settings, settle(postgres_database, settings))
    empty(postgres_database)


def test_of_two_who_decide_in_the_same_moment_one_is_told(world: World) -> None:
    with world.database.writing() as session:
        case = world.complain(session)
        case_id, version = case.id, case.version
    start, told = threading.Barrier(2), []

    def decide(name: str) -> None:
        start.wait()
        try:
            with world.database.writing() as session:
                case = session.get_one(Case, case_id)
                deciding.decide(
                    session, world[name], case, Outcome.UPHELD, Theme.OTHER, Words("r"), sent(version), desk=world.desk
                )
        except (errors.Conflict, errors.Refused) as refusal:
            told.append(refusal)

    people = [threading.Thread(target=decide, args=(name,)) for name in ("rhodri", "bethan")]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert len(told) == 1
    with world.database.reading() as session:
        assert len(session.scalars(select(ComplaintDecision)).all()) == 1


def test_who_presses_twice_in_one_moment_gets_the_first_complaint_twice(world: World) -> None:
    code = draw_code()
    given: dict[str, Any] = {"requester_person_id": None, "locator_hash": locator_hash(case_locator(code))}
    start, found = threading.Barrier(2), []

    def press() -> None:
        start.wait()
        with world.database.writing() as session:
            found.append(world.complain(session, Relation.REQUESTER, case_id="c" * 26, **given).id)

    people = [threading.Thread(target=press) for _ in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert found == ["c" * 26] * 2
    with world.database.reading() as session:
        assert len(session.scalars(select(Complaint)).all()) == 1


def test_of_two_administrators_who_name_one_person_in_one_moment_the_second_is_told(world: World) -> None:
    body_id, nia = world.bodies["taran"].id, world["nia"].person_id
    start, told = threading.Barrier(2), []

    def press() -> None:
        start.wait()
        try:
            with world.database.writing() as session:
                naming.name(session, world["mair"], body_id, get_person(session, nia), now=world.desk.now)
        except errors.Refused as refusal:
            told.append(refusal.message)

    people = [threading.Thread(target=press) for _ in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert told == [naming.IS_NAMED]
    with world.database.reading() as session:
        assert session.scalars(select(ComplaintAlternate.person_id)).all() == [nia]
