"""A body keeps closed requests for the years that it chose within what is usual; the others keep the defaults."""

from datetime import date

import pytest
from sqlalchemy import select

from portal.audit.models import AuditEvent
from portal.cases.models import Case
from portal.core.errors import NotFound, Refused
from portal.directory.models import RoleHolding
from portal.directory.rules import RoleName
from portal.subject_access.after.duties import close_requests, delete_what_is_due
from portal.subject_access.after.keeping import keeping_of, set_keeping
from portal.subject_access.after.models import Tombstone
from portal.subject_access.after.rules import DEFAULT_KEEPING, Keeping, Rule, is_usual, request_goes_on
from tests.subject_access.after.conftest import Refuse
from tests.subject_access.browsing import sign_in
from tests.subject_access.conftest import World, actor_of
from tests.visitors import Visitor

PAGE = "/en/my/desk/access/keeping"


def choose(world: World, keeping: Keeping, who: str = "helen") -> None:
    actor = actor_of(world.members[who], (RoleName.ADMINISTRATOR,))
    with world.database.writing() as session:
        set_keeping(session, actor, world.bodies["taran"].id, keeping, desk=world.desk)


def pass_time(world: World, day: date) -> int:
    for duty in (close_requests, delete_what_is_due):
        duty(world.database, world.settings, world.on(day).now)
    with world.database.reading() as session:
        return len(session.scalars(select(Case.id)).all())


@pytest.mark.parametrize(("closed", "reopened", "usual"), [
    (2, 2, True), (2, 6, True), (6, 6, True), (1, 6, False), (2, 7, False), (5, 4, False),
])  # fmt: skip
def test_only_what_is_usual_can_be_chosen(world: World, closed: int, reopened: int, usual: bool) -> None:
    assert is_usual(Keeping(closed, reopened)) is usual
    if not usual:
        with pytest.raises(Refused, match="2 to 6 years"):
            choose(world, Keeping(closed, reopened))


def test_the_rule_says_when_a_period_is_the_bodys_own() -> None:
    own = Keeping(2, 5)
    assert request_goes_on(date(2027, 4, 1), was_reopened=False, keeping=own) == (date(2029, 4, 1), Rule.OWN_CLOSED)
    assert request_goes_on(date(2027, 4, 1), was_reopened=True, keeping=own) == (date(2032, 4, 1), Rule.OWN_REOPENED)


@pytest.mark.parametrize(("years", "gone_on", "rule"), [
    (2, date(2029, 11, 29), "own_closed"), (3, date(2030, 11, 29), "years_3"), (5, date(2032, 11, 29), "own_closed"),
])  # fmt: skip
def test_a_request_goes_after_the_years_of_its_body(
    world: World, refuse: Refuse, years: int, gone_on: date, rule: str
) -> None:
    with world.database.writing() as session:
        refuse(session)
    choose(world, Keeping(years, 6))
    assert pass_time(world, date(2027, 11, 29)) == 1
    assert pass_time(world, date(gone_on.year, 11, 28)) == 1
    assert pass_time(world, gone_on) == 0
    with world.database.reading() as session:
        assert session.scalars(select(Tombstone.rule)).one() == rule


def test_another_body_keeps_the_defaults_and_the_change_is_audited(world: World) -> None:
    choose(world, Keeping(2, 4))
    with world.database.reading() as session:
        assert keeping_of(session, world.bodies["taran"].id) == Keeping(2, 4)
        assert keeping_of(session, world.bodies["mynach"].id) == DEFAULT_KEEPING
        event = session.scalars(select(AuditEvent).where(AuditEvent.event == "access.keeping_set")).one()
        assert event.facts == {"closed": 2, "reopened": 4, "closed_before": 3, "reopened_before": 6}


def test_only_the_administrator_of_the_body_chooses(world: World, visitor: Visitor) -> None:
    with pytest.raises(NotFound):
        choose(world, Keeping(2, 2), who="dafydd")
    sign_in(visitor, "rhodri")
    assert visitor.get(PAGE).status_code == 404


def test_the_administrator_reads_and_changes_the_periods(world: World, visitor: Visitor) -> None:
    with world.database.writing() as session:
        holding = session.scalars(
            select(RoleHolding).where(RoleHolding.person_id == world["helen"].person_id)
        ).one()  # fmt: skip
        holding.role = RoleName.ADMINISTRATOR
    sign_in(visitor, "helen")
    assert "How long access requests are kept" in visitor.get(PAGE).text
    body = world.bodies["taran"].id
    wrong = visitor.post(PAGE, {"body": body, "closed": "5", "reopened": "4"})
    assert wrong.status_code == 422 and "Choose from 2 to 6 years" in wrong.text
    assert visitor.post(PAGE, {"body": body, "closed": "4", "reopened": "5"}).status_code == 303
    assert visitor.post(PAGE, {"body": world.bodies["mynach"].id, "closed": "2", "reopened": "2"}).status_code != 303
    with world.database.reading() as session:
        assert keeping_of(session, body) == Keeping(4, 5)
