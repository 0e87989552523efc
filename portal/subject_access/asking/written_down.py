"""Writing down a request that came another way: any words to anybody at the body count, from the day they came."""

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from portal.authz.permissions import Permission, Subject, permits
from portal.cases.models import Case
from portal.cases.queries import facts_of
from portal.cases.rules import Relation, relations
from portal.cases.turn import Turn
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import NotFound, Refused
from portal.core.text import Bilingual, Locale, Message, Words, pmsg
from portal.directory.models import Body, Person
from portal.directory.queries import find_person_by_email, get_body
from portal.subject_access import service
from portal.subject_access.asking import forms
from portal.subject_access.asking.forms import EARLIEST, EVERYTHING, NAME_LIMIT, REACH_LIMIT
from portal.subject_access.asking.leaving import Said, keep_wish
from portal.subject_access.asking.queries import enclosure_context
from portal.subject_access.asking.rules import EnclosureKind
from portal.subject_access.asking.service import Paper, keep_paper
from portal.subject_access.rules import CHANNELS, FORMATS, AnswerFormat, Channel
from portal.subject_access.service import NewRequest
from portal.web.arriving import ACCEPT, NO_FILE
from portal.web.dependencies import Read, SignedVisit, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag, read_fields
from portal.web.forms import Problems, choice, day, email, form_id, text
from portal.web.rendering import redirect, render
from portal.web.uploads import Upload, read_upload

router = APIRouter()

LOG = [requires(Permission.LOG_FOR_OTHERS)]
UPLOAD = [requires(Permission.LOG_FOR_OTHERS, takes_file=True)]
CAME = tuple(channel for channel in Channel if channel is not Channel.PORTAL)
REASON_LIMIT = 1000

CHOOSE_CHANNEL = pmsg("error", "Choose how the request came")
ENTER_RECEIVED = pmsg("error", "Enter the day the request came")
WHO_ASKED = pmsg("error", "Enter the work email of the person who asked, or their name")
CANNOT_DOWNLOAD = pmsg("error", "Somebody without an account cannot download it here. Choose another form")
NOT_KNOWN = pmsg("error", "Nobody at this employer has this email address in the directory. Enter their name instead")


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asked: somebody of the directory, or a name."""

    person: Person | None
    name: str


@router.get("/my/desk/access/log", dependencies=LOG)
def ask_to_log(visit: SignedVisit, session: Read) -> Response:
    """The form."""
    return _page(visit, session, FieldBag([("form_id", ids.new_id())]))


@router.post("/my/desk/access/log", dependencies=UPLOAD)
async def log(request: Request, visit: SignedVisit) -> Response:
    """Open the case with its true day of receipt, and show it to who may work on it. The original may come along."""
    paper_id = ids.new_id()
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        upload = await read_upload(request, visit, context=enclosure_context("blob_id", paper_id))
        request.state.fields = upload.fields
    else:
        upload = Upload(await read_fields(request), problem=NO_FILE)
    return await run_in_threadpool(_log, visit, upload, paper_id)


def _log(visit: Visit, upload: Upload, paper_id: str) -> Response:
    problems = Problems()
    kept = False
    case: Case | None = None
    try:
        with visit.database.reading() as session:
            new = _read(visit, session, upload.fields, problems)
        if upload.problem not in {None, NO_FILE}:
            problems["file"] = upload.problem or NO_FILE
        if new is not None and not problems:
            with visit.database.writing() as writing:
                case, kept = _open(writing, visit, new, upload, paper_id)
    except Refused as refusal:
        problems["page"] = refusal.message
    finally:
        if upload.blob_id is not None and not kept:
            visit.blobs.delete(upload.blob_id)
    if case is None:
        with visit.database.reading() as session:
            return _page(visit, session, upload.fields, problems)
    with visit.database.reading() as session:
        is_officer = Relation.OFFICER in relations(visit.actor, facts_of(session, case))
    if is_officer:
        return redirect(visit, f"/my/desk/access/{case.reference}")
    return render(visit, "subject_access/logged.html", reference=case.reference, due_on=case.due_on)


def _open(session: Session, visit: Visit, new: NewRequest, upload: Upload, paper_id: str) -> tuple[Case, bool]:
    """The case, and whether the paper was kept: a second POST finds the first case with its paper."""
    is_new = session.get(Case, new.case_id) is None
    case = service.submit(session, visit.actor, new, desk=desk_of(visit))
    left_out = upload.fields.one("left_out")
    if is_new and left_out:
        turn = Turn(session, visit.actor, case, Relation.OFFICER, desk_of(visit))
        keep_wish(turn, Said(ids.new_id(), Words(left_out), visit.locale))
    if not is_new or upload.blob_id is None or upload.file_name is None:
        return case, False
    paper = Paper(paper_id, EnclosureKind.REQUEST, upload.blob_id, upload.file_name, upload.media_type, upload.size)
    keep_paper(session, case, paper, desk=desk_of(visit))
    return case, True


def _page(visit: Visit, session: Session, fields: FieldBag, problems: Problems | None = None) -> Response:
    bodies = _bodies(visit, session)
    return render(
        visit,
        "subject_access/log.html",
        problems=problems,
        typed=fields.one,
        form_id=form_id(fields) or ids.new_id(),
        bodies=[(body.slug, Bilingual(body.name_cy, body.name_en)) for body in bodies],
        channels=[(channel.value, CHANNELS[channel]) for channel in CAME],
        formats=list(FORMATS.items()),
        accept=ACCEPT,
    )


def _bodies(visit: Visit, session: Session) -> list[Body]:
    """The bodies for which the actor may write requests down."""
    held = {holding.body_id for holding in visit.actor.holdings if holding.body_id is not None}
    may = [one for one in sorted(held) if permits(visit.actor, Permission.LOG_FOR_OTHERS, Subject(body_id=one))]
    return [get_body(session, body_id) for body_id in may]


def _read(visit: Visit, session: Session, fields: FieldBag, problems: Problems) -> NewRequest | None:
    own_id = form_id(fields)
    if not own_id:
        raise NotFound
    bodies = {body.slug: body for body in _bodies(visit, session)}
    slug = choice(fields, "body", problems, allowed=bodies, required=forms.CHOOSE_BODY)
    asker = _read_asker(session, fields, problems, bodies.get(slug))
    address = email(fields, "email", problems)
    reach = text(fields, "reach", problems, most=REACH_LIMIT)
    channel = choice(fields, "channel", problems, allowed=CAME, required=CHOOSE_CHANNEL)
    received_on = _read_received(fields, problems, visit.today)
    late_reason = text(fields, "late_reason", problems, most=REASON_LIMIT)
    if received_on is not None and received_on < visit.today and not late_reason:
        problems.setdefault("late_reason", service.LATE_REASON_MISSING)
    forms.check_wanted(fields, problems)
    forms.check_left_out(fields, problems)
    forms.check_answer(fields, problems)
    if asker.person is None and fields.one("answer_format") == AnswerFormat.DOWNLOAD:
        problems.setdefault("answer_format", CANNOT_DOWNLOAD)
    if problems:
        return None
    return NewRequest(
        case_id=own_id,
        body_id=bodies[slug].id,
        wanted=Words(fields.one("wanted")),
        is_everything=fields.one("scope") == EVERYTHING,
        locale=visit.locale,
        answer_locale=Locale(fields.one("answer_locale")),
        answer_format=AnswerFormat(fields.one("answer_format")),
        channel=Channel(channel),
        received_on=received_on,
        late_reason=Words(late_reason),
        requester_person_id=asker.person.id if asker.person else None,
        name=Words(asker.name) if asker.name else None,
        reach=Words(reach) if reach else None,
        email=Words(address) if address and asker.person is None else None,
    )


def _read_asker(session: Session, fields: FieldBag, problems: Problems, body: Body | None) -> Asker:
    """Somebody of the directory by their work address; or the name of somebody who is not in it."""
    address = email(fields, "person", problems)
    name = text(fields, "name", problems, most=NAME_LIMIT)
    if not address:
        if not name:
            problems.setdefault("person", WHO_ASKED)
        return Asker(None, name)
    person = find_person_by_email(session, address)
    if person is None or body is None or person.body_id != body.id:
        problems.setdefault("person", _unknown(body))
        return Asker(None, name)
    return Asker(person, "")


def _unknown(body: Body | None) -> Message:
    return NOT_KNOWN if body is not None else forms.CHOOSE_BODY


def _read_received(fields: FieldBag, problems: Problems, today: date) -> date | None:
    return day(fields, "received", problems, required=ENTER_RECEIVED, not_after=today, not_before=EARLIEST)
