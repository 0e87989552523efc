"""One complaint on the desk of who handles it, and what can be done to it."""

from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.holding import list_own_holds
from portal.cases.models import Case
from portal.cases.queries import find_assigned
from portal.cases.representing import view_living
from portal.cases.rules import CaseKind, Duty, officer_bodies
from portal.cases.sent import Sent
from portal.cases.speaking import Work
from portal.cases.standing_in import written_for
from portal.cases.view import view_case
from portal.cases.visits import desk_of
from portal.complaints import deciding, ending, service
from portal.complaints.acts import ACTS, Act, find_offer, offers
from portal.complaints.doing import Sheet
from portal.complaints.handling import list_candidates
from portal.complaints.looking import SEEN
from portal.complaints.models import ComplaintFile, RegulatorMatter
from portal.complaints.queries import (
    context_of,
    find_waiting,
    get_complaint,
    get_for_desk,
    list_enquiries,
    list_files,
    list_links,
    list_matters,
    list_remedies,
    list_requests,
    list_sent,
    open_words,
    works_by_name,
)
from portal.complaints.rules import CHANNELS, OUTCOMES, PORTAL_ASKS, STATES, THEMES
from portal.complaints.showing import days_of, next_of, read_standing
from portal.complaints.worker import drop_unless, paper_of
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.directory.models import Person
from portal.directory.queries import get_body, get_person
from portal.register.queries import get_system_by_id
from portal.web.arriving import ACCEPT
from portal.web.dependencies import Fields, Read, SignedVisit, Write, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems, form_id
from portal.web.handing import handed
from portal.web.rendering import in_words, redirect, render
from portal.web.uploads import Upload, read_upload

router = APIRouter()

DESK = [requires(Permission.COMPLAINT_DESK), SEEN]
UPLOAD = [requires(Permission.COMPLAINT_DESK, takes_file=True)]
HERE = "/my/desk/complaints"


@router.get("/my/desk/complaints/{reference}", dependencies=DESK)
def one_complaint(visit: SignedVisit, session: Read, reference: str) -> Response:
    """What is complained of, both days and why, the timeline, and what can be done now."""
    return _case_page(visit, session, get_for_desk(session, visit.actor, reference))


@router.get("/my/desk/complaints/{reference}/files/{file_id}", dependencies=DESK)
def one_file(visit: SignedVisit, session: Read, reference: str, file_id: str) -> Response:
    """A file, as an attachment."""
    case = get_for_desk(session, visit.actor, reference)
    file = session.get(ComplaintFile, file_id)
    if file is None or file.case_id != case.id:
        raise NotFound
    name = open_words(file, "file_name", visit.vault).reveal()
    pieces = visit.blobs.read(file.blob_id, context=context_of(file, "blob_id"))
    return handed(pieces, name, file.media_type, file.size)


@router.post("/my/desk/complaints/{reference}/files", dependencies=UPLOAD)
async def add_file(request: Request, visit: SignedVisit, reference: str) -> Response:
    """Keep a file that came another way."""
    await run_in_threadpool(_check_reads, visit, reference)
    own_id = ids.new_id()
    upload = await read_upload(request, visit, context=context_of(ComplaintFile(id=own_id), "blob_id"))
    return await run_in_threadpool(_add, visit, reference, upload, own_id)


@router.post("/my/desk/complaints/{reference}/holds/{hold_id}/lift", dependencies=DESK)
def lift_hold(visit: SignedVisit, session: Write, reference: str, hold_id: str) -> Response:
    """Let the period run out again."""
    case = get_for_desk(session, visit.actor, reference)
    service.lift_hold(session, visit.actor, case, hold_id, desk=desk_of(visit))
    return redirect(visit, f"{HERE}/{reference}")


@router.post("/my/desk/complaints/{reference}/remedies/{remedy_id}/drop", dependencies=DESK)
def drop_remedy(visit: SignedVisit, session: Write, reference: str, remedy_id: str) -> Response:
    """Take a plan back before the outcome."""
    case = get_for_desk(session, visit.actor, reference)
    deciding.drop_remedy(session, visit.actor, case, remedy_id, desk=desk_of(visit))
    return redirect(visit, f"{HERE}/{reference}")


@router.post("/my/desk/complaints/{reference}/ico/{request_id}/answered", dependencies=DESK)
def ico_answered(visit: SignedVisit, session: Write, reference: str, request_id: str) -> Response:
    """The Information Commission got what it asked for."""
    case = get_for_desk(session, visit.actor, reference)
    ending.answer_request(session, visit.actor, case, request_id, desk=desk_of(visit))
    return redirect(visit, f"{HERE}/{reference}")


@router.get("/my/desk/complaints/{reference}/{act}", dependencies=DESK)
def ask_act(visit: SignedVisit, session: Read, reference: str, act: str) -> Response:
    """The form of one act, if it is on offer."""
    case = get_for_desk(session, visit.actor, reference)
    return _act_page(visit, session, case, act, FieldBag([("form_id", ids.new_id())]))


@router.post("/my/desk/complaints/{reference}/{act}", dependencies=DESK)
def do_act(visit: SignedVisit, reference: str, act: str, fields: Fields) -> Response:
    """Do one act, or show its form again with what is wrong."""
    if act not in ACTS:
        raise NotFound
    sheet = _sheet(visit, fields)
    try:
        with visit.database.writing() as session:
            case = get_for_desk(session, visit.actor, reference)
            ACTS[act].do(session, visit.actor, case, sheet, desk_of(visit))
    except (Refused, Conflict) as refusal:
        sheet.problems["page"] = refusal.message
    if not sheet.problems:
        return redirect(visit, _after(visit, reference))
    return _again(visit, reference, act, fields, sheet.problems)


def _after(visit: Visit, reference: str) -> str:
    """The complaint again; who handed it over may read it no more, and perhaps no list of complaints either."""
    with visit.database.reading() as session:
        try:
            return f"{HERE}/{get_for_desk(session, visit.actor, reference).reference}"
        except NotFound:
            is_left = officer_bodies(visit.actor, CaseKind.COMPLAINT) or works_by_name(session, visit.actor)
            return HERE if is_left else "/my"


def _sheet(visit: Visit, fields: FieldBag) -> Sheet:
    own, version = form_id(fields), fields.one("version")
    if not own or not (version.isascii() and version.isdigit() and len(version) < 8):
        raise NotFound
    return Sheet(fields, Problems(), Sent(own, int(version)), visit.today)


def _again(visit: Visit, reference: str, act: str, fields: FieldBag, problems: Problems) -> Response:
    """The form with its problems and all that was typed, also where the act is no longer on offer."""
    with visit.database.reading() as session:
        return _act_page(visit, session, get_for_desk(session, visit.actor, reference), act, fields, problems)


def _standing(visit: Visit, session: Session, case: Case) -> Any:
    return read_standing(session, case, visit.actor, desk_of(visit))


def _act_page(
    visit: Visit, session: Session, case: Case, act: str, fields: FieldBag, problems: Problems | None = None
) -> Response:
    offer: Act = ACTS[act] if problems else find_offer(_standing(visit, session, case), act)
    waiting = find_waiting(session, case)
    people = list_candidates(session, case, desk_of(visit)) if "colleague" in offer.fields else []
    return render(
        visit,
        "complaints/act.html",
        problems=problems,
        offer=offer,
        reference=case.reference,
        version=case.version,
        form_id=form_id(fields) or ids.new_id(),
        typed=fields.one,
        case_lang=case.locale,
        people=[(one.id, one.display_name) for one in people if one.id != visit.actor.person_id],
        outcomes=list(OUTCOMES.items()),
        themes=list(THEMES.items()),
        proposed=_decision(visit, waiting) if waiting is not None and act == "sign" else None,
    )


def _decision(visit: Visit, waiting: Any) -> dict[str, Any]:
    return {
        "outcome": OUTCOMES[waiting.outcome],
        "theme": THEMES[waiting.theme],
        "reasons": open_words(waiting, "reasons", visit.vault).reveal(),
    }


def _case_page(visit: Visit, session: Session, case: Case, problems: Problems | None = None) -> Response:
    standing, complaint = _standing(visit, session, case), get_complaint(session, case)
    second = find_assigned(session, case, Duty.REVIEWER)
    handler = find_assigned(session, case, Duty.HANDLER)
    person = session.get(Person, case.requester_person_id) if case.requester_person_id else None
    columns = ("what", "wanted", "name", "reach", "away_from", "late_reason")
    waiting = find_waiting(session, case)
    return render(
        visit,
        "complaints/desk_case.html",
        problems=problems,
        status=409 if problems else 200,
        case=view_case(session, case, desk=desk_of(visit), for_requester=False, reader=visit.actor.person_id),
        body=get_body(session, case.body_id),
        state=STATES[case.state],
        standing=standing,
        next=next_of(standing, visit.today),
        days=days_of(case, complaint, desk_of(visit)),
        offers=offers(standing),
        handler=handler.display_name if handler else None,
        second=second.display_name if second else None,
        person=person.display_name if person else None,
        words={column: open_words(complaint, column, visit.vault).reveal() for column in columns},
        lang=complaint.lang,
        channel=CHANNELS[complaint.channel],
        waiting=_decision(visit, waiting) if waiting is not None else None,
        accept=ACCEPT,
        represented=view_living(session, case, desk_of(visit)),
        **_lists(visit, session, case),
    )


def _lists(visit: Visit, session: Session, case: Case) -> dict[str, Any]:
    """What belongs to the complaint, line by line."""
    vault = visit.vault
    links = list_links(session, case)
    return {
        "about": [(one.about_reference, one.about_case_id is not None) for one in links if one.about_reference],
        "systems": [get_system_by_id(session, one.system_id) for one in links if one.system_id],
        "given": written_for(session, case, Work.FILE),
        "papers": [
            (one.id, open_words(one, "file_name", vault).reveal(), one.added_at) for one in list_files(session, case)
        ],
        "enquiries": [
            {
                "who": get_person(session, one.person_id).display_name,
                "question": open_words(one, "question", vault).reveal() or in_words(visit, PORTAL_ASKS),
                "answer": open_words(one, "answer", vault).reveal(),
                "due_on": one.due_on,
                "answered_at": one.answered_at,
            }
            for one in list_enquiries(session, case)
        ],
        "remedies": [
            {
                "id": one.id,
                "who": get_person(session, one.person_id).display_name,
                "what": open_words(one, "what", vault).reveal(),
                "done": open_words(one, "done", vault).reveal(),
                "due_on": one.due_on,
                "done_on": one.done_on,
                "is_given": one.given_at is not None,
            }
            for one in list_remedies(session, case)
        ],
        "outcomes": [(OUTCOMES[said], on) for said, on in list_sent(session, case)],
        "matters": [_matter(visit, session, one) for one in list_matters(session, case)],
        "holds": [one for one in list_own_holds(session, case) if one.lifted_at is None],
    }


def _matter(visit: Visit, session: Session, one: RegulatorMatter) -> dict[str, Any]:
    return {
        "reference": one.reference,
        "went_on": one.went_on,
        "ended_on": one.ended_on,
        "result": open_words(one, "result", visit.vault).reveal(),
        "requests": [
            (asked.id, asked.asked_on, asked.due_on, asked.answered_on, open_words(asked, "what", visit.vault).reveal())
            for asked in list_requests(session, one)
        ],
    }


def _check_reads(visit: Visit, reference: str) -> None:
    with visit.database.reading() as session:
        get_for_desk(session, visit.actor, reference)


def _add(visit: Visit, reference: str, upload: Upload, own_id: str) -> Response:
    kept, problem = False, upload.problem
    try:
        if problem is None:
            with visit.database.writing() as session:
                case = get_for_desk(session, visit.actor, reference)
                service.keep_file(session, visit.actor, case, paper_of(upload, own_id), desk=desk_of(visit))
                kept = True
    except Refused as refusal:
        problem = refusal.message
    finally:
        drop_unless(visit, upload, kept)
    if problem is None:
        return redirect(visit, f"{HERE}/{reference}")
    with visit.database.reading() as session:
        return _case_page(visit, session, get_for_desk(session, visit.actor, reference), Problems(file=problem))
