"""Several threads at once: what would happen is what happens, hidden and nonsense are one number, and a way back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.audit.models import AuditEvent
from portal.cases.turn import Desk
from portal.concerns.casework import bulk, labels, service
from portal.concerns.casework.acts import BULK_STEPS, NOTHING, Act, Wanted
from portal.concerns.casework.bulk import ACT_KEPT, UNDO_WITHIN, Done, Outcome, end_undo
from portal.concerns.casework.claims import claim
from portal.concerns.casework.labelling import labels_of
from portal.concerns.casework.models import TOLD, BulkAct, BulkItem, DeskPlace, ToldEvent
from portal.concerns.casework.rows import snapshot
from portal.concerns.casework.rules import Severity, Side, Theme
from portal.concerns.casework.service import Telling
from portal.concerns.casework.steps import STEPS
from portal.concerns.casework.told import get_told
from portal.concerns.timing.models import ConcernClock
from portal.core.db import Database
from portal.core.errors import NotFound, Refused
from portal.core.ids import new_id, random_bytes
from portal.core.text import Bilingual
from portal.mailbox.models import SealedGrant
from portal.settings.models import Settings
from tests.concerns.casework.seated import Seated, seat

TAKE = Wanted(Act.TAKE)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def seated(database: Database, settings: Settings) -> Seated:
    return seat(database, settings)


def later(seated: Seated, by: timedelta) -> Desk:
    return replace(seated.desk, now=seated.now + by)


def ahead(seated: Seated, who: str, case_ids: Sequence[bytes], wanted: Wanted) -> Outcome:
    return bulk.look_ahead(seated.database, seated.actor(who), case_ids, wanted, desk=seated.desk)


def do(seated: Seated, who: str, case_ids: Sequence[bytes], wanted: Wanted, act_id: str | None = None) -> Done:
    act_id = act_id or new_id()
    bulk.do(seated.database, seated.actor(who), case_ids, wanted, act_id=act_id, desk=seated.desk)
    return done(seated, who, act_id)


def done(seated: Seated, who: str, act_id: str) -> Done:
    with seated.database.reading() as session:
        return bulk.get_done(session, seated.actor(who), act_id, now=seated.now)


def undo(seated: Seated, who: str, act_id: str, by: timedelta = MINUTE) -> Done:
    bulk.undo(seated.database, seated.actor(who), act_id, desk=later(seated, by))
    return done(seated, who, act_id)


def tell(seated: Seated, who: str, case_id: bytes, telling: Telling) -> None:
    with seated.database.writing() as session:
        service.tell(session, seated.actor(who), case_id, telling, desk=seated.desk)


def stands(seated: Seated, who: str, case_id: bytes) -> Any:
    """Everything that a side knows of a thread, its labels too."""
    with seated.database.reading() as session:
        actor = seated.actor(who)
        told = get_told(session, actor, case_id)
        carried = labels_of(session, actor, [case_id]).get(case_id, [])
        return snapshot(told.thread, told.side) | {"labels": [label.id for label in carried]}


def everything(seated: Seated) -> dict[str, int]:
    """How many rows there are of all that is told, and in the audit."""
    with seated.database.reading() as session:
        tables = (*TOLD, BulkAct, BulkItem, AuditEvent, ConcernClock)
        return {one.__tablename__: session.scalar(select(func.count()).select_from(one)) or 0 for one in tables}


def label_of(seated: Seated, proposer: str, approver: str, home: str) -> str:
    with seated.database.writing() as session:
        actor = seated.actor(proposer)
        name = Bilingual(f"Label {home}", f"Label {home}")
        made = labels.propose_label(
            session, actor, name, home_id=seated.homes[home], label_id=new_id(), desk=seated.desk
        )
        labels.approve_label(session, seated.actor(approver), made, desk=seated.desk)
        return made.id


def lose(seated: Seated, who: str, case_id: bytes) -> None:
    with seated.database.writing() as session:
        session.delete(session.get_one(SealedGrant, (case_id, 0, seated.keys[who])))


def values(seated: Seated) -> list[Wanted]:
    """Each act, with a value that would change something."""
    label_id = label_of(seated, "rep", "second", "branch")
    return [
        TAKE,
        Wanted(Act.ASSIGN, seated.people["second"]),
        Wanted(Act.LABEL, label_id),
        Wanted(Act.NEXT, "answer", seated.now.date() + timedelta(days=3)),
        Wanted(Act.THEME, "pace"),
        Wanted(Act.SEVERITY, "serious"),
        Wanted(Act.STEP, "ask"),
    ]


def test_looking_ahead_says_what_then_happens_and_leaves_nothing(seated: Seated) -> None:
    taken, new = seated.came("rep", "second", "head"), seated.came("rep", "second")
    do(seated, "rep", [taken], TAKE)
    for wanted in values(seated):
        before = everything(seated)
        said = ahead(seated, "rep", [taken, new], wanted)
        assert everything(seated) == before, wanted
        made = do(seated, "rep", [taken, new], wanted)
        assert sorted(said.items, key=lambda one: one.case_id) == sorted(made.items, key=lambda one: one.case_id)


def test_what_is_hidden_and_what_never_was_are_one_number_alike(seated: Seated) -> None:
    mine = seated.came("rep", "head")
    hidden = [
        seated.came("head"),
        seated.came("second"),
        seated.came("rep", is_notes=True),
        seated.came("elsewhere", body="other body"),
    ]
    dropped = seated.came("rep", "head")
    lose(seated, "rep", dropped)
    nonsense = [random_bytes(16) for _ in (*hidden, dropped)]
    for wanted in values(seated):
        both = [ahead(seated, "rep", [mine, *others], wanted) for others in ([*hidden, dropped], nonsense)]
        assert both[0] == both[1]
        assert both[0].not_yours == len(nonsense)
        assert [item.case_id for item in both[0].items] == [mine]
        made = [do(seated, "rep", others, wanted) for others in ([*hidden, dropped], nonsense)]
        assert [(one.items, one.not_yours) for one in made] == [((), len(nonsense))] * 2
    with seated.database.reading() as session:
        touched = {*session.scalars(select(BulkItem.case_id)), *session.scalars(select(ToldEvent.case_id))}
    assert not touched & {*hidden, dropped}


def test_the_same_form_again_shows_what_it_did_and_does_nothing_more(seated: Seated) -> None:
    case_ids = [seated.came("rep"), seated.came("rep")]
    act_id = new_id()
    first = do(seated, "rep", case_ids, TAKE, act_id)
    after = everything(seated)
    assert do(seated, "rep", case_ids, TAKE, act_id) == first
    assert do(seated, "rep", [seated.came("rep")], Wanted(Act.THEME, "pace"), act_id) == first
    assert everything(seated) == after
    for stranger in ("second", "head"):
        with pytest.raises(NotFound):
            do(seated, stranger, case_ids, TAKE, act_id)


def test_what_stopped_on_its_way_goes_on_where_it_stopped(seated: Seated) -> None:
    first, second = seated.came("rep"), seated.came("rep")
    act_id = new_id()
    do(seated, "rep", [first], TAKE, act_id)
    found = do(seated, "rep", [first, second], TAKE, act_id)
    assert {item.case_id: item.is_done for item in found.items} == {first: True, second: True}


def test_why_not_is_said_for_each_and_the_others_are_done(seated: Seated) -> None:
    new, taken, claimed = seated.came("rep"), seated.came("rep", "second"), seated.came("rep", "second")
    do(seated, "rep", [taken, claimed], TAKE)
    with seated.database.writing() as session:
        claim(session, seated.actor("second"), claimed, desk=seated.desk)
    made = do(seated, "rep", [new, taken, claimed], Wanted(Act.THEME, "pace"))
    assert {item.case_id: item.is_done for item in made.items} == {new: False, taken: True, claimed: False}
    made = do(seated, "rep", [taken], Wanted(Act.THEME, "pace"))
    assert [(item.is_same, item.why_not) for item in made.items] == [(True, None)]


def test_nobody_is_given_a_thread_that_they_do_not_hold(seated: Seated) -> None:
    alone, both = seated.came("rep", "head"), seated.came("rep", "second")
    do(seated, "rep", [alone, both], TAKE)
    said = {}
    for who in ("second", "head", "rival"):
        made = ahead(seated, "rep", [alone, both], Wanted(Act.ASSIGN, seated.people[who]))
        said[who] = [item.is_done for item in made.items]
    assert said == {"second": [False, True], "head": [False, False], "rival": [False, False]}
    refused = ahead(seated, "rep", [alone], Wanted(Act.ASSIGN, seated.people["rival"])).items
    assert refused == ahead(seated, "rep", [alone], Wanted(Act.ASSIGN, new_id())).items


CHANGES = ("nobody", "tells", "claims", "loses")


@pytest.mark.parametrize("act", [Act.TAKE, Act.LABEL, Act.NEXT, Act.STEP])
def test_undoing_puts_back_all_that_nobody_changed_since(seated: Seated, act: Act) -> None:
    wanted = next(one for one in values(seated) if one.act is act)
    case_ids = {change: seated.came("rep", "second", "head") for change in CHANGES}
    if act is not Act.TAKE:
        do(seated, "rep", list(case_ids.values()), TAKE)
    before = {change: stands(seated, "rep", case_id) for change, case_id in case_ids.items()}
    made = do(seated, "rep", list(case_ids.values()), wanted)
    assert all(item.is_done for item in made.items)
    tell(seated, "second", case_ids["tells"], Telling(Theme.SAFETY, severity=Severity.HARM))
    with seated.database.writing() as session:
        claim(session, seated.actor("second"), case_ids["claims"], desk=seated.desk)
    after = stands(seated, "rep", case_ids["tells"])
    lose(seated, "rep", case_ids["loses"])
    found = undo(seated, "rep", made.act_id)
    undone = {item.case_id: item.is_undone for item in found.items}
    label_act = act is Act.LABEL
    assert undone == {
        case_ids["nobody"]: True, case_ids["tells"]: label_act, case_ids["claims"]: False,
    }  # fmt: skip
    assert found.not_yours == 1
    now, was = stands(seated, "rep", case_ids["nobody"]), before["nobody"]
    if act is Act.TAKE:  # its side's row stays, and says nothing
        assert {value for name, value in now.pop("side").items() if name != "waiting"} == {None}
        del was["side"]
    assert now == was
    if not label_act:
        assert stands(seated, "rep", case_ids["tells"]) == after


def test_a_take_that_is_undone_leaves_the_promise_to_look_at_it(seated: Seated) -> None:
    case_id = seated.came("rep", "head")
    made = do(seated, "rep", [case_id], TAKE)
    with seated.database.reading() as session:
        assert session.get_one(ConcernClock, case_id).triaged_on is not None
    undo(seated, "rep", made.act_id)
    with seated.database.reading() as session:
        assert session.get_one(ConcernClock, case_id).triaged_on is None


def test_undoing_ends_after_ten_minutes_and_with_it_what_was_kept_of_it(seated: Seated) -> None:
    made = do(seated, "rep", [seated.came("rep")], TAKE)
    with pytest.raises(Refused):
        undo(seated, "rep", made.act_id, UNDO_WITHIN)
    for stranger in ("second", "head"):
        with pytest.raises(NotFound):
            undo(seated, stranger, made.act_id)
    assert end_undo(seated.database, seated.settings, seated.now + UNDO_WITHIN - MINUTE) == 0
    assert undo(seated, "rep", made.act_id, UNDO_WITHIN - MINUTE).is_undone
    assert end_undo(seated.database, seated.settings, seated.now + UNDO_WITHIN) == 1
    assert done(seated, "rep", made.act_id).items == ()
    assert end_undo(seated.database, seated.settings, seated.now + ACT_KEPT) == 1
    with pytest.raises(NotFound):
        done(seated, "rep", made.act_id)


def test_undone_twice_is_undone_once_and_done_again_it_stays_undone(seated: Seated) -> None:
    case_id = seated.came("rep")
    act_id = do(seated, "rep", [case_id], TAKE).act_id
    first = undo(seated, "rep", act_id)
    after = everything(seated)
    assert undo(seated, "rep", act_id) == first
    assert do(seated, "rep", [case_id], TAKE, act_id) == first
    assert everything(seated) == after


def test_a_unions_labels_are_in_no_answer_to_the_employer_and_the_other_way_round(seated: Seated) -> None:
    case_id = seated.came("rep", "second", "head", "outside", "rival")
    do(seated, "rep", [case_id], TAKE)
    ours = label_of(seated, "rep", "second", "branch")
    theirs = label_of(seated, "head", "outside", "body")
    do(seated, "rep", [case_id], Wanted(Act.LABEL, ours))
    do(seated, "head", [case_id], Wanted(Act.LABEL, theirs))
    for who, strange in (("head", ours), ("outside", ours), ("rival", ours), ("rep", theirs), ("second", theirs)):
        for act in (Act.LABEL, Act.UNLABEL):
            said = [ahead(seated, who, [case_id], Wanted(act, one)) for one in (strange, new_id())]
            assert said[0].items == said[1].items
            assert not said[0].done
    assert {who: stands(seated, who, case_id)["labels"] for who in ("rep", "second", "rival", "head", "outside")} == {
        "rep": [ours], "second": [ours], "rival": [], "head": [theirs], "outside": [theirs],
    }  # fmt: skip
    with seated.database.reading() as session:
        lines = session.execute(select(ToldEvent.side, ToldEvent.said).where(ToldEvent.step == "labelled")).all()
        assert sorted((str(line.side), line.said["on"]) for line in lines) == [
            ("employer", [theirs]),
            ("union", [ours]),
        ]


def test_each_step_that_can_be_taken_at_once_is_one_of_the_table_and_no_other(seated: Seated) -> None:
    case_id = seated.came("rep", "head")
    do(seated, "rep", [case_id], TAKE)
    assert set(BULK_STEPS) < set(STEPS)
    assert not {"tell", "agree", "decide", "hand_out", "harm_now", "made_safe", "route"} & set(BULK_STEPS)
    assert [item.is_done for item in ahead(seated, "rep", [case_id], Wanted(Act.STEP, "ask")).items] == [True]
    assert [item.is_done for item in ahead(seated, "rep", [case_id], Wanted(Act.STEP, "close")).items] == [False]


def test_a_word_that_was_told_is_taken_back_from_several(seated: Seated) -> None:
    case_id = seated.came("rep")
    do(seated, "rep", [case_id], TAKE)
    do(seated, "rep", [case_id], Wanted(Act.THEME, "pace"))
    do(seated, "rep", [case_id], Wanted(Act.THEME, NOTHING))
    assert stands(seated, "rep", case_id)["thread"]["theme"] is None
    with seated.database.reading() as session:
        assert session.scalars(select(DeskPlace.side)).all() == [Side.UNION]
