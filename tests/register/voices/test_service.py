"""Who may say what; that nothing signed is overwritten; conditions to their end; what gate and search see."""

from datetime import timedelta

import pytest

from portal.core.errors import Conflict, NotAllowed, Refused
from portal.core.ids import new_id
from portal.core.text import Locale
from portal.register.finding.queries import find_systems
from portal.register.finding.rules import Asked
from portal.register.lifecycle.facts import get_facts
from portal.register.models import PublishedIsFinal
from portal.register.parts import Both
from portal.register.record import Record
from portal.register.rules import Position
from portal.register.talks import OfferKind, UnionOffer
from portal.register.voices import offers, service
from portal.register.voices.models import UnionCondition
from portal.register.voices.offers import NewOffer
from portal.register.voices.queries import get_voices, is_overdue, list_conditions, list_offers
from portal.register.voices.rules import ConditionState
from portal.register.voices.shown import written
from portal.register.voices.waiting import list_union_lines
from tests.register.voices.conftest import PEOPLE, SAID, Room

EMPLOYER = {"manager", "deputy", "editor"}
DONE = Both(cy="Fe’i gwnaed.", en="It was done.")
OWNER = Both(cy="Pennaeth Fflyd", en="Head of Fleet")


def disputed(room: Room) -> set[str]:
    found = find_systems(room.session, Locale.EN, Asked(is_disputed=True))
    return {line.short_code for line in found.cut.items}


def set_condition(room: Room, text: Both = SAID) -> UnionCondition:
    due_on = room.today + timedelta(days=10)
    return service.set_condition(
        room.session,
        room.actors["gmb"],
        room.system,
        room.branch(),
        text,
        due_on,
        condition_id=new_id(),
        post=room.post,
    )


@pytest.mark.parametrize("who", sorted(set(PEOPLE) - {"gmb"}))
def test_nobody_but_a_representative_of_the_branch_signs_for_it(room: Room, who: str) -> None:
    with pytest.raises(NotAllowed):
        room.sign(who)
    condition = set_condition(room)
    with pytest.raises(NotAllowed):
        service.judge(room.session, room.actors[who], room.system, condition, is_met=True, post=room.post)


@pytest.mark.parametrize("who", sorted(set(PEOPLE) - EMPLOYER))
def test_nobody_but_manager_deputy_and_editor_answers_for_the_employer(room: Room, who: str) -> None:
    actor, system, branch = room.actors[who], room.system, room.branch()
    with pytest.raises(NotAllowed):
        service.respond(room.session, actor, system, branch, SAID, response_id=new_id(), post=room.post)
    with pytest.raises(NotAllowed):
        room.open_talk(who)
    with pytest.raises(NotAllowed):
        service.act_on(room.session, actor, system, set_condition(room), OWNER, DONE, post=room.post)
    new = NewOffer(new_id(), OfferKind.TRAINING, SAID, OWNER, room.today)
    with pytest.raises(NotAllowed):
        offers.offer(room.session, actor, system, new, post=room.post)


@pytest.mark.parametrize("who", sorted(EMPLOYER))
def test_the_employer_s_side_answers_and_tells_the_branch(room: Room, who: str) -> None:
    room.sign()
    before = room.letters("system_union")
    branch = room.branch()
    made = service.respond(
        room.session, room.actors[who], room.system, branch, SAID, response_id=new_id(), post=room.post
    )
    assert made.number == 1 and room.letters("system_union") == before + 2


def test_a_branch_that_the_body_does_not_recognise_cannot_sign_about_it(room: Room) -> None:
    with pytest.raises(NotAllowed):
        room.sign("unison elsewhere", slug="unison-ogwen")


def test_a_new_statement_stands_beside_the_old_one_which_never_changes(room: Room) -> None:
    first = room.sign()
    room.later(1)
    second = room.sign(position=Position.AGREED, text=Both())
    assert (first.number, second.number) == (1, 2)
    voices = get_voices(room.session, room.system, None, on=room.today)
    gmb = next(voice for voice in voices.branches if voice.slug == "gmb-cledwen")
    assert gmb.position is Position.AGREED and list(gmb.earlier) == [first]
    yesterday = get_voices(room.session, room.system, None, on=room.today - timedelta(days=1))
    assert {voice.position for voice in yesterday.branches if voice.slug == "gmb-cledwen"} == {Position.NOT_AGREED}
    first.text_en = "We agree."
    with pytest.raises(PublishedIsFinal):
        room.session.flush()
    room.session.rollback()


def test_a_form_sent_twice_signs_once(room: Room) -> None:
    new = service.NewStatement(new_id(), Position.NOT_AGREED, SAID)
    for _time in range(2):
        made = service.sign(room.session, room.actors["gmb"], room.system, room.branch(), new, post=room.post)
    assert made.number == 1


def test_the_search_follows_a_signature_at_once(room: Room) -> None:
    assert "K7RT3M" in disputed(room)  # the published version says that the GMB did not agree
    room.sign(position=Position.AGREED)
    assert "K7RT3M" not in disputed(room)
    room.sign("unison", slug="unison-cledwen")
    assert "K7RT3M" in disputed(room)


def test_the_gate_hears_what_the_branch_signed_and_not_what_the_version_says(room: Room) -> None:
    def heard() -> list[bool]:
        return [one.has_answered for one in get_facts(room.session, room.system, today=room.today).unions]

    assert heard() == [False, False]  # although the published version tells a position of both
    room.sign(position=Position.NOT_AGREED)
    assert heard() == [True, False]
    room.sign(position=Position.NOT_ASKED)
    assert heard() == [False, False]


def test_every_recognised_branch_is_invited_by_letter_and_silence_is_told_as_silence(room: Room) -> None:
    talk = room.open_talk()
    assert room.letters("system_union") == 4  # two representatives of each branch
    empty = Record.model_validate({"state": "live"})
    voices = get_voices(room.session, room.system, empty, on=room.today)
    assert [voice.position for voice in voices.branches] == [Position.NO_RESPONSE] * 2
    assert len(voices.talks[0].invited) == 2
    with pytest.raises(Refused):
        room.open_talk()
    with pytest.raises(Refused):
        service.close_talk(room.session, room.actors["editor"], room.system, talk, post=room.post)
    room.sign()
    room.sign("unison", slug="unison-cledwen")
    service.close_talk(room.session, room.actors["editor"], room.system, talk, post=room.post)
    assert talk.closed_on == room.today


def test_what_waits_for_a_branch_stands_on_its_desk_with_its_day(room: Room) -> None:
    talk = room.open_talk()
    lines = list_union_lines(room.session, room.actors["gmb"]).items
    assert {line.short_code for line in lines} == {"K7RT3M", "NW9D4V", "HG2M9R", "GN3W7X"}
    line = next(line for line in lines if line.short_code == "K7RT3M")
    assert line.due_on == talk.answers_by and [wait.msgid for wait in line.waits] == ["Your branch’s statement"]
    room.sign()
    line = next(one for one in list_union_lines(room.session, room.actors["gmb"]).items if one.short_code == "K7RT3M")
    assert not line.waits and line.position is Position.NOT_AGREED


def test_a_condition_is_met_when_the_union_says_so_and_not_before(room: Room) -> None:
    condition = set_condition(room)
    manager, union = room.actors["manager"], room.actors["gmb"]
    service.act_on(room.session, manager, room.system, condition, OWNER, Both(), post=room.post)
    assert condition.state is ConditionState.TAKEN_ON
    room.later(11)
    assert is_overdue(condition, today=room.today)
    service.act_on(room.session, manager, room.system, condition, OWNER, DONE, post=room.post)
    assert condition.state is ConditionState.SAID_DONE and is_overdue(condition, today=room.today)
    service.judge(room.session, union, room.system, condition, is_met=False, post=room.post)
    assert condition.state is ConditionState.TAKEN_ON and condition.done_on is None
    service.act_on(room.session, manager, room.system, condition, OWNER, DONE, post=room.post)
    service.judge(room.session, union, room.system, condition, is_met=True, post=room.post)
    assert condition.closed_on == room.today and not is_overdue(condition, today=room.today)
    with pytest.raises(Conflict):
        service.act_on(room.session, manager, room.system, condition, OWNER, Both(), post=room.post)
    assert list_conditions(room.session, room.system.id, on=room.today) == [condition]


def test_a_union_may_write_in_one_language_and_the_page_says_so(room: Room) -> None:
    statement = room.sign(text=Both(cy="Nid ydym yn cytuno."))
    in_english = written(statement, "text", Locale.EN)
    assert in_english.lang == "cy" and in_english.note is not None
    assert in_english.note.msgid == "The union wrote in Welsh only"
    assert written(statement, "text", Locale.CY).note is None


def test_each_branch_says_for_itself_whether_it_took_an_offer_up(room: Room) -> None:
    new = NewOffer(new_id(), OfferKind.EXPERT, SAID, OWNER, room.today)
    made = offers.offer(room.session, room.actors["manager"], room.system, new, post=room.post)
    assert len(made) == 2 and not offers.offer(room.session, room.actors["manager"], room.system, new, post=room.post)
    own = next(one for one in list_offers(room.session, room.system.id) if one.branch_id == room.branch())
    with pytest.raises(NotAllowed):
        answer(room, "unison", own)
    answer(room, "gmb", own)
    assert get_voices(room.session, room.system, None, on=room.today).taken == 1


def answer(room: Room, who: str, own: UnionOffer) -> None:
    offers.answer_offer(room.session, room.actors[who], room.system, own, is_taken=True, post=room.post)
