"""Asking, the kind of review and contesting it, two people, identity, taking back: on real rows."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.models import Case, ClockEvent, Exclusion
from portal.cases.queries import get_case
from portal.cases.rules import Relation
from portal.cases.turn import take_turn
from portal.core import ids
from portal.core.errors import Conflict, NotAllowed, NotFound, Refused
from portal.core.text import Locale, Words
from portal.decision_review.asking import classifying, identity, proposing, service
from portal.decision_review.asking.classifying import Classed
from portal.decision_review.asking.duties import wait_for_proof
from portal.decision_review.asking.models import ReviewProposal
from portal.decision_review.asking.proposing import Proposal
from portal.decision_review.asking.rules import Proposed
from portal.decision_review.learning.figures import freeze
from portal.decision_review.models import Classification, ReviewDecision, ReviewRequest
from portal.decision_review.queries import find_class, list_classes
from portal.decision_review.reviewing.queries import find_decision
from portal.decision_review.rules import ExtensionGround, IdentityCheck, Outcome, RefusalGround, ReviewClass, State
from portal.decision_review.steps import STEPS
from portal.register.voices.models import BodyRight
from portal.timelimits.events import EventKind
from tests.decision_review.conftest import EMYR, LOWRI, MAIR, Reviews, letters, sent, steps_of
from tests.demonstrated import GWYNFOR

REASONS = Words("Oherwydd y map")


def classed(review_class: ReviewClass = ReviewClass.INFLUENCED, right_id: str | None = None) -> Classed:
    return Classed(review_class, REASONS, Locale.CY, right_id)


def say(session: Session, reviews: Reviews, case: Case, what: Classed, by: str = MAIR) -> Classification | None:
    return classifying.classify(session, reviews[by], case, what, sent(case), desk=reviews.desk)


def agreed_right(session: Session, reviews: Reviews, case: Case, days: int | None) -> str:
    right = BodyRight(
        id=ids.new_id(), body_id=case.body_id, agreement_cy="Cytundeb", agreement_en="Agreement", text_cy="Hawl",
        text_en="Right", partner_cy="Undebau", partner_en="Unions", since=date(2026, 1, 1),
        account_id=reviews[MAIR].account_id, review_working_days=days,
    )  # fmt: skip
    session.add(right)
    session.flush()
    return right.id


def test_asking_is_acknowledged_at_once_with_the_system_s_own_target(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        new = reviews.new(session)
        first = service.ask(session, reviews[GWYNFOR], new, desk=reviews.desk)
        second = service.ask(session, reviews[GWYNFOR], new, desk=reviews.desk)
        assert first.id == second.id
        assert first.state == State.ACKNOWLEDGED
        assert (first.due_on, first.target_on) == (date(2026, 12, 22), date(2026, 12, 4))
        assert steps_of(session, first) == ["open", "acknowledge"]
        received = session.scalars(select(ClockEvent.working_days).where(ClockEvent.case_id == first.id)).all()
        assert received == [10]


def test_who_is_named_sees_nothing_from_the_first_moment(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        names = Words(f"{LOWRI}\nEmyr Wyn Daniel\nRhywun Arall\n{GWYNFOR}")
        case = reviews.asked(session, keep_away=names)
        left_out = set(session.scalars(select(Exclusion.person_id).where(Exclusion.case_id == case.id)))
        assert left_out == {reviews[LOWRI].person_id, reviews[EMYR].person_id}
        for email in (LOWRI, EMYR):
            with pytest.raises(NotFound):
                get_case(session, reviews[email], case.reference)
        service.keep_away(
            session, reviews[MAIR], case, "jonathan.pryce.lewis@dyffryn-cledwen.example", desk=reviews.desk
        )
        with pytest.raises(Refused):
            service.keep_away(session, reviews[MAIR], case, "nobody@dyffryn-cledwen.example", desk=reviews.desk)


def test_the_class_is_contested_once_and_another_officer_settles_it(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        due, target = case.due_on, case.target_on
        with pytest.raises(Refused):
            service.contest(session, reviews[GWYNFOR], case, REASONS, desk=reviews.desk)
        say(session, reviews, case, classed(ReviewClass.NOT_FOUND))
        service.contest(session, reviews[GWYNFOR], case, REASONS, desk=reviews.desk)
        with pytest.raises(Refused):
            service.contest(session, reviews[GWYNFOR], case, REASONS, desk=reviews.desk)
        with pytest.raises(Refused):
            classifying.settle(session, reviews[MAIR], case, classed(), sent(case), desk=reviews.desk)
        classifying.settle(session, reviews[LOWRI], case, classed(ReviewClass.ALONE), sent(case), desk=reviews.desk)
        standing = find_class(session, case)
        assert standing is not None
        assert standing.review_class is ReviewClass.ALONE
        assert len(list_classes(session, case)) == 2
        assert (case.due_on, case.target_on) == (due, target)
        assert letters(session, "review_task") > 0


def test_the_same_form_says_the_class_once_and_an_old_page_says_nothing(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        form = sent(case)
        for _ in range(2):
            classifying.classify(session, reviews[MAIR], case, classed(), form, desk=reviews.desk)
        assert len(list_classes(session, case)) == 1
        with pytest.raises(Conflict):
            classifying.classify(
                session, reviews[MAIR], case, classed(), type(form)(ids.new_id(), 1), desk=reviews.desk
            )


def test_one_class_stands_at_a_time_and_the_database_says_so(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        say(session, reviews, case, classed())
        with pytest.raises(IntegrityError), session.begin_nested():
            classifying._add(
                take_turn(session, reviews[MAIR], case, {Relation.OFFICER}, desk=reviews.desk),
                classed(), None, ids.new_id(),
            )  # fmt: skip
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(
                update(Classification).values(
                    contest=b"x", contested_at=reviews.desk.now, settlement=b"x", settled_at=reviews.desk.now,
                    settled_by=reviews[MAIR].account_id,
                )
            )  # fmt: skip


@pytest.mark.parametrize(
    ("days", "due"), [(5, date(2026, 11, 27)), (None, date(2026, 12, 22)), (60, date(2026, 12, 22))]
)
def test_an_agreed_right_brings_the_day_forward_and_never_back(reviews: Reviews, days: int | None, due: date) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        right = agreed_right(session, reviews, case, days)
        with pytest.raises(Refused):
            say(session, reviews, case, classed(ReviewClass.AGREED))
        say(session, reviews, case, classed(ReviewClass.AGREED, right))
        assert case.due_on == due
        assert (case.notice_by is None) == (days is not None)
        service.contest(session, reviews[GWYNFOR], case, REASONS, desk=reviews.desk)
        classifying.settle(session, reviews[LOWRI], case, classed(), sent(case), desk=reviews.desk)
        assert case.due_on == date(2026, 12, 22)


def propose(
    session: Session, reviews: Reviews, case: Case, kind: Proposed, *, by: str = MAIR, day: date | None = None
) -> ReviewProposal:
    desk = reviews.on(day) if day else reviews.desk
    refusal = RefusalGround.EXCESSIVE if kind is Proposed.REFUSAL else None
    extension = ExtensionGround.COMPLEXITY if kind is Proposed.EXTENSION else None
    proposal = Proposal(kind, REASONS, Locale.CY, refusal, extension)
    return proposing.propose(session, reviews[by], case, proposal, sent(case), desk=desk)


def test_two_people_take_more_time_and_only_within_the_first_month(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        row = propose(session, reviews, case, Proposed.EXTENSION)
        with pytest.raises(Refused):
            proposing.approve(session, reviews[MAIR], case, row, sent(case), desk=reviews.desk)
        with pytest.raises(Refused):
            propose(session, reviews, case, Proposed.EXTENSION, by=LOWRI)
        with pytest.raises(Refused):
            late = reviews.on(date(2026, 12, 23))
            proposing.approve(session, reviews[LOWRI], case, row, sent(case), desk=late)
        proposing.send_back(session, reviews[LOWRI], case, row, Words("Eglurwch"), sent(case), desk=reviews.desk)
        row = propose(session, reviews, case, Proposed.EXTENSION)
        proposing.approve(session, reviews[LOWRI], case, row, sent(case), desk=reviews.desk)
        assert (case.state, case.due_on) == (State.ACKNOWLEDGED, date(2027, 2, 22))


def test_a_refusal_needs_two_people_and_keeps_its_ground(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        row = propose(session, reviews, case, Proposed.REFUSAL)
        assert case.state == State.ACKNOWLEDGED
        proposing.approve(session, reviews[LOWRI], case, row, sent(case), desk=reviews.desk)
        assert (case.state, case.is_open) == (State.REFUSED, False)
        assert session.get_one(ReviewRequest, case.id).refusal_ground is RefusalGround.EXCESSIVE


def test_an_explanation_ends_only_what_stands_as_no_decision_found(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        with pytest.raises(Refused):
            propose(session, reviews, case, Proposed.EXPLANATION)
        say(session, reviews, case, classed(ReviewClass.NOT_FOUND))
        row = propose(session, reviews, case, Proposed.EXPLANATION)
        service.contest(session, reviews[GWYNFOR], case, REASONS, desk=reviews.desk)
        with pytest.raises(Refused):
            proposing.approve(session, reviews[LOWRI], case, row, sent(case), desk=reviews.desk)
        classifying.settle(session, reviews[LOWRI], case, classed(ReviewClass.NOT_FOUND), sent(case), desk=reviews.desk)
        proposing.approve(session, reviews[LOWRI], case, row, sent(case), desk=reviews.desk)
        assert (case.state, case.is_open) == (State.DECIDED, False)


def test_an_explanation_is_kept_as_every_outcome_and_the_worker_reads_it_as_the_letter_that_it_is(
    reviews: Reviews,
) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        say(session, reviews, case, classed(ReviewClass.NOT_FOUND))
        row = propose(session, reviews, case, Proposed.EXPLANATION)
        form = sent(case)
        for _ in range(2):
            proposing.approve(session, reviews[LOWRI], case, row, form, desk=reviews.desk)
        kept = session.scalars(select(ReviewDecision).where(ReviewDecision.case_id == case.id)).one()
        assert (kept.outcome, kept.proposal_id) == (Outcome.EXPLAINED, row.id)
        assert (kept.decided_by, kept.second_by) == (reviews[MAIR].person_id, reviews[LOWRI].person_id)
        assert find_decision(session, case, reviews.world.settings.vault, Locale.CY) is None
        figure = freeze(session, case, reviews.desk.calendar, today=reviews.desk.today)
        assert figure is not None and figure.outcome is Outcome.EXPLAINED
        assert not figure.nobody_alone and not figure.nobody_alone_at_point
        reference = case.reference
    with reviews.world.signed_in(GWYNFOR) as gwynfor:
        page = gwynfor.get(f"/en/my/cases/{reference}").text
        assert REASONS.reveal() in page and 'id="outcome"' not in page


def test_taking_back_is_undone_within_seven_days_to_where_it_stood(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        say(session, reviews, case, classed())
        cases.take_step(session, Relation.OFFICER, case, STEPS["request_pack"], desk=reviews.desk)
        cases.take_step(session, reviews[GWYNFOR], case, STEPS["withdraw"], desk=reviews.desk)
        assert not case.is_open
        assert not service.may_undo(case, reviews.after(8).today)
        with pytest.raises(Refused):
            service.undo_withdrawal(session, reviews[GWYNFOR], case, desk=reviews.after(8))
        service.undo_withdrawal(session, reviews[GWYNFOR], case, desk=reviews.after(7))
        assert (case.state, case.is_open, case.due_on) == (State.EVIDENCE_WAIT, True, date(2026, 12, 22))


def test_proof_is_asked_only_of_who_has_no_account_and_the_month_waits(reviews: Reviews) -> None:
    desk = reviews.desk
    with reviews.world.database.writing() as session:
        signed = reviews.asked(session)
        with pytest.raises(Refused):
            identity.doubt(session, reviews[MAIR], signed, REASONS, sent(signed), lang=Locale.CY, desk=desk)
        new = reviews.new(session, requester_person_id=None, locator_hash=bytes(32), name=Words("Cai"))
        case = service.ask(session, Relation.REQUESTER, new, desk=desk)
        say(session, reviews, case, classed())
        identity.doubt(session, reviews[MAIR], case, REASONS, sent(case), lang=Locale.CY, desk=desk)
        assert (case.state, case.waiting_on) == (State.IDENTITY_WAIT, desk.today)
        later = reviews.after(4)
        check = IdentityCheck.SEEN_IN_PERSON
        identity.record(session, reviews[LOWRI], case, check, sent(case), on=later.today, desk=later)
        assert (case.state, case.waiting_on, case.due_on) == (State.CLASSIFIED, None, date(2026, 12, 29))
        kinds = set(session.scalars(select(ClockEvent.kind).where(ClockEvent.case_id == case.id)))
        assert kinds == {EventKind.RECEIVED, EventKind.IDENTITY_ASKED, EventKind.IDENTITY_RECEIVED}


def test_two_reminders_and_then_it_ends_until_somebody_takes_it_up_again(reviews: Reviews) -> None:
    desk, database, settings = reviews.desk, reviews.world.database, reviews.world.settings
    with database.writing() as session:
        new = reviews.new(session, requester_person_id=None, locator_hash=bytes(32), name=Words("Cai"))
        case = service.ask(session, Relation.REQUESTER, new, desk=desk)
        identity.doubt(session, reviews[MAIR], case, REASONS, sent(case), lang=Locale.CY, desk=desk)
        case_id = case.id
    done = [wait_for_proof(database, settings, desk.now + timedelta(days=days)) for days in (9, 10, 10, 20, 29, 30)]
    assert done == [0, 1, 0, 1, 0, 1]
    with database.writing() as session:
        case = session.get_one(Case, case_id)
        assert case.state == State.NOT_VERIFIED
        service.revive(session, Relation.REQUESTER, case, desk=reviews.after(40))
        assert (case.state, case.is_open) == (State.IDENTITY_WAIT, True)


def test_nobody_but_an_officer_says_the_class(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        for email in (GWYNFOR, EMYR):
            with pytest.raises(NotAllowed):
                say(session, reviews, case, classed(), by=email)
