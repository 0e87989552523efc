"""Writing down that something went wrong with a system, and what was put right."""

from collections.abc import Sequence
from datetime import date

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.core.errors import Conflict
from portal.core.text import msg, pmsg
from portal.register.asking import Ask, Sheet, ask, both, fresh, read_id
from portal.register.lifecycle import incidents, queries
from portal.register.lifecycle.desk import DESK, SEES, post_of
from portal.register.lifecycle.forms import ENTER_DAY, LINE_MAX, REASON_MAX, read_both
from portal.register.lifecycle.incidents import MENDS, RECORDS, NewIncident
from portal.register.lifecycle.standing import get_as
from portal.register.models import System
from portal.web.dependencies import Fields, Read, SignedVisit, Write
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems, choice, day
from portal.web.rendering import redirect

router = APIRouter()

AT = "/my/desk/register/{short_code}/incident"
SERIOUS, MINOR = "serious", "minor"
CHOOSE = pmsg("error", "Choose how bad it was")
INCIDENT = Sheet(
    msg("Something went wrong"),
    pmsg("button", "Record the incident"),
    msg(
        "Staff read this on the system’s page. Write no name and nothing by which somebody can be recognised. A "
        "serious incident brings a review of the system at once."
    ),
)
FIX = Sheet(
    msg("What was put right"),
    pmsg("button", "Write it down"),
    msg("Staff read this on the system’s page. A review cannot end before it is written."),
)


@router.get(AT, dependencies=SEES)
def ask_incident(visit: SignedVisit, session: Read, short_code: str) -> Response:
    """The form of something that went wrong."""
    return _incident_page(visit, session, get_as(session, visit.actor, short_code, *RECORDS), fresh())


@router.post(AT, dependencies=SEES)
def record(visit: SignedVisit, session: Write, fields: Fields, short_code: str) -> Response:
    """Record it. It is on the page of staff at once."""
    system = get_as(session, visit.actor, short_code, *RECORDS)
    problems = Problems()
    new = _read(fields, problems, today=visit.today)
    if new is None:
        return _incident_page(visit, session, system, fields, problems)
    incidents.record_incident(session, visit.actor, system, new, post=post_of(visit))
    return redirect(visit, f"{DESK}/{system.short_code}#incidents")


@router.get(AT + "/{incident_id}", dependencies=SEES)
def ask_fix(visit: SignedVisit, session: Read, short_code: str, incident_id: str) -> Response:
    """The form of what was put right."""
    system = get_as(session, visit.actor, short_code, *MENDS)
    incidents.get_incident(session, system, incident_id)
    return _fix_page(visit, session, system, fresh())


@router.post(AT + "/{incident_id}", dependencies=SEES)
def mend(visit: SignedVisit, session: Write, fields: Fields, short_code: str, incident_id: str) -> Response:
    """Write it down, for staff to read."""
    system = get_as(session, visit.actor, short_code, *MENDS)
    found = incidents.get_incident(session, system, incident_id)
    problems = Problems()
    fix = read_both(fields, "fix", problems, most=REASON_MAX)
    if problems:
        return _fix_page(visit, session, system, fields, problems)
    try:
        incidents.mend(session, visit.actor, system, found, fix, post=post_of(visit))
    except Conflict as conflict:
        return _fix_page(visit, session, system, fields, Problems(page=conflict.message))
    return redirect(visit, f"{DESK}/{system.short_code}#incidents")


def _read(fields: FieldBag, problems: Problems, *, today: date) -> NewIncident | None:
    how_bad = choice(fields, "how_bad", problems, allowed=[SERIOUS, MINOR], required=CHOOSE)
    happened_on = day(fields, "happened_on", problems, required=ENTER_DAY, not_after=today)
    what = read_both(fields, "what", problems, most=REASON_MAX)
    who = read_both(fields, "who", problems, most=LINE_MAX)
    made = read_id(fields, problems)
    if problems or happened_on is None:
        return None
    return NewIncident(made, how_bad == SERIOUS, happened_on, what, who)


def _incident_page(
    visit: Visit, session: Session, system: System, fields: FieldBag, problems: Problems | None = None
) -> Response:
    how_bad = [
        (SERIOUS, msg("Serious: people were harmed, or would have been")),
        (MINOR, msg("Not serious: it was noticed and put right")),
    ]
    asks = [
        Ask("radios", "how_bad", msg("How bad was it?"), options=how_bad),
        Ask("date", "happened_on", msg("Day on which it happened")),
        *both("what", msg("What went wrong, in Welsh"), msg("What went wrong, in English"), most=REASON_MAX),
        *both("who", msg("Whom it affected, in Welsh"), msg("Whom it affected, in English"), most=LINE_MAX),
    ]
    return _page(visit, session, system, INCIDENT, asks, fields, problems)


def _fix_page(
    visit: Visit, session: Session, system: System, fields: FieldBag, problems: Problems | None = None
) -> Response:
    asks = both("fix", msg("What was put right, in Welsh"), msg("What was put right, in English"), most=REASON_MAX)
    return _page(visit, session, system, FIX, asks, fields, problems)


def _page(
    visit: Visit,
    session: Session,
    system: System,
    sheet: Sheet,
    asks: Sequence[Ask],
    fields: FieldBag,
    problems: Problems | None,
) -> Response:
    about = queries.get_line(session, system, today=visit.today).name
    return ask(visit, sheet, asks, fields, back=f"{DESK}/{system.short_code}", about=about, problems=problems)
