"""Administrators' pages: people, roles, leavers, slips; and the wall between bodies and unions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy import func, select

from portal.account import routes as account
from portal.administration import routes as administration
from portal.audit.models import AuditEvent
from portal.core.clock import london_day
from portal.core.db import Database
from portal.core.ids import new_id
from portal.directory import queries as directory
from portal.directory.models import Body, Engagement, Person, RoleHolding, StaffGroup, Workplace
from portal.directory.rules import RoleName
from portal.identity.models import Account, Invitation
from portal.notifications.models import OutboxLetter
from portal.settings.models import Settings
from tests.people import Member, add_body, add_branch, add_member
from tests.visitors import Visitor, make_rooms, visiting

ADMIN, UNION_ADMIN = "heledd@taran.example", "carys@unison.example"


@dataclass
class World:
    """Two bodies and a branch, with an administrator each (but the second body)."""

    heledd: Member
    sian: Member
    stranger: Member
    carys: Member
    place_id: str
    group_id: str


@pytest.fixture
def pinned(settings: Settings, now: datetime) -> Settings:
    clock = settings.data_folder / "clock"
    clock.write_text(now.isoformat())
    return settings.model_copy(update={"test_clock": clock})


@pytest.fixture
def world(database: Database, pinned: Settings, now: datetime) -> World:
    with database.writing() as session:
        body, other, branch = add_body(session), add_body(session, "other"), add_branch(session)
        place = Workplace(id=new_id(), body_id=body.id, slug="depo", name_cy="Depo", name_en="Depot")
        group = StaffGroup(id=new_id(), body_id=body.id, code="refuse", name_cy="Gwastraff", name_en="Refuse")
        session.add_all([place, group])
        union_roles = (RoleName.UNION_REPRESENTATIVE, RoleName.UNION_ADMINISTRATOR)
        return World(
            heledd=add_member(session, pinned, now, email=ADMIN, body=body, roles=(RoleName.ADMINISTRATOR,)),
            sian=add_member(session, pinned, now, email="sian@taran.example", body=body, roles=(RoleName.REVIEWER,)),
            stranger=add_member(session, pinned, now, email="arall@other.example", body=other),
            carys=add_member(session, pinned, now, email=UNION_ADMIN, branch=branch, roles=union_roles),
            place_id=place.id,
            group_id=group.id,
        )


@pytest.fixture
def visitor(database: Database, pinned: Settings, world: World) -> Iterator[Visitor]:
    with visiting(make_rooms(pinned, database, account.router, administration.router)) as one:
        yield one


@pytest.fixture
def admin(visitor: Visitor) -> Visitor:
    visitor.sign_in(ADMIN)
    return visitor


@pytest.fixture
def union_admin(visitor: Visitor) -> Visitor:
    visitor.sign_in(UNION_ADMIN)
    return visitor


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def last_event(database: Database) -> str:
    with database.reading() as session:
        return session.scalars(select(AuditEvent.event).order_by(AuditEvent.number.desc()).limit(1)).one()


HERE = "/en/my/admin/bodies/taran"
BRANCH = "/en/my/admin/branches/unison-taran"


def test_an_administrator_of_one_body_comes_straight_to_its_people(admin: Visitor) -> None:
    assert admin.get("/en/my/admin").headers["location"] == HERE
    page = admin.get(HERE).text
    assert "heledd@taran.example" in page
    assert "Reviewer" in page
    assert "arall@other.example" not in page
    assert "carys" not in page


def test_people_are_found_by_name_or_address(admin: Visitor) -> None:
    page = admin.get(f"{HERE}?q=SIAN").text
    assert "sian@taran.example" in page
    assert "heledd@taran.example" not in page
    assert "Nobody matches" in admin.get(f"{HERE}?q=100%25").text


def test_long_lists_come_in_pages(admin: Visitor, database: Database, world: World) -> None:
    with database.writing() as session:
        for number in range(60):
            session.add(
                Person(
                    id=new_id(),
                    body_id=world.heledd.person.body_id,
                    display_name=f"Person {number:02}",
                    email=f"p{number}@taran.example",
                )
            )
    seen: list[str] = []
    address: str | None = HERE
    while address:
        page = admin.get(address).text
        seen += [part.split("<")[0] for part in page.split('">Person ')[1:]]
        link = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
        address = link or None
    assert seen == [f"{number:02}" for number in range(60)]


@pytest.mark.parametrize(
    "path",
    ["", "/invite", "/workplaces", "/settings", "/people/{sian}", "/people/{sian}/role", "/people/{sian}/leave",
     "/people/{sian}/name"],
)  # fmt: skip
@pytest.mark.parametrize("locale", ["cy", "en"])
def test_every_page_opens_in_both_languages(admin: Visitor, world: World, locale: str, path: str) -> None:
    page = admin.get(f"/{locale}/my/admin/bodies/taran" + path.format(sian=world.sian.person.id))
    assert page.status_code == 200
    assert page.text.count("<h1") == 1


@pytest.mark.parametrize("path", ["", "/invite", "/people/{carys}", "/people/{carys}/leave"])
@pytest.mark.parametrize("locale", ["cy", "en"])
def test_every_branch_page_opens_in_both_languages(union_admin: Visitor, world: World, locale: str, path: str) -> None:
    page = union_admin.get(f"/{locale}/my/admin/branches/unison-taran" + path.format(carys=world.carys.person.id))
    assert page.status_code == 200
    assert page.text.count("<h1") == 1


def test_an_invitation_by_mail_queues_one_letter_however_often_the_form_is_sent(
    admin: Visitor, database: Database, world: World
) -> None:
    admin.get(f"{HERE}/invite")
    form = {**admin.hidden(), "name": "Gwen Alaw", "email": "Gwen@taran.example", "purpose": "mail",
            "workplace": world.place_id, "staff_group": world.group_id, "kind": "employee"}  # fmt: skip
    for _ in range(2):
        page = admin.post(f"{HERE}/invite", form)
        assert page.status_code == 200
        assert "Invitation sent" in page.text
    assert (count(database, OutboxLetter), count(database, Engagement)) == (1, 1)
    assert last_event(database) == "administration.invited"
    assert "Invited" in admin.get(f"{HERE}?q=gwen").text


def test_a_slip_shows_a_link_that_works_in_both_languages(admin: Visitor, database: Database) -> None:
    admin.get(f"{HERE}/invite")
    page = admin.post(f"{HERE}/invite", {"name": "Gwen", "email": "gwen@taran.example", "purpose": "slip"})
    assert count(database, OutboxLetter) == 0
    links = [word for word in page.text.replace("<", " ").split() if "/my/invitation/" in word]
    assert {link.split("/my/")[0].rpartition("/")[2] for link in links} == {"cy", "en"}
    assert page.text.index('<section lang="cy"') < page.text.index('<section lang="en"')
    path = links[0].partition("8000")[2]
    admin.client.cookies.clear()
    assert admin.get(path).status_code == 200


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": "", "email": "gwen@taran.example", "purpose": "mail"}, "Enter the person’s name"),
        ({"name": "Gwen", "email": "gwen", "purpose": "mail"}, "name@example.com"),
        ({"name": "Gwen", "email": "gwen@taran.example"}, "Choose how to send"),
        ({"name": "Gwen", "email": "gwen@taran.example", "purpose": "mail", "kind": "bank"}, "Choose a workplace"),
        ({"name": "G" * 121, "email": "gwen@taran.example", "purpose": "mail"}, "too long"),
        ({"name": "Siân", "email": "sian@taran.example", "purpose": "mail"}, "has an account already"),
        ({"name": "X", "email": "arall@other.example", "purpose": "mail"}, "cannot be used here"),
        ({"name": "X", "email": UNION_ADMIN, "purpose": "mail"}, "cannot be used here"),
    ],
)
def test_a_wrong_invitation_is_told_and_makes_nothing(
    admin: Visitor, database: Database, fields: dict[str, str], told: str
) -> None:
    before = count(database, Person), count(database, Account), count(database, Invitation)
    admin.get(f"{HERE}/invite")
    page = admin.post(f"{HERE}/invite", fields)
    assert page.status_code == 422
    assert told in page.text
    assert (count(database, Person), count(database, Account), count(database, Invitation)) == before


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


def test_a_leaver_is_closed_and_roles_without_a_holder_are_named(
    admin: Visitor, database: Database, world: World
) -> None:
    person = f"{HERE}/people/{world.sian.person.id}"
    admin.get(f"{person}/leave")
    page = admin.post(f"{person}/leave").text
    assert "Nobody holds these roles now" in page
    assert "Reviewer" in page
    assert "Closed" in admin.get(person).text
    assert last_event(database) == "administration.leaver_closed"
    admin.client.cookies.clear()
    assert admin.sign_in("sian@taran.example").status_code == 422


def test_somebody_who_comes_back_is_invited_again_without_roles(admin: Visitor, world: World) -> None:
    person = f"{HERE}/people/{world.sian.person.id}"
    admin.get(f"{person}/leave")
    admin.post(f"{person}/leave")
    admin.get(person)
    assert "Invitation sent" in admin.post(f"{person}/invite", {**admin.hidden(), "purpose": "mail"}).text
    page = admin.get(person).text
    assert "Invited" in page
    assert "They hold no role." in page


def test_footer_texts_are_kept_in_both_languages_or_not_at_all(
    admin: Visitor, database: Database, world: World
) -> None:
    admin.get(f"{HERE}/settings")
    page = admin.post(f"{HERE}/settings", {"accessibility_cy": "Tîm Digidol"})
    assert page.status_code == 422
    assert "Write this in both languages" in page.text
    assert "Tîm Digidol" in page.text
    both = {"accessibility_cy": "Tîm Digidol", "accessibility_en": "Digital Team"}
    assert admin.post(f"{HERE}/settings", both).status_code == 303
    with database.reading() as session:
        body = session.scalars(select(Body).where(Body.slug == "taran")).one()
        assert (body.accessibility_contact_cy, body.accessibility_contact_en) == ("Tîm Digidol", "Digital Team")
    assert last_event(database) == "administration.contacts_changed"


def test_own_networks_are_kept_as_typed_and_a_line_that_is_none_is_told(
    admin: Visitor, database: Database, world: World
) -> None:
    admin.get(f"{HERE}/settings")
    page = admin.post(f"{HERE}/settings", {"networks": "10.20.0.0/16\nour office"})
    assert page.status_code == 422
    assert "This is not an address range: our office" in page.text
    assert "10.20.0.0/16" in page.text
    ranges = "10.20.0.0/16\n2001:db8::/32"
    assert admin.post(f"{HERE}/settings", {"networks": ranges}).status_code == 303
    assert "2001:db8::/32" in admin.get(f"{HERE}/settings").text
    with database.reading() as session:
        assert session.scalars(select(Body.networks).where(Body.slug == "taran")).one() == ranges
    assert last_event(database) == "administration.networks_changed"


def test_a_body_sees_neither_representatives_nor_other_bodies(admin: Visitor, world: World) -> None:
    from portal.administration.queries import get_own_body, get_own_branch, get_person_of
    from portal.core.errors import NotFound
    from portal.directory.models import Body
    from portal.identity.queries import find_actor

    app_state = admin.client.app.state  # type: ignore[attr-defined]
    token = admin.client.cookies.get("porth_session", path="/en/my") or ""
    with app_state.database.reading() as session:
        found = find_actor(session, token, now=app_state.settings.clock.now())
        assert found is not None
        actor, _signed = found
        body = session.scalars(select(Body).where(Body.slug == "taran")).one()
        for attempt in (
            lambda: get_own_body(session, actor, "other"),
            lambda: get_own_body(session, actor, "nowhere"),
            lambda: get_own_branch(session, actor, "unison-taran"),
            lambda: get_person_of(session, world.carys.person.id, body=body),
            lambda: get_person_of(session, world.stranger.person.id, body=body),
            lambda: get_person_of(session, "nobody", body=body),
        ):
            with pytest.raises(NotFound):
                attempt()


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
