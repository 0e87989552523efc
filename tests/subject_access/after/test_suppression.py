"""Nobody finds out a small number: every table is attacked with all that is shown, and a second world must fit it."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.cases.periods import Quarter
from portal.cases.suppression import Sum, another_world, found_out, is_small, withheld
from portal.subject_access.after.tables import COLUMNS, PARTITIONS, YEAR, Column, Counted, Key, Line, table_of
from tests.worlds import is_a_world

QUARTERS = [Quarter(2026, number) for number in range(1, 5)]
NUMBER = st.one_of(st.integers(0, 6), st.integers(0, 60))


@st.composite
def counted(draw: st.DrawFn) -> Counted:
    """What happened in a quarter, every number adding up."""
    data, nothing, refused, received, ended = (draw(NUMBER) for _ in range(5))
    answered = data + nothing + refused
    in_time, extended = draw(st.integers(0, answered)), draw(st.integers(0, answered))
    numbers = {
        Column.RECEIVED: received, Column.ANSWERED: answered, Column.DATA: data, Column.NOTHING_HELD: nothing,
        Column.REFUSED: refused, Column.IN_TIME: in_time, Column.LATE: answered - in_time, Column.EXTENDED: extended,
        Column.NOT_EXTENDED: answered - extended, Column.ENDED: ended,
    }  # fmt: skip
    return Counted(numbers, draw(st.lists(st.integers(0, 90), min_size=answered, max_size=answered)), answered * 60)


def cells_of(lines: Sequence[Line], each: Sequence[Counted]) -> tuple[dict[Key, int], dict[Key, int | None]]:
    """The true numbers and those that are shown, by line and column."""
    true: dict[Key, int] = {}
    shown: dict[Key, int | None] = {}
    for at, line in enumerate(lines, start=1):
        place = YEAR if line.is_year else at
        for column in Column:
            whole = sum(one.numbers[column] for one in each)
            true[place, column] = whole if line.is_year else each[at - 1].numbers[column]
            shown[place, column] = line.numbers[column]
    return true, shown


def sums_of(places: Sequence[int]) -> list[Sum]:
    sums = [
        Sum((place, Column.ANSWERED), tuple((place, part) for part in parts))
        for place in places
        for parts in PARTITIONS
    ]
    if YEAR in places:
        sums += [Sum((YEAR, column), tuple((at, column) for at in range(1, 5))) for column in Column]
    return sums


@settings(max_examples=120, deadline=None)
@given(st.lists(counted(), min_size=1, max_size=4))
def test_no_small_number_follows_from_a_table_however_it_is_added_and_subtracted(each: list[Counted]) -> None:
    quarters = QUARTERS[: len(each)]
    lines = table_of(quarters, dict(zip(quarters, each, strict=True)))
    true, shown = cells_of(lines, each)
    hidden = {key for key, number in shown.items() if number is None}
    sums = sums_of(sorted({place for place, _column in true}))
    assert not found_out(true, sums, hidden) & {key for key in hidden if is_small(true[key])}
    for key, number in true.items():
        if is_small(number):
            assert key in hidden
            changes = another_world(true, sums, hidden, key)
            assert changes is not None, key
            assert is_a_world(changes, true, hidden, sums, key)


@settings(max_examples=60, deadline=None)
@given(st.lists(counted(), min_size=4, max_size=4))
def test_what_one_table_told_the_next_one_tells_too(each: list[Counted]) -> None:
    """Whoever kept the table of the quarter before learns nothing from what the new one withholds."""
    held = dict(zip(QUARTERS, each, strict=True))
    before: list[Line] = []
    for length in range(1, 5):
        lines = list(table_of(QUARTERS[:length], held))[:length]
        assert [line.numbers for line in lines[: len(before)]] == [line.numbers for line in before]
        before = lines


@settings(max_examples=60, deadline=None)
@given(st.lists(counted(), min_size=1, max_size=4))
def test_shares_medians_and_hours_are_told_only_of_five_or_more(each: list[Counted]) -> None:
    quarters = QUARTERS[: len(each)]
    for line in table_of(quarters, dict(zip(quarters, each, strict=True))):
        answered = line.numbers[Column.ANSWERED]
        if answered is None or answered == 0:
            assert (line.percent, line.days, line.hours) == (None, None, None)
        else:
            assert answered >= 5
            assert line.hours == answered
        if line.percent is not None:
            assert line.numbers[Column.IN_TIME] is not None


def line_of(**numbers: int) -> Line:
    told = Counted()
    told.numbers |= {Column(name): number for name, number in numbers.items()}
    told.days = [10] * told.numbers[Column.ANSWERED]
    return table_of([QUARTERS[0]], {QUARTERS[0]: told})[0]


def test_one_small_number_takes_the_next_smallest_with_it() -> None:
    line = line_of(received=40, answered=31, data=20, nothing_held=9, refused=2, in_time=31, not_extended=31)
    shown = {column: line.numbers[column] for column in COLUMNS}
    assert shown[Column.REFUSED] is None and shown[Column.NOTHING_HELD] is None
    assert (shown[Column.DATA], shown[Column.ANSWERED], line.percent, line.days) == (20, 31, 100, 10.0)


def test_few_extensions_are_withheld_however_many_were_not_extended() -> None:
    line = line_of(answered=12, data=12, in_time=12, extended=9, not_extended=3)
    assert line.numbers[Column.EXTENDED] is None
    assert line.numbers[Column.DATA] == 12


def test_a_line_of_small_numbers_is_withheld_whole_and_noughts_are_told() -> None:
    line = line_of(answered=3, data=3, in_time=3, not_extended=3)
    assert line.numbers[Column.ANSWERED] is None and line.numbers[Column.DATA] is None
    assert line.numbers[Column.REFUSED] == 0
    assert not line.is_empty
    assert line_of().is_empty


def test_withheld_numbers_that_can_only_be_ones_are_found_out_and_covered() -> None:
    cells = {"all": 5, "a": 1, "b": 1, "c": 1, "d": 1, "e": 1, "f": 0}
    sums = [Sum("all", ("a", "b", "c", "d", "e", "f"))]
    ones = {"a", "b", "c", "d", "e"}
    assert found_out(cells, sums, ones) == ones
    assert "all" in withheld(cells, sums)


def test_what_several_sums_and_the_least_number_tell_together_is_covered() -> None:
    """Two quarters whose totals are withheld: of the first, two parts must be one each, by three sums at once."""
    each = [Counted() for _ in range(4)]
    for one, (data, nothing, refused) in zip(each, [(0, 0, 0), (1, 1, 1), (0, 4, 0), (2, 0, 3)], strict=True):
        answered = data + nothing + refused
        one.numbers |= {Column.DATA: data, Column.NOTHING_HELD: nothing, Column.REFUSED: refused}
        one.numbers |= {Column.ANSWERED: answered, Column.LATE: answered, Column.NOT_EXTENDED: answered}
        one.days = [0] * answered
    true, shown = cells_of(table_of(QUARTERS, dict(zip(QUARTERS, each, strict=True))), each)
    hidden = {key for key, number in shown.items() if number is None}
    sums = sums_of(range(5))
    changes = another_world(true, sums, hidden, (2, Column.DATA))
    assert changes is not None
    assert is_a_world(changes, true, hidden, sums, (2, Column.DATA))
