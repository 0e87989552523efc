"""Where no officer may work on a review: somebody outside the chain hears, and no administrator hears of a case."""

from datetime import date, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.board import BoardAddress, list_top, write_to_top
from portal.cases.models import Case, Exclusion
from portal.cases.officers import list_officers
from portal.cases.rules import ExclusionSource, Relation
from portal.core import ids
from portal.core.text import Words
from portal.decision_review.desk.without_officer import tell_of_reviews_without_officer
from portal.decision_review.models import NobodyLeft
from portal.directory.models import Person, RoleHolding
from portal.directory.rules import RoleName
from portal.notifications.models import OutboxLetter
from tests.decision_review.conftest import EMYR, LOWRI, Reviews, letters, steps_of

HYWEL, PHILIP = "hywel.eryl.thomas@dyffryn-cledwen.example", "philip.garmon.reid@dyffryn-cledwen.example"
BOARD = "top@dyffryn-cledwen.example"


def all_away(session: Session, reviews: Reviews) -> Words:
    """Whom the worker names: every officer of the body."""
    body_id = reviews.new(session).body_id
    return Words("\n".join(one.email for one in list_officers(session, {body_id}, today=reviews.desk.today)))


def top(session: Session, case: Case, reviews: Reviews) -> list[str]:
    return [one.email for one in list_top(session, case, today=reviews.desk.today)]


def person_of_role(session: Session, case: Case, role: RoleName) -> str:
    held = RoleHolding.role == role, RoleHolding.body_id == case.body_id
    return session.scalars(
        select(Person.email).join(RoleHolding, RoleHolding.person_id == Person.id).where(*held)
    ).one()


def swept(reviews: Reviews, days: int = 0) -> int:
    later = reviews.desk.now + timedelta(days=days)
    return tell_of_reviews_without_officer(reviews.world.database, reviews.world.settings, later)


def test_the_top_is_the_named_address_then_the_independent_officer_then_risk_then_who_answers_for_all_systems(
    reviews: Reviews,
) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session, keep_away=all_away(session, reviews))
        assert top(session, case, reviews) == [HYWEL]
        session.add(BoardAddress(id=ids.new_id(), body_id=case.body_id, email=BOARD))
        session.flush()
        assert top(session, case, reviews) == [BOARD]
        session.execute(delete(BoardAddress))
        hywel = reviews.world.person(HYWEL)
        cases.exclude(session, Relation.PORTAL, case, hywel, source=ExclusionSource.SYSTEM, desk=reviews.desk)
        (risk,) = top(session, case, reviews)
        assert person_of_role(session, case, RoleName.SENIOR_INFORMATION_RISK_OWNER) == risk
        risk_id = reviews.world.person(risk)
        cases.exclude(session, Relation.PORTAL, case, risk_id, source=ExclusionSource.SYSTEM, desk=reviews.desk)
        assert top(session, case, reviews) == []
        whole = RoleHolding(
            id=ids.new_id(), person_id=reviews.world.person(PHILIP), role=RoleName.RESPONSIBLE_MANAGER,
            body_id=case.body_id, started_on=date(2026, 1, 1),
        )  # fmt: skip
        session.add(whole)
        session.flush()
        assert top(session, case, reviews) == [PHILIP]
        assert EMYR not in top(session, case, reviews), "who is responsible for this system alone is in the chain"


def test_it_is_told_at_once_and_once_and_anew_when_an_officer_came_and_went(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session, keep_away=all_away(session, reviews))
        case_id = case.id
        assert letters(session, "review_without_officer") == 1
        assert steps_of(session, case).count("without_officer") == 1
    assert swept(reviews) == 0
    with reviews.world.database.writing() as session:
        lowri = (Exclusion.case_id == case_id, Exclusion.person_id == reviews.world.person(LOWRI))
        session.execute(delete(Exclusion).where(*lowri))
    assert swept(reviews) == 0
    with reviews.world.database.writing() as session:
        assert session.get(NobodyLeft, case_id) is None
        case = session.get_one(Case, case_id)
        lowri = reviews.world.person(LOWRI)
        cases.exclude(session, Relation.PORTAL, case, lowri, source=ExclusionSource.SYSTEM, desk=reviews.desk)
    assert [swept(reviews) for _ in range(2)] == [1, 0]
    with reviews.world.database.reading() as session:
        assert letters(session, "review_without_officer") == 2


def test_administrators_hear_that_a_name_is_missing_once_in_four_weeks_and_nothing_of_the_review(
    reviews: Reviews,
) -> None:
    with reviews.world.database.writing() as session:
        named = (RoleName.INDEPENDENT_OFFICER, RoleName.SENIOR_INFORMATION_RISK_OWNER)
        session.execute(delete(RoleHolding).where(RoleHolding.role.in_(named)))
        case = reviews.asked(session, keep_away=all_away(session, reviews))
        reviews.asked(session, keep_away=all_away(session, reviews))
        assert not write_to_top(session, case, "review_late", desk=reviews.after(27))
        told = list(session.scalars(select(OutboxLetter.template).where(OutboxLetter.template.like("%missing%"))))
        assert told == ["board_name_missing"]
        assert letters(session, "review_without_officer") == 0 and "without_officer" not in steps_of(session, case)
        write_to_top(session, case, "review_late", desk=reviews.after(28))
        assert letters(session, "board_name_missing") == 2
    with reviews.world.signed_in(PHILIP) as philip:
        assert case.reference not in philip.get("/en/my").text
    with reviews.world.database.writing() as session:
        session.add(BoardAddress(id=ids.new_id(), body_id=case.body_id, email=BOARD))
    assert [swept(reviews, 1) for _ in range(2)] == [2, 0]
