"""Bands, and the sheet for the joint forum: what can be found out from it."""

import random
from collections.abc import Iterator
from datetime import date
from itertools import product

import pytest

from portal.cases.suppression import SMALL
from portal.concerns.casework.rules import Theme
from portal.concerns.together.rules import (
    BANDS,
    FIRST_BAND,
    Counted,
    band_of,
    band_to_tell,
    bands_shown,
    report,
)

DAY = date(2026, 11, 23)
SYSTEMS = ("", "a", "b", "c")


@pytest.mark.parametrize(
    ("number", "band"),
    [(0, 0), (1, 0), (9, 0), (10, 10), (19, 10), (20, 20), (49, 20), (50, 50), (100, 100), (999, 100)],
)
def test_nobody_is_told_of_fewer_than_ten(number: int, band: int) -> None:
    assert band_of(number) == band
    assert FIRST_BAND > SMALL


def test_what_may_be_told_never_goes_down_whatever_is_taken_out() -> None:
    drawn = random.Random(7)
    for _ in range(300):
        told: dict[int, date] = {}
        linked = ever = last = 0
        for _press in range(12):
            linked = max(0, linked + drawn.randint(-9, 14))
            ever = max(ever, linked)
            now = band_to_tell(told, linked, ever)
            assert now >= last
            if now and drawn.random() < 0.5:
                told[now], last = DAY, now


def test_a_band_that_somebody_could_not_count_themselves_is_not_shown_to_them() -> None:
    told = {10: DAY, 20: DAY, 50: DAY}
    for ever in range(120):
        assert set(bands_shown(told, ever)) == {band for band in told if band <= ever}
        assert band_to_tell(told, 0, ever) <= ever


def test_a_sheet_names_a_system_from_ten_on_and_no_number_but_bands() -> None:
    counted = {(Theme.PACE, "a"): 24, (Theme.PACE, "b"): 12, (Theme.PACE, "c"): 4, (Theme.PACE, None): 8,
               (Theme.DATA, "a"): 9, (Theme.PAY, None): 31}  # fmt: skip
    lines = report(counted)
    shown = {(line.theme, line.system_id): line.band for line in lines if line.band or line.system_id}
    assert shown == {(Theme.PACE, None): 20, (Theme.PACE, "a"): 20, (Theme.PACE, "b"): 10, (Theme.PAY, None): 20}
    assert {line.theme for line in lines} == set(Theme)


def worlds(drawn: random.Random) -> Counted:
    return {
        (theme, system or None): drawn.choice([0, 0, 1, 3, 9, 10, 11, 19, 20, 26])
        for theme, system in product(list(Theme)[:3], SYSTEMS)
    }


def others_of(counted: Counted, key: tuple[Theme, str | None]) -> Iterator[Counted]:
    """Worlds in which this number is another one, and at most one other number of its theme moved against it."""
    for by in (1, -1, 2, -2):
        if 0 <= counted[key] + by < FIRST_BAND:
            changed = {**counted, key: counted[key] + by}
            yield changed
            beside = [one for one in counted if one[0] is key[0] and one != key and counted[one] - by >= 0]
            yield from ({**changed, one: counted[one] - by} for one in beside)


def test_of_no_number_below_ten_a_sheet_says_which_it_is() -> None:
    drawn = random.Random(20261123)
    for _ in range(150):
        counted = worlds(drawn)
        sheet = report(counted)
        for key, number in counted.items():
            if 0 < number < FIRST_BAND:
                assert any(report(other) == sheet for other in others_of(counted, key)), (key, counted)


def test_a_greater_world_never_has_a_smaller_band() -> None:
    drawn = random.Random(11)
    assert list(BANDS) == sorted(BANDS)
    for _ in range(100):
        numbers = sorted(drawn.randint(0, 130) for _ in range(2))
        assert band_of(numbers[0]) <= band_of(numbers[1])
