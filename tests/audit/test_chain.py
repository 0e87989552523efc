"""The chain holds, and whatever is done to it behind its back is found."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.audit.models import AuditEvent
from portal.audit.queries import ChainReport, count_events, verify_chain
from portal.audit.service import record
from portal.core.db import Database

EVENTS = 7


@pytest.fixture
def chain(either_database: Database, now: datetime) -> Database:
    for n in range(1, EVENTS + 1):
        with either_database.writing() as session:
            record(session, actor=None, event="case.open", subject=f"case-{n}", now=now + timedelta(microseconds=n),
                   body_id="b" * 26 if n % 2 else None, facts={"count": n, "name": "tŷ"})  # fmt: skip
    return either_database


def report(database: Database) -> ChainReport:
    with database.reading() as session:
        return verify_chain(session)


def test_an_empty_chain_holds(either_database: Database) -> None:
    assert report(either_database) == ChainReport(0, None)


def test_a_chain_as_written_holds_to_its_end(chain: Database) -> None:
    assert report(chain) == ChainReport(EVENTS, None)


def test_events_of_a_subject_are_counted(chain: Database) -> None:
    with chain.reading() as session:
        assert (count_events(session, "case-3"), count_events(session, "case-99")) == (1, 0)


def test_an_instant_of_another_zone_holds_too(chain: Database, now: datetime) -> None:
    with chain.writing() as session:
        moment = now.astimezone(timezone(timedelta(hours=5)))
        record(session, actor=None, event="case.step", subject="x", now=moment)
    assert report(chain) == ChainReport(EVENTS + 1, None)


def test_events_written_in_one_transaction_follow_each_other(either_database: Database, now: datetime) -> None:
    with either_database.writing() as session:
        numbers = [record(session, actor=None, event="e", subject="s", now=now).number for _ in range(3)]
    assert numbers == [1, 2, 3]
    assert report(either_database) == ChainReport(3, None)


def test_what_was_rolled_back_leaves_no_gap(chain: Database, now: datetime) -> None:
    with pytest.raises(RuntimeError), chain.writing() as session:
        record(session, actor=None, event="e", subject="s", now=now)
        raise RuntimeError
    with chain.writing() as session:
        record(session, actor=None, event="e", subject="s", now=now)
    assert report(chain) == ChainReport(EVENTS + 1, None)


CHANGES = [
    ("event", "'case.shut'"),
    ("subject", "'case-99'"),
    ("account_id", "'a'"),
    ("body_id", "'c'"),
    ("facts", '\'{"count": 99, "name": "tŷ"}\''),
    ("at", "'2020-01-01 00:00:00.000000'"),
    ("previous", "hash"),
    ("hash", "previous"),
]


@pytest.mark.parametrize(("column", "value"), CHANGES)
def test_a_changed_column_is_found_where_it_is(chain: Database, column: str, value: str) -> None:
    number = 4
    with chain.writing() as session:
        if (column, value) == ("hash", "previous"):  # unique, so the row before gives up its own
            session.execute(text(f"UPDATE audit_events SET hash = {_bytes(session)} WHERE number = :n"), {"n": number})
        else:
            session.execute(text(f"UPDATE audit_events SET {column} = {value} WHERE number = :n"), {"n": number})
    assert report(chain).broken_at == number


def _bytes(session: Session) -> str:
    return "x'00'" if session.get_bind().dialect.name == "sqlite" else "'\\x00'::bytea"


@pytest.mark.parametrize("number", [1, 4, EVENTS])
def test_a_removed_event_is_found(chain: Database, number: int) -> None:
    with chain.writing() as session:
        session.execute(text("DELETE FROM audit_events WHERE number = :n"), {"n": number})
    assert report(chain).broken_at == number


def test_swapped_events_are_found(chain: Database) -> None:
    def number(old: int, new: int) -> Callable[[Session], object]:
        return lambda session: session.execute(
            text("UPDATE audit_events SET number = :new WHERE number = :old"), {"old": old, "new": new}
        )

    with chain.writing() as session:
        for step in (number(3, 99), number(4, 3), number(99, 4)):
            step(session)
    assert report(chain).broken_at == 3


def test_everything_removed_but_the_head_is_found(chain: Database) -> None:
    with chain.writing() as session:
        session.query(AuditEvent).delete()
    assert report(chain).broken_at == 1


def test_a_lost_head_is_found(chain: Database) -> None:
    with chain.writing() as session:
        session.execute(text("DELETE FROM audit_head"))
    assert report(chain).broken_at == EVENTS + 1


def test_a_row_that_was_slipped_in_at_the_end_is_found(chain: Database, now: datetime) -> None:
    with chain.writing() as session:
        session.add(AuditEvent(number=EVENTS + 1, at=now, event="e", subject="s", facts={}, previous=bytes(32),
                               hash=bytes(31) + b"\x01"))  # fmt: skip
    assert report(chain).broken_at == EVENTS + 1


def test_writers_at_the_same_time_make_one_chain_also_when_they_are_the_first(
    either_database: Database, now: datetime
) -> None:
    failures: list[BaseException] = []
    barrier = threading.Barrier(4)

    def write() -> None:
        barrier.wait(10)
        try:
            for _ in range(5):
                with either_database.writing() as session:
                    record(session, actor=None, event="e", subject="s", now=now)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert report(either_database) == ChainReport(20, None)


def test_progress_is_told_on_a_long_chain(database: Database, now: datetime) -> None:
    with database.writing() as session:
        for _ in range(1000):
            record(session, actor=None, event="e", subject="s", now=now)
            session.expunge_all()
    told: list[int] = []
    with database.reading() as session:
        assert verify_chain(session, told.append) == ChainReport(1000, None)
    assert told == [1000]
