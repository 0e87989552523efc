"""Reading the chain, and proving it."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.models import AuditEvent, AuditHead
from portal.audit.rules import START, chain_hash


@dataclass(frozen=True, slots=True)
class ChainReport:
    """How far the chain holds. ``broken_at`` is the first number that is changed or missing."""

    events: int
    broken_at: int | None


def verify_chain(session: Session, progress: Callable[[int], None] = lambda _count: None) -> ChainReport:
    """Walk the whole chain from its first event to its head."""
    previous, number = START, 0
    events = select(AuditEvent.__table__).order_by(AuditEvent.number).execution_options(yield_per=1000)
    with session.execute(events) as rows:
        for row in rows:
            content = {name: getattr(row, name) for name in ("event", "subject", "account_id", "body_id", "facts")}
            expected = chain_hash(previous, number + 1, row.at, content)
            if row.number != number + 1 or row.previous != previous or row.hash != expected:
                return ChainReport(number, number + 1)
            previous, number = row.hash, row.number
            if number % 1000 == 0:
                progress(number)
    head = session.scalars(select(AuditHead)).one_or_none()
    ends_well = (head is None and number == 0) or (head is not None and (head.number, head.hash) == (number, previous))
    return ChainReport(number, None if ends_well else number + 1)


def count_events(session: Session, subject: str) -> int:
    """How many events name the subject."""
    return len(session.scalars(select(AuditEvent.number).where(AuditEvent.subject == subject)).all())
