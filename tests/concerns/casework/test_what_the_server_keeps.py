"""What the server may never keep of a concern (D-5): read from the tables themselves, and from every statement."""

import re
from datetime import date

import pytest
from sqlalchemy import Date, Text

from portal.concerns.casework import claims, giving, service
from portal.concerns.casework.models import TOLD, BulkItem, DeskKept
from portal.concerns.casework.rules import Severity, Theme, Waiting
from portal.concerns.casework.service import Planned, Telling
from portal.concerns.duties import BESIDE
from portal.core.columns import UtcInstant
from portal.core.db import Base
from portal.core.text import Locale
from tests.concerns.casework.conftest import Told
from tests.concerns.casework.test_plans import questions
from tests.concerns.timing.conftest import CAME

OF_THREADS = [Base.metadata.tables[str(one.__tablename__)] for one in (*TOLD, BulkItem)]
LONGEST_WORD = 40
WRITTEN = re.compile(r"^(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)")
SEALED = re.compile(r"sealed_|mailbox_|used_tickets")


@pytest.mark.parametrize("table", OF_THREADS, ids=lambda table: table.name)
def test_a_told_row_holds_no_words_no_instant_and_no_order(table: object) -> None:
    assert table in OF_THREADS
    found = Base.metadata.tables[str(getattr(table, "name", ""))]
    assert found.dialect_options["sqlite"]["with_rowid"] is False
    assert found.name in BESIDE, "rewritten in random order with the sealed tables"
    assert not found.foreign_keys, "no key ties it to a thread"
    for column in found.columns:
        assert not isinstance(column.type, Text), column
        assert (getattr(column.type, "length", None) or 0) <= LONGEST_WORD, column
    instants = {column.name for column in found.columns if isinstance(column.type, UtcInstant)}
    assert instants <= {"claimed_until"}


def test_a_thread_and_another_one_stand_in_no_row_together() -> None:
    for table in OF_THREADS:
        assert [column.name for column in table.columns if "case" in column.name] == ["case_id"]
    assert not any("case" in column.name for column in Base.metadata.tables[DeskKept.__tablename__].columns)


def test_no_press_writes_a_row_of_the_sealed_channel(told: Told) -> None:
    case = told.came("head", "deputy", "rep")
    with questions(told.desk.database.engine) as said:
        told.take("rep", case, theme=Theme.PACE, severity=Severity.SERIOUS, lang=Locale.CY)
        told.press("rep", service.plan, case, Planned(CAME, None, Waiting.WORKER))
        told.press("head", claims.claim, case)
        told.press("head", service.tell, case, Telling(theme=Theme.PAY))
        told.step("head", case, "route", together=True)
        told.press("head", giving.assign, case, told.desk.people["deputy"])
        told.step("head", case, "agree")
        told.step("rep", case, "agree", "tell", "reopen")
        told.sweep()
    written = {found.group(1) for statement, _values in said if (found := WRITTEN.match(statement))}
    assert {"told_threads", "told_sides", "desk_places", "told_events", "concern_clocks", "audit_events"} <= written
    assert not [table for table in written if SEALED.match(table)]


def test_the_days_that_are_kept_are_the_readers(told: Told) -> None:
    case = told.came("head", "rep", on=date(2026, 11, 2))
    told.take("rep", case)
    row = told.thread(case)
    days = {column.name: getattr(row, column.name) for column in row.__table__.columns if isinstance(column.type, Date)}
    assert days == {"told_on": CAME, "state_since": CAME}, "not the day on which it came"
