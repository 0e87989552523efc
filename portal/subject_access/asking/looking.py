"""Who looked: each part of a request that somebody opens is written down once a day, and its requester reads it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases.models import Case
from portal.subject_access.asking.models import Reading
from portal.subject_access.asking.rules import Looked
from portal.web.dependencies import SignedIn

PARTS = {
    "search": Looked.SEARCH,
    "material": Looked.MATERIAL,
    "answer": Looked.ANSWER,
    "sign": Looked.ANSWER,
    "pack": Looked.ANSWER,
    "slip": Looked.ANSWER,
    "released": Looked.ANSWER,
    "code": Looked.ANSWER,
    "issue-again": Looked.ANSWER,
}
"""The first word of an address after the request's reference; everything else is the request itself."""


def part_of(rest: str) -> Looked:
    """The part of a request that an address is of, by what stands after the request's reference."""
    return PARTS.get(rest.lstrip("/").partition("/")[0], Looked.REQUEST)


def write_look(visit: SignedIn, case: Case, part: Looked) -> None:
    """Write it down if it is the first time today. The audit has one line for a person, a day and a request."""
    key = (case.id, visit.actor.account_id, visit.today, part)
    with visit.database.reading() as session:
        if session.get(Reading, key) is not None:
            return
    with visit.database.writing() as session:
        _write(session, visit, case, part)


def _write(session: Session, visit: SignedIn, case: Case, part: Looked) -> None:
    own = (Reading.case_id == case.id, Reading.account_id == visit.actor.account_id, Reading.on_day == visit.today)
    session.scalars(select(Case.id).where(Case.id == case.id).with_for_update(key_share=True)).one()
    if session.get(Reading, (case.id, visit.actor.account_id, visit.today, part)) is not None:
        return
    is_first = not session.scalar(select(func.count()).select_from(Reading).where(*own))
    session.add(Reading(case_id=case.id, account_id=visit.actor.account_id, on_day=visit.today, part=part))
    session.flush()
    if is_first:
        record(
            session,
            actor=visit.actor,
            event="access.read",
            subject=case.id,
            now=visit.now,
            body_id=case.body_id,
        )
