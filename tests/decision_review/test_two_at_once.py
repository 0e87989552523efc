"""Two people press in the same moment, on PostgreSQL: reviewers who conclude, and a chair who signs while the other
is replaced."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.text import Locale, Words
from portal.decision_review.outcome import chairs, drafting, second
from portal.decision_review.outcome.models import StageTwo
from portal.decision_review.outcome.queries import list_letters, list_remedies
from portal.decision_review.reviewing import concluding, drawing
from portal.decision_review.reviewing.concluding import Ending
from portal.decision_review.reviewing.models import Conclusion, ReviewSeat
from portal.decision_review.reviewing.rules import Seat
from portal.decision_review.rules import Outcome, ReviewClass, State
from portal.directory.models import Person, RoleHolding
from portal.identity.queries import get_actor_of
from tests.decision_review.conftest import HYWEL, MAIR, MELERI, Reviews
from tests.decision_review.deciding_way import URL, begun, concluded, disposed, given, shown
from tests.decision_review.outcome.deciding import REASONS, person, remedy, told
from tests.decision_review.recording import shared
from tests.decision_review.reviewing.test_service import SIWAN, panel
from tests.decision_review.test_on_postgresql import DAVID, demonstrated, get, pressed, rows  # noqa: F401
from tests.demonstrated import GWYNFOR

pytestmark = pytest.mark.postgres


def up_to_the_panel(reviews: Reviews, session: Session) -> list[str]:
    """First and second differ; both of a panel have decided every issue, and neither has concluded."""
    case = reviews.asked(session)
    shared(session, reviews, case, ReviewClass.ALONE)
    concluded(session, reviews[MAIR], reviews[MELERI], case, Outcome.UPHELD, desk=reviews.desk)
    concluded(session, reviews[MAIR], reviews[DAVID], case, Outcome.OVERTURNED, desk=reviews.desk)
    members = panel(session, reviews)
    for email, outcome in zip(members, (Outcome.UPHELD, Outcome.CHANGED), strict=True):
        actor = get_actor_of(session, reviews.world.person(email), today=reviews.desk.today)
        given(session, reviews[MAIR], actor, case, desk=reviews.desk)
        begun(session, actor, case, desk=reviews.desk)
        shown(session, actor, case, desk=reviews.desk)
        disposed(session, actor, case, outcome, desk=reviews.desk)
    return [case.id, *members]


@pytest.mark.parametrize("wanted", [0, 1])
def test_two_of_a_panel_who_conclude_in_the_same_moment_decide_it_once(
    reviews: Reviews, monkeypatch: pytest.MonkeyPatch, wanted: int
) -> None:
    monkeypatch.setattr(drawing, "live_since", lambda _session, _case: date(2026, 11, 1))
    with reviews.world.database.writing() as session:
        case_id, *members = up_to_the_panel(reviews, session)
        remedies = {email: tuple(remedy(reviews) for _ in range(wanted)) for email in members}
        actors = {
            email: get_actor_of(session, reviews.world.person(email), today=reviews.desk.today) for email in members
        }

    def conclude(session: Session, email: str) -> None:
        ending = Ending(URL, remedies[email])
        concluding.conclude(session, actors[email], get(session, case_id), ending, desk=reviews.desk)

    done, refused = pressed(reviews, conclude, *members)
    assert (sorted(done), refused) == (sorted(members), [])
    with reviews.world.database.reading() as session:
        case = get(session, case_id)
        ends = select(Conclusion).join(ReviewSeat, ReviewSeat.id == Conclusion.seat_id)
        assert len(session.scalars(ends.where(ReviewSeat.seat == Seat.PANEL)).all()) == 2
        assert case.state == (State.SECOND_LOOK if wanted else State.DECIDED)
        assert len(list_letters(session, case)) == (0 if wanted else 1)
    if wanted:
        settled_once(reviews, case_id, members)


def settled_once(reviews: Reviews, case_id: str, members: list[str]) -> None:
    """Both say at once what is put right: one list stands."""
    with reviews.world.database.reading() as session:
        actors = {
            email: get_actor_of(session, reviews.world.person(email), today=reviews.desk.today) for email in members
        }

    def settle(session: Session, email: str) -> None:
        ending = Ending(URL, (remedy(reviews),))
        concluding.settle(session, actors[email], get(session, case_id), ending, desk=reviews.desk)

    done, refused = pressed(reviews, settle, *members)
    assert (sorted(done), refused) == (sorted(members), [])
    with reviews.world.database.reading() as session:
        case = get(session, case_id)
        assert case.state == State.IMPLEMENTING
        assert (len(list_remedies(session, case)), len(list_letters(session, case))) == (1, 1)


def test_a_chair_who_signs_while_the_clerk_replaces_the_other_waits_for_the_new_signature(reviews: Reviews) -> None:
    """The unions' chair has written, and loses the mandate; the employer's signs in the moment in which another is
    named. In either order the new chair still has to sign."""
    with reviews.world.database.writing() as session:
        case = told(reviews, session, outcome=Outcome.UPHELD)
        second.ask(session, reviews[GWYNFOR], case, Words("Na"), Locale.CY, desk=reviews.desk)
        case_id, today = case.id, reviews.desk.today
        union, other = (
            session.get_one(Person, one) for one in sorted(chairs.union_people(session, case, today=today))[:2]
        )
        row = chairs.give_to_panel(session, reviews[MAIR], case, person(session, HYWEL), union, desk=reviews.desk)
        for email in (HYWEL, union.email):
            drafting.write_view(
                session, reviews[email], case_id, Outcome.CHANGED, Words("x"), Locale.CY, desk=reviews.desk
            )
        drafting.write(session, reviews[union.email], case_id, Outcome.CHANGED, REASONS, desk=reviews.desk)
        mark, union_id, other_id = drafting.mark_of(session, case, row), union.id, other.id
        for held in session.scalars(select(RoleHolding).where(RoleHolding.person_id == union_id)):
            held.ended_on = held.started_on
    people = {email: reviews[email] for email in (HYWEL, MAIR)}

    def press(session: Session, email: str) -> None:
        case = get(session, case_id)
        if email == HYWEL:
            drafting.sign(session, people[HYWEL], case_id, seen=mark, desk=reviews.desk)
        else:
            new = session.get_one(Person, other_id)
            chairs.give_to_panel(session, people[MAIR], case, person(session, HYWEL), new, desk=reviews.desk)

    done, refused = pressed(reviews, press, HYWEL, MAIR)
    assert (sorted(done), refused) == (sorted([HYWEL, MAIR]), [])
    with reviews.world.database.reading() as session:
        row = session.get_one(StageTwo, case_id)
        assert (row.union_chair_id, row.decided_at, row.union_signed_at) == (other_id, None, None)
        assert row.employer_signed_at is not None
        assert get(session, case_id).state == State.STAGE_TWO


def test_a_reviewer_who_concludes_while_an_officer_gives_it_to_another_never_leaves_half(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        case_id = case.id
        shared(session, reviews, case, ReviewClass.INFLUENCED)
        siwan, david, mair = reviews[SIWAN], reviews[DAVID], reviews[MAIR]
        given(session, reviews[MAIR], siwan, case, desk=reviews.desk)
        begun(session, siwan, case, desk=reviews.desk)
        shown(session, siwan, case, desk=reviews.desk)
        disposed(session, siwan, case, Outcome.CHANGED, desk=reviews.desk)

    def press(session: Session, name: str) -> None:
        if name == SIWAN:
            concluding.conclude(session, siwan, get(session, case_id), Ending(URL), desk=reviews.desk)
        else:
            given(session, mair, david, get(session, case_id), desk=reviews.desk)

    done, _refused = pressed(reviews, press, SIWAN, MAIR)
    assert len(done) == 1
    with reviews.world.database.reading() as session:
        case = get(session, case_id)
        ends = session.scalars(select(Conclusion).where(Conclusion.case_id == case_id)).all()
        assert (case.state, len(ends)) == ((State.DECIDED, 1) if done == [SIWAN] else (State.ASSIGNED, 0))
