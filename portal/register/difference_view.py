"""Two versions side by side, field by field: what everybody may read of it, in one language."""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from portal.core.text import Locale, Message
from portal.register.definitions import definitions
from portal.register.differing import Difference, differences
from portal.register.openness import is_open
from portal.register.parts import Both, Part, Withheld
from portal.register.path_words import NEVER, PATH_WORDS, TITLES
from portal.register.record import Record
from portal.register.terms import DiffClass
from portal.register.value_view import Line, Placed, Values
from portal.register.walking import child_keys, find_values

_KEY = re.compile(r"\[[^\]]*\]")


class Differing(NamedTuple):
    """One field that differs: its label, the child of a list it belongs to, both sides, and whether it is material."""

    label: str
    of: str
    before: tuple[Line, ...]
    after: tuple[Line, ...]
    is_material: bool

    @property
    def is_first_told(self) -> bool:
        """Nothing stood there before, and it changes nothing for anybody: the employer says more than it did."""
        return not self.before and not self.is_material


def side_by_side(
    old: Record, new: Record, say: Callable[[Message], str], locale: Locale, places: Placed
) -> list[Differing]:
    """Every open difference, in the order of the standard."""
    sides = (Values(locale, say, old, places), Values(locale, say, new, places))
    return [
        _line(one, sides, say, locale)
        for one in differences(old, new)
        if one.field.is_open
        and is_open(old, one.field.key)
        and is_open(new, one.field.key)
        and _KEY.sub("", one.place) not in NEVER
    ]


def _line(one: Difference, sides: tuple[Values, Values], say: Callable[[Message], str], locale: Locale) -> Differing:
    path = _KEY.sub("", one.place)
    own = PATH_WORDS.get(path)
    label = say(own) if own is not None else one.field.label.get(locale)
    before, after = (
        () if value is None else _lines(values, path, value)
        for values, value in zip(sides, (one.before, one.after), strict=True)
    )
    return Differing(label, _of(one.place, sides), before, after, one.diff_class is DiffClass.MATERIAL)


def _lines(values: Values, path: str, value: Any) -> tuple[Line, ...]:
    """A value; of a child that came or went, what heads it."""
    if isinstance(value, Withheld):
        told = definitions(values.record.standard)[value.field].label
        return tuple(values.lines(Both(cy=f"{told.cy}: {value.reason.cy}", en=f"{told.en}: {value.reason.en}")))
    if isinstance(value, Part) and path in TITLES:
        name = TITLES[path]
        return values.lines(getattr(value, name), path=f"{path}.{name}", parent=value)
    return values.lines(value, path=path)


def _of(place: str, sides: tuple[Values, Values]) -> str:
    """What heads the child that a place lies in; nothing for a value of the record itself."""
    root, bracket, rest = place.partition("[")
    key, _, inner = rest.partition("]")
    if not bracket or not inner or root not in TITLES:
        return ""
    for values in reversed(sides):
        for title in _titles(values, root, key):
            return title
    return key


def _titles(values: Values, root: str, key: str) -> Iterator[str]:
    children = next((found.value for found in find_values(values.record, root)), ())
    for name, child in zip(child_keys(children), children, strict=True):
        if name == key:
            title = TITLES[root]
            yield "; ".join(
                line.text for line in values.lines(getattr(child, title), path=f"{root}.{title}", parent=child)
            )
