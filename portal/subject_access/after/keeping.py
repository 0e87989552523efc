"""How long each body keeps closed requests: its own periods within what is usual, or the defaults."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.authz.permissions import Permission, Subject, permits
from portal.cases.models import Case
from portal.cases.turn import Desk
from portal.core.errors import NotFound, Refused
from portal.core.text import pmsg
from portal.identity.actor import Actor
from portal.subject_access.after.models import KeepingTerms
from portal.subject_access.after.rules import DEFAULT_KEEPING, Keeping, is_usual

NOT_USUAL = pmsg(
    "error", "Choose from 2 to 6 years, and for a request that was reopened no fewer than for any other request"
)


def keeping_of(session: Session, body_id: str) -> Keeping:
    """How long this body keeps its requests."""
    found = session.get(KeepingTerms, body_id)
    return DEFAULT_KEEPING if found is None else Keeping(found.years_closed, found.years_reopened)


def set_keeping(session: Session, actor: Actor, body_id: str, keeping: Keeping, *, desk: Desk) -> Keeping:
    """From now on the body keeps its requests so long; what is due by that goes with the next pass."""
    if not permits(actor, Permission.ADMINISTER, Subject(body_id=body_id)):
        raise NotFound
    if not is_usual(keeping):
        raise Refused(NOT_USUAL)
    before = keeping_of(session, body_id)
    if keeping == before:
        return before
    found = session.get(KeepingTerms, body_id)
    if found is None:
        session.add(KeepingTerms(body_id=body_id, years_closed=keeping.closed, years_reopened=keeping.reopened))
    else:
        found.years_closed, found.years_reopened = keeping.closed, keeping.reopened
    session.flush()
    facts = {"closed": keeping.closed, "reopened": keeping.reopened}
    was = {"closed_before": before.closed, "reopened_before": before.reopened}
    record(
        session,
        actor=actor,
        event="access.keeping_set",
        subject=body_id,
        now=desk.now,
        body_id=body_id,
        facts={**facts, **was},
    )
    return keeping


def read_all(session: Session) -> Mapping[str, Keeping]:
    """The bodies that have periods of their own."""
    rows = session.scalars(select(KeepingTerms))
    return {row.body_id: Keeping(row.years_closed, row.years_reopened) for row in rows}


def each_with_its_own(own: Mapping[str, Keeping]) -> list[tuple[ColumnElement[bool], Keeping]]:
    """The requests of each such body, and those of all the others with the defaults."""
    others = Case.body_id.not_in(sorted(own)) if own else true()
    return [(and_(Case.body_id == body_id), keeping) for body_id, keeping in own.items()] + [(others, DEFAULT_KEEPING)]
