"""Taking steps: the gate without override, two signatures, the emergency, the plug."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, NotAllowed, Refused
from portal.core.ids import new_id
from portal.directory.models import RoleHolding
from portal.directory.rules import RoleName
from portal.identity.actor import Holding
from portal.register.lifecycle.asked import Asked
from portal.register.lifecycle.facts import get_facts
from portal.register.lifecycle.models import StaffNotice
from portal.register.lifecycle.rules import Cause, Letter
from portal.register.lifecycle.stepping import GateClosed, take_step
from portal.register.models import PublishedIsFinal
from portal.register.parts import EMPTY, Both
from portal.register.queries import get_system
from portal.register.rules import ChangeClass, SystemState
from portal.register.service import publish
from tests.register.changing import changed

if TYPE_CHECKING:
    from tests.register.lifecycle.conftest import Life

S = SystemState


def test_going_live_is_refused_with_the_whole_list_and_nothing_moves(life: "Life") -> None:
    life.stand(S.APPROVED)
    with pytest.raises(GateClosed) as closed:
        life.take("manager", "go_live")
    assert len(closed.value.missing) == len(life.lacks()) >= 5
    assert life.system.state is S.APPROVED


def test_with_everything_there_it_goes_live_and_its_next_check_is_set(life: "Life") -> None:
    life.make_ready()
    life.stand(S.APPROVED)
    assert len(life.lacks()) == 1, life.lacks()
    life.tell()
    assert life.lacks() == []
    line = life.take("manager", "go_live")
    assert (line.from_state, line.to_state, line.role) == (S.APPROVED, S.LIVE, "manager")
    assert life.system.state is S.LIVE and life.system.confirmed_on == life.today
    assert life.system.review_due_on is not None and life.system.review_due_on > life.today + timedelta(days=180)
    event = life.session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc()).limit(1)).one()
    assert (event.event, event.subject, event.facts["state"]) == ("register.go_live", life.system.id, "live")


def test_who_was_told_of_a_trial_was_not_told_that_it_stays(life: "Life") -> None:
    life.make_ready()
    life.stand(S.APPROVED)
    life.tell()
    life.take("manager", "start_trial", until=life.today + timedelta(days=60))
    life.later(1)
    assert len(life.lacks()) == 1
    life.tell()
    assert life.lacks() == []


def test_a_change_proposed_and_dropped_moves_no_check(life: "Life") -> None:
    due = life.system.review_due_on
    life.take("editor", "propose_change")
    life.take("editor", "drop_change")
    assert (life.system.state, life.system.review_due_on) == (S.LIVE, due)


def test_a_small_version_after_it_does_not_make_a_change_that_matters_small(life: "Life") -> None:
    life.take("editor", "propose_change")
    told = get_system(life.session, "K7RT3M").whole
    great = changed(told, life.today, one_sentence=Both(cy="Arall", en="Another"))
    publish(life.session, None, life.system, great, published_on=life.today, now=life.now)
    life.later(3)
    small = great.model_copy(update={"change": great.change.model_copy(update={"change_class": ChangeClass.MINOR})})
    publish(life.session, None, life.system, small, published_on=life.today, now=life.now)
    facts = get_facts(life.session, life.system, today=life.today)
    assert facts.is_material and facts.changed_on == life.today - timedelta(days=3)
    with pytest.raises(GateClosed):
        life.take("manager", "adopt_change")


@pytest.mark.parametrize("who", ["editor", "officer", "union", "driver", "stranger", "elsewhere"])
def test_nobody_else_puts_it_into_use(life: "Life", who: str) -> None:
    life.stand(S.APPROVED)
    with pytest.raises(NotAllowed):
        life.take(who, "go_live")


def test_who_answers_for_a_system_is_no_reviewer_of_it(life: "Life") -> None:
    before = get_facts(life.session, life.system, today=life.today).reviewers
    for who, count in (("deputy", before), ("driver", before + 1)):
        told = {"role": RoleName.REVIEWER, "body_id": life.system.body_id, "started_on": life.today}
        told |= {"post_cy": "Adolygydd", "post_en": "Reviewer"}
        life.session.add(RoleHolding(id=new_id(), person_id=life.actors[who].person_id, **told))
        life.session.flush()
        assert get_facts(life.session, life.system, today=life.today).reviewers == count


def test_a_step_from_an_old_page_is_refused(life: "Life") -> None:
    with pytest.raises(Conflict):
        take_step(life.session, life.actors["manager"], life.system, "suspend", Asked(S.PILOT), post=life.post)


def test_an_emergency_takes_two_people_tells_everybody_and_ends_by_itself(life: "Life") -> None:
    life.stand(S.PROPOSED)
    first = life.take("manager", "go_live_emergency")
    assert first.from_state is first.to_state is S.PROPOSED
    assert life.letters("system_task") == 2
    with pytest.raises(Conflict):
        life.take("manager", "go_live_emergency")
    life.take("officer", "go_live_emergency", reason=EMPTY)
    assert life.steps()[-1].to_state is life.system.state is S.EMERGENCY
    assert life.system.state_until == life.today + timedelta(days=28)
    last = life.steps()[-1]
    assert (last.reason_cy, last.reason_en, last.role) == ("Rheswm", "Reason", "officer")
    notice = life.session.scalars(select(StaffNotice)).one()
    assert notice.letter is Letter.EMERGENCY and notice.text_en == "Reason"
    assert life.letters("system_union") == 4


def test_one_person_with_both_roles_cannot_sign_twice(life: "Life") -> None:
    life.stand(S.PROPOSED)
    manager = life.actors["manager"]
    officer = Holding(RoleName.DATA_PROTECTION_OFFICER, body_id=life.system.body_id)
    life.actors["manager"] = replace(manager, holdings=manager.holdings | {officer})
    life.take("manager", "go_live_emergency")
    with pytest.raises(Conflict):
        life.take("manager", "go_live_emergency")
    assert life.system.state is S.PROPOSED
    life.take("officer", "go_live_emergency")
    assert life.system.state is S.EMERGENCY


def test_manager_and_deputy_are_one_role_and_a_signature_ends_when_the_system_moves(life: "Life") -> None:
    life.stand(S.PROPOSED)
    life.take("manager", "go_live_emergency")
    with pytest.raises(Conflict):
        life.take("deputy", "go_live_emergency")
    life.stand(S.READINESS)
    life.take("officer", "go_live_emergency")
    assert life.system.state is S.READINESS, "what was signed before it moved on is not signed now"


def test_a_first_signature_lapses(life: "Life") -> None:
    life.stand(S.ASSESSMENT)
    life.make_ready()
    life.take("officer", "approve")
    life.later(15)
    life.take("manager", "approve")
    assert life.system.state is S.ASSESSMENT


def test_out_of_an_emergency_the_same_gate_has_to_be_passed(life: "Life") -> None:
    life.stand(S.EMERGENCY)
    with pytest.raises(GateClosed):
        life.take("manager", "go_live")
    life.take("officer", "suspend", cause=Cause.CHECK)
    with pytest.raises(GateClosed):
        life.take("manager", "resume")


def test_what_was_in_ordinary_use_is_switched_on_again_without_it(life: "Life") -> None:
    life.take("manager", "suspend", cause=Cause.HARM)
    life.take("manager", "resume")
    assert life.system.state is S.LIVE


@pytest.mark.parametrize("who", ["manager", "deputy", "officer"])
def test_the_plug_is_pulled_by_one_person_and_staff_are_told_the_same_day(life: "Life", who: str) -> None:
    line = life.take(who, "suspend", cause=Cause.WRONG)
    assert life.system.state is S.SUSPENDED and line.facts["cause"] == "wrong"
    notice = life.session.scalars(select(StaffNotice)).one()
    assert (notice.letter, notice.told_on) == (Letter.SUSPENDED, life.today)
    assert "wrong results" in notice.text_en and "anghywir" in notice.text_cy and "Reason" in notice.text_en


def test_the_unions_extend_a_consultation_once(life: "Life") -> None:
    life.make_ready()
    life.stand(S.READINESS)
    ends = life.today + timedelta(days=30)
    life.take("manager", "open_consultation", until=ends)
    assert life.system.state_until == ends and life.letters("system_union") == 4
    with pytest.raises(Refused, match="last possible day"):
        life.take("union", "extend_consultation", until=ends + timedelta(days=31))
    life.take("union", "extend_consultation", until=ends + timedelta(days=14))
    assert life.system.state is S.IN_CONSULTATION and life.system.state_until == ends + timedelta(days=14)
    with pytest.raises(Refused):
        life.take("union", "extend_consultation", until=ends + timedelta(days=28))


def test_the_log_is_never_changed(life: "Life") -> None:
    life.steps()[0].reason_en = "Something else"
    with pytest.raises(PublishedIsFinal):
        life.session.flush()
    life.session.rollback()


def test_once_moved_in_the_portal_a_file_no_longer_says_where_it_stands(life: "Life") -> None:
    life.take("manager", "suspend", cause=Cause.CHECK)
    life.make_ready()
    assert life.system.state is S.SUSPENDED
