"""Which numbers of a quarter are told, and how.

Numbers of systems are told as they are. Numbers that a table elsewhere tells of the same quarter are told as that table
tells them, with what it withholds: whoever has both learns nothing more. All others:

- Under five a number is withheld, a nought as well; five and more are rounded to the nearest five.
- The total of a part is told where it leaves every withheld number all its values: if it is not too near the least, nor
  the most, that the lines can add up to.

So whoever knows the report and this rule still finds each of 0, 1, 2, 3 and 4 possible behind every star of a line: for
each there are numbers that make the very same report. A second number withheld beside a small one, as
``cases.suppression`` chooses it where numbers are exact, would be of no use here: who knows how it is chosen learns by
it how large the others are.

Reports of two quarters count different things: each thing is counted in one quarter alone, and what becomes known later
is never put into a number that was told.
"""

from collections.abc import Collection, Mapping

from portal.cases.suppression import SMALL
from portal.statistics.rules import Care, Counted, Numbers

STEP = 5
"""To a multiple of this numbers are rounded."""
ROOM = SMALL - 1
"""So far from the least and the most a total stays."""


def tell(counted: Counted) -> Mapping[str, int | None]:
    """Each number as the report tells it; None is withheld."""
    if counted.care is Care.OPEN:
        return {**counted.numbers, **counted.plain}
    if counted.care is Care.TOLD:
        shown = {key: None if key in counted.withheld else number for key, number in counted.numbers.items()}
        return {**shown, **counted.plain}
    shown = {key: None if key in counted.withheld else tell_few(number) for key, number in counted.numbers.items()}
    parts = [number for key, number in shown.items() if key != counted.total]
    if counted.total is not None and not leaves_all(counted.numbers[counted.total], parts):
        shown[counted.total] = None
    return {**shown, **counted.plain}


def tell_few(number: int) -> int | None:
    """Nothing under five is told, not even that it is none."""
    return rounded(number) if number >= SMALL else None


def rounded(number: int) -> int:
    """To the nearest multiple; what is told is five at least."""
    return max((number + STEP // 2) // STEP * STEP, STEP)


def span(told: int | None) -> tuple[int, int]:
    """The least and the most that a number of a line can be, as it is told."""
    return (0, SMALL - 1) if told is None else (max(told - STEP // 2, SMALL), told + STEP // 2)


def leaves_all(total: int, parts: Collection[int | None]) -> bool:
    """Whether a total leaves every withheld number all its values, however exactly somebody knows it."""
    spans = [span(told) for told in parts]
    least, most = sum(low for low, _high in spans), sum(high for _low, high in spans)
    return None not in parts or least + ROOM <= total <= most - ROOM


def became_known(counted: Counted, told: Mapping[str, Numbers]) -> dict[str, Numbers]:
    """By earlier quarter and key: by how much what is known today differs from what was counted of it so far.

    A quarter of which nothing was told stays outside: its things were never counted, and are none that came late.
    """
    found: dict[str, Numbers] = {}
    for quarter, numbers in counted.known.items():
        if quarter in told:
            changed = {key: number - told[quarter].get(key, 0) for key, number in numbers.items()}
            found[quarter] = {key: number for key, number in changed.items() if number}
    return found


def late(changes: Mapping[str, Numbers], keys: Collection[str]) -> int:
    """How much was added to some numbers of earlier quarters. What was taken away is never told: it is one thing of
    somebody."""
    return sum(max(number, 0) for numbers in changes.values() for key, number in numbers.items() if key in keys)
