"""Nobody finds out a small number of reviews: every table is attacked, and a second world must fit what is shown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.cases.suppression import another_world, found_out, is_small
from portal.decision_review.learning.tables import (
    EVERY_POINT,
    LEAST_TOLD,
    OUTCOMES_TOLD,
    Column,
    Key,
    Line,
    Table,
    cells_of,
    is_nobodys,
    tables_of,
)
from portal.decision_review.rules import Outcome
from tests.worlds import is_a_world

FIRST = date(2026, 4, 1)
LATER = date(2028, 4, 1)


@dataclass(frozen=True)
class Made:
    decision_point: str
    finished_on: date
    working_days: int
    outcome: Outcome | None
    nobody_alone: bool = True
    nobody_alone_at_point: bool = True


MADE = st.builds(
    Made,
    decision_point=st.sampled_from(["score", "shift", ""]),
    finished_on=st.integers(0, 400).map(lambda days: FIRST + timedelta(days=days)),
    working_days=st.integers(0, 40),
    outcome=st.sampled_from([None, *Outcome, Outcome.UPHELD, Outcome.UPHELD, Outcome.OVERTURNED]),
)
OF_ONE = st.builds(replace, MADE, nobody_alone=st.booleans(), nobody_alone_at_point=st.booleans())
"""Some were one person's: that withholds more, and tells nothing more."""


def of_period(figures: Sequence[Made], table: Table) -> list[Made]:
    return [one for one in figures if table.first <= one.finished_on <= table.last]


@settings(max_examples=80, deadline=None)
@given(st.lists(MADE, min_size=LEAST_TOLD, max_size=60))
def test_no_small_number_follows_from_two_figures_and_the_margins(figures: list[Made]) -> None:
    tables = tables_of(figures, LATER)
    assert tables
    for table in tables:
        true, sums = cells_of(of_period(figures, table))
        shown = {(line.point, column): number for line in table.lines for column, number in line.numbers.items()}
        true = {key: number for key, number in true.items() if key in shown}
        sums = [line for line in sums if all(member in true for member in line.members)]
        hidden: set[Key] = {key for key, number in shown.items() if number is None}
        assert all(shown[key] in {None, number} for key, number in true.items())
        small = {key for key, number in true.items() if is_small(number)}
        assert small <= hidden
        assert not found_out(true, sums, hidden) & small  # type: ignore[arg-type]
        for key in small:
            changes = another_world(true, sums, hidden, key)  # type: ignore[arg-type]
            assert changes is not None, key
            assert is_a_world(changes, true, hidden, sums, key)  # type: ignore[arg-type]


@settings(max_examples=40, deadline=None)
@given(st.lists(OF_ONE, min_size=1, max_size=60))
def test_periods_never_overlap_and_what_was_told_stays(figures: list[Made]) -> None:
    before: tuple[Table, ...] = ()
    for days in range(0, 500, 60):
        today = FIRST + timedelta(days=days)
        known = [one for one in figures if one.finished_on <= today]
        tables = tables_of(known, today)
        assert tables[: len(before)] == before
        for one, following in pairwise(tables):
            assert following.first == one.last + timedelta(days=1)
        assert all(len(of_period(figures, table)) >= LEAST_TOLD for table in tables)
        before = tables


@settings(max_examples=40, deadline=None)
@given(st.lists(OF_ONE, min_size=LEAST_TOLD, max_size=60))
def test_a_share_and_a_median_follow_from_what_is_shown_alone(figures: list[Made]) -> None:
    for table in tables_of(figures, LATER):
        for line in table.lines:
            override, upheld = line.numbers[Column.OVERRIDE], line.numbers[Column.UPHELD]
            told = override is not None and upheld is not None and override + upheld >= 5
            assert (line.percent is not None) == told
            assert line.days is None or (told and line.numbers[Column.EXPLAINED] is not None)
            if override is not None and upheld is not None and told:
                assert line.percent == override * 100 // (override + upheld)


def test_nothing_is_told_before_ten_reviews_have_ended_and_the_quarter_is_over() -> None:
    figures = [Made("score", FIRST + timedelta(days=at), 8, Outcome.OVERTURNED) for at in range(LEAST_TOLD)]
    assert tables_of(figures[:-1], LATER) == ()
    assert tables_of(figures, date(2026, 7, 14)) == ()
    (table,) = tables_of(figures, date(2026, 7, 15))
    (line,) = table.lines
    assert (table.first, table.last) == (FIRST, date(2026, 6, 30))
    assert (line.numbers[Column.REQUESTS], line.percent, line.days) == (10, 100, 8.0)


ONE, TWO = frozenset({"one"}), frozenset({"two"})


def test_decisions_are_nobodys_when_each_person_left_two_to_others() -> None:
    assert not is_nobodys([])
    assert not is_nobodys([ONE] * 20)
    assert not is_nobodys([ONE] * 20 + [TWO])
    assert is_nobodys([ONE] * 20 + [TWO] * 2)
    assert not is_nobodys([ONE | TWO] * 20)
    assert not is_nobodys([ONE | TWO] * 20 + [ONE])


PEOPLE = st.lists(st.sets(st.sampled_from("abc"), min_size=1, max_size=2).map(frozenset), max_size=12)


@given(PEOPLE, PEOPLE)
def test_more_decisions_never_make_them_one_persons(some: list[frozenset[str]], more: list[frozenset[str]]) -> None:
    assert is_nobodys(some + more) or not is_nobodys(some)


def each(point: str, number: int, *, alone: bool, alone_at_point: bool) -> list[Made]:
    return [
        Made(point, FIRST + timedelta(days=at), 8, outcome, not alone, not alone_at_point)
        for outcome in (Outcome.OVERTURNED, Outcome.UPHELD)
        for at in range(number)
    ]


def is_told_of(line: Line) -> bool:
    """Whether anything tells how its reviews were decided."""
    told = any(line.numbers[column] is not None for column in OUTCOMES_TOLD)
    return told or line.percent is not None or line.days is not None


def test_how_reviews_were_decided_is_withheld_where_one_person_decided() -> None:
    (table,) = tables_of(each("score", 8, alone=True, alone_at_point=True), LATER)
    (line,) = table.lines
    assert not is_told_of(line)
    assert (line.numbers[Column.REQUESTS], line.numbers[Column.ENDED]) == (16, 0)
    (table,) = tables_of(each("score", 8, alone=False, alone_at_point=False), LATER)
    assert table.lines[0].percent == 50


def test_no_decision_point_is_told_where_the_sum_would_tell_one_persons() -> None:
    apart = each("score", 8, alone=False, alone_at_point=False)
    (table,) = tables_of(apart + each("shift", 6, alone=False, alone_at_point=True), LATER)
    assert [(line.point, is_told_of(line)) for line in table.lines] == [
        ("score", False),
        ("shift", False),
        (EVERY_POINT, True),
    ]
    (table,) = tables_of(apart + each("shift", 6, alone=False, alone_at_point=False), LATER)
    assert all(is_told_of(line) for line in table.lines)
