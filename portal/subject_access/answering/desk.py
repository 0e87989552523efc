"""The officer's side of answering: proposing, the second person, the pack, and handing the answer over."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.background import BackgroundTask
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Locale
from portal.subject_access.answering import deciding, forms, releasing, views
from portal.subject_access.answering.collecting import file_response
from portal.subject_access.answering.models import SignOff
from portal.subject_access.answering.packing import build_waiting
from portal.subject_access.answering.proposing import propose, what_stands_against
from portal.subject_access.answering.queries import find_waiting, get_pack, get_sign_off
from portal.subject_access.answering.rules import ABOUT_LIMIT, GAP, GLOSSARY_LIMIT, LETTER_LIMIT, Outcome, PackState
from portal.subject_access.answering.supplementary import draft_about, draft_searched
from portal.subject_access.letters import ROUTES
from portal.subject_access.queries import blob_context, get_disclosure, get_for_desk, get_request, open_file_name
from portal.subject_access.rules import EXTENSIONS, REFUSALS
from portal.subject_access.service import Sent
from portal.web.dependencies import Fields, Read, SignedVisit, Write, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems, form_id
from portal.web.rendering import redirect, render

router = APIRouter()

QUEUE = [requires(Permission.ACCESS_QUEUE)]
DESK = "/my/desk/access"
Act = Callable[[Session, Case, Sent], object]


@router.get("/my/desk/access/{reference}/answer", dependencies=QUEUE)
def answer(visit: SignedVisit, session: Read, reference: str) -> Response:
    """Where the answer stands: what can be proposed, what waits for whom, what was released and who took it."""
    return _answer_page(visit, session, get_for_desk(session, visit.actor, reference))


@router.get("/my/desk/access/{reference}/answer/{outcome}", dependencies=QUEUE)
def ask_proposal(visit: SignedVisit, session: Read, reference: str, outcome: str) -> Response:
    """The form of a proposal, its letter drawn up from what the portal knows."""
    case = get_for_desk(session, visit.actor, reference)
    request = get_request(session, case)
    lang = Locale(request.answer_locale)
    wanted = _outcome(outcome)
    filled = [("form_id", ids.new_id()), ("lang", lang.value)]
    if wanted is Outcome.RELEASE:
        filled.append(("supplementary", draft_about(session, case, lang, visit.vault).reveal()))
    if wanted is Outcome.NOTHING_HELD:
        filled.append(("words", draft_searched(session, case, lang, visit.vault).reveal()))
    return _propose_page(visit, session, case, wanted, FieldBag(filled))


@router.post("/my/desk/access/{reference}/answer/{outcome}", dependencies=QUEUE)
def send_proposal(visit: SignedVisit, fields: Fields, reference: str, outcome: str) -> Response:
    """Hand it to the second person. A pack is built at once, beside the answer to this form."""
    wanted, problems = _outcome(outcome), Problems()
    proposal = forms.read_proposal(fields, problems, wanted)
    if not problems:
        _do(visit, fields, reference, problems, lambda session, case, sent: propose(
            session, visit.actor, case, proposal, sent, desk=desk_of(visit)
        ))  # fmt: skip
    if problems:
        with visit.database.reading() as session:
            case = get_for_desk(session, visit.actor, reference)
            return _propose_page(visit, session, case, wanted, fields, problems)
    return _building(visit, redirect(visit, f"{DESK}/{reference}/answer"))


@router.post("/my/desk/access/{reference}/sign/{sign_off_id}/approve", dependencies=QUEUE)
def approve(visit: SignedVisit, fields: Fields, reference: str, sign_off_id: str) -> Response:
    """The second person's yes."""
    return _decide(visit, fields, reference, sign_off_id, lambda session, case, sent, one: deciding.approve(
        session, visit.actor, case, one, sent, desk=desk_of(visit), pack_hash=fields.one("pack_hash")
    ))  # fmt: skip


@router.post("/my/desk/access/{reference}/sign/{sign_off_id}/back", dependencies=QUEUE)
def send_back(visit: SignedVisit, fields: Fields, reference: str, sign_off_id: str) -> Response:
    """The second person's no, with a comment."""
    problems = Problems()
    comment = forms.read_comment(fields, problems)
    if problems:
        return _again(visit, reference, problems, fields)
    return _decide(visit, fields, reference, sign_off_id, lambda session, case, sent, one: deciding.send_back(
        session, visit.actor, case, one, comment, sent, desk=desk_of(visit)
    ))  # fmt: skip


@router.get("/my/desk/access/{reference}/pack", dependencies=QUEUE)
def pack(visit: SignedVisit, session: Read, reference: str) -> Response:
    """How far the pack has come. What waits, or whose builder died, is built on."""
    case = get_for_desk(session, visit.actor, reference)
    found = get_pack(session, _waiting(session, case))
    page = render(
        visit,
        "subject_access/pack.html",
        fragment="progress",
        htmx=True,
        scripts=True,
        reference=case.reference,
        pack=views.pack_view(found),
    )
    return page if found.state in (PackState.READY, PackState.FAILED) else _building(visit, page)


@router.post("/my/desk/access/{reference}/pack/again", dependencies=QUEUE)
def build_again(visit: SignedVisit, session: Write, reference: str) -> Response:
    """Try once more to build a pack that could not be built."""
    case = get_for_desk(session, visit.actor, reference)
    found = get_pack(session, _waiting(session, case))
    if found.state is PackState.FAILED:
        found.state = PackState.WAITING
    return _building(visit, redirect(visit, f"{DESK}/{reference}/pack"))


@router.post("/my/desk/access/{reference}/pack/file", dependencies=QUEUE)
def look_into_pack(visit: SignedVisit, session: Write, reference: str) -> Response:
    """The pack before it is released, for the two people who answer for it."""
    case = get_for_desk(session, visit.actor, reference)
    found = get_pack(session, _waiting(session, case))
    if found.blob_id is None or found.state is not PackState.READY:
        raise NotFound
    views.note_look(session, visit.actor, case, found, now=visit.now)
    return file_response(
        visit, found.blob_id, blob_context(found.id), f"{case.reference}.zip", deciding.PACK_TYPE, found.size
    )


@router.post("/my/desk/access/{reference}/released", dependencies=QUEUE)
def look_into_answer(visit: SignedVisit, session: Write, reference: str) -> Response:
    """The released answer, to check it or to print it; the worker sees that somebody did."""
    case = get_for_desk(session, visit.actor, reference)
    disclosure = releasing.look_into(session, visit.actor, case, get_disclosure(session, case), desk=desk_of(visit))
    name = open_file_name(disclosure, visit.vault).reveal()
    return file_response(
        visit, disclosure.blob_id or "", blob_context(disclosure.id), name, disclosure.media_type, disclosure.size
    )


@router.post("/my/desk/access/{reference}/code", dependencies=QUEUE)
def show_code(visit: SignedVisit, reference: str) -> Response:
    """A new collection code, shown in this answer alone."""
    try:
        with visit.database.writing() as session:
            case = get_for_desk(session, visit.actor, reference)
            code = releasing.make_code(session, visit.actor, case, desk=desk_of(visit))
    except Refused as refusal:
        return _again(visit, reference, Problems(page=refusal.message))
    groups = [code[start : start + 4] for start in range(0, len(code), 4)]
    return render(visit, "subject_access/code.html", secret=True, reference=reference, code="-".join(groups))


@router.post("/my/desk/access/{reference}/issue-again", dependencies=QUEUE)
def issue_again(visit: SignedVisit, reference: str) -> Response:
    """As many days more as at first, in one press."""
    try:
        with visit.database.writing() as session:
            case = get_for_desk(session, visit.actor, reference)
            releasing.issue_again(session, visit.actor, case, desk=desk_of(visit))
    except Refused as refusal:
        return _again(visit, reference, Problems(page=refusal.message))
    return _building(visit, redirect(visit, f"{DESK}/{reference}/answer"))


@router.get("/my/desk/access/{reference}/slip", dependencies=QUEUE)
def slip(visit: SignedVisit, session: Read, reference: str) -> Response:
    """The slip to print: what is handed over, to whom, by whom, with lines to sign."""
    case = get_for_desk(session, visit.actor, reference)
    return _slip_page(visit, session, case, FieldBag([("form_id", ids.new_id())]))


@router.post("/my/desk/access/{reference}/slip", dependencies=QUEUE)
def hand_over(visit: SignedVisit, fields: Fields, reference: str) -> Response:
    """Write down that it was handed over."""
    problems = Problems()
    with visit.database.reading() as session:
        case = get_for_desk(session, visit.actor, reference)
        released_on = views.released_on(session, case)
        handed = forms.read_hand_over(fields, problems, released_on=released_on, today=visit.today)
    if not problems:
        _do(visit, fields, reference, problems, lambda session, case, sent: releasing.hand_over(
            session, visit.actor, case, handed, sent, desk=desk_of(visit)
        ))  # fmt: skip
    if problems:
        with visit.database.reading() as session:
            return _slip_page(visit, session, get_for_desk(session, visit.actor, reference), fields, problems)
    return redirect(visit, f"{DESK}/{reference}/answer")


def _outcome(typed: str) -> Outcome:
    if typed not in set(Outcome):
        raise NotFound
    return Outcome(typed)


def _waiting(session: Session, case: Case) -> SignOff:
    found = find_waiting(session, case)
    if found is None:
        raise NotFound
    return found


def _building(visit: Visit, page: Response) -> Response:
    """The answer to this request, and after it whatever pack waits to be built."""
    page.background = BackgroundTask(build_waiting, visit.database, visit.settings)
    return page


def _do(visit: Visit, fields: FieldBag, reference: str, problems: Problems, act: Act) -> None:
    """One act in one transaction; what stood against it becomes a problem of the page."""
    own, version = form_id(fields), fields.one("version")
    if not own or not (version.isascii() and version.isdigit() and len(version) < 8):
        raise NotFound
    try:
        with visit.database.writing() as session:
            act(session, get_for_desk(session, visit.actor, reference), Sent(own, int(version)))
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message


def _decide(
    visit: Visit,
    fields: FieldBag,
    reference: str,
    sign_off_id: str,
    act: Callable[[Session, Case, Sent, SignOff], object],
) -> Response:
    problems = Problems()
    _do(visit, fields, reference, problems, lambda session, case, sent: act(
        session, case, sent, get_sign_off(session, case, sign_off_id)
    ))  # fmt: skip
    return _again(visit, reference, problems, fields) if problems else redirect(visit, f"{DESK}/{reference}/answer")


def _again(visit: Visit, reference: str, problems: Problems, fields: FieldBag | None = None) -> Response:
    with visit.database.reading() as session:
        return _answer_page(visit, session, get_for_desk(session, visit.actor, reference), problems, fields)


def _answer_page(
    visit: Visit,
    session: Session,
    case: Case,
    problems: Problems | None = None,
    fields: FieldBag | None = None,
) -> Response:
    return render(
        visit,
        "subject_access/answer.html",
        problems=problems,
        version=case.version,
        new_id=ids.new_id,
        typed=(fields or FieldBag([])).one,
        **views.answer_view(session, case, visit.actor, desk_of(visit)),
    )


def _propose_page(
    visit: Visit,
    session: Session,
    case: Case,
    outcome: Outcome,
    fields: FieldBag,
    problems: Problems | None = None,
) -> Response:
    return render(
        visit,
        "subject_access/answer_form.html",
        problems=problems,
        reference=case.reference,
        version=case.version,
        form_id=form_id(fields) or ids.new_id(),
        outcome=outcome.value,
        typed=fields.one,
        case_lang=get_request(session, case).answer_locale,
        barred=what_stands_against(session, case, outcome, desk=desk_of(visit)),
        grounds=list((REFUSALS if outcome is Outcome.REFUSAL else EXTENSIONS).items()),
        second=views.second_people(session, case, visit.actor, visit.today),
        **_fixed(),
    )


def _fixed() -> dict[str, Any]:
    return {
        "routes": ROUTES,
        "gap": GAP,
        "letter_limit": LETTER_LIMIT,
        "about_limit": ABOUT_LIMIT,
        "glossary_limit": GLOSSARY_LIMIT,
    }


def _slip_page(
    visit: Visit, session: Session, case: Case, fields: FieldBag, problems: Problems | None = None
) -> Response:
    return render(
        visit,
        "subject_access/collect_slip.html",
        problems=problems,
        sheet="slip.css",
        version=case.version,
        form_id=form_id(fields) or ids.new_id(),
        typed=fields.one,
        **views.slip_view(session, case, visit.actor, desk_of(visit)),
    )
