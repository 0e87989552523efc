"""One act opens the consultation and the talk with every branch; and what counts of it at the gate."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, select

from portal.core.errors import Refused
from portal.core.ids import new_id
from portal.directory.models import BranchRecognition
from portal.register.lifecycle import service
from portal.register.parts import Both
from portal.register.positions import list_said
from portal.register.rules import Position, SystemState
from portal.register.talks import TalkInvitation, UnionOffer, UnionTalk
from portal.register.terms import TalkStage
from portal.register.voices import service as voices
from portal.register.voices.queries import get_voices
from portal.register.voices.rules import EntryKind
from portal.register.voices.service import NewEntry, NewTalk

if TYPE_CHECKING:
    from tests.register.lifecycle.conftest import Life

S = SystemState
WORDS = Both(cy="Geiriau", en="Words")
UNASKED = "This union branch has signed nothing and has not been asked: {union}"
YET = "This union branch has signed nothing yet: {union}. It can answer until {date}"
SILENT = "No position of this union branch is recorded, and silence is not agreement: {union}"
DENIED = "This union branch says that it was not asked: {union}"
OF_UNIONS = {UNASKED, YET, SILENT, DENIED}


def lacks(life: "Life") -> list[str]:
    return [one for one in life.lacks() if one in OF_UNIONS or "recognises no union branch" in one]


def begin(life: "Life", days: int = 30) -> UnionTalk:
    life.make_ready(signed=False)
    life.stand(S.READINESS)
    life.take("manager", "open_consultation", until=life.today + timedelta(days=days))
    return life.session.scalars(select(UnionTalk)).one()


def test_the_step_invites_every_branch_and_offers_each_what_it_names(life: "Life") -> None:
    talk = begin(life)
    assert (talk.stage, talk.answers_by, talk.summary_en) == (TalkStage.PROPOSAL, life.system.state_until, "Reason")
    assert len(life.session.scalars(select(TalkInvitation)).all()) == 2
    assert {one.branch_id for one in life.session.scalars(select(UnionOffer))} == {
        life.branch("unison-cledwen"),
        life.branch("gmb-cledwen"),
    }
    assert life.letters("system_union") == 4  # two representatives of each branch, one letter each


def test_more_time_for_the_unions_is_more_time_to_sign_and_the_talk_ends_with_the_state(life: "Life") -> None:
    talk = begin(life)
    longer = talk.answers_by + timedelta(days=14)
    life.take("union", "extend_consultation", until=longer)
    assert talk.answers_by == longer
    life.sign_all()
    life.take("manager", "close_consultation")
    assert talk.closed_on == life.today


def test_a_talk_that_is_under_way_goes_on(life: "Life") -> None:
    new = NewTalk(new_id(), TalkStage.PROCUREMENT, WORDS, life.today + timedelta(days=14))
    voices.open_talk(life.session, life.actors["editor"], life.system, new, post=life.post, tells=False)
    talk = begin(life)
    assert talk.id == new.id and talk.answers_by == life.today + timedelta(days=30)


def test_what_the_employer_wrote_of_a_union_does_not_count(life: "Life") -> None:
    life.make_ready(signed=False)
    life.stand(S.APPROVED)
    assert lacks(life) == [UNASKED, UNASKED]
    life.sign("union", "unison-cledwen", Position.NOT_AGREED)
    assert lacks(life) == [UNASKED]


def test_silence_counts_after_its_days_a_reminder_with_its_week_and_somebody_higher(life: "Life") -> None:
    begin(life)
    life.sign("gmb", "gmb-cledwen")
    branch, actor = life.branch("unison-cledwen"), life.actors["editor"]
    assert lacks(life) == [YET]
    life.later(31)
    assert lacks(life) == [SILENT]
    service.remind_union(life.session, actor, life.system, branch, post=life.post)
    life.later(7)
    assert lacks(life) == [YET]
    life.later(1)
    assert lacks(life) == [SILENT]
    service.escalate_silence(life.session, actor, life.system, branch, WORDS, post=life.post)
    assert lacks(life) == []
    [unison] = [one for one in get_voices(life.session, life.system, None, on=life.today).branches if one.silence]
    assert unison.position is Position.NO_RESPONSE and unison.silence is not None
    assert (unison.silence.asked_on, unison.silence.escalated_on) == (life.today - timedelta(days=39), life.today)


def test_a_branch_that_signs_that_it_was_not_asked_is_not_silent(life: "Life") -> None:
    begin(life)
    life.sign("gmb", "gmb-cledwen")
    life.sign("union", "unison-cledwen", Position.NOT_ASKED)
    branch, actor = life.branch("unison-cledwen"), life.actors["editor"]
    service.remind_union(life.session, actor, life.system, branch, post=life.post)
    service.escalate_silence(life.session, actor, life.system, branch, WORDS, post=life.post)
    life.later(60)
    assert lacks(life) == [DENIED]


def test_a_branch_that_was_never_asked_cannot_be_reminded(life: "Life") -> None:
    branch = life.branch("unison-cledwen")
    with pytest.raises(Refused):
        service.remind_union(life.session, life.actors["editor"], life.system, branch, post=life.post)


def test_about_a_material_change_only_what_is_signed_after_it_was_proposed_counts(life: "Life") -> None:
    life.sign_all()
    life.later(1)
    life.take("editor", "propose_change")
    assert lacks(life) == [UNASKED, UNASKED]
    life.later(1)
    life.sign_all()
    assert lacks(life) == []


def test_an_employer_without_a_recognised_branch_has_a_condition_of_its_own(life: "Life") -> None:
    life.session.connection().execute(delete(BranchRecognition))
    life.make_ready(signed=False)
    found = lacks(life)
    assert len(found) <= 1  # whether the entry tells of a consultation that ended decides
    life.stand(S.READINESS)
    life.take("manager", "open_consultation", until=life.today + timedelta(days=30))
    assert life.session.scalars(select(UnionOffer)).all() == []


def test_a_page_of_a_day_gone_by_tells_nothing_that_came_after_it(life: "Life") -> None:
    talk, system = begin(life), life.system
    asked_on, branch = life.today, life.branch("unison-cledwen")
    life.later(40)
    service.remind_union(life.session, life.actors["editor"], system, branch, post=life.post)
    note = NewEntry(new_id(), EntryKind.NOTE, life.today, WORDS, Both())
    voices.add_entry(life.session, life.actors["editor"], system, talk, note, branch_id=None, post=life.post)
    for on, count in ((asked_on, 0), (life.today, 1)):
        [told] = get_voices(life.session, system, None, on=on).talks
        assert (len(told.reminders), len(told.entries)) == (count, count)


def test_what_a_branch_signed_later_does_not_hide_where_it_stood_that_day(life: "Life") -> None:
    life.sign("gmb", "gmb-cledwen", Position.NOT_AGREED)
    first, system = life.today, life.system
    life.later(5)
    life.sign("gmb", "gmb-cledwen", Position.AGREED)
    for on, stood in ((first, Position.NOT_AGREED), (life.today, Position.AGREED), (None, Position.AGREED)):
        assert list_said(life.session, [system.id], on=on)[system.id]["gmb"] == (stood,)
