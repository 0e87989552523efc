"""Choices of the desk's list that somebody saved under a name: their own, or shared with everybody of their home.

A view is filters of the address and no thread. Whoever opens a shared one sees their own threads through it.
"""

from collections.abc import Sequence

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases.turn import Desk
from portal.concerns.casework.homes import homes_of, side_and_homes
from portal.concerns.casework.models import CaseworkView
from portal.core import ids
from portal.core.errors import NotFound, Refused
from portal.core.text import pmsg
from portal.identity.actor import Actor

LONGEST_NAME = 80
MOST_VIEWS = 30
TOO_MANY_VIEWS = pmsg("error", "You have saved as many choices as can be kept. Delete one first")
NAME_TAKEN = pmsg("error", "A shared choice has this name already. Choose another name, or delete that one first")


def list_views(session: Session, actor: Actor) -> Sequence[CaseworkView]:
    """Somebody's own, and those that their home shares, by name."""
    side, homes = side_and_homes(actor)
    shared = and_(CaseworkView.side == side, CaseworkView.home_id.in_(homes))
    seen = or_(and_(CaseworkView.account_id == actor.account_id, CaseworkView.home_id.is_(None)), shared)
    return session.scalars(select(CaseworkView).where(seen).order_by(CaseworkView.name, CaseworkView.id)).all()


def save_view(
    session: Session, actor: Actor, name: str, query: str, *, home_id: str | None, desk: Desk
) -> CaseworkView:
    """Keep what is shown under a name, for oneself or for a home. An own name again replaces what it was; a shared one
    stays what its maker meant."""
    if home_id is not None and home_id not in homes_of(actor):
        raise NotFound
    asked = select(CaseworkView).where(CaseworkView.account_id == actor.account_id)
    if home_id is not None:
        asked = select(CaseworkView).where(CaseworkView.side == side_and_homes(actor)[0])
    among = asked.where(CaseworkView.home_id.is_not_distinct_from(home_id))
    found = session.scalars(among.where(CaseworkView.name == name)).first()
    if found is not None and home_id is not None and found.account_id != actor.account_id:
        raise Refused(NAME_TAKEN)
    if found is None:
        if (session.scalar(select(func.count()).select_from(among.subquery())) or 0) >= MOST_VIEWS:
            raise Refused(TOO_MANY_VIEWS)
        side = None if home_id is None else side_and_homes(actor)[0]
        found = CaseworkView(id=ids.new_id(), account_id=actor.account_id, side=side, home_id=home_id, name=name)
        session.add(found)
    found.query = query
    session.flush()
    if home_id is not None:
        record(session, actor=actor, event="concern.view_shared", subject=found.id, now=desk.now)
    return found


def delete_view(session: Session, actor: Actor, view_id: str, *, desk: Desk) -> None:
    """Forget a saved choice: one's own, or any that one's home shares. Anybody else's is NotFound."""
    found = session.get(CaseworkView, view_id)
    if found is None or (found.home_id is None and found.account_id != actor.account_id):
        raise NotFound
    if found.home_id is not None and found.home_id not in homes_of(actor):
        raise NotFound
    session.delete(found)
    if found.home_id is not None:
        record(session, actor=actor, event="concern.view_deleted", subject=view_id, now=desk.now)
