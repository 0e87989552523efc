"""How long a branch may act in the threads that its representatives hold. The mandate itself is a sealed text that the
worker signed with their receipt; a representative tells the portal its last day, and nothing else of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.concerns.casework.models import DeskPlace, ToldSide, ToldThread
from portal.concerns.casework.rules import Side, Theme
from portal.concerns.casework.told import tellable
from portal.directory.rules import BRANCH_READERS
from portal.identity.actor import Actor
from portal.mailbox.models import SealedCase
from portal.mailbox.rules import week_of

SOON = timedelta(days=14)
MOST = 200


@dataclass(frozen=True, slots=True)
class Mandate:
    """Until when the branch may act in one thread."""

    case_id: bytes
    week: date
    body_id: str
    theme: Theme | None
    until: date

    def has_ended(self, today: date) -> bool:
        return self.until < today

    def ends_soon(self, today: date) -> bool:
        return today <= self.until <= today + SOON


def list_mandates(session: Session, actor: Actor) -> Sequence[Mandate]:
    """Those of the open threads that the actor can open, the one that ends first before the others."""
    rows = session.execute(
        select(ToldSide.case_id, SealedCase.opened_day, SealedCase.body_id, ToldThread.theme, ToldSide.mandate_until)
        .join(DeskPlace, DeskPlace.case_id == ToldSide.case_id)
        .join(ToldThread, ToldThread.case_id == ToldSide.case_id)
        .join(SealedCase, SealedCase.case_id == ToldSide.case_id)
        .where(DeskPlace.person_id == actor.person_id, DeskPlace.is_open)
        .where(ToldSide.side == Side.UNION, ToldSide.mandate_until.is_not(None))
        .where(ToldSide.home_id.in_(sorted(actor.branches_where(*BRANCH_READERS))), tellable(actor, ToldSide.case_id))
        .order_by(ToldSide.mandate_until, ToldSide.case_id)
        .limit(MOST)
    )
    return [Mandate(one, week_of(opened), body, theme, until) for one, opened, body, theme, until in rows if until]
