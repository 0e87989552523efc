"""Reading what readers tell: words of the closed vocabularies and days. No field takes a sentence."""

from collections.abc import Collection
from datetime import date

from portal.concerns.casework.rules import NextStep, Severity, Side, Theme, Waiting
from portal.concerns.casework.service import Planned, Telling
from portal.core.text import Locale, Message, pmsg
from portal.web.fields import FieldBag
from portal.web.forms import Problems, choice, day

YEARS = range(2000, 2200)
NO_DAY = pmsg("error", "Enter the day of the next step, or take the step away")


def read_telling(fields: FieldBag, problems: Problems, systems: Collection[str]) -> Telling:
    """What both sides may know; an empty choice is not told."""
    theme = choice(fields, "theme", problems, allowed=set(Theme))
    severity = choice(fields, "severity", problems, allowed=set(Severity))
    lang = choice(fields, "lang", problems, allowed=set(Locale))
    return Telling(
        theme=Theme(theme) if theme else None,
        system_id=choice(fields, "system_id", problems, allowed=systems) or None,
        severity=Severity(severity) if severity else None,
        lang=Locale(lang) if lang else None,
    )


def read_day(
    fields: FieldBag,
    name: str,
    problems: Problems,
    *,
    required: Message | None = None,
    not_before: date | None = None,
) -> date | None:
    """A day that can stand in a calendar: a year of four digits that was mistyped is no date."""
    found = day(fields, name, problems, required=required, not_before=not_before)
    if found is not None and found.year not in YEARS:
        problems[name] = pmsg("error", "Enter a real date, for example 27 3 2026")
        return None
    return found


def read_planned(fields: FieldBag, problems: Problems, side: Side, *, today: date) -> Planned:
    """What comes next for one's own side. Only the union keeps the end of a mandate."""
    next_on = read_day(fields, "next_on", problems, not_before=today)
    step = choice(fields, "next_step", problems, allowed=set(NextStep))
    waiting = choice(fields, "waiting", problems, allowed=set(Waiting)) or Waiting.US.value
    mandate = read_day(fields, "mandate_until", problems) if side is Side.UNION else None
    if step and next_on is None and "next_on" not in problems:
        problems["next_on"] = NO_DAY
    return Planned(next_on, NextStep(step) if step else None, Waiting(waiting), mandate)
