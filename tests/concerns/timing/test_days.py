"""The days of a thread, the daily word, and the ladder of silence."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import inspect, select

from portal.audit.models import AuditEvent
from portal.concerns.timing import service
from portal.concerns.timing.duties import LATE, tell_of_news
from portal.concerns.timing.holders import readers_of_body
from portal.concerns.timing.models import ConcernClock, ReaderTold
from portal.core.errors import NotFound
from portal.directory.rules import RoleName
from portal.identity.actor import Actor, Holding
from portal.identity.rules import AccountKind
from portal.mailbox.models import SealedCase
from portal.timelimits.calendar import WorkingDays
from portal.timelimits.promises import DEFAULT_PROMISES, Promises
from tests.concerns.timing.conftest import CAME, Desk
from tests.core.test_db import together

CALENDAR = WorkingDays()
DAY = timedelta(days=1)
ALL = ("head", "deputy", "outside", "rep")


def answer(desk: Desk, case_id: bytes, on: date) -> None:
    service.note_answered(desk.database, case_id, today=on, calendar=CALENDAR)


def test_the_next_day_from_nine_each_holder_hears_once_that_something_is_new(desk: Desk) -> None:
    desk.came("head", "rep")
    desk.came("head", "outside")
    assert desk.on(CAME) == []
    assert desk.on(CAME + DAY, hour=8) == []
    assert desk.on(CAME + DAY) == ["waiting head", "waiting outside", "waiting rep"]
    assert desk.on(CAME + DAY, hour=11) == []


def test_who_was_written_to_on_which_day_is_soon_forgotten(desk: Desk) -> None:
    desk.came("head", "rep")
    assert desk.on(CAME + DAY) == ["waiting head", "waiting rep"]
    desk.on(CAME + 9 * DAY)
    with desk.database.reading() as session:
        assert CAME + DAY not in set(session.scalars(select(ReaderTold.on_day)))


def test_who_holds_nothing_or_reads_no_more_hears_nothing(desk: Desk) -> None:
    desk.came("head", "deputy")
    desk.leaves("deputy", CAME)
    assert desk.on(CAME + DAY) == ["waiting head"]


def test_notes_of_readers_are_no_news_and_have_no_clock(desk: Desk) -> None:
    notes = desk.came("head", "rep", is_notes=True)
    assert desk.on(CAME + DAY) == []
    assert desk.clock(notes) is None
    answer(desk, notes, CAME)
    assert desk.clock(notes) is None


def test_after_days_without_a_sweep_what_came_meanwhile_is_told_and_nothing_twice(desk: Desk) -> None:
    desk.came("head", on=CAME)
    assert desk.on(CAME + DAY) == ["waiting head"]
    desk.came("rep", on=CAME + DAY)
    desk.came("outside", on=CAME + 2 * DAY)
    assert desk.on(CAME + 3 * DAY) == ["late head", "waiting outside", "waiting rep"]
    assert desk.on(CAME + 4 * DAY) == ["late rep"]


def test_a_clock_begins_on_the_day_after_and_knows_days_alone(desk: Desk) -> None:
    case_id = desk.came("head")
    desk.on(CAME)
    assert desk.clock(case_id) is None
    desk.on(CAME + DAY)
    clock = desk.clock(case_id)
    assert clock is not None
    assert (clock.opened_on, clock.due_on, clock.step) == (CAME, date(2026, 11, 25), None)
    kinds = {str(column.type) for column in inspect(ConcernClock).columns}
    assert not [kind for kind in kinds if "TIME" in kind.upper()]


def test_answers_move_the_day_each_for_what_it_is(desk: Desk) -> None:
    case_id = desk.came("head", "rep")
    desk.on(CAME + DAY)
    days = []
    for on in (CAME + DAY, CAME + 2 * DAY, CAME + 3 * DAY):
        answer(desk, case_id, on)
        clock = desk.clock(case_id)
        assert clock is not None
        days.append(clock.due_on)
        acts = (clock.acknowledged_on, clock.replied_on, clock.updated_on)
    assert days == [date(2026, 11, 30), date(2026, 12, 23), date(2026, 12, 24)]
    assert acts == (CAME + DAY, CAME + 2 * DAY, CAME + 3 * DAY)


def test_an_answer_before_the_clock_began_is_kept(desk: Desk) -> None:
    case_id = desk.came("head")
    answer(desk, case_id, CAME)
    desk.on(CAME + DAY)
    clock = desk.clock(case_id)
    assert clock is not None
    assert (clock.acknowledged_on, clock.due_on) == (CAME, date(2026, 11, 30))


def test_silence_adds_somebody_at_each_step_on_both_sides_and_takes_nobody_away(desk: Desk) -> None:
    desk.came(*ALL)
    told = {on: desk.on(on) for on in (CAME + n * DAY for n in range(1, 31))}
    late = {on: [one.removeprefix("late ") for one in who if one.startswith("late")] for on, who in told.items()}
    assert {on: who for on, who in late.items() if who} == {
        date(2026, 11, 26): ["head", "rep"],
        date(2026, 12, 1): ["deputy", "head", "rep"],
        date(2026, 12, 8): ["deputy", "head", "outside", "rep"],
        date(2026, 12, 22): ["deputy", "head", "outside", "rep"],
    }


def test_somebody_who_was_left_out_is_told_at_no_step(desk: Desk) -> None:
    desk.came("deputy", "outside")
    told = {who for n in range(1, 60) for who in desk.on(CAME + n * DAY)}
    assert told == {"waiting deputy", "waiting outside", "late deputy", "late outside"}


def test_a_holder_who_is_away_is_told_together_with_the_deputy(desk: Desk) -> None:
    desk.came("head", "deputy", "outside")
    desk.away("head", date(2026, 12, 31))
    first = [one for one in desk.on(date(2026, 11, 26)) if one.startswith("late")]
    assert first == ["late deputy", "late head"]


def test_an_answer_ends_the_climbing_and_the_next_promise_begins_at_the_first_step(desk: Desk) -> None:
    case_id = desk.came(*ALL)
    desk.on(date(2026, 12, 8))
    answer(desk, case_id, date(2026, 12, 8))
    clock = desk.clock(case_id)
    assert clock is not None
    assert clock.step is None
    late = [one for one in desk.on(date(2026, 12, 9)) if one.startswith("late")]
    assert late == ["late deputy", "late head", "late rep"]  # the triage of 30 November is six working days late
    answer(desk, case_id, date(2026, 12, 9))
    assert [one for one in desk.on(date(2026, 12, 10)) if one.startswith("late")] == []


def test_one_letter_a_day_however_many_are_late(desk: Desk) -> None:
    for _ in range(5):
        desk.came(*ALL)
    assert [one for one in desk.on(date(2026, 11, 26)) if one.startswith("late")] == ["late head", "late rep"]
    with desk.database.reading() as session:
        kinds = session.scalars(select(ReaderTold.kind).where(ReaderTold.on_day == date(2026, 11, 26))).all()
    assert kinds.count(LATE) == 2


def test_after_the_outcome_nobody_is_told_anything_until_it_is_taken_up_again(desk: Desk) -> None:
    case_id = desk.came(*ALL)
    desk.on(CAME + DAY)
    with desk.database.writing() as session:
        service.note_outcome(session, session.get_one(SealedCase, case_id), today=CAME + DAY)
    assert not [one for n in range(2, 150, 7) for one in desk.on(CAME + n * DAY) if one.startswith("late")]
    again = date(2027, 6, 1)
    with desk.database.writing() as session:
        case = session.get_one(SealedCase, case_id)
        service.take_up_again(session, case, today=again, calendar=CALENDAR)
        service.take_up_again(session, case, today=again + DAY, calendar=CALENDAR)
    clock = desk.clock(case_id)
    assert clock is not None
    assert (clock.reopened_on, clock.due_on) == (again, date(2027, 6, 3))
    assert desk.on(date(2027, 6, 4)) == ["late head", "late rep"]


def test_the_clock_goes_with_the_thread(desk: Desk) -> None:
    kept, gone = desk.came("head"), desk.came("rep")
    desk.on(CAME + DAY)
    desk.forget(gone)
    desk.on(CAME + 2 * DAY)
    assert desk.clock(gone) is None
    assert desk.clock(kept) is not None


def administrator(desk: Desk, body_id: str | None = None) -> Actor:
    with desk.database.reading() as session:
        account = session.scalars(select(AuditEvent.account_id).where(AuditEvent.account_id.is_not(None))).first()
    held = frozenset({Holding(RoleName.ADMINISTRATOR, body_id=body_id or desk.body_id)})
    return Actor(account or "", desk.people["head"], AccountKind.STAFF, desk.body_id, held, None)


def test_a_body_sets_its_own_promises_and_what_is_open_is_counted_anew(desk: Desk) -> None:
    case_id = desk.came("head")
    desk.on(CAME + DAY)
    slower = Promises(acknowledge=4, triage=6, reply=12, update=15, outcome_months=2)
    actor = replace(administrator(desk), account_id=account_of(desk))
    with desk.database.writing() as session:
        assert service.find_promises(session, desk.body_id) == DEFAULT_PROMISES
        now = datetime(2026, 11, 24, 12, tzinfo=UTC)
        service.set_promises(session, actor, desk.body_id, slower, calendar=CALENDAR, now=now)
    with desk.database.reading() as session:
        assert service.find_promises(session, desk.body_id) == slower
        written = session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc())).first()
        assert written is not None
        assert (written.event, written.facts["acknowledge"]) == ("concern.promises_set", 4)
    clock = desk.clock(case_id)
    assert clock is not None
    assert clock.due_on == date(2026, 11, 27)


def test_nobody_sets_the_promises_of_another_body(desk: Desk) -> None:
    stranger = administrator(desk, body_id="o" * 26)
    with desk.database.writing() as session, pytest.raises(NotFound):
        service.set_promises(
            session, stranger, desk.body_id, DEFAULT_PROMISES, calendar=CALENDAR, now=datetime(2026, 11, 24, tzinfo=UTC)
        )


def test_two_processes_write_each_letter_once(desk: Desk) -> None:
    desk.came(*ALL)
    now = datetime(2026, 11, 24, 10, tzinfo=UTC)
    told: list[int] = []
    assert together(lambda: told.append(tell_of_news(desk.database, desk.settings, now)), 3) == []
    assert sum(told) == len(ALL)


def account_of(desk: Desk) -> str:
    from portal.identity.models import Account

    with desk.database.reading() as session:
        return session.scalars(select(Account.id).where(Account.person_id == desk.people["head"])).one()


def test_a_call_reaches_who_answers_for_it_then_those_outside_then_the_union_and_who_is_away_last(desk: Desk) -> None:
    case_id = desk.came("rep", "outside", "deputy", "head")
    names = {person_id: name for name, person_id in desk.people.items()}

    def called() -> list[str]:
        with desk.database.reading() as session:
            case = session.get_one(SealedCase, case_id)
            return [names[one] for one in readers_of_body(session, desk.body_id, today=CAME).called(session, case)]

    assert called() == ["head", "deputy", "outside", "rep"]
    desk.away("head", CAME)
    assert called() == ["deputy", "outside", "head", "rep"]
    desk.named_on_call("outside")
    assert called() == ["outside", "deputy", "head", "rep"]
