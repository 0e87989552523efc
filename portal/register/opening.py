"""The record as anybody may read it: without fields for the union or the desks alone, and without what is withheld.

Every public page, search, feed and export starts from here; the whole record is for signed-in desks and the operator.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

from portal.register.definitions import Field, definitions
from portal.register.parts import EMPTY, Part, Withheld
from portal.register.record import Record, read_record
from portal.register.terms import Audience, Standard

AnyPart = TypeVar("AnyPart", bound=Part)
_EVERYBODY = frozenset({Audience.PUBLIC, Audience.STAFF})
"""Staff read the public pages without signing in: what is kept from one of the two is kept from both."""


@lru_cache(maxsize=256)
def read_open(canonical: str) -> Record:
    """A stored record as anybody may read it, read once for the process."""
    return open_record(read_record(canonical))


def open_record(record: Record) -> Record:
    """The record without what is not for everybody. A record of the first standard is open throughout."""
    if record.standard is Standard.FIRST:
        return record
    kept_back = {withheld.field for withheld in record.withheld if _EVERYBODY & set(withheld.audience)}
    for field in definitions(record.standard).values():
        if not field.is_open or field.key in kept_back:
            for path in field.paths:
                record = _without(record, path.split("."))
    return record


def withheld_in(record: Record, field: Field | str) -> Withheld | None:
    """Why a field is not shown to everybody, None if it is."""
    key = field if isinstance(field, str) else field.key
    told = (withheld for withheld in record.withheld if withheld.field == key)
    return next((one for one in told if _EVERYBODY & set(one.audience)), None)


def _without(part: AnyPart, steps: Sequence[str]) -> AnyPart:
    name, *rest = steps
    value = getattr(part, name)
    return part.model_copy(update={name: _inner(value, rest) if rest else _nothing(part, name)})


def _inner(value: Any, steps: Sequence[str]) -> Any:
    if isinstance(value, Part):
        return _without(value, steps)
    return tuple(_without(child, steps) for child in value) if isinstance(value, tuple) else value


def _nothing(part: Part, name: str) -> Any:
    """What a field that was never told holds. A name that a part cannot be without becomes an empty text."""
    told = type(part).model_fields[name]
    if not told.is_required():
        return told.get_default()
    return EMPTY if isinstance(getattr(part, name), type(EMPTY)) else ""
