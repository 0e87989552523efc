"""What the form of a section or of a row asks, made from the definitions of the fields and the types of the record."""

import types
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from portal.register.definitions import Field, definitions, groups
from portal.register.parts import Both, Duration, Part
from portal.register.record import Record
from portal.register.terms import Standard

STANDARD = Standard.SECOND
SHORT_TEXT = 160
"""Texts up to this length are a line, longer ones an area."""
NOT_ASKED = frozenset(
    {
        "state",
        "standard",
        "declared_none",
        "last_confirmed_on",
        "suppliers.product_id",
        "decision_points.key",
        "data_items.key",
        "consultation.positions",
    }
)
"""What the portal says itself, what is asked in its own way, and what only the unions write."""
SPECIAL_LISTS = frozenset({"decision_points.inputs_used", "rights.access_preset"})


class Kind(StrEnum):
    """How a value is asked for."""

    TEXT = "text"  # a text in both languages
    LINES = "lines"  # a list of texts in both languages, one on each line
    LINE = "line"  # a plain line
    WORDS = "words"  # a list of plain lines, one on each line
    CHOICE = "choice"
    CHECKS = "checks"
    YES_NO = "yes_no"
    NUMBER = "number"
    PEOPLE = "people"
    DAY = "day"
    LENGTH = "length"  # an amount and a unit of time


@dataclass(frozen=True, slots=True)
class Ask:
    """One question. ``name`` is where its answer goes, below the record or below the child of a list.

    ``needed`` answers have no default in the model: without them their row or part cannot be kept. ``within`` names
    the part that is there as a whole or not at all.
    """

    path: str
    name: str
    field: Field
    kind: Kind
    most: int | None = None
    terms: type[StrEnum] | None = None
    needed: bool = False
    within: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """One list of children of a section: its path, the model of a child, and what the form of one asks."""

    path: str
    field: Field
    model: type[Part]
    asks: tuple[Ask, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the form: a group of the standard."""

    key: str
    asks: tuple[Ask, ...]
    lists: tuple[Rows, ...]
    may_be_none: tuple[Field, ...]


@cache
def sections() -> dict[str, Section]:
    """Every group that has something to fill in, in the order of the standard."""
    found = {key: _section(key) for key in groups(STANDARD)}
    return {key: section for key, section in found.items() if section.asks or section.lists}


@cache
def list_at(path: str) -> Rows | None:
    """A list by its path, None where no list of the form is."""
    return next((rows for section in sections().values() for rows in section.lists if rows.path == path), None)


def _section(group: str) -> Section:
    told = [field for field in definitions(STANDARD).values() if field.group == group]
    asks: list[Ask] = []
    lists: list[Rows] = []
    for field in told:
        for path in field.paths:
            if any(path == out or path.startswith(f"{out}.") for out in NOT_ASKED):
                continue
            root = _list_root(path)
            if root is None:
                asks += _asks(Record, path, path, field)
            elif not any(rows.path == root for rows in lists):
                lists.append(_rows(root, field))
    none = tuple(field for field in told if field.may_be_none)
    return Section(group, tuple(asks), tuple(lists), none)


def _rows(root: str, field: Field) -> Rows:
    model = _inner_model(_of_path(Record, root)[0])
    if model is None:
        raise TypeError(root)
    asks: list[Ask] = []
    for name, info in model.model_fields.items():
        path = f"{root}.{name}"
        if path not in NOT_ASKED and name != "key":
            owner = _field_of(path) or field
            asks += [replace(ask, needed=ask.needed or info.is_required()) for ask in _asks(model, name, path, owner)]
    return Rows(root, field, model, tuple(asks))


def _field_of(path: str) -> Field | None:
    return next((field for field in definitions(STANDARD).values() if path in field.paths), None)


def _asks(model: type[Part], name: str, path: str, field: Field) -> list[Ask]:
    """The questions of one place; a part that is not a list is asked value by value."""
    annotation, info, within = _of_path(model, name)
    inner = _plain(annotation)
    if isinstance(inner, type) and issubclass(inner, Part) and inner not in (Both, Duration):
        return [
            replace(ask, needed=one.is_required(), within=name)
            for step, one in inner.model_fields.items()
            for ask in _asks(model, f"{name}.{step}", f"{path}.{step}", field)
        ]
    kind, terms = _kind(annotation, path)
    needed = bool(within) and info.is_required()
    return [Ask(path, name, field, kind, _most(annotation, info), terms, needed, within)]


def _of_path(model: type[Part], name: str) -> tuple[Any, FieldInfo, str]:
    """The type at a path, and the part on the way that may be missing as a whole."""
    within, walked = "", ""
    steps = name.split(".")
    for step in steps[:-1]:
        annotation = model.model_fields[step].annotation
        walked = f"{walked}.{step}".lstrip(".")
        if type(None) in get_args(annotation):
            within = walked
        found = _inner_model(annotation)
        if found is None:
            raise TypeError(name)
        model = found
    info = model.model_fields[steps[-1]]
    return info.annotation, info, within


def _list_root(path: str) -> str | None:
    """The list of children that a path lies in."""
    model: type[Part] = Record
    walked = ""
    for step in path.split("."):
        annotation = model.model_fields[step].annotation
        walked = f"{walked}.{step}".lstrip(".")
        inner = _inner_model(annotation)
        if inner is None or inner is Both:
            return None
        if get_origin(_plain(annotation)) is tuple:
            return walked
        model = inner
    return None


def _inner_model(annotation: Any) -> type[Part] | None:
    inner = _plain(annotation)
    if get_origin(inner) is tuple:
        inner = _plain(get_args(inner)[0])
    return inner if isinstance(inner, type) and issubclass(inner, Part) else None


def _plain(annotation: Any) -> Any:
    """The type itself, without what may be missing and without its limits."""
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        told = [one for one in get_args(annotation) if one is not type(None)]
        return _plain(told[0]) if len(told) == 1 else annotation
    return annotation


def _kind(annotation: Any, path: str) -> tuple[Kind, type[StrEnum] | None]:
    inner = _plain(annotation)
    if get_origin(inner) is tuple:
        return _kind_of_list(_plain(get_args(inner)[0]), path)
    if isinstance(inner, type) and issubclass(inner, StrEnum):
        return Kind.CHOICE, inner
    if get_origin(inner) in (Union, types.UnionType) or get_origin(inner) is Literal:
        return Kind.PEOPLE, None
    plain = {Both: Kind.TEXT, bool: Kind.YES_NO, int: Kind.NUMBER, date: Kind.DAY, Duration: Kind.LENGTH}
    return plain.get(inner, Kind.LINE), None


def _kind_of_list(inner: Any, path: str) -> tuple[Kind, type[StrEnum] | None]:
    if isinstance(inner, type) and issubclass(inner, StrEnum):
        return Kind.CHECKS, inner
    if path in SPECIAL_LISTS:
        return Kind.CHECKS, None
    return (Kind.LINES if inner is Both else Kind.WORDS), None


def _most(annotation: Any, info: FieldInfo) -> int | None:
    """The most characters of one side of a text, or of a line of a list."""
    if get_origin(_plain(annotation)) is tuple:
        return next(filter(None, map(_said_by, _constraints(get_args(_plain(annotation))[0]))), None)
    said = info.json_schema_extra
    if isinstance(said, dict) and "properties" in said:
        properties: Any = said["properties"]
        return int(properties["cy"]["maxLength"])
    return next((one.max_length for one in info.metadata if getattr(one, "max_length", None)), None)


def _constraints(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation)[1:] if get_origin(annotation) is Annotated else ()


def _said_by(one: Any) -> int | None:
    extra = getattr(one, "json_schema_extra", None)
    if isinstance(extra, dict) and "properties" in extra:
        return int(extra["properties"]["cy"]["maxLength"])
    return getattr(one, "max_length", None)
