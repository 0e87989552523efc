"""What each field of a record means, in each standard: its place, languages, audience, and from when it is needed.

The tables are data (``data/fields-1.json``, ``data/fields-2.json``) and never change once a record was published under
them; a change of meaning is a new standard.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from portal.core.text import Bilingual
from portal.register.terms import Audience, DiffClass, Stage, Standard

DATA = Path(__file__).parent / "data"
_FILES = {Standard.FIRST: DATA / "fields-1.json", Standard.SECOND: DATA / "fields-2.json"}
_ALWAYS_SHOWN = frozenset(
    {
        "name",
        "one_sentence",
        "sro_role",
        "withheld_fields",
        "lifecycle_state",
        "standard_version",
        "change_log",
        "decision_points",
        "decision_points.key / title",
        "decision_points.effect_on_worker",
        "decision_points.automation_level",
        "data_items.label",
        "data_items.category",
        "data_items.special_category",
        "data_items.is_inference",
        "assessments.kind",
        "assessments.status",
        "consultations.union_position",
        "consultations.union_statement",
    }
)
_WHOLES_SHOWN = frozenset(key.partition(".")[0] for key in _ALWAYS_SHOWN)
_ALWAYS_SHOWN_GROUPS = frozenset({"rights", "affected"})


@dataclass(frozen=True, slots=True)
class Field:
    """One field. ``paths`` are its places in ``Record`` with the stage from which each is needed.

    A field without paths is either ``derived`` (worked out when asked for, never stored in a record) or ``kept_in``
    other rows (a table or column); a field with both is kept in rows, and a version repeats it as it stood.
    ``when`` and ``unless`` name the yes or no that decides whether it is needed. ``may_be_none`` fields may be declared
    to have nothing in them.
    """

    key: str
    group: str
    label: Bilingual
    paths: Mapping[str, Stage]
    bilingual: bool
    audience: frozenset[Audience]
    required_from: Stage
    diff_class: DiffClass
    atrs: str | None = None
    derived: bool = False
    kept_in: str | None = None
    may_be_none: bool = False
    when: str | None = None
    unless: str | None = None

    @property
    def path(self) -> str | None:
        """The first place in ``Record``, None for a field that no record holds."""
        return next(iter(self.paths), None)

    @property
    def is_open(self) -> bool:
        """Whether the portal's public pages may show it."""
        return bool(self.audience & {Audience.PUBLIC, Audience.STAFF})


@cache
def definitions(standard: Standard) -> Mapping[str, Field]:
    """Every field of a standard by its key, in the order of the table."""
    return {row["key"]: _field(row) for row in _table(standard)["fields"]}


@cache
def groups(standard: Standard) -> Mapping[str, Bilingual]:
    """The groups of a standard, in order, with their labels."""
    return {row["key"]: Bilingual(**row["label"]) for row in _table(standard)["groups"]}


@cache
def field_at(standard: Standard, path: str) -> Field | None:
    """The field that a path of ``Record`` belongs to, by its longest beginning; None for a path of no field."""
    places = {place: field for field in definitions(standard).values() for place in field.paths}
    steps = path.split(".")
    beginnings = (".".join(steps[:count]) for count in range(len(steps), 0, -1))
    return next((places[beginning] for beginning in beginnings if beginning in places), None)


def never_withheld(field: Field) -> bool:
    """The name, the sentence, who is responsible, whom it affects, what it decides and every right are always shown.

    So is a whole that has such a part: else who withholds the whole would withhold the part with it.
    """
    return field.key in _ALWAYS_SHOWN or field.key in _WHOLES_SHOWN or field.group in _ALWAYS_SHOWN_GROUPS


def _field(row: Mapping[str, Any]) -> Field:
    told = dict(row)
    return Field(
        **{
            **told,
            "label": Bilingual(**told["label"]),
            "paths": {path: Stage(stage) for path, stage in told.get("paths", {}).items()},
            "audience": frozenset(map(Audience, told["audience"])),
            "required_from": Stage(told["required_from"]),
            "diff_class": DiffClass(told["diff_class"]),
        }
    )


def _table(standard: Standard) -> dict[str, Any]:
    table: dict[str, Any] = json.loads(_FILES[standard].read_text(encoding="utf-8"))
    return table
