"""Warnings before a day, the day that was missed, and who hears of it in which order."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.audit.models import AuditEvent
from portal.cases.board import BoardAddress
from portal.cases.models import Case
from portal.cases.officers import list_officers
from portal.cases.rules import ExclusionSource
from portal.cases.service import exclude
from portal.cases.warning import stage_of
from portal.core.text import Locale, Words
from portal.directory.models import Absence, RoleHolding
from portal.directory.rules import RoleName
from portal.notifications.models import OutboxLetter
from portal.subject_access import service as access
from portal.subject_access.officer import duties
from portal.subject_access.officer.models import AccessWarning, DeskVisit, MissedDay
from portal.subject_access.officer.service import explain_missed, note_visit
from tests.subject_access.conftest import MONDAY, World, sent

DUE = date(2026, 12, 23)
BOARD = "board@taran.example"
RHODRI = "rhodri@taran.example"


def at(day: date, hour: int = 7) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def begin(world: World, session: Session) -> Case:
    """Siân's request, on Rhodri's desk; Helen works on requests too, and the board has an address."""
    case = world.request(session)
    access.start(session, world["rhodri"], case, sent(), desk=world.desk)
    taran = world.bodies["taran"].id
    session.add(BoardAddress(id="b" * 26, body_id=taran, email=BOARD))
    session.add(
        RoleHolding(
            id="h" * 26, person_id=world["helen"].person_id, role=RoleName.REQUEST_HANDLER, body_id=taran,
            started_on=date(2026, 1, 1), is_deputy=True,
        )
    )  # fmt: skip
    session.flush()
    return case


def warn(world: World, day: date) -> list[tuple[str, str]]:
    """One pass on that day: the letters that it queued, as address and template."""
    with world.database.writing() as session:
        session.execute(delete(OutboxLetter))
    duties.open_missed_days(world.database, world.settings, at(day))
    duties.warn_of_days(world.database, world.settings, at(day))
    with world.database.reading() as session:
        queued = session.scalars(select(OutboxLetter).order_by(OutboxLetter.due_at)).all()
        return [(_email(world, one), one.template) for one in queued]


def _email(world: World, letter: OutboxLetter) -> str:
    content = world.settings.vault.open_bytes(letter.sealed or b"", context=f"outbox_letters.sealed:{letter.id}")
    return str(json.loads(content)["email"])


@pytest.mark.parametrize(
    ("days", "stage"), [(30, None), (11, None), (10, 10), (6, 10), (5, 5), (3, 5), (2, 2), (1, 2), (0, 0), (-1, None)]
)
def test_a_stage_comes_with_its_day_and_stays_until_the_next(days: int, stage: int | None) -> None:
    assert stage_of(DUE, DUE - timedelta(days=days)) == stage


def test_over_a_whole_month_each_warning_goes_once_and_the_worker_hears_of_the_missed_day_first(world: World) -> None:
    with world.database.writing() as session:
        case_id = begin(world, session).id
    told: dict[int, list[tuple[str, str]]] = {}
    for passed in range(45):
        day = MONDAY.date() + timedelta(days=passed)
        found = warn(world, day)
        if found:
            told[(DUE - day).days] = found
            assert warn(world, day) == [], "nothing goes twice on one day"
    soon, missed = "access_due_soon", "access_missed"
    with world.database.reading() as session:
        officers = list_officers(session, {world.bodies["taran"].id}, today=DUE)
        colleagues = sorted(person.email for person in officers)
    assert len(colleagues) >= 2
    assert list(told) == [10, 5, 2, 0, -1]
    assert told[10] == [(RHODRI, soon)]
    assert sorted(told[5]) == [(one, soon) for one in colleagues]
    assert sorted(told[2]) == sorted(told[0]) == sorted((one, soon) for one in (BOARD, *colleagues))
    assert told[-1][0] == ("sian@taran.example", "access_late")
    assert sorted(told[-1][1:]) == sorted((one, missed) for one in (BOARD, *colleagues))
    with world.database.reading() as session:
        assert session.scalars(select(MissedDay.due_on)).all() == [DUE]
        events = session.scalars(select(AuditEvent.event).where(AuditEvent.subject == case_id)).all()
        assert events.count("access.warned") == 4
        assert events.count("access.missed_day") == 1


def test_staff_hear_of_a_missed_day_only_in_the_round_after_the_workers(world: World) -> None:
    with world.database.writing() as session:
        begin(world, session)
    warn(world, DUE + timedelta(days=1))
    with world.database.reading() as session:
        now = at(DUE + timedelta(days=1))
        first = select(OutboxLetter.template).where(OutboxLetter.due_at <= now)
        assert session.scalars(first).all() == ["access_late"]


def test_nothing_goes_while_the_clock_stands_and_a_new_day_is_warned_of_anew(world: World) -> None:
    with world.database.writing() as session:
        case = begin(world, session)
        words = Words("Pa rai?")
        on = world.on(date(2026, 12, 14))
        assert warn_in(session) == 0
        access.clarify(session, world["rhodri"], case, words, words, sent(), lang=Locale.CY, desk=on)
        case_id = case.id
    for passed in range(0, 60, 6):
        assert warn(world, date(2026, 12, 14) + timedelta(days=passed)) == []
    with world.database.writing() as session:
        case = session.get_one(Case, case_id)
        back = world.on(date(2027, 2, 12))
        access.answer(session, world["rhodri"], case, words, sent(), lang=Locale.CY, on=date(2026, 12, 18), desk=back)
        assert case.due_on == date(2026, 12, 29)
    assert warn(world, date(2027, 2, 12))[0] == ("sian@taran.example", "access_late")
    assert warn(world, date(2027, 2, 13)) == []


def warn_in(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(AccessWarning)) or 0


def test_whoever_asked_or_was_left_out_hears_nothing_as_staff(world: World) -> None:
    with world.database.writing() as session:
        case = begin(world, session)
        helen = world["helen"].person_id
        exclude(session, world["sian"], case, helen, source=ExclusionSource.REQUESTER, desk=world.desk)
    told = {address for address, _template in warn(world, DUE - timedelta(days=5))}
    assert RHODRI in told
    assert "helen@taran.example" not in told


def test_who_is_away_does_not_keep_a_warning_to_themselves(world: World) -> None:
    with world.database.writing() as session:
        begin(world, session)
        away = world["rhodri"].person_id
        session.add(Absence(id="a" * 26, person_id=away, from_on=date(2026, 12, 1), until_on=date(2026, 12, 31)))
    told = {address for address, _template in warn(world, DUE - timedelta(days=10))}
    assert told >= {RHODRI, "helen@taran.example"}


def test_an_explained_day_is_closed_once_and_a_finished_request_is_never_missed(world: World) -> None:
    with world.database.writing() as session:
        case = begin(world, session)
        gone = world.request(session)
        access.withdraw(session, world["sian"], gone, desk=world.desk)
        case_id = case.id
    warn(world, DUE + timedelta(days=3))
    with world.database.writing() as session:
        (missed,) = session.scalars(select(MissedDay)).all()
        case = session.get_one(Case, case_id)
        late = world.on(DUE + timedelta(days=4))
        explain_missed(session, world["rhodri"], case, missed, Words("Salwch"), desk=late)
        explain_missed(session, world["rhodri"], case, missed, Words("Arall"), desk=late)
        assert missed.closed_by == world["rhodri"].account_id
        steps = select(func.count()).select_from(AuditEvent).where(AuditEvent.event == "access.explain_missed")
        assert session.scalar(steps) == 1


def test_visits_are_forgotten_within_the_hour(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        note_visit(session, world["rhodri"], case, desk=world.desk)
    half = world.desk.now + timedelta(minutes=30)
    assert duties.forget_visits(world.database, world.settings, half) == 0
    assert duties.forget_visits(world.database, world.settings, half + timedelta(hours=1)) == 1
    with world.database.reading() as session:
        assert session.scalars(select(DeskVisit)).all() == []


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(passes=st.lists(st.integers(10, 40), min_size=1, max_size=6).map(sorted))
def test_however_seldom_the_sweep_runs_no_warning_goes_twice(world: World, passes: list[int]) -> None:
    with world.database.writing() as session:
        for table in (AccessWarning, MissedDay, OutboxLetter, BoardAddress):
            session.execute(delete(table))
        session.execute(delete(RoleHolding).where(RoleHolding.id == "h" * 26))
        reference = begin(world, session).id
    sent_to: list[tuple[str, int]] = []
    for passed in passes:
        day = MONDAY.date() + timedelta(days=passed)
        with world.database.reading() as session:
            before = set(session.scalars(select(AccessWarning.stage).where(AccessWarning.case_id == reference)))
        duties.open_missed_days(world.database, world.settings, at(day))
        duties.warn_of_days(world.database, world.settings, at(day))
        with world.database.reading() as session:
            after = set(session.scalars(select(AccessWarning.stage).where(AccessWarning.case_id == reference)))
            new = after - before
            assert len(new) <= 1, "after a gap only the nearest stage is told"
            assert all(stage < min(before, default=99) for stage in new), "never a wider stage after a nearer one"
            sent_to += [(reference, stage) for stage in new]
            missed = session.scalars(select(MissedDay).where(MissedDay.case_id == reference)).all()
            assert len(missed) == (day > DUE)
    assert len(sent_to) == len(set(sent_to))
