"""Records published elsewhere: all of them, once each, apart from the register."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from portal.core.db import Database
from portal.core.errors import ImportRefused
from portal.core.text import Locale
from portal.register import queries
from portal.register.atrs import import_atrs, read_atrs
from portal.register.finding.queries import find_systems
from portal.register.finding.rules import Asked
from portal.register.importing import ImportResult
from portal.register.models import ImportedRecord
from tests.register.conftest import DATA

WHOLE = DATA / "atrs_records.json"
EXCERPT = DATA / "atrs_excerpt.json"


def take(database: Database, data: bytes, now: datetime) -> ImportResult:
    with database.writing() as session:
        return import_atrs(session, read_atrs(data), now=now)


def everything(database: Database, search: str = "") -> list[ImportedRecord]:
    found: list[ImportedRecord] = []
    cursor = None
    with database.reading() as session:
        while True:
            cut = queries.list_imported(session, search=search, cursor=cursor)
            found += cut.items
            cursor = cut.next_cursor
            if cursor is None:
                session.expunge_all()
                return found


def test_all_136_published_records_come_in_once(database: Database, now: datetime) -> None:
    assert take(database, WHOLE.read_bytes(), now) == ImportResult(added=136)
    assert take(database, WHOLE.read_bytes(), now) == ImportResult(unchanged=136)
    assert len({row.url for row in everything(database)}) == 136


def test_pages_follow_one_another_in_order_without_loss(database: Database, now: datetime) -> None:
    take(database, WHOLE.read_bytes(), now)
    rows = everything(database)
    assert [row.sort for row in rows] == sorted(row.sort for row in rows)
    assert len(rows) == 136


def test_a_changed_record_is_brought_up_to_date_by_its_address(database: Database, now: datetime) -> None:
    take(database, EXCERPT.read_bytes(), now)
    changed = json.loads(EXCERPT.read_text(encoding="utf-8"))
    changed["records"][0]["description"] = "Now it listens."
    later = datetime(2027, 1, 4, 9, tzinfo=UTC)
    assert take(database, json.dumps(changed).encode(), later) == ImportResult(changed=1, unchanged=5)
    assert [row.imported_at for row in everything(database, "listens")] == [later]


def test_a_record_without_a_publishing_body_says_so(database: Database, now: datetime) -> None:
    take(database, EXCERPT.read_bytes(), now)
    (trust,) = everything(database, "trustid")
    assert trust.publishing_body is None
    assert trust.published_on == date(2025, 11, 27)


@pytest.mark.parametrize(
    ("search", "found"),
    [("DYLUN", 1), ("welsh government", 2), ("Government welsh", 2), ("dŷlun", 1), ("100%", 0), ("_", 0), ("", 6)],
)
def test_a_search_finds_every_word_without_accents_and_capitals(
    database: Database, now: datetime, search: str, found: int
) -> None:
    take(database, EXCERPT.read_bytes(), now)
    assert len(everything(database, search)) == found


def test_imported_records_are_no_systems(database: Database, now: datetime) -> None:
    take(database, EXCERPT.read_bytes(), now)
    with database.reading() as session:
        assert not find_systems(session, Locale.EN, Asked()).cut.items


GOOD: dict[str, Any] = {
    "url": "https://a.example/1",
    "tool_name": "T",
    "description": "",
    "published": "2026-01-02T00:00:00Z",
}


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b"{}", "file"),
        (b"[]", "file"),
        (b"\xff", "file"),
        (json.dumps({"records": [GOOD, GOOD]}).encode(), "file"),
        (json.dumps({"records": [GOOD | {"url": "javascript:alert(1)"}]}).encode(), "record 1, url"),
        (json.dumps({"records": [GOOD, {**GOOD, "tool_name": ""}]}).encode(), "record 2, tool_name"),
        (json.dumps({"records": [{"url": "https://a.example/1"}]}).encode(), "record 1, tool_name"),
        (json.dumps({"records": ["x"]}).encode(), "record 1, "),
    ],
)
def test_a_file_with_faults_is_refused_whole(database: Database, now: datetime, data: bytes, where: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        take(database, data, now)
    assert refused.value.faults[0].where == where
    assert not everything(database)
