"""The JSON Schema of the register's file, made from the model itself and shipped beside the tables of fields."""

import json
from datetime import date
from typing import Any, Literal

from portal.register.definitions import DATA
from portal.register.intake import ShortCode
from portal.register.parts import Part, Slug
from portal.register.record import Record

SCHEMA = DATA / "porth-register-2.schema.json"


class Earlier(Part):
    """A version before the last, told whole."""

    published_on: date
    record: Record


class Entry(Part):
    """One system: its lasting names, its last version, and those before it, oldest first."""

    body: Slug
    slug: Slug
    short_code: ShortCode | None = None
    draft: bool = False
    published_on: date
    record: Record
    earlier: tuple[Earlier, ...] = ()


class RegisterFile(Part):
    """Register entries as they are imported and exported. A published entry is complete; a draft need not be."""

    format: Literal["porth-register/2"]
    entries: tuple[Entry, ...]


def make_schema() -> dict[str, Any]:
    """The schema of a whole file, in the dialect of 2020-12."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **RegisterFile.model_json_schema()}


def written_schema() -> str:
    """The schema as its file has it."""
    return json.dumps(make_schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
