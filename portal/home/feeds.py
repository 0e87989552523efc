"""The secret address of somebody's own calendar: made, replaced, switched off, and whose it is."""

from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.core import ids
from portal.core.errors import NotFound
from portal.identity.actor import Actor
from portal.identity.models import Account, CalendarLink
from portal.identity.queries import get_actor_of


def make_link(session: Session, actor: Actor, *, now: datetime) -> str:
    """A new secret address; the one before opens nothing any more."""
    token = ids.new_token()
    session.execute(delete(CalendarLink).where(CalendarLink.account_id == actor.account_id))
    session.add(CalendarLink(account_id=actor.account_id, token_hash=ids.token_hash(token), made_at=now))
    record(session, actor=actor, event="calendar.link_made", subject=actor.account_id, now=now)
    session.flush()
    return token


def revoke_link(session: Session, actor: Actor, *, now: datetime) -> None:
    """The secret address opens nothing any more."""
    session.execute(delete(CalendarLink).where(CalendarLink.account_id == actor.account_id))
    record(session, actor=actor, event="calendar.link_revoked", subject=actor.account_id, now=now)


def has_link(session: Session, actor: Actor) -> bool:
    """Whether somebody has a secret address."""
    return session.get(CalendarLink, actor.account_id) is not None


def get_owner(session: Session, token: str, *, today: date) -> Actor:
    """Whose days an address shows, while their account is open; NotFound for every other address."""
    link = session.scalars(select(CalendarLink).where(CalendarLink.token_hash == ids.token_hash(token))).one_or_none()
    account = session.get(Account, link.account_id) if link is not None else None
    if account is None or account.closed_at is not None:
        raise NotFound
    return get_actor_of(session, account.person_id, today=today)
