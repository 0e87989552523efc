"""Adding to the chain, in the caller's transaction."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import Session

from portal.audit.models import AuditEvent, AuditHead
from portal.audit.rules import START, chain_hash
from portal.identity.actor import Actor


def record(
    session: Session,
    *,
    actor: Actor | None,
    event: str,
    subject: str,
    now: datetime,
    body_id: str | None = None,
    facts: Mapping[str, str | int] | None = None,
) -> AuditEvent:
    """Add one event. ``event`` is a static name, ``subject`` an id or reference, ``facts`` ids and counts: no words."""
    head = _locked_head(session)
    at = now.astimezone(UTC)
    account_id = actor.account_id if actor else None
    content = {
        "event": event,
        "subject": subject,
        "account_id": account_id,
        "body_id": body_id,
        "facts": dict(facts or {}),
    }
    number = head.number + 1
    added = AuditEvent(
        number=number, at=at, previous=head.hash, hash=chain_hash(head.hash, number, at, content), **content
    )
    session.add(added)
    head.number, head.hash = number, added.hash
    session.flush()
    return added


def _locked_head(session: Session) -> AuditHead:
    """The end of the chain, held until the caller's transaction ends. Two first writers make one head, not an error."""
    locked = select(AuditHead).with_for_update()
    head = session.scalars(locked).one_or_none()
    if head is None:
        inserting = insert_on_sqlite if session.get_bind().dialect.name == "sqlite" else insert_on_postgresql
        session.execute(inserting(AuditHead).values(id=1, number=0, hash=START).on_conflict_do_nothing())
        head = session.scalars(locked.execution_options(populate_existing=True)).one()
    return head
