"""Within how many days a body means to answer, and for how many a released file stays: its own, within bounds.

The law's day is never later than one month and so never before the 28th day: a target of at most 28 days cannot pass
it. No law names a period for released files; law.md 4 has 30 to 90 days.
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.audit.service import record
from portal.authz.permissions import Permission, Subject, permits
from portal.cases.turn import Desk
from portal.core.errors import NotFound, Refused
from portal.core.text import pmsg
from portal.identity.actor import Actor
from portal.subject_access.models import AccessTerms
from portal.subject_access.rules import FILES_DAYS, TARGET_DAYS, USUAL, Terms

NOT_POSSIBLE = pmsg("error", "Enter from 14 to 28 days to answer, and from 30 to 90 days for a released file")


def terms_of(session: Session, body_id: str) -> Terms:
    """What a body chose, or what all others have."""
    found = session.get(AccessTerms, body_id)
    return USUAL if found is None else Terms(found.target_days, found.files_days)


def set_terms(session: Session, actor: Actor, body_id: str, terms: Terms, *, desk: Desk) -> Terms:
    """For requests that come, and files that are released, from now on; what was found follows it at once."""
    if not permits(actor, Permission.ADMINISTER, Subject(body_id=body_id)):
        raise NotFound
    if terms.target_days not in TARGET_DAYS or terms.files_days not in FILES_DAYS:
        raise Refused(NOT_POSSIBLE)
    before = terms_of(session, body_id)
    if terms == before:
        return before
    found = session.get(AccessTerms, body_id)
    if found is None:
        session.add(AccessTerms(body_id=body_id, target_days=terms.target_days, files_days=terms.files_days))
    else:
        found.target_days, found.files_days = terms.target_days, terms.files_days
    session.flush()
    record(
        session,
        actor=actor,
        event="access.terms_set",
        subject=body_id,
        now=desk.now,
        body_id=body_id,
        facts={
            "target": terms.target_days,
            "files": terms.files_days,
            "target_before": before.target_days,
            "files_before": before.files_days,
        },
    )
    return terms


def read_all(session: Session) -> Mapping[str, Terms]:
    """The bodies that chose days of their own."""
    return {row.body_id: Terms(row.target_days, row.files_days) for row in session.scalars(select(AccessTerms))}


def ended_before(
    own: Mapping[str, Terms],
    body_id: InstrumentedAttribute[str],
    ended_on: InstrumentedAttribute[date | None],
    *,
    by: date,
) -> ColumnElement[bool]:
    """What ended so long before a day as its body keeps files."""
    others = body_id.not_in(sorted(own)) if own else true()
    each = [and_(body_id == one, ended_on <= by - terms.files_kept) for one, terms in own.items()]
    return or_(and_(others, ended_on <= by - USUAL.files_kept), *each)
