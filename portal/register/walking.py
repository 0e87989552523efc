"""Going to a field's places in a record, through its lists, each child by its own key."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from portal.register.parts import Both, Part
from portal.register.record import Affected, Assessment, Record, Supplier, UnionPosition


@dataclass(frozen=True, slots=True)
class Found:
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
    yield from _walk(Found("", "", "", record, record), path.split("."))


def is_filled(value: object) -> bool:
    """Whether somebody told a value: a text in any language, a number (0 too), yes or no, a list with something in."""
    if isinstance(value, Both):
        return bool(value.cy or value.en)
    return value not in (None, "", ())


def child_keys(children: Sequence[Any]) -> list[str]:
    """The lasting key of each child of a list; the second of the same name is told apart by a number."""
    seen: Counter[str] = Counter()
    keys = []
    for child in children:
        key = _key(child)
        seen[key] += 1
        keys.append(key if seen[key] == 1 else f"{key}#{seen[key]}")
    return keys


def _walk(at: Found, steps: Sequence[str]) -> Iterator[Found]:
    if not steps:
        yield at
    elif isinstance(at.value, Part):
        name = steps[0]
        value = getattr(at.value, name)
        yield from _walk(Found(_join(at.place, name), _join(at.lasting, name), at.key, at.value, value), steps[1:])
    elif isinstance(at.value, tuple):
        for number, (key, child) in enumerate(zip(child_keys(at.value), at.value, strict=True), start=1):
            inner = Found(f"{at.place}[{number}]", f"{at.lasting}[{key}]", key, child, child)
            yield from _walk(inner, steps)


def _join(before: str, name: str) -> str:
    return f"{before}.{name}" if before else name


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
