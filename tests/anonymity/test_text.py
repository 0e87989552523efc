"""What a person typed is tidied once and measured as it will be stored."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymity.text import cost, is_tidy, tidy, tidy_name


@pytest.mark.parametrize(
    ("typed", "tidied"),
    [
        ("a\r\nb\rc\u2028d\u2029e\u0085f", "a\nb\nc\nd\ne\nf"),
        ("\tone\ttwo ", "one two"),
        ("w\u0302y\u0302r", "ŵŷr"),
        ("\ufeffevil\u202etxt\u2066\x00\x1b[31m", "eviltxt[31m"),
        ("👩\u200d💻 sgôr", "👩\u200d💻 sgôr"),
        ("\n\n  \n", ""),
        ("a\r\ud800\nb", "a\nb"),
        ("\u00a0kept\u00a0", "\u00a0kept\u00a0"),
    ],
)
def test_line_ends_marks_and_unseen_characters_are_tidied(typed: str, tidied: str) -> None:
    assert tidy(typed) == tidied


def test_a_name_stands_on_one_line() -> None:
    assert tidy_name(" Siân\r\nPuw\n") == "Siân Puw"


@given(st.text(alphabet=st.characters() | st.characters(categories=["Cs", "Cc"])))
def test_tidying_is_final_and_its_cost_is_exactly_what_is_stored(typed: str) -> None:
    text = tidy(typed)
    assert tidy(text) == text
    assert is_tidy(text)
    assert unicodedata.is_normalized("NFC", text)
    assert cost(text) == len(json.dumps(text, ensure_ascii=False).encode()) - 2
