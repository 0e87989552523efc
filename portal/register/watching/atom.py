"""A feed as Atom (RFC 4287), in one language. Nothing in it depends on who asks."""

import re
from collections.abc import Sequence
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


def write_feed(
    happenings: Sequence[Happening],
    *,
    title: str,
    address: str,
    page: str,
    public_url: str,
    locale: Locale,
    today: date,
) -> bytes:
    """The feed. ``address`` is its own, ``page`` that of the page for people."""
    feed = ET.Element("feed", {"xmlns": ATOM, "xml:lang": locale.value})
    _add(feed, "title", title)
    _add(feed, "id", address)
    ET.SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": address})
    ET.SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": page, "hreflang": locale.value})
    _add(feed, "updated", _instant(happenings[0].on if happenings else today))
    _add(ET.SubElement(feed, "author"), "name", "Porth")
    for happening in happenings:
        _entry(feed, happening, public_url, locale)
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _entry(feed: ET.Element, happening: Happening, public_url: str, locale: Locale) -> None:
    page = address_of(public_url, locale, happening.short_code)
    link = page + _PLACES[happening.news].format(n=happening.number)
    lasting = link + _ANCHORS[happening.news].format(n=happening.number, id=happening.id)
    entry = ET.SubElement(feed, "entry")
    _add(entry, "title", f"{happening.name.get(locale)}: {happening.headline.get(locale)}")
    _add(entry, "id", lasting)
    ET.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": link})
    _add(entry, "updated", _instant(happening.on))
    _add(ET.SubElement(entry, "author"), "name", happening.body.get(locale))
    ET.SubElement(entry, "category", {"term": happening.news.value})
    if happening.parts:
        told = "".join(_paragraph(label, text, locale) for label, text in happening.parts)
        ET.SubElement(entry, "content", {"type": "html"}).text = _clean(told)


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
