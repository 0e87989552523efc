"""What a body says of itself: contacts of its pages, and its own networks."""

from sqlalchemy import select

from portal.core.db import Database
from portal.directory.models import Body
from tests.administration.world import HERE, World, last_event
from tests.visitors import Visitor

SETTINGS = f"{HERE}/settings"


def refused(admin: Visitor, typed: dict[str, str]) -> str:
    """The page that says what is wrong with what was typed."""
    admin.get(SETTINGS)
    page = admin.post(SETTINGS, typed)
    assert page.status_code == 422
    return str(page.text)


def test_footer_texts_are_kept_in_both_languages_or_not_at_all(
    admin: Visitor, database: Database, world: World
) -> None:
    page = refused(admin, {"accessibility_cy": "Tîm Digidol"})
    assert "Write this in both languages" in page
    assert "Tîm Digidol" in page
    both = {"accessibility_cy": "Tîm Digidol", "accessibility_en": "Digital Team"}
    assert admin.post(SETTINGS, both).status_code == 303
    with database.reading() as session:
        body = session.scalars(select(Body).where(Body.slug == "taran")).one()
        assert (body.accessibility_contact_cy, body.accessibility_contact_en) == ("Tîm Digidol", "Digital Team")
    assert last_event(database) == "administration.contacts_changed"


def test_own_networks_are_kept_as_typed_and_a_line_that_is_none_is_told(
    admin: Visitor, database: Database, world: World
) -> None:
    page = refused(admin, {"networks": "10.20.0.0/16\nour office"})
    assert "This is not an address range: our office" in page
    assert "10.20.0.0/16" in page
    ranges = "10.20.0.0/16\n2001:db8::/32"
    assert admin.post(SETTINGS, {"networks": ranges}).status_code == 303
    assert "2001:db8::/32" in admin.get(SETTINGS).text
    with database.reading() as session:
        assert session.scalars(select(Body.networks).where(Body.slug == "taran")).one() == ranges
    assert last_event(database) == "administration.networks_changed"
