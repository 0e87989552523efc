"""The part of a record that the public may read: whatever the record's standard says is public, and is not withheld."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from portal.register.definitions import definitions, field_at
from portal.register.openness import READERS
from portal.register.terms import Audience, Standard

Json = Mapping[str, Any]

_TOLD_APART = frozenset({"withheld", "standard"})
"""What the answer says beside the record."""


@lru_cache(maxsize=512)
def public_part(canonical: str) -> tuple[Json, Sequence[Json], str]:
    """The public part of a stored record, the fields that are withheld with their reasons, and the standard.

    What no field of the standard covers is left out, so that a field is public because somebody said so.
    """
    record: dict[str, Any] = json.loads(canonical)
    standard = Standard(record.get("standard", Standard.FIRST))
    withheld = [one for one in record.get("withheld", ()) if READERS.intersection(one.get("audience", READERS))]
    hidden = _paths_of(standard, {one["field"] for one in withheld})
    shown = {
        name: kept
        for name, value in record.items()
        if name not in _TOLD_APART and (kept := _kept(standard, hidden, name, value)) is not None
    }
    return shown, [_reason(one) for one in withheld], standard.value


def _kept(standard: Standard, hidden: frozenset[str], path: str, value: Any) -> Any:
    """The value without what the public may not read; None when nothing is left."""
    if path in hidden:
        return None
    if isinstance(value, dict) and not _is_text(value):
        inner = {name: _kept(standard, hidden, f"{path}.{name}", part) for name, part in value.items()}
        return {name: part for name, part in inner.items() if part is not None} or None
    if isinstance(value, list):
        parts = [_kept(standard, hidden, path, part) for part in value]
        return [part for part in parts if part is not None] or None
    field = field_at(standard, path)
    return value if field is not None and Audience.PUBLIC in field.audience else None


def _is_text(value: Mapping[str, Any]) -> bool:
    """A text in one language or both."""
    return bool(value) and value.keys() <= {"cy", "en"}


def _paths_of(standard: Standard, keys: set[str]) -> frozenset[str]:
    """The places of fields and of all their parts."""
    return frozenset(
        path
        for field in definitions(standard).values()
        if field.key in keys or any(field.key.startswith(f"{key}.") for key in keys)
        for path in field.paths
    )


def _reason(one: Json) -> Json:
    return {name: one[name] for name in ("field", "reason_code", "reason", "review_by")}
