"""Reviewers, owners and chairs where something changes midway, and what could tell the output before a view."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import correspondence
from portal.cases.correspondence import Writing
from portal.cases.models import Case
from portal.cases.rules import ExclusionSource
from portal.cases.service import exclude
from portal.core import ids
from portal.core.errors import NotFound, Refused
from portal.core.text import Locale, Words
from portal.decision_review.evidence.queries import find_owner, get_own_pack, list_own_packs
from portal.decision_review.outcome import chairs
from portal.decision_review.reviewing import blind, concluding, questions
from portal.decision_review.reviewing.concluding import Ending
from portal.decision_review.reviewing.models import ReviewSeat
from portal.decision_review.reviewing.queries import get_own_question, list_own_questions, seat_wanted
from portal.decision_review.reviewing.questions import NewQuestion
from portal.decision_review.reviewing.rules import AskedOf, Seat
from portal.decision_review.rules import Outcome, ReviewClass, State
from portal.directory.models import Person
from tests.decision_review.conftest import HYWEL, MAIR, MELERI, SARAH, Reviews
from tests.decision_review.deciding_way import URL, begun, concluded, disposed, given, shown
from tests.decision_review.outcome.test_second import asked as at_second_stage
from tests.decision_review.recording import asked, shared
from tests.decision_review.reviewing.test_service import DAVID, SIWAN, alone, is_new  # noqa: F401
from tests.demonstrated import GWYNFOR


def left_out(session: Session, reviews: Reviews, case: Case, email: str) -> None:
    who = reviews.world.person(email)
    exclude(session, reviews[MAIR], case, who, source=ExclusionSource.SYSTEM, desk=reviews.desk)


def test_who_is_left_out_midway_reads_neither_records_nor_questions_any_more(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        pack = asked(session, reviews, case)
        owner = session.get_one(Person, pack.owner_id)
        assert [one.id for _case, one in list_own_packs(session, reviews[owner.email])] == [pack.id]
        left_out(session, reviews, case, owner.email)
        assert list_own_packs(session, reviews[owner.email]) == []
        with pytest.raises(NotFound):
            get_own_pack(session, reviews[owner.email], pack.id)
        found = find_owner(session, case, today=reviews.desk.today)
        assert found is None or found.id != owner.id


def test_who_is_asked_and_then_left_out_reads_the_question_no_more(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        shared(session, reviews, case, ReviewClass.INFLUENCED)
        meleri, sarah = reviews[MELERI], session.get_one(Person, reviews.world.person(SARAH))
        given(session, reviews[MAIR], meleri, case, desk=reviews.desk)
        begun(session, meleri, case, desk=reviews.desk)
        shown(session, meleri, case, desk=reviews.desk)
        new = NewQuestion(ids.new_id(), AskedOf.EXPERT, Words("Pam 41?"), Locale.CY, sarah)
        row = questions.ask_other(session, meleri, case, new, desk=reviews.desk)
        assert get_own_question(session, reviews[SARAH], row.id)[1] is row
        left_out(session, reviews, case, SARAH)
        assert list_own_questions(session, reviews[SARAH]) == []
        with pytest.raises(NotFound):
            get_own_question(session, reviews[SARAH], row.id)


@pytest.mark.usefixtures("is_new")
def test_another_second_reviewer_is_found_for_one_who_was_left_out(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = alone(session, reviews)
        given(session, reviews[MAIR], reviews[DAVID], case, desk=reviews.desk)
        assert seat_wanted(session, case, today=reviews.desk.today) is None
        left_out(session, reviews, case, DAVID)
        assert (case.state, seat_wanted(session, case, today=reviews.desk.today)) == (State.SECOND_LOOK, Seat.SECOND)
        concluded(session, reviews[MAIR], reviews[SIWAN], case, Outcome.UPHELD, desk=reviews.desk)
        assert case.state == State.DECIDED
        left = session.scalars(select(ReviewSeat).where(ReviewSeat.person_id == reviews[DAVID].person_id)).one()
        assert left.ended_at is not None


def test_who_came_too_close_after_their_view_is_not_shown_the_output(
    reviews: Reviews, monkeypatch: pytest.MonkeyPatch
) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        shared(session, reviews, case, ReviewClass.INFLUENCED)
        meleri = reviews[MELERI]
        given(session, reviews[MAIR], meleri, case, desk=reviews.desk)
        begun(session, meleri, case, desk=reviews.desk)
        blind.write_view(session, meleri, case, Outcome.CHANGED, Words("x"), Locale.CY, desk=reviews.desk)

        def refuse(*_given: object) -> None:
            raise Refused(chairs.NOT_BODY)

        monkeypatch.setattr(blind, "check_independence", refuse)
        with pytest.raises(Refused):
            blind.reveal(session, meleri, case, desk=reviews.desk)


@pytest.mark.usefixtures("is_new")
def test_a_second_reviewer_reads_no_question_of_who_saw_the_output_before_their_own_view(reviews: Reviews) -> None:
    told = ("Pam oedd eich sgôr yn 41111?", "Roedd 41111 yn anghywir.")
    own = ("Ble oeddech chi?", "Ym Mangor 22222.")
    officer, still = "Ydy 43333 yn iawn?", "A pham 44444?"
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        reference = case.reference
        shared(session, reviews, case, ReviewClass.ALONE)
        talk(session, reviews, case, MAIR, officer, minutes=1)
        concluded_after(session, reviews, case, lambda: talk(session, reviews, case, MELERI, *told, minutes=2))
        talk(session, reviews, case, MELERI, still, minutes=3)
        given(session, reviews[MAIR], reviews[DAVID], case, desk=reviews.desk)
        begun(session, reviews[DAVID], case, desk=reviews.desk)
    path = f"/en/my/desk/reviews/{reference}/look"
    with reviews.world.signed_in(DAVID) as david:
        page = david.get(path).text
        assert not [one for one in (*told, officer, still) if one in page]
        with reviews.world.database.writing() as session:
            case = session.scalars(select(Case).where(Case.reference == reference)).one()
            talk(session, reviews, case, DAVID, *own, minutes=4)
        page = david.get(path).text
        assert all(one in page for one in own)
        assert not [one for one in (*told, officer, still) if one in page]
        with reviews.world.database.writing() as session:
            case = session.scalars(select(Case).where(Case.reference == reference)).one()
            shown(session, reviews[DAVID], case, desk=reviews.after(1))
        page = david.get(path).text
        assert all(one in page for one in (*told, *own, officer, still))


def talk(session: Session, reviews: Reviews, case: Case, email: str, *words: str, minutes: int) -> None:
    """A question, and its answer if there is one."""
    verbs: list[Callable[..., object]] = [correspondence.ask, correspondence.reply]
    for said, who, verb in zip(words, (email, GWYNFOR), verbs, strict=False):
        verb(
            session,
            reviews[who],
            case,
            Writing(ids.new_id(), Words(said), Locale.CY),
            desk=replace(reviews.desk, now=reviews.desk.now + timedelta(minutes=minutes)),
        )


def concluded_after(session: Session, reviews: Reviews, case: Case, between: Callable[[], None]) -> None:
    """The first reviewer's whole way, with something after they were shown the output."""
    meleri = reviews[MELERI]
    given(session, reviews[MAIR], meleri, case, desk=reviews.desk)
    begun(session, meleri, case, desk=reviews.desk)
    shown(session, meleri, case, desk=reviews.desk)
    between()
    disposed(session, meleri, case, Outcome.UPHELD, desk=reviews.desk)
    concluding.conclude(session, meleri, case, Ending(URL), desk=reviews.desk)


def test_nobody_is_both_chairs_of_a_panel(reviews: Reviews, monkeypatch: pytest.MonkeyPatch) -> None:
    with reviews.world.database.writing() as session:
        case = at_second_stage(reviews, session)
        hywel = session.get_one(Person, reviews.world.person(HYWEL))
        monkeypatch.setattr(chairs, "union_people", lambda *_given, **_more: frozenset({hywel.id}))
        with pytest.raises(Refused):
            chairs.give_to_panel(session, reviews[MAIR], case, hywel, hywel, desk=reviews.desk)
