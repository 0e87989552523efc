"""Who looked: each part of a complaint that somebody opens is written down once a day, and its person reads it."""

from fastapi import Depends, Request
from fastapi.params import Depends as DependsParam

from portal.audit.service import record
from portal.cases.locking import hold
from portal.cases.models import Case
from portal.complaints.models import ComplaintReading
from portal.complaints.queries import get_for_desk
from portal.complaints.rules import Looked
from portal.web.dependencies import SignedIn, SignedVisit

PARTS = {"files": Looked.FILES}
"""The first word of an address after the complaint's reference; everything else is the complaint itself."""


def note_look(request: Request, visit: SignedVisit) -> None:
    """On every page of a complaint at the desk. Somebody who may not read it meets the common 404."""
    reference = request.path_params.get("reference")
    if request.method != "GET" or reference is None:
        return
    with visit.database.reading() as session:
        case = get_for_desk(session, visit.actor, reference)
        session.expunge(case)
    rest = visit.path.partition(f"/{reference}")[2].split("/")
    write_look(visit, case, PARTS.get(rest[1] if len(rest) > 1 else "", Looked.COMPLAINT))


SEEN: DependsParam = Depends(note_look)
"""``dependencies=[requires(Permission.COMPLAINT_DESK), SEEN]``: for the pages of one complaint; a test walks them."""


def write_look(visit: SignedIn, case: Case, part: Looked) -> None:
    """Write it down if it is the first time today, and the first of a day into the audit too."""
    key = (case.id, visit.actor.account_id, visit.today, part)
    with visit.database.reading() as session:
        if session.get(ComplaintReading, key) is not None:
            return
    with visit.database.writing() as session:
        hold(session, session.get_one(Case, case.id))
        if session.get(ComplaintReading, key) is not None:
            return
        session.add(ComplaintReading(case_id=case.id, account_id=visit.actor.account_id, on_day=visit.today, part=part))
        session.flush()
        facts = {"part": part.value}
        record(
            session,
            actor=visit.actor,
            event="complaint.read",
            subject=case.id,
            now=visit.now,
            body_id=case.body_id,
            facts=facts,
        )
