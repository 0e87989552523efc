"""Going to a field's places in a record, through its lists, each child by its own key."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from portal.register.parts import Both, Part
from portal.register.record import Affected, Assessment, Record, Supplier, UnionPosition


class Found(NamedTuple):
    """One value in a record. ``place`` counts children (``risks[2].risk``), ``lasting`` names them (``risks[fire]…``).

    ``parent`` is what the value hangs on: the child of a list, a part, or the record itself.
    """

    place: str
    lasting: str
    key: str
    parent: Part
    value: Any


def find_values(record: Record, path: str) -> Iterator[Found]:
    """Every value at a path. None for an empty list or a part that is not there: its fields are not asked for."""
    at: list[Found] = [Found("", "", "", record, record)]
    for step in steps_of(path):
        at = [found for one in at for found in _next(one, step)]
    return iter(at)


def is_filled(value: object) -> bool:
    """Whether somebody told a value: a text in any language, a number (0 too), yes or no, a list with something in."""
    if isinstance(value, Both):
        return bool(value.cy or value.en)
    return value not in (None, "", ())


def child_keys(children: Sequence[Any]) -> list[str]:
    """The lasting key of each child of a list; the second of the same name is told apart by a number."""
    keys = [_key(child) for child in children]
    if len(set(keys)) == len(keys):
        return keys
    seen: Counter[str] = Counter()
    for place, key in enumerate(keys):
        seen[key] += 1
        keys[place] = key if seen[key] == 1 else f"{key}#{seen[key]}"
    return keys


@cache
def steps_of(path: str) -> tuple[str, ...]:
    """The names of the fields that lead to a path."""
    return tuple(path.split("."))


def _next(at: Found, step: str) -> Iterator[Found]:
    """What a step leads to: the field of a part, or that field of every child of a list."""
    value = at.value
    if isinstance(value, tuple):
        for number, (key, child) in enumerate(zip(child_keys(value), value, strict=True), start=1):
            place, lasting = f"{at.place}[{number}].{step}", f"{at.lasting}[{key}].{step}"
            yield Found(place, lasting, key, child, getattr(child, step))
    elif isinstance(value, Part):
        place, lasting = (f"{at.place}.{step}", f"{at.lasting}.{step}") if at.place else (step, step)
        yield Found(place, lasting, at.key, value, getattr(value, step))


def _key(child: Any) -> str:
    if isinstance(child, Affected):
        told = (child.body, child.workplace, child.staff_group, *sorted(child.contract_kinds))
        return ",".join(step for step in told if step)
    if isinstance(child, Supplier):
        return child.name
    if isinstance(child, Assessment):
        return child.kind
    if isinstance(child, UnionPosition):
        return child.union
    return _first_told(child)


def _first_told(child: Any) -> str:
    for name in ("key", "name", "field", "article", "who"):
        told = getattr(child, name, None)
        if told:
            return told.en or told.cy if isinstance(told, Both) else str(told)
    return ""
