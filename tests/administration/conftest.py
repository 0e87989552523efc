"""Two bodies and a union's branch with their administrators, made once a process, and the pages they work on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.account import routes as account
from portal.administration import routes as administration
from portal.core.db import Database
from portal.core.ids import new_id
from portal.directory.models import StaffGroup, Workplace
from portal.directory.rules import RoleName
from portal.settings.models import Settings
from tests.administration.world import ADMIN, UNION_ADMIN, World
from tests.people import add_body, add_branch, add_member
from tests.prepared import START_OF_TESTS, Prepared, settings_in
from tests.visitors import Visitor, make_rooms, visiting


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The settings of the tests, with the clock stopped."""
    clock = tmp_path / "clock"
    clock.write_text(START_OF_TESTS.isoformat(), encoding="utf-8")
    return settings_in(tmp_path, PORTAL_TEST_CLOCK=str(clock))


def fill(database: Database, settings: Settings) -> World:
    now = START_OF_TESTS
    with database.writing() as session:
        body, other, branch = add_body(session), add_body(session, "other"), add_branch(session)
        place = Workplace(id=new_id(), body_id=body.id, slug="depo", name_cy="Depo", name_en="Depot")
        group = StaffGroup(id=new_id(), body_id=body.id, code="refuse", name_cy="Gwastraff", name_en="Refuse")
        session.add_all([place, group])
        union_roles = (RoleName.UNION_REPRESENTATIVE, RoleName.UNION_ADMINISTRATOR)
        return World(
            heledd=add_member(session, settings, now, email=ADMIN, body=body, roles=(RoleName.ADMINISTRATOR,)),
            sian=add_member(session, settings, now, email="sian@taran.example", body=body, roles=(RoleName.REVIEWER,)),
            stranger=add_member(session, settings, now, email="arall@other.example", body=other),
            carys=add_member(session, settings, now, email=UNION_ADMIN, branch=branch, roles=union_roles),
            place_id=place.id,
            group_id=group.id,
        )


@pytest.fixture(scope="session")
def prepared(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Prepared[World]:
    return Prepared(tmp_path_factory.mktemp("administration"), empty_file, fill)


@pytest.fixture
def world(database: Database, settings: Settings, prepared: Prepared[World]) -> World:
    return prepared.copy_to(settings)


@pytest.fixture
def visitor(database: Database, settings: Settings, world: World) -> Iterator[Visitor]:
    with visiting(make_rooms(settings, database, account.router, administration.router)) as one:
        yield one


@pytest.fixture
def admin(visitor: Visitor) -> Visitor:
    visitor.sign_in(ADMIN)
    return visitor


@pytest.fixture
def union_admin(visitor: Visitor) -> Visitor:
    visitor.sign_in(UNION_ADMIN)
    return visitor
