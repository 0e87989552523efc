"""Two bodies, workers, officers of each, and the desk of a Monday morning."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from portal.account.routes import router as account_router
from portal.cases.models import Case
from portal.cases.turn import Desk
from portal.core import ids
from portal.core.blobs import BlobStore
from portal.core.db import Database
from portal.core.text import Locale, Words
from portal.directory.models import Body
from portal.directory.rules import BodyKind, RoleName
from portal.home.calendar import router as calendar_router
from portal.identity.actor import Actor, Holding
from portal.settings.models import Settings
from portal.subject_access.routes import router
from portal.subject_access.rules import AnswerFormat
from portal.subject_access.service import NewRequest, Sent, submit
from portal.timelimits.calendar import WorkingDays
from tests.people import Member, add_member
from tests.postgres import empty
from tests.prepared import Prepared
from tests.visitors import Visitor, make_rooms, visiting

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PEOPLE = {
    "sian": ("taran", ()),
    "gwen": ("taran", ()),
    "rhodri": ("taran", (RoleName.DATA_PROTECTION_OFFICER,)),
    "bethan": ("taran", (RoleName.REQUEST_HANDLER,)),
    "carys": ("taran", (RoleName.REQUEST_HANDLER,)),
    "helen": ("taran", (RoleName.RESPONSIBLE_MANAGER,)),
    "dafydd": ("mynach", (RoleName.DATA_PROTECTION_OFFICER,)),
}


@dataclass
class World:
    """People by first name, bodies by slug, and what the verbs need."""

    database: Database
    settings: Settings
    desk: Desk
    bodies: dict[str, Body]
    members: dict[str, Member]
    actors: dict[str, Actor]
    clock: Path

    def __getitem__(self, name: str) -> Actor:
        return self.actors[name]

    @property
    def blobs(self) -> BlobStore:
        return BlobStore(self.settings.blob_folder, self.settings.vault)

    def on(self, day: date) -> Desk:
        return replace(self.desk, now=datetime(day.year, day.month, day.day, 12, tzinfo=UTC))

    def after(self, days: int) -> Desk:
        return replace(self.desk, now=self.desk.now + timedelta(days=days))

    def set_time(self, instant: datetime) -> None:
        self.clock.write_text(instant.isoformat())

    def make_officer(self, name: str) -> None:
        """From now on this member acts as a data protection officer of their body."""
        self.actors[name] = actor_of(self.members[name], (RoleName.DATA_PROTECTION_OFFICER,))

    def new(self, **changes: Any) -> NewRequest:
        """Siân's request of today to the council, changed as asked."""
        new = NewRequest(
            case_id=ids.new_id(),
            body_id=self.bodies["taran"].id,
            wanted=Words("Fy shifftiau a phwy a’u newidiodd"),
            is_everything=False,
            locale=Locale.CY,
            answer_locale=Locale.CY,
            answer_format=AnswerFormat.DOWNLOAD,
            requester_person_id=self["sian"].person_id,
        )
        return replace(new, **changes)

    def request(self, session: Session, by: Any = None, **changes: Any) -> Case:
        return submit(session, by or self["sian"], self.new(**changes), desk=self.desk)


def sent(version: int | None = None) -> Sent:
    """A desk form with a new id."""
    return Sent(ids.new_id(), version)


@dataclass(frozen=True)
class Inhabitants:
    """Bodies by slug, and people by first name."""

    bodies: dict[str, Body]
    members: dict[str, Member]


def settle(database: Database, settings: Settings) -> Inhabitants:
    bodies: dict[str, Body] = {}
    members: dict[str, Member] = {}
    with database.writing() as session:
        for slug in ("taran", "mynach"):
            bodies[slug] = Body(
                id=ids.new_id(), slug=slug, name_cy=f"Cyngor {slug}", name_en=f"{slug} Council", kind=BodyKind.COUNCIL
            )
            session.add(bodies[slug])
        session.flush()
        for name, (slug, roles) in PEOPLE.items():
            email = f"{name}@{slug}.example"
            members[name] = add_member(session, settings, MONDAY, email=email, body=bodies[slug], roles=roles)
    return Inhabitants(bodies, members)


@pytest.fixture(scope="session")
def inhabitants(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Prepared[Inhabitants]:
    return Prepared(tmp_path_factory.mktemp("subject-access"), empty_file, settle)


@pytest.fixture
def world(database: Database, settings: Settings, inhabitants: Prepared[Inhabitants]) -> World:
    clock = settings.data_folder / "clock"
    clock.write_text(MONDAY.isoformat())
    timed = settings.model_copy(update={"test_clock": clock})
    found = inhabitants.copy_to(settings)
    actors = {name: actor_of(member, PEOPLE[name][1]) for name, member in found.members.items()}
    desk = Desk(WorkingDays(), timed.vault, MONDAY)
    return World(database, timed, desk, found.bodies, found.members, actors, clock)


@contextmanager
def world_on(database: Database, settings: Settings) -> Iterator[World]:
    """The same people in the PostgreSQL of the tests, which is empty again afterwards."""
    clock = settings.data_folder / "clock"
    clock.write_text(MONDAY.isoformat())
    timed = settings.model_copy(update={"test_clock": clock})
    found = settle(database, timed)
    actors = {name: actor_of(member, PEOPLE[name][1]) for name, member in found.members.items()}
    desk = Desk(WorkingDays(), timed.vault, MONDAY)
    try:
        yield World(database, timed, desk, found.bodies, found.members, actors, clock)
    finally:
        empty(database)


def actor_of(member: Member, roles: tuple[RoleName, ...]) -> Actor:
    held = frozenset(Holding(role, member.person.body_id) for role in roles)
    account = member.account
    return Actor(account.id, member.person.id, account.kind, member.person.body_id, held, None)


@pytest.fixture
def rooms(world: World) -> FastAPI:
    return make_rooms(world.settings, world.database, account_router, calendar_router, router)


@pytest.fixture
def visitor(rooms: FastAPI) -> Iterator[Visitor]:
    with visiting(rooms) as one:
        yield one


@pytest.fixture
def officer(rooms: FastAPI) -> Iterator[Visitor]:
    with visiting(rooms) as one:
        one.get("/en/my/sign-in")
        assert one.sign_in("rhodri@taran.example").status_code == 303
        yield one
