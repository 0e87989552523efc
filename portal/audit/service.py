"""Adding to the chain, in the caller's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import Session

from portal.audit.models import AuditEvent, AuditHead
from portal.audit.rules import START, chain_hash
from portal.identity.actor import Actor


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that was done: a static name, an id or reference, who did it, and ids and counts: no words."""

    event: str
    subject: str
    actor: Actor | None = None
    body_id: str | None = None
    facts: Mapping[str, str | int] = field(default_factory=dict)


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
    return record_all(session, [Happened(event, subject, actor, body_id, facts or {})], now=now)[0]


def record_all(session: Session, happened: Sequence[Happened], *, now: datetime) -> list[AuditEvent]:
    """Add several events in their order, with one look at the end of the chain."""
    if not happened:
        return []
    head = _locked_head(session)
    added = [_next(head, one, now.astimezone(UTC)) for one in happened]
    session.add_all(added)
    session.flush()
    return added


def wait_turn(session: Session) -> None:
    """Wait until no other transaction adds to the trail. Whoever holds something else that all writers of a kind need
    takes this first, as everybody does, so that no two wait for each other."""
    _locked_head(session)


def _next(head: AuditHead, one: Happened, at: datetime) -> AuditEvent:
    content = {
        "event": one.event,
        "subject": one.subject,
        "account_id": one.actor.account_id if one.actor else None,
        "body_id": one.body_id,
        "facts": dict(one.facts),
    }
    number = head.number + 1
    added = AuditEvent(
        number=number, at=at, previous=head.hash, hash=chain_hash(head.hash, number, at, content), **content
    )
    head.number, head.hash = number, added.hash
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
