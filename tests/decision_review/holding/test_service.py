"""Whether the effect waits: who is asked, what silence means, and that it was done."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.cases.board import BoardAddress
from portal.cases.models import Case
from portal.core import ids
from portal.core.errors import NotAllowed, NotFound, Refused
from portal.core.text import Locale, Words
from portal.decision_review.asking.classifying import Classed, classify
from portal.decision_review.holding import service
from portal.decision_review.holding.duties import answer_for_the_silent, chase_holds
from portal.decision_review.holding.models import HoldQuestion
from portal.decision_review.holding.queries import find_open, get_question, list_own, list_questions
from portal.decision_review.holding.rules import Answer, Because, Safety, safety_of, why_ask
from portal.decision_review.rules import ReviewClass, State
from portal.directory.models import Absence
from portal.register.rules import Effect
from portal.register.terms import InterimRelief
from tests.decision_review.conftest import EMYR, LOWRI, MAIR, SARAH, Reviews, letters, sent, steps_of
from tests.demonstrated import GWYNFOR

SOON = date(2026, 11, 26)
DELYTH = "delyth.rhun@dyffryn-cledwen.example"


def soon(session: Session, reviews: Reviews, slug: str = "telematics", **changes: Any) -> tuple[Case, HoldQuestion]:
    case = reviews.asked(session, slug, effect_on=SOON, **changes)
    question = find_open(session, case)
    assert question is not None
    return case, question


def answer(session: Session, reviews: Reviews, case: Case, said: Answer, words: str = "", by: str = EMYR) -> None:
    question = list_questions(session, case)[0]
    given = Words(words) if words else None
    service.answer(session, reviews[by], case, question, said, given, lang=Locale.CY, desk=reviews.desk)


@pytest.mark.parametrize(
    ("review_class", "effect_on", "because"),
    [
        (None, None, None),
        (ReviewClass.INFLUENCED, date(2026, 12, 4), None),
        (ReviewClass.INFLUENCED, date(2026, 12, 3), Because.SOON),
        (None, date(2026, 11, 1), Because.SOON),
        (ReviewClass.ALONE, None, Because.ALONE),
        (ReviewClass.NOT_FOUND, None, None),
    ],
)
def test_it_is_asked_for_class_a_and_for_what_comes_before_the_target(
    review_class: ReviewClass | None, effect_on: date | None, because: Because | None
) -> None:
    assert why_ask(review_class, effect_on, date(2026, 12, 4)) is because


@pytest.mark.parametrize(
    ("relief", "effect", "safety"),
    [
        (InterimRelief.ON_REQUEST, None, Safety.SAFE),
        (InterimRelief.IF_SERIOUS, Effect.LEGAL, Safety.SAFE),
        (InterimRelief.IF_SERIOUS, Effect.NOTICEABLE, Safety.UNKNOWN),
        (InterimRelief.NOT_POSSIBLE, Effect.LEGAL, Safety.UNSAFE),
        (None, Effect.LEGAL, Safety.UNKNOWN),
    ],
)
def test_the_register_says_whether_waiting_is_safe(
    relief: InterimRelief | None, effect: Effect | None, safety: Safety
) -> None:
    assert safety_of(relief, effect) is safety


def test_it_is_asked_the_moment_the_request_comes_and_moves_it_when_it_is_classified(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case, question = soon(session, reviews)
        assert (question.person_id, question.is_deputy) == (reviews[EMYR].person_id, False)
        assert (question.because, question.safety, question.answer_by) == (
            Because.SOON,
            Safety.SAFE,
            date(2026, 11, 23),
        )
        assert letters(session, "review_hold_asked") == 1
        classed = Classed(ReviewClass.ALONE, Words("x"), Locale.CY)
        classify(session, reviews[MAIR], case, classed, sent(case), desk=reviews.desk)
        assert case.state == State.INTERIM_RELIEF
        assert len(list_questions(session, case)) == 1


def test_class_a_is_asked_about_also_without_a_day(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        assert find_open(session, case) is None
        classed = Classed(ReviewClass.ALONE, Words("x"), Locale.CY)
        classify(session, reviews[MAIR], case, classed, sent(case), desk=reviews.desk)
        assert case.state == State.INTERIM_RELIEF


def test_the_deputy_is_asked_while_the_manager_is_away(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        today = reviews.desk.today
        session.add(Absence(id=ids.new_id(), person_id=reviews[EMYR].person_id, from_on=today, until_on=today))
        session.flush()
        _case, question = soon(session, reviews)
        assert (question.person_id, question.is_deputy) == (reviews[SARAH].person_id, True)


def test_a_manager_who_is_kept_away_is_neither_asked_nor_shown_it(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case, question = soon(session, reviews, keep_away=Words(EMYR))
        assert question.person_id == reviews[SARAH].person_id
        assert list_own(session, reviews[EMYR]) == []
        with pytest.raises(NotFound):
            get_question(session, reviews[EMYR], question.id)
        with pytest.raises(NotFound):
            answer(session, reviews, case, Answer.HOLD)
        answer(session, reviews, case, Answer.HOLD, by=SARAH)


def test_only_managers_of_the_system_answer_and_going_on_needs_reasons(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case, question = soon(session, reviews)
        for email in (MAIR, GWYNFOR):
            with pytest.raises(NotAllowed):
                answer(session, reviews, case, Answer.HOLD, by=email)
        with pytest.raises(NotFound):
            answer(session, reviews, case, Answer.HOLD, by=DELYTH)
        with pytest.raises(Refused):
            answer(session, reviews, case, Answer.GOES_ON)
        answer(session, reviews, case, Answer.GOES_ON, "Ni ellir aros")
        with pytest.raises(Refused):
            answer(session, reviews, case, Answer.HOLD, by=SARAH)
        with pytest.raises(Refused):
            service.record_done(session, reviews[EMYR], case, question, desk=reviews.desk)
        service.ask(session, reviews[MAIR], case, sent(case), desk=reviews.desk)
        assert len(list_questions(session, case)) == 2
        with pytest.raises(Refused):
            service.ask(session, reviews[LOWRI], case, sent(case), desk=reviews.desk)


def test_silence_holds_where_that_is_safe_and_tells_everybody_once(reviews: Reviews) -> None:
    database, settings = reviews.world.database, reviews.world.settings
    with database.writing() as session:
        case, question = soon(session, reviews)
        case_id, question_id = case.id, question.id
        news = letters(session, "case_news")
    done = [answer_for_the_silent(database, settings, reviews.desk.now + timedelta(days=days)) for days in (1, 2, 3)]
    assert done == [0, 1, 0]
    with database.writing() as session:
        question = session.get_one(HoldQuestion, question_id)
        assert (question.answer, question.is_default, question.answered_by) == (Answer.HOLD, True, None)
        assert letters(session, "case_news") == news + 1
        case = session.get_one(Case, case_id)
        for _ in range(2):
            service.record_done(session, reviews[SARAH], case, question, desk=reviews.after(3))
        assert (question.done_role, question.done_by) == ("responsible_manager", reviews[SARAH].account_id)
        assert list_own(session, reviews[EMYR]) == []


def test_a_hold_that_nobody_carries_out_is_chased_once(reviews: Reviews) -> None:
    database, settings = reviews.world.database, reviews.world.settings
    with database.writing() as session:
        case, question = soon(session, reviews)
        answer(session, reviews, case, Answer.HOLD)
        asked, tasks = letters(session, "review_hold_asked"), letters(session, "review_task")
    done = [chase_holds(database, settings, reviews.desk.now + timedelta(days=days)) for days in (1, 2, 3)]
    assert done == [0, 1, 0]
    with database.writing() as session:
        case, question = session.get_one(Case, case.id), session.get_one(HoldQuestion, question.id)
        assert letters(session, "review_hold_asked") == asked + 2
        assert letters(session, "review_task") > tasks
        assert "hold_chased" in steps_of(session, case)
        service.record_done(session, reviews[MAIR], case, question, desk=reviews.after(3))
        assert question.done_role == "officer"


def test_silence_is_no_answer_where_nobody_knows_that_waiting_is_safe(reviews: Reviews) -> None:
    database, settings = reviews.world.database, reviews.world.settings
    with database.writing() as session:
        case, question = soon(session, reviews, "lone-worker")
        session.add(BoardAddress(id=ids.new_id(), body_id=case.body_id, email="top@dyffryn-cledwen.example"))
        question_id = question.id
        assert question.safety is Safety.UNKNOWN
    done = [answer_for_the_silent(database, settings, reviews.desk.now + timedelta(days=days)) for days in (2, 3)]
    assert done == [1, 0]
    with database.writing() as session:
        question = session.get_one(HoldQuestion, question_id)
        assert question.answer is None
        assert question.escalated_at is not None
        assert letters(session, "review_hold_escalated") == 1
        case = session.get_one(Case, question.case_id)
        answer(session, reviews, case, Answer.HOLD, by=DELYTH)


def test_a_review_of_no_known_system_goes_to_the_top_at_once(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        _case, question = soon(session, reviews, system_id=None, decision_point_id=None)
        assert question.person_id is None
        assert question.escalated_at is not None


@pytest.mark.parametrize(
    "values",
    [
        {"answer": "goes_on", "answered_at": True, "answered_by": True},
        {"answer": "hold"},
        {"answer": "hold", "answered_at": True},
        {"answer": "hold", "answered_at": True, "is_default": True, "safety": "unsafe"},
        {"done_at": True, "done_by": True},
    ],
)
def test_the_database_refuses_what_the_rules_forbid(reviews: Reviews, values: dict[str, Any]) -> None:
    with reviews.world.database.writing() as session:
        _case, question = soon(session, reviews)
        real = {"answered_at": reviews.desk.now, "answered_by": reviews[EMYR].account_id,
                "done_at": reviews.desk.now, "done_by": reviews[EMYR].account_id}  # fmt: skip
        given = {name: real[name] if value is True and name in real else value for name, value in values.items()}
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(update(HoldQuestion).where(HoldQuestion.id == question.id).values(**given))
        with pytest.raises(IntegrityError), session.begin_nested():
            service._open(session, session.scalars(select(Case).where(Case.id == question.case_id)).one(),
                          Because.ASKED, reviews.desk)  # fmt: skip
