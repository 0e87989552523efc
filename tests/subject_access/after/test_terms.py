"""The days of a body: in how many it means to answer, never past the law's day, and for how many a file stays."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.audit.models import AuditEvent
from portal.cases.models import Case
from portal.core.errors import NotFound, Refused
from portal.directory.models import RoleHolding
from portal.directory.rules import RoleName
from portal.subject_access.after.erasing import Asked, list_going
from portal.subject_access.after.rules import Rule, What
from portal.subject_access.answering.releasing import issue_again
from portal.subject_access.models import Disclosure
from portal.subject_access.rules import FILES_DAYS, TARGET_DAYS, USUAL, Terms
from portal.subject_access.terms import set_terms, terms_of
from portal.timelimits.calendar import WorkingDays
from portal.timelimits.events import Event, EventKind
from portal.timelimits.rules import access_request
from tests.subject_access.answering.answers import released
from tests.subject_access.browsing import sign_in
from tests.subject_access.conftest import World, actor_of
from tests.visitors import Visitor

PAGE = "/en/my/desk/access/keeping"


def choose(world: World, terms: Terms, who: str = "helen") -> None:
    actor = actor_of(world.members[who], (RoleName.ADMINISTRATOR,))
    with world.database.writing() as session:
        set_terms(session, actor, world.bodies["taran"].id, terms, desk=world.desk)


def test_a_request_has_the_target_that_its_body_had_when_it_came(world: World) -> None:
    with world.database.writing() as session:
        before = world.request(session)
        first = before.target_on
    choose(world, Terms(20, 90))
    with world.database.writing() as session:
        after = world.request(session)
        assert (after.target_on - after.received_on).days == 20
        assert after.due_on == before.due_on
        assert first == before.target_on == before.received_on + timedelta(days=28)
        other = world.request(session, world["dafydd"], body_id=world.bodies["mynach"].id,
                              requester_person_id=world["dafydd"].person_id)  # fmt: skip
        assert (other.target_on - other.received_on).days == 28


@pytest.mark.parametrize("days", TARGET_DAYS)
def test_no_target_is_later_than_the_law_on_any_day_of_a_year(days: int) -> None:
    calendar = WorkingDays(())
    for offset in range(0, 366, 5):
        for extended in (False, True):
            came = date(2026, 1, 1) + timedelta(days=offset)
            events = [Event(EventKind.RECEIVED, came, working_days=days)]
            events += [Event(EventKind.EXTENDED, came + timedelta(days=3))] if extended else []
            limit = access_request(events, calendar)
            assert limit.target_on <= min(limit.due_on, limit.cautious_on, limit.literal_on)


@pytest.mark.parametrize("terms", [Terms(13, 90), Terms(29, 90), Terms(28, 29), Terms(28, 91)])
def test_days_out_of_bounds_are_refused(world: World, terms: Terms) -> None:
    with pytest.raises(Refused, match="14 to 28"):
        choose(world, terms)
    assert (TARGET_DAYS[-1], FILES_DAYS[-1]) == (USUAL.target_days, USUAL.files_days)


def test_a_file_stays_for_the_days_of_its_body_and_what_was_found_so_long_after_it(world: World) -> None:
    choose(world, Terms(28, 30))
    reference = released(world, b"Llun 08:00")
    until = world.desk.today + timedelta(days=30)
    with world.database.reading() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        assert session.scalars(select(Disclosure.remove_on)).one() == until
        assert list_going(session, Asked(until - timedelta(days=1))) == []
        going = {one.what: (one.on, one.rule) for one in list_going(session, Asked(until + timedelta(days=60)))}
        assert going[What.FILE] == (until, Rule.OWN_FILES)
        assert going[What.MATERIAL] == (until + timedelta(days=30), Rule.OWN_FILES)
        assert case.finished_on == world.desk.today


def test_nobody_shortens_what_was_promised_by_asking_for_longer(world: World) -> None:
    released(world)
    choose(world, Terms(USUAL.target_days, 30))
    for after, kept in ((10, 90), (70, 100)):
        with world.database.writing() as session:
            case = session.scalars(select(Case)).one()
            disclosure = issue_again(session, world["sian"], case, desk=world.after(after))
            assert disclosure.remove_on == world.after(kept).today


def test_the_administrator_chooses_on_the_page_and_the_change_is_audited(world: World, visitor: Visitor) -> None:
    with pytest.raises(NotFound):
        choose(world, Terms(20, 60), who="dafydd")
    with world.database.writing() as session:
        mine = select(RoleHolding).where(RoleHolding.person_id == world["helen"].person_id)
        session.scalars(mine).one().role = RoleName.ADMINISTRATOR
    sign_in(visitor, "helen")
    body = world.bodies["taran"].id
    visitor.get(PAGE)
    wrong = visitor.post(f"{PAGE}/days", {"body": body, "target": "27", "files": "9x"})
    assert wrong.status_code == 422 and 'value="9x"' in wrong.text and "Enter from 14 to 28" in wrong.text
    assert visitor.post(f"{PAGE}/days", {"body": body, "target": "21", "files": "60"}).status_code == 303
    visitor.get(PAGE)
    other = world.bodies["mynach"].id
    assert visitor.post(f"{PAGE}/days", {"body": other, "target": "21", "files": "60"}).status_code == 404
    with world.database.reading() as session:
        assert terms_of(session, body) == Terms(21, 60)
        event = session.scalars(select(AuditEvent).where(AuditEvent.event == "access.terms_set")).one()
        assert event.facts == {"target": 21, "files": 60, "target_before": 28, "files_before": 90}
