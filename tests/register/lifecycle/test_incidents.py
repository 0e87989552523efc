"""What went wrong: who records it, the review that a serious one brings, what was put right, and what cases teach."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal.core.db import Database
from portal.core.errors import Conflict, NotAllowed
from portal.core.ids import new_id
from portal.core.text import Locale
from portal.register.lifecycle import incidents, queries, view
from portal.register.lifecycle.duties import watch_systems
from portal.register.lifecycle.incidents import NewIncident, lessons
from portal.register.lifecycle.models import LifecycleReminder, SystemIncident
from portal.register.lifecycle.queries import Show
from portal.register.lifecycle.rules import Cause
from portal.register.lifecycle.stepping import GateClosed
from portal.register.parts import Both
from portal.register.rules import SystemState
from portal.settings.models import Settings

if TYPE_CHECKING:
    from tests.register.lifecycle.conftest import Life

S = SystemState
TOLD = Both(cy="Aeth rhywbeth o’i le", en="Something went wrong")


def happened(life: "Life", who: str = "manager", *, is_serious: bool = True, made: str = "") -> SystemIncident:
    new = NewIncident(made or new_id(), is_serious, life.today - timedelta(days=1), TOLD, TOLD)
    return incidents.record_incident(life.session, life.actors[who], life.system, new, post=life.post)


def test_a_serious_incident_brings_a_review_with_its_day_and_tells_both_sides(life: "Life") -> None:
    happened(life)
    line = life.steps()[-1]
    assert (line.step, line.role, line.facts["cause"]) == ("open_review", "portal", Cause.INCIDENT)
    assert life.system.state is S.UNDER_REVIEW and life.system.state_until == life.today + timedelta(days=28)
    assert (life.letters("system_task"), life.letters("system_union")) == (2, 4)  # manager and deputy; two branches
    standing = queries.get_standing(life.session, life.system.id)
    assert standing.review_by == life.system.state_until
    assert standing.why is not None and "incident" in standing.why.get(Locale.EN)


def test_one_that_is_not_serious_is_told_and_moves_nothing(life: "Life") -> None:
    happened(life, is_serious=False)
    assert life.system.state is S.LIVE and life.letters("system_union") == 4
    assert len(incidents.list_incidents(life.session, life.system.id)) == 1
    assert incidents.list_incidents(life.session, life.system.id, on=life.today - timedelta(days=1)) == []


def test_the_same_form_records_once(life: "Life") -> None:
    made = new_id()
    assert happened(life, made=made) is happened(life, made=made)
    assert life.letters("system_union") == 4


@pytest.mark.parametrize("who", ["union", "driver", "stranger", "elsewhere"])
def test_others_record_nothing_and_mend_nothing(life: "Life", who: str) -> None:
    with pytest.raises(NotAllowed):
        happened(life, who)
    incident = happened(life, "officer", is_serious=False)
    with pytest.raises(NotAllowed):
        incidents.mend(life.session, life.actors[who], life.system, incident, TOLD, post=life.post)


def test_a_review_ends_only_when_it_is_written_what_was_put_right_and_that_is_said_once(life: "Life") -> None:
    incident = happened(life)
    with pytest.raises(GateClosed):
        life.take("manager", "close_review")
    incidents.mend(life.session, life.actors["editor"], life.system, incident, TOLD, post=life.post)
    with pytest.raises(Conflict):
        incidents.mend(life.session, life.actors["editor"], life.system, incident, TOLD, post=life.post)
    life.take("manager", "close_review")
    assert life.system.state is S.LIVE


@pytest.mark.parametrize("state", [S.PILOT, S.EMERGENCY, S.CHANGE_PROPOSED, S.SUSPENDED])
def test_where_no_review_can_begin_it_is_due_today_and_opened_as_soon_as_it_can(
    life: "Life", register: Database, settings: Settings, state: SystemState
) -> None:
    life.stand(state, state_until=life.today + timedelta(days=20))
    happened(life)
    happened(life)
    assert life.system.state is state and life.system.review_due_on == life.today
    assert [line.step for line in life.steps()].count("review_owed") == 1
    life.later(1)
    life.stand(S.LIVE, confirmed_on=life.today)
    life.session.commit()
    watch_systems(register, settings, life.now)
    life.session.expire_all()
    assert life.system.state is S.UNDER_REVIEW


@pytest.mark.parametrize("state", [S.APPROVED, S.RETIRED, S.UNDER_REVIEW])
def test_elsewhere_a_serious_incident_is_told_and_moves_nothing(life: "Life", state: SystemState) -> None:
    life.stand(state)
    happened(life)
    assert life.system.state is state and life.letters("system_task") == 2 and life.letters("system_union") == 4


def test_a_review_that_is_late_is_told_once(life: "Life", register: Database, settings: Settings) -> None:
    happened(life)
    for _ in range(2):
        life.later(29)
        life.session.commit()
        watch_systems(register, settings, life.now)
        life.session.expire_all()
    matters = life.session.scalars(
        select(LifecycleReminder.matter).where(LifecycleReminder.system_id == life.system.id)
    ).all()
    assert matters.count("review_late") == 1
    life.system.review_due_on, life.system.confirmed_on = None, life.today
    life.session.flush()
    listed = queries.list_desk(life.session, life.actors["manager"], show=Show.OVERDUE, today=life.today)
    assert [line.short_code for line in listed.items] == ["K7RT3M"]


def learn(life: "Life", *days_ago: int, point: str = "harsh-braking-flag") -> bool:
    days: list[date] = [life.today - timedelta(days=ago) for ago in days_ago]
    return lessons(life.session, life.system, point, days, post=life.post) is not None


def test_three_overturned_decisions_of_one_kind_propose_a_change_once_and_tell_both_sides(life: "Life") -> None:
    assert not learn(life, 1, 2) and life.system.state is S.LIVE
    assert learn(life, 1, 2, 0)
    line = life.steps()[-1]
    assert (line.step, line.role, line.facts["cause"]) == ("propose_change", "portal", "overturned")
    assert line.to_state is S.CHANGE_PROPOSED
    assert (life.letters("system_task"), life.letters("system_union")) == (2, 4)  # manager and deputy; two branches
    standing = queries.get_standing(life.session, life.system.id)
    assert standing.is_changing and standing.why is not None and "three decisions" in standing.why.get(Locale.EN)
    assert queries.find_learned(life.session, life.system) is line
    life.stand(S.LIVE)
    assert queries.find_learned(life.session, life.system) is None
    life.later(1)
    assert not learn(life, 2, 3, 1) and not learn(life, 2, 3, 1, 0, 0)
    assert learn(life, 2, 3, 1, 0, 0, 0)


def test_a_change_that_the_portal_proposed_cannot_just_be_dropped_the_review_comes_instead(life: "Life") -> None:
    learn(life, 0, 0, 0)
    life.take("manager", "drop_change")
    line = life.steps()[-1]
    assert (line.step, line.facts["cause"], life.system.state) == ("open_review", "overturned", S.UNDER_REVIEW)
    assert queries.find_learned(life.session, life.system) is line
    life.take("manager", "close_review")
    assert queries.find_learned(life.session, life.system) is None
    life.take("editor", "propose_change")
    assert not queries.get_standing(life.session, life.system.id).is_changing
    life.take("editor", "drop_change")
    assert life.system.state is S.LIVE


@pytest.mark.parametrize("state", [S.PILOT, S.EMERGENCY, S.CHANGE_PROPOSED, S.SUSPENDED])
def test_where_no_change_can_be_proposed_a_review_is_due_and_the_page_says_why(
    life: "Life", state: SystemState
) -> None:
    life.stand(state, state_until=life.today + timedelta(days=20))
    assert learn(life, 0, 0, 0)
    line = life.steps()[-1]
    assert (line.step, life.system.state) == ("review_owed", state)
    found = queries.find_learned(life.session, life.system)
    assert found is line and view.learned(found) == view.LEARNED["review_owed"]
    assert life.letters("system_union") == 4


@pytest.mark.parametrize("state", [S.UNDER_REVIEW, S.RETIRING, S.RETIRED])
def test_a_review_that_is_under_way_looks_at_it_as_well(life: "Life", state: SystemState) -> None:
    life.stand(state)
    assert not learn(life, 0, 0, 0) and life.system.state is state


def test_the_change_says_which_kind_of_decision(life: "Life") -> None:
    from portal.register.lifecycle.facts import current_version, record_of

    record = record_of(life.session, life.system, current_version(life.session, life.system))
    assert record is not None
    point = record.decision_points[0]
    assert learn(life, 0, 0, 0, point=point.key)
    assert life.steps()[-1].reason_en == point.title.en
