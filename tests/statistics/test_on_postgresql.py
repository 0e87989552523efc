"""Reports on PostgreSQL: frozen, added up, and found again as on SQLite."""

from collections.abc import Iterator

import pytest

from portal.core.db import Database
from portal.settings.models import Settings
from tests.concerns.casework.seated import seat
from tests.postgres import empty
from tests.statistics.conftest import Joint
from tests.statistics.test_freezing import (
    test_a_report_that_was_told_never_changes_and_later_facts_stand_in_the_next_as_such,
    test_concerns_are_counted_by_theme_where_the_employers_side_reads_and_nothing_else_of_them,
)

__all__ = [
    "test_a_report_that_was_told_never_changes_and_later_facts_stand_in_the_next_as_such",
    "test_concerns_are_counted_by_theme_where_the_employers_side_reads_and_nothing_else_of_them",
]
pytestmark = pytest.mark.postgres


@pytest.fixture
def joint(postgres_database: Database, settings: Settings) -> Iterator[Joint]:
    """The same readers, in the other database."""
    yield Joint(seat(postgres_database, settings))
    empty(postgres_database)
