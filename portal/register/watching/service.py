"""Beginning to follow, and stopping. It is nobody else's to know who follows what, so no audit row says it."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.core.errors import NotFound, Refused
from portal.core.ids import new_id
from portal.core.text import pmsg
from portal.identity.actor import Actor
from portal.register.watching.following import COLUMNS, Thing
from portal.register.watching.models import Watch, WatchWaiting
from portal.register.watching.rules import MOST_FOLLOWED


def follow(session: Session, actor: Actor, thing: Thing, *, now: datetime) -> Watch:
    """Begin to follow something. To follow it twice is to follow it once."""
    column = COLUMNS[thing.what]
    asked = select(Watch).where(Watch.account_id == actor.account_id, column == thing.id)
    known = session.scalars(asked).one_or_none()
    if known is not None:
        return known
    counted = select(func.count()).select_from(Watch).where(Watch.account_id == actor.account_id)
    if (session.scalar(counted) or 0) >= MOST_FOLLOWED:
        raise Refused(pmsg("error", "You follow as much as one account can. Stop following something first"))
    watch = Watch(id=new_id(), account_id=actor.account_id, began_at=now, **{column.key: thing.id})
    try:
        with session.begin_nested():
            session.add(watch)
    except IntegrityError:
        return session.scalars(asked).one()  # the same button, pressed twice at once
    return watch


def stop(session: Session, actor: Actor, watch_id: str) -> None:
    """Stop following; NotFound for what is somebody else's. With nothing left, nothing waits either."""
    watch = session.get(Watch, watch_id)
    if watch is None or watch.account_id != actor.account_id:
        raise NotFound
    session.delete(watch)
    session.flush()
    left = select(Watch.id).where(Watch.account_id == actor.account_id).limit(1)
    gone = WatchWaiting.account_id == actor.account_id
    if watch.system_id is not None:
        gone = gone & (WatchWaiting.system_id == watch.system_id)
    if watch.system_id is not None or session.scalar(left) is None:
        session.execute(delete(WatchWaiting).where(gone))
