"""Reading collectives: of one's own side and home, and of their threads those alone that the reader can open.

Nobody learns from a collective that there are threads in it which they cannot open: not from a number, a day or a band.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from portal.concerns.casework.homes import side_and_homes
from portal.concerns.casework.models import ToldSide, ToldThread
from portal.concerns.casework.rules import Theme
from portal.concerns.casework.told import tellable
from portal.concerns.models import RecipientKey
from portal.concerns.together.models import BandTold, Collective, CollectiveLink
from portal.concerns.together.rules import band_of, band_to_tell, bands_shown
from portal.core.errors import NotFound
from portal.identity.actor import Actor
from portal.mailbox.models import SealedCase, SealedGrant

_IS_LINKED = CollectiveLink.unlinked_on.is_(None)


@dataclass(frozen=True, slots=True)
class Seen:
    """A collective as one reader may know it: ``linked`` threads that they can open, of ``ever`` that they could put
    back as well; since the day when the first of these came to it."""

    collective: Collective
    linked: int
    ever: int
    since: date
    told: Mapping[int, date]

    @property
    def id(self) -> str:
        return self.collective.id

    @property
    def band(self) -> int:
        """What may be said of the concerns that are linked now."""
        return band_of(self.linked)

    @property
    def to_tell(self) -> int:
        """What reporters may be told, 0 for nothing yet."""
        return band_to_tell(self.told, self.linked, self.ever)


@dataclass(frozen=True, slots=True)
class Linked:
    """One thread of a collective."""

    link: CollectiveLink
    thread: ToldThread | None
    opened_day: date

    @property
    def is_linked(self) -> bool:
        return self.link.unlinked_on is None


def list_collectives(session: Session, actor: Actor) -> list[Seen]:
    """Every collective of the actor's side and homes with a thread that they can open; the fullest first."""
    return sorted(_seen(session, actor), key=lambda seen: (-seen.linked, seen.since, seen.id))


def get_collective(session: Session, actor: Actor, collective_id: str) -> Seen:
    """One of them; NotFound for another side's, for one without a thread that the actor can open, and for nonsense."""
    found = _seen(session, actor, Collective.id == collective_id)
    if not found:
        raise NotFound
    return found[0]


def list_of_thread(session: Session, actor: Actor, case_id: bytes) -> list[Seen]:
    """The collectives that a thread of the actor's is in."""
    within = select(CollectiveLink.collective_id).where(CollectiveLink.case_id == case_id, _IS_LINKED)
    return _seen(session, actor, Collective.id.in_(within.where(tellable(actor, CollectiveLink.case_id))))


def list_linked(session: Session, actor: Actor, collective_id: str) -> list[Linked]:
    """The threads of a collective that the actor can open: those linked now, then those taken out again."""
    rows = session.execute(
        select(CollectiveLink, ToldThread, SealedCase.opened_day)
        .join(SealedCase, SealedCase.case_id == CollectiveLink.case_id)
        .outerjoin(ToldThread, ToldThread.case_id == CollectiveLink.case_id)
        .where(CollectiveLink.collective_id == collective_id, tellable(actor, CollectiveLink.case_id))
        .order_by(CollectiveLink.unlinked_on.is_not(None), CollectiveLink.linked_on, CollectiveLink.case_id)
    )
    return [Linked(*row) for row in rows]


def count_for_report(session: Session, actor: Actor, *, before: date) -> dict[str, dict[tuple[Theme, str | None], int]]:
    """By body: how many of the threads that the actor can open, and their home works on, were told before a day to be
    about what. Nobody else's are counted."""
    side, homes = side_and_homes(actor)
    granted = (
        select(SealedGrant.case_id)
        .join(RecipientKey, RecipientKey.key_id == SealedGrant.key_id)
        .where(RecipientKey.person_id == actor.person_id, RecipientKey.ended_on.is_(None))
    )
    counted: dict[str, dict[tuple[Theme, str | None], int]] = {}
    rows = session.execute(
        select(ToldThread.body_id, ToldThread.theme, ToldThread.system_id, func.count())
        .join(ToldSide, and_(ToldSide.case_id == ToldThread.case_id, ToldSide.side == side))
        .where(ToldSide.home_id.in_(homes), ToldThread.theme.is_not(None), ToldThread.told_on < before)
        .where(ToldThread.case_id.in_(granted), tellable(actor, ToldThread.case_id))
        .group_by(ToldThread.body_id, ToldThread.theme, ToldThread.system_id)
    )
    for body_id, theme, system_id, number in rows:
        if theme is not None:
            counted.setdefault(body_id, {})[(theme, system_id)] = number
    return counted


def _seen(session: Session, actor: Actor, *which: ColumnElement[bool]) -> list[Seen]:
    side, homes = side_and_homes(actor)
    rows = session.execute(
        select(
            Collective,
            func.sum(case((_IS_LINKED, 1), else_=0)),
            func.count(),
            func.min(CollectiveLink.linked_on),
        )
        .join(CollectiveLink, CollectiveLink.collective_id == Collective.id)
        .where(Collective.side == side, Collective.home_id.in_(homes), *which)
        .where(tellable(actor, CollectiveLink.case_id))
        .group_by(*Collective.__table__.columns)
    ).all()
    told = _bands(session, [row[0].id for row in rows])
    return [
        Seen(collective, int(linked), ever, since, bands_shown(told.get(collective.id, {}), ever))
        for collective, linked, ever, since in rows
    ]


def _bands(session: Session, collective_ids: Sequence[str]) -> dict[str, dict[int, date]]:
    found: dict[str, dict[int, date]] = {}
    for row in session.scalars(select(BandTold).where(BandTold.collective_id.in_(collective_ids))):
        found.setdefault(row.collective_id, {})[row.band] = row.told_on
    return found
