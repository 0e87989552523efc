"""The pages of who complains: asking, the confirmation, files, and to look again; with an account and without."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from anonymity.receipt import Code, Mistyped, read_code
from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.rules import By
from portal.cases.speaking import Shared, Work
from portal.cases.standing_in import Opened, do_for, note_look
from portal.cases.timekeeping import list_clock_events
from portal.cases.view import view_case
from portal.cases.visits import desk_of
from portal.complaints import asking, ending, service
from portal.complaints.asking import CODE_BYTES, open_for_all
from portal.complaints.letters import ROUTES
from portal.complaints.lines import LINES
from portal.complaints.models import ComplaintFile
from portal.complaints.queries import context_of, get_complaint, get_own
from portal.complaints.rules import TEXT_LIMIT, may_reopen, reopen_until
from portal.complaints.service import Paper
from portal.complaints.showing import role_line
from portal.core import ids
from portal.core.errors import BadRequest, Conflict, NotFound, Refused
from portal.core.text import Message, Words, pmsg
from portal.timelimits.rules import acknowledgement
from portal.web.anonymous import PUBLIC, Fields, PlainVisit, Read, Visit, Write
from portal.web.dependencies import SignedIn, SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, form_id, text
from portal.web.questions import Next, Page, carried, first, follow
from portal.web.rendering import redirect, render
from portal.web.uploads import Upload, read_upload, read_upload_without_account

router = APIRouter()

OWN = [requires(Permission.MAKE_REQUEST)]
UPLOAD = [requires(Permission.MAKE_REQUEST, takes_file=True)]
SAY_WHY = pmsg("error", "Write what is not right about the outcome")


@router.get("/complaint", dependencies=[PUBLIC])
def begin_without_account(visit: PlainVisit, session: Read) -> Response:
    """What a complaint is, and the first question."""
    return _begin(visit, session, None)


@router.post("/complaint", dependencies=[PUBLIC])
def ask_without_account(visit: PlainVisit, fields: Fields, session: Write) -> Response:
    """The next question, the check page, or the case code."""
    return _go_on(visit, session, fields, None)


@router.post("/complaint/about", dependencies=[PUBLIC])
def begin_about(visit: PlainVisit, session: Read, fields: Fields) -> Response:
    """From a request that ten words opened: the first question, with that request chosen."""
    given = asking.preset_by_words(session, fields.one("words"))
    return _first(visit, session, given, None)


@router.post("/complaint/file", dependencies=[PUBLIC])
async def send_file(request: Request, visit: PlainVisit) -> Response:
    """A file with the ten words in hand. It is sealed while it streams in, and kept only if the words are a case's."""
    own_id = ids.new_id()
    context = context_of(ComplaintFile(id=own_id), "blob_id")
    upload = await read_upload_without_account(request, visit, context=context, check=_has_words)
    return await run_in_threadpool(_keep_by_words, visit, upload, own_id)


@router.post("/complaint/again", dependencies=[PUBLIC])
def again_by_words(visit: PlainVisit, session: Read, fields: Fields) -> Response:
    """What to write so that somebody else looks again."""
    opened = open_for_all(session, visit, fields.one("words"), Shared.OUTCOME)
    note_look(visit.database, session, opened, desk_of(visit))
    if not opened.may_speak:
        raise NotFound
    return _again_page(visit, opened.case, FieldBag([]), action="/complaint/again/send", words=fields.one("words"))


@router.post("/complaint/again/send", dependencies=[PUBLIC])
def reopen_by_words(visit: PlainVisit, fields: Fields, session: Write) -> Response:
    """Take the complaint of these ten words up again."""
    opened = open_for_all(session, visit, fields.one("words"), Shared.OUTCOME)
    problems = _reopen(visit, session, opened.by, opened, fields)
    if problems:
        action = "/complaint/again/send"
        return _again_page(visit, opened.case, fields, action=action, words=fields.one("words"), problems=problems)
    return render(visit, "complaints/kept.html", secret=True, what="again", hidden={"words": fields.one("words")})


@router.get("/my/complaint", dependencies=OWN)
def begin(visit: SignedVisit, session: Read) -> Response:
    """The first question, for somebody signed in."""
    return _begin(visit, session, visit)


@router.post("/my/complaint", dependencies=OWN)
def ask(visit: SignedVisit, session: Write, fields: Fields) -> Response:
    """The next question, the check page, or on to the confirmation."""
    return _go_on(visit, session, fields, visit)


@router.get("/my/complaint/{reference}/sent", dependencies=OWN)
def sent(visit: SignedVisit, session: Read, reference: str) -> Response:
    """The confirmation: the acknowledgement, with the role of who answers for it and its days."""
    return _sent(visit, session, get_own(session, visit.actor, reference), None)


@router.post("/my/complaint/{reference}/file", dependencies=UPLOAD)
async def add_file(request: Request, visit: SignedVisit, reference: str) -> Response:
    """A file for one's own complaint."""
    own_id = ids.new_id()
    upload = await read_upload(request, visit, context=context_of(ComplaintFile(id=own_id), "blob_id"))
    return await run_in_threadpool(_keep_own, visit, reference, upload, own_id)


@router.get("/my/complaint/{reference}/again", dependencies=OWN)
def again(visit: SignedVisit, session: Read, reference: str) -> Response:
    """What to write so that somebody else looks again."""
    case = get_own(session, visit.actor, reference)
    return _again_page(visit, case, FieldBag([]), action=f"/my/complaint/{reference}/again")


@router.post("/my/complaint/{reference}/again", dependencies=OWN)
def reopen(visit: SignedVisit, session: Write, fields: Fields, reference: str) -> Response:
    """Take one's own complaint up again."""
    case = get_own(session, visit.actor, reference)
    problems = _reopen(visit, session, visit.actor, Opened(case), fields)
    if problems:
        return _again_page(visit, case, fields, action=f"/my/complaint/{reference}/again", problems=problems)
    return redirect(visit, f"/my/cases/{reference}")


def _begin(visit: Visit, session: Session, signed: SignedIn | None) -> Response:
    wanted = visit.request.query_params
    actor = signed.actor if signed else None
    given = asking.preset(session, actor, about=wanted.get("about", ""), short_code=wanted.get("system", ""))
    return _first(visit, session, given, signed)


def _first(visit: Visit, session: Session, given: list[tuple[str, str]], signed: SignedIn | None) -> Response:
    fields = FieldBag([*given, ("form_id", ids.new_id() if signed else ids.random_bytes(CODE_BYTES).hex())])
    found = asking.choices(session, fields, signed.actor if signed else None)
    asked = first(found.questions)
    if given:
        asked = follow(FieldBag([*fields.pairs(), ("step", "employer")]), found.questions)
    return _question(visit, fields, found, asked, signed)


def _go_on(visit: Visit, session: Session, fields: FieldBag, signed: SignedIn | None) -> Response:
    actor = signed.actor if signed else None
    found = asking.choices(session, fields, actor)
    step = follow(fields, found.questions)
    if step.page is Page.QUESTION:
        return _question(visit, fields, found, step, signed)
    if step.page is Page.CHECK:
        return _check(visit, session, fields, found, signed)
    case, code = asking.send(session, visit, fields, found, actor)
    if signed is not None:
        return redirect(visit, f"/my/complaint/{case.reference}/sent")
    return _sent(visit, session, case, code)


def _question(visit: Visit, fields: FieldBag, found: Any, step: Next, signed: SignedIn | None) -> Response:
    name = step.question.name if step.question else ""
    hidden = _carried(fields, dict(carried(fields, found.questions, besides=step.question)))
    hidden |= {"step": [name]}
    if step.returns:
        hidden["returns"] = ["yes"]
    return render(
        visit,
        "complaints/question.html",
        problems=step.problems,
        secret=signed is None,
        question=name,
        number=step.number,
        total=step.total,
        typed=fields,
        options=asking.options(visit, found),
        hidden=hidden,
        action="/my/complaint" if signed else "/complaint",
        is_first=step.number == 1,
    )


def _check(visit: Visit, session: Session, fields: FieldBag, found: Any, signed: SignedIn | None) -> Response:
    return render(
        visit,
        "complaints/check.html",
        secret=signed is None,
        answers=asking.answers(visit, fields, found),
        goes=asking.goes(session, visit, fields, found, signed.actor if signed else None),
        hidden=_carried(fields, dict(carried(fields, found.questions, besides=None))),
        action="/my/complaint" if signed else "/complaint",
    )


def _carried(fields: FieldBag, hidden: dict[str, list[str]]) -> dict[str, list[str]]:
    """Besides the answers, what every page hands on: the form's id, and the words of what it is about."""
    more = {"about_words": [fields.one("about_words")]} if fields.one("about_words") else {}
    return hidden | more | {"form_id": [fields.one("form_id")]}


def _sent(visit: Visit, session: Session, case: Case, code: Code | None) -> Response:
    limit = acknowledgement(list_clock_events(session, case), visit.calendar)
    return render(
        visit,
        "complaints/sent.html",
        secret=code is not None,
        case=view_case(session, case, desk=desk_of(visit), for_requester=True),
        role=role_line(session, case, desk_of(visit)),
        acknowledge_by=limit.due_on,
        acknowledged_on=get_complaint(session, case).acknowledged_on,
        for_other=code is not None and case.locator_hash is None,
        words=code.words(visit.locale.value) if code else None,
        other_words=" ".join(code.words(visit.locale.other.value)) if code else None,
    )


def _reopen(visit: Visit, session: Session, by: By, opened: Opened, fields: FieldBag) -> Problems:
    problems = Problems()
    words = text(fields, "why", problems, most=TEXT_LIMIT, required=SAY_WHY)
    own = form_id(fields)
    if not own:
        raise NotFound
    try:
        if not problems:
            with session.begin_nested():
                _do(
                    visit,
                    session,
                    opened,
                    (Work.AGAIN, own),
                    lambda: ending.reopen(
                        session, by, opened.case, Words(words), own, lang=visit.locale, desk=desk_of(visit)
                    ),
                )
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    return problems


def _do(visit: Visit, session: Session, opened: Opened, what: tuple[Work, str], verb: Callable[[], object]) -> None:
    do_for(session, opened, what, verb, lines=LINES, desk=desk_of(visit))


def _again_page(
    visit: Visit, case: Case, fields: FieldBag, *, action: str, words: str = "", problems: Problems | None = None
) -> Response:
    """NotFound while there is no outcome, and when it is too old."""
    if case.finished_on is None or not (problems or may_reopen(case.state, case.finished_on, visit.today)):
        raise NotFound
    return render(
        visit,
        "complaints/again.html",
        problems=problems,
        secret=bool(words),
        reference=case.reference,
        action=action,
        hidden={"form_id": form_id(fields) or ids.new_id(), **({"words": words} if words else {})},
        typed=fields.one,
        until=reopen_until(case.finished_on),
        routes=ROUTES,
    )


def _has_words(fields: FieldBag) -> None:
    try:
        read_code(fields.one("words"))
    except Mistyped:
        raise BadRequest from None


def _keep_by_words(visit: Visit, upload: Upload, own_id: str) -> Response:
    kept, problem = False, upload.problem
    try:
        with visit.database.writing() as session:
            opened = open_for_all(session, visit, upload.fields.one("words"), None)
            problem = _keep(visit, session, opened.by, opened, upload, own_id)
            kept = problem is None
    finally:
        drop_unless(visit, upload, kept)
    problems = Problems(page=problem) if problem is not None else None
    hidden = {"words": upload.fields.one("words")}
    return render(visit, "complaints/kept.html", problems=problems, secret=True, what="file", hidden=hidden)


def _keep_own(visit: SignedIn, reference: str, upload: Upload, own_id: str) -> Response:
    kept, problem = False, upload.problem
    try:
        with visit.database.writing() as session:
            case = get_own(session, visit.actor, reference)
            problem = _keep(visit, session, visit.actor, Opened(case), upload, own_id)
            kept = problem is None
    finally:
        drop_unless(visit, upload, kept)
    if problem is None:
        return redirect(visit, f"/my/cases/{reference}")
    problems = Problems(page=problem)
    return render(visit, "complaints/kept.html", problems=problems, what="file", hidden={}, reference=reference)


def _keep(visit: Visit, session: Session, by: By, opened: Opened, upload: Upload, own_id: str) -> Message | None:
    """Keep the file; or why not."""
    if upload.problem is not None or upload.blob_id is None:
        return upload.problem
    try:
        paper = paper_of(upload, own_id)
        _do(
            visit,
            session,
            opened,
            (Work.FILE, own_id),
            lambda: service.keep_file(session, by, opened.case, paper, desk=desk_of(visit)),
        )
    except Refused as refusal:
        return refusal.message
    return None


def paper_of(upload: Upload, own_id: str) -> Paper:
    """What the room keeps of an upload."""
    if upload.blob_id is None or upload.file_name is None:
        raise BadRequest
    return Paper(own_id, upload.blob_id, upload.file_name, upload.media_type, upload.size)


def drop_unless(visit: Visit, upload: Upload, kept: bool) -> None:
    """A file that no row names is deleted again."""
    if upload.blob_id is not None and not kept:
        visit.blobs.delete(upload.blob_id)
