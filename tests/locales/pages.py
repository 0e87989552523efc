"""The comparison of one page in both languages (item 9 of the gate), for whoever walks the pages.

``compare(cy_html, en_html)`` gives what differs that must not; ``no_untranslated(html, catalogue)`` what a Welsh page
still says in English. Text in an element with a ``lang`` of its own is left alone: names of languages, people's words.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser

from portal.core.text import Locale
from portal.i18n.catalogue import Catalogue
from portal.i18n.negotiation import counterpart, locale_of
from tests.locales.lexicon import wordset
from tests.locales.pairs import ENGLISH

VOID = wordset("area base br col embed hr img input link meta source track wbr")
SILENT = frozenset({"script", "style", "template", "svg"})
COUNTED = wordset("h1 h2 h3 a input select textarea button form fieldset table tr li")
LANGUAGES = wordset("Cymraeg English")
"""Each language is named in itself where one chooses."""
TITLE_END = " – Porth"
SPOKEN = ("aria-label", "alt", "title", "placeholder")


@dataclass
class Page:
    """What a reader meets on a page: its language, its parts, its text by language."""

    lang: str = ""
    parts: Counter[str] = field(default_factory=Counter)
    texts: list[tuple[str, str]] = field(default_factory=list)
    links: list[dict[str, str]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def own_texts(self) -> list[str]:
        """The text in the page's own language."""
        return [text for lang, text in self.texts if lang == self.lang]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._open: list[tuple[str, str, bool]] = []

    @property
    def _lang(self) -> str:
        return self._open[-1][1] if self._open else ""

    @property
    def _silent(self) -> bool:
        return bool(self._open) and self._open[-1][2]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        lang = values.get("lang", self._lang)
        if tag == "html":
            self.page.lang = lang
        if tag in COUNTED and not self._silent:
            self.page.parts[tag] += 1
        if tag == "a":
            self.page.links.append(values)
        if tag == "button" and "formaction" in values:
            self.page.links.append({"href": values["formaction"], "lang": lang, "hreflang": lang})
        if values.get("name") and tag in ("input", "select", "textarea"):
            self.page.names.append(values["name"])
        self.page.texts += [(lang, values[name].strip()) for name in SPOKEN if values.get(name)]
        if tag not in VOID:
            self._open.append((tag, lang, self._silent or tag in SILENT))

    def handle_endtag(self, tag: str) -> None:
        for at in range(len(self._open) - 1, -1, -1):
            if self._open[at][0] == tag:
                del self._open[at:]
                return

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text and not self._silent:
            self.page.texts.append((self._lang, text))


def read(html: str) -> Page:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page


def compare(cy_html: str, en_html: str) -> list[str]:
    """What the Welsh and the English page of one address do not share. Empty when they are equals."""
    welsh, english = read(cy_html), read(en_html)
    found = [f"<html lang> is {page.lang!r}" for page, lang in ((welsh, "cy"), (english, "en")) if page.lang != lang]
    for tag in sorted(COUNTED):
        if welsh.parts[tag] != english.parts[tag]:
            found.append(f"<{tag}>: {welsh.parts[tag]} in Welsh, {english.parts[tag]} in English")
    if sorted(welsh.names) != sorted(english.names):
        found.append(f"fields differ: {sorted(set(welsh.names) ^ set(english.names))}")
    found += _switches(welsh, english)
    shared = set(welsh.own_texts()) & set(english.own_texts())
    found += [f"English on the Welsh page: {text}" for text in sorted(shared) if looks_english(text)]
    return found


def _switches(welsh: Page, english: Page) -> list[str]:
    """Each page links to the other: same path, same query, ``lang`` and ``hreflang`` told."""
    found = []
    there = {Locale.EN: _switch(welsh, Locale.EN), Locale.CY: _switch(english, Locale.CY)}
    for locale, href in there.items():
        if href is None:
            found.append(f"no link to the {locale.value} page")
        elif locale_of(href) is not locale:
            found.append(f"the link to the {locale.value} page leads elsewhere: {href}")
    to_english, to_welsh = there[Locale.EN], there[Locale.CY]
    if to_english and to_welsh and counterpart(*_parted(to_english)) != to_welsh:
        found.append(f"the language links lead to different pages: {to_english} / {to_welsh}")
    return found


def _parted(href: str) -> tuple[str, str]:
    path, _, query = href.partition("?")
    return path, query


def _switch(page: Page, locale: Locale) -> str | None:
    for link in page.links:
        if link.get("hreflang") == locale.value and link.get("lang") == locale.value:
            return link.get("href", "")
    return None


def looks_english(text: str) -> bool:
    """Two English function words or more: a sentence, not a name that both languages share."""
    return sum(word in ENGLISH for word in re.findall(r"[^\W\d_]+", text.lower())) >= 2


def no_untranslated(html: str, catalogue: Catalogue) -> list[str]:
    """English that a Welsh page says in its own voice: a msgid whose Welsh is another, or an English sentence."""
    page = read(html)
    found = []
    for text in page.own_texts():
        if _left(text, catalogue) or looks_english(text):
            found.append(f"English on the Welsh page: {text}")
    return found


def _left(text: str, catalogue: Catalogue) -> bool:
    """Is this the English of a sentence, and no sentence's Welsh? ``Data`` is both."""
    english, welsh = _sides(catalogue)
    text = text.removesuffix(TITLE_END)
    return text in english and text not in welsh and text not in LANGUAGES


@cache
def _sides(catalogue: Catalogue) -> tuple[frozenset[str], frozenset[str]]:
    """All English without values, all Welsh."""
    pairs = list(catalogue.sentences())
    return frozenset(english for english, _ in pairs), frozenset(form for _, forms in pairs for form in forms)
