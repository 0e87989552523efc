"""Two bodies, workers, officers of each, and the desk of a Monday morning (story 9)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.account.routes import router as account_router
from portal.cases import service as cases
from portal.cases.models import Case
from portal.cases.queries import find_assigned
from portal.cases.rules import CaseKind, Duty, Relation
from portal.cases.sent import Sent
from portal.cases.service import NewCase
from portal.cases.turn import Desk, Turn
from portal.complaints.models import ComplaintAlternate
from portal.complaints.opening import NewComplaint, submit
from portal.complaints.queries import get_for_desk
from portal.complaints.routes import router
from portal.core import ids
from portal.core.blobs import BlobStore
from portal.core.db import Database
from portal.core.text import Locale, Words, msg
from portal.directory.models import Body
from portal.directory.rules import BodyKind, RoleName
from portal.home.case_pages import router as case_router
from portal.identity.actor import Actor, Holding
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays
from tests.people import Member, add_member
from tests.prepared import Prepared
from tests.visitors import Visitor, make_rooms, visiting

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PEOPLE = {
    "sian": ("taran", ()),
    "gwen": ("taran", ()),
    "owain": ("taran", ()),
    "rhodri": ("taran", (RoleName.DATA_PROTECTION_OFFICER,)),
    "bethan": ("taran", (RoleName.REQUEST_HANDLER,)),
    "helen": ("taran", (RoleName.RESPONSIBLE_MANAGER,)),
    "mair": ("taran", (RoleName.ADMINISTRATOR,)),
    "dafydd": ("mynach", (RoleName.DATA_PROTECTION_OFFICER,)),
    "nia": ("mynach", ()),
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
        return replace(self.desk, now=at(day))

    def set_time(self, instant: datetime) -> None:
        self.clock.write_text(instant.isoformat())

    def complain(self, session: Session, by: Any = None, desk: Desk | None = None, **changes: Any) -> Case:
        """Siân's complaint of today to the council, changed as asked."""
        new = NewComplaint(
            case_id=ids.new_id(),
            body_id=self.bodies["taran"].id,
            what=Words("Defnyddiodd y rota fy nata salwch"),
            locale=Locale.CY,
            answer_locale=Locale.CY,
            requester_person_id=self["sian"].person_id,
        )
        return submit(session, by or self["sian"], replace(new, **changes), desk=desk or self.desk)

    def request(self, session: Session, *handled: str, kind: CaseKind = CaseKind.ACCESS, who: str = "sian") -> Case:
        """A request of somebody that these officers had a hand in."""
        new = NewCase(
            case_id=ids.new_id(),
            kind=kind,
            body_id=self.bodies["taran"].id,
            state="received",
            received_on=self.desk.today,
            locale=Locale.CY,
            said=msg("The request came in"),
            requester_person_id=self[who].person_id,
        )
        case = cases.open_case(session, self[who], new, desk=self.desk)
        for name in handled:
            Turn(session, self[name], case, Relation.OFFICER, self.desk).tell("work", msg("The work began"))
        return case

    def name_alternates(self, session: Session, *names: str, body: str = "taran") -> None:
        for place, name in enumerate(names):
            session.add(
                ComplaintAlternate(
                    id=ids.new_id(), body_id=self.bodies[body].id, person_id=self[name].person_id, place=place,
                    named_at=self.desk.now, named_by=self["mair"].account_id,
                )
            )  # fmt: skip
        session.flush()

    def case(self, session: Session, by: str, reference: str) -> Case:
        """As the desk of that person finds it."""
        return get_for_desk(session, self[by], reference)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def sent(version: int | None = None) -> Sent:
    return Sent(ids.new_id(), version)


def handler_of(session: Session, case: Case) -> str | None:
    person = find_assigned(session, case, Duty.HANDLER)
    return person.email.partition("@")[0] if person is not None else None


def case_of(world: World, reference: str) -> Case:
    with world.database.reading() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        session.expunge(case)
        return case


@dataclass(frozen=True)
class Inhabitants:
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
    return Prepared(tmp_path_factory.mktemp("complaints"), empty_file, settle)


@pytest.fixture
def world(database: Database, settings: Settings, inhabitants: Prepared[Inhabitants]) -> World:
    return make_world(database, settings, inhabitants.copy_to(settings))


def make_world(database: Database, settings: Settings, found: Inhabitants) -> World:
    clock = settings.data_folder / "clock"
    clock.write_text(MONDAY.isoformat())
    timed = settings.model_copy(update={"test_clock": clock})
    actors = {}
    for name, member in found.members.items():
        held = frozenset(Holding(role, member.person.body_id) for role in PEOPLE[name][1])
        account = member.account
        actors[name] = Actor(account.id, member.person.id, account.kind, member.person.body_id, held, None)
    desk = Desk(WorkingDays(), timed.vault, MONDAY)
    return World(database, timed, desk, found.bodies, found.members, actors, clock)


@pytest.fixture
def rooms(world: World) -> FastAPI:
    return make_rooms(world.settings, world.database, account_router, case_router, router)


@pytest.fixture
def visitor(rooms: FastAPI) -> Iterator[Visitor]:
    with visiting(rooms) as one:
        yield one
