"""The labels of a side: a closed list of short names in both languages, which two people agreed.

A label that somebody puts on a concern is told to the server, so it is content. It comes from the list of one branch,
or of one body's readers, and nobody of another side ever sees it.
"""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases.turn import Desk
from portal.concerns.casework.homes import homes_of, side_and_homes
from portal.concerns.casework.models import SideLabel, ToldLabel
from portal.concerns.casework.rules import Side
from portal.concerns.desk.duty import side_of
from portal.core.db import NO_KEY
from portal.core.errors import NotFound, Refused
from portal.core.text import Bilingual, pmsg
from portal.identity.actor import Actor

LONGEST = 40
MOST_LABELS = 60
OWN_LABEL = pmsg("error", "You proposed this label. Somebody else of your side has to approve it")
TOO_MANY = pmsg("error", "Your side has as many labels as can be kept. End one first")
KNOWN = pmsg("error", "Your side has a label of this name already")


def list_labels(session: Session, actor: Actor) -> Sequence[SideLabel]:
    """Every label of those for whom somebody reads that has not ended, proposed ones too, by name."""
    side, homes = side_and_homes(actor)
    mine = select(SideLabel).where(SideLabel.side == side, SideLabel.home_id.in_(homes))
    return session.scalars(mine.where(SideLabel.ended_on.is_(None)).order_by(SideLabel.name_cy, SideLabel.id)).all()


def list_usable(session: Session, actor: Actor) -> list[SideLabel]:
    """Those that two people agreed."""
    return [label for label in list_labels(session, actor) if label.approved_by is not None]


def get_label(session: Session, actor: Actor, label_id: str) -> SideLabel:
    """A label of those for whom somebody reads; another side's, an ended one and nonsense are NotFound."""
    label = session.get(SideLabel, label_id)
    if label is None or label.home_id not in homes_of(actor) or label.ended_on is not None:
        raise NotFound
    return label


def propose_label(
    session: Session, actor: Actor, name: Bilingual, *, home_id: str, label_id: str, desk: Desk
) -> SideLabel:
    """Propose a label. Nobody can use it before a second person approves it. The same form again makes nothing more."""
    if home_id not in homes_of(actor):
        raise NotFound
    known = session.get(SideLabel, label_id)
    if known is not None:
        if known.home_id != home_id or known.proposed_by != actor.person_id:
            raise NotFound
        return known
    theirs = [label for label in list_labels(session, actor) if label.home_id == home_id]
    if any(_alike(label.name_cy, name.cy) or _alike(label.name_en, name.en) for label in theirs):
        raise Refused(KNOWN)
    if len(theirs) >= MOST_LABELS:
        raise Refused(TOO_MANY)
    label = SideLabel(
        id=label_id,
        side=Side(side_of(actor)),
        home_id=home_id,
        name_cy=name.cy,
        name_en=name.en,
        proposed_by=actor.person_id,
        made_on=desk.today,
    )
    session.add(label)
    session.flush()
    _note(session, actor, "concern.label_proposed", label, desk)
    return label


def approve_label(session: Session, actor: Actor, label: SideLabel, *, desk: Desk) -> None:
    """The second person says that the label says nothing that it may not say; twice is once."""
    _hold(session, label)
    if label.approved_by is not None:
        return
    if label.proposed_by == actor.person_id:
        raise Refused(OWN_LABEL)
    label.approved_by = actor.person_id
    session.flush()
    _note(session, actor, "concern.label_approved", label, desk)


def end_label(session: Session, actor: Actor, label: SideLabel, *, desk: Desk) -> None:
    """End a label: it goes from every concern that carries it."""
    _hold(session, label)
    label.ended_on = desk.today
    session.execute(delete(ToldLabel).where(ToldLabel.label_id == label.id))
    session.flush()
    _note(session, actor, "concern.label_ended", label, desk)


def _hold(session: Session, label: SideLabel) -> None:
    session.refresh(label, with_for_update=NO_KEY)
    if label.ended_on is not None:
        raise NotFound


def _alike(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _note(session: Session, actor: Actor, event: str, label: SideLabel, desk: Desk) -> None:
    record(session, actor=actor, event=event, subject=label.id, now=desk.now)
