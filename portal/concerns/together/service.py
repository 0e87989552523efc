"""Putting threads together and taking them apart again; noting that reporters were told that they are not alone.

Every press goes to the audit under the thread's hashed subject, and no sealed row is written with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases.turn import Desk
from portal.concerns.casework.homes import homes_of
from portal.concerns.casework.rules import Side, Theme
from portal.concerns.casework.told import Told, list_holders, list_told, tellable
from portal.concerns.casework.turns import begin_turn, home_of
from portal.concerns.desk.duty import side_of
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
    refused = {told.case_id: _refused(session, actor, told, desk) for told in found}
    first = next((told for told in found if refused[told.case_id] is None), None)
    if first is None:
        return [Outcome(*one) for one in refused.items()]
    made = Collective(
        id=collective_id,
        side=Side(side_of(actor)),
        home_id=_home(session, actor, first, desk),
        body_id=first.body_id,
        theme=cause.theme,
        system_id=cause.system_id,
        opened_on=desk.today,
    )
    session.add(made)
    session.flush()
    return _link_all(session, actor, made, found, desk)


def link(session: Session, actor: Actor, collective_id: str, case_ids: Sequence[bytes], *, desk: Desk) -> list[Outcome]:
    """Put more threads to those of a collective, or back to them; a line for each that the actor can open.

    The collective is held first, then one thread after another in the order of their ids.
    """
    collective = _hold(session, get_collective(session, actor, collective_id))
    return _link_all(session, actor, collective, list_told(session, actor, case_ids), desk)


def unlink(session: Session, actor: Actor, collective_id: str, case_id: bytes, *, desk: Desk) -> None:
    """Take a thread out again. Nothing else of it changes, and it can be put back."""
    collective = _hold(session, get_collective(session, actor, collective_id))
    found = list_told(session, actor, [case_id])
    row = session.get(CollectiveLink, (collective.id, case_id)) if found else None
    if row is None:
        raise NotFound
    if row.unlinked_on is None:
        row.unlinked_on = desk.today
        _note(session, actor, found[0], "unlinked", desk)


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


def _home(session: Session, actor: Actor, told: Told, desk: Desk) -> str:
    """The home that works on a thread for the actor's side; where none does yet, the actor's own that reads it."""
    if told.side is not None:
        return told.side.home_id
    return home_of(actor, list_holders(session, told.case_id, told.body_id, today=desk.today))


def _refused(
    session: Session, actor: Actor, told: Told, desk: Desk, collective: Collective | None = None
) -> Message | None:
    if told.thread is None:
        return NOT_TAKEN
    if collective is not None and told.body_id != collective.body_id:
        return OTHER_BODY
    homes = homes_of(actor) if collective is None else {collective.home_id}
    return None if _home(session, actor, told, desk) in homes else OTHER_HOME


def _link_all(
    session: Session, actor: Actor, collective: Collective, found: Sequence[Told], desk: Desk
) -> list[Outcome]:
    """A line for each. Only those that the actor could open count against the limit: it tells of no others."""
    rows = session.scalars(
        select(CollectiveLink).where(
            CollectiveLink.collective_id == collective.id, tellable(actor, CollectiveLink.case_id)
        )
    )
    links = {row.case_id: row for row in rows}
    made = []
    for told in sorted(found, key=lambda one: one.case_id):
        refused = _refused(session, actor, told, desk, collective)
        row = links.get(told.case_id)
        if refused is None and row is None and len(links) >= MOST_LINKED:
            refused = FULL
        if refused is None and (row is None or row.unlinked_on is not None):
            links[told.case_id] = row or CollectiveLink(collective_id=collective.id, case_id=told.case_id)
            links[told.case_id].linked_on, links[told.case_id].unlinked_on = desk.today, None
            session.add(links[told.case_id])
            _note(session, actor, told, "linked", desk)
        made.append(Outcome(told.case_id, refused))
    return made


def _note(session: Session, actor: Actor, told: Told, step: str, desk: Desk) -> None:
    """A line of the thread's timeline, for the actor's own side alone, and the audit. Whoever works on the thread at
    this moment is not in the way: nothing that they tell of it changes."""
    turn = begin_turn(session, actor, told.case_id, desk=desk, is_claiming=True)
    turn.line(step, both=False)
    turn.end(step)
