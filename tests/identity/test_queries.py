"""Which roles an actor has, on which day."""

from datetime import datetime, timedelta

from portal.core.clock import london_day
from portal.core.db import Database
from portal.core.text import Locale
from portal.directory import service as directory
from portal.directory.queries import get_holding
from portal.directory.rules import RoleName
from portal.directory.service import RoleOffer
from portal.identity import queries, service
from portal.identity.actor import Actor, Holding
from portal.identity.rules import AccountKind
from portal.settings.models import Settings
from tests.people import Member, add_body, add_member, times_of

ACTOR = Actor(
    "account",
    "person",
    AccountKind.STAFF,
    "taran",
    frozenset(
        {
            Holding(RoleName.RESPONSIBLE_MANAGER, "taran", system_id="sys-1", system_slug="telematics"),
            Holding(RoleName.RESPONSIBLE_MANAGER, "other", system_slug="not-registered-yet"),
            Holding(RoleName.REVIEWER, "taran"),
        }
    ),
    Locale.CY,
)


def test_a_role_for_one_system_covers_that_system_only() -> None:
    assert ACTOR.holds(RoleName.RESPONSIBLE_MANAGER, body_id="taran", system_id="sys-1")
    assert not ACTOR.holds(RoleName.RESPONSIBLE_MANAGER, body_id="taran", system_id="sys-2")
    assert not ACTOR.holds(RoleName.RESPONSIBLE_MANAGER, body_id="other", system_id="sys-1")


def test_a_role_for_no_system_in_particular_covers_all_of_the_body() -> None:
    assert ACTOR.holds(RoleName.REVIEWER, body_id="taran", system_id="sys-2")
    assert not ACTOR.holds(RoleName.REVIEWER, body_id="other")
    assert not ACTOR.holds(RoleName.ADMINISTRATOR)


def test_bodies_are_told_by_role() -> None:
    assert ACTOR.bodies_where(RoleName.RESPONSIBLE_MANAGER) == {"taran", "other"}
    assert ACTOR.branches_where(RoleName.UNION_REPRESENTATIVE) == frozenset()


def test_a_role_that_ended_is_gone_on_the_same_day(database: Database, settings: Settings, now: datetime) -> None:
    with database.writing() as session:
        body = add_body(session)
        member: Member = add_member(session, settings, now, email="sian@taran.example", body=body, locale=Locale.CY)
        offer = RoleOffer(RoleName.RESPONSIBLE_MANAGER, body_id=body.id, system_slug="telematics", is_deputy=True)
        holding = directory.assign_role(session, member.person, offer, today=london_day(now))
        token = service.start_session(session, member.account, times_of(settings), now=now).token
    with database.writing() as session:
        found = queries.find_actor(session, token, now=now)
        assert found is not None
        assert found[0].locale is Locale.CY
        assert found[0].holdings == {
            Holding(RoleName.RESPONSIBLE_MANAGER, body.id, is_deputy=True, system_slug="telematics")
        }
        assert found[0] == queries.get_actor_of(session, member.person.id, today=london_day(now))
        directory.end_role(session, get_holding(session, holding.id), today=london_day(now))
    with database.reading() as session:
        found = queries.find_actor(session, token, now=now)
        assert found is not None
        assert found[0].holdings == frozenset()
        assert queries.find_actor(session, "nonsense", now=now) is None
        assert queries.find_session_owner(session, token) == member.account.id
        assert queries.find_actor(session, token, now=now + timedelta(days=1)) is None
