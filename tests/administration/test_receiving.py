"""Who receives what, whether somebody is missing, and what the body says of disclosures."""

import pytest
from sqlalchemy import select

from portal.core.db import Database
from portal.directory.matters import list_seated
from portal.directory.models import BodyProcedure, OnCallNumber, RoleHolding
from portal.directory.rules import Matter, RoleName
from tests.administration.world import HERE, World, last_event
from tests.prepared import START_OF_TESTS
from tests.visitors import Visitor

MATTERS, GAPS, PROCEDURE = f"{HERE}/matters", f"{HERE}/gaps", f"{HERE}/procedure"
WHOLE = {
    "is_authorised": "yes", "words_cy": "Gweithdrefn Chwythu’r Chwiban.", "words_en": "The Speaking Up procedure.",
    "since-day": "1", "since-month": "4", "since-year": "2026", "signed_by_cy": "Y Bwrdd",
    "signed_by_en": "The Board",
}  # fmt: skip


def give(admin: Visitor, database: Database, world: World, role: RoleName) -> str:
    """Siân gets a role from the administrator; the id of it."""
    page = f"{HERE}/people/{world.sian.person.id}/role"
    admin.get(page)
    admin.post(page, {"role": role.value})
    with database.reading() as session:
        return session.scalars(select(RoleHolding.id).where(RoleHolding.role == role)).one()


def test_an_officer_is_named_for_a_matter_once_and_the_matter_taken_away(
    admin: Visitor, database: Database, world: World
) -> None:
    assert "Nobody holds the role “officer for named matters” yet" in admin.get(MATTERS).text
    held = give(admin, database, world, RoleName.MATTER_OFFICER)
    admin.get(MATTERS)
    assert "Choose an officer" in admin.post(f"{MATTERS}/safety/give", {"holding-safety": ""}).text
    assert admin.post(f"{MATTERS}/safety/give", {"holding-safety": held}).headers["location"] == MATTERS
    assert last_event(database) == "administration.matter_given"
    admin.get(MATTERS)
    again = admin.post(f"{MATTERS}/safety/give", {"holding-safety": held})
    assert again.status_code == 422 and "They receive this matter already" in again.text
    with database.reading() as session:
        found = list_seated(session, str(world.sian.person.body_id), today=START_OF_TESTS.date())
        assert [(one.matter, one.person.id) for one in found] == [(Matter.SAFETY, world.sian.person.id)]
    admin.post(f"{MATTERS}/safety/take", {"holding-safety": held})
    with database.reading() as session:
        assert not list_seated(session, str(world.sian.person.body_id), today=START_OF_TESTS.date())


@pytest.mark.parametrize("address", ["beside/give", "unlisted-system/give", "nonsense/give", "safety/nonsense"])
def test_what_is_no_seat_of_a_body_is_the_common_404(admin: Visitor, address: str) -> None:
    admin.get(MATTERS)
    assert admin.post(f"{MATTERS}/{address}", {"holding-safety": "x"}).status_code == 404


def test_only_an_officer_for_named_matters_receives_one(admin: Visitor, database: Database, world: World) -> None:
    held = give(admin, database, world, RoleName.TRANSLATOR)
    admin.get(MATTERS)
    no = admin.post(f"{MATTERS}/money/give", {"holding-money": held})
    assert no.status_code == 422 and "Only an officer for named matters" in no.text
    assert admin.post(f"{MATTERS}/money/give", {"holding-money": "z" * 26}).status_code == 404


def test_somebody_on_call_has_a_number_and_a_wrong_one_is_told(
    admin: Visitor, database: Database, world: World
) -> None:
    held = give(admin, database, world, RoleName.ON_CALL)
    assert "no telephone number is shown for them" in admin.get(GAPS).text
    admin.get(MATTERS)
    wrong = admin.post(f"{HERE}/on-call/{held}", {f"telephone-{held}": "ring me"})
    assert wrong.status_code == 422 and "ring me" in wrong.text
    admin.post(f"{HERE}/on-call/{held}", {f"telephone-{held}": "01632 960115"})
    with database.reading() as session:
        assert session.scalars(select(OnCallNumber.telephone)).one() == "01632 960115"
    admin.get(MATTERS)
    admin.post(f"{HERE}/on-call/{held}", {f"telephone-{held}": ""})
    with database.reading() as session:
        assert session.scalars(select(OnCallNumber.telephone)).all() == []


def test_a_role_without_anybody_and_one_without_a_second_person_are_gaps(
    admin: Visitor, database: Database, world: World
) -> None:
    before = admin.get(GAPS).text
    assert before.count("Nobody holds this role") == 8
    assert "Only one person" in before, "one reviewer alone"
    give(admin, database, world, RoleName.AUDIT_CHAIR)
    after = admin.get(GAPS).text
    assert after.count("Nobody holds this role") == 7
    assert "Nobody is named for this matter" in after


def test_the_procedure_is_recorded_whole_or_not_at_all_and_shown_to_staff(
    admin: Visitor, database: Database, world: World
) -> None:
    assert "Nobody has said yet" in admin.get(MATTERS).text
    admin.get(PROCEDURE)
    for missing in ("words_cy", "words_en", "since-year", "signed_by_cy", "is_authorised"):
        half = admin.post(PROCEDURE, {name: value for name, value in WHOLE.items() if name != missing})
        assert half.status_code == 422, missing
        assert missing == "words_en" or "The Speaking Up procedure." in half.text
    assert admin.post(PROCEDURE, WHOLE).status_code == 303
    assert last_event(database) == "administration.procedure_told"
    assert "since 1 April 2026" in admin.get(MATTERS).text
    admin.get(PROCEDURE)
    admin.post(PROCEDURE, {"is_authorised": "no"})
    with database.reading() as session:
        row = session.scalars(select(BodyProcedure)).one()
        assert (row.is_authorised, row.words_en, row.since) == (False, "", None)


@pytest.mark.parametrize("page", ["matters", "gaps", "procedure"])
def test_nobody_else_finds_these_pages(visitor: Visitor, page: str) -> None:
    visitor.sign_in("sian@taran.example")
    assert visitor.get(f"{HERE}/{page}").status_code == 404
