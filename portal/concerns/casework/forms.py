"""Reading what readers tell: words of the closed vocabularies and days. No field takes a sentence."""

from collections.abc import Collection
from datetime import date

from portal.concerns.casework.rules import NextStep, Severity, Side, Theme, Waiting
from portal.concerns.casework.service import Planned, Telling
from portal.core.text import Locale, pmsg
from portal.web.fields import FieldBag
from portal.web.forms import Problems, choice, day

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


def read_planned(fields: FieldBag, problems: Problems, side: Side, *, today: date) -> Planned:
    """What comes next for one's own side. Only the union keeps the end of a mandate."""
    next_on = day(fields, "next_on", problems, not_before=today)
    step = choice(fields, "next_step", problems, allowed=set(NextStep))
    waiting = choice(fields, "waiting", problems, allowed=set(Waiting)) or Waiting.US.value
    mandate = day(fields, "mandate_until", problems) if side is Side.UNION else None
    if step and next_on is None and "next_on" not in problems:
        problems["next_on"] = NO_DAY
    return Planned(next_on, NextStep(step) if step else None, Waiting(waiting), mandate)
