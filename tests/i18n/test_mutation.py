"""Words and their Welsh mutations: any form meets any other."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.i18n.mutation import asked_as, radicals, spellings, tokens

VOWELS = "aeiouwy"
SOFT = {"c": "g", "p": "b", "t": "d", "g": "", "b": "f", "d": "dd", "ll": "l", "m": "f", "rh": "r"}
NASAL = {"c": "ngh", "p": "mh", "t": "nh", "g": "ng", "b": "m", "d": "n"}
ASPIRATE = {"c": "ch", "p": "ph", "t": "th"}
STARTS = (*SOFT, "s", "n", "j", "h", "ff", "")
"""How a Welsh word begins; the empty one begins with a vowel."""


def forms(start: str, rest: str) -> set[str]:
    """A word and all its mutations, as a grammar makes them."""
    found = {start + rest} | {table[start] + rest for table in (SOFT, NASAL, ASPIRATE) if start in table}
    return found | {f"h{rest}"} if not start else found


WORDS = st.tuples(
    st.sampled_from(STARTS), st.sampled_from(VOWELS), st.text(alphabet=string.ascii_lowercase, max_size=12)
).map(lambda made: (made[0], made[1] + made[2]))


@given(WORDS)
def test_every_mutation_of_a_word_finds_every_other(word: tuple[str, str]) -> None:
    made = forms(*word)
    assert all(radicals(one) & radicals(other) for one in made for other in made)


@given(WORDS)
def test_a_form_names_the_word_that_it_is_of(word: tuple[str, str]) -> None:
    assert all("".join(word) in radicals(form) for form in forms(*word))


@given(WORDS, st.integers(min_value=3, max_value=20))
def test_a_word_begun_finds_the_word(word: tuple[str, str], letters: int) -> None:
    whole = "".join(word)
    for form in forms(*word):
        begun = form[:letters]
        assert any(whole.startswith(beginning) for beginning in radicals(begun)), (form, begun)


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("cais gais chais nghais", "cais"),
        ("pryder bryder phryder mhryder", "pryder"),
        ("tîm dîm thîm nhîm", "tim"),
        ("gweithiwr weithiwr ngweithiwr", "gweithiwr"),
        ("bwrdd fwrdd mwrdd", "bwrdd"),
        ("data ddata nata", "data"),
        ("llwyfan lwyfan", "llwyfan"),
        ("mesur fesur", "mesur"),
        ("rhagolwg ragolwg", "rhagolwg"),
        ("graddfa raddfa ngraddfa", "graddfa"),
        ("gwlad wlad ngwlad", "gwlad"),
        ("glanhau lanhau nglanhau", "glanhau"),
        ("gnawd nawd", "gnawd"),
        ("amserlen hamserlen", "amserlen"),
        ("iechyd hiechyd", "iechyd"),
        ("ysgol hysgol", "ysgol"),
        ("wyneb hwyneb", "wyneb"),
    ],
)
def test_the_forms_of_a_word_have_the_word_in_common(written: str, known: str) -> None:
    for form in tokens(written):
        assert known in radicals(form)


@pytest.mark.parametrize(
    ("form", "every"),
    [
        ("lan", {"lan", "llan", "glan"}),
        ("rota", {"rota", "rhota", "grota"}),
        ("fesur", {"fesur", "besur", "mesur"}),
        ("nydd", {"nydd", "dydd", "gnydd"}),
        ("ad", {"ad", "gad"}),
        ("had", {"had", "ad"}),
        ("ffeil", {"ffeil"}),
        ("llan", {"llan"}),
        ("shifft", {"shifft"}),
        ("hmm", {"hmm"}),
        ("2026", {"2026"}),
    ],
)
def test_a_form_that_may_be_of_several_words_names_them_all(form: str, every: set[str]) -> None:
    assert radicals(form) == every


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mae’r Tŷ ŵyn", ["mae'r", "ty", "wyn"]),
        ("E-bost (M365) rota_2", ["e-bost", "m365", "rota", "2"]),
        ("", []),
        ("–’-", []),
    ],
)
def test_a_text_falls_into_its_words(text: str, found: list[str]) -> None:
    assert tokens(text) == found


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("e-bost", "ebost"),
        ("e-bost", "e-bost"),
        ("ebost", "e-bost"),
        ("wi-fi", "wifi"),
        ("wifi", "wi-fi"),
        ("wi", "wi-fi"),
        ("mae'n", "mae"),
        ("watson's", "watsons"),
        ("watson", "watson's"),
        ("a", "a"),
    ],
)
def test_apostrophes_and_hyphens_keep_no_word_from_being_found(stored: str, typed: str) -> None:
    assert spellings(stored) & asked_as(typed)


def test_a_single_letter_between_apostrophes_is_not_searched_for_alone() -> None:
    assert asked_as("o'r") == {"or"}
