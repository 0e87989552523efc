"""What time does to the desk of reviews: warnings, the missed day, closing, and deleting with what belongs to it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from portal.audit.models import AuditEvent
from portal.cases import going
from portal.cases.board import BoardAddress, list_top
from portal.cases.climbing import list_listeners
from portal.cases.erasing import belongs, owned_tables
from portal.cases.holding import set_hold
from portal.cases.models import Case, CaseCount
from portal.cases.rules import CaseKind, Relation
from portal.cases.service import take_step
from portal.core import ids
from portal.core.clock import london_day
from portal.core.text import Words
from portal.decision_review.asking.service import add_paper, keep_away  # noqa: F401
from portal.decision_review.desk import duties
from portal.decision_review.desk.duties import (
    close_ended,
    delete_reviews,
    open_missed_reviews,
    warn_of_reviews,
)
from portal.decision_review.desk.models import ReviewMissedDay, ReviewTombstone, ReviewWarning
from portal.decision_review.desk.queries import count_missed, list_tombstones
from portal.decision_review.desk.service import explain_missed
from portal.decision_review.rules import State
from portal.decision_review.steps import STEPS
from portal.notifications.models import OutboxLetter
from tests.decision_review.conftest import LOWRI, MAIR, Reviews, letters, steps_of
from tests.demonstrated import GWYNFOR


def due_of(reviews: Reviews) -> tuple[str, date]:
    """One review of today, and the day of the law. The demonstration's own are not asked about."""
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        return case.id, case.due_on


def test_a_warning_goes_once_at_each_stage_and_only_the_last_after_a_gap(reviews: Reviews) -> None:
    case_id, due_on = due_of(reviews)
    database, settings = reviews.world.database, reviews.world.settings
    for days in (11, 10, 9, 5, 1, 1, 0):
        warn_of_reviews(database, settings, reviews.on(due_on - timedelta(days=days)).now)
    with database.reading() as session:
        rows = session.scalars(
            select(ReviewWarning.stage).where(ReviewWarning.case_id == case_id).order_by(ReviewWarning.sent_at)
        ).all()
    assert rows == [10, 5, 2, 0]


def test_a_missed_day_is_told_to_the_worker_first_and_opens_an_incident_once(reviews: Reviews) -> None:
    case_id, due_on = due_of(reviews)
    database, settings = reviews.world.database, reviews.world.settings
    late = reviews.on(due_on + timedelta(days=1))
    open_missed_reviews(database, settings, reviews.on(due_on).now)
    with database.reading() as session:
        assert session.get(ReviewMissedDay, (case_id, due_on)) is None
    for _ in range(2):
        open_missed_reviews(database, settings, late.now)
    with database.writing() as session:
        case = session.get_one(Case, case_id)
        assert steps_of(session, case).count("missed_day") == 1
        worker = session.scalars(select(OutboxLetter.due_at).where(OutboxLetter.template == "review_late")).all()
        staff = session.scalars(select(OutboxLetter.due_at).where(OutboxLetter.template == "review_missed")).all()
        assert worker and staff and max(worker) < min(staff)
        open_before = count_missed(session, reviews[MAIR])
        explain_missed(session, reviews[LOWRI], case, due_on, Words("Roedd pawb i ffwrdd."), desk=late)
        explain_missed(session, reviews[MAIR], case, due_on, Words("Eto"), desk=late)
        assert count_missed(session, reviews[MAIR]) == open_before - 1
        assert session.get_one(ReviewMissedDay, (case_id, due_on)).closed_by == reviews[LOWRI].account_id


def test_what_was_taken_back_is_closed_after_the_days_in_which_that_can_be_undone(reviews: Reviews) -> None:
    case_id, _due_on = due_of(reviews)
    database, settings = reviews.world.database, reviews.world.settings
    with database.writing() as session:
        case = session.get_one(Case, case_id)
        take_step(session, reviews[GWYNFOR], case, STEPS["withdraw"], desk=reviews.desk)
    assert close_ended(database, settings, reviews.after(7).now) == 0
    assert close_ended(database, settings, reviews.after(8).now) == 1
    with database.reading() as session:
        assert session.get_one(Case, case_id).state == State.CLOSED


def test_a_review_is_deleted_after_six_years_with_everything_and_a_hold_keeps_it(reviews: Reviews) -> None:
    case_id, _due_on = due_of(reviews)
    database, settings = reviews.world.database, reviews.world.settings
    with database.writing() as session:
        case = session.get_one(Case, case_id)
        reference, body_id = case.reference, case.body_id
        keep_away(session, reviews[MAIR], case, LOWRI, desk=reviews.desk)
        take_step(session, reviews[GWYNFOR], case, STEPS["withdraw"], desk=reviews.desk)
        take_step(session, Relation.PORTAL, case, STEPS["close"], desk=reviews.after(8))
        hold = set_hold(
            session, case, Words("Ymchwiliad"), date(2030, 1, 1), hold_id=ids.new_id(), by=reviews[MAIR].account_id,
            desk=reviews.desk,
        )  # fmt: skip
        hold_id = hold.id
    later = reviews.on(date(2032, 11, 30))
    assert delete_reviews(database, settings, reviews.on(date(2032, 11, 29)).now) == 0
    assert delete_reviews(database, settings, later.now) == 0
    with database.writing() as session:
        session.get_one(type(hold), hold_id).lifted_at = later.now
        counted = session.scalar(select(func.sum(CaseCount.number)).where(CaseCount.kind == CaseKind.REVIEW))
    assert delete_reviews(database, settings, later.now) == 1
    with database.reading() as session:
        assert session.get(Case, case_id) is None
        for table in owned_tables():
            assert session.scalar(select(func.count()).select_from(table).where(belongs(table, case_id))) == 0
        stone = session.get_one(ReviewTombstone, reference)
        assert london_day(stone.deleted_at) == later.today and stone.rule == "years_6"
        people = {email: reviews[email].person_id for email in (MAIR, LOWRI, GWYNFOR)}
        told = {email: list_tombstones(session, [body_id], reader=person) for email, person in people.items()}
        assert told == {MAIR: [stone], LOWRI: [], GWYNFOR: []}
        assert (
            session.scalar(select(func.sum(CaseCount.number)).where(CaseCount.kind == CaseKind.REVIEW))
            == (counted or 0) - 1
        )
        assert session.scalars(select(AuditEvent.subject).where(AuditEvent.event == "review.erased")).one()


def test_every_table_of_reviews_that_cannot_be_without_its_case_goes_with_it() -> None:
    names = {table.name for table in owned_tables()}
    own = {"review_requests", "review_packs", "review_evidence_items", "review_seats", "review_provisional_views"}
    own |= {
        "review_reveals",
        "review_issues",
        "review_dispositions",
        "review_letters",
        "review_remedies",
        "review_papers",
    }
    own |= {"review_readings", "review_warnings", "review_missed_days", "case_events", "clock_events", "case_messages"}
    assert own <= names
    assert names.isdisjoint(
        {"review_figures", "review_tombstones", "review_lessons", "persons", "systems", "audit_events"}
    )


def test_letters_of_a_late_review_are_counted(reviews: Reviews) -> None:
    _case_id, due_on = due_of(reviews)
    warn_of_reviews(reviews.world.database, reviews.world.settings, reviews.on(due_on - timedelta(days=5)).now)
    with reviews.world.database.reading() as session:
        assert letters(session, "review_due_soon") >= 2


def test_no_address_of_the_board_is_told_of_a_review_that_its_holder_asked_for_or_was_left_out_of(
    reviews: Reviews,
) -> None:
    case_id, due_on = due_of(reviews)
    with reviews.world.database.writing() as session:
        case = session.get_one(Case, case_id)
        keep_away(session, reviews[MAIR], case, LOWRI, desk=reviews.desk)
        for email in (GWYNFOR.upper(), LOWRI, "board@dyffryn-cledwen.example"):
            session.add(BoardAddress(id=ids.new_id(), body_id=case.body_id, email=email))
        session.flush()
        assert [one.email for one in list_top(session, case, today=reviews.desk.today)] == [
            "board@dyffryn-cledwen.example"
        ]
        heard = list_listeners(session, case, 0, reviews.on(due_on))
        assert {LOWRI, GWYNFOR}.isdisjoint(one.email.casefold() for one in heard)


def test_who_was_warned_or_is_held_takes_no_room_in_a_pass(reviews: Reviews, monkeypatch: pytest.MonkeyPatch) -> None:
    case_id, due_on = due_of(reviews)
    later_id, _due_on = due_of(reviews)
    database, settings = reviews.world.database, reviews.world.settings
    monkeypatch.setattr(duties, "MOST_AT_ONCE", 1)
    near = reviews.on(due_on - timedelta(days=9))
    while warn_of_reviews(database, settings, near.now):
        pass
    with database.writing() as session:
        warned = set(session.scalars(select(ReviewWarning.case_id)))
        assert {case_id, later_id} <= warned
        for own_id in (case_id, later_id):
            case = session.get_one(Case, own_id)
            take_step(session, reviews[GWYNFOR], case, STEPS["withdraw"], desk=reviews.desk)
            take_step(session, Relation.PORTAL, case, STEPS["close"], desk=reviews.after(8))
        first = min(case_id, later_id)
        case = session.get_one(Case, first)
        by = reviews[MAIR].account_id
        set_hold(session, case, Words("Ymchwiliad"), date(2033, 1, 1), hold_id=ids.new_id(), by=by, desk=reviews.desk)
    monkeypatch.setattr(going, "MOST_AT_ONCE", 1)
    after = reviews.on(date(2033, 1, 1)).now
    while delete_reviews(database, settings, after):
        pass
    with database.reading() as session:
        assert session.get(Case, first) is not None
        assert session.get(Case, max(case_id, later_id)) is None
