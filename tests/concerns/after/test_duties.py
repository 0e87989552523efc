"""The sweep after an outcome: who is reminded and when, what closes, what the reporter sees, and what is forgotten."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select

from portal.concerns.after import duties
from portal.concerns.casework.duties import keep_desks
from portal.concerns.casework.models import TOLD, DeskPlace, ToldEvent, ToldSide, ToldThread
from portal.concerns.casework.rows import make_side, make_thread
from portal.concerns.casework.rules import Lane, NextStep, Side, Theme, ToldState
from portal.concerns.casework.service import step
from portal.concerns.casework.told import get_told
from portal.concerns.duties import forget_expired_concerns
from portal.concerns.timing.models import ConcernClock
from portal.concerns.timing.service import find_after, note_answered, note_outcome
from portal.concerns.together.models import BandTold, Collective, CollectiveLink
from portal.concerns.together.service import Cause, open_collective
from portal.core.db import Database
from portal.core.ids import new_id, random_bytes
from portal.mailbox import service as mailbox
from portal.mailbox.models import SealedCase, SealedItem
from portal.mailbox.service import IncomingItem
from portal.notifications.models import OutboxLetter
from portal.notifications.service import open_letter
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays
from tests.concerns.casework.seated import Seated, seat

TOLD_ON = date(2026, 11, 23)


def on(days: int, hour: int = 10) -> datetime:
    day = TOLD_ON + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


@dataclass
class After:
    """A thread whose outcome was told on the first day, and the sweep of later ones."""

    seated: Seated
    case_id: bytes

    @property
    def database(self) -> Database:
        return self.seated.database

    def sweep(self, days: int, hour: int = 10) -> list[str]:
        """Who got a letter on that day."""
        before = self._letters()
        for duty in (duties.go_on_after_outcomes, duties.show_what_is_closed, duties.forget_what_was_linked):
            duty(self.database, self.seated.settings, on(days, hour))
        return sorted(said for letter, said in self._letters().items() if letter not in before)

    def writes(self, days: int) -> None:
        """Somebody’s item, whoever it is."""
        with self.database.writing() as session:
            case = session.get_one(SealedCase, self.case_id)
            head = session.scalars(select(SealedItem).where(SealedItem.case_id == self.case_id)).all()[-1]
            item = IncomingItem(random_bytes(16), head.hash, random_bytes(300))
            mailbox.append_item(session, case, item, today=on(days).date())

    def state(self) -> tuple[ToldState, str]:
        with self.database.reading() as session:
            return (
                session.get_one(ToldThread, self.case_id).state,
                session.get_one(SealedCase, self.case_id).state,
            )

    def next(self) -> tuple[date, bool] | None:
        """What the page of the thread says."""
        with self.database.reading() as session:
            return find_after(session, self.case_id)

    def _letters(self) -> dict[str, str]:
        with self.database.reading() as session:
            vault = self.seated.settings.vault
            rows = session.scalars(select(OutboxLetter).where(OutboxLetter.template == "concern_check_in"))
            return {row.id: open_letter(row, vault).email.partition("@")[0] for row in rows}


@pytest.fixture
def seated(database: Database, settings: Settings) -> Iterator[Seated]:
    yield seat(database, settings)


@pytest.fixture
def after(seated: Seated) -> After:
    case_id = seated.came("rep", "second", "head")
    with seated.database.writing() as session:
        case = session.get_one(SealedCase, case_id)
        note_outcome(session, case, today=TOLD_ON)
    with seated.database.writing() as session:
        thread = make_thread(session, get_told(session, seated.actor("rep"), case_id), today=TOLD_ON)
        thread.state, thread.state_since, thread.theme = ToldState.OUTCOME_TOLD, TOLD_ON, Theme.PACE
        make_side(session, case_id, Side.UNION, seated.homes["branch"]).assignee_id = seated.people["second"]
    return After(seated, case_id)


def test_whoever_works_on_it_is_reminded_twice_from_nine_and_then_it_closes(after: After) -> None:
    assert after.sweep(29) == []
    assert after.sweep(30, hour=7) == []
    assert after.sweep(30) == ["second"]
    assert after.sweep(30, hour=12) == []
    assert after.state() == (ToldState.MONITORING, "new")
    with after.database.reading() as session:
        side = session.get_one(ToldSide, (after.case_id, Side.UNION))
        assert (side.next_step, side.next_on) == (NextStep.LOOK_AGAIN, on(32).date())
    assert after.next() == (on(90).date(), False)
    assert after.sweep(89) == []
    assert after.sweep(90) == ["second"]
    assert after.next() == (on(104).date(), True)
    assert after.sweep(103) == []
    assert after.state()[0] is ToldState.MONITORING
    assert after.sweep(104) == []
    assert after.state() == (ToldState.CLOSED, "closed")
    assert after.next() is None
    with after.database.reading() as session:
        lines = session.scalars(select(ToldEvent).where(ToldEvent.case_id == after.case_id))
        assert sorted((line.step, line.by_side, line.by_id) for line in lines) == [
            ("asked_again", None, None),
            ("close", None, None),
            ("watch", None, None),
        ]


def test_where_nobody_works_on_it_all_who_hold_it_are_reminded(after: After) -> None:
    with after.database.writing() as session:
        session.get_one(ToldSide, (after.case_id, Side.UNION)).assignee_id = after.seated.people["rival"]
    assert after.sweep(31) == ["head", "rep", "second"]


def test_what_the_reporter_wrote_keeps_it_open_until_somebody_answers(after: After) -> None:
    after.sweep(90)
    after.writes(95)
    for days in (104, 118, 132):
        after.sweep(days)
        assert after.state()[0] is ToldState.MONITORING
    note_answered(after.database, after.case_id, today=on(140).date(), calendar=WorkingDays())
    for days in (146, 160):
        after.sweep(days)
    assert after.state() == (ToldState.CLOSED, "closed")


def test_what_is_written_after_it_closed_is_proposed_and_taken_up_again_within_a_year(after: After) -> None:
    for days in (30, 90, 104):
        after.sweep(days)
    keep_desks(after.database, after.seated.settings, on(105))
    assert lanes(after) == {Lane.ENDED}
    after.writes(200)
    keep_desks(after.database, after.seated.settings, on(200))
    assert lanes(after) == {Lane.US}
    with after.database.writing() as session:
        desk = replace(after.seated.desk, now=on(201))
        step(session, after.seated.actor("second"), after.case_id, "reopen", desk=desk)
    after.sweep(201)
    assert after.state() == (ToldState.REOPENED, "acknowledged")
    with after.database.reading() as session:
        clock = session.get_one(ConcernClock, after.case_id)
        assert (clock.outcome_on, clock.after_on, clock.asked) == (None, None, None)
        assert clock.due_on is not None


def lanes(after: After) -> set[Lane]:
    with after.database.reading() as session:
        return set(session.scalars(select(DeskPlace.lane).where(DeskPlace.case_id == after.case_id)))


def test_what_was_told_goes_with_the_thread_and_stays_while_it_is_held(after: After) -> None:
    seated, made = after.seated, new_id()
    with after.database.writing() as session:
        actor, cause = seated.actor("rep"), Cause(Theme.PACE)
        open_collective(session, actor, cause, [after.case_id], collective_id=made, desk=seated.desk)
        session.add(BandTold(collective_id=made, band=10, told_on=TOLD_ON))
    with after.database.writing() as session:
        session.get_one(SealedCase, after.case_id).held = True
    years = on(365 * 8)
    forget(after, years)
    assert all(count > 0 for count in rows_of(after, ToldThread, CollectiveLink, Collective, BandTold))
    with after.database.writing() as session:
        session.get_one(SealedCase, after.case_id).held = False
    forget(after, years + timedelta(days=1))
    assert set(rows_of(after, *TOLD, CollectiveLink, Collective, BandTold)) == {0}


def forget(after: After, now: datetime) -> None:
    for duty in (forget_expired_concerns, keep_desks, duties.forget_what_was_linked):
        duty(after.database, after.seated.settings, now)


def rows_of(after: After, *tables: Any) -> list[int]:
    with after.database.reading() as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_no_told_row_is_written_in_one_transaction_with_a_sealed_one(after: After) -> None:
    written: list[set[str]] = [set()]

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        words = statement.split()
        if words[0] in {"INSERT", "UPDATE", "DELETE"}:
            written[-1].add(words[2 if words[0] != "UPDATE" else 1].strip('"'))

    def ended(_connection: Any) -> None:
        written.append(set())

    engine = after.database.engine
    listeners: list[tuple[str, Callable[..., None]]] = [("before_cursor_execute", note), ("commit", ended)]
    for name, listener in listeners:
        event.listen(engine, name, listener)
    try:
        for days in (30, 90, 104):
            after.sweep(days)
    finally:
        for name, listener in listeners:
            event.remove(engine, name, listener)
    touched = [tables for tables in written if any(name.startswith("sealed_") for name in tables)]
    assert touched == [{"sealed_cases"}]
    assert any("told_threads" in tables for tables in written)
