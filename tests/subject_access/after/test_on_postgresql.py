"""Deleting for good, holds and what stays of a request once more, on PostgreSQL: its keys refuse more than SQLite’s."""

from collections.abc import Iterator

import pytest

from portal.core.db import Database
from portal.settings.models import Settings
from tests.subject_access.after.test_erasing import *  # noqa: F403 - the same tests, on another database
from tests.subject_access.after.test_holds import *  # noqa: F403
from tests.subject_access.conftest import World, world_on

pytestmark = pytest.mark.postgres


@pytest.fixture
def world(postgres_database: Database, settings: Settings) -> Iterator[World]:
    """The same people, in the other database."""
    with world_on(postgres_database, settings) as one:
        yield one
