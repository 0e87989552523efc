"""Which systems affect somebody, why, and since when. Pure: facts about a person's work in, matches out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from portal.core.text import Bilingual, Message, msg
from portal.directory.rules import EngagementKind
from portal.register.rules import AT_WORK, Strength
from portal.register.words import words

DEEPEST = 12
"""Places within places that are looked at; a loop in the directory cannot make the query run for ever."""


@dataclass(frozen=True, slots=True)
class Work:
    """One engagement as matching sees it: the workplace first, then the places it lies in, outermost last.

    A place or group that is not told (None, or no places) matches only what affects every place or every group.
    ``began_on`` is None where nobody told when the work began.
    """

    body_id: str
    places: tuple[str, ...]
    staff_group_id: str | None
    kind: EngagementKind
    on: date
    began_on: date | None = None


class Group(NamedTuple):
    """One affected group of one system's current version."""

    system_id: str
    body_id: str
    workplace_id: str | None
    staff_group_id: str | None
    kinds: frozenset[EngagementKind]
    strength: Strength
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Names:
    """What the facts in a reason are called."""

    body: Bilingual
    places: dict[str, Bilingual]
    staff_group: Bilingual | None


class Reason(NamedTuple):
    """Why a system affects one of somebody's engagements; ``at`` is that engagement."""

    strength: Strength
    why: Message
    since: date
    at: Names


class Match(NamedTuple):
    """A system affects somebody: how strongly, why, since when. ``reasons`` of several engagements, each once."""

    system_id: str
    strength: Strength
    why: Message
    since: date
    reasons: tuple[Reason, ...] = ()


def matches(work: Work, groups: Iterable[Group], names: Names) -> list[Match]:
    """One match a system: its strongest group, then the most particular one. Strongest first, then longest known."""
    best: dict[str, Group] = {}
    for group in groups:
        if affects(work, group):
            held = best.get(group.system_id)
            if held is None or _precedence(work, group) < _precedence(work, held):
                best[group.system_id] = group
    reasons: dict[tuple[str | None, str | None, frozenset[EngagementKind]], Message] = {}
    found = []
    for group in best.values():
        key = (group.workplace_id, group.staff_group_id, group.kinds)
        why = reasons.get(key)
        if why is None:
            why = reasons[key] = reason(work, group, names)
        found.append(Match(group.system_id, group.strength, why, since(work, group)))
    return sorted(found, key=_order)


def merged(found: Iterable[tuple[Names, Sequence[Match]]]) -> list[Match]:
    """The matches of several engagements: each system once, by its strongest, earliest match, with every reason."""
    of_system: dict[str, list[tuple[Match, Names]]] = {}
    for names, matched in found:
        for match in matched:
            of_system.setdefault(match.system_id, []).append((match, names))
    return sorted((_whole(held) for held in of_system.values()), key=_order)


def _whole(held: list[tuple[Match, Names]]) -> Match:
    held.sort(key=lambda one: _order(one[0]))
    reasons: list[Reason] = []
    for match, names in held:
        is_said = any(match.why == said.why and match.strength == said.strength for said in reasons)
        if not is_said:
            reasons.append(Reason(match.strength, match.why, match.since, names))
    return held[0][0]._replace(reasons=tuple(reasons))


def affects(work: Work, group: Group) -> bool:
    """Body, place or one above it, staff group, kind of contract and day all fit."""
    return (
        group.body_id == work.body_id
        and (group.workplace_id is None or group.workplace_id in work.places)
        and (group.staff_group_id is None or group.staff_group_id == work.staff_group_id)
        and work.kind in group.kinds
        and group.since <= work.on
        and (group.until is None or work.on <= group.until)
    )


def since(work: Work, group: Group) -> date:
    """The first day on which both the group and the work, if its beginning is known, were there."""
    return group.since if work.began_on is None else max(group.since, work.began_on)


def reason(work: Work, group: Group, names: Names) -> Message:
    """Why, in one sentence whose values stand after colons (they cannot take a Welsh mutation)."""
    by_kind = work.kind not in AT_WORK or not group.kinds >= AT_WORK
    values = {
        "body": names.body,
        "workplace": names.places.get(group.workplace_id or ""),
        "staff_group": names.staff_group,
        "contract": words(work.kind),
    }
    frame = _FRAMES[(_place(work, group), group.staff_group_id is not None, by_kind)]
    return Message(frame.msgid, {name: value for name, value in values.items() if f"{{{name}}}" in frame.msgid})


def _place(work: Work, group: Group) -> str:
    if group.workplace_id is None:
        return "anywhere"
    return "here" if group.workplace_id == work.places[0] else "around"


def _precedence(work: Work, group: Group) -> tuple[int, int, date, int]:
    nearness = work.places.index(group.workplace_id) if group.workplace_id else len(work.places)
    particular = 2 * nearness + (group.staff_group_id is None)
    return group.strength.rank, particular, group.since, len(group.kinds)


def _order(match: Match) -> tuple[int, date, str]:
    return match.strength.rank, match.since, match.system_id


_FRAMES = {
    ("anywhere", False, False): msg("It affects you because you work for this employer: {body}"),
    ("anywhere", False, True): msg("It affects you because of your tie to this employer: {body}; {contract}"),
    ("anywhere", True, False): msg("It affects you because you are in this staff group: {staff_group}"),
    ("anywhere", True, True): msg(
        "It affects you because of your staff group and your kind of contract: {staff_group}; {contract}"
    ),
    ("here", False, False): msg("It affects you because you work here: {workplace}"),
    ("here", False, True): msg(
        "It affects you because of where you work and your kind of contract: {workplace}; {contract}"
    ),
    ("here", True, False): msg(
        "It affects you because of where you work and your staff group: {workplace}; {staff_group}"
    ),
    ("here", True, True): msg(
        "It affects you because of where you work, your staff group and your kind of contract:"
        " {workplace}; {staff_group}; {contract}"
    ),
    ("around", False, False): msg("It affects you because your workplace is part of: {workplace}"),
    ("around", False, True): msg(
        "It affects you because of what your workplace is part of and your kind of contract: {workplace}; {contract}"
    ),
    ("around", True, False): msg(
        "It affects you because of what your workplace is part of and your staff group: {workplace}; {staff_group}"
    ),
    ("around", True, True): msg(
        "It affects you because of what your workplace is part of, your staff group and your kind of contract:"
        " {workplace}; {staff_group}; {contract}"
    ),
}
