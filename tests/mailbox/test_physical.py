"""Where rows lie and what lies beside them: nothing of a deleted thread, no order of arrival, no hour."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import select, text

from portal.concerns.duties import forget_expired_concerns, hide_order_of_arrival
from portal.core.db import Database
from portal.core.ids import random_bytes
from portal.mailbox.models import SealedCase, SealedItem
from portal.mailbox.physical import LONG_AGO, TABLES, MailboxUpkeep
from portal.mailbox.rules import KEPT_WEEKS
from portal.settings.models import Settings
from tests.mailbox.test_service import READER, TODAY, a_case, add, an_item, files, head, put

TOMORROW = TODAY + timedelta(days=1)
SIZE = 20_091
OLD_DAY = date(2020, 1, 1)
TOAST = "SELECT reltoastrelid::regclass::text FROM pg_class WHERE relname = 'sealed_items'"


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def tell_apart(n: int) -> bytes:
    """A sealed file that can be found in a raw file, and no compression shrinks."""
    return b"sentinel-%04d-" % n + random_bytes(SIZE - 14)


def fill(database: Database, count: int, day: date = TODAY) -> list[bytes]:
    """Threads one after the other; what their items hold, in order of arrival."""
    contents = [tell_apart(n) for n in range(count)]
    for content in contents:
        put(database, a_case(item=an_item(file=content), grants={READER: random_bytes(2171)}), day)
    return contents


def found_in(paths: list[Path], content: bytes) -> list[tuple[str, int]]:
    """Where a sealed file's beginning lies, in raw files."""
    return [(path.name, at) for path in paths if path.is_file() and (at := path.read_bytes().find(content[:200])) >= 0]


def is_rising(places: list[Any]) -> bool:
    return places == sorted(places)


# SQLite.


def test_on_sqlite_the_pages_of_long_values_tell_no_order(database: Database, settings: Settings) -> None:
    contents = fill(database, 24)
    path = settings.data_folder / "porth.sqlite3"

    def places() -> list[int]:
        with database.engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        octets = path.read_bytes()
        return [octets.find(content[6000:6100]) for content in contents]

    before = places()
    assert -1 not in before
    assert is_rising(before), "without care the file tells in which order they came"
    hide_order_of_arrival(database, settings, _noon(TODAY))
    assert places() == before, "today is still the day that everybody may know"
    assert hide_order_of_arrival(database, settings, _noon(TOMORROW)) == 1
    log = path.with_name("porth.sqlite3-wal").read_bytes()
    assert not [content for content in contents if content[6000:6100] in log], "nor does the log tell it"
    after = places()
    assert -1 not in after
    assert not is_rising(after)
    assert after != before[::-1]


def test_rewriting_loses_nothing_and_is_done_once_a_day(either_database: Database, settings: Settings) -> None:
    cases = [a_case(grants={READER: random_bytes(2171)}) for _ in range(5)]
    for case in cases:
        put(either_database, case)
        add(either_database, case.case_id, an_item(head(case.item)))
    held = [files(either_database, case.case_id) for case in cases]
    assert [hide_order_of_arrival(either_database, settings, _noon(TOMORROW)) for _ in range(2)] == [1, 0]
    assert [files(either_database, case.case_id) for case in cases] == held
    with either_database.reading() as session:
        for case in cases:
            stored = session.get_one(SealedCase, case.case_id)
            assert (stored.recipient, stored.locator_hash) == (case.recipient, case.locator_hash)
        grants = {bytes(row) for row in session.execute(text("SELECT file FROM sealed_grants")).scalars()}
        assert grants == {case.grants[READER] for case in cases}
    put(either_database, a_case(), TOMORROW)
    assert hide_order_of_arrival(either_database, settings, _noon(TOMORROW)) == 0
    assert hide_order_of_arrival(either_database, settings, _noon(TOMORROW + timedelta(days=1))) == 1
    assert hide_order_of_arrival(either_database, settings, _noon(TOMORROW + timedelta(days=9))) == 0


def test_a_reader_who_holds_up_the_clearing_only_delays_it(database: Database, settings: Settings) -> None:
    content = fill(database, 1, OLD_DAY)[0]
    raw = [settings.data_folder / name for name in ("porth.sqlite3", "porth.sqlite3-wal")]
    with database.reading() as reader:
        assert reader.scalar(select(SealedItem.item_id)) is not None
        assert forget_expired_concerns(database, settings, _noon(TODAY)) == 1
        with database.reading() as session:
            assert session.get_one(MailboxUpkeep, 1).is_owed
        assert found_in(raw, content)
    hide_order_of_arrival(database, settings, _noon(TODAY))
    assert found_in(raw, content) == []
    with database.reading() as session:
        assert not session.get_one(MailboxUpkeep, 1).is_owed


# PostgreSQL.


@pytest.fixture
def heap(postgres_url: str) -> Any:
    """A database of its own, so that its files can be read whole."""
    from portal.migrations.tables import METADATA

    opened = Database(postgres_url)
    METADATA.create_all(opened.engine)
    yield opened
    opened.close()


def raw_files(database: Database) -> list[Path]:
    """Every file of the database, after everything was written to them."""
    with psycopg.connect(database.url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        asked = "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()"
        row = connection.execute(asked).fetchone()
        assert row is not None
        folder = Path(row[0]) / "base" / str(row[1])
    return sorted(path for path in folder.rglob("*") if path.is_file())


def rows_by_place(database: Database, name: str, column: str) -> list[Any]:
    with database.reading() as session:
        return list(session.execute(text(f"SELECT {column} FROM {name} ORDER BY ctid")).scalars())


@pytest.mark.postgres
def test_on_postgresql_no_row_shares_a_transaction_with_any_other_table(heap: Database, settings: Settings) -> None:
    fill(heap, 3)
    with heap.reading() as session:
        for name in TABLES[:3]:
            numbers = session.execute(text(f"SELECT DISTINCT xmin::text FROM {name}")).scalars().all()
            assert len(numbers) == 3, "each thread in a transaction of its own"
    hide_order_of_arrival(heap, settings, _noon(TOMORROW))
    with heap.reading() as session:
        numbers = {
            number
            for name in TABLES[:3]
            for number in session.execute(text(f"SELECT DISTINCT xmin::text FROM {name}")).scalars()
        }
    assert len(numbers) == 1, "afterwards all stand in the sweep's"


@pytest.mark.postgres
def test_on_postgresql_neither_the_heap_nor_its_long_values_tell_the_order(heap: Database, settings: Settings) -> None:
    contents = fill(heap, 24)

    def orders() -> list[list[Any]]:
        with heap.reading() as session:
            toast = session.scalar(text(TOAST))
            pieces = session.execute(text(f"SELECT chunk_data FROM {toast} WHERE chunk_seq = 0 ORDER BY chunk_id"))
            long_values = [bytes(piece)[:14] for piece in pieces.scalars()]
        in_heap = [bytes(file)[:14] for file in rows_by_place(heap, "sealed_items", "file")]
        cases = [bytes(case) for case in rows_by_place(heap, "sealed_cases", "case_id")]
        grants = [bytes(case) for case in rows_by_place(heap, "sealed_grants", "case_id")]
        return [in_heap, long_values, cases, grants]

    arrived = [content[:14] for content in contents]
    before = orders()
    assert before[0] == before[1] == arrived, "without care the heap tells in which order they came"
    assert before[2] == before[3]
    hide_order_of_arrival(heap, settings, _noon(TOMORROW))
    after = orders()
    for was, now in zip(before, after, strict=True):
        assert sorted(was) == sorted(now)
        assert now not in (was, was[::-1])
    assert after[2] != after[3], "each table in an order of its own"


@pytest.mark.postgres
def test_on_postgresql_a_deleted_thread_is_in_no_file_any_more(heap: Database, settings: Settings) -> None:
    old, young = fill(heap, 1, OLD_DAY)[0], fill(heap, 2)[1]
    deleted = random_bytes(2100)
    with heap.writing() as session:
        chosen = "(SELECT case_id FROM sealed_cases WHERE opened_day < '2021-01-01')"
        session.execute(text(f"UPDATE sealed_grants SET file = :file WHERE case_id = {chosen}"), {"file": deleted})
    assert found_in(raw_files(heap), old), "the test can see it while it is there"
    assert forget_expired_concerns(heap, settings, _noon(TODAY)) == 1
    after = raw_files(heap)
    assert found_in(after, old) == []
    assert found_in(after, deleted) == []
    assert found_in(after, young)


@pytest.mark.postgres
def test_on_postgresql_readers_go_first_and_the_next_sweep_tries_again(heap: Database, settings: Settings) -> None:
    old = fill(heap, 1, OLD_DAY)[0]
    with heap.reading() as reader:
        reader.execute(text("SELECT count(*) FROM sealed_items"))
        assert forget_expired_concerns(heap, settings, _noon(TODAY)) == 1
        with heap.reading() as session:
            assert session.get_one(MailboxUpkeep, 1).is_owed
    hide_order_of_arrival(heap, settings, _noon(TODAY))
    assert found_in(raw_files(heap), old) == []
    with heap.reading() as session:
        upkeep = session.get_one(MailboxUpkeep, 1)
        assert (upkeep.is_owed, upkeep.rewritten_on >= LONG_AGO) == (False, True)


@pytest.mark.postgres
def test_nothing_outside_the_store_refers_to_it_so_it_can_be_written_anew(heap: Database) -> None:
    asked = (
        "SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f'"
        " AND confrelid::regclass::text LIKE 'sealed_%' AND conrelid::regclass::text NOT LIKE 'sealed_%'"
    )
    with heap.reading() as session:
        assert session.execute(text(asked)).scalars().all() == []


# Retention.


def expiry(database: Database, case_id: bytes) -> date:
    with database.reading() as session:
        return session.get_one(SealedCase, case_id).expires_week


def test_the_week_of_forgetting_is_drawn_and_a_monday(either_database: Database) -> None:
    cases = [a_case() for _ in range(40)]
    for case in cases:
        put(either_database, case)
    weeks = {expiry(either_database, case.case_id) for case in cases}
    assert len(weeks) > 3, "nobody can tell the week of writing from the week of forgetting"
    assert {week.weekday() for week in weeks} == {0}
    assert min(weeks) >= TODAY - timedelta(days=6) + timedelta(weeks=KEPT_WEEKS)


def test_a_thread_that_is_written_in_is_kept_for_longer_and_never_for_less(either_database: Database) -> None:
    case = a_case()
    put(either_database, case, OLD_DAY)
    first = expiry(either_database, case.case_id)
    later = an_item(head(case.item))
    add(either_database, case.case_id, later, OLD_DAY + timedelta(weeks=60))
    second = expiry(either_database, case.case_id)
    assert second >= first + timedelta(weeks=50)
    add(either_database, case.case_id, an_item(head(later)), OLD_DAY)
    assert expiry(either_database, case.case_id) == second


def test_what_is_held_outlives_its_week_and_goes_when_the_hold_ends(
    either_database: Database, settings: Settings
) -> None:
    case = a_case()
    put(either_database, case, OLD_DAY)
    hold: Callable[[bool], None] = lambda held: _set_hold(either_database, case.case_id, held)  # noqa: E731
    hold(True)
    assert forget_expired_concerns(either_database, settings, _noon(TODAY)) == 0
    hold(False)
    assert forget_expired_concerns(either_database, settings, _noon(TODAY)) == 1


def _set_hold(database: Database, case_id: bytes, held: bool) -> None:
    with database.writing() as session:
        session.get_one(SealedCase, case_id).held = held
