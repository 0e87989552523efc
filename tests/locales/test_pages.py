"""The page comparison sees what a Welsh page must not have."""

import pytest

from portal.core.text import Locale
from portal.i18n.catalogue import Catalogue
from tests.locales.pages import compare, no_untranslated

CATALOGUE = Catalogue(
    Locale.CY,
    {(None, "Cookies"): ("Cwcis",), ("button", "Send"): ("Anfon",), (None, "Data"): ("Data",)},
)


def page(lang: str, body: str, switch: str = "") -> str:
    other = "en" if lang == "cy" else "cy"
    href = switch or f"/{other}/systems?body=x"
    link = f'<a href="{href}" lang="{other}" hreflang="{other}">{"English" if other == "en" else "Cymraeg"}</a>'
    return f"<!doctype html><html lang={lang}><head><title>T</title></head><body>{link}{body}</body></html>"


def test_equal_pages_have_no_problem() -> None:
    welsh = page("cy", "<h1>Cwcis</h1><p lang=en>What the staff and the union said</p><input name=a>")
    english = page("en", "<h1>Cookies</h1><p>What the staff and the union said</p><input name=a>")
    assert compare(welsh, english) == []
    assert no_untranslated(welsh, CATALOGUE) == []


@pytest.mark.parametrize(
    ("welsh", "english", "problem"),
    [
        (page("en", ""), page("en", ""), "<html lang>"),
        (page("cy", "<h2>A</h2>"), page("en", ""), "<h2>"),
        (page("cy", "<input name=a>"), page("en", "<input name=b>"), "fields differ"),
        (page("cy", "", "/cy/systems"), page("en", ""), "leads elsewhere"),
        (page("cy", "", "/en/other"), page("en", ""), "different pages"),
        (page("cy", "", "/en/systems"), page("en", ""), "different pages"),
        (page("cy", "").replace("hreflang", "rel"), page("en", ""), "no link to the en page"),
        (page("cy", "<p>Read the guidance for staff"), page("en", "<p>Read the guidance for staff"), "English on"),
    ],
)
def test_a_difference_is_told(welsh: str, english: str, problem: str) -> None:
    assert any(problem in found for found in compare(welsh, english))


@pytest.mark.parametrize(
    "body",
    [
        "<h1>Cookies</h1>",
        "<button>Send</button>",
        "<nav aria-label='Cookies'></nav>",
        "<p>You have not been asked for your consent</p>",
    ],
)
def test_english_left_on_a_welsh_page_is_found(body: str) -> None:
    assert len(no_untranslated(page("cy", body), CATALOGUE)) == 1


@pytest.mark.parametrize(
    "body", ["<p>Data</p>", "<p>UNISON</p>", "<p lang=en>Cookies</p>", "<script>the and you</script>", "<p>Cwcis</p>"]
)
def test_names_and_marked_english_may_stay(body: str) -> None:
    assert no_untranslated(page("cy", body), CATALOGUE) == []
