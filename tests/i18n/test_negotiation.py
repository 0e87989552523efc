"""The language of a request is the first part of its path; the switch keeps path and query."""

import pytest

from portal.core.text import Locale
from portal.i18n.negotiation import CHOICE_COOKIE, counterpart, in_locale, locale_of, stored_choice


@pytest.mark.parametrize(
    ("path", "locale"),
    [
        ("/cy", Locale.CY),
        ("/cy/", Locale.CY),
        ("/en/systems", Locale.EN),
        ("/", None),
        ("", None),
        ("/cymru", None),
        ("/CY/systems", None),
        ("/fr/systems", None),
        ("/static/porth.css", None),
        ("//cy/systems", None),
        ("cy/systems", None),
    ],
)
def test_only_the_first_part_of_the_path_tells_the_language(path: str, locale: Locale | None) -> None:
    assert locale_of(path) is locale


@pytest.mark.parametrize(
    ("path", "query", "other"),
    [
        ("/cy/systems", "", "/en/systems"),
        ("/en/systems", "body=dyffryn&group=n%26u", "/cy/systems?body=dyffryn&group=n%26u"),
        ("/cy", "", "/en"),
        ("/en/", "", "/cy/"),
        ("/cy/s/A%2FB", "", "/en/s/A%2FB"),
        ("/cy/en/cy", "", "/en/en/cy"),
        ("/cymru", "q=1", "/"),
        ("//evil.example/cy", "", "/"),
    ],
)
def test_the_switch_keeps_path_and_query(path: str, query: str, other: str) -> None:
    assert counterpart(path, query) == other


def test_switching_twice_leads_back() -> None:
    assert counterpart(*counterpart("/cy/access/step", "a=1&b=%C5%B7").split("?")) == "/cy/access/step?a=1&b=%C5%B7"


def test_an_address_is_put_below_the_language() -> None:
    assert in_locale(Locale.CY, "/systems") == "/cy/systems"
    assert in_locale(Locale.EN, "") == "/en/"
    assert in_locale(Locale.EN, "//evil.example") == "/en/evil.example"


@pytest.mark.parametrize(
    ("value", "choice"), [("cy", Locale.CY), ("en", Locale.EN), ("fr", None), ("", None), ("CY", None)]
)
def test_a_stored_choice_is_one_of_two_words_or_nothing(value: str, choice: Locale | None) -> None:
    assert stored_choice({CHOICE_COOKIE: value}) is choice
    assert stored_choice({}) is None
