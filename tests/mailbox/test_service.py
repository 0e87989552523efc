"""The blind store: it keeps exactly what it says, in the order the writers agreed on, and forgets for good."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text

from portal.concerns.duties import forget_expired_concerns
from portal.core.db import Database
from portal.core.errors import Conflict, NotFound
from portal.core.ids import random_bytes
from portal.core.paging import PAGE
from portal.mailbox import queries, service
from portal.mailbox.models import SealedCase, SealedItem
from portal.mailbox.rules import FIRST, KEPT_WEEKS, MOST_MESSAGES, expiry_week, in_order, week_of
from portal.mailbox.service import IncomingCase, IncomingItem
from portal.settings.models import Settings
from tests.core.test_db import together

TODAY = date(2026, 11, 25)
BODY, READER, OTHER_READER = "b" * 26, b"\x01" * 32, b"\x02" * 32


def an_item(prev: bytes = FIRST, file: bytes | None = None) -> IncomingItem:
    return IncomingItem(random_bytes(16), prev, file or random_bytes(300))


def a_case(**changes: object) -> IncomingCase:
    made = IncomingCase(random_bytes(16), BODY, random_bytes(32), "age1pq1…", {READER: b"grant"}, an_item())
    return replace(made, **changes)  # type: ignore[arg-type]


def head(item: IncomingItem) -> bytes:
    return hashlib.sha256(item.file).digest()


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def put(database: Database, incoming: IncomingCase, today: date = TODAY) -> bool:
    with database.writing() as session:
        return service.store_case(session, incoming, today=today)


def add(database: Database, case_id: bytes, item: IncomingItem, today: date = TODAY) -> None:
    with database.writing() as session:
        service.append_item(session, session.get_one(SealedCase, case_id), item, today=today)


def files(database: Database, case_id: bytes) -> list[bytes]:
    with database.reading() as session:
        return [item.file for item in queries.list_items(session, case_id)]


def test_a_thread_is_read_back_in_the_order_of_its_chain(either_database: Database) -> None:
    case = a_case()
    put(either_database, case)
    items = [case.item]
    for _ in range(6):
        items.append(an_item(head(items[-1])))
        add(either_database, case.case_id, items[-1])
    assert files(either_database, case.case_id) == [item.file for item in items]


def test_the_order_is_the_chain_and_not_the_order_of_arrival_or_of_ids() -> None:
    rows = [SealedItem(prev=prev, hash=own) for prev, own in ((b"b", b"c"), (FIRST, b"a"), (b"a", b"b"), (b"x", b"y"))]
    assert [row.hash for row in in_order(rows)] == [b"a", b"b", b"c"]


@pytest.mark.parametrize("prev", [FIRST, b"\x09" * 32])
def test_an_item_that_does_not_follow_the_head_is_a_conflict(either_database: Database, prev: bytes) -> None:
    case = a_case()
    put(either_database, case)
    with pytest.raises(Conflict):
        add(either_database, case.case_id, an_item(prev))
    assert len(files(either_database, case.case_id)) == 1


def test_an_item_behind_an_older_one_is_a_conflict(either_database: Database) -> None:
    case = a_case()
    put(either_database, case)
    add(either_database, case.case_id, an_item(head(case.item)))
    with pytest.raises(Conflict):
        add(either_database, case.case_id, an_item(head(case.item)))


def test_the_head_of_another_thread_is_no_place_here(either_database: Database) -> None:
    one, two = a_case(), a_case()
    put(either_database, one)
    put(either_database, two)
    with pytest.raises(Conflict):
        add(either_database, one.case_id, an_item(head(two.item)))


def test_of_writers_at_the_same_time_exactly_one_is_behind_the_head(either_database: Database) -> None:
    case = a_case()
    put(either_database, case)
    failures = together(lambda: add(either_database, case.case_id, an_item(head(case.item))), 4)
    assert [type(failure) for failure in failures] == [Conflict] * 3
    assert len(files(either_database, case.case_id)) == 2


def test_the_same_item_sent_twice_is_there_once(either_database: Database) -> None:
    case = a_case()
    put(either_database, case)
    item = an_item(head(case.item))
    add(either_database, case.case_id, item)
    add(either_database, case.case_id, item)
    assert len(files(either_database, case.case_id)) == 2
    with pytest.raises(Conflict):
        add(either_database, case.case_id, replace(item, file=b"another"))


def test_a_form_sent_twice_at_once_makes_one_thread(either_database: Database) -> None:
    case = a_case()
    stored: list[bool] = []

    def send() -> None:
        fresh = replace(case, case_id=random_bytes(16), item=an_item())
        stored.append(put(either_database, fresh))

    assert together(send, 3) == []
    assert sorted(stored) == [False, False, True]
    with either_database.reading() as session:
        assert len(session.scalars(select(SealedCase)).all()) == 1


def test_an_id_that_is_taken_makes_no_half_thread(either_database: Database) -> None:
    case = a_case()
    put(either_database, case)
    assert not put(either_database, a_case(item=case.item))
    assert not put(either_database, a_case(case_id=case.case_id))
    with either_database.reading() as session:
        assert len(session.scalars(select(SealedCase)).all()) == 1


def test_a_full_thread_takes_no_more(database: Database) -> None:
    case = a_case()
    put(database, case)
    with database.writing() as session:
        last = head(case.item)
        for _ in range(MOST_MESSAGES - 1):
            item = an_item(last, random_bytes(40))
            last = head(item)
            session.add(SealedItem(item_id=item.item_id, case_id=case.case_id, epoch=0, prev=item.prev, hash=last,
                                   file=item.file, day=TODAY))  # fmt: skip
    with pytest.raises(Conflict):
        add(database, case.case_id, an_item(last))


def test_a_thread_is_found_by_a_key_that_holds_a_grant_and_by_no_other(either_database: Database) -> None:
    case = a_case()
    put(either_database, case)
    with either_database.reading() as session:
        assert queries.get_case_for_key(session, case.case_id, [OTHER_READER, READER]).case_id == case.case_id
        for keys in ([], [OTHER_READER], [b""]):
            with pytest.raises(NotFound):
                queries.get_case_for_key(session, case.case_id, keys)
        with pytest.raises(NotFound):
            queries.get_case_for_key(session, b"?" * 16, [READER])


def test_lists_show_granted_threads_alone_newest_day_first_on_every_page(either_database: Database) -> None:
    mine = [a_case() for _ in range(PAGE + 3)]
    for n, case in enumerate(mine):
        put(either_database, case, TODAY - timedelta(days=n // 4))
    put(either_database, a_case(grants={OTHER_READER: b"grant"}))
    with either_database.reading() as session:
        first = queries.list_cases(session, [READER], cursor=None)
        rest = queries.list_cases(session, [READER], cursor=first.next_cursor)
    lines = [*first.items, *rest.items]
    assert rest.next_cursor is None
    assert {line.case_id for line in lines} == {case.case_id for case in mine}
    assert [line.opened_day for line in lines] == sorted((line.opened_day for line in lines), reverse=True)


@pytest.mark.parametrize("cursor", ["", "nonsense", "WzEsMl0", "WyJ4IiwieSJd", "WyIyMDI2LTExLTI1IiwienoiXQ"])
def test_a_cursor_of_nonsense_shows_the_first_page(database: Database, cursor: str) -> None:
    put(database, a_case())
    with database.reading() as session:
        assert len(queries.list_cases(session, [READER], cursor=cursor).items) == 1


COLUMNS = {
    "sealed_cases": {
        "case_id",
        "body_id",
        "locator_hash",
        "recipient",
        "epoch",
        "opened_day",
        "expires_week",
        "state",
        "held",
    },
    "sealed_files": {"blob_id", "case_id", "size", "place", "waiting_since"},
    "sealed_grants": {"case_id", "epoch", "key_id", "file"},
    "sealed_items": {"item_id", "case_id", "epoch", "prev", "hash", "file", "day"},
}


def test_the_tables_hold_the_columns_of_the_design_and_nothing_else(either_database: Database) -> None:
    found = inspect(either_database.engine)
    assert {name for name in found.get_table_names() if name.startswith("sealed_")} == set(COLUMNS)
    for table, columns in COLUMNS.items():
        assert {column["name"] for column in found.get_columns(table)} == columns


@pytest.mark.parametrize("table", sorted(COLUMNS))
def test_sqlite_keeps_no_row_number_so_no_order_of_arrival(database: Database, table: str) -> None:
    with database.reading() as session:
        listed = session.execute(text("SELECT name, wr FROM pragma_table_list WHERE schema = 'main'")).all()
        assert dict(tuple(row) for row in listed)[table] == 1
        assert session.execute(text("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_sequence'")).scalar() == 0


def test_days_are_days_and_the_week_of_forgetting_is_a_monday() -> None:
    assert (week_of(TODAY), expiry_week(TODAY, 0).weekday()) == (date(2026, 11, 23), 0)
    assert expiry_week(TODAY, 3) == date(2026, 11, 23) + timedelta(weeks=KEPT_WEEKS + 3)
    assert len({expiry_week(date(2026, 11, 23) + timedelta(days=n), 0) for n in range(7)}) == 1


def test_a_forgotten_thread_leaves_no_byte_in_the_file_or_its_log(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    secret = [b"ciphertext-sentinel-" + random_bytes(30) for _ in range(3)]
    old = a_case(item=an_item(file=secret[0] * 500), grants={READER: secret[1] * 40}, locator_hash=b"L" * 32)
    young = a_case()
    put(database, old, date(2020, 1, 1))
    put(database, young)
    add(database, old.case_id, an_item(head(old.item), secret[2] * 500), date(2020, 1, 9))
    assert forget_expired_concerns(database, settings, _noon(TODAY)) == 1
    assert forget_expired_concerns(database, settings, _noon(TODAY)) == 0
    left = b"".join(path.read_bytes() for path in tmp_path.glob("porth.sqlite3*"))
    assert not any(one in left for one in (*secret, b"L" * 32, old.case_id))
    assert len(files(database, young.case_id)) == 1


def test_forgetting_takes_grants_and_items_along(either_database: Database, settings: Settings) -> None:
    put(either_database, a_case(), date(2020, 1, 1))
    assert forget_expired_concerns(either_database, settings, _noon(TODAY)) == 1
    with either_database.reading() as session:
        for table in COLUMNS:
            assert session.scalar(text(f"SELECT count(*) FROM {table}")) == 0
