"""Which numbers of a quarter are told, and how.

Three cares. Numbers of systems are told as they are. Numbers that a table elsewhere tells of the same quarter are told
as that table tells them: whoever has both learns nothing more. All others are withheld where they are small (and where
sums would give a small one away), a nought like a small one, and what is left is rounded to five: so neither another
table that counts the same in another period, nor the rule itself, tells what a star hides.

Reports of two quarters count different things: each thing is counted in one quarter alone, and what becomes known later
is never put into a number that was told.
"""

from collections.abc import Mapping

from portal.cases.suppression import SMALL, withheld
from portal.statistics.rules import Care, Counted, Numbers

STEP = 5
"""To a multiple of this numbers are rounded."""


def rounded(number: int) -> int:
    """To the nearest multiple; what is told is five at least."""
    return max((number + STEP // 2) // STEP * STEP, STEP)


def tell(counted: Counted) -> Mapping[str, int | None]:
    """Each number as the report tells it; None is withheld."""
    if counted.care is Care.OPEN:
        return {**counted.numbers, **counted.plain}
    if counted.care is Care.TOLD:
        shown = {key: None if key in counted.withheld else number for key, number in counted.numbers.items()}
        return {**shown, **counted.plain}
    hidden = withheld(counted.numbers, counted.sums, before=counted.withheld)  # type: ignore[arg-type]
    shown = {key: None if key in hidden else tell_few(number) for key, number in counted.numbers.items()}
    return {**shown, **counted.plain}


def tell_few(number: int) -> int | None:
    """A number that stands in no sum: nothing under five is told, not even that it is none."""
    return rounded(number) if number >= SMALL else None


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


def late(changes: Mapping[str, Numbers]) -> int:
    """How much was added to earlier quarters. What was taken away is never told: it is somebody's one thing."""
    return sum(max(number, 0) for numbers in changes.values() for number in numbers.values())
