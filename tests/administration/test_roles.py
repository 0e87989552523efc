"""Roles as an administrator gives and ends them, and what stays with somebody."""

import pytest
from sqlalchemy import select

from portal.core.clock import london_day
from portal.core.db import Database
from portal.directory import queries as directory
from portal.directory.models import RoleHolding
from tests.administration.world import HERE, World, last_event
from tests.visitors import Visitor


def test_a_role_is_given_with_its_post_and_ended(admin: Visitor, database: Database, world: World) -> None:
    person = f"{HERE}/people/{world.sian.person.id}"
    admin.get(f"{person}/role")
    form = {"role": "data_protection_officer", "post_cy": "Dirprwy", "post_en": "Deputy", "options": "deputy"}
    assert admin.post(f"{person}/role", form).headers["location"] == person
    page = admin.get(person).text
    assert "Data Protection Officer (deputy)" in page
    assert admin.post(f"{person}/role", form).status_code == 422, "the same role twice"
    with database.reading() as session:
        held = session.scalars(select(RoleHolding).where(RoleHolding.is_deputy)).one().id
    admin.get(person)
    admin.post(f"{person}/roles/{held}/end")
    assert "Data Protection Officer" not in admin.get(person).text
    assert last_event(database) == "administration.role_ended"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "Choose a role"),
        ({"role": "union_representative"}, "Choose a role"),
        ({"role": "reviewer", "post_cy": "Pennaeth"}, "both languages"),
        ({"role": "reviewer"}, "already hold this role"),
    ],
)
def test_a_wrong_role_is_told(admin: Visitor, world: World, fields: dict[str, str], told: str) -> None:
    person = f"{HERE}/people/{world.sian.person.id}"
    admin.get(f"{person}/role")
    page = admin.post(f"{person}/role", fields)
    assert page.status_code == 422
    assert told in page.text


def test_the_last_administrator_stays_and_nobody_closes_their_own_account(
    admin: Visitor, database: Database, world: World
) -> None:
    with database.reading() as session:
        today = london_day(admin.client.app.state.settings.clock.now())  # type: ignore[attr-defined]
        held = directory.list_holdings_of(session, world.heledd.person.id, today=today)[0].id
    person = f"{HERE}/people/{world.heledd.person.id}"
    admin.get(person)
    assert "last administrator" in admin.post(f"{person}/roles/{held}/end").text
    assert "your own account" in admin.post(f"{person}/leave").text
