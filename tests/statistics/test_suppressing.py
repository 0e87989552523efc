"""A star keeps its secret from whoever has every report, every total, and the rule by which it was set."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.cases.suppression import SMALL
from portal.concerns.casework.rules import Theme
from portal.home.figures import ALL, counted_concerns
from portal.statistics.rules import Care, Counted
from portal.statistics.suppressing import became_known, late, leaves_all, rounded, span, tell, tell_few

FEW = range(SMALL)
NUMBER = st.one_of(st.integers(0, 7), st.integers(0, 40))
THEMES = (*(theme.value for theme in Theme), "none")
WORLD = st.lists(NUMBER, min_size=len(THEMES), max_size=len(THEMES))


def told(numbers: Sequence[int], names: Sequence[str] = THEMES) -> Mapping[str, int | None]:
    return tell(counted_concerns(dict(zip(names, numbers, strict=True))))


def another(numbers: Sequence[int], place: int, value: int) -> list[int]:
    """A world in which this number is that one: what it is more or less, others take or give within what is told of
    them, until the total fits again; where no total is told, it need not."""
    found = list(numbers)
    found[place] = value
    off = numbers[place] - value
    for at, number in enumerate(numbers):
        if at != place:
            low, high = span(tell_few(number))
            moved = min(max(off, low - number), high - number)
            found[at], off = number + moved, off - moved
    return found


def test_every_world_of_three_lines_leaves_every_star_all_its_values() -> None:
    """All worlds of nought to twelve, grouped by the report they make: whoever knows the rule can do no more."""
    makes: dict[tuple[int | None, ...], list[tuple[int, ...]]] = defaultdict(list)
    for world in product(range(13), repeat=3):
        makes[tuple(told(world, "abc").values())].append(world)
    assert len(makes) > 40
    for shown, worlds in makes.items():
        for place, number in enumerate(shown[1:]):
            possible = {world[place] for world in worlds}
            assert number is not None or possible == set(FEW), (shown, place)
            assert not any(0 < one < SMALL for one in possible) or number is None


@settings(max_examples=60)
@given(WORLD)
def test_behind_every_star_of_the_concerns_each_number_makes_the_very_same_report(numbers: list[int]) -> None:
    report = told(numbers)
    for place, theme in enumerate(THEMES):
        if report[theme] is None:
            for value in FEW:
                others = [another(numbers, place, value), *unbound(numbers, place, value)]
                assert any(told(one) == report and one[place] == value for one in others), (theme, value)


def unbound(numbers: Sequence[int], place: int, value: int) -> list[list[int]]:
    """Where no total is told: the others at their least, and at their most."""
    spans = [span(tell_few(number)) for number in numbers]
    return [[value if at == place else one[end] for at, one in enumerate(spans)] for end in (0, 1)]


@settings(max_examples=60)
@given(WORLD)
def test_no_small_number_is_told_and_a_total_is_told_only_where_it_helps_nobody(numbers: list[int]) -> None:
    report = told(numbers)
    assert all(number is None or number >= SMALL for number in report.values())
    total, parts = sum(numbers), [report[theme] for theme in THEMES]
    if report[ALL] is not None and None in parts:
        for place, number in enumerate(parts):
            low = sum(span(one)[0] for at, one in enumerate(parts) if at != place)
            high = sum(span(one)[1] for at, one in enumerate(parts) if at != place)
            assert number is not None or (total - high <= 0 and total - low >= SMALL - 1)


@settings(max_examples=80)
@given(st.lists(st.integers(0, 30), min_size=4, max_size=4))
def test_the_exact_return_of_a_year_beside_its_reports_gives_no_small_quarter_away(quarters: list[int]) -> None:
    """January to March is withheld always, so what a quarter has less can have come then."""
    year = sum(quarters)
    shown = [tell_few(number) for number in quarters[:3]]
    for place, number in enumerate(quarters[:3]):
        if 0 < number < SMALL:
            other = list(quarters)
            other[place], other[3] = number - 1, quarters[3] + 1
            assert sum(other) == year
            assert [tell_few(one) for one in other[:3]] == shown
    if 0 < quarters[3] < SMALL:
        near = [(at, by) for at in range(3) for by in (1, -1) if quarters[at] + by >= 0]
        assert any(tell_few(quarters[at] + by) == shown[at] for at, by in near)


@settings(max_examples=60)
@given(WORLD, st.lists(st.integers(-9, 9), min_size=len(THEMES), max_size=len(THEMES)))
def test_the_next_report_and_what_became_known_since_leave_every_star_all_its_values(
    first: list[int], since: list[int]
) -> None:
    """What the second report says of the first one's quarter is a difference: it is the same whatever a star hides."""
    known = [max(number + by, 0) for number, by in zip(first, since, strict=True)]
    report, added = told(first), came_late(known, first)
    for place, theme in enumerate(THEMES):
        for value in FEW if report[theme] is None else ():
            worlds = [another(first, place, value), *unbound(first, place, value)]
            world = next(one for one in worlds if told(one) == report)
            assert came_late([max(number + by, 0) for number, by in zip(world, since, strict=True)], world) == added


def came_late(known: Sequence[int], counted: Sequence[int]) -> int:
    names = dict(zip(THEMES, known, strict=True))
    return late(
        became_known(counted_concerns({}, {"q": names}), {"q": dict(zip(THEMES, counted, strict=True))}), THEMES
    )


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0, None), (1, None), (4, None), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15), (41, 40), (1043, 1045)],
)
def test_what_is_small_is_withheld_and_the_rest_is_rounded_to_five(number: int, shown: int | None) -> None:
    assert tell_few(number) == shown
    assert shown is None or (rounded(number) == shown and span(shown)[0] <= number <= span(shown)[1])


def test_a_total_too_near_the_most_its_lines_can_be_is_withheld() -> None:
    assert told((4, 4, 4), "abc") == {ALL: None, "a": None, "b": None, "c": None}
    assert told((3, 2, 1), "abc")[ALL] == 5
    assert told((18, 28, 0), "abc") == {ALL: None, "a": 20, "b": 30, "c": None}
    assert told((20, 30, 10), "abc") == {ALL: 60, "a": 20, "b": 30, "c": 10}
    assert leaves_all(8, [5, 5])


def test_figures_that_are_told_elsewhere_stay_as_they_are_told_there() -> None:
    numbers = {"answered": 41, "late": 3, "none": 0}
    assert tell(Counted(Care.TOLD, numbers, withheld=frozenset({"late"}), plain={"share": 92})) == {
        "answered": 41, "late": None, "none": 0, "share": 92
    }  # fmt: skip
    assert tell(Counted(Care.OPEN, {"disputed": 1})) == {"disputed": 1}
    assert tell(Counted(Care.ROUNDED, {"received": 41}, withheld=frozenset({"received"}))) == {"received": None}


def test_what_came_late_is_the_difference_to_all_that_was_counted_of_a_told_quarter() -> None:
    counted = Counted(Care.ROUNDED, {}, known={"2026-2": {"a": 9, "b": 1}, "2026-1": {"a": 4}, "2025-4": {"a": 7}})
    changes = became_known(counted, {"2026-2": {"a": 6, "b": 3}, "2026-1": {"a": 4}})
    assert changes == {"2026-2": {"a": 3, "b": -2}, "2026-1": {}}
    assert (late(changes, "ab"), late(changes, "b")) == (3, 0)
