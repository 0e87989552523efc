"""What waits, is late, or has nobody to work on it, on PostgreSQL: the same tests in the other database."""

import pytest

from tests.decision_review.desk.test_managed import four
from tests.decision_review.desk.test_managed import (
    test_a_manager_reads_all_of_their_systems_and_filters_by_where_they_stand as test_managed,
)
from tests.decision_review.desk.test_without_officer import (
    test_it_is_told_at_once_and_once_and_anew_when_an_officer_came_and_went as test_without_officer,
)
from tests.decision_review.reviewing.test_chasing import (
    test_a_second_seat_that_nobody_was_given_is_told_to_the_officers_and_then_to_the_top as test_chased,
)
from tests.decision_review.test_on_postgresql import demonstrated, rows

pytestmark = pytest.mark.postgres
__all__ = ["demonstrated", "four", "rows", "test_chased", "test_managed", "test_without_officer"]
