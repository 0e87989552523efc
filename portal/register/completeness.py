"""What a record still lacks for where its system stands, and how complete it is, said in words and never as a mark."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from portal.core.text import Locale, Message, msg, pmsg
from portal.register.definitions import Field, definitions, groups
from portal.register.parts import Both, Part
from portal.register.record import Record
from portal.register.rules import SystemState
from portal.register.terms import Stage
from portal.register.walking import Found, find_values, is_filled, steps_of

_CONSULTATION_ON = frozenset(
    {
        SystemState.IN_CONSULTATION,
        SystemState.ASSESSMENT,
        SystemState.APPROVED,
        SystemState.BUILD_OR_BUY,
        SystemState.SUSPENDED,
    }
)
"""Nothing may keep a body from publishing that a system is switched off, so a suspended one needs no more than this."""
_LIVE_ON = frozenset(
    {
        SystemState.PILOT,
        SystemState.EMERGENCY,
        SystemState.LIVE,
        SystemState.CHANGE_PROPOSED,
        SystemState.UNDER_REVIEW,
        SystemState.RETIRING,
    }
)


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing: its field, its place in the record, and the language if it is one of the two."""

    field: Field
    place: str
    locale: Locale | None = None

    @property
    def path(self) -> str:
        return f"{self.place}.{self.locale}" if self.locale else self.place


def stages_of(state: SystemState) -> frozenset[Stage]:
    """Which fields a record of that state needs."""
    if state is SystemState.RETIRED:
        return frozenset({Stage.PROPOSED, Stage.CONSULTATION, Stage.LIVE, Stage.RETIRED})
    if state in _LIVE_ON:
        return frozenset({Stage.PROPOSED, Stage.CONSULTATION, Stage.LIVE})
    if state in _CONSULTATION_ON:
        return frozenset({Stage.PROPOSED, Stage.CONSULTATION})
    return frozenset({Stage.PROPOSED})


def gaps(record: Record, at: SystemState | None = None) -> list[Gap]:
    """What the record's standard needs in a state (its own if none is named) and does not find, in the table's order.

    A withheld field counts as filled, and so does one that was declared to have nothing in it. A text that needs both
    languages and has one lacks the other, wherever it stands. An existing list tells each child's fields.
    """
    needed = stages_of(at or record.state)
    exempt = {withheld.field for withheld in record.withheld} | set(record.declared_none)
    told = definitions(record.standard).values()
    return [gap for field in told if field.key not in exempt for gap in _gaps_of(record, field, needed)]


def completeness(record: Record) -> list[tuple[str, Message]]:
    """Each group of the record's standard that has fields of its own, with how much of it is told, in words.

    Counted are the fields that a system in use needs.
    """
    lacking = {gap.field.key for gap in gaps(record, SystemState.LIVE)}
    said = []
    for group in groups(record.standard):
        keys = [field.key for field in definitions(record.standard).values() if _counts(record, field, group)]
        if keys:
            said.append((group, _portion(sum(key not in lacking for key in keys), len(keys))))
    return said


def whole_completeness(record: Record) -> Message:
    """The same for the whole record."""
    lacking = {gap.field.key for gap in gaps(record, SystemState.LIVE)}
    keys = [field.key for field in definitions(record.standard).values() if _counts(record, field, field.group)]
    return _portion(sum(key not in lacking for key in keys), len(keys))


def _gaps_of(record: Record, field: Field, needed: frozenset[Stage]) -> Iterator[Gap]:
    """A field that is not needed is looked at for half a text only, so one of no or of either language is passed by."""
    for path, stage in field.paths.items():
        is_asked_for = stage in needed
        if (is_asked_for or field.bilingual) and not _is_whole(record, steps_of(path), is_needed=is_asked_for):
            for found in find_values(record, path):
                is_needed = is_asked_for and _applies(record, field, found)
                yield from _lacking(field, found, is_needed=is_needed)


def _is_whole(value: Any, steps: tuple[str, ...], *, is_needed: bool) -> bool:
    """Whether nothing at all can be missing at a place: a quick look, after which few places are gone through."""
    for number, step in enumerate(steps):
        if isinstance(value, tuple):
            return all(_is_whole(child, steps[number:], is_needed=is_needed) for child in value)
        if not isinstance(value, Part):
            return True
        value = getattr(value, step)
    if isinstance(value, Both):
        return bool(value.cy and value.en) or not (is_needed or value.cy or value.en)
    if isinstance(value, tuple) and any(isinstance(inner, Both) for inner in value):
        return all(isinstance(inner, Both) and inner.cy and inner.en for inner in value)
    return not is_needed or is_filled(value)


def _lacking(field: Field, found: Found, *, is_needed: bool) -> Iterator[Gap]:
    if isinstance(found.value, Both):
        yield from _lacking_words(field, found.place, found.value, is_needed=is_needed)
    elif isinstance(found.value, tuple) and any(isinstance(inner, Both) for inner in found.value):
        for number, inner in enumerate(found.value, start=1):
            yield from _lacking_words(field, f"{found.place}[{number}]", inner, is_needed=is_needed)
    elif is_needed and not is_filled(found.value):
        yield Gap(field, found.place)


def _lacking_words(field: Field, place: str, words: Both, *, is_needed: bool) -> Iterator[Gap]:
    if not field.bilingual:
        if is_needed and not is_filled(words):
            yield Gap(field, place)
    elif is_needed or is_filled(words):
        yield from (Gap(field, place, locale) for locale in Locale if not words.get(locale))


def _applies(record: Record, field: Field, found: Found) -> bool:
    return (field.when is None or _answer(record, field.when, found.parent)) and (
        field.unless is None or not _answer(record, field.unless, found.parent)
    )


def _answer(record: Record, path: str, parent: Part) -> bool:
    """The yes or no at a path: of the child that is asked about if it has one, else of the record."""
    name = path.rpartition(".")[2]
    if parent is not record and name in type(parent).model_fields:
        return bool(getattr(parent, name))
    return any(bool(found.value) for found in find_values(record, path))


def _counts(record: Record, field: Field, group: str) -> bool:
    """Whether a field has a place in the record and is needed by the time its system is in use."""
    if field.group != group or not stages_of(SystemState.LIVE) & set(field.paths.values()):
        return False
    has_place = any(True for path in field.paths for _found in find_values(record, path))
    return has_place and _applies(record, field, Found("", "", "", record, record))


def _portion(told: int, of: int) -> Message:
    if told == of:
        return pmsg("how complete", "Complete")
    if told == 0:
        return pmsg("how complete", "Not started")
    if told * 4 >= of * 3:
        return msg("Nearly complete. Fields still to fill: {n}", n=of - told)
    if told * 2 >= of:
        return msg("More than half is there. Fields still to fill: {n}", n=of - told)
    return msg("Begun. Fields still to fill: {n}", n=of - told)
