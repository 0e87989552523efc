"""A register's file against the directory: everything or nothing, and twice is once."""

import copy
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.core.db import Database
from portal.core.errors import ImportRefused
from portal.register import queries
from portal.register.importing import ImportResult, import_register
from portal.register.intake import read_register
from portal.register.models import System, SystemDraft, SystemVersion
from tests.register.conftest import DEMO

Write = Callable[..., bytes]


def take(database: Database, data: bytes, now: datetime) -> ImportResult:
    with database.writing() as session:
        return import_register(session, read_register(data), now=now)


def count(database: Database, model: type[Any]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_the_demonstration_has_eight_systems_in_ten_versions(register: Database) -> None:
    assert (count(register, System), count(register, SystemVersion)) == (8, 10)


def test_the_same_file_twice_changes_nothing(register: Database, now: datetime) -> None:
    again = take(register, (DEMO / "register.json").read_bytes(), now)
    assert again == ImportResult(unchanged=8)
    assert count(register, SystemVersion) == 10


def test_progress_is_told_entry_by_entry(directory: Database, now: datetime) -> None:
    told: list[tuple[int, int]] = []
    with directory.writing() as session:
        entries = read_register((DEMO / "register.json").read_bytes())
        import_register(session, entries, now=now, progress=lambda done, total: told.append((done, total)))
    assert told == [(place, 8) for place in range(1, 9)]


def test_a_changed_record_is_the_next_version(
    directory: Database, entry: dict[str, Any], as_file: Write, now: datetime
) -> None:
    take(directory, as_file(entry), now)
    changed = copy.deepcopy(entry)
    changed["published_on"] = "2026-10-01"
    changed["record"]["data_items"][0]["kept"] = {"cy": "14 diwrnod", "en": "14 days"}
    assert take(directory, as_file(changed), now) == ImportResult(changed=1)
    assert take(directory, as_file(changed), now) == ImportResult(unchanged=1)
    with directory.reading() as session:
        assert queries.get_system(session, "DR7M2K").number == 2


def test_a_draft_is_kept_apart(directory: Database, entry: dict[str, Any], as_file: Write, now: datetime) -> None:
    entry["draft"] = True
    assert take(directory, as_file(entry), now) == ImportResult(drafts=1)
    assert (count(directory, SystemDraft), count(directory, SystemVersion)) == (1, 0)


REFERENCES = [
    (("body",), "nobody", "entry 1 (door-times), body"),
    (("published_on",), "2026-11-23", "entry 1 (door-times), published_on"),
    (("record", "affected", 0, "body"), "nobody", "entry 1 (door-times), affected[1].body"),
    (("record", "affected", 0, "workplace"), "ward-alaw", "entry 1 (door-times), affected[1].workplace"),
    (("record", "affected", 0, "staff_group"), "nursing", "entry 1 (door-times), affected[1].staff_group"),
    (("record", "consultation", "positions", 0, "union"), "x", "entry 1 (door-times), consultation.positions[1].union"),
    (("short_code",), "K7RT3M", "entry 1 (door-times), short_code"),
]


@pytest.mark.parametrize(("path", "value", "where"), REFERENCES)
def test_an_unknown_reference_refuses_the_whole_file(
    register: Database,
    entry: dict[str, Any],
    as_file: Write,
    now: datetime,
    path: tuple[str | int, ...],
    value: str,
    where: str,
) -> None:
    good = copy.deepcopy(entry) | {"slug": "good", "short_code": "GR7M2K"}
    at: Any = entry
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    with pytest.raises(ImportRefused) as refused:
        take(register, as_file(entry, good), now)
    assert [fault.where for fault in refused.value.faults] == [where]
    assert count(register, System) == 8


def test_a_code_cannot_change_and_a_version_cannot_be_older(
    directory: Database, entry: dict[str, Any], as_file: Write, now: datetime
) -> None:
    take(directory, as_file(entry), now)
    entry |= {"short_code": "GR7M2K", "published_on": "2026-08-01"}
    entry["record"]["team"] = {"cy": "Tîm arall", "en": "Another team"}
    with pytest.raises(ImportRefused) as refused:
        take(directory, as_file(entry), now)
    assert [fault.where for fault in refused.value.faults] == [
        "entry 1 (door-times), short_code",
        "entry 1 (door-times), published_on",
    ]
