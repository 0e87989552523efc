"""Beside the steps: notices to everybody affected, silence of unions, confirmations, and what the sweep does."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal.core.db import Database
from portal.core.errors import NotAllowed, NotFound, Refused
from portal.core.ids import new_id
from portal.core.text import Locale
from portal.directory.models import BranchRecognition, RoleHolding
from portal.directory.rules import RoleName
from portal.register import affecting
from portal.register.lifecycle import queries, service
from portal.register.lifecycle.duties import tell_affected_staff, watch_systems
from portal.register.lifecycle.facts import REMINDED, silence_noted
from portal.register.lifecycle.models import LifecycleReminder, RegisterLimits, StaffNotice, WorkMeasurement
from portal.register.lifecycle.queries import Show
from portal.register.lifecycle.rules import Cause, Letter
from portal.register.lifecycle.standing import get_own
from portal.register.lifecycle.stepping import GateClosed
from portal.register.lifecycle.telling import queue_next_letters
from portal.register.models import System
from portal.register.parts import Both
from portal.register.rules import SystemState
from portal.register.terms import Aspect, TalkStage
from portal.register.voices import service as voices
from portal.register.voices.service import NewTalk
from portal.settings.models import Settings

if TYPE_CHECKING:
    from tests.register.lifecycle.conftest import Life

S = SystemState
WORDS = Both(cy="Geiriau", en="Words")


def test_a_notice_goes_to_everybody_with_an_account_whom_the_system_affects(life: "Life") -> None:
    life.tell()
    notice = life.session.scalars(select(StaffNotice)).one()
    works = [affecting.works_of(life.session, actor.person_id, today=life.today) for actor in life.actors.values()]
    hit = [affecting.affecting(life.session, own, Locale.CY) for own in works]
    affected = sum(any(one.card.short_code == "K7RT3M" for one in hits) for hits in hit)
    assert affected == 2 == queue_next_letters(life.session, notice, life.post)
    assert notice.finished_at is not None and life.letters("system_starts") == 2


def test_a_notice_must_leave_staff_a_fortnight(life: "Life") -> None:
    soon = life.today + timedelta(days=13)
    with pytest.raises(Refused):
        service.tell_staff(
            life.session, life.actors["manager"], life.system, WORDS, soon, notice_id=new_id(), post=life.post
        )
    with pytest.raises(NotAllowed):
        service.tell_staff(
            life.session, life.actors["officer"], life.system, WORDS, soon, notice_id=new_id(), post=life.post
        )


def ask(life: "Life") -> None:
    """Open a consultation with every branch."""
    new = NewTalk(new_id(), TalkStage.CHANGE, WORDS, life.today + timedelta(days=14))
    voices.open_talk(life.session, life.actors["editor"], life.system, new, post=life.post, tells=False)


def test_silence_is_reminded_then_taken_further_and_only_then_counts(life: "Life") -> None:
    system, editor = life.system, life.actors["editor"]
    ask(life)
    branches = life.session.scalars(
        select(BranchRecognition.branch_id).where(BranchRecognition.body_id == system.body_id)
    ).all()
    with pytest.raises(Refused):
        service.escalate_silence(life.session, editor, system, branches[0], WORDS, post=life.post)
    service.remind_union(life.session, editor, system, branches[0], post=life.post)
    assert life.letters("system_union") == 2  # the two representatives of that branch
    line = service.escalate_silence(life.session, editor, system, branches[0], WORDS, post=life.post)
    assert line.from_state is line.to_state is S.LIVE and line.facts == {"branch": branches[0]}
    with pytest.raises(NotAllowed):
        service.remind_union(life.session, editor, system, new_id(), post=life.post)


def test_a_reminder_of_an_earlier_talk_says_nothing_about_the_next(life: "Life") -> None:
    [branch, *_] = life.session.scalars(
        select(BranchRecognition.branch_id).where(BranchRecognition.body_id == life.system.body_id)
    )
    ask(life)
    service.remind_union(life.session, life.actors["editor"], life.system, branch, post=life.post)
    assert silence_noted(life.steps()) == {(REMINDED, branch): life.today}
    life.take("editor", "propose_change")
    assert silence_noted(life.steps()) == {}


def test_still_right_is_one_line_a_day_and_the_managers_alone(life: "Life") -> None:
    before = len(life.steps())
    for _ in range(2):
        service.confirm(life.session, life.actors["manager"], life.system, post=life.post)
    assert life.system.confirmed_on == life.today and len(life.steps()) == before + 1
    with pytest.raises(NotAllowed):
        service.confirm(life.session, life.actors["editor"], life.system, post=life.post)


def test_what_waits_for_a_confirmation_stands_before_its_manager(life: "Life") -> None:
    assert queries.list_to_confirm(life.session, life.actors["manager"], today=life.today) == []
    life.system.confirmed_on = life.today - timedelta(days=100)
    life.session.flush()
    [line] = queries.list_to_confirm(life.session, life.actors["manager"], today=life.today)
    assert line.short_code == "K7RT3M"
    assert queries.list_to_confirm(life.session, life.actors["stranger"], today=life.today) == []
    assert queries.list_to_confirm(life.session, life.actors["editor"], today=life.today) == []


@pytest.mark.parametrize(
    ("who", "codes"),
    [
        ("manager", {"K7RT3M"}),
        ("stranger", {"NW9D4V"}),
        ("editor", {"K7RT3M", "NW9D4V", "HG2M9R", "GN3W7X"}),
        ("officer", {"K7RT3M", "NW9D4V", "HG2M9R", "GN3W7X"}),
        ("union", {"K7RT3M", "NW9D4V", "HG2M9R", "GN3W7X"}),
        ("elsewhere", {"RT4S7K", "BS5C8T", "CK8V2P", "FW6N3D"}),
        ("driver", set()),
    ],
)
def test_everybody_sees_their_own_systems_only(life: "Life", who: str, codes: set[str]) -> None:
    actor = life.actors[who]
    seen = queries.list_desk(life.session, actor, show=Show.ALL, today=life.today).items
    assert {line.short_code for line in seen} == codes
    for code in ("K7RT3M", "RT4S7K", "ZZZZZZ"):
        if code in codes:
            assert get_own(life.session, actor, code).short_code == code
        else:
            with pytest.raises(NotFound):
                get_own(life.session, actor, code)


def test_the_list_shows_what_it_is_asked_for(life: "Life") -> None:
    life.stand(S.SUSPENDED)

    def shown(show: Show) -> set[str]:
        return {
            line.short_code
            for line in queries.list_desk(life.session, life.actors["editor"], show=show, today=life.today).items
        }

    assert shown(Show.OFF) == {"K7RT3M"} and shown(Show.PLANNED) == set()
    assert shown(Show.IN_USE) == {"NW9D4V", "HG2M9R", "GN3W7X"}
    assert shown(Show.OVERDUE) == {"HG2M9R"}


def test_a_measurement_is_kept_beside_the_earlier_ones(life: "Life") -> None:
    measured = service.Measured(Aspect.BREAKS, WORDS, WORDS, WORDS, WORDS, life.today)
    kept = new_id()
    for measurement_id in (kept, kept, new_id()):
        service.add_measurement(
            life.session, life.actors["editor"], life.system, measured, measurement_id=measurement_id, post=life.post
        )
    assert len(life.session.scalars(select(WorkMeasurement)).all()) == 2


def test_the_page_says_why_it_is_off_and_what_begins(life: "Life") -> None:
    assert queries.get_standing(life.session, life.system.id) == queries.Standing()
    life.take("officer", "suspend", cause=Cause.DATA)
    off = queries.get_standing(life.session, life.system.id)
    assert off.is_off and off.why is not None and "Reason" in off.why.get(Locale.EN)
    life.stand(S.APPROVED)
    life.tell()
    assert queries.get_standing(life.session, life.system.id).begins_on == life.today


def test_a_body_sets_its_own_limits(life: "Life") -> None:
    service.set_limits(
        life.session, life.actors["editor"], life.system.body_id, training=100, consultation=45, post=life.post
    )
    assert life.session.get_one(RegisterLimits, life.system.body_id).training_percent == 100
    assert any(lack.startswith("{percent}% of") for lack in life.lacks())


def swept(life: "Life", register: Database, settings: Settings) -> int:
    life.session.commit()
    return watch_systems(register, settings, life.now)


@pytest.mark.parametrize(("state", "cause"), [(S.PILOT, Cause.TRIAL_ENDED), (S.EMERGENCY, Cause.EMERGENCY_ENDED)])
def test_what_has_ended_is_switched_off_by_the_portal_once(
    life: "Life", register: Database, settings: Settings, state: SystemState, cause: Cause
) -> None:
    life.stand(state, state_until=life.today - timedelta(days=1))
    assert swept(life, register, settings) >= 1
    assert swept(life, register, settings) == 0
    life.session.expire_all()
    last = life.steps()[-1]
    assert (life.system.state, last.role, last.facts["cause"]) == (S.SUSPENDED, "portal", cause)
    life.session.commit()
    assert tell_affected_staff(register, settings, life.now) == 2
    assert life.session.scalars(select(StaffNotice.letter)).one() is Letter.SUSPENDED


def test_a_system_whose_check_is_overdue_comes_under_review(
    life: "Life", register: Database, settings: Settings
) -> None:
    life.system.review_due_on = life.today - timedelta(days=1)
    swept(life, register, settings)
    life.session.expire_all()
    assert life.system.state is S.UNDER_REVIEW and life.letters("system_union") >= 4
    assert life.system.state_until == life.today + timedelta(days=28)


def test_an_imported_trial_without_a_last_day_is_asked_for_one_every_week_and_then_switched_off(
    life: "Life", register: Database, settings: Settings
) -> None:
    life.stand(S.PILOT)
    assert queries.get_standing(life.session, life.system.id).is_endless
    for _ in range(5):
        assert life.system.state is S.PILOT
        swept(life, register, settings)
        life.later(7)
    life.session.expire_all()
    asked = select(LifecycleReminder.about).where(
        LifecycleReminder.matter == "last_day", LifecycleReminder.system_id == life.system.id
    )
    assert len(life.session.scalars(asked).all()) == 4 and life.system.state is S.SUSPENDED
    assert life.steps()[-1].facts["cause"] == Cause.NO_LAST_DAY


def test_its_manager_sets_the_last_day_once(life: "Life", register: Database, settings: Settings) -> None:
    life.stand(S.PILOT)
    assert "The trial has no last day. Set one first" in life.lacks()
    life.take("manager", "set_last_day", until=life.today + timedelta(days=60))
    assert life.system.state is S.PILOT and life.system.state_until == life.today + timedelta(days=60)
    with pytest.raises(GateClosed):
        life.take("manager", "set_last_day", until=life.today + timedelta(days=90))
    life.later(40)
    swept(life, register, settings)
    life.session.expire_all()
    assert life.system.state is S.PILOT


def test_nobody_in_charge_for_more_than_five_days_brings_a_review(
    life: "Life", register: Database, settings: Settings
) -> None:
    held = select(RoleHolding).where(
        RoleHolding.role == RoleName.RESPONSIBLE_MANAGER, RoleHolding.system_slug == "telematics"
    )
    for holding in life.session.scalars(held):
        holding.ended_on = life.today - timedelta(days=6 if holding.is_deputy else 60)
    swept(life, register, settings)
    life.session.expire_all()
    assert life.system.state is S.UNDER_REVIEW
    assert life.letters("system_task") >= 3  # the data protection officers and the editor, since no manager is left


def test_a_switched_off_system_is_remembered_every_day(life: "Life", register: Database, settings: Settings) -> None:
    life.stand(S.SUSPENDED)
    for _ in range(2):
        life.later(1)
        swept(life, register, settings)
        swept(life, register, settings)
    reminded = select(LifecycleReminder).where(LifecycleReminder.system_id == life.system.id)
    assert [one.matter for one in life.session.scalars(reminded)] == ["suspended_still"] * 2


def test_a_quarter_without_a_word_is_told_once(life: "Life", register: Database, settings: Settings) -> None:
    life.system.confirmed_on = life.today - timedelta(days=100)
    swept(life, register, settings)
    before = life.letters("system_task")
    life.later(1)
    swept(life, register, settings)
    assert before >= 2 and life.letters("system_task") == before
    asked = (
        select(System.short_code)
        .join(LifecycleReminder, LifecycleReminder.system_id == System.id)
        .where(LifecycleReminder.matter == "confirm")
    )
    assert set(life.session.scalars(asked)) == {"K7RT3M", "HG2M9R"}
