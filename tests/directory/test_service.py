"""Roles, periods and what the database itself refuses."""

from datetime import date, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from portal.core.db import Database
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.ids import new_id
from portal.core.text import Bilingual
from portal.directory import queries, service
from portal.directory.models import Engagement, Person, RoleHolding, StaffGroup, Workplace
from portal.directory.rules import EngagementKind, RoleName, fits_role, is_current
from portal.directory.service import RoleOffer
from portal.directory.titles import role_title
from portal.settings.models import Settings
from tests.people import add_body, add_branch

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("started", "ended", "current"),
    [
        (date(2026, 11, 22), None, True),
        (date(2026, 11, 23), None, False),
        (date(2026, 1, 1), date(2026, 11, 23), True),
        (date(2026, 1, 1), date(2026, 11, 22), False),
    ],
)
def test_a_period_runs_up_to_and_without_its_last_day(started: date, ended: date | None, current: bool) -> None:
    assert is_current(started, ended, today=DAY) is current


@pytest.mark.parametrize("role", list(RoleName))
def test_every_role_has_one_place_and_a_title(role: RoleName) -> None:
    for_body = fits_role(role, body_id="b", branch_id=None, system_slug=None)
    for_branch = fits_role(role, body_id=None, branch_id="u", system_slug=None)
    assert for_body is not for_branch
    assert not fits_role(role, body_id="b", branch_id="u", system_slug=None)
    assert role_title(role).context == "role"


def test_a_role_is_held_once_and_may_be_held_again_after_it_ended(database: Database) -> None:
    offer_post = Bilingual("Pennaeth", "Head")
    with database.writing() as session:
        body = add_body(session)
        person = service.add_person(session, body_id=body.id, display_name="Siân", email=" Sian@Taran.example ")
        assert queries.find_person_by_email(session, "SIAN@taran.example") is person
        offer = RoleOffer(RoleName.REVIEWER, body_id=body.id, post=offer_post)
        first = service.assign_role(session, person, offer, today=DAY)
        with pytest.raises(Conflict):
            service.assign_role(session, person, offer, today=DAY)
        service.end_role(session, first, today=DAY)
        service.end_role(session, first, today=date(2027, 1, 1))
        assert first.ended_on == DAY
        again = service.assign_role(session, person, offer, today=DAY)
        assert queries.list_holdings_of(session, person.id, today=DAY) == [again]
        with pytest.raises(Conflict):
            service.add_person(session, body_id=body.id, display_name="Arall", email="sian@taran.example")
        with pytest.raises(Refused):
            service.assign_role(session, person, RoleOffer(RoleName.REVIEWER), today=DAY)


def test_a_system_is_tied_to_the_roles_that_named_it(database: Database) -> None:
    with database.writing() as session:
        body, other = add_body(session), add_body(session, "other")
        for at in (body, other):
            person = service.add_person(session, body_id=at.id, display_name=at.slug, email=f"a@{at.slug}.example")
            offer = RoleOffer(RoleName.RESPONSIBLE_MANAGER, body_id=at.id, system_slug="telematics")
            service.assign_role(session, person, offer, today=DAY)
        service.link_systems(session, {(body.id, "telematics"): "system-1"})
        role = RoleName.RESPONSIBLE_MANAGER
        held = queries.list_role_holders(session, role=role, body_id=body.id, today=DAY, system_id="system-1")
        assert [person.display_name for _holding, person in held] == ["taran"]
        assert not queries.list_role_holders(session, role=role, body_id=other.id, today=DAY, system_id="system-1")


def test_leaving_ends_roles_and_engagements_and_nothing_before(database: Database) -> None:
    with database.writing() as session:
        body = add_body(session)
        place = Workplace(id=new_id(), body_id=body.id, slug="depo", name_cy="Depo", name_en="Depot")
        group = StaffGroup(id=new_id(), body_id=body.id, code="refuse", name_cy="Gwastraff", name_en="Refuse")
        session.add_all([place, group])
        person = service.add_person(session, body_id=body.id, display_name="Siân", email="sian@taran.example")
        session.flush()
        works = Engagement(
            id=new_id(), person_id=person.id, body_id=body.id, workplace_id=place.id, staff_group_id=group.id,
            kind=EngagementKind.BANK, started_on=date(2024, 1, 1), ended_on=None,
        )  # fmt: skip
        service.add_engagement(session, works)
        service.assign_role(session, person, RoleOffer(RoleName.REVIEWER, body_id=body.id), today=DAY)
        assert [held.role for held in service.end_all(session, person, today=DAY)] == [RoleName.REVIEWER]
        assert queries.list_engagements(session, person.id, today=DAY) == []
        assert queries.list_engagements(session, person.id) == [works]


def test_recognised_branches_are_told_by_body(database: Database) -> None:
    with database.writing() as session:
        add_body(session)
        branch = add_branch(session)
        assert queries.list_bodies_recognising(session, branch.id) == []
        with pytest.raises(NotFound):
            queries.get_branch(session, "nowhere")


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": RoleName.REVIEWER, "branch": True},
        {"role": RoleName.UNION_REPRESENTATIVE, "body": True},
        {"role": RoleName.REVIEWER, "body": True, "system_slug": "telematics"},
        {"role": RoleName.RESPONSIBLE_MANAGER, "body": True, "system_id": "s"},
        {"role": RoleName.REVIEWER, "body": True, "ended_on": date(2020, 1, 1)},
    ],
)
def test_the_database_itself_refuses_roles_that_cannot_be(
    database: Database, settings: Settings, now: datetime, wrong: dict[str, object]
) -> None:
    with database.writing() as session:
        body, branch = add_body(session), add_branch(session)
        person = Person(id=new_id(), body_id=body.id, display_name="Siân", email="sian@taran.example")
        session.add(person)
        session.flush()
        at_body, at_branch = wrong.pop("body", False), wrong.pop("branch", False)
        session.add(
            RoleHolding(
                id=new_id(), person_id=person.id, started_on=DAY, body_id=body.id if at_body else None,
                branch_id=branch.id if at_branch else None, **wrong,
            )
        )  # fmt: skip
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()
