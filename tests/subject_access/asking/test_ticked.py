"""Systems that were ticked: they alone are searched when nothing else was asked for; else they are searched, too."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.turn import Desk
from portal.core import ids
from portal.core.db import Database
from portal.core.text import Locale, Words
from portal.directory.intake import import_directory
from portal.directory.models import Body, Person
from portal.directory.sheet import read_directory
from portal.identity.actor import Actor
from portal.identity.models import Account
from portal.identity.rules import AccountKind
from portal.register.importing import import_register
from portal.register.intake import read_register
from portal.register.models import System
from portal.settings.models import Settings
from portal.subject_access.asking.service import Asked, ask_all
from portal.subject_access.queries import get_request
from portal.subject_access.searching.models import SearchPlace
from portal.subject_access.searching.planning import make_plan
from portal.subject_access.searching.rules import PlaceKind
from portal.subject_access.service import NewRequest
from portal.timelimits.calendar import WorkingDays
from tests.prepared import START_OF_TESTS
from tests.register.conftest import DEMO

CODES = ("K7RT3M", "GN3W7X")


@dataclass
class Town:
    """The demonstration's council, a driver of it, and a mailbox that is searched besides the systems."""

    session: Session
    desk: Desk
    actor: Actor
    body: Body
    systems: tuple[str, ...]

    def ask(self, wanted: str, *systems: str, everything: bool = False) -> Case:
        new = NewRequest(
            case_id=ids.new_id(),
            body_id=self.body.id,
            wanted=Words(wanted or "Popeth y mae’r system hon yn ei ddal"),
            is_everything=everything,
            locale=Locale.CY,
            answer_locale=Locale.CY,
            requester_person_id=self.actor.person_id,
            system_id=systems[0] if len(systems) == 1 else None,
        )
        asked = Asked(new, systems, is_alone=not wanted and not everything)
        return ask_all(self.session, self.actor, [asked], desk=self.desk)[0]

    def planned(self, case: Case) -> list[str | None]:
        """The systems of the planned tasks; None for the mailbox."""
        tasks = make_plan(self.session, case, get_request(self.session, case), desk=self.desk)
        return [self.session.get_one(SearchPlace, task.place_id).system_id for task in tasks]


@pytest.fixture
def town(database: Database, settings: Settings) -> Iterator[Town]:
    with database.writing() as session:
        import_directory(session, read_directory((DEMO / "directory.csv").read_bytes()), now=START_OF_TESTS)
        import_register(session, read_register((DEMO / "register.json").read_bytes()), now=START_OF_TESTS)
        driver = session.scalars(select(Person).where(Person.email.startswith("gwynfor.hughes@"))).one()
        systems = tuple(session.scalars(select(System.id).where(System.short_code.in_(CODES)).order_by(System.id)))
        body = session.get_one(Body, driver.body_id)
        session.add(
            SearchPlace(id=ids.new_id(), body_id=body.id, kind=PlaceKind.MAIL, name_cy="E-bost", name_en="Email")
        )
        session.flush()
        desk = Desk(WorkingDays(), settings.vault, START_OF_TESTS)
        account = ids.new_id()
        session.add(
            Account(
                id=account,
                person_id=driver.id,
                kind=AccountKind.STAFF,
                email=driver.email,
                created_at=START_OF_TESTS,
            )
        )
        session.flush()
        actor = Actor(account, driver.id, AccountKind.STAFF, body.id, frozenset(), None)
        yield Town(session, desk, actor, body, systems)


def test_what_is_ticked_alone_is_searched_alone_and_words_or_everything_beside_it_search_the_rest_too(
    town: Town,
) -> None:
    one = town.ask("", town.systems[0])
    assert town.planned(one) == [town.systems[0]]
    both = town.ask("", *town.systems)
    assert sorted(filter(None, town.planned(both))) == sorted(town.systems)
    assert len(town.planned(both)) == 2
    for case in (town.ask("A’r e-byst", *town.systems), town.ask("", *town.systems, everything=True)):
        planned = town.planned(case)
        assert None in planned and set(town.systems) <= set(planned)
