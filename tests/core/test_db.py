"""Two ways to use the database: reads never stay, writes lose nothing, errors show no values."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from time import sleep

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError, StatementError

from portal.audit.models import AuditHead
from portal.core.db import Database, checkpoint
from portal.core.ids import new_id
from portal.directory.models import Body, Person
from portal.directory.rules import BodyKind
from portal.sweep import SweepLease
from tests.sparing import PRAGMAS

SENTINEL = "cyfrinach-ŵ-9731"


def add_body(database: Database, slug: str = "bwrdd") -> str:
    body_id = new_id()
    with database.writing() as session:
        session.add(Body(id=body_id, slug=slug, name_cy="Bwrdd", name_en="Board", kind=BodyKind.OTHER))
    return body_id


def together(work: Callable[[], object], threads: int) -> list[BaseException]:
    """The same work in several threads at once; what went wrong."""
    failures: list[BaseException] = []
    barrier = threading.Barrier(threads)

    def run() -> None:
        barrier.wait(10)
        try:
            work()
        except BaseException as failure:
            failures.append(failure)

    running = [threading.Thread(target=run) for _ in range(threads)]
    for one in running:
        one.start()
    for one in running:
        one.join(30)
    return failures


def test_writers_at_the_same_time_lose_nothing(either_database: Database) -> None:
    with either_database.writing() as session:
        session.add(AuditHead(id=1, number=0, hash=bytes(32)))

    def count() -> None:
        for _ in range(20):
            with either_database.writing() as session:
                session.scalars(select(AuditHead).with_for_update()).one().number += 1

    assert together(count, 4) == []
    with either_database.reading() as session:
        assert session.scalar(select(AuditHead.number)) == 80


def test_a_writer_holds_the_lock_from_its_first_statement_and_not_before(database: Database) -> None:
    """Were it taken before, a process whose threads all wait for it could not run the one who has it."""
    other = sqlite3.connect(str(database.engine.url.database), timeout=0, isolation_level=None)
    with closing(other), database.writing() as session:
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
        session.scalar(select(Body.id).limit(1))
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")


def test_a_failure_inside_a_write_keeps_nothing_of_it(database: Database) -> None:
    with pytest.raises(RuntimeError), database.writing() as session:
        session.add(Body(id=new_id(), slug="a", name_cy="A", name_en="A", kind=BodyKind.OTHER))
        session.flush()
        raise RuntimeError("no")
    with database.reading() as session:
        assert session.query(Body).count() == 0


def test_a_read_that_changes_something_by_mistake_keeps_nothing(database: Database) -> None:
    add_body(database)
    with database.reading() as session:
        session.query(Body).delete()
        session.flush()
    with database.reading() as session:
        assert session.query(Body).count() == 1


def test_errors_do_not_show_the_values_of_a_statement(either_database: Database) -> None:
    add_body(either_database, slug=SENTINEL)
    with pytest.raises(IntegrityError) as caught:
        add_body(either_database, slug=SENTINEL)
    shown = str(caught.value).replace(str(caught.value.orig), "")
    assert SENTINEL not in shown
    with pytest.raises((OperationalError, ProgrammingError)) as broken, either_database.reading() as session:
        session.execute(text("SELECT :words FROM no_such_table"), {"words": SENTINEL})
    assert SENTINEL not in str(broken.value)


def test_foreign_keys_are_kept_on_sqlite_too(either_database: Database) -> None:
    with pytest.raises(IntegrityError), either_database.writing() as session:
        session.add(Person(id=new_id(), body_id="z" * 26, display_name="N", email="n@example.cymru"))


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1), ("busy_timeout", 15000)],
)  # fmt: skip
def test_every_connection_to_sqlite_is_prepared(
    database: Database, pragma: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.core.db.PRAGMAS", PRAGMAS)  # tests do without one of them
    with database.reading() as session:
        assert session.scalar(text(f"PRAGMA {pragma}")) == value


def test_deleted_content_is_nowhere_after_a_checkpoint(database: Database, tmp_path: Path) -> None:
    add_body(database, slug=SENTINEL)
    on_disk = [tmp_path / f"porth.sqlite3{ending}" for ending in ("", "-wal")]
    assert any(SENTINEL.encode() in path.read_bytes() for path in on_disk)
    with database.writing() as session:
        session.query(Body).delete()
    assert any(SENTINEL.encode() in path.read_bytes() for path in on_disk), "the trap: the log keeps it"
    checkpoint(database.engine)
    assert not any(SENTINEL.encode() in path.read_bytes() for path in on_disk)


def test_instants_come_back_aware_in_utc_whatever_zone_they_went_in(either_database: Database) -> None:
    moment = datetime(2026, 7, 1, 0, 30, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
    with either_database.writing() as session:
        session.add(SweepLease(duty="d", holder="h", until=moment))
    with either_database.reading() as session:
        found = session.get_one(SweepLease, "d").until
    assert found == moment
    assert found.tzinfo is UTC


def test_a_naive_instant_never_reaches_the_database(database: Database) -> None:
    with pytest.raises(StatementError), database.writing() as session:
        session.add(SweepLease(duty="d", holder="h", until=datetime(2026, 7, 1)))


def test_somebody_with_many_transactions_lets_others_in_between(database: Database) -> None:
    add_body(database)
    came_in, stretches = threading.Event(), 0

    def visitor() -> None:
        with database.writing() as session:
            session.execute(text("UPDATE bodies SET name_en = 'Bwrdd'"))
        came_in.set()

    waiting = threading.Thread(target=visitor)
    for stretches in range(1, 60):
        for place in range(5):
            with database.writing() as session:
                session.execute(text("UPDATE bodies SET name_cy = 'Bwrdd'"))
                if stretches == 1 and place == 0:
                    waiting.start()
                sleep(0.02)
        database.let_others_in()
        if came_in.is_set():
            break
    waiting.join(20)
    assert stretches < 59, "somebody waited for all of it"
