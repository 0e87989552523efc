"""Somebody's own days as iCalendar (RFC 5545): a reference and a day, and nothing of whoever asked."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from portal.core.text import Locale, Message
from portal.i18n.catalogue import say
from portal.register.watching.reviews import escaped, folded


class Day(NamedTuple):
    """One day by which something is to be done. ``key`` stays the same when the day moves."""

    key: str
    title: Message
    on: date


def write_days(days: Iterable[Day], *, name: Message, host: str, locale: Locale, now: datetime) -> bytes:
    """The calendar."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Porth//Access//{locale.value.upper()}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(say(name, locale))}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
    ]
    for day in days:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{day.key}@{host}",
            f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{day.on:%Y%m%d}",
            f"SUMMARY;LANGUAGE={locale.value}:{escaped(say(day.title, locale))}",
            "TRANSP:TRANSPARENT",
            "CLASS:PRIVATE",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)
