"""A union's branch: its administrator and its representatives."""

import pytest
from sqlalchemy import select

from portal.core.db import Database
from portal.directory.models import Person
from portal.identity.models import Account
from tests.administration.world import BRANCH, World
from tests.visitors import Visitor


@pytest.mark.parametrize("path", ["", "/invite", "/people/{carys}", "/people/{carys}/leave"])
@pytest.mark.parametrize("locale", ["cy", "en"])
def test_every_branch_page_opens_in_both_languages(union_admin: Visitor, world: World, locale: str, path: str) -> None:
    page = union_admin.get(f"/{locale}/my/admin/branches/unison-taran" + path.format(carys=world.carys.person.id))
    assert page.status_code == 200
    assert page.text.count("<h1") == 1


def test_a_union_administrator_invites_a_representative_with_an_account_of_the_union(
    union_admin: Visitor, database: Database
) -> None:
    assert union_admin.get("/en/my/admin/branches").headers["location"] == BRANCH
    union_admin.get(f"{BRANCH}/invite")
    form = {**union_admin.hidden(), "name": "Idris", "email": "idris@unison.example", "purpose": "mail"}
    assert "Invitation sent" in union_admin.post(f"{BRANCH}/invite", form).text
    with database.reading() as session:
        idris = session.scalars(select(Person).where(Person.email == "idris@unison.example")).one()
        assert idris.body_id is None
        assert session.scalars(select(Account.kind).where(Account.person_id == idris.id)).one() == "representative"
    assert "idris@unison.example" in union_admin.get(BRANCH).text


def test_a_staff_address_cannot_become_a_representatives(union_admin: Visitor) -> None:
    union_admin.get(f"{BRANCH}/invite")
    page = union_admin.post(f"{BRANCH}/invite", {"name": "S", "email": "sian@taran.example", "purpose": "slip"})
    assert page.status_code == 422
    assert "cannot be used here" in page.text


def test_a_representative_becomes_union_administrator_and_leaves(
    union_admin: Visitor, database: Database, world: World
) -> None:
    union_admin.get(f"{BRANCH}/invite")
    union_admin.post(f"{BRANCH}/invite", {"name": "Idris", "email": "idris@unison.example", "purpose": "mail"})
    with database.reading() as session:
        idris = session.scalars(select(Person.id).where(Person.email == "idris@unison.example")).one()
    person = f"{BRANCH}/people/{idris}"
    union_admin.get(person)
    assert union_admin.post(f"{person}/administrator").status_code == 303
    assert "Union administrator" in union_admin.get(person).text
    union_admin.get(f"{person}/leave")
    assert union_admin.post(f"{person}/leave").headers["location"] == BRANCH
    assert "idris" not in union_admin.get(BRANCH).text
    own = f"{BRANCH}/people/{world.carys.person.id}"
    union_admin.get(own)
    assert "your own account" in union_admin.post(f"{own}/leave").text


def test_a_branch_has_a_secretary_and_a_full_time_officer_and_says_who_is_missing(
    union_admin: Visitor, world: World
) -> None:
    assert "Nobody holds these roles yet: Branch secretary, Full-time union officer" in union_admin.get(BRANCH).text
    page = f"{BRANCH}/people/{world.carys.person.id}"
    union_admin.get(page)
    assert "Choose a role" in union_admin.post(f"{page}/role", {"role": "data_protection_officer"}).text
    assert union_admin.post(f"{page}/role", {"role": "branch_secretary"}).status_code == 303
    again = union_admin.get(page).text
    assert "Branch secretary" in again and 'value="branch_secretary"' not in again
    assert "yet: Full-time union officer" in union_admin.get(BRANCH).text
    union_admin.get(page)
    assert union_admin.post(f"{page}/role", {"role": "branch_secretary"}).status_code == 422, "the same role twice"
