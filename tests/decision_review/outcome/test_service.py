"""The letter of an outcome, what is put right, and what the worker says of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.cases.models import Case
from portal.core import ids
from portal.core.errors import NotFound, Refused
from portal.core.text import Locale, Words
from portal.decision_review.outcome import paragraphs
from portal.decision_review.outcome.composing import Telling
from portal.decision_review.outcome.duties import ask_whether_it_happened, chase_remedies, close_reviews
from portal.decision_review.outcome.paragraphs import NewParagraph
from portal.decision_review.outcome.queries import (
    get_own_remedy,
    list_letters,
    list_own_remedies,
    list_remedies,
    open_letter,
)
from portal.decision_review.outcome.rules import Purpose, WorkerSays
from portal.decision_review.outcome.service import finish_remedy, preview, say_of_remedy, tell_outcome
from portal.decision_review.rules import Outcome, State
from tests.decision_review.conftest import EMYR, LOWRI, MAIR, MELERI, Reviews, letters, steps_of
from tests.decision_review.outcome.deciding import REASONS, ready, remedy, told
from tests.demonstrated import ELIN, GWYNFOR


def test_the_letter_is_in_the_workers_language_with_every_way_onward(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = ready(reviews, session)
        telling = Telling(Outcome.UPHELD, REASONS, before=Outcome.OVERTURNED)
        last = reviews.desk.calendar.later(reviews.desk.today, 20)
        seen = preview(session, case, replace(telling, ask_by=last))
        assert list(seen) == [Locale.CY]
        before = letters(session, "case_news")
        first = tell_outcome(session, reviews[MELERI], case, telling, desk=reviews.desk)
        assert tell_outcome(session, reviews[MELERI], case, telling, desk=reviews.desk) is first
        words = open_letter(first, reviews.desk.vault).reveal()
        assert words == seen[Locale.CY].reveal()
        assert "Mae’r map yn hen." in words
        for way in ("164A", "165", "167", "ico.org.uk", "acas.org.uk", "equalityadvisoryservice.com"):
            assert way in words
        assert letters(session, "case_news") == before + 1
        assert case.state == State.DECIDED


def test_reasons_in_both_languages_make_two_letters_and_none_in_the_workers_makes_no_letter(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = ready(reviews, session)
        with pytest.raises(Refused):
            tell_outcome(
                session,
                reviews[MELERI],
                case,
                Telling(Outcome.UPHELD, {Locale.EN: Words("The map is old.")}),
                desk=reviews.desk,
            )
        both = Telling(Outcome.CHANGED, {**REASONS, Locale.EN: Words("The map is old.")})
        tell_outcome(session, reviews[MELERI], case, both, desk=reviews.desk)
        assert [row.lang for row in list_letters(session, case)] == ["cy", "en"]


def test_a_letter_holds_only_paragraphs_that_a_second_person_approved(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = ready(reviews, session)
        new = NewParagraph(ids.new_id(), case.body_id, Purpose.CLOSING, "Diolch ichi am ofyn.", "Thank you for asking.")
        row = paragraphs.write(session, reviews[MAIR], new, desk=reviews.desk)
        telling = Telling(Outcome.UPHELD, REASONS, paragraphs=(row.id,))
        assert "Diolch ichi" not in preview(session, case, telling)[Locale.CY].reveal()
        with pytest.raises(Refused):
            paragraphs.approve(session, reviews[MAIR], row.id, desk=reviews.desk)
        with pytest.raises(NotFound):
            paragraphs.approve(session, reviews[ELIN], row.id, desk=reviews.desk)
        paragraphs.approve(session, reviews[LOWRI], row.id, desk=reviews.desk)
        assert "Diolch ichi" in preview(session, case, telling)[Locale.CY].reveal()
        assert "Diolch ichi" not in preview(session, case, Telling(Outcome.UPHELD, REASONS))[Locale.CY].reveal()
        paragraphs.end(session, reviews[MAIR], row.id, desk=reviews.desk)
        assert "Diolch ichi" not in preview(session, case, telling)[Locale.CY].reveal()


def test_a_remedy_goes_to_its_owner_alone_and_the_worker_closes_the_review(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = told(reviews, session, remedy(reviews))
        assert case.state == State.IMPLEMENTING
        row = list_remedies(session, case)[0]
        assert [one.id for one in list_own_remedies(session, reviews[EMYR])] == [row.id]
        for other in (LOWRI, MELERI, ELIN, GWYNFOR):
            with pytest.raises(NotFound):
                get_own_remedy(session, reviews[other], row.id)
        worker = reviews[GWYNFOR]
        with pytest.raises(Refused):
            say_of_remedy(session, worker, case, row, WorkerSays.HAPPENED, desk=reviews.desk)
        finish_remedy(session, reviews[EMYR], row.id, Words("Dilewyd."), desk=reviews.desk)
        say_of_remedy(session, worker, case, row, WorkerSays.DID_NOT, desk=reviews.desk)
        assert row.done_at is None
        assert letters(session, "review_remedy") == 2
        finish_remedy(session, reviews[EMYR], row.id, Words("Dilewyd nawr."), desk=reviews.desk)
        say_of_remedy(session, worker, case, row, WorkerSays.HAPPENED, desk=reviews.desk)
        assert case.state == State.CLOSED
        assert steps_of(session, case)[-4:] == ["remedy_contested", "remedy_done", "remedy_confirmed", "close"]


@pytest.mark.parametrize("owner", [GWYNFOR, ELIN])
def test_neither_the_worker_nor_a_stranger_is_given_a_remedy(reviews: Reviews, owner: str) -> None:
    with reviews.world.database.writing() as session, pytest.raises(Refused):
        told(reviews, session, remedy(reviews, owner))


def test_a_remedy_cannot_be_due_on_a_day_gone_by(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session, pytest.raises(Refused):
        told(reviews, session, remedy(reviews, due_on=reviews.desk.today - timedelta(days=1)))


def test_late_remedies_are_chased_once_and_after_thirty_days_silence_of_fourteen_closes(reviews: Reviews) -> None:
    world = reviews.world
    with world.database.writing() as session:
        case_id = told(reviews, session, remedy(reviews)).id

    def state() -> str:
        with world.database.reading() as session:
            return session.get_one(Case, case_id).state

    at = [reviews.after(days).now for days in range(80)]
    assert chase_remedies(world.database, world.settings, at[5]) == 0
    assert chase_remedies(world.database, world.settings, at[6]) == 1
    assert chase_remedies(world.database, world.settings, at[7]) == 0
    assert close_reviews(world.database, world.settings, at[60]) == 0
    with world.database.writing() as session:
        row = list_remedies(session, session.get_one(Case, case_id))[0]
        finish_remedy(session, reviews[EMYR], row.id, Words("Dilewyd."), desk=reviews.after(10))
    assert ask_whether_it_happened(world.database, world.settings, at[39]) == 0
    assert close_reviews(world.database, world.settings, at[39]) == 0
    assert ask_whether_it_happened(world.database, world.settings, at[40]) == 1
    assert ask_whether_it_happened(world.database, world.settings, at[41]) == 0
    with world.database.reading() as session:
        assert letters(session, "review_happened") == 1
    assert close_reviews(world.database, world.settings, at[53]) == 0
    assert state() == State.IMPLEMENTING
    assert close_reviews(world.database, world.settings, at[54]) == 1
    assert state() == State.CLOSED


def test_a_decision_with_nothing_to_put_right_closes_after_fourteen_quiet_days(reviews: Reviews) -> None:
    world = reviews.world
    with world.database.writing() as session:
        told(reviews, session, outcome=Outcome.UPHELD)
    assert close_reviews(world.database, world.settings, reviews.after(14).now) == 0
    assert close_reviews(world.database, world.settings, reviews.after(15).now) == 1
