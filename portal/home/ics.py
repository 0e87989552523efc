"""Somebody's own days as iCalendar (RFC 5545). A calendar is seen by colleagues, and by whoever runs it: a day holds
how many things are due, and nothing of what they are."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from portal.core.text import Locale, msg, nmsg
from portal.i18n.catalogue import say
from portal.register.watching.reviews import escaped, folded

NAME = msg("Porth: my days")


def write_days(days: Iterable[date], *, host: str, address: str, locale: Locale, now: datetime) -> bytes:
    """The calendar: one entry for each day, under a name that stays while the day has something."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Porth//Days//{locale.value.upper()}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(say(NAME, locale))}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
    ]
    for day, number in sorted(Counter(days).items()):
        title = nmsg("Porth: {n} thing is due", "Porth: {n} things are due", number)
        lines += [
            "BEGIN:VEVENT",
            f"UID:day-{day:%Y%m%d}@{host}",
            f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"SUMMARY;LANGUAGE={locale.value}:{escaped(say(title, locale))}",
            f"URL:{address}",
            "TRANSP:TRANSPARENT",
            "CLASS:PRIVATE",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)
