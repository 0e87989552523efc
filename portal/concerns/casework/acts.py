"""What can be done to several threads at once: each the same verb as for one, with one value for all of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from portal.cases.turn import Desk
from portal.concerns.casework import service
from portal.concerns.casework.giving import Candidate, assign, list_candidates
from portal.concerns.casework.labelling import Labels, put_label, take_label, undo_labels
from portal.concerns.casework.rows import Change, seen_of
from portal.concerns.casework.rules import NextStep, Severity, Theme
from portal.concerns.casework.service import Planned, Telling
from portal.concerns.casework.steps import STEPS
from portal.concerns.casework.told import Told, get_told, list_holders
from portal.concerns.timing.service import untriage
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Message, msg, pmsg
from portal.identity.actor import Actor
from portal.mailbox.models import SealedCase


class Act(StrEnum):
    """What is done to each."""

    TAKE = "take"
    ASSIGN = "assign"
    LABEL = "label"
    UNLABEL = "unlabel"
    NEXT = "next"
    THEME = "theme"
    SEVERITY = "severity"
    STEP = "step"


ACTS: Mapping[Act, Message] = {
    Act.TAKE: pmsg("act for several", "Take them on"),
    Act.ASSIGN: pmsg("act for several", "Give them to somebody"),
    Act.LABEL: pmsg("act for several", "Put a label on"),
    Act.UNLABEL: pmsg("act for several", "Take a label off"),
    Act.NEXT: pmsg("act for several", "Set the next day"),
    Act.THEME: pmsg("act for several", "Tell the theme"),
    Act.SEVERITY: pmsg("act for several", "Tell how much hangs on it"),
    Act.STEP: pmsg("act for several", "Take a step"),
}
BULK_STEPS = ("ask", "answered", "invite_union", "join", "close")
"""Steps that only say where threads stand. What was agreed or told, harm, and what went to somebody else is looked at
one by one."""
TAKEN = msg("Somebody has taken it on already")
NOT_FROM_HERE = msg("This step does not start from where it stands")
NOTHING = "none"
"""The value of a theme or severity that is taken back, and of nobody who works on it."""
Snapshot = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One act with its value: a person, a label, a word of a vocabulary, or a step; a day with what is done then."""

    act: Act
    value: str = ""
    on: date | None = None

    def facts(self) -> dict[str, Any]:
        """As it is kept for ten minutes."""
        return {"value": self.value, "on": self.on.isoformat() if self.on else None}

    @classmethod
    def of(cls, act: str, facts: Mapping[str, Any]) -> "Wanted":
        """The same, read back."""
        return cls(Act(act), facts["value"], date.fromisoformat(facts["on"]) if facts["on"] else None)


def perform(session: Session, actor: Actor, case_id: bytes, wanted: Wanted, *, desk: Desk) -> tuple[Snapshot, Snapshot]:
    """Do it to one thread; how it stood before and after. NotFound for a thread that the actor does not hold."""
    return _DOING[wanted.act](session, actor, get_told(session, actor, case_id), wanted, desk)


def take_back(session: Session, actor: Actor, case_id: bytes, before: Snapshot, after: Snapshot, *, desk: Desk) -> None:
    """Put one thread back; Refused when anybody changed it since."""
    if "labels" in before:
        had, has = frozenset(before["labels"]), frozenset(after["labels"])
        undo_labels(session, actor, case_id, had, has, desk=desk)
        return
    service.undo(session, actor, Change(case_id, before, after), desk=desk)
    if before["thread"] is None and after["thread"] is not None:
        case = session.get_one(SealedCase, case_id)
        untriage(session, case, today=desk.today, calendar=desk.calendar)


def _take(session: Session, actor: Actor, told: Told, _wanted: Wanted, desk: Desk) -> tuple[Snapshot, Snapshot]:
    if told.state not in STEPS["take"].froms:
        raise Refused(TAKEN)
    return _both(service.take(session, actor, told.case_id, telling_of(told), desk=desk, seen=seen_of(told)))


def _assign(session: Session, actor: Actor, told: Told, wanted: Wanted, desk: Desk) -> tuple[Snapshot, Snapshot]:
    to = None if wanted.value == NOTHING else wanted.value
    return _both(assign(session, actor, told.case_id, to, desk=desk))


def _label(session: Session, actor: Actor, told: Told, wanted: Wanted, desk: Desk) -> tuple[Snapshot, Snapshot]:
    return _carried(put_label(session, actor, told.case_id, wanted.value, desk=desk))


def _unlabel(session: Session, actor: Actor, told: Told, wanted: Wanted, desk: Desk) -> tuple[Snapshot, Snapshot]:
    return _carried(take_label(session, actor, told.case_id, wanted.value, desk=desk))


def _next(session: Session, actor: Actor, told: Told, wanted: Wanted, desk: Desk) -> tuple[Snapshot, Snapshot]:
    step = NextStep(wanted.value) if wanted.value else None
    planned = replace(planned_of(told), next_on=wanted.on, next_step=step)
    return _both(service.plan(session, actor, told.case_id, planned, desk=desk, seen=seen_of(told)))


def _theme(session: Session, actor: Actor, told: Told, wanted: Wanted, desk: Desk) -> tuple[Snapshot, Snapshot]:
    theme = None if wanted.value == NOTHING else Theme(wanted.value)
    telling = replace(telling_of(told), theme=theme)
    return _both(service.tell(session, actor, told.case_id, telling, desk=desk, seen=seen_of(told)))


def _severity(session: Session, actor: Actor, told: Told, wanted: Wanted, desk: Desk) -> tuple[Snapshot, Snapshot]:
    severity = None if wanted.value == NOTHING else Severity(wanted.value)
    telling = replace(telling_of(told), severity=severity)
    return _both(service.tell(session, actor, told.case_id, telling, desk=desk, seen=seen_of(told)))


def _step(session: Session, actor: Actor, told: Told, wanted: Wanted, desk: Desk) -> tuple[Snapshot, Snapshot]:
    try:
        return _both(service.step(session, actor, told.case_id, wanted.value, desk=desk))
    except (NotFound, Conflict):
        raise Refused(NOT_FROM_HERE) from None


def list_all_candidates(session: Session, tolds: Sequence[Told], *, desk: Desk) -> list[Candidate]:
    """Whoever of the reader's side holds one of these threads, by name. To whom each can be given, its verb says."""
    if not tolds:
        return []
    every = [list_holders(session, told.case_id, told.body_id, today=desk.today) for told in tolds]
    return list_candidates(session, tolds[0], desk=desk, holders=[one for holders in every for one in holders])


def telling_of(told: Told) -> Telling:
    """What is told of a thread already."""
    row = told.thread
    return Telling(row.theme, row.system_id, row.severity, row.lang) if row is not None else Telling()


def planned_of(told: Told) -> Planned:
    """What a side keeps of a thread already."""
    row = told.side
    return Planned(row.next_on, row.next_step, row.waiting, row.mandate_until) if row is not None else Planned()


def _both(change: Change) -> tuple[Snapshot, Snapshot]:
    return change.before, change.after


def _carried(labels: tuple[Labels, Labels]) -> tuple[Snapshot, Snapshot]:
    return {"labels": sorted(labels[0])}, {"labels": sorted(labels[1])}


Doing = Callable[[Session, Actor, Told, Wanted, Desk], tuple[Snapshot, Snapshot]]
_DOING: Mapping[Act, Doing] = {
    Act.TAKE: _take,
    Act.ASSIGN: _assign,
    Act.LABEL: _label,
    Act.UNLABEL: _unlabel,
    Act.NEXT: _next,
    Act.THEME: _theme,
    Act.SEVERITY: _severity,
    Act.STEP: _step,
}
