"""The officer's desk: the queue by true due day, one request, and what can be done to it."""

from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.queries import QueueFilter, count_queue, find_assigned, list_queue
from portal.cases.rules import CaseKind, Duty
from portal.cases.view import view_case
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Locale, Message
from portal.directory.models import Person
from portal.directory.queries import get_body
from portal.register.queries import get_system_by_id, list_data_items
from portal.subject_access.answering import releasing
from portal.subject_access.answering.releasing import Release, why_not_in_portal
from portal.subject_access.letters import ROUTES, SUPPLEMENTARY
from portal.subject_access.models import SubjectAccessRequest
from portal.subject_access.officer import acts
from portal.subject_access.officer.acts import ACTS, Offer, Sheet, offers, why_too_late
from portal.subject_access.queries import blob_context, find_disclosure, get_for_desk, get_request, open_words
from portal.subject_access.rules import (
    CHANNELS,
    EXTENSIONS,
    FORMATS,
    GIVEN,
    IDENTITY,
    NEXT,
    REFUSALS,
    STATES,
    Given,
    State,
)
from portal.subject_access.service import Sent
from portal.web.dependencies import Fields, Read, SignedVisit, Write, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag, read_fields
from portal.web.forms import Problems, choice, form_id
from portal.web.rendering import redirect, render
from portal.web.uploads import ACCEPT, NO_FILE, Upload, read_upload

router = APIRouter()

QUEUE = [requires(Permission.ACCESS_QUEUE)]
UPLOAD = [requires(Permission.ACCESS_QUEUE, takes_file=True)]
DESK = "/my/desk/access"
WITHIN = (7, 14, 28)


@router.get("/my/desk/access", dependencies=QUEUE)
def queue(visit: SignedVisit, session: Read) -> Response:
    """The requests of one's bodies, soonest due day first; what is shown stands in the address."""
    asked = visit.request.query_params
    within = int(asked["within"]) if asked.get("within") in {str(days) for days in WITHIN} else None
    shown = {"show": "finished" if asked.get("show") == "finished" else "open"}
    shown |= {"within": str(within)} if within else {}
    shown |= {"mine": "1"} if asked.get("mine") == "1" else {}
    filters = _filters(visit, shown, within)
    cut = list_queue(session, visit.actor, CaseKind.ACCESS, cursor=asked.get("after"), filters=filters)
    more = urlencode({**shown, "after": cut.next_cursor}) if cut.next_cursor else None
    return render(
        visit,
        "subject_access/queue.html",
        fragment="rows",
        rows=cut.items,
        shown=shown,
        within_days=WITHIN,
        counted=partial(_counts, visit, session),  # the page alone asks
        number=count_queue(session, visit.actor, CaseKind.ACCESS, filters),
        states={state.value: said for state, said in STATES.items()},
        next_acts={state.value: said for state, said in NEXT.items()},
        more=f"{DESK}?{more}" if more else None,
    )


def _filters(visit: Visit, shown: dict[str, str], within: int | None) -> QueueFilter:
    return QueueFilter(
        is_open=shown["show"] == "open",
        due_by=visit.today + timedelta(days=within) if within else None,
        assigned_to=visit.actor.person_id if "mine" in shown else None,
    )


def _counts(visit: Visit, session: Session) -> dict[str, int]:
    soon = QueueFilter(due_by=visit.today + timedelta(days=WITHIN[0]))
    each = {"open": QueueFilter(), "soon": soon, "finished": QueueFilter(is_open=False)}
    return {name: count_queue(session, visit.actor, CaseKind.ACCESS, wanted) for name, wanted in each.items()}


@router.get("/my/desk/access/{reference}", dependencies=QUEUE)
def one_request(visit: SignedVisit, session: Read, reference: str) -> Response:
    """What is asked, the clock and why, the timeline, and what can be done now."""
    return _case_page(visit, session, get_for_desk(session, visit.actor, reference))


@router.post("/my/desk/access/{reference}/code", dependencies=QUEUE)
def show_code(visit: SignedVisit, session: Write, reference: str) -> Response:
    """A new collection code, shown in this answer alone."""
    case = get_for_desk(session, visit.actor, reference)
    code = releasing.make_code(session, visit.actor, case, desk=desk_of(visit))
    groups = [code[start : start + 4] for start in range(0, len(code), 4)]
    return render(visit, "subject_access/code.html", secret=True, reference=case.reference, code="-".join(groups))


@router.get("/my/desk/access/{reference}/{act}", dependencies=QUEUE)
def ask_act(visit: SignedVisit, session: Read, reference: str, act: str) -> Response:
    """The form of one act, if it is on offer."""
    case = get_for_desk(session, visit.actor, reference)
    return _act_page(visit, session, case, act, FieldBag([("form_id", ids.new_id())]))


@router.post("/my/desk/access/{reference}/disclose", dependencies=[requires(Permission.ACCESS_QUEUE, takes_file=True)])
async def disclose(request: Request, visit: SignedVisit, reference: str) -> Response:
    """Release the data: the file is sealed while it streams in, and thrown away if anything is wrong."""
    await run_in_threadpool(_check_may_disclose, visit, reference)
    disclosure_id = ids.new_id()
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        upload = await read_upload(request, visit, context=blob_context(disclosure_id))
        request.state.fields = upload.fields
    else:
        upload = Upload(await read_fields(request), problem=NO_FILE)
    return await run_in_threadpool(_disclose, visit, reference, upload, disclosure_id)


@router.post("/my/desk/access/{reference}/{act}", dependencies=QUEUE)
def do_act(visit: SignedVisit, reference: str, act: str, fields: Fields) -> Response:
    """Do one act, or show its form again with what is wrong."""
    if act not in ACTS:
        raise NotFound
    sheet = _sheet(visit, fields)
    try:
        with visit.database.writing() as session:
            case = get_for_desk(session, visit.actor, reference)
            ACTS[act](session, visit.actor, case, sheet, desk_of(visit))
    except (Refused, Conflict) as refusal:
        sheet.problems["page"] = refusal.message
    if not sheet.problems:
        return redirect(visit, f"{DESK}/{reference}")
    return _again(visit, reference, act, fields, sheet.problems)


def _sheet(visit: Visit, fields: FieldBag) -> Sheet:
    own, version = form_id(fields), fields.one("version")
    if not own or not (version.isascii() and version.isdigit() and len(version) < 8):
        raise NotFound
    return Sheet(fields, Problems(), Sent(own, int(version)), visit.today)


def _again(visit: Visit, reference: str, act: str, fields: FieldBag, problems: Problems) -> Response:
    """The form with its problems; the case itself where the act is no longer on offer."""
    with visit.database.reading() as session:
        case = get_for_desk(session, visit.actor, reference)
        offered = {offer.name for offer in offers(case, get_request(session, case))}
        if act in offered:
            return _act_page(visit, session, case, act, fields, problems)
        return _case_page(visit, session, case, problems)


def _check_may_disclose(visit: Visit, reference: str) -> None:
    """Before a byte of the file is read."""
    with visit.database.reading() as session:
        get_for_desk(session, visit.actor, reference)


def _disclose(visit: Visit, reference: str, upload: Upload, disclosure_id: str) -> Response:
    """Keep the file if the case took it; a second POST of the form keeps the first."""
    kept: str | None = None
    problems = Problems()
    try:
        sheet = _sheet(visit, upload.fields)
        problems = sheet.problems
        kept = _release(visit, reference, sheet, upload, disclosure_id)
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    finally:
        if upload.blob_id is not None and upload.blob_id != kept:
            visit.blobs.delete(upload.blob_id)
    if problems:
        return _again(visit, reference, "disclose", upload.fields, problems)
    return redirect(visit, f"{DESK}/{reference}")


def _release(visit: Visit, reference: str, sheet: Sheet, upload: Upload, disclosure_id: str) -> str | None:
    """The id of the file that the case now has; None with problems noted, or when the answer went another way."""
    release = _read_release(sheet, upload, disclosure_id)
    covering = sheet.words("words", acts.WRITE_SOMETHING)
    supplementary = sheet.words("supplementary", acts.WRITE_SUPPLEMENTARY)
    lang = sheet.lang()
    if sheet.problems:
        return None
    with visit.database.writing() as session:
        case = get_for_desk(session, visit.actor, reference)
        disclosure = releasing.disclose(
            session, visit.actor, case, release, covering, supplementary, sheet.sent, lang=lang, desk=desk_of(visit)
        )
    return disclosure.blob_id


def _read_release(sheet: Sheet, upload: Upload, disclosure_id: str) -> Release:
    given = choice(sheet.fields, "given", sheet.problems, allowed=list(Given)) or Given.PORTAL
    if given != Given.PORTAL:
        return Release(disclosure_id, Given(given))
    if upload.problem is not None:
        sheet.problems["file"] = upload.problem
    return Release(disclosure_id, Given.PORTAL, upload.blob_id, upload.file_name, upload.media_type, upload.size)


def _act_page(
    visit: Visit,
    session: Session,
    case: Case,
    act: str,
    fields: FieldBag,
    problems: Problems | None = None,
) -> Response:
    request = get_request(session, case)
    offer = next((offer for offer in offers(case, request) if offer.name == act), None)
    if offer is None:
        raise NotFound
    return render(
        visit,
        "subject_access/act.html",
        problems=problems,
        offer=offer,
        reference=case.reference,
        version=case.version,
        form_id=form_id(fields) or ids.new_id(),
        typed=fields.one,
        case_lang=case.locale,
        barred=_barred(visit, session, case, request, offer),
        accept=ACCEPT,
        **_choices(),
    )


def _choices() -> dict[str, Any]:
    return {
        "checks_made": list(IDENTITY.items()),
        "extension_grounds": list(EXTENSIONS.items()),
        "refusal_grounds": list(REFUSALS.items()),
        "ways": list(GIVEN.items()),
        "routes": ROUTES,
        "supplementary": SUPPLEMENTARY,
    }


def _barred(visit: Visit, session: Session, case: Case, request: SubjectAccessRequest, offer: Offer) -> Message | None:
    """What stands against the act today, said before anything is typed."""
    if offer.name == "extend":
        return why_too_late(session, case, desk_of(visit))
    return why_not_in_portal(request, case) if offer.name == "disclose" else None


def _case_page(visit: Visit, session: Session, case: Case, problems: Problems | None = None) -> Response:
    request = get_request(session, case)
    disclosure = find_disclosure(session, case)
    handler = find_assigned(session, case, Duty.HANDLER)
    has_file = disclosure is not None and disclosure.blob_id is not None
    return render(
        visit,
        "subject_access/desk_case.html",
        problems=problems,
        status=409 if problems else 200,
        case=view_case(session, case, desk=desk_of(visit), for_requester=False),
        body=get_body(session, case.body_id),
        state=STATES[State(case.state)],
        offers=offers(case, request),
        handler=handler.display_name if handler else None,
        may_make_code=has_file and case.requester_person_id is None,
        disclosure=disclosure,
        **_asked(visit, session, case, request),
    )


def _asked(visit: Visit, session: Session, case: Case, request: SubjectAccessRequest) -> dict[str, Any]:
    """What was asked for and by whom, and what the register says a named system holds."""
    person = session.get(Person, case.requester_person_id) if case.requester_person_id else None
    columns = ("wanted", "name", "reach", "recognition", "late_reason")
    words = {column: open_words(request, column, visit.vault) for column in columns}
    system = get_system_by_id(session, case.system_id) if case.system_id else None
    return {
        "request_": request,
        "person": person.display_name if person else None,
        "words": {column: value.reveal() if value else "" for column, value in words.items()},
        "lang": Locale(request.lang).value,
        "channel": CHANNELS[request.channel],
        "answer_format": FORMATS[request.answer_format],
        "identity": IDENTITY[request.identity_check] if request.identity_check else None,
        "system": system,
        "items": list_data_items(session, system.id) if system else [],
    }
