"""What a review waits for is chased: questions that nobody answers, and a second seat that nobody was given."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.board import BoardAddress
from portal.cases.correspondence import Writing, list_open_questions, reply
from portal.cases.models import Case
from portal.core import ids
from portal.core.errors import NotFound, Refused
from portal.core.text import Locale, Words
from portal.decision_review.asking.service import keep_away
from portal.decision_review.reviewing import drawing, questions, waiting
from portal.decision_review.reviewing.chasing import chase_reviewing, go_on_without
from portal.decision_review.reviewing.models import ReviewChase, ReviewerQuestion
from portal.decision_review.reviewing.queries import list_own_questions
from portal.decision_review.reviewing.questions import NewQuestion
from portal.decision_review.reviewing.rules import AskedOf, Chased
from portal.decision_review.reviewing.waiting import list_waiting
from portal.decision_review.rules import Outcome, ReviewClass
from portal.directory.models import Person
from tests.decision_review.conftest import MAIR, MELERI, SARAH, Reviews, letters, steps_of
from tests.decision_review.deciding_way import begun, concluded, given, shown
from tests.decision_review.recording import shared
from tests.decision_review.reviewing.looking import DAVID, look
from tests.demonstrated import GWYNFOR

ASKED_ON = date(2026, 12, 23)  # Wednesday; 25 and 28 December are holidays, so the third working day is the 30th
DUE, FURTHER = date(2026, 12, 30), date(2027, 1, 4)


def in_review(session: Session, reviews: Reviews) -> Case:
    case = reviews.asked(session)
    shared(session, reviews, case, ReviewClass.INFLUENCED)
    given(session, reviews[MAIR], reviews[MELERI], case, desk=reviews.desk)
    begun(session, reviews[MELERI], case, desk=reviews.desk)
    shown(session, reviews[MELERI], case, desk=reviews.desk)
    return case


def ask_sarah(session: Session, reviews: Reviews, case: Case) -> ReviewerQuestion:
    sarah = session.get_one(Person, reviews.world.person(SARAH))
    new = NewQuestion(ids.new_id(), AskedOf.EXPERT, Words("Pam 41?"), Locale.CY, sarah)
    return questions.ask_other(session, reviews[MELERI], case, new, desk=reviews.on(ASKED_ON))


def swept(reviews: Reviews, day: date) -> int:
    return chase_reviewing(reviews.world.database, reviews.world.settings, reviews.on(day).now)


def test_an_answer_that_does_not_come_is_reminded_then_told_to_the_manager_and_the_reviewer_may_go_on(
    reviews: Reviews,
) -> None:
    database = reviews.world.database
    with database.writing() as session:
        case = in_review(session, reviews)
        row = ask_sarah(session, reviews, case)
        case_id, own_id, asked = case.id, row.id, letters(session, "review_question")
        found = list_waiting(session, case, reviews.desk.calendar, today=ASKED_ON)
        assert [(one.due_on, one.further_on) for one in found] == [(DUE, FURTHER)]
        with pytest.raises(Refused):
            go_on_without(session, reviews[MELERI], case, own_id, desk=reviews.on(DUE))
    days = (DUE, DUE + timedelta(days=1), FURTHER, FURTHER + timedelta(days=1), FURTHER + timedelta(days=9))
    assert [[swept(reviews, day) for _ in range(2)] for day in days] == [[0, 0], [1, 0], [0, 0], [1, 0], [0, 0]]
    with database.writing() as session:
        case = session.get_one(Case, case_id)
        assert (letters(session, "review_question"), letters(session, "review_question_late")) == (
            asked + 1,
            2,
        )  # manager and deputy
        assert steps_of(session, case).count("asked_reminded") == steps_of(session, case).count("asked_late") == 1
        with pytest.raises(NotFound):
            go_on_without(session, reviews[DAVID], case, own_id, desk=reviews.on(FURTHER))
        go_on_without(session, reviews[MELERI], case, own_id, desk=reviews.on(FURTHER))
        assert list_own_questions(session, reviews[SARAH]) == []
        with pytest.raises(NotFound):
            questions.answer(session, reviews[SARAH], own_id, Words("Hwyr"), desk=reviews.on(FURTHER))
        assert list_waiting(session, case, reviews.desk.calendar, today=FURTHER) == []


def test_after_a_gap_both_go_at_once_and_nobody_who_was_left_out_is_reminded(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = in_review(session, reviews)
        ask_sarah(session, reviews, case)
        keep_away(session, reviews[MAIR], case, SARAH, desk=reviews.desk)
        case_id, asked = case.id, letters(session, "review_question")
    assert [swept(reviews, FURTHER + timedelta(days=1)) for _ in range(2)] == [1, 0]
    with reviews.world.database.reading() as session:
        stages = session.scalars(select(ReviewChase.stage).where(ReviewChase.case_id == case_id)).all()
        assert sorted(stages) == [Chased.ESCALATED, Chased.REMINDED]
        assert letters(session, "review_question") == asked


def test_a_question_to_the_worker_is_reminded_and_then_the_reviewer_goes_on_without(reviews: Reviews) -> None:
    database = reviews.world.database
    with database.writing() as session:
        case = in_review(session, reviews)
        for _ in range(2):
            writing = Writing(ids.new_id(), Words("Ble oeddech chi?"), Locale.CY)
            questions.ask_worker(session, reviews[MELERI], case, writing, desk=reviews.on(ASKED_ON))
        case_id, news, due_on = case.id, letters(session, "case_news"), case.due_on
    assert swept(reviews, DUE) == 0
    assert swept(reviews, DUE + timedelta(days=1)) == 1
    assert swept(reviews, FURTHER + timedelta(days=1)) == 1
    with database.writing() as session:
        case = session.get_one(Case, case_id)
        assert letters(session, "case_news") == news + 2 and letters(session, "review_question_late") == 0
        steps = steps_of(session, case)
        assert steps.count("question_reminded") == steps.count("answer_missing") == 2
        first, second = list_open_questions(session, case)
        writing = Writing(ids.new_id(), Words("A phwy oedd yno?"), Locale.CY)
        questions.ask_worker(session, reviews[MELERI], case, writing, desk=reviews.on(FURTHER))
        for late in (first, second):
            go_on_without(session, reviews[MELERI], case, late.id, desk=reviews.on(FURTHER))
        assert [one.id for one in list_open_questions(session, case)] == [writing.message_id]
        with pytest.raises(Refused):
            go_on_without(session, reviews[MELERI], case, writing.message_id, desk=reviews.on(FURTHER))
        assert case.due_on == due_on


def test_what_was_answered_in_time_is_not_chased(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = in_review(session, reviews)
        row = ask_sarah(session, reviews, case)
        questions.answer(session, reviews[SARAH], row.id, Words("Dyma pam"), desk=reviews.on(DUE))
        writing = Writing(ids.new_id(), Words("Ble oeddech chi?"), Locale.CY)
        questions.ask_worker(session, reviews[MELERI], case, writing, desk=reviews.on(ASKED_ON))
        reply(session, reviews[GWYNFOR], case, Writing(ids.new_id(), Words("Adref"), Locale.CY), desk=reviews.on(DUE))
    assert swept(reviews, FURTHER + timedelta(days=30)) == 0


def test_a_second_seat_that_nobody_was_given_is_told_to_the_officers_and_then_to_the_top(
    reviews: Reviews, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "live_since", lambda _session, _case: date(2026, 11, 1))
    database = reviews.world.database
    with database.writing() as session:
        case = reviews.asked(session)
        shared(session, reviews, case)
        concluded(session, reviews[MAIR], reviews[MELERI], case, Outcome.UPHELD, desk=reviews.desk)
        session.add(BoardAddress(id=ids.new_id(), body_id=case.body_id, email="top@dyffryn-cledwen.example"))
        case_id, tasks, top = case.id, letters(session, "review_task"), letters(session, "review_seat_open")
    due, further = date(2026, 11, 24), date(2026, 11, 26)  # today is a Sunday
    assert [swept(reviews, day) for day in (due, due + timedelta(days=1), further)] == [0, 1, 0]
    with database.reading() as session:
        assert letters(session, "review_task") > tasks and letters(session, "review_seat_open") == top
    assert [swept(reviews, further + timedelta(days=1)) for _ in range(2)] == [1, 0]
    with database.writing() as session:
        case = session.get_one(Case, case_id)
        assert letters(session, "review_seat_open") == top + 1
        given(session, reviews[MAIR], reviews[DAVID], case, desk=reviews.on(further))
        assert list_waiting(session, case, reviews.desk.calendar, today=further) == []
    assert swept(reviews, further + timedelta(days=40)) == 0


def test_what_is_not_due_takes_no_room_in_a_pass(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = in_review(session, reviews)
        ask_sarah(session, reviews, case)
    assert swept(reviews, FURTHER + timedelta(days=1)) == 1
    with reviews.world.database.reading() as session:
        assert session.scalars(select(Case.id).where(waiting.may_wait())).all() == []


def test_everybody_reads_by_when_and_the_reviewer_goes_on_with_one_press(
    reviews: Reviews, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "ANSWER_WORKING_DAYS", 0)
    monkeypatch.setattr(waiting, "FURTHER_WORKING_DAYS", 0)
    with reviews.world.database.writing() as session:
        case = in_review(session, reviews)
        sarah = session.get_one(Person, reviews.world.person(SARAH))
        early = reviews.on(reviews.desk.today - timedelta(days=1))
        new = NewQuestion(ids.new_id(), AskedOf.EXPERT, Words("Pam 41?"), Locale.CY, sarah)
        questions.ask_other(session, reviews[MELERI], case, new, desk=early)
        writing = Writing(ids.new_id(), Words("Ble oeddech chi?"), Locale.CY)
        questions.ask_worker(session, reviews[MELERI], case, writing, desk=early)
        reference, own_id = case.reference, new.own_id
    with reviews.world.signed_in(SARAH) as sarah_there:
        assert "Please answer by" in sarah_there.get(f"/en/my/questions/{own_id}").text
        assert "Atebwch erbyn" in sarah_there.get("/cy/my/questions").text
    with reviews.world.signed_in(GWYNFOR) as gwynfor:
        assert "Please answer by: 21 November 2026" in gwynfor.get(f"/en/my/cases/{reference}").text
    with reviews.world.signed_in(MELERI) as meleri:
        page = meleri.get(look(reference)).text
        assert page.count("You may go on without it") == 2
        for own in re.findall(r'name="question-id" value="(\w+)"', page):
            meleri.get(look(reference))
            assert meleri.post(look(reference), {"act": "go_on", "question-id": own}).status_code == 303
        page = meleri.get(look(reference)).text
        assert "You may go on without it" not in page and "You went on without an answer" in page
