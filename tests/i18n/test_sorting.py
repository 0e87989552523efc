"""Welsh alphabetical order and the search form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.text import Locale
from portal.i18n.sorting import fold, sort_key


@pytest.mark.parametrize(
    "ordered",
    [
        ["Conwy", "Cwmbrân", "Chwilog"],
        ["Lloyd", "Llywelyn"],
        ["Luned", "Llanelli"],
        ["Tywyn", "Theatr"],
        ["Dyfed", "Ddôl"],
        ["Gwynedd", "Hafan"],
        ["Agor", "Angel"],
        ["Bala", "Bancffosfelen", "Bangor", "Barri"],
        ["Llanberis", "Llangefni", "Llangollen", "Llanrwst"],
        ["mewnbwn", "mewngofnodi", "mewnol"],
        ["Rhyl", "Sain Ffagan"],
        ["Pwllheli", "Phillips", "Rota"],
        ["arfer", "arholiad", "arolwg"],
        ["tan", "Tân", "tân"],
        ["tŷ", "tyb"],
        ["Bwrdd", "Bwrdd Iechyd", "Bwrddio"],
    ],
)
def test_names_stand_in_the_order_of_the_welsh_alphabet(ordered: list[str]) -> None:
    assert sorted(reversed(ordered), key=lambda name: sort_key(name, Locale.CY)) == ordered


def test_english_order_does_not_know_the_welsh_letters() -> None:
    names = ["Chwilog", "Conwy", "Llanelli", "Luned"]
    assert sorted(reversed(names), key=lambda name: sort_key(name, Locale.EN)) == names


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from(Locale))
def test_two_texts_share_a_key_only_when_they_are_one(a: str, b: str, locale: Locale) -> None:
    if "\x00" not in a + b:
        assert (sort_key(a, locale) == sort_key(b, locale)) == (a == b)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("ty", "Tŷ"), ("GWYN", "gŵyn"), ("mor", "môr"), ("o'r", "o’r"), ("siwr", "siŵr"), ("copio", "copïo")],
)
def test_a_search_finds_accents_and_capitals(typed: str, stored: str) -> None:
    assert fold(typed) == fold(stored)
