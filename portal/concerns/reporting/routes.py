"""The anonymous pages and the box. No cookie, no actor, no audit, no log; the same answer for every wrong receipt."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from anonymity.errors import CannotOpen
from anonymity.plaintext import Plaintext
from anonymity.receipt import Code, draw_code, locator_hash
from anonymity.submission import (
    ITEM_ID_BYTES,
    LONGEST_LOOK_UP,
    LONGEST_REPLY,
    LONGEST_SUBMISSION,
    Submission,
    read_look_up,
    read_reply,
    read_submission,
)
from portal.concerns.cards import named_by_post
from portal.concerns.delivery import answer, attempt, delivery
from portal.concerns.queries import About, find_channel, get_about, list_key_ids_of_body
from portal.concerns.reporting import pages
from portal.concerns.reporting.admission import Admitted, spend
from portal.concerns.reporting.forms import (
    CODE_BYTES,
    UNKNOWN_WORDS,
    Typed,
    read_concern,
    read_form_id,
    read_item_id,
    read_typed,
    read_words,
    text_problem,
)
from portal.concerns.reporting.service import Answer, add_reply, is_stored, open_threads, seal_here, store, write_reply
from portal.core import ids
from portal.core.db import Session
from portal.core.errors import NotFound
from portal.directory.queries import find_body_by_slug, get_body, list_bodies
from portal.mailbox.queries import find_by_locator, list_grants, list_items, list_keys
from portal.mailbox.rules import REPORTER_KEY
from portal.register.queries import find_system, list_published
from portal.web.anonymous import ANONYMOUS, Fields, PlainVisit, Read, Visit, Write
from portal.web.fields import FieldBag, read_raw
from portal.web.forms import Problems
from portal.web.rendering import redirect, render

router = APIRouter(prefix="/concern", dependencies=[ANONYMOUS])

CaseBytes = Annotated[bytes, Depends(read_raw(LONGEST_SUBMISSION))]
LOCATOR_BYTES = 32
LookUpBytes = Annotated[bytes, Depends(read_raw(LONGEST_LOOK_UP))]
ReplyBytes = Annotated[bytes, Depends(read_raw(LONGEST_REPLY))]


@router.get("")
def start(visit: PlainVisit, session: Read) -> Response:
    """What this channel is, and the two questions that come first: which employer, about what."""
    query = visit.request.query_params
    system = find_system(session, query.get("system", ""))
    body = get_body(session, system.body_id) if system else find_body_by_slug(session, query.get("body", ""))
    if system and body:
        return redirect(visit, f"/concern/write?body={body.slug}&about=system:{system.short_code}")
    if body and query.get("about"):
        about = get_about(session, body.slug, query["about"])
        return redirect(visit, f"/concern/write?body={body.slug}&about={about.code}")
    return render(
        visit,
        "concerns/start.html",
        body=body,
        body_options=[] if body else pages.body_options(visit, list_bodies(session)),
        about_options=pages.about_options(visit, list_published(session, body.id)) if body else [],
    )


@router.get("/write")
def write(visit: PlainVisit, session: Read) -> Response:
    """Who could open it, and the page that seals on the device. It has no form that a browser could send by itself."""
    about = _about(visit, session)
    channel = find_channel(session, about, today=visit.today)
    if not channel.is_open:
        return render(visit, "concerns/closed.html", about=about, subject=pages.subject_name(visit, about))
    return render(visit, "concerns/write.html", scripts=True, **_channel_values(visit, about, channel))


@router.get("/form")
def form(visit: PlainVisit, session: Read) -> Response:
    """The same without script: one page, one form; the receipt's bytes go out with it."""
    about = _about(visit, session)
    return _form_page(visit, session, about, Typed(form_id=ids.random_bytes(CODE_BYTES).hex(), lang=visit.locale.value))


@router.post("/form")
def send_form(visit: PlainVisit, fields: Fields, session: Write) -> Response:
    """Seal what was typed, at once and in memory, and show the receipt. A second POST shows the first receipt."""
    typed = read_typed(fields, visit.locale)
    code = read_form_id(typed.form_id)
    if code is not None and is_stored(session, code):
        return _receipt(visit, code, typed.form_id)
    about = get_about(session, fields.one("body"), fields.one("about"))
    channel = find_channel(session, about, today=visit.today)
    if not channel.is_open:
        return render(visit, "concerns/closed.html", about=about, subject=pages.subject_name(visit, about))
    read = read_concern(typed, channel)
    if isinstance(read, Problems):
        return _form_page(visit, session, about, typed, read)
    store(session, seal_here(read, about, today=visit.today), today=visit.today)
    return _receipt(visit, read.code, typed.form_id)


@router.get("/return")
def come_back(visit: PlainVisit) -> Response:
    """The page that opens a thread on the device."""
    return render(visit, "concerns/return.html", scripts=True)


@router.get("/return/form")
def come_back_plainly(visit: PlainVisit) -> Response:
    """The same without script."""
    return render(visit, "concerns/return_form.html", typed_words="", secret=True)


@router.post("/return/form")
def open_plainly(visit: PlainVisit, fields: Fields, session: Read) -> Response:
    """Open what the words open, for this one answer. Words that are none are looked for all the same: no quicker."""
    code = read_words(fields.one("words"))
    opened = open_threads(session, draw_code() if isinstance(code, Problems) else code)
    if isinstance(code, Problems) or not opened:
        problems = code if isinstance(code, Problems) else Problems(words=UNKNOWN_WORDS)
        return render(
            visit, "concerns/return_form.html", problems=problems, typed_words=fields.one("words"), secret=True
        )
    return _threads(visit, session, code)


@router.post("/return/form/reply")
def reply_plainly(visit: PlainVisit, fields: Fields, session: Write) -> Response:
    """Seal and add a reply, then show the thread with it."""
    code = read_words(fields.one("words"))
    lane, item_id = pages.LANES.get(fields.one("lane")), read_item_id(fields.one("form_id"))
    if isinstance(code, Problems) or lane is None or item_id is None:
        raise NotFound
    text = fields.one(f"text-{lane.value}")
    problems = text_problem(text, f"text-{lane.value}")
    if problems:
        return _threads(visit, session, code, problems, {lane.value: text})
    write_reply(session, code, lane, Answer(item_id, Plaintext(text), visit.locale), today=visit.today)
    return _threads(visit, session, code, sent=lane.value)


@router.post("/box")
def box(visit: PlainVisit, ticket: Admitted, octets: CaseBytes) -> Response:
    """Take a thread that a device sealed. Only age files of the right shape, for a channel that is open.

    What came is read before the write lock is taken, so nobody waits for nonsense.
    """

    def put_away() -> bool:
        submission = read_submission(octets)
        with visit.database.writing() as session:
            _check_readers(session, visit, submission)
            spend(visit, session, ticket)
            return store(session, submission, today=visit.today)

    return attempt(put_away, found=lambda is_new: answer(201 if is_new else 409))


@router.post("/box/open")
def box_open(visit: PlainVisit, octets: LookUpBytes, session: Read) -> Response:
    """Hand out the sealed thread of a locator, with the reporter's grants and what to call its readers."""

    def look_up() -> dict[str, Any]:
        case = find_by_locator(session, locator_hash(read_locator(octets)))
        if case is None:
            raise NotFound
        grants = list_grants(session, case.case_id, (REPORTER_KEY,))
        keys = list_keys(session, case.case_id)
        readers = named_by_post(session, keys, locale=visit.locale, today=visit.today)
        return {**delivery(case, grants, list_items(session, case.case_id)), "readers": readers}

    return attempt(look_up, found=lambda content: answer(200, content))


@router.post("/box/reply")
def box_reply(visit: PlainVisit, ticket: Admitted, octets: ReplyBytes, session: Write) -> Response:
    """Take a sealed reply for a thread that is there."""

    def add() -> None:
        spend(visit, session, ticket)
        add_reply(session, read_reply(octets), today=visit.today)

    return attempt(add, found=lambda _nothing: answer(201))


def read_locator(octets: bytes) -> bytes:
    """What somebody comes back with. For nonsense one that never was is looked for: the same answer, no sooner."""
    try:
        return read_look_up(octets)
    except CannotOpen:
        return ids.random_bytes(LOCATOR_BYTES)


def _about(visit: Visit, session: Session) -> About:
    query = visit.request.query_params
    return get_about(session, query.get("body", ""), query.get("about", ""))


def _check_readers(session: Session, visit: Visit, submission: Submission) -> None:
    """Grants go to live keys of this body's channel only: a box that takes any key would be a free letter box."""
    allowed = list_key_ids_of_body(session, submission.body, today=visit.today)
    if not allowed:
        raise NotFound
    if not all(grant.key_id in allowed for grant in submission.grants):
        raise CannotOpen


def _channel_values(visit: Visit, about: About, channel: Any) -> dict[str, Any]:
    return {
        "about": about,
        "subject": pages.subject_name(visit, about),
        "groups": pages.reader_groups(visit, channel),
        "branches": [branch for branch in channel.branches if branch.readers],
        "readers_json": pages.readers_json(about, channel),
        "leave_out_options": pages.leave_out_options(visit, channel),
        "union_options": pages.union_options(visit, channel),
    }


def _form_page(
    visit: Visit, session: Session, about: About, typed: Typed, problems: Problems | None = None
) -> Response:
    channel = find_channel(session, about, today=visit.today)
    if not channel.is_open:
        return render(visit, "concerns/closed.html", about=about, subject=pages.subject_name(visit, about))
    values = _channel_values(visit, about, channel)
    return render(visit, "concerns/form.html", problems=problems, typed=typed, secret=True, **values)


def _receipt(visit: Visit, code: Code, form_id: str) -> Response:
    """The receipt. Its language switch needs the form's id alone: the page holds nothing of the concern."""
    visit.request.state.fields = FieldBag([("form_id", form_id)])
    return render(visit, "concerns/receipt.html", secret=True, **pages.receipt_values(code, visit.locale))


def _threads(
    visit: Visit,
    session: Session,
    code: Code,
    problems: Problems | None = None,
    typed: dict[str, str] | None = None,
    sent: str | None = None,
) -> Response:
    shown = pages.thread_pages(session, visit, open_threads(session, code))
    if not shown:
        raise NotFound
    words = " ".join(code.words(visit.locale.value))
    return render(
        visit,
        "concerns/thread.html",
        problems=problems,
        secret=True,
        threads=shown,
        words=words,
        typed=typed or {},
        form_ids={thread.lane: ids.random_bytes(ITEM_ID_BYTES).hex() for thread in shown},
        sent=sent,
    )
