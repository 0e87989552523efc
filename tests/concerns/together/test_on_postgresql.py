"""Causes and what comes after an outcome once more, on PostgreSQL: two at once as well."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from portal.concerns.after.duties import go_on_after_outcomes
from portal.concerns.casework.models import ToldEvent
from portal.core.db import Database
from tests.concerns.after.test_duties import (  # noqa: F401 - the same tests, on another database
    After,
    after,
    on,
    test_what_is_written_after_it_closed_is_proposed_and_taken_up_again_within_a_year,
    test_what_was_told_goes_with_the_thread_and_stays_while_it_is_held,
    test_whoever_works_on_it_is_reminded_twice_from_nine_and_then_it_closes,
)
from tests.concerns.casework.seated import Seated
from tests.concerns.together.conftest import Taken
from tests.concerns.together.test_collectives import (  # noqa: F401
    add,
    app,
    begin,
    seen_by,
    take_out,
    test_the_sheet_counts_what_its_reader_can_open_and_was_told_before_the_quarter,
    test_what_is_taken_out_and_put_back_is_as_if_nothing_had_happened,
    test_who_holds_fewer_sees_no_band_that_they_could_not_count,
)
from tests.core.test_db import together
from tests.postgres import empty

pytestmark = pytest.mark.postgres


@pytest.fixture
def database(postgres_database: Database) -> Iterator[Database]:
    """The same rows, in the other database."""
    yield postgres_database
    empty(postgres_database)


def test_of_two_who_put_the_same_there_at_once_both_find_it_and_it_is_there_once(seated: Seated, taken: Taken) -> None:
    first, second = taken("rep", "second"), taken("rep", "second")
    made, _outcomes = begin(seated, "rep", first)
    people = iter(("rep", "second"))
    assert together(lambda: add(seated, next(people), made, first, second), 2) == []
    people = iter(("rep", "second"))
    assert together(lambda: take_out(seated, next(people), made, second), 2) == []
    seen = seen_by(seated, "rep", made)
    assert seen is not None
    assert (seen.linked, seen.ever) == (1, 2)
    with seated.database.reading() as session:
        lines = select(func.count()).select_from(ToldEvent).where(ToldEvent.case_id == second)
        assert session.scalar(lines) == 2


def test_of_two_sweeps_at_once_one_asks(after: After) -> None:  # noqa: F811
    settings = after.seated.settings
    assert together(lambda: go_on_after_outcomes(after.database, settings, on(30)), 2) == []
    assert len(after._letters()) == 1
    with after.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ToldEvent)) == 1
