"""Writing down a request for a review that came another way: any words to anybody at the body count, from their day."""

from datetime import date

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from portal.authz.permissions import Permission, Subject, permits
from portal.cases.models import Case
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import NotFound, Refused
from portal.core.text import Bilingual, Locale, Words, pmsg
from portal.decision_review import service as reviews
from portal.decision_review.asking import forms, service
from portal.decision_review.asking.models import ReviewPaper
from portal.decision_review.asking.queries import paper_context
from portal.decision_review.asking.rules import Side
from portal.decision_review.asking.service import MOST_PAPERS, Paper
from portal.decision_review.rules import CHANNELS, SCHEME_BEGINS, TEXT_LIMIT, WANTED, Channel
from portal.decision_review.service import NewReview
from portal.directory.models import Body, Person
from portal.directory.queries import find_person_by_email, get_body
from portal.register.queries import PublishedSystem, list_published
from portal.web.arriving import ACCEPT, BY_ENDING, NO_FILE, Limits
from portal.web.dependencies import Read, SignedIn, SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, choice, day, email, form_id, text
from portal.web.rendering import redirect, render
from portal.web.uploads import Uploads, read_uploads

router = APIRouter()

LOG = [requires(Permission.REVIEW_ASSIGN)]
ADDRESS = "/my/desk/reviews/log"
CAME = tuple(channel for channel in Channel if channel is not Channel.PORTAL)
REASON_LIMIT = 1000
LIMITS = Limits(BY_ENDING, most_files=MOST_PAPERS)

CHOOSE_CHANNEL = pmsg("error", "Choose how the request came")
CHOOSE_LANGUAGE = pmsg("error", "Choose the language of the answer")
ENTER_RECEIVED = pmsg("error", "Enter the day the request came")
WHO_ASKED = pmsg("error", "Enter the work email of the person who asked, or their name")
CHOOSE_AGAIN = pmsg("error", "Nothing was kept yet. Choose the files again")
NOT_KNOWN = pmsg("error", "Nobody at this employer has this email address in the directory. Enter their name instead")


@router.get(ADDRESS, dependencies=LOG)
def ask_to_log(visit: SignedVisit, session: Read) -> Response:
    """The form."""
    return _page(visit, session, FieldBag([("form_id", ids.new_id())]))


@router.post(ADDRESS, dependencies=[requires(Permission.REVIEW_ASSIGN, takes_file=True)])
async def log(request: Request, visit: SignedVisit) -> Response:
    """Open the review with its true day of receipt, and with the papers that came with it. They are sealed as they
    stream in, and kept only if everything of the form is."""
    uploads = await read_uploads(
        request, visit, context=lambda own: paper_context("blob_id", own), limits=LIMITS, new_id=ids.new_id
    )
    return await run_in_threadpool(_log, visit, uploads)


def _log(visit: SignedIn, uploads: Uploads) -> Response:
    problems, reference = Problems(), ""
    wrong = next((one.problem or NO_FILE for one in uploads.files if one.blob_id is None), None)
    if wrong is not None:
        problems["files"] = wrong
    try:
        reference = _write_down(visit, uploads, problems)
    except Refused as refusal:
        problems["page"] = refusal.message
    finally:
        _drop_unkept(visit, uploads)
    if reference:
        return redirect(visit, f"/my/desk/reviews/{reference}")
    if uploads.files:
        problems.setdefault("files", CHOOSE_AGAIN)
    with visit.database.reading() as session:
        return _page(visit, session, uploads.fields, problems)


def _write_down(visit: SignedIn, uploads: Uploads, problems: Problems) -> str:
    """The reference; empty where something of the form is wrong. A second POST of a form keeps no file twice."""
    with visit.database.writing() as session:
        new = _read(visit, session, uploads.fields, problems)
        if new is None or problems:
            return ""
        is_new = session.get(Case, new.case_id) is None
        case = service.ask(session, visit.actor, new, desk=desk_of(visit))
        for one in uploads.files if is_new else ():
            paper = Paper(one.id, one.blob_id or "", one.file_name, one.media_type, one.size)
            service.add_paper(session, visit.actor, case, paper, desk=desk_of(visit), side=Side.WORKER)
        return case.reference


def _drop_unkept(visit: SignedIn, uploads: Uploads) -> None:
    """A file that no row names is gone at once."""
    with visit.database.reading() as session:
        kept = {one.id for one in uploads.files if session.get(ReviewPaper, one.id) is not None}
    for one in uploads.files:
        if one.blob_id is not None and one.id not in kept:
            visit.blobs.delete(one.blob_id)


def _page(visit: SignedIn, session: Session, fields: FieldBag, problems: Problems | None = None) -> Response:
    bodies = _bodies(visit, session)
    return render(
        visit,
        "decision_review/log.html",
        problems=problems,
        typed=fields,
        form_id=form_id(fields) or ids.new_id(),
        bodies=[(one.slug, Bilingual(one.name_cy, one.name_en)) for one in bodies],
        systems=[(one.short_code, one.name) for body in bodies for one in list_published(session, body.id)],
        accept=ACCEPT,
        most=MOST_PAPERS,
        channels=[(one.value, CHANNELS[one]) for one in CAME],
        wanted=[(one.value, said) for one, said in WANTED.items()],
    )


def _bodies(visit: SignedIn, session: Session) -> list[Body]:
    """The bodies for which the actor may write reviews down."""
    held = {holding.body_id for holding in visit.actor.holdings if holding.body_id is not None}
    may = [one for one in sorted(held) if permits(visit.actor, Permission.REVIEW_ASSIGN, Subject(body_id=one))]
    return [get_body(session, body_id) for body_id in may]


def _read(visit: SignedIn, session: Session, fields: FieldBag, problems: Problems) -> NewReview | None:
    own_id = form_id(fields)
    if not own_id:
        raise NotFound
    bodies = {body.slug: body for body in _bodies(visit, session)}
    slug = choice(fields, "body", problems, allowed=bodies, required=forms.CHOOSE_EMPLOYER)
    person, name = _read_asker(session, fields, problems, bodies.get(slug))
    address = email(fields, "email", problems)
    channel = choice(fields, "channel", problems, allowed=CAME, required=CHOOSE_CHANNEL)
    received_on = day(
        fields, "received", problems, required=ENTER_RECEIVED, not_after=visit.today, not_before=SCHEME_BEGINS
    )
    late_reason = _read_late(fields, problems, received_on, visit.today)
    lang = choice(fields, "lang", problems, allowed=list(Locale), required=CHOOSE_LANGUAGE)
    forms.read_happened(fields, problems, visit.today)
    wanted = forms.read_wanted(fields, problems)
    decided_on = forms.read_day(fields, Problems(), visit.today)
    effect_on = forms.read_effect(fields, problems)
    if problems or decided_on is None:
        return None
    system = _system(session, fields, bodies[slug])
    return NewReview(
        case_id=own_id,
        body_id=bodies[slug].id,
        system_id=system.id if system else None,
        decision_point_id=None,
        decided_on=decided_on,
        what_happened=Words(fields.one("what")),
        wanted=wanted,
        wanted_words=Words(""),
        locale=Locale(lang),
        effect_on=effect_on,
        channel=Channel(channel),
        received_on=received_on,
        late_reason=Words(late_reason) if late_reason else None,
        requester_person_id=person.id if person else None,
        name=Words(name) if name and person is None else None,
        contact=Words(fields.one("contact")[:TEXT_LIMIT]) if person is None else None,
        email=Words(address) if address and person is None else None,
    )


def _read_asker(session: Session, fields: FieldBag, problems: Problems, body: Body | None) -> tuple[Person | None, str]:
    """Somebody of the directory by their work address; or the name of somebody who is not in it."""
    address = email(fields, "person", problems)
    name = text(fields, "name", problems, most=forms.NAME_LIMIT)
    person = find_person_by_email(session, address) if address else None
    if address and (person is None or body is None or person.body_id != body.id):
        problems.setdefault("person", NOT_KNOWN)
    elif not address and not name:
        problems.setdefault("person", WHO_ASKED)
    return person, name


def _read_late(fields: FieldBag, problems: Problems, received_on: date | None, today: date) -> str:
    said = text(fields, "late_reason", problems, most=REASON_LIMIT)
    if received_on is not None and received_on < today and not said:
        problems.setdefault("late_reason", reviews.LATE_REASON_MISSING)
    return said


def _system(session: Session, fields: FieldBag, body: Body) -> PublishedSystem | None:
    return next((one for one in list_published(session, body.id) if one.short_code == fields.one("system")), None)
