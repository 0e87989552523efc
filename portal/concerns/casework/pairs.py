"""Replies that a side has agreed in both languages: one person writes a pair, another approves it.

A pair is nobody's words about anybody: it stands in the clear, for the people of one branch, or of one body's readers,
and the device puts the half in the reporter's language into the answer box. Nothing is sent from here.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases.turn import Desk
from portal.concerns.casework.homes import homes_of, side_and_homes
from portal.concerns.casework.models import ReplyPair
from portal.concerns.casework.rules import Purpose, Side
from portal.concerns.desk.duty import side_of
from portal.core.db import NO_KEY
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Bilingual, pmsg
from portal.identity.actor import Actor

LONGEST, LONGEST_NAME = 2000, 80
MOST_PAIRS = 100


OWN_PAIR = pmsg("error", "You wrote this. Somebody else of your side has to approve it")
CHANGED = pmsg("error", "The words were changed since you opened this page. Read them again, then approve them")
APPROVED_STAYS = pmsg("error", "This reply is approved, so its words stay. Write a new one, and end this one")
TOO_MANY = pmsg("error", "Your side has as many replies as can be kept. End one first")


@dataclass(frozen=True, slots=True)
class Written:
    """A pair as somebody wrote it."""

    purpose: Purpose
    name: Bilingual
    text: Bilingual


def list_pairs(session: Session, actor: Actor) -> Sequence[ReplyPair]:
    """Every pair of those for whom somebody reads that has not ended."""
    side, homes = side_and_homes(actor)
    asked = select(ReplyPair).where(ReplyPair.side == side, ReplyPair.home_id.in_(homes))
    return session.scalars(
        asked.where(ReplyPair.ended_on.is_(None)).order_by(ReplyPair.purpose, ReplyPair.name_cy, ReplyPair.id)
    ).all()


def list_ready(session: Session, actor: Actor) -> list[ReplyPair]:
    """Those that a second person has approved."""
    return [pair for pair in list_pairs(session, actor) if pair.approved_by is not None]


def get_pair(session: Session, actor: Actor, pair_id: str) -> ReplyPair:
    """A pair of those for whom somebody reads; another side's, an ended one and nonsense are NotFound."""
    pair = session.get(ReplyPair, pair_id)
    if pair is None or pair.home_id not in homes_of(actor) or pair.ended_on is not None:
        raise NotFound
    return pair


def fingerprint_of(pair: ReplyPair) -> str:
    """What an approval names, so that nobody approves other words than they read."""
    return hashlib.sha256(
        "\0".join((pair.purpose, pair.name_cy, pair.name_en, pair.text_cy, pair.text_en)).encode()
    ).hexdigest()[:32]


def write_pair(
    session: Session, actor: Actor, written: Written, *, home_id: str, pair_id: str, desk: Desk
) -> ReplyPair:
    """Write a pair; nobody can use it before a second person approves it. The same form again makes nothing more."""
    if home_id not in homes_of(actor):
        raise NotFound
    known = session.get(ReplyPair, pair_id)
    if known is not None:
        if known.home_id != home_id or known.written_by != actor.person_id:
            raise NotFound
        return known
    if sum(pair.home_id == home_id for pair in list_pairs(session, actor)) >= MOST_PAIRS:
        raise Refused(TOO_MANY)
    pair = ReplyPair(id=pair_id, side=Side(side_of(actor)), home_id=home_id)
    _write(pair, actor, written, desk)
    session.add(pair)
    session.flush()
    _note(session, actor, "concern.reply_written", pair, desk)
    return pair


def change_pair(session: Session, actor: Actor, pair: ReplyPair, written: Written, *, desk: Desk) -> None:
    """Change what nobody has approved yet. Whoever changed it last wrote it."""
    _hold(session, pair)
    if pair.approved_by is not None:
        raise Refused(APPROVED_STAYS)
    _write(pair, actor, written, desk)
    session.flush()
    _note(session, actor, "concern.reply_written", pair, desk)


def approve_pair(session: Session, actor: Actor, pair: ReplyPair, *, read: str, desk: Desk) -> None:
    """Approve the words that were read; twice is once."""
    _hold(session, pair)
    if pair.approved_by is not None:
        return
    if pair.written_by == actor.person_id:
        raise Refused(OWN_PAIR)
    if read != fingerprint_of(pair):
        raise Conflict(CHANGED)
    pair.approved_by = actor.person_id
    session.flush()
    _note(session, actor, "concern.reply_approved", pair, desk)


def end_pair(session: Session, actor: Actor, pair: ReplyPair, *, desk: Desk) -> None:
    """Take a pair out of use, or a draft away. What was sent with it stays what it is."""
    _hold(session, pair)
    pair.ended_on = desk.today
    session.flush()
    _note(session, actor, "concern.reply_ended", pair, desk)


def _hold(session: Session, pair: ReplyPair) -> None:
    """Two people at once: whoever comes second meets what the first did."""
    session.refresh(pair, with_for_update=NO_KEY)
    if pair.ended_on is not None:
        raise NotFound


def _write(pair: ReplyPair, actor: Actor, written: Written, desk: Desk) -> None:
    pair.purpose = written.purpose
    pair.name_cy, pair.name_en = written.name.cy, written.name.en
    pair.text_cy, pair.text_en = written.text.cy, written.text.en
    pair.written_by, pair.changed_on = actor.person_id, desk.today


def _note(session: Session, actor: Actor, event: str, pair: ReplyPair, desk: Desk) -> None:
    record(session, actor=actor, event=event, subject=pair.id, now=desk.now)
