"""The verbs and the reading of cases once more, on PostgreSQL."""

from collections.abc import Iterator

import pytest

from portal.core.db import Database
from tests.cases.conftest import World, build
from tests.cases.test_correspondence import *  # noqa: F403 - the same tests, on another database
from tests.cases.test_queries import *  # noqa: F403
from tests.cases.test_service import *  # noqa: F403
from tests.postgres import empty

pytestmark = pytest.mark.postgres
del test_a_deep_page_of_a_queue_is_read_from_an_index_in_order  # noqa: F821 - it reads SQLite's own plan


@pytest.fixture
def world(postgres_database: Database) -> Iterator[World]:
    """The same small world, in the other database."""
    yield build(postgres_database)
    empty(postgres_database)
