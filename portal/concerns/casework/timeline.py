"""What happened to a thread in casework: days and steps. The lines of both sides and one's own, never the other's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.concerns.casework.models import ToldEvent
from portal.concerns.casework.queries import name_people, name_systems
from portal.concerns.casework.rules import (
    NEXT_STEPS,
    NOT_TOLD,
    SEVERITIES,
    THEMES,
    WAITINGS,
    NextStep,
    Severity,
    Side,
    Theme,
    Waiting,
)
from portal.concerns.casework.steps import STEPS
from portal.concerns.casework.told import Told, tellable
from portal.core.text import Bilingual, Locale, Message, msg, pmsg
from portal.identity.actor import Actor

LANGUAGES: Mapping[str, Message] = {Locale.CY: pmsg("language", "Welsh"), Locale.EN: pmsg("language", "English")}
SIDES: Mapping[Side, Message] = {
    Side.EMPLOYER: pmsg("side of a concern", "The employer’s readers"),
    Side.UNION: pmsg("side of a concern", "The union’s representatives"),
}
PORTAL = pmsg("side of a concern", "The portal")
SAID: Mapping[str, Message] = {
    "told": msg("Something else was told about it"),
    "planned": msg("It was planned what comes next"),
    "assigned": msg("Somebody else works on it"),
    "passed_on": msg("It came to who answers for it"),
    "agreed_to": msg("One side agrees to what will be done"),
    "undone": msg("The last change was undone"),
    "labelled": msg("Its labels were changed"),
    "linked": msg("It was linked with others of the same cause"),
    "unlinked": msg("It was taken out of those with the same cause"),
    "asked_again": msg("The worker was asked once more how things are"),
}
FIELDS: Mapping[str, Message] = {
    "theme": pmsg("told", "Theme"),
    "system_id": pmsg("told", "System"),
    "severity": pmsg("told", "How much hangs on it"),
    "lang": pmsg("told", "Language of the worker"),
    "assignee_id": pmsg("told", "Works on it"),
    "next_on": pmsg("told", "Next day"),
    "next_step": pmsg("told", "Next step"),
    "waiting": pmsg("told", "Whose turn it is"),
    "mandate_until": pmsg("told", "The mandate ends on"),
}
WORDS: Mapping[str, Mapping[Any, Message]] = {
    "theme": {one.value: THEMES[one] for one in Theme},
    "severity": {one.value: SEVERITIES[one] for one in Severity},
    "lang": LANGUAGES,
    "next_step": {one.value: NEXT_STEPS[one] for one in NextStep},
    "waiting": {one.value: WAITINGS[one] for one in Waiting},
}
DAYS = frozenset({"next_on", "mandate_until"})
Value = Message | Bilingual | date | str


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the day, what happened, who did it (a side, or a colleague's name), and what was told by it."""

    on_day: date
    said: Message
    by: Message | str
    facts: tuple[tuple[Message, Value], ...]
    is_own: bool


def list_lines(session: Session, actor: Actor, told: Told) -> list[Line]:
    """The newest day first; within a day, the later of each row's changes first."""
    asked = (
        select(ToldEvent)
        .where(
            ToldEvent.case_id == told.case_id,
            or_(ToldEvent.side.is_(None), *([ToldEvent.side == told.side_name] if told.side is not None else [])),
            tellable(actor, ToldEvent.case_id),
        )
        .order_by(ToldEvent.on_day.desc(), ToldEvent.side, ToldEvent.number.desc())
    )
    events = [one for one in session.scalars(asked) if one.step in STEPS or one.step in SAID]
    names = name_people(session, [*(one.by_id for one in events), *(one.said.get("assignee_id") for one in events)])
    systems = name_systems(session, [one.said.get("system_id") for one in events])
    return [_line(event, names, systems) for event in events]


def _line(event: ToldEvent, names: Mapping[str, str], systems: Mapping[str, Bilingual]) -> Line:
    step = STEPS.get(event.step)
    by: Message | str = names.get(event.by_id or "", "") or (SIDES[event.by_side] if event.by_side else PORTAL)
    facts = tuple(
        (FIELDS[name], _value(name, event.said[name], names, systems)) for name in FIELDS if name in event.said
    )
    return Line(event.on_day, step.said if step is not None else SAID[event.step], by, facts, event.side is not None)


def _value(name: str, value: Any, names: Mapping[str, str], systems: Mapping[str, Bilingual]) -> Value:
    if value is None:
        return NOT_TOLD if name != "assignee_id" else NOBODY
    if name in WORDS:
        return WORDS[name][value]
    if name in DAYS:
        return date.fromisoformat(value)
    if name == "system_id":
        return systems.get(value, Bilingual(value, value))
    return names.get(value, "")


def told_facts(told: Told, system: Bilingual | None) -> Sequence[tuple[Message, Value]]:
    """What both sides may know of a thread now."""
    row = told.thread
    if row is None:
        return ()
    return (
        (FIELDS["theme"], THEMES[row.theme] if row.theme else NOT_TOLD),
        (FIELDS["system_id"], system or NOT_TOLD),
        (FIELDS["severity"], SEVERITIES[row.severity] if row.severity else NOT_TOLD),
        (FIELDS["lang"], LANGUAGES[row.lang] if row.lang else NOT_TOLD),
    )


NOBODY = pmsg("works on it", "Nobody")
