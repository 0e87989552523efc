"""A feed as Atom (RFC 4287), in one language. Nothing in it depends on who asks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from xml.etree import ElementTree as ET

from markupsafe import escape

from portal.core.text import Bilingual, Locale, Message
from portal.i18n.catalogue import say
from portal.register.posters.qr import address_of
from portal.register.watching.queries import Happening
from portal.register.watching.rules import News

ATOM = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml; charset=utf-8"
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PLACES = {News.VERSION: "?version={n}", News.STATE: "", News.CORRECTION: "/corrections"}
_ANCHORS = {News.VERSION: "", News.STATE: "#state-{n}", News.CORRECTION: "#{id}"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed in one language: where it is read, and the address that it keeps for ever."""

    title: str
    link: str
    lasting: str
    on: date
    author: str
    term: str
    parts: tuple[tuple[Message | None, Bilingual], ...] = ()


def entry_of(happening: Happening, public_url: str, locale: Locale) -> Entry:
    """What happened to a system, as an entry."""
    page = address_of(public_url, locale, happening.short_code)
    link = page + _PLACES[happening.news].format(n=happening.number)
    return Entry(
        title=f"{happening.name.get(locale)}: {happening.headline.get(locale)}",
        link=link,
        lasting=link + _ANCHORS[happening.news].format(n=happening.number, id=happening.id),
        on=happening.on,
        author=happening.body.get(locale),
        term=happening.news.value,
        parts=happening.parts,
    )


def write_feed(
    entries: Sequence[Entry],
    *,
    title: str,
    address: str,
    page: str,
    locale: Locale,
    today: date,
) -> bytes:
    """The feed. ``address`` is its own, ``page`` that of the page for people."""
    feed = ET.Element("feed", {"xmlns": ATOM, "xml:lang": locale.value})
    _add(feed, "title", title)
    _add(feed, "id", address)
    ET.SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": address})
    ET.SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": page, "hreflang": locale.value})
    _add(feed, "updated", _instant(entries[0].on if entries else today))
    _add(ET.SubElement(feed, "author"), "name", "Porth")
    for entry in entries:
        _write(feed, entry, locale)
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _write(feed: ET.Element, told: Entry, locale: Locale) -> None:
    entry = ET.SubElement(feed, "entry")
    _add(entry, "title", told.title)
    _add(entry, "id", told.lasting)
    ET.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": told.link})
    _add(entry, "updated", _instant(told.on))
    _add(ET.SubElement(entry, "author"), "name", told.author)
    ET.SubElement(entry, "category", {"term": told.term})
    if told.parts:
        content = "".join(_paragraph(label, text, locale) for label, text in told.parts)
        ET.SubElement(entry, "content", {"type": "html"}).text = _clean(content)


def _paragraph(label: Message | None, text: Bilingual, locale: Locale) -> str:
    before = f"<strong>{escape(say(label, locale))}</strong><br>" if label else ""
    told = str(escape(text.get(locale))).replace("\n", "<br>")
    return f"<p>{before}{told}</p>"


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _clean(text)


def _clean(text: str) -> str:
    """Without the signs that XML may not hold even escaped."""
    return _NOT_IN_XML.sub("", text)


def _instant(day: date) -> str:
    """Midnight of a day: the register says the day of what happened, and no more."""
    return f"{day.isoformat()}T00:00:00Z"
