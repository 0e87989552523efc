"""Two people, packs and their time once more, on PostgreSQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from portal.cases.turn import Desk
from portal.core.db import Database
from portal.migrations.tables import METADATA
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays
from tests.subject_access.answering.test_duties import *  # noqa: F403 - the same tests, on another database
from tests.subject_access.answering.test_packs import *  # noqa: F403
from tests.subject_access.answering.test_two_people import *  # noqa: F403
from tests.subject_access.conftest import MONDAY, PEOPLE, World, actor_of, settle

pytestmark = pytest.mark.postgres
del test_the_pages_of_a_pack_are_valid  # noqa: F821 - it asks no database


@pytest.fixture
def world(postgres_database: Database, settings: Settings) -> Iterator[World]:
    """The same people, in the other database."""
    clock = settings.data_folder / "clock"
    clock.write_text(MONDAY.isoformat())
    timed = settings.model_copy(update={"test_clock": clock})
    found = settle(postgres_database, timed)
    actors = {name: actor_of(member, PEOPLE[name][1]) for name, member in found.members.items()}
    desk = Desk(WorkingDays(), timed.vault, MONDAY)
    yield World(postgres_database, timed, desk, found.bodies, found.members, actors, clock)
    names = ", ".join(f'"{table.name}"' for table in METADATA.sorted_tables)
    with postgres_database.writing() as session:
        session.execute(text(f"TRUNCATE {names}"))
