"""A quarter is frozen once; what was told stays as it was told, and what becomes known later is told as that."""

from datetime import date

import pytest
from sqlalchemy import func, select

from portal.audit.models import AuditEvent
from portal.concerns.casework.models import ToldThread
from portal.concerns.casework.rules import Theme
from portal.core.ids import new_id
from portal.directory.models import Person, RoleHolding
from portal.directory.rules import RoleName
from portal.home.figures import ALL
from portal.notifications.models import LetterNews, OutboxLetter
from portal.register.models import System
from portal.statistics.models import FigureEvent, FrozenIsFinal
from portal.statistics.queries import find_report, list_quarters, list_unfrozen
from portal.statistics.rules import Kind, newest_told
from tests.concerns.casework.test_plans import plan_of, questions
from tests.statistics.conftest import AUGUST, AUTUMN, MAY, OCTOBER, SPRING, SUMMER, Joint, after

TOLD_ON = date(2026, 10, 15)


def test_reviews_of_the_story_are_told_as_the_systems_pages_tell_them(joint: Joint) -> None:
    joint.reviews(AUGUST, "K7RT3M", changed=10, upheld=14)
    joint.reviews(AUGUST, "M4PQ9X", changed=7, upheld=10)
    joint.reviews(AUGUST, "W2HJ6T", changed=3, upheld=5)
    joint.freeze(SUMMER)
    told = joint.told(SUMMER, Kind.REVIEWS)
    assert (told["ended"], told["decided"], told["changed"], told["share"], told["days"]) == (41, 41, 17, 41, 8)
    assert told["systems"] == 2, "the third is told when ten of its reviews have ended"
    assert joint.report(SUMMER).named(Kind.REVIEWS, "systems") == ("K7RT3M", "M4PQ9X")


def test_what_a_systems_page_withholds_is_in_no_sum_of_the_report(joint: Joint) -> None:
    joint.reviews(AUGUST, "K7RT3M", changed=10, upheld=14)
    joint.reviews(AUGUST, "M4PQ9X", changed=3, upheld=12)
    joint.freeze(SUMMER)
    told = joint.told(SUMMER, Kind.REVIEWS)
    assert (told["ended"], told["decided"], told["changed"]) == (39, 24, 10)


def test_access_requests_are_told_as_their_own_table_tells_them(joint: Joint) -> None:
    joint.requests(AUGUST, 43, late=3)
    joint.freeze(SUMMER)
    told = joint.told(SUMMER, Kind.ACCESS)
    assert (told["received"], told["answered"], told["late"], told["in_time"]) == (43, 43, None, None)
    assert "share" not in told
    joint.requests(OCTOBER, 100, late=7)
    joint.freeze(AUTUMN)
    told = joint.told(AUTUMN, Kind.ACCESS)
    assert (told["received"], told["in_time"], told["late"], told["share"], told["days"]) == (100, 93, 7, 93, 20)


def test_concerns_are_counted_by_theme_where_the_employers_side_reads_and_nothing_else_of_them(joint: Joint) -> None:
    joint.concerns(AUGUST, 8, Theme.PACE)
    joint.concerns(AUGUST, 7, Theme.PACE, "rep", "second")
    joint.concerns(AUGUST, 9, Theme.JOBS, "rival")
    joint.concerns(AUGUST, 3, Theme.SURVEILLANCE, "outside")
    joint.concerns(AUGUST, 6, None, "head")
    joint.concerns(OCTOBER, 20, Theme.PACE)
    joint.freeze(SUMMER)
    told = joint.told(SUMMER, Kind.CONCERNS)
    assert (told["pace"], told["jobs"], told["surveillance"], told["none"], told[ALL]) == (10, None, None, 5, 15)
    with joint.database.reading() as session:
        events = session.scalars(select(FigureEvent).where(FigureEvent.kind == Kind.CONCERNS)).all()
        assert {one.key: one.number for one in events}["jobs"] == 0
        homes = set(joint.seated.homes.values()) - {joint.body_id, joint.seated.homes["other body"]}
        assert not any(home in f"{one.key}{one.id}" for one in events for home in homes)


def test_a_second_role_of_a_representative_puts_nothing_of_the_unions_into_the_report(joint: Joint) -> None:
    with joint.database.writing() as session:
        session.add(
            RoleHolding(
                id=new_id(), person_id=joint.seated.people["rep"], role=RoleName.RESPONSIBLE_MANAGER,
                body_id=joint.body_id, started_on=MAY,
            )
        )  # fmt: skip
        session.get_one(Person, joint.seated.people["rep"]).body_id = joint.body_id
    joint.concerns(AUGUST, 9, Theme.PACE, "rep")
    joint.concerns(AUGUST, 8, Theme.JOBS, "rep", "head")
    joint.freeze(SUMMER)
    told = joint.told(SUMMER, Kind.CONCERNS)
    assert (told["pace"], told["jobs"]) == (None, 10)


def test_of_january_to_march_no_complaint_is_told_and_of_other_quarters_two_rounded_numbers(joint: Joint) -> None:
    joint.complaints(AUGUST, 13)
    joint.complaints(date(2026, 2, 3), 13)
    joint.freeze(SPRING.before)
    joint.freeze(SUMMER)
    assert joint.told(SPRING.before, Kind.COMPLAINTS) == {"received": None, "answered": None}
    assert joint.told(SUMMER, Kind.COMPLAINTS) == {
        "received": 15,
        "answered": 15,
        "known_received": None,
        "known_ended": None,
    }


def test_a_report_that_was_told_never_changes_and_later_facts_stand_in_the_next_as_such(joint: Joint) -> None:
    joint.requests(MAY, 30)
    cases = joint.concerns(MAY, 12, Theme.PACE)
    joint.freeze(SPRING)
    told = joint.report(SPRING)
    joint.requests(MAY, 7)
    joint.complaints(MAY, 3)
    joint.requests(AUGUST, 20)
    with joint.database.writing() as session:
        for case_id in cases[:6]:
            session.get_one(ToldThread, case_id).theme = Theme.HOURS
    assert joint.freeze(SUMMER) == 2, "of each of the two bodies"
    assert joint.report(SPRING) == told
    now = joint.report(SUMMER)
    told_late = [now.told[Kind.ACCESS, key] for key in ("received", "known_received", "known_ended")]
    assert told_late == [20, 5, 5], "seven, rounded"
    assert now.told[Kind.COMPLAINTS, "known_received"] is None, "fewer than five"
    assert now.told[Kind.CONCERNS, "known_theme"] == 5, "six are counted under another theme by now"
    assert now.told[Kind.CONCERNS, ALL] is None
    joint.freeze(AUTUMN)
    assert joint.told(AUTUMN, Kind.ACCESS)["known_received"] is None, "it is told once"
    assert joint.report(SUMMER) == now
    assert now.change(Kind.ACCESS, "received") == -10
    assert now.before == told.told


def test_an_old_figure_is_what_the_events_of_a_day_say(joint: Joint) -> None:
    joint.requests(AUGUST, 20)
    joint.freeze(SUMMER)
    told = joint.report(SUMMER)
    joint.requests(AUGUST, 9)
    joint.freeze(AUTUMN)
    assert joint.report(SUMMER, as_at=TOLD_ON) == told
    assert joint.report(SUMMER, as_at=date(2030, 1, 1)) == told
    with joint.database.reading() as session:
        assert find_report(session, joint.body_id, SUMMER, as_at=date(2026, 10, 14)) is None
        assert find_report(session, joint.body_id, AUTUMN, as_at=TOLD_ON) is None


def test_a_frozen_figure_cannot_be_changed_nor_deleted(joint: Joint) -> None:
    joint.freeze(SUMMER)
    for change in ("told", "delete"):
        with pytest.raises(FrozenIsFinal), joint.database.writing() as session:
            event = session.scalars(select(FigureEvent).where(FigureEvent.body_id == joint.body_id)).first()
            assert event is not None
            if change == "delete":
                session.delete(event)
            else:
                event.told = 7
            session.flush()


def test_a_quarter_is_frozen_when_it_has_settled_once_and_after_a_gap_with_those_that_were_missed(joint: Joint) -> None:
    assert newest_told(date(2026, 10, 14)) == SPRING
    assert newest_told(TOLD_ON) == SUMMER
    joint.requests(AUGUST, 9)
    joint.requests(OCTOBER, 9)
    assert joint.freeze(SPRING) == 2
    assert joint.freeze(SPRING, 40) == 0
    assert joint.freeze(AUTUMN) == 4
    with joint.database.reading() as session:
        assert list_quarters(session, joint.body_id) == [AUTUMN, SUMMER, SPRING]
        assert list_unfrozen(session, AUTUMN) == []
        events = select(func.count()).where(AuditEvent.event == "report.frozen", AuditEvent.body_id == joint.body_id)
        assert session.scalar(events) == 3


def test_everybody_who_reads_a_report_hears_of_it_and_nobody_of_one_that_is_empty(joint: Joint) -> None:
    joint.requests(AUGUST, 9)
    joint.freeze(SUMMER)
    with joint.database.reading() as session:
        waiting = session.scalar(select(func.count()).select_from(OutboxLetter)) or 0
        waiting += session.scalar(select(func.count()).select_from(LetterNews)) or 0
    assert waiting == 5, "head, outside, and three representatives; the officer of the other body has an empty report"


def test_systems_that_nobody_can_read_of_are_not_counted(joint: Joint) -> None:
    joint.reviews(AUGUST, "K7RT3M", changed=10, upheld=14)
    joint.freeze(SUMMER)
    assert joint.told(SUMMER, Kind.SYSTEMS)["in_use"] == 0
    with joint.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(System)) == 1
        assert after(SUMMER).day == 15


def test_a_page_asks_the_same_few_questions_however_many_reports_there_are_each_by_its_index(joint: Joint) -> None:
    for quarter in (SPRING.before, SPRING, SUMMER, AUTUMN):
        joint.freeze(quarter)
    with questions(joint.database.engine) as asked, joint.database.reading() as session:
        assert len(list_quarters(session, joint.body_id)) == 4
        assert find_report(session, joint.body_id, AUTUMN) is not None
        assert list_unfrozen(session, AUTUMN) == []
    assert len(asked) == 6
    with joint.database.reading() as session:
        plans = [line for statement, given in asked for line in plan_of(session, statement, given)]
    assert not [line for line in plans if line.startswith("SCAN figure_events") and "INDEX" not in line], plans
