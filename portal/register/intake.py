"""Reading register entries from our own JSON (FORMAT.md). Every fault is listed by entry and field, never a value."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import StringConstraints, ValidationError

from portal.core.errors import Fault, ImportRefused
from portal.register.completeness import gaps
from portal.register.definitions import definitions
from portal.register.parts import Both, Part, Slug
from portal.register.record import Record
from portal.register.terms import Standard
from portal.register.walking import steps_of

MOST_BYTES = 10 * 1024 * 1024
TOO_LARGE = "is larger than 10 MB; a larger register is imported as JSON Lines, one entry on each line (FORMAT.md)"
FORMATS = ("porth-register/1", "porth-register/2")
FORMAT = FORMATS[-1]
"""What an export is written in. In the first format an earlier version tells only what differed; now it is whole."""
ShortCode = Annotated[str, StringConstraints(pattern=r"^[2-9BCDFGHJKMNPQRSTVWXYZ]{6}$")]


@dataclass(frozen=True, slots=True)
class Dated:
    """A record and the day it was published on."""

    published_on: date
    record: Record


@dataclass(frozen=True, slots=True)
class Entry:
    """One system of a file: its lasting names and its versions, oldest first. A draft has one, unpublished.

    ``place`` counts the entries of a file, or the lines of one that has an entry on each.
    """

    place: int
    body: str
    slug: str
    short_code: str | None
    is_draft: bool
    versions: tuple[Dated, ...]
    called: str = "entry"

    @property
    def where(self) -> str:
        return f"{self.called} {self.place} ({self.slug})"

    @property
    def latest(self) -> Record:
        return self.versions[-1].record


class _EarlierRow(Part):
    """A version before the last."""

    published_on: date
    record: Mapping[str, Any]


class _EntryRow(Part):
    """One system: its lasting names and its versions."""

    body: Slug
    slug: Slug
    short_code: ShortCode | None = None
    draft: bool = False
    published_on: date
    record: Mapping[str, Any]
    earlier: tuple[_EarlierRow, ...] = ()


class _FileRow(Part):
    format: Literal["porth-register/1", "porth-register/2"]
    entries: tuple[Mapping[str, Any], ...]


class _SameFieldTwice(ValueError):
    """A JSON object names a field twice, so one of the two values would be lost without a word."""


def read_register(data: bytes) -> tuple[Entry, ...]:
    """The entries of a file. ImportRefused with every fault of every entry if there is any."""
    told_as, rows = _read_rows(data)
    entries: list[Entry] = []
    faults: list[Fault] = []
    names = Names()
    for place, row in enumerate(rows, start=1):
        try:
            entries.append(read_entry(place, row, inherits=told_as == FORMATS[0]))
        except ImportRefused as refused:
            faults += refused.faults
    faults += [fault for place, row in enumerate(rows, start=1) for fault in names.told_twice(place, row)]
    if faults:
        raise ImportRefused(faults)
    return tuple(entries)


def _read_rows(data: bytes) -> tuple[str, Sequence[Mapping[str, Any]]]:
    parsed = read_json(data)
    try:
        read = _FileRow.model_validate(parsed)
    except ValidationError as error:
        raise ImportRefused(list(_faults("file, ", error))) from None
    return read.format, read.entries


def read_json(data: bytes, *, where: str = "file", line: int | None = None) -> Any:
    """Parsed JSON of at most 10 MB in UTF-8, or ImportRefused with the one fault that stopped the reading.

    ``where`` is what was read; ``line`` its number where that is one line of a file.
    """
    if len(data) > MOST_BYTES:
        raise ImportRefused([Fault(where, TOO_LARGE)])
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_no_field_twice)
    except UnicodeDecodeError as error:
        what = f"is not in UTF-8 (byte {error.start + 1}); save it as UTF-8 and import it again"
        raise ImportRefused([Fault(where, what)]) from None
    except json.JSONDecodeError as error:
        place = f"line {line or error.lineno}, column {error.colno}"
        raise ImportRefused([Fault(place, "is not JSON from here on")]) from None
    except _SameFieldTwice as error:
        raise ImportRefused([Fault(where, f"names the field {error} twice in one object")]) from None
    except RecursionError:
        raise ImportRefused([Fault(where, "is nested too deeply")]) from None
    except ValueError:  # Python reads no whole number of more than 4,300 digits
        raise ImportRefused([Fault(where, "holds a number that is far too long")]) from None


def _no_field_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _value in pairs]
        raise _SameFieldTwice(next(name for name in names if names.count(name) > 1)[:60])
    return found


def read_entry(place: int, raw: Mapping[str, Any], *, inherits: bool = False, called: str = "entry") -> Entry:
    """One entry, whole and complete, or ImportRefused with all its faults."""
    where = _where(place, raw, called)
    try:
        row = _EntryRow.model_validate(raw)
    except ValidationError as error:
        raise ImportRefused(list(_faults(f"{where}, ", error))) from None
    faults: list[Fault] = []
    versions: list[Dated] = []
    for name, published_on, told in _versions(row, inherits=inherits):
        try:
            versions.append(Dated(published_on, _read_record(f"{where}, {name}", told, is_draft=row.draft)))
        except ImportRefused as refused:
            faults += refused.faults
    faults += _out_of_order(where, row)
    if faults:
        raise ImportRefused(faults)
    return Entry(place, row.body, row.slug, row.short_code, row.draft, tuple(versions), called)


def _versions(row: _EntryRow, *, inherits: bool) -> Iterator[tuple[str, date, dict[str, Any]]]:
    """Every version, oldest first. What an earlier one inherits is all but the change, which is never inherited."""
    lasting = {name: value for name, value in row.record.items() if name != "change"} if inherits else {}
    for number, earlier in enumerate(row.earlier, start=1):
        yield f"earlier[{number}].record", earlier.published_on, {**lasting, **earlier.record}
    yield "record", row.published_on, dict(row.record)


def _read_record(where: str, told: dict[str, Any], *, is_draft: bool) -> Record:
    try:
        record = Record.model_validate(told)
    except ValidationError as error:
        raise ImportRefused(list(_faults(f"{where}.", error))) from None
    faults = [Fault(f"{where}.{path}", "is of a newer standard; say which in standard") for path in _strays(record)]
    if not is_draft:
        what = "is missing; an entry is published in both languages and complete (or marked as a draft)"
        faults += [Fault(f"{where}.{gap.path}", what) for gap in gaps(record)]
    if faults:
        raise ImportRefused(faults)
    return record


def _strays(record: Record) -> list[str]:
    """Fields that the standard of a record of the first standard does not have."""
    if record.standard is not Standard.FIRST:
        return []
    if _is_of(record, _first_tree()):
        return []
    told = record.model_dump(exclude_defaults=True)
    return [path for path in dict.fromkeys(_leaves(told, "")) if path not in _first_paths()]


@cache
def _first_paths() -> frozenset[str]:
    return frozenset(path for field in definitions(Standard.FIRST).values() for path in field.paths)


@cache
def _first_tree() -> Mapping[str, Any]:
    tree: dict[str, Any] = {}
    for path in _first_paths():
        at = tree
        for step in steps_of(path):
            at = at.setdefault(step, {})
    return tree


def _is_of(part: Part, tree: Mapping[str, Any]) -> bool:
    """Whether all that a part tells is among these fields: a quick look, which most records pass."""
    for name in part.model_fields_set:
        told, below = getattr(part, name), tree.get(name)
        if below is None:
            if told != type(part).model_fields[name].default:
                return False
        else:
            inner = told if isinstance(told, tuple) else (told,)
            if not all(_is_of(one, below) for one in inner if isinstance(one, Part) and not isinstance(one, Both)):
                return False
    return True


def _leaves(told: Any, path: str) -> Iterator[str]:
    if isinstance(told, dict) and not told.keys() <= {"cy", "en"}:
        for name, inner in told.items():
            yield from _leaves(inner, f"{path}.{name}".lstrip("."))
    elif isinstance(told, tuple) and any(
        isinstance(inner, dict) and not inner.keys() <= {"cy", "en"} for inner in told
    ):
        for inner in told:
            yield from _leaves(inner, path)
    else:
        yield path


def _out_of_order(where: str, row: _EntryRow) -> Iterator[Fault]:
    days = [earlier.published_on for earlier in row.earlier] + [row.published_on]
    if any(later <= sooner for sooner, later in pairwise(days)):
        yield Fault(f"{where}, earlier", "must be oldest first, each version on a later day than the one before")
    if row.draft and row.earlier:
        yield Fault(f"{where}, earlier", "cannot stand in a draft: import the published versions first")


class Names:
    """The lasting names that a file told so far: no two of its entries have the same."""

    def __init__(self, called: str = "entry") -> None:
        self._called = called
        self._seen: dict[tuple[str, ...], int] = {}

    def told_twice(self, place: int, row: Mapping[str, Any]) -> Iterator[Fault]:
        """What an entry says that one before it has said already."""
        keys = [("body and slug", str(row.get("body")), str(row.get("slug")))]
        keys += [("short_code", str(row["short_code"]), "")] if row.get("short_code") is not None else []
        for key in keys:
            first = self._seen.setdefault(key, place)
            if first != place:
                yield Fault(_where(place, row, self._called), f"has the same {key[0]} as {self._called} {first}")


def _where(place: int, raw: Mapping[str, Any], called: str) -> str:
    slug = raw.get("slug")
    is_plain = isinstance(slug, str) and slug.isprintable() and len(slug) <= 60
    return f"{called} {place} ({slug})" if is_plain else f"{called} {place}"


def _faults(prefix: str, error: ValidationError) -> Iterator[Fault]:
    for found in error.errors(include_url=False, include_input=False):
        path = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in found["loc"]).lstrip(".")
        context = found.get("ctx") or {}
        told = _WORDS.get(found["type"], "is not as FORMAT.md describes it")
        yield Fault(f"{prefix}{path}".rstrip(" ,."), told.format_map(_Context(context)))


class _Context(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not a field of this format (a spelling mistake?)",
    "string_type": "must be text in quotation marks",
    "string_too_long": "is too long: {max_length} characters at most",
    "string_too_short": "must not be empty",
    "string_pattern_mismatch": "does not have the form that FORMAT.md gives for it",
    "enum": "must be one of: {expected}",
    "literal_error": "must be {expected}",
    "date_from_datetime_parsing": "must be a day that exists, as in 2026-11-02",
    "date_from_datetime_inexact": "must be a day without a time, as in 2026-11-02",
    "date_parsing": "must be a day that exists, as in 2026-11-02",
    "date_type": "must be a day in quotation marks, as in 2026-11-02",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "tuple_type": "must be a list in square brackets",
    "too_short": "needs at least {min_length}",
    "model_type": "must be an object in curly brackets",
    "mapping_type": "must be an object in curly brackets",
    "dict_type": "must be an object in curly brackets",
    "both_too_long": "is too long in {language}: {limit} characters at most",
    "advice_is_not_solely_automated": "cannot be solely automated when a person decides",
    "until_before_since": "ends before it begins",
    "done_needs_its_day": "needs done_on exactly when its state is done",
    "same_key_twice": "uses a key twice in {part}",
    "not_an_address": "must be an address that begins with https:// (in {language})",
    "no_such_data_item": "names a data item that the record does not have",
    "may_not_be_withheld": "withholds a field that does not exist or that is always shown",
    "may_not_be_none": "declares a field empty that does not exist or may not be",
    "suppliers_but_no_third_party": "says that no third party is involved, and names a supplier",
}
