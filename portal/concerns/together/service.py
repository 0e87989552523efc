"""Putting threads together and taking them apart again; noting that reporters were told that they are not alone.

Every press goes to the audit under the thread's hashed subject, and no sealed row is written with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases.turn import Desk
from portal.concerns.casework.rules import Side, Theme
from portal.concerns.casework.told import Told, list_told, tellable
from portal.concerns.casework.turns import Turn, begin_turn
from portal.concerns.together.models import BandTold, Collective, CollectiveLink
from portal.concerns.together.queries import Seen, get_collective
from portal.concerns.together.rules import FIRST_BAND
from portal.core.db import NO_KEY
from portal.core.errors import NotFound, Refused
from portal.core.text import Message, pmsg
from portal.identity.actor import Actor

MOST_LINKED = 500
NOT_TAKEN = pmsg("error", "Nobody has taken this concern on yet. Take it on, then put it with others")
OTHER_BODY = pmsg("error", "This concern is about another employer")
OTHER_HOME = pmsg("error", "Another branch works on this concern")
FULL = pmsg("error", "As many concerns as can be kept together are together already")
TOO_FEW = pmsg("error", "Reporters can be told this from {n} concerns on, and there are fewer", n=FIRST_BAND)


Begun = tuple[Told, Turn | Message]
"""A thread with its held rows, or the reason why it cannot be put with others."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What the threads of a collective have in common."""

    theme: Theme
    system_id: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one thread of several: linked, or why not."""

    case_id: bytes
    refused: Message | None = None


def open_collective(
    session: Session, actor: Actor, cause: Cause, case_ids: Sequence[bytes], *, collective_id: str, desk: Desk
) -> list[Outcome]:
    """Put threads together for the first time. The same form again makes nothing more.

    The first of them that can be put anywhere says for whom: its body, and the home that works on it.
    """
    known = session.get(Collective, collective_id)
    if known is not None:
        return link(session, actor, collective_id, case_ids, desk=desk)
    found = list_told(session, actor, case_ids)
    body_id = next((told.body_id for told in found if told.is_told), "")
    begun = _begin_all(session, actor, found, body_id, desk)
    first = next((turn for _told, turn in begun if isinstance(turn, Turn)), None)
    if first is None:
        return [Outcome(told.case_id, turn) for told, turn in begun if isinstance(turn, Message)]
    made = Collective(
        id=collective_id,
        side=first.side_name,
        home_id=first.side.home_id,
        body_id=body_id,
        theme=cause.theme,
        system_id=cause.system_id,
        opened_on=desk.today,
    )
    session.add(made)
    session.flush()
    return _link_all(session, actor, made, begun, desk)


def link(session: Session, actor: Actor, collective_id: str, case_ids: Sequence[bytes], *, desk: Desk) -> list[Outcome]:
    """Put more threads to those of a collective, or back to them; a line for each that the actor can open.

    The collective is held first, then one thread after another in the order of their ids.
    """
    collective = _hold(session, get_collective(session, actor, collective_id))
    begun = _begin_all(session, actor, list_told(session, actor, case_ids), collective.body_id, desk)
    return _link_all(session, actor, collective, begun, desk)


def unlink(session: Session, actor: Actor, collective_id: str, case_id: bytes, *, desk: Desk) -> None:
    """Take a thread out again. Nothing else of it changes, and it can be put back."""
    collective = _hold(session, get_collective(session, actor, collective_id))
    found = list_told(session, actor, [case_id])
    row = session.get(CollectiveLink, (collective.id, case_id)) if found else None
    if row is None:
        raise NotFound
    if row.unlinked_on is None:
        row.unlinked_on = desk.today
        _note(begin_turn(session, actor, case_id, desk=desk, is_claiming=True), "unlinked")


def tell_band(session: Session, actor: Actor, collective_id: str, *, desk: Desk) -> int:
    """Reporters were told that they are not alone, by answers that a device sealed; the band that they were told.

    It is what the actor counts, and no less than what was told before: a band never goes down.
    """
    collective = _hold(session, get_collective(session, actor, collective_id))
    seen = get_collective(session, actor, collective_id)
    if not seen.to_tell:
        raise Refused(TOO_FEW)
    if session.get(BandTold, (collective.id, seen.to_tell)) is None:
        session.add(BandTold(collective_id=collective.id, band=seen.to_tell, told_on=desk.today))
        facts = {"band": seen.to_tell}
        record(
            session, actor=actor, event="concern.band_told", subject=collective.id, now=desk.now, facts=facts,
            body_id=collective.body_id if collective.side is Side.EMPLOYER else None,
        )  # fmt: skip
    return seen.to_tell


def _hold(session: Session, seen: Seen) -> Collective:
    """Presses at one collective come one after another."""
    session.refresh(seen.collective, with_for_update=NO_KEY)
    return seen.collective


def _begin_all(session: Session, actor: Actor, found: Sequence[Told], body_id: str, desk: Desk) -> list[Begun]:
    """Hold the rows of each thread, or say why it cannot be put with others."""
    return [(told, _begin(session, actor, told, body_id, desk)) for told in sorted(found, key=lambda one: one.case_id)]


def _begin(session: Session, actor: Actor, told: Told, body_id: str, desk: Desk) -> Turn | Message:
    """Whoever works on the thread at this moment is not in the way: nothing that they tell of it changes."""
    if not told.is_told:
        return NOT_TAKEN
    if told.body_id != body_id:
        return OTHER_BODY
    try:
        return begin_turn(session, actor, told.case_id, desk=desk, is_claiming=True)
    except Refused as refusal:
        return refusal.message


def _link_all(
    session: Session, actor: Actor, collective: Collective, begun: Sequence[Begun], desk: Desk
) -> list[Outcome]:
    """A line for each. Only those that the actor could open count against the limit: it tells of no others."""
    there = select(CollectiveLink).where(CollectiveLink.collective_id == collective.id)
    rows = session.scalars(there.where(tellable(actor, CollectiveLink.case_id)))
    links = {row.case_id: row for row in rows}
    return [Outcome(told.case_id, _put(session, collective, links, turn, desk)) for told, turn in begun]


def _put(
    session: Session, collective: Collective, links: dict[bytes, CollectiveLink], turn: Turn | Message, desk: Desk
) -> Message | None:
    """Put one thread there; why not, if it cannot be."""
    if isinstance(turn, Message):
        return turn
    if turn.side.home_id != collective.home_id:
        return OTHER_HOME
    case_id = turn.told.case_id
    row = links.get(case_id)
    if row is None and len(links) >= MOST_LINKED:
        return FULL
    if row is None or row.unlinked_on is not None:
        links[case_id] = row or CollectiveLink(collective_id=collective.id, case_id=case_id)
        links[case_id].linked_on, links[case_id].unlinked_on = desk.today, None
        session.add(links[case_id])
        _note(turn, "linked")
    return None


def _note(turn: Turn, step: str) -> None:
    """A line of the thread's timeline, for the actor's own side alone, and the audit."""
    turn.line(step, both=False)
    turn.end(step)
