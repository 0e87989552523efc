"""Who looked: each part of a request that somebody opens is written down once a day, and its requester reads it."""

from fastapi import Depends, Request
from fastapi.params import Depends as DependsParam
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases.models import Case
from portal.subject_access.asking.models import Reading
from portal.subject_access.asking.rules import Looked
from portal.subject_access.queries import get_for_desk
from portal.web.dependencies import SignedIn, SignedVisit

PARTS = {
    "search": Looked.SEARCH,
    "material": Looked.MATERIAL,
    "answer": Looked.ANSWER,
    "sign": Looked.ANSWER,
    "pack": Looked.ANSWER,
    "slip": Looked.ANSWER,
}
"""The first word of an address after the request's reference; everything else is the request itself."""


def note_look(request: Request, visit: SignedVisit) -> None:
    """On every page of a request at the desk. Somebody who may not read it meets the common 404."""
    reference = request.path_params.get("reference")
    if request.method != "GET" or reference is None:
        return
    with visit.database.reading() as session:
        case = get_for_desk(session, visit.actor, reference)
        session.expunge(case)
    rest = visit.path.partition(f"/{reference}")[2].split("/")
    write_look(visit, case, PARTS.get(rest[1] if len(rest) > 1 else "", Looked.REQUEST))


SEEN: DependsParam = Depends(note_look)
"""``dependencies=[requires(Permission.ACCESS_QUEUE), SEEN]``: for the pages of one request; a test walks them."""


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
