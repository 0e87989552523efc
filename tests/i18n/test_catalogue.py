"""One language's sentences: contexts, counted forms, values in words."""

from datetime import UTC, date, datetime

import pytest

from portal.core.text import Bilingual, Locale, Words, msg, nmsg, pmsg
from portal.i18n.catalogue import Catalogue, PseudoCatalogue, say, welsh_form

NEVER_SAID = "A sentence that is in no catalogue"
REQUESTS = ("Dim ceisiadau", "{n} cais", "{n} gais", "{n} chais", "{n} chais", "{n} o geisiadau")
WELSH = Catalogue(
    Locale.CY,
    {
        (None, "Cookies"): ("Cwcis",),
        ("button", "Send"): ("Anfon",),
        ("state", "Open"): ("Ar agor",),
        (None, "System: {name}"): ("System: {name}",),
        (None, "Received {day}"): ("Daeth i law: {day}",),
        (None, "{n} request"): REQUESTS,
        ("queue", "{n} request"): tuple(f"{form}!" for form in REQUESTS),
    },
)
ENGLISH = Catalogue(Locale.EN, {})


@pytest.mark.parametrize(
    ("n", "welsh", "english"),
    [
        (0, "Dim ceisiadau", "0 requests"),
        (1, "1 cais", "1 request"),
        (2, "2 gais", "2 requests"),
        (3, "3 chais", "3 requests"),
        (4, "4 o geisiadau", "4 requests"),
        (5, "5 o geisiadau", "5 requests"),
        (6, "6 chais", "6 requests"),
        (7, "7 o geisiadau", "7 requests"),
        (20, "20 o geisiadau", "20 requests"),
    ],
)
def test_welsh_counts_in_six_forms_and_english_in_two(n: int, welsh: str, english: str) -> None:
    message = nmsg("{n} request", "{n} requests", n)
    assert WELSH.say(message) == welsh
    assert ENGLISH.say(message) == english
    assert WELSH.npgettext("queue", "{n} request", "{n} requests", n).format(n=n) == f"{welsh}!"


def test_the_form_of_a_number_is_the_one_that_the_header_says() -> None:
    def by_header(n: int) -> int:
        return 0 if n == 0 else 1 if n == 1 else 2 if n == 2 else 3 if n == 3 else 4 if n == 6 else 5

    assert [welsh_form(n) for n in range(40)] == [by_header(n) for n in range(40)]


def test_english_is_the_msgid() -> None:
    assert ENGLISH.gettext("Cookies") == "Cookies"
    assert ENGLISH.pgettext("button", "Send") == "Send"


def test_a_context_has_its_own_sentence() -> None:
    assert WELSH.pgettext("state", "Open") == "Ar agor"
    assert WELSH.gettext("Open") == "Open"
    assert WELSH.say(pmsg("button", "Send")) == "Anfon"


def test_a_sentence_without_welsh_falls_back_to_english() -> None:
    assert Catalogue.for_locale(Locale.CY).gettext(NEVER_SAID) == NEVER_SAID
    assert WELSH.ngettext("{n} cat", "{n} cats", 2) == "{n} cats"


@pytest.mark.parametrize(
    ("value", "welsh", "english"),
    [
        ("EX-1", "EX-1", "EX-1"),
        (7, "7", "7"),
        (date(2026, 11, 22), "22 Tachwedd 2026", "22 November 2026"),
        (datetime(2026, 11, 22, 9, 5, tzinfo=UTC), "22 Tachwedd 2026 am 09:05", "22 November 2026 at 09:05"),
        (Bilingual("Cyngor Dyffryn", "Dyffryn Council"), "Cyngor Dyffryn", "Dyffryn Council"),
        (msg("Cookies"), "Cwcis", "Cookies"),
        (msg("System: {name}", name=Bilingual("Rota", "Roster")), "System: Rota", "System: Roster"),
    ],
)
def test_a_value_is_put_into_the_words_of_the_language(value: object, welsh: str, english: str) -> None:
    message = msg("System: {name}", name=value)
    assert WELSH.say(message) == f"System: {welsh}"
    assert ENGLISH.say(message) == f"System: {english}"


def test_a_message_from_a_stored_event_says_the_same() -> None:
    message = msg("Received {day}", day=date(2026, 11, 22))
    assert WELSH.say(type(message).from_json(message.to_json())) == "Daeth i law: 22 Tachwedd 2026"


def test_a_value_with_braces_is_not_read_as_a_template() -> None:
    assert ENGLISH.say(msg("System: {name}", name="{0} {name!r}")) == "System: {0} {name!r}"


def test_peoples_words_cannot_slip_into_a_sentence() -> None:
    with pytest.raises(TypeError):
        WELSH.say(msg("System: {name}", name=Words("a secret")))


def test_the_process_has_one_catalogue_a_language() -> None:
    assert Catalogue.for_locale(Locale.CY) is Catalogue.for_locale(Locale.CY)
    assert Catalogue.for_locale(Locale.CY).locale is Locale.CY
    assert say(msg(NEVER_SAID), Locale.EN) == NEVER_SAID


def test_the_pseudo_catalogue_is_given_only_when_asked_for() -> None:
    assert not isinstance(Catalogue.for_locale(Locale.EN), PseudoCatalogue)
    pseudo = Catalogue.for_locale(Locale.EN, pseudo=True)
    assert isinstance(pseudo, PseudoCatalogue)
    for said in (pseudo.gettext("Cookies"), pseudo.pgettext("button", "Send"), pseudo.ngettext("a", "bee", 2)):
        assert said.startswith("[")
        assert said.endswith("]")


def test_the_pseudo_catalogue_leaves_values_as_they_are() -> None:
    assert "EX-2026" in Catalogue.for_locale(Locale.EN, pseudo=True).say(msg("System: {name}", name="EX-2026"))


def test_counts_are_written_by_thousands_in_both_languages_and_years_are_not() -> None:
    counted = nmsg("{n} system found", "{n} systems found", 20_000)
    for locale in Locale:
        catalogue = Catalogue.for_locale(locale)
        assert "20,000" in catalogue.say(counted)
        assert "2026/2027" in catalogue.say(msg("Financial year {first}/{last}", first=2026, last=2027))
        assert "999 " in catalogue.say(nmsg("{n} system found", "{n} systems found", 999))
