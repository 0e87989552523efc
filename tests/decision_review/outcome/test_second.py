"""The second stage: asked once, decided by two chairs who differ, or by another body; and going elsewhere."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.rules import Relation
from portal.cases.service import take_step
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Locale, Words
from portal.decision_review.asking import proposing
from portal.decision_review.asking.rules import Proposed
from portal.decision_review.outcome import chairs, drafting, second
from portal.decision_review.outcome.models import StageTwo
from portal.decision_review.outcome.queries import list_letters, open_letter
from portal.decision_review.outcome.rules import Elsewhere
from portal.decision_review.rules import Outcome, ReviewClass, State
from portal.decision_review.steps import STEPS
from portal.directory.models import Person
from portal.directory.queries import find_body_by_slug
from tests.decision_review.asking.test_service import classed, propose, say
from tests.decision_review.conftest import EMYR, HYWEL, LOWRI, MAIR, MELERI, SARAH, Reviews, letters, sent, steps_of
from tests.decision_review.outcome.deciding import REASONS, person, told
from tests.demonstrated import BODY, ELIN, GWYNFOR

RHODRI = "rhodri.vaughan@glannau-ogwen.example"

WHY = Words("Ni edrychodd neb ar y map newydd.")


def asked(reviews: Reviews, session: Session) -> Case:
    case = told(reviews, session, outcome=Outcome.UPHELD)
    second.ask(session, reviews[GWYNFOR], case, WHY, Locale.CY, desk=reviews.desk)
    return case


def union_chair(reviews: Reviews, session: Session, case: Case) -> Person:
    people = chairs.union_people(session, case, today=reviews.desk.today)
    return session.scalars(select(Person).where(Person.id.in_(people)).order_by(Person.email)).all()[0]


def seen_first(session: Session, reviews: Reviews, case: Case, *emails: str) -> None:
    """Each writes down their own view."""
    for email in emails:
        drafting.write_view(
            session, reviews[email], case.id, Outcome.CHANGED, Words("Fy marn i"), Locale.CY, desk=reviews.desk
        )


def test_it_is_asked_once_and_has_twenty_working_days_of_its_own(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = asked(reviews, session)
        assert case.state == State.STAGE_TWO
        assert case.due_on == reviews.desk.calendar.later(reviews.desk.today, 20)
        second.ask(session, reviews[GWYNFOR], case, WHY, Locale.CY, desk=reviews.desk)
        assert steps_of(session, case).count("stage_two") == 1
        with pytest.raises(NotFound):
            second.ask(session, reviews[ELIN], case, WHY, Locale.CY, desk=reviews.desk)


def test_what_ended_without_a_decision_has_no_second_stage(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        take_step(session, reviews[GWYNFOR], case, STEPS["withdraw"], desk=reviews.desk)
        take_step(session, Relation.PORTAL, case, STEPS["close"], desk=reviews.after(30))
        assert not second.may_ask(session, case)
        with pytest.raises(Refused):
            second.ask(session, reviews[GWYNFOR], case, WHY, Locale.CY, desk=reviews.after(31))


def test_a_panel_decides_by_two_signatures_under_the_same_words(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = asked(reviews, session)
        union = union_chair(reviews, session, case)
        hywel = person(session, HYWEL)
        chairs.give_to_panel(session, reviews[MAIR], case, hywel, union, desk=reviews.desk)
        chair = reviews[union.email]
        seen_first(session, reviews, case, HYWEL, union.email)
        with pytest.raises(Refused):
            drafting.sign(session, chair, case.id, seen="", desk=reviews.desk)
        drafting.write(session, reviews[HYWEL], case.id, Outcome.UPHELD, REASONS, desk=reviews.desk)
        drafting.write(session, chair, case.id, Outcome.OVERTURNED, REASONS, desk=reviews.desk)
        assert case.state == State.STAGE_TWO
        with pytest.raises(Refused):
            chairs.give_to_panel(session, reviews[MAIR], case, hywel, union, desk=reviews.desk)
        unread = drafting.mark_of(session, case, session.get_one(StageTwo, case.id))
        drafting.write(session, chair, case.id, Outcome.OVERTURNED, REASONS, desk=reviews.desk)
        with pytest.raises(Conflict):
            drafting.sign(session, reviews[HYWEL], case.id, seen=unread, desk=reviews.desk)
        seen = drafting.mark_of(session, case, session.get_one(StageTwo, case.id))
        row = drafting.sign(session, reviews[HYWEL], case.id, seen=seen, desk=reviews.desk)
        assert (case.state, row.outcome) == (State.DECIDED, Outcome.OVERTURNED)
        stages = [one.stage for one in list_letters(session, case)]
        assert stages == [2, 1]
        letter = open_letter(list_letters(session, case)[0], reviews.desk.vault).reveal()
        assert "20 diwrnod gwaith" not in letter
        with pytest.raises(NotFound):
            drafting.sign(session, chair, case.id, seen="", desk=reviews.desk)
        with pytest.raises(Refused):
            second.ask(session, reviews[GWYNFOR], case, WHY, Locale.CY, desk=reviews.desk)


@pytest.mark.parametrize("email", [MELERI, EMYR, SARAH, LOWRI, GWYNFOR, ELIN])
def test_who_reviewed_it_or_runs_the_system_or_is_an_officer_or_asked_or_is_a_stranger_is_no_chair(
    reviews: Reviews, email: str
) -> None:
    with reviews.world.database.writing() as session:
        case = asked(reviews, session)
        union = union_chair(reviews, session, case)
        with pytest.raises(Refused):
            chairs.give_to_panel(session, reviews[MAIR], case, person(session, email), union, desk=reviews.desk)
        with pytest.raises(Refused):
            chairs.give_to_panel(
                session, reviews[MAIR], case, person(session, HYWEL), person(session, MAIR), desk=reviews.desk
            )


def test_another_body_decides_and_its_officers_see_nothing_before_or_after(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = asked(reviews, session)
        assert chairs.list_panels(session, reviews[RHODRI], today=reviews.desk.today) == []
        other = find_body_by_slug(session, BODY)
        assert other is not None
        heard = letters(session, "review_task")
        chairs.give_to_body(session, reviews[MAIR], case, other, desk=reviews.desk)
        assert letters(session, "review_task") > heard
        assert chairs.list_panels(session, reviews[MAIR], today=reviews.desk.today) == []
        assert [found.id for found, _row in chairs.list_panels(session, reviews[RHODRI], today=reviews.desk.today)] == [
            case.id
        ]
        seen_first(session, reviews, case, RHODRI)
        drafting.write(session, reviews[RHODRI], case.id, Outcome.CHANGED, REASONS, desk=reviews.desk)
        assert case.state == State.STAGE_TWO
        seen = drafting.mark_of(session, case, session.get_one(StageTwo, case.id))
        drafting.sign(session, reviews[RHODRI], case.id, seen=seen, desk=reviews.desk)
        assert case.state == State.DECIDED
        assert chairs.list_panels(session, reviews[RHODRI], today=reviews.desk.today) == []


def test_going_elsewhere_ends_a_second_stage_and_is_kept_once(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = asked(reviews, session)
        own_id = ids.new_id()
        for _ in range(2):
            second.go_elsewhere(session, reviews[GWYNFOR], case, Elsewhere.ICO, own_id, desk=reviews.desk)
        assert case.state == State.REFERRED
        assert steps_of(session, case).count("refer_at_once") == 1
        with pytest.raises((NotFound, Conflict)):
            drafting.write(session, reviews[HYWEL], case.id, Outcome.UPHELD, REASONS, desk=reviews.desk)


def test_one_person_is_never_both_chairs(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = asked(reviews, session)
        both = union_chair(reviews, session, case)
        both.body_id = case.body_id
        assert chairs.why_not_employer(session, case, both, today=reviews.desk.today) is None
        with pytest.raises(Refused):
            chairs.give_to_panel(session, reviews[MAIR], case, both, both, desk=reviews.desk)


def test_the_officers_of_an_explanation_do_not_decide_its_second_stage(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        say(session, reviews, case, classed(ReviewClass.NOT_FOUND))
        row = propose(session, reviews, case, Proposed.EXPLANATION)
        proposing.approve(session, reviews[LOWRI], case, row, sent(case), desk=reviews.desk)
        second.ask(session, reviews[GWYNFOR], case, WHY, Locale.CY, desk=reviews.desk)
        union = union_chair(reviews, session, case)
        for email in (MAIR, LOWRI):
            with pytest.raises(Refused):
                chairs.give_to_panel(session, reviews[MAIR], case, person(session, email), union, desk=reviews.desk)
