"""One request on the officer's desk, and what can be done to it."""

from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.queries import find_assigned
from portal.cases.rules import Duty, Relation, allowed
from portal.cases.view import view_case
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Locale
from portal.directory.models import Person
from portal.directory.queries import get_body
from portal.register.queries import get_system_by_id, list_data_items
from portal.subject_access.asking.leaving import known_as
from portal.subject_access.asking.naming import is_named
from portal.subject_access.models import SubjectAccessRequest
from portal.subject_access.officer import queries, service
from portal.subject_access.officer.acts import ACTS, PAGES, Sheet, offers
from portal.subject_access.officer.leaving_pages import count_unanswered
from portal.subject_access.officer.standing import list_holds, list_speakers, next_of, read_standing
from portal.subject_access.queries import get_for_desk, get_request, open_words
from portal.subject_access.rules import CHANNELS, FORMATS, IDENTITY, STATES, State
from portal.subject_access.service import Sent
from portal.subject_access.steps import steps_for
from portal.web.dependencies import Fields, Read, SignedVisit, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems, form_id
from portal.web.rendering import redirect, render

router = APIRouter()

QUEUE = [requires(Permission.ACCESS_QUEUE)]
DESK = "/my/desk/access"


@router.get("/my/desk/access/{reference}", dependencies=QUEUE)
def one_request(visit: SignedVisit, session: Read, reference: str) -> Response:
    """What is asked, the clock and why, the timeline, and what can be done now."""
    case = get_for_desk(session, visit.actor, reference)
    if queries.is_visit_due(session, case, visit.actor, now=visit.now):
        with visit.database.writing() as writing:
            service.note_visit(writing, visit.actor, case, desk=desk_of(visit))
    return _case_page(visit, session, case)


@router.get("/my/desk/access/{reference}/{act}", dependencies=QUEUE)
def ask_act(visit: SignedVisit, session: Read, reference: str, act: str) -> Response:
    """The form of one act, if it is on offer."""
    case = get_for_desk(session, visit.actor, reference)
    return _act_page(visit, session, case, act, FieldBag([("form_id", ids.new_id())]))


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
    return Sheet(fields, Problems(), Sent(own, int(version)), visit.today, visit.locale)


def _again(visit: Visit, reference: str, act: str, fields: FieldBag, problems: Problems) -> Response:
    """The form with its problems; the case itself where the act is no longer on offer."""
    with visit.database.reading() as session:
        case = get_for_desk(session, visit.actor, reference)
        offered = {offer.name for offer in offers(session, case, get_request(session, case), today=visit.today)}
        if act in offered:
            return _act_page(visit, session, case, act, fields, problems)
        return _case_page(visit, session, case, problems)


def _act_page(
    visit: Visit,
    session: Session,
    case: Case,
    act: str,
    fields: FieldBag,
    problems: Problems | None = None,
) -> Response:
    request = get_request(session, case)
    offer = next((offer for offer in offers(session, case, request, today=visit.today) if offer.name == act), None)
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
        checks_made=list(IDENTITY.items()),
    )


def _case_page(visit: Visit, session: Session, case: Case, problems: Problems | None = None) -> Response:
    request = get_request(session, case)
    handler = find_assigned(session, case, Duty.HANDLER)
    return render(
        visit,
        "subject_access/desk_case.html",
        problems=problems,
        status=409 if problems else 200,
        pages=_pages(case),
        **_standing(visit, session, case),
        case=view_case(session, case, desk=desk_of(visit), for_requester=False, reader=visit.actor.person_id),
        body=get_body(session, case.body_id),
        state=STATES[State(case.state)],
        offers=offers(session, case, request, today=visit.today),
        handler=handler.display_name if handler else None,
        is_mine=handler is not None and handler.id == visit.actor.person_id,
        colleagues=queries.list_colleagues_at(session, case, visit.actor, now=visit.now),
        **_asked(visit, session, case, request),
    )


def _pages(case: Case) -> set[str]:
    """The parts of the request that are open to a step from where it stands."""
    steps = allowed(steps_for(case.state), case.state, {Relation.OFFICER})
    return {PAGES[step.name] for step in steps if step.name in PAGES}


def _standing(visit: Visit, session: Session, case: Case) -> dict[str, Any]:
    standing = read_standing(session, case, today=visit.today)
    missed = queries.list_missed(session, case)
    because = [
        visit.vault.open_words(one.because, context=service.because_context(one)) for one in missed if one.because
    ]
    return {
        "standing": standing,
        "next": next_of(case, standing, visit.actor.account_id),
        "speakers": list_speakers(session, case, visit.vault, today=visit.today),
        "holds": list(list_holds(session, case)),
        "missed": missed,
        "because": [words.reveal() for words in because],
    }


def _asked(visit: Visit, session: Session, case: Case, request: SubjectAccessRequest) -> dict[str, Any]:
    """What was asked for and by whom, and what the register says a named system holds."""
    person = session.get(Person, case.requester_person_id) if case.requester_person_id else None
    columns = ("wanted", "name", "reach", "recognition", "late_reason")
    words = {column: open_words(request, column, visit.vault) for column in columns}
    system = get_system_by_id(session, case.system_id) if case.system_id else None
    me = known_as(session.get_one(Person, visit.actor.person_id))
    told = [words[column] for column in ("wanted", "recognition")]
    return {
        "names_me": any(is_named(one.reveal(), me) for one in told if one),
        "wishes": count_unanswered(visit, session, case),
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
