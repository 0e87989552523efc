"""The reviewer's work on real rows: seats, declaration, blind first, issues, second look, panel, and lent reviewers."""

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.core import ids
from portal.core.errors import Conflict, NotAllowed, NotFound, Refused
from portal.core.text import Locale, Words
from portal.decision_review.evidence import saying, service
from portal.decision_review.models import ReviewDecision
from portal.decision_review.outcome.models import OutcomeLetter, WrittenIsFinal
from portal.decision_review.reviewing import blind, concluding, deciding, drawing, lending, questions, seating
from portal.decision_review.reviewing.concluding import Ending
from portal.decision_review.reviewing.deciding import NewDisposition
from portal.decision_review.reviewing.models import (
    Conclusion,
    ProvisionalView,
    Reveal,
    ReviewSeat,
    SecondLookDraw,
    Training,
)
from portal.decision_review.reviewing.pool import find_independence, list_reviewers
from portal.decision_review.reviewing.queries import get_own_question, list_views, seat_wanted
from portal.decision_review.reviewing.questions import NewQuestion
from portal.decision_review.reviewing.rules import AskedOf, DrawRule, Quality, Seat, weightiest, which_rule
from portal.decision_review.reviewing.seating import Declared
from portal.decision_review.rules import Outcome, ReviewClass, State
from portal.directory.models import Person, RoleHolding
from portal.directory.rules import RoleName
from portal.identity.queries import get_actor_of
from tests.decision_review.conftest import EMYR, LOWRI, MAIR, SARAH, Reviews, letters, sent, steps_of
from tests.decision_review.deciding_way import URL, begun, concluded, disposed, given, shown
from tests.decision_review.recording import asked, frozen, shared
from tests.demonstrated import GWYNFOR

MELERI, DAVID = "meleri.haf.ifans@dyffryn-cledwen.example", "david.okafor@dyffryn-cledwen.example"
OWEN, RHODRI = "owen.parry.owen@glannau-ogwen.example", "rhodri.vaughan@glannau-ogwen.example"
SIWAN, RUTH = "siwan.trefor@dyffryn-cledwen.example", "ruth.ceiriog@dyffryn-cledwen.example"


def ready(session: Session, reviews: Reviews, review_class: ReviewClass = ReviewClass.INFLUENCED) -> Case:
    case = reviews.asked(session)
    shared(session, reviews, case, review_class)
    return case


def end(session: Session, reviews: Reviews, email: str, case: Case, outcome: Outcome) -> Conclusion:
    return concluded(session, reviews[MAIR], reviews[email], case, outcome, desk=reviews.desk)


def test_nobody_is_given_it_while_the_worker_has_time_and_who_is_too_close_is_never(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        pack = asked(session, reviews, case)
        frozen(session, reviews, case, pack)
        service.share(session, reviews[MAIR], case, pack, sent(case), desk=reviews.desk)
        with pytest.raises(Refused):
            given(session, reviews[MAIR], reviews[MELERI], case, desk=reviews.desk)
        saying.be_done(session, reviews[GWYNFOR], case, desk=reviews.desk)
        for close in (EMYR, MAIR, GWYNFOR, LOWRI):
            with pytest.raises(Refused):
                given(session, reviews[MAIR], reviews[close], case, desk=reviews.desk)
        with pytest.raises(NotAllowed):
            given(session, reviews[EMYR], reviews[MELERI], case, desk=reviews.desk)
        seat = given(session, reviews[MAIR], reviews[MELERI], case, desk=reviews.desk)
        assert given(session, reviews[MAIR], reviews[MELERI], case, desk=reviews.desk) is seat
        assert (case.state, seat.seat, letters(session, "review_given")) == (State.ASSIGNED, Seat.FIRST, 1)


def test_blind_first_is_a_rule_of_the_rows_too(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = ready(session, reviews)
        seat = given(session, reviews[MAIR], reviews[MELERI], case, desk=reviews.desk)
        with pytest.raises(Refused):
            blind.write_view(session, reviews[MELERI], case, Outcome.UPHELD, Words("x"), Locale.CY, desk=reviews.desk)
        begun(session, reviews[MELERI], case, desk=reviews.desk)
        with pytest.raises(Refused):
            blind.reveal(session, reviews[MELERI], case, desk=reviews.desk)
        with pytest.raises(Refused):
            disposed(session, reviews[MELERI], case, Outcome.UPHELD, desk=reviews.desk)
        shown(session, reviews[MELERI], case, desk=reviews.desk)
        shown(session, reviews[MELERI], case, desk=reviews.desk, leaning=Outcome.OVERTURNED)
        view = session.get_one(ProvisionalView, seat.id)
        assert view.leaning is Outcome.CHANGED
        assert session.get(Reveal, seat.id) is not None
        view.leaning = Outcome.UPHELD
        with session.no_autoflush, pytest.raises(WrittenIsFinal):
            session.flush()
        session.rollback()


def test_the_first_reviewer_decides_an_influenced_decision_and_both_views_are_kept(reviews: Reviews) -> None:
    vault = reviews.world.settings.vault
    with reviews.world.database.writing() as session:
        case = ready(session, reviews)
        made = end(session, reviews, MELERI, case, Outcome.UPHELD)
        again = concluding.conclude(session, reviews[MELERI], case, Ending(URL), desk=reviews.desk)
        assert (again, case.state) == (made, State.DECIDED)
        decision = session.get_one(ReviewDecision, case.id)
        assert (decision.outcome, decision.second_by) == (Outcome.UPHELD, None)
        assert session.get_one(SecondLookDraw, case.id).rule is DrawRule.NOT_NEEDED
        view = list_views(session, case, vault)[0]
        assert (view.seat, view.leaning, view.concluded) == (Seat.FIRST, Outcome.CHANGED, Outcome.UPHELD)
        assert session.get(OutcomeLetter, (case.id, 1, "cy")) is not None
        with pytest.raises(Conflict):
            disposed(session, reviews[MELERI], case, Outcome.CHANGED, desk=reviews.desk)


def test_an_end_needs_issues_reasons_in_the_workers_language_and_sources(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = ready(session, reviews)
        meleri = reviews[MELERI]
        given(session, reviews[MAIR], meleri, case, desk=reviews.desk)
        begun(session, meleri, case, desk=reviews.desk)
        shown(session, meleri, case, desk=reviews.desk)
        with pytest.raises(Refused):
            concluding.conclude(session, meleri, case, Ending(URL), desk=reviews.desk)
        own_ids = [ids.new_id(), ids.new_id()]
        for own_id in (*own_ids, own_ids[0]):
            issue = deciding.add_issue(session, meleri, case, own_id, Words("Y map"), Locale.CY, desk=reviews.desk)
        english = NewDisposition(Outcome.CHANGED, {Locale.EN: Words("x")})
        with pytest.raises(Refused):
            deciding.dispose(session, meleri, case, issue, english, desk=reviews.desk)
        stale = NewDisposition(Outcome.OVERTURNED, {Locale.CY: Words("x")}, (Quality.STALE_DATA,), Words("Hen fap"))
        row = deciding.dispose(session, meleri, case, issue, stale, desk=reviews.desk)
        assert (row.quality, row.has_data_error) == (["stale_data"], True)
        with pytest.raises(Refused):
            concluding.conclude(session, meleri, case, Ending(URL), desk=reviews.desk)
        disposed(session, meleri, case, Outcome.UPHELD, desk=reviews.desk)
        deciding.dispose(session, meleri, case, issue, stale, desk=reviews.desk)
        made = concluding.conclude(session, meleri, case, Ending(URL), desk=reviews.desk)
        assert made.outcome is Outcome.OVERTURNED


def alone(session: Session, reviews: Reviews) -> Case:
    """Class A of a system that is new, upheld by the first reviewer."""
    case = ready(session, reviews, ReviewClass.ALONE)
    end(session, reviews, MELERI, case, Outcome.UPHELD)
    return case


@pytest.fixture
def is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system of the demonstration went live this month."""
    monkeypatch.setattr(drawing, "live_since", lambda _session, _case: date(2026, 11, 1))


@pytest.mark.usefixtures("is_new")
def test_an_upheld_decision_of_a_computer_alone_is_looked_at_again_and_both_agree(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = alone(session, reviews)
        assert (case.state, seat_wanted(session, case, today=reviews.desk.today)) == (State.SECOND_LOOK, Seat.SECOND)
        with pytest.raises(Refused):
            seating.hand_back(session, reviews[MELERI], case, None, desk=reviews.desk)
        made = end(session, reviews, DAVID, case, Outcome.UPHELD)
        assert (case.state, made.agrees) == (State.DECIDED, True)
        assert made.saw_first_at is not None
        decision = session.get_one(ReviewDecision, case.id)
        assert (decision.decided_by, decision.second_by) == (reviews[MELERI].person_id, reviews[DAVID].person_id)


@pytest.mark.usefixtures("is_new")
@pytest.mark.parametrize(
    ("outcomes", "stands"),
    [((Outcome.CHANGED, Outcome.CHANGED), Outcome.CHANGED), ((Outcome.UPHELD, Outcome.CHANGED), Outcome.CHANGED)],
)
def test_where_two_differ_a_panel_decides_and_in_doubt_for_the_worker(
    reviews: Reviews, outcomes: tuple[Outcome, Outcome], stands: Outcome
) -> None:
    with reviews.world.database.writing() as session:
        case = alone(session, reviews)
        assert end(session, reviews, DAVID, case, Outcome.OVERTURNED).agrees is False
        assert (case.state, seat_wanted(session, case, today=reviews.desk.today)) == (State.SECOND_LOOK, Seat.PANEL)
        for email, outcome in zip(panel(session, reviews), outcomes, strict=True):
            assert case.state == State.SECOND_LOOK
            reviewer = get_actor_of(session, reviews[email].person_id, today=reviews.desk.today)
            concluded(session, reviews[MAIR], reviewer, case, outcome, desk=reviews.desk)
        assert case.state == State.DECIDED
        decision = session.get_one(ReviewDecision, case.id)
        assert decision.outcome is stands
        assert decision.second_by is not None
        assert seat_wanted(session, case, today=reviews.desk.today) is None


def panel(session: Session, reviews: Reviews) -> list[str]:
    """One more of the pool, and somebody who is made a reviewer today."""
    role = session.scalars(select(RoleHolding).where(RoleHolding.person_id == reviews[MELERI].person_id)).first()
    assert role is not None
    person = reviews[RUTH].person_id
    session.add(
        RoleHolding(
            id=ids.new_id(),
            person_id=person,
            role=RoleName.REVIEWER,
            body_id=role.body_id,
            post_cy="Adolygydd",
            post_en="Reviewer",
            started_on=date(2026, 1, 1),
        )
    )
    session.flush()
    reviewer = get_actor_of(session, person, today=reviews.desk.today)
    assert reviewer.holds(RoleName.REVIEWER)
    return [SIWAN, RUTH]


@pytest.mark.parametrize(
    ("review_class", "outcome", "live_since", "rule"),
    [
        (ReviewClass.ALONE, Outcome.UPHELD, date(2026, 5, 23), DrawRule.FIRST_MONTHS),
        (ReviewClass.ALONE, Outcome.UPHELD, date(2026, 5, 22), DrawRule.SAMPLE),
        (ReviewClass.ALONE, Outcome.UPHELD, None, DrawRule.SAMPLE),
        (ReviewClass.ALONE, Outcome.CHANGED, date(2026, 11, 1), DrawRule.NOT_NEEDED),
        (ReviewClass.INFLUENCED, Outcome.UPHELD, date(2026, 11, 1), DrawRule.NOT_NEEDED),
        (None, Outcome.UPHELD, None, DrawRule.NOT_NEEDED),
    ],
)
def test_the_rule_of_the_second_look(
    review_class: ReviewClass | None, outcome: Outcome, live_since: date | None, rule: DrawRule
) -> None:
    assert which_rule(review_class, outcome, live_since, date(2026, 11, 22)) is rule


@pytest.mark.parametrize(("number", "looked"), [(19, True), (20, False)])
def test_twenty_of_a_hundred_are_drawn_and_the_number_is_kept(
    reviews: Reviews, monkeypatch: pytest.MonkeyPatch, number: int, looked: bool
) -> None:
    monkeypatch.setattr(drawing, "live_since", lambda _session, _case: date(2020, 1, 1))
    monkeypatch.setattr(ids, "random_below", lambda _limit: number)
    with reviews.world.database.writing() as session:
        case = alone(session, reviews)
        row = session.get_one(SecondLookDraw, case.id)
        assert (row.rule, row.number, row.is_looked_at) == (DrawRule.SAMPLE, number, looked)
        assert case.state == (State.SECOND_LOOK if looked else State.DECIDED)


def test_handing_back_keeps_its_reason_from_everybody_and_another_takes_it(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = ready(session, reviews)
        seat = given(session, reviews[MAIR], reviews[MELERI], case, desk=reviews.desk)
        seating.hand_back(session, reviews[MELERI], case, Words("Fy nghymydog yw 4242"), desk=reviews.desk)
        assert seat.because is not None
        assert case.state == State.REPRESENTATIONS_OPEN
        assert reviews[MELERI].person_id not in {
            one.person.id for one in list_reviewers(session, case, today=reviews.desk.today)
        }
        end(session, reviews, DAVID, case, Outcome.CHANGED)
        assert "4242" not in " ".join(steps_of(session, case))


def test_a_declaration_names_training_and_authority_and_is_asked_of_the_portal_again(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = ready(session, reviews)
        given(session, reviews[MAIR], reviews[MELERI], case, desk=reviews.desk)
        with pytest.raises(Refused):
            seating.begin(session, reviews[MELERI], case, Declared(date(2026, 11, 23), Words("x")), desk=reviews.desk)
        session.execute(
            text("UPDATE role_holdings SET person_id = :who WHERE person_id = :emyr AND role = 'responsible_manager'"),
            {"who": reviews[MELERI].person_id, "emyr": reviews[EMYR].person_id},
        )
        with pytest.raises(Refused):
            begun(session, reviews[MELERI], case, desk=reviews.desk)


def test_training_is_written_down_by_an_officer(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = ready(session, reviews)
        person = session.get_one(Person, reviews[MELERI].person_id)
        lending.record_training(session, reviews[MAIR], case, person, date(2026, 3, 2), desk=reviews.desk)
        with pytest.raises(NotAllowed):
            lending.record_training(session, reviews[EMYR], case, person, date(2026, 3, 2), desk=reviews.desk)
        assert session.scalars(select(Training.trained_on)).all() == [date(2026, 3, 2)]
        known = {one.person.id: one.trained_on for one in list_reviewers(session, case, today=reviews.desk.today)}
        assert known[person.id] == date(2026, 3, 2)


def test_reviewers_are_lent_only_where_the_pool_is_small_and_both_bodies_agreed(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = ready(session, reviews)
        other = session.get_one(Person, reviews[OWEN].person_id).body_id
        assert other is not None
        row = lending.offer(session, reviews[MAIR], case.body_id, other, desk=reviews.desk)
        with pytest.raises(Refused):
            lending.offer(session, reviews[RHODRI], other, case.body_id, desk=reviews.desk)
        with pytest.raises(NotFound):
            lending.agree(session, reviews[MAIR], row.id, desk=reviews.desk)
        lending.agree(session, reviews[RHODRI], row.id, desk=reviews.desk)
        pool = list_reviewers(session, case, today=reviews.desk.today)
        assert not any(one.is_lent for one in pool)
        keep = reviews[MELERI].person_id
        session.execute(
            text("DELETE FROM role_holdings WHERE role = 'reviewer' AND body_id = :body AND person_id <> :keep"),
            {"body": case.body_id, "keep": keep},
        )
        pool = list_reviewers(session, case, today=reviews.desk.today)
        assert [one.person.id for one in pool if not one.is_lent] == [keep]
        assert reviews[OWEN].person_id in {one.person.id for one in pool if one.is_lent and one.is_independent}
        end(session, reviews, OWEN, case, Outcome.CHANGED)
        assert case.state == State.DECIDED
        lending.end(session, reviews[MAIR], row.id, desk=reviews.desk)
        assert lending.list_agreements(session, [case.body_id]) == []


def test_a_question_shows_who_is_asked_nothing_else_and_comes_after_the_view(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = ready(session, reviews)
        meleri = reviews[MELERI]
        given(session, reviews[MAIR], meleri, case, desk=reviews.desk)
        begun(session, meleri, case, desk=reviews.desk)
        new = NewQuestion(ids.new_id(), AskedOf.OWNER, Words("Pryd newidiwyd y map?"), Locale.CY)
        with pytest.raises(Refused):
            questions.ask_other(session, meleri, case, new, desk=reviews.desk)
        shown(session, meleri, case, desk=reviews.desk)
        row = questions.ask_other(session, meleri, case, new, desk=reviews.desk)
        assert questions.ask_other(session, meleri, case, new, desk=reviews.desk) is row
        for stranger in (SARAH, GWYNFOR, MAIR):
            with pytest.raises(NotFound):
                get_own_question(session, reviews[stranger], row.id)
        questions.answer(session, reviews[EMYR], row.id, Words("Ym mis Medi"), desk=reviews.desk)
        with pytest.raises(NotFound):
            questions.answer(session, reviews[EMYR], row.id, Words("eto"), desk=reviews.desk)
        worker = session.get_one(Person, reviews[GWYNFOR].person_id)
        expert = NewQuestion(ids.new_id(), AskedOf.EXPERT, Words("x"), Locale.CY, worker)
        with pytest.raises(Refused):
            questions.ask_other(session, meleri, case, expert, desk=reviews.desk)


def test_who_looked_once_is_not_offered_another_seat(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = ready(session, reviews)
        given(session, reviews[MAIR], reviews[MELERI], case, desk=reviews.desk)
        assert find_independence(session, case, reviews[MELERI].person_id, today=reviews.desk.today) is not None
        given(session, reviews[MAIR], reviews[DAVID], case, desk=reviews.desk)
        sitting = session.scalars(select(ReviewSeat.person_id).where(ReviewSeat.ended_at.is_(None))).all()
        assert sitting == [reviews[DAVID].person_id]
        with pytest.raises(NotFound):
            begun(session, reviews[MELERI], case, desk=reviews.desk)


def test_the_weightiest_issue_is_the_outcome_of_the_whole() -> None:
    assert weightiest([Outcome.UPHELD, Outcome.EXPLAINED, Outcome.CHANGED]) is Outcome.CHANGED
