"""The people of a body: found, invited, closed when they leave, invited again; other bodies are behind a wall."""

import pytest
from sqlalchemy import select

from portal.administration.queries import get_own_body, get_own_branch, get_person_of
from portal.core.db import Database
from portal.core.errors import NotFound
from portal.core.ids import new_id
from portal.directory.models import Body, Engagement, Person
from portal.identity.models import Account, Invitation
from portal.identity.queries import find_actor
from portal.notifications.models import OutboxLetter
from tests.administration.world import HERE, UNION_ADMIN, World, count, last_event
from tests.visitors import Visitor


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


def test_a_body_sees_neither_representatives_nor_other_bodies(admin: Visitor, world: World) -> None:
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
