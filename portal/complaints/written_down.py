"""Writing down a complaint that came another way: any words to anybody at the body count, from the day they came."""

import re
from dataclasses import dataclass

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from portal.authz.permissions import Permission, Subject, permits
from portal.cases.models import Case
from portal.cases.queries import facts_of
from portal.cases.rules import Relation, relations
from portal.cases.visits import desk_of
from portal.complaints import opening, service
from portal.complaints.asking import people_named
from portal.complaints.doing import CHOOSE_LANGUAGE
from portal.complaints.forms import CHOOSE_EMPLOYER, OFFICE, SAY_WHAT, TEAM, chosen, read_received
from portal.complaints.models import ComplaintFile
from portal.complaints.opening import NewComplaint
from portal.complaints.queries import context_of, find_linkable
from portal.complaints.rules import CHANNELS, NAME_LIMIT, REACH_LIMIT, REASON_LIMIT, TEXT_LIMIT, Channel
from portal.complaints.worker import drop_unless, paper_of
from portal.core import ids
from portal.core.errors import NotFound, Refused
from portal.core.text import Bilingual, Locale, Words, pmsg
from portal.directory.models import Body, Person
from portal.directory.queries import find_person_by_email, get_body
from portal.register.queries import list_published
from portal.web.arriving import ACCEPT, NO_FILE
from portal.web.dependencies import Read, SignedVisit, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag, read_fields
from portal.web.forms import Problems, choice, email, form_id, text
from portal.web.rendering import redirect, render
from portal.web.uploads import Upload, read_upload

router = APIRouter()

LOG = [requires(Permission.LOG_FOR_OTHERS)]
UPLOAD = [requires(Permission.LOG_FOR_OTHERS, takes_file=True)]
CAME = tuple(channel for channel in Channel if channel is not Channel.PORTAL)
CHOOSE_CHANNEL = pmsg("error", "Choose how the complaint came")
WHO_COMPLAINED = pmsg("error", "Enter the work email of the person who complained, or their name")
NOT_KNOWN = pmsg("error", "Nobody at this employer has this email address in the directory. Enter their name instead")
NO_REFERENCE = pmsg("error", "Write each reference as it stands in our letters, for example AC-7K2M-93QX")
REFERENCE = re.compile(r"[A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4}")


@dataclass(frozen=True, slots=True)
class Complainant:
    """Who complained: somebody of the directory, or a name."""

    person: Person | None
    name: str


@router.get("/my/desk/complaints/log", dependencies=LOG)
def ask_to_log(visit: SignedVisit, session: Read) -> Response:
    """The form."""
    return _page(visit, session, FieldBag([("form_id", ids.new_id())]))


@router.post("/my/desk/complaints/log", dependencies=UPLOAD)
async def log(request: Request, visit: SignedVisit) -> Response:
    """Open the case with its true day of receipt, and show it to who may work on it. The original may come along."""
    own_id = ids.new_id()
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        upload = await read_upload(request, visit, context=context_of(ComplaintFile(id=own_id), "blob_id"))
        request.state.fields = upload.fields
    else:
        upload = Upload(await read_fields(request), problem=NO_FILE)
    return await run_in_threadpool(_log, visit, upload, own_id)


def _log(visit: Visit, upload: Upload, own_id: str) -> Response:
    problems, kept = Problems(), False
    case: Case | None = None
    may_see = False
    try:
        with visit.database.reading() as session:
            new = _read(visit, session, upload.fields, problems)
        if upload.problem not in {None, NO_FILE}:
            problems["file"] = upload.problem or NO_FILE
        if new is not None and not problems:
            with visit.database.writing() as writing:
                case, kept = _open(writing, visit, new, upload, own_id)
                may_see = Relation.OFFICER in relations(visit.actor, facts_of(writing, case))
    except Refused as refusal:
        problems["page"] = refusal.message
    finally:
        drop_unless(visit, upload, kept)
    if case is None:
        with visit.database.reading() as session:
            return _page(visit, session, upload.fields, problems)
    if may_see:
        return redirect(visit, f"/my/desk/complaints/{case.reference}")
    return render(visit, "complaints/logged.html", reference=case.reference)


def _open(session: Session, visit: Visit, new: NewComplaint, upload: Upload, own_id: str) -> tuple[Case, bool]:
    """The case, and whether the paper was kept: a second POST finds the first case with its paper."""
    is_new = session.get(Case, new.case_id) is None
    paper = paper_of(upload, own_id) if upload.blob_id is not None else None
    case = opening.submit(session, visit.actor, new, desk=desk_of(visit))
    if not is_new or paper is None:
        return case, False
    service.keep_file(session, Relation.REQUESTER, case, paper, desk=desk_of(visit))
    return case, True


def _page(visit: Visit, session: Session, fields: FieldBag, problems: Problems | None = None) -> Response:
    bodies = _bodies(visit, session)
    systems = [one for body in bodies for one in list_published(session, body.id)]
    return render(
        visit,
        "complaints/log.html",
        problems=problems,
        typed=fields,
        form_id=form_id(fields) or ids.new_id(),
        bodies=[(body.slug, Bilingual(body.name_cy, body.name_en)) for body in bodies],
        channels=[(channel.value, CHANNELS[channel]) for channel in CAME],
        systems=[(one.short_code, one.name) for one in systems],
        accept=ACCEPT,
    )


def _bodies(visit: Visit, session: Session) -> list[Body]:
    """The bodies for which the actor may write complaints down."""
    held = {holding.body_id for holding in visit.actor.holdings if holding.body_id is not None}
    may = [one for one in sorted(held) if permits(visit.actor, Permission.LOG_FOR_OTHERS, Subject(body_id=one))]
    return [get_body(session, body_id) for body_id in may]


def _read(visit: Visit, session: Session, fields: FieldBag, problems: Problems) -> NewComplaint | None:
    own_id = form_id(fields)
    if not own_id:
        raise NotFound
    bodies = {body.slug: body for body in _bodies(visit, session)}
    slug = choice(fields, "body", problems, allowed=bodies, required=CHOOSE_EMPLOYER)
    body = bodies.get(slug)
    who = _read_who(session, fields, problems, body)
    address = email(fields, "email", problems)
    reach = text(fields, "reach", problems, most=REACH_LIMIT)
    channel = choice(fields, "channel", problems, allowed=CAME, required=CHOOSE_CHANNEL)
    received_on = read_received(fields, problems, visit.today)
    late_reason = text(fields, "late_reason", problems, most=REASON_LIMIT)
    if received_on is not None and received_on < visit.today and not late_reason:
        problems.setdefault("late_reason", opening.LATE_REASON_MISSING)
    what = text(fields, "what", problems, most=TEXT_LIMIT, required=SAY_WHAT)
    away = text(fields, "away", problems, most=REACH_LIMIT)
    known = [one.value for one in Locale]
    locale = choice(fields, "answer_locale", problems, allowed=known, required=CHOOSE_LANGUAGE)
    named = _read_about(fields, problems)
    if problems or body is None:
        return None
    person_id = who.person.id if who.person else None
    about = {one: find_linkable(session, body.id, person_id, one) for one in named}
    systems = {one.short_code: one.id for one in list_published(session, body.id)}
    return NewComplaint(
        case_id=own_id,
        body_id=body.id,
        what=Words(what),
        locale=Locale(locale),
        answer_locale=Locale(locale),
        channel=Channel(channel),
        received_on=received_on,
        late_reason=Words(late_reason),
        requester_person_id=who.person.id if who.person else None,
        name=Words(who.name) if who.name else None,
        reach=Words(reach) if reach else None,
        email=Words(address) if address and who.person is None else None,
        is_about_office=TEAM in fields.many(OFFICE),
        about=tuple(one.id for one in about.values() if one is not None),
        about_unknown=tuple(reference for reference, one in about.items() if one is None),
        system_ids=tuple(systems[one] for one in chosen(fields, "system", systems)),
        away_from=Words(away),
        excluded=people_named(session, body, away, None, desk=desk_of(visit)),
    )


def _read_about(fields: FieldBag, problems: Problems) -> list[str]:
    """The references that the complaint names. Whose requests they are, and whether there are any, is said to nobody
    here: who tries a reference on one colleague after the other learns nothing. Who handles it reads which fitted."""
    typed = text(fields, "about", problems, most=NAME_LIMIT).upper().replace(",", " ").split()
    if not all(REFERENCE.fullmatch(one) for one in typed):
        problems["about"] = NO_REFERENCE
    return list(dict.fromkeys(typed))


def _read_who(session: Session, fields: FieldBag, problems: Problems, body: Body | None) -> Complainant:
    """Somebody of the directory by their work address; or the name of somebody who is not in it."""
    address = email(fields, "person", problems)
    name = text(fields, "name", problems, most=NAME_LIMIT)
    if not address:
        if not name:
            problems.setdefault("person", WHO_COMPLAINED)
        return Complainant(None, name)
    person = find_person_by_email(session, address)
    if person is None or body is None or person.body_id != body.id:
        problems.setdefault("person", NOT_KNOWN if body is not None else CHOOSE_EMPLOYER)
        return Complainant(None, name)
    return Complainant(person, "")
