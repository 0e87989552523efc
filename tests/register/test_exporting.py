"""What is exported is what is imported: every record, every version, both ways."""

import io
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator
from sqlalchemy import select

from portal.core.db import Database
from portal.register.exporting import list_entries, write_register
from portal.register.importing import ImportResult, import_register
from portal.register.intake import read_register
from portal.register.models import SystemVersion
from portal.register.published_schema import SCHEMA, make_schema, written_schema
from portal.register.record import Record, read_record
from tests.register.conftest import DEMO
from tests.register.records import records

HUMBLE = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def written(database: Database, employer: str | None = None) -> bytes:
    out = io.StringIO()
    with database.reading() as session:
        write_register(session, out, employer=employer)
    return out.getvalue().encode()


def digests(database: Database) -> set[bytes]:
    with database.reading() as session:
        return set(session.scalars(select(SystemVersion.digest)))


@HUMBLE
@given(record=records(), earlier=records())
def test_every_record_is_read_as_it_was_written(record: Record, earlier: Record) -> None:
    entry = {"body": "b", "slug": "s", "draft": True, "published_on": "2026-09-01"}
    file = {
        "format": "porth-register/2",
        "entries": [
            {**entry, "record": json.loads(record.canonical())},
            {**entry, "slug": "t", "record": json.loads(earlier.canonical())},
        ],
    }
    read = read_register(json.dumps(file).encode())
    assert [one.latest for one in read] == [record, earlier]
    assert read_record(record.canonical()).digest() == record.digest()


def test_what_went_out_changes_nothing_when_it_comes_in(register: Database, now: datetime) -> None:
    data = written(register)
    with register.writing() as session:
        assert import_register(session, read_register(data), now=now) == ImportResult(unchanged=8)


def test_the_versions_of_the_demonstration_are_all_there(register: Database) -> None:
    read = read_register(written(register))
    assert {dated.record.digest() for entry in read for dated in entry.versions} == digests(register)
    assert [len(entry.versions) for entry in read if entry.short_code in {"K7RT3M", "RT4S7K", "GN3W7X"}] == [1, 2, 2]


def test_one_employers_systems_alone(register: Database) -> None:
    assert {entry.body for entry in read_register(written(register, "dyffryn-cledwen"))} == {"dyffryn-cledwen"}
    assert read_register(written(register, "nobody")) == ()


def test_a_draft_goes_out_as_a_draft(
    directory: Database, entry: dict[str, Any], as_file: Callable[..., bytes], now: datetime
) -> None:
    with directory.writing() as session:
        import_register(session, read_register(as_file({**entry, "draft": True})), now=now)
    with directory.reading() as session:
        assert [row["draft"] for row in list_entries(session)] == [True]
    assert read_register(written(directory))[0].is_draft


def test_the_shipped_schema_is_the_models() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == written_schema(), "run: python -m tests.tools.register_schema"


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = make_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_the_demonstration_follows_the_schema(validator: Draft202012Validator) -> None:
    assert list(validator.iter_errors(json.loads((DEMO / "register.json").read_bytes()))) == []


@pytest.mark.parametrize(
    ("field", "value"), [("colour", "red"), ("name", {"cy": "x" * 101, "en": "x"}), ("risk_class", "enormous")]
)
def test_the_schema_finds_what_the_intake_refuses(validator: Draft202012Validator, field: str, value: object) -> None:
    file = json.loads((DEMO / "register.json").read_bytes())
    file["entries"][0]["record"][field] = value
    assert len(list(validator.iter_errors(file))) >= 1
