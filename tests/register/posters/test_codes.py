"""Codes as people type them."""

import re

import pytest

from portal.core.ids import new_code
from portal.register.intake import ShortCode
from portal.register.posters.codes import LETTERS, foreign_signs, is_code, read_code


@pytest.mark.parametrize(
    "typed",
    ["K7RT3M", "k7rt3m", " K7R T3M ", "K7R-T3M", "k 7 r t 3 m", "K7RT3M.", "https://porth.example/cy/s/K7RT3M?x=1"],
)
def test_capitals_spaces_and_a_copied_address_do_not_matter(typed: str) -> None:
    assert read_code(typed) == "K7RT3M"
    assert is_code(read_code(typed))


@pytest.mark.parametrize("typed", ["", "K7RT3", "K7RT3MM", "K7RTOM", "K7RT1M", "ŵŷŵŷŵŷ", "K7RT3M" * 50])
def test_anything_else_is_no_code(typed: str) -> None:
    assert not is_code(read_code(typed))


def test_signs_that_no_code_has_are_named_once_in_their_order() -> None:
    assert foreign_signs("O7R1OM") == "O1"
    assert foreign_signs("K7RT3M") == ""


def test_codes_that_are_drawn_and_imported_are_made_of_the_same_signs() -> None:
    pattern = next(one.pattern for one in ShortCode.__metadata__)
    assert {sign for sign in map(chr, range(0x20, 0x7F)) if re.fullmatch(str(pattern), sign * 6)} == set(LETTERS)
    assert all(is_code(new_code(6)) for _ in range(200))
