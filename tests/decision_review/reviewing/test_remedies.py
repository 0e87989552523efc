"""What reviewers want to be put right: kept with each conclusion, weighed by one of the two who decide, lost never."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.core import ids
from portal.core.errors import Conflict, NotAllowed, Refused
from portal.core.text import Words
from portal.decision_review.models import ReviewDecision
from portal.decision_review.outcome.composing import NewRemedy
from portal.decision_review.outcome.models import ProposedRemedy, RemedyTask
from portal.decision_review.outcome.proposed import list_proposed, open_proposed
from portal.decision_review.outcome.queries import list_letters, list_remedies, open_letter, open_remedy
from portal.decision_review.reviewing import concluding
from portal.decision_review.reviewing.concluding import Ending
from portal.decision_review.reviewing.queries import find_seat, list_deciding, seat_wanted
from portal.decision_review.rules import Outcome, ReviewClass, State
from portal.identity.queries import get_actor_of
from tests.decision_review.conftest import EMYR, MAIR, MELERI, Reviews, letters
from tests.decision_review.deciding_way import URL, begun, disposed, given, shown
from tests.decision_review.outcome.deciding import remedy
from tests.decision_review.reviewing.looking import DAVID, look
from tests.decision_review.reviewing.test_service import is_new, panel, ready  # noqa: F401
from tests.demonstrated import GWYNFOR

pytestmark = pytest.mark.usefixtures("is_new")
FLAG, SORRY = "Dileu’r faner 5151", "Ymddiheuro am y sgôr 6262"


def wanted(reviews: Reviews, words: str = FLAG) -> NewRemedy:
    return replace(remedy(reviews), words=Words(words))


def looked(session: Session, reviews: Reviews, email: str, case: Case, outcome: Outcome, *remedies: NewRemedy) -> None:
    reviewer = get_actor_of(session, reviews[email].person_id, today=reviews.desk.today)
    given(session, reviews[MAIR], reviewer, case, desk=reviews.desk)
    begun(session, reviewer, case, desk=reviews.desk)
    shown(session, reviewer, case, desk=reviews.desk)
    disposed(session, reviewer, case, outcome, desk=reviews.desk)
    concluding.conclude(session, reviewer, case, Ending(URL, remedies), desk=reviews.desk)


def first_upheld(session: Session, reviews: Reviews, *remedies: NewRemedy) -> Case:
    case = ready(session, reviews, ReviewClass.ALONE)
    looked(session, reviews, MELERI, case, Outcome.UPHELD, *remedies)
    return case


def kept(session: Session, reviews: Reviews, case: Case, email: str) -> list[str]:
    seat = find_seat(session, case, reviews[email].person_id)
    assert seat is not None
    rows = list_proposed(session, case, seat_id=seat.id)
    return [open_proposed(row, reviews.desk.vault).words.reveal() for row in rows]


def test_what_the_first_wanted_is_kept_and_becomes_a_task_when_both_agree(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = first_upheld(session, reviews, wanted(reviews))
        assert (case.state, session.scalars(select(RemedyTask)).all()) == (State.SECOND_LOOK, [])
        heard = letters(session, "review_task")
        looked(session, reviews, DAVID, case, Outcome.UPHELD, wanted(reviews, SORRY))
        assert letters(session, "review_task") == heard + 1
        assert (case.state, seat_wanted(session, case, today=reviews.desk.today)) == (State.SECOND_LOOK, None)
        assert kept(session, reviews, case, MELERI) == [FLAG]
        assert kept(session, reviews, case, DAVID) == [SORRY]
        both = tuple(
            replace(open_proposed(row, reviews.desk.vault), id=ids.new_id())
            for seat in list_deciding(session, case)
            for row in list_proposed(session, case, seat_id=seat.id)
        )
        made = concluding.settle(session, reviews[DAVID], case, Ending(URL, both), desk=reviews.desk)
        assert concluding.settle(session, reviews[DAVID], case, Ending(URL, both), desk=reviews.desk) is made
        assert case.state == State.IMPLEMENTING
        tasks = list_remedies(session, case)
        words = {found.reveal() for one in tasks if (found := open_remedy(one, "words", reviews.desk.vault))}
        assert words == {FLAG, SORRY}
        assert {one.set_by for one in tasks} == {reviews[DAVID].account_id}
        assert (made.decided_by, made.second_by) == (reviews[MELERI].person_id, reviews[DAVID].person_id)
        letter = open_letter(list_letters(session, case)[0], reviews.desk.vault).reveal()
        assert letter.count("27 Tachwedd 2026") == 2


def test_the_first_of_two_who_agree_can_end_it_too_and_nobody_before_that(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = first_upheld(session, reviews, wanted(reviews))
        with pytest.raises(Conflict):
            concluding.settle(session, reviews[MELERI], case, Ending(URL), desk=reviews.desk)
        looked(session, reviews, DAVID, case, Outcome.UPHELD)
        with pytest.raises(NotAllowed):
            concluding.settle(session, reviews[GWYNFOR], case, Ending(URL), desk=reviews.desk)
        concluding.settle(session, reviews[MELERI], case, Ending(URL), desk=reviews.desk)
        assert (case.state, list_remedies(session, case)) == (State.DECIDED, [])
        assert kept(session, reviews, case, MELERI) == [FLAG]


def test_where_the_first_wanted_nothing_the_second_decides_at_once(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = first_upheld(session, reviews)
        looked(session, reviews, DAVID, case, Outcome.UPHELD, wanted(reviews))
        assert case.state == State.IMPLEMENTING
        assert len(list_remedies(session, case)) == 1


def test_of_a_panel_nothing_is_lost_either_and_the_reasons_better_for_the_worker_stand(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = first_upheld(session, reviews, wanted(reviews, "Y cyntaf 7373"))
        looked(session, reviews, DAVID, case, Outcome.OVERTURNED, wanted(reviews, "Yr ail 8484"))
        siwan, ruth = panel(session, reviews)
        looked(session, reviews, siwan, case, Outcome.UPHELD, wanted(reviews))
        looked(session, reviews, ruth, case, Outcome.CHANGED)
        assert case.state == State.SECOND_LOOK
        chosen, other = list_deciding(session, case)
        assert (chosen.person_id, other.person_id) == (reviews[ruth].person_id, reviews[siwan].person_id)
        with pytest.raises(Conflict):
            concluding.settle(session, reviews[DAVID], case, Ending(URL), desk=reviews.desk)
        actor = get_actor_of(session, reviews[siwan].person_id, today=reviews.desk.today)
        concluding.settle(session, actor, case, Ending(URL, (wanted(reviews),)), desk=reviews.desk)
        assert session.get_one(ReviewDecision, case.id).outcome is Outcome.CHANGED
        assert len(list_remedies(session, case)) == 1
        assert len(session.scalars(select(ProposedRemedy)).all()) == 3


def test_nobody_is_promised_a_remedy_that_cannot_be_given(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session, pytest.raises(Refused):
        first_upheld(session, reviews, remedy(reviews, due_on=reviews.desk.today - timedelta(days=1)))


def test_the_second_reads_what_the_first_wanted_after_their_own_end_and_begins_with_it(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = first_upheld(session, reviews, wanted(reviews))
        reference = case.reference
        david = reviews[DAVID]
        given(session, reviews[MAIR], david, case, desk=reviews.desk)
        begun(session, david, case, desk=reviews.desk)
        shown(session, david, case, desk=reviews.desk)
        disposed(session, david, case, Outcome.UPHELD, desk=reviews.desk)
    with reviews.world.signed_in(DAVID) as visitor:
        path = look(reference)
        assert FLAG not in visitor.get(path).text
        assert visitor.post(path, {"act": "conclude"}).status_code == 303
        page = visitor.get(path).text
        assert page.count(FLAG) == 2
        names = re.findall(r' id="([^"]+)"', page)
        assert len(names) == len(set(names))
        assert f'value="{EMYR}"' in page
        typed = {"act": "settle", "remedy-1": "delete_flag", "remedy-1-words": SORRY, "remedy-1-owner": EMYR}
        refused = visitor.post(path, typed)
        assert refused.status_code == 422
        assert SORRY in refused.text
        due = {"remedy-1-due-day": "1", "remedy-1-due-month": "12", "remedy-1-due-year": "2026"}
        assert visitor.post(path, typed | due).status_code == 303
        assert "Say what is put right" not in visitor.get(path).text
    with reviews.world.signed_in(MELERI) as visitor:
        assert FLAG in visitor.get(look(reference, "cy")).text
    on_disk = b"".join(one.read_bytes() for one in reviews.world.folder.glob("porth.sqlite3*"))
    assert not [words for words in (FLAG, SORRY) if words.encode() in on_disk]
