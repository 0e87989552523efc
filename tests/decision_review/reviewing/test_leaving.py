"""A reviewer who can sit no longer stops at once, is vacated by the portal, and another takes the seat."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.cases.models import Assignment, Case, CaseEvent
from portal.cases.rules import Duty
from portal.core.errors import NotAllowed, NotFound
from portal.decision_review.reviewing import concluding, seating
from portal.decision_review.reviewing.concluding import Ending
from portal.decision_review.reviewing.leaving import find_gone, list_with_gone
from portal.decision_review.reviewing.models import Disposition, ReviewSeat
from portal.decision_review.reviewing.queries import find_seat, list_deciding, seat_wanted
from portal.decision_review.reviewing.rules import Seat, SeatEnd
from portal.decision_review.reviewing.vacating import vacate, vacate_seats
from portal.decision_review.rules import Outcome, State
from portal.directory.models import Engagement, RoleHolding
from portal.directory.rules import RoleName
from portal.identity.queries import get_actor_of
from tests.decision_review.conftest import MAIR, MELERI, Reviews, letters, steps_of
from tests.decision_review.deciding_way import URL, begun, disposed, given, shown
from tests.decision_review.reviewing.looking import DAVID, look
from tests.decision_review.reviewing.test_left_out import left_out
from tests.decision_review.reviewing.test_remedies import first_upheld, looked, wanted
from tests.decision_review.reviewing.test_service import SIWAN, alone, is_new, panel, ready  # noqa: F401

pytestmark = pytest.mark.usefixtures("is_new")


def loses_the_role(session: Session, reviews: Reviews, email: str) -> None:
    held = select(RoleHolding).where(
        RoleHolding.person_id == reviews.world.person(email), RoleHolding.role == RoleName.REVIEWER
    )
    for row in session.scalars(held):
        row.ended_on = reviews.desk.today
    session.flush()


def leaves(session: Session, reviews: Reviews, email: str) -> None:
    found = session.scalars(select(Engagement).where(Engagement.person_id == reviews.world.person(email))).all()
    assert found
    for row in found:
        row.ended_on = reviews.desk.today
    session.flush()


def sweep(reviews: Reviews) -> int:
    return vacate_seats(reviews.world.database, reviews.world.settings, reviews.desk.now)


def seat_of(session: Session, reviews: Reviews, email: str) -> ReviewSeat:
    who = reviews.world.person(email)
    return session.scalars(select(ReviewSeat).where(ReviewSeat.person_id == who)).one()


@pytest.mark.parametrize(
    ("goes", "why"), [(loses_the_role, SeatEnd.ROLE_ENDED), (leaves, SeatEnd.LEFT), (left_out, SeatEnd.LEFT_OUT)]
)
def test_the_sweep_vacates_a_second_seat_tells_the_clerk_why_and_the_case_goes_on(
    reviews: Reviews, goes: object, why: SeatEnd
) -> None:
    database = reviews.world.database
    with database.writing() as session:
        case = alone(session, reviews)
        case_id = case.id
        given(session, reviews[MAIR], reviews[DAVID], case, desk=reviews.desk)
        begun(session, reviews[DAVID], case, desk=reviews.desk)
        shown(session, reviews[DAVID], case, desk=reviews.desk)
        disposed(session, reviews[DAVID], case, Outcome.UPHELD, desk=reviews.desk)
        heard = letters(session, "review_task")
        david = reviews[DAVID]
    assert sweep(reviews) == 0
    with database.writing() as session:
        case = session.get_one(Case, case_id)
        if goes is left_out:
            left_out(session, reviews, case, DAVID)
        elif goes is leaves:
            leaves(session, reviews, DAVID)
        else:
            loses_the_role(session, reviews, DAVID)
        now = get_actor_of(session, david.person_id, today=reviews.desk.today)
        with pytest.raises((NotFound, NotAllowed)):
            concluding.conclude(session, now, case, Ending(URL), desk=reviews.desk)
    assert sweep(reviews) == 1
    assert sweep(reviews) == 0
    with database.writing() as session:
        case = session.get_one(Case, case_id)
        seat = seat_of(session, reviews, DAVID)
        assert (seat.ended_why, seat.ended_at is not None) == (why, True)
        assert letters(session, "review_task") > heard
        line = select(CaseEvent).where(CaseEvent.case_id == case_id, CaseEvent.step == "seat_vacated")
        assert not session.scalars(line).one().visible_to_requester
        assert session.get(Disposition, (session.scalars(select(Disposition.issue_id)).first(), seat.id)) is not None
        open_duties = select(Assignment).where(Assignment.person_id == david.person_id, Assignment.ended_at.is_(None))
        assert session.scalars(open_duties.where(Assignment.duty == Duty.REVIEWER)).all() == []
        assert seat_wanted(session, case, today=reviews.desk.today) is Seat.SECOND
        looked(session, reviews, SIWAN, case, Outcome.UPHELD)
        assert case.state == State.DECIDED


def test_a_first_reviewer_who_goes_gives_the_review_back_to_the_officers(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = ready(session, reviews)
        reference, case_id = case.reference, case.id
        given(session, reviews[MAIR], reviews[MELERI], case, desk=reviews.desk)
        begun(session, reviews[MELERI], case, desk=reviews.desk)
    with reviews.world.signed_in(MELERI) as meleri:
        assert meleri.get(look(reference)).status_code == 200
        with reviews.world.database.writing() as session:
            leaves(session, reviews, MELERI)
        assert meleri.client.get(look(reference)).status_code == 404
    with reviews.world.signed_in(MAIR) as mair:
        page = mair.get(f"/en/my/desk/reviews/{reference}/reviewers").text
        assert "They no longer work here" in page
    assert sweep(reviews) == 1
    with reviews.world.database.writing() as session:
        case = session.get_one(Case, case_id)
        assert (case.state, steps_of(session, case)[-2:]) == (State.REPRESENTATIONS_OPEN, ["vacate", "seat_vacated"])
        given(session, reviews[MAIR], reviews[DAVID], case, desk=reviews.desk)
        assert case.state == State.ASSIGNED
    with reviews.world.signed_in(MAIR) as mair:
        assert "Who had this review before" in mair.get(f"/en/my/desk/reviews/{reference}/reviewers").text


def test_giving_it_to_another_vacates_at_once_and_what_was_concluded_stands(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = alone(session, reviews)
        loses_the_role(session, reviews, MELERI)
        assert not vacate(session, case, desk=reviews.desk)
        given(session, reviews[MAIR], reviews[DAVID], case, desk=reviews.desk)
        loses_the_role(session, reviews, DAVID)
        given(session, reviews[MAIR], reviews[SIWAN], case, desk=reviews.desk)
        assert seat_of(session, reviews, DAVID).ended_why is SeatEnd.ROLE_ENDED
        assert seat_of(session, reviews, MELERI).ended_at is None
        looked(session, reviews, SIWAN, case, Outcome.UPHELD)
        assert case.state == State.DECIDED


def test_a_member_of_a_panel_is_replaced_and_their_draft_is_kept_with_their_seat(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = alone(session, reviews)
        looked(session, reviews, DAVID, case, Outcome.OVERTURNED)
        siwan, ruth = panel(session, reviews)
        for email in (siwan, ruth):
            actor = get_actor_of(session, reviews[email].person_id, today=reviews.desk.today)
            given(session, reviews[MAIR], actor, case, desk=reviews.desk)
        begun(session, reviews[siwan], case, desk=reviews.desk)
        shown(session, reviews[siwan], case, desk=reviews.desk)
        disposed(session, reviews[siwan], case, Outcome.UPHELD, desk=reviews.desk)
        left_out(session, reviews, case, siwan)
        assert list_with_gone(session, today=reviews.desk.today) == [case.id]
        assert vacate(session, case, desk=reviews.desk)
        assert seat_wanted(session, case, today=reviews.desk.today) is Seat.PANEL
        kept = select(Disposition).where(Disposition.seat_id == seat_of(session, reviews, siwan).id)
        assert len(session.scalars(kept).all()) == 1


def test_where_both_who_agreed_are_gone_before_the_end_the_later_seat_is_given_anew(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = first_upheld(session, reviews, wanted(reviews))
        looked(session, reviews, DAVID, case, Outcome.UPHELD)
        loses_the_role(session, reviews, DAVID)
        assert not vacate(session, case, desk=reviews.desk)
        loses_the_role(session, reviews, MELERI)
        assert vacate(session, case, desk=reviews.desk)
        assert seat_wanted(session, case, today=reviews.desk.today) is Seat.SECOND
        looked(session, reviews, SIWAN, case, Outcome.UPHELD)
        assert [seat.person_id for seat in list_deciding(session, case)][-1] == reviews[SIWAN].person_id
        concluding.settle(session, reviews[SIWAN], case, Ending(URL, (wanted(reviews),)), desk=reviews.desk)
        assert case.state == State.IMPLEMENTING


def test_a_role_that_ends_later_is_held_until_then(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = ready(session, reviews)
        given(session, reviews[MAIR], reviews[MELERI], case, desk=reviews.desk)
        seat = find_seat(session, case, reviews[MELERI].person_id)
        assert seat is not None
        tomorrow = reviews.desk.today + timedelta(days=1)
        session.execute(
            text("UPDATE role_holdings SET ended_on = :on WHERE person_id = :who"),
            {"on": tomorrow.isoformat(), "who": seat.person_id},
        )
        assert find_gone(session, seat, today=reviews.desk.today) is None
        assert find_gone(session, seat, today=tomorrow) is SeatEnd.ROLE_ENDED
        seating.hand_back(session, reviews[MELERI], case, None, desk=reviews.desk)
        assert seat.ended_why is SeatEnd.HANDED_BACK
