"""What a reader does with a thread: take it on, tell something about it, plan, and move it on. No word of it is needed.

Each verb is one turn (``turns``); what it changed can be undone by the same side while nobody changed it since.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases.turn import Desk
from portal.concerns.casework.accountable import pass_on
from portal.concerns.casework.models import ToldEvent, ToldSide, ToldThread
from portal.concerns.casework.places import LONG_AGO, Keeping, keep_places
from portal.concerns.casework.rows import (
    SIDE_FIELDS,
    THREAD_FIELDS,
    Change,
    hold_side,
    hold_thread,
    read_back,
    snapshot,
)
from portal.concerns.casework.rules import ENDED, NextStep, Severity, Side, Theme, Waiting
from portal.concerns.casework.steps import STEPS, ToldStep, may_reopen
from portal.concerns.casework.turns import MOVED_ON, Turn, begin_turn
from portal.concerns.desk.holding import subject_of
from portal.concerns.timing.service import note_outcome, note_triaged, take_up_again
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Locale, msg
from portal.identity.actor import Actor
from portal.mailbox.models import SealedCase

OVER = frozenset({"tell", "hand_out"})
"""After these nothing is owed: the outcome was told, or somebody outside has it."""
EVENTS = {
    "harm_now": "harm_said",
    "made_safe": "safety_said",
    "ask": "asked",
    "answered": "answer_said",
    "route": "routed",
    "decide": "decided",
    "invite_union": "union_invited",
    "join": "joined",
    "agree": "agreed",
    "tell": "outcome_told",
    "watch": "watched",
    "close": "closed",
    "reopen": "reopened",
    "hand_out": "handed_out",
}
"""What the audit calls each step."""
TOO_LATE = msg("It ended more than a year ago. Ask the worker to send a new concern")


@dataclass(frozen=True, slots=True)
class Telling:
    """What both sides may know; None is not told."""

    theme: Theme | None = None
    system_id: str | None = None
    severity: Severity | None = None
    lang: Locale | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """What one side keeps for itself."""

    next_on: date | None = None
    next_step: NextStep | None = None
    waiting: Waiting = Waiting.US
    mandate_until: date | None = None


def take(
    session: Session, actor: Actor, case_id: bytes, telling: Telling, *, desk: Desk, seen: str | None = None
) -> Change:
    """Begin to tell of a thread, or take up one that was reopened; whoever does works on it, if nobody else does."""
    turn = begin_turn(session, actor, case_id, desk=desk, seen=seen, is_taking=True)
    if turn.side.assignee_id is None:
        turn.side.assignee_id = actor.person_id
    move(turn, STEPS["take"], said=_write(turn, telling))
    note_triaged(session, _case(turn), today=desk.today, calendar=desk.calendar)
    return turn.end("taken")


def tell(
    session: Session, actor: Actor, case_id: bytes, telling: Telling, *, desk: Desk, seen: str | None = None
) -> Change:
    """Tell both sides something else, or less; what is None is taken back."""
    turn = begin_turn(session, actor, case_id, desk=desk, seen=seen)
    turn.open_thread()
    changed = _write(turn, telling)
    if not changed:
        return turn.unchanged()
    turn.line("told", both=True, said=changed)
    return turn.end("told")


def untell(session: Session, actor: Actor, case_id: bytes, *, desk: Desk, seen: str | None = None) -> Change:
    """Take back everything that was told but where it stands."""
    return tell(session, actor, case_id, Telling(), desk=desk, seen=seen)


def plan(
    session: Session, actor: Actor, case_id: bytes, planned: Planned, *, desk: Desk, seen: str | None = None
) -> Change:
    """What comes next, when, and whose turn it is: for one's own side."""
    turn = begin_turn(session, actor, case_id, desk=desk, seen=seen)
    turn.open_thread()
    side = turn.side
    before = snapshot(None, side)["side"]
    side.next_on, side.next_step, side.mandate_until = planned.next_on, planned.next_step, planned.mandate_until
    if side.waiting is not planned.waiting:
        wait(side, planned.waiting, desk.today)
    changed = _differences(before, snapshot(None, side)["side"])
    if not changed:
        return turn.unchanged()
    turn.line("planned", both=False, said=changed)
    return turn.end("planned")


def step(
    session: Session,
    actor: Actor,
    case_id: bytes,
    name: str,
    *,
    desk: Desk,
    seen: str | None = None,
    together: bool = False,
) -> Change:
    """Take a step of the table. ``together``: what is passed on is looked at by both sides at once."""
    turn = begin_turn(session, actor, case_id, desk=desk, seen=seen)
    thread = turn.open_thread()
    taken = STEPS.get(name)
    if taken is None or name == "take" or not taken.is_open_to(turn.side_name, turn.within):
        raise NotFound
    if name == "reopen" and not may_reopen(thread.state, thread.state_since, desk.today):
        raise Refused(TOO_LATE)
    if taken.both and not _both_agree(turn, taken):
        return turn.end("agreed_to")
    move(turn, taken)
    if name == "route":
        pass_on(turn)
        if together and turn.within == frozenset(Side):
            move(turn, STEPS["invite_union" if turn.side_name is Side.EMPLOYER else "join"])
    elif name in OVER:
        note_outcome(session, _case(turn), today=desk.today)
    elif name == "reopen":
        take_up_again(session, _case(turn), today=desk.today, calendar=desk.calendar)
    return turn.end(EVENTS.get(name, name))


def undo(session: Session, actor: Actor, change: Change, *, desk: Desk) -> None:
    """Put a thread back to what it was before somebody's change; Refused when anybody changed it since."""
    turn = begin_turn(session, actor, change.case_id, desk=desk)
    if turn.before != change.after:
        raise Refused(MOVED_ON)
    read_back(turn.side, change.before["side"] or {"waiting": Waiting.US}, SIDE_FIELDS)
    if change.before["thread"] is None and turn.thread is not None:
        session.delete(turn.thread)
        turn.thread = None
    elif turn.thread is not None:
        read_back(turn.thread, change.before["thread"], THREAD_FIELDS)
    turn.line("undone", both=turn.thread is not None)
    turn.end("undone")


def move_for_portal(session: Session, case_id: bytes, name: str, *, desk: Desk) -> bool:
    """A step that time takes (``by_portal``); False when it does not start from where the thread stands."""
    thread, taken = hold_thread(session, case_id), STEPS[name]
    if thread is None or thread.state not in taken.froms or not taken.by_portal:
        return False
    for side in Side:
        row = hold_side(session, case_id, side)
        if row is not None:
            _begin_anew(row)
    _put(thread, taken, desk.today)
    event = ToldEvent(
        case_id=case_id,
        event_id=ids.random_bytes(16),
        on_day=desk.today,
        number=thread.version,
        step=name,
        said={},
    )
    session.add(event)
    session.flush()
    keep_places(session, [case_id], Keeping(desk.today, desk.calendar))
    record(session, actor=None, event=f"concern.{EVENTS.get(name, name)}", subject=subject_of(case_id), now=desk.now)
    return True


def move(turn: Turn, taken: ToldStep, *, said: Mapping[str, Any] | None = None) -> None:
    """Change where a thread stands; Conflict if the step does not start there. Each side says anew whose turn it is."""
    thread = turn.open_thread()
    if thread.state not in taken.froms:
        raise Conflict(MOVED_ON)
    other = _other(turn)
    if other is not None:
        _begin_anew(other)
    _begin_anew(turn.side)
    wait(turn.side, taken.waits, turn.desk.today)
    turn.line(taken.name, both=True, said=said)
    _put(thread, taken, turn.desk.today, counted=True)


def wait(side: ToldSide, waiting: Waiting, today: date) -> None:
    """Say whose turn it is; said again on a later day, it is so from that day."""
    side.waiting, side.waiting_since = waiting, None if waiting is Waiting.US else today


def _put(thread: ToldThread, taken: ToldStep, today: date, *, counted: bool = False) -> None:
    thread.state, thread.state_since, thread.is_open = taken.to, today, taken.to not in ENDED
    thread.version += not counted


def _begin_anew(side: ToldSide) -> None:
    side.agreed_on = None
    wait(side, Waiting.US, LONG_AGO)


def _both_agree(turn: Turn, taken: ToldStep) -> bool:
    """Whether every side that reads has said so; one that has not yet waits for the other."""
    if turn.state not in taken.froms:
        raise Conflict(MOVED_ON)
    turn.side.agreed_on = turn.desk.today
    other = _other(turn)
    if turn.within == frozenset({turn.side_name}) or (other is not None and other.agreed_on is not None):
        return True
    turn.line("agreed_to", both=True)
    return False


def _other(turn: Turn) -> ToldSide | None:
    """The other side's row, if whoever keeps it still reads. Whoever holds the thread's row may take both."""
    other = Side.UNION if turn.side_name is Side.EMPLOYER else Side.EMPLOYER
    row = hold_side(turn.session, turn.told.case_id, other)
    return row if row is not None and row.home_id in {one.home_id for one in turn.holders} else None


def _write(turn: Turn, telling: Telling) -> dict[str, Any]:
    """Put what is told into the thread's row; what is different by that."""
    thread = turn.open_thread()
    before = snapshot(thread, None)["thread"]
    thread.theme, thread.system_id = telling.theme, telling.system_id
    thread.severity, thread.lang = telling.severity, telling.lang
    changed = _differences(before, snapshot(thread, None)["thread"])
    _forget_said(turn, {name for name, value in changed.items() if value is None})
    return changed


def _forget_said(turn: Turn, names: set[str]) -> None:
    """What was taken back does not stay in lines of before."""
    if not names:
        return
    lines = select(ToldEvent).where(ToldEvent.case_id == turn.told.case_id, ToldEvent.side.is_(None))
    for line in turn.session.scalars(lines):
        if names & line.said.keys():
            line.said = {name: value for name, value in line.said.items() if name not in names}


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in after.items() if before[name] != value}


def _case(turn: Turn) -> SealedCase:
    return turn.session.get_one(SealedCase, turn.told.case_id)
