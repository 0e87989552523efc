"""Two people, packs and their time once more, on PostgreSQL."""

from collections.abc import Iterator

import pytest

from portal.core.db import Database
from portal.settings.models import Settings
from tests.subject_access.answering.test_duties import *  # noqa: F403 - the same tests, on another database
from tests.subject_access.answering.test_packs import *  # noqa: F403
from tests.subject_access.answering.test_two_people import *  # noqa: F403
from tests.subject_access.conftest import World, world_on

pytestmark = pytest.mark.postgres
del test_the_pages_of_a_pack_are_valid  # noqa: F821 - it asks no database


@pytest.fixture
def world(postgres_database: Database, settings: Settings) -> Iterator[World]:
    """The same people, in the other database."""
    with world_on(postgres_database, settings) as one:
        yield one
