"""A role given after the register was filled finds its system by slug, in its own body only."""

from datetime import date, datetime

from portal.core.db import Database
from portal.directory import service as directory
from portal.directory.rules import RoleName
from portal.directory.service import RoleOffer
from portal.register.responsible import link_responsible
from portal.register.service import add_system
from tests.people import add_body


def test_a_role_finds_the_system_of_its_slug_in_its_body(database: Database, now: datetime) -> None:
    with database.writing() as session:
        body, other = add_body(session), add_body(session, "other")
        system = add_system(session, body_id=body.id, slug="telematics", short_code=None, now=now)
        roles = []
        for at in (body, other):
            person = directory.add_person(session, body_id=at.id, display_name=at.slug, email=f"a@{at.slug}.example")
            offer = RoleOffer(RoleName.RESPONSIBLE_MANAGER, body_id=at.id, system_slug="telematics")
            roles.append(directory.assign_role(session, person, offer, today=date(2026, 11, 22)))
        link_responsible(session)
        session.expire_all()
        assert [role.system_id for role in roles] == [system.id, None]
