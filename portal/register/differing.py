"""What differs between two versions of a record, field by field, children matched by their own keys."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from portal.register.definitions import Field, definitions
from portal.register.parts import Both, Part
from portal.register.record import Record
from portal.register.terms import DiffClass, Standard
from portal.register.walking import child_keys, find_values, is_filled

_CHANGE = "change_log"
_UNTOLD = frozenset({_CHANGE, "standard_version", "last_confirmed_by_sro"})
"""The account of the change, the standard and a confirmation are no changes of the system."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs. ``place`` names the child by its key (``decision_points[bank-offer].title``).

    ``before`` is None where there was nothing, ``after`` where there is nothing any more. A child that came or went is
    one difference, of the whole child.
    """

    field: Field
    place: str
    before: Any
    after: Any
    diff_class: DiffClass


def differences(old: Record, new: Record) -> list[Difference]:
    """Every difference in the order of the newer standard's table.

    What the older record's standard did not know is told for the first time: it is never a material change.
    """
    standard = max(old.standard, new.standard, key=lambda told: told.rank)
    changed = {name for name in Record.model_fields if getattr(old, name) != getattr(new, name)}
    found: list[Difference] = []
    lists: set[str] = set()
    for field in definitions(standard).values():
        if field.key not in _UNTOLD and any(path.partition(".")[0] in changed for path in field.paths):
            found += _of_field(old, new, field, lists)
    return found


def material(found: Sequence[Difference]) -> list[Difference]:
    """Those that change something for the people a system affects."""
    return [difference for difference in found if difference.diff_class is DiffClass.MATERIAL]


def _of_field(old: Record, new: Record, field: Field, lists: set[str]) -> Iterator[Difference]:
    for path in field.paths:
        before = {found.lasting: found for found in find_values(old, path)}
        after = {found.lasting: found for found in find_values(new, path)}
        for place in [*before, *(place for place in after if place not in before)]:
            earlier = before[place].value if place in before else None
            later = after[place].value if place in after else None
            if _are_children(earlier, later):
                lists.add(place)
                yield from _came_and_went(field, place, earlier or (), later or (), _class(old, field, path))
            elif not _is_of_a_lone_child(place, before, after, lists) and earlier != later:
                yield Difference(field, place, _told(earlier), _told(later), _class(old, field, path))


def _are_children(earlier: object, later: object) -> bool:
    """A list of parts with keys; a list of texts or of code words is one value."""
    told = [value[0] for value in (earlier, later) if isinstance(value, tuple) and value]
    return any(isinstance(first, Part) and not isinstance(first, Both) for first in told)


def _came_and_went(
    field: Field, place: str, earlier: Sequence[Any], later: Sequence[Any], diff_class: DiffClass
) -> Iterator[Difference]:
    before = dict(zip(child_keys(earlier), earlier, strict=True))
    after = dict(zip(child_keys(later), later, strict=True))
    for key in [*before, *(key for key in after if key not in before)]:
        if key not in before or key not in after:
            yield Difference(field, f"{place}[{key}]", before.get(key), after.get(key), diff_class)


def _is_of_a_lone_child(place: str, before: Container[str], after: Container[str], lists: set[str]) -> bool:
    """A field of a child that only one side has: the child itself was told already."""
    in_list = any(place.startswith(f"{told}[") for told in lists)
    return in_list and not (place in before and place in after)


def _class(old: Record, field: Field, path: str) -> DiffClass:
    known = definitions(old.standard).get(field.key)
    if old.standard is not Standard.SECOND and (known is None or path not in known.paths):
        return DiffClass.MINOR
    return field.diff_class


def _told(value: Any) -> Any:
    return value if is_filled(value) else None
