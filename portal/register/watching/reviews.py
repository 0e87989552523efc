"""The calendar of reviews as iCalendar (RFC 5545): whole days, titles that say nothing of whoever keeps it."""

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from portal.core.text import Locale, msg
from portal.i18n.catalogue import say

MEDIA_TYPE = "text/calendar; charset=utf-8"
LONGEST_LINE = 75
"""Bytes of a line without its end."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Review(NamedTuple):
    """One day by which an entry is to be checked."""

    short_code: str
    name: str
    on: date
    published_on: date
    address: str


def write_calendar(reviews: Iterable[Review], *, name: str, host: str, locale: Locale) -> bytes:
    """The calendar."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Porth//Register//{locale.value.upper()}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
    ]
    for review in reviews:
        lines += _event(review, host, locale)
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def _event(review: Review, host: str, locale: Locale) -> list[str]:
    title = say(msg("Register entry to be checked: {name}", name=review.name), locale)
    return [
        "BEGIN:VEVENT",
        f"UID:review-{review.short_code}@{host}",
        f"DTSTAMP:{review.published_on:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{review.on:%Y%m%d}",
        f"SUMMARY;LANGUAGE={locale.value}:{escaped(title)}",
        f"URL:{review.address}",
        "TRANSP:TRANSPARENT",
        "CLASS:PUBLIC",
        "END:VEVENT",
    ]


def escaped(text: str) -> str:
    """A text as a value: backslash, semicolon, comma and the ends of lines have a meaning there."""
    told = _CONTROL.sub("", text.replace("\r\n", "\n"))
    for sign in "\\;,":
        told = told.replace(sign, f"\\{sign}")
    return told.replace("\n", "\\n")


def folded(line: str) -> bytes:
    """A line in pieces of at most 75 bytes, no sign cut in two; each further piece begins with a space."""
    pieces, piece = [], b""
    for sign in line:
        encoded = sign.encode()
        if len(piece) + len(encoded) > LONGEST_LINE:
            pieces.append(piece)
            piece = b" "
        piece += encoded
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
