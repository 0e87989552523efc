"""The anonymous pages and the box. No cookie, no actor, no audit, no log; the same answer for every wrong receipt."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from anonymity.errors import CannotOpen
from anonymity.receipt import locator_hash
from anonymity.submission import (
    LONGEST_LOOK_UP,
    LONGEST_REPLY,
    LONGEST_SUBMISSION,
    Submission,
    read_look_up,
    read_reply,
    read_submission,
)
from portal.concerns.asks import find_asks
from portal.concerns.cards import named_by_post
from portal.concerns.delivery import answer, attempt, delivery
from portal.concerns.queries import find_channel, list_key_ids_of_body
from portal.concerns.reporting import choosing, filewords, pages
from portal.concerns.reporting.admission import Admitted, pay
from portal.concerns.reporting.around import beside_keys
from portal.concerns.reporting.attaching import take_form
from portal.concerns.reporting.calling import call_readers
from portal.concerns.reporting.forms import read_form_id, read_proof
from portal.concerns.reporting.gate import BoxTurn
from portal.concerns.reporting.sending import Sending, closed_page, has_any, receipt_page
from portal.concerns.reporting.service import add_reply, store
from portal.core import ids
from portal.core.db import Session
from portal.core.errors import NotFound
from portal.mailbox.queries import find_by_locator, list_grants, list_items, list_keys
from portal.mailbox.rules import REPORTER_KEY
from portal.web.anonymous import ANONYMOUS, Fields, PlainVisit, Read, Visit
from portal.web.fields import read_raw
from portal.web.rendering import redirect, render

router = APIRouter(prefix="/concern", dependencies=[ANONYMOUS])

CaseBytes = Annotated[bytes, Depends(read_raw(LONGEST_SUBMISSION))]
LOCATOR_BYTES = 32
LookUpBytes = Annotated[bytes, Depends(read_raw(LONGEST_LOOK_UP))]
ReplyBytes = Annotated[bytes, Depends(read_raw(LONGEST_REPLY))]


@router.get("")
def start(visit: PlainVisit, session: Read) -> Response:
    """What this channel is, and the first question: which employer. An address of ours asks for nothing more."""
    return redirect(visit, choosing.START) if visit.request.url.query else choosing.start_page(visit, session)


@router.post("")
def choose(visit: PlainVisit, fields: Fields, session: Read) -> Response:
    """The second question: about what."""
    return choosing.ask(visit, session, fields)


@router.get("/write")
@router.get("/form")
def begin_again(visit: PlainVisit) -> Response:
    """The pages that write are reached from the questions only. What an address may say besides is let go of."""
    return redirect(visit, choosing.START)


@router.post("/write")
def write(visit: PlainVisit, fields: Fields, session: Read) -> Response:
    """Who could open it, and the page that seals on the device. A browser could send nothing but the choice from it."""
    about = choosing.chosen(visit, session, fields)
    if isinstance(about, Response):
        return about
    channel = find_channel(session, about, today=visit.today)
    if not channel.is_open:
        return closed_page(visit, session, about)
    values = pages.channel_values(visit, about, channel) | {"story_words": pages.story_words()}
    values |= beside_keys(session, about.body)
    return render(visit, "concerns/write.html", scripts=True, files=True, file_accept=filewords.ACCEPT, **values)


@router.get("/safety")
def safety(visit: PlainVisit) -> Response:
    """Which device, which network, and who learns what: complete on its page."""
    return render(visit, "concerns/safety.html")


@router.get("/file-words")
def file_words(visit: PlainVisit) -> Response:
    """What cleaning finds, leaves and refuses, in words: for a page on which a file is chosen."""
    return answer(200, filewords.words_of(visit.locale))


@router.post("/form")
async def send_form(visit: PlainVisit, request: Request) -> Response:
    """The same without script: one page, one form. What was chosen opens it; what was typed is sealed, at once and in
    memory, and the receipt shown. A second POST shows the first receipt."""
    sending = Sending(visit)
    attached = await take_form(visit, request, sending.choose)
    return await run_in_threadpool(sending.finish, attached)


@router.post("/form/proof")
def prove(visit: PlainVisit, fields: Fields, session: Read) -> Response:
    """Two words typed from the reporter's own copy of the receipt: are they right?"""
    code = read_form_id(fields.one("form_id"))
    if code is None or not has_any(session, code):
        raise NotFound
    places, problems = read_proof(fields, code)
    return receipt_page(
        visit, code, fields.one("form_id"), problems=problems, proof=places, is_proved=not problems, is_asked=True
    )


@router.post("/box")
def box(visit: PlainVisit, ticket: Admitted, octets: CaseBytes) -> Response:
    """Take a thread that a device sealed. Only age files of the right shape, for a channel that is open.

    What came is read before the write lock is taken, so nobody waits for nonsense.
    """

    def put_away() -> bool:
        submission = read_submission(octets)
        return pay(visit, ticket, lambda session: _store(session, visit, submission))

    return attempt(put_away, found=lambda is_new: answer(201 if is_new else 409))


@router.post("/box/open")
def box_open(visit: PlainVisit, octets: LookUpBytes, _turn: BoxTurn, session: Read) -> Response:
    """Hand out the sealed thread of a locator, with the reporter's grants and what to call its readers."""

    def look_up() -> dict[str, Any]:
        case = find_by_locator(session, locator_hash(read_locator(octets)))
        if case is None:
            raise NotFound
        grants = list_grants(session, case.case_id, (REPORTER_KEY,))
        keys = list_keys(session, case.case_id)
        readers = named_by_post(session, keys, locale=visit.locale, today=visit.today)
        said = find_asks(session, case.case_id, today=visit.today).on_wire()
        return {**delivery(case, grants, list_items(session, case.case_id)), "readers": readers, **said}

    return attempt(look_up, found=lambda content: answer(200, content))


@router.post("/box/reply")
def box_reply(visit: PlainVisit, ticket: Admitted, octets: ReplyBytes) -> Response:
    """Take a sealed reply for a thread that is there."""

    def add() -> None:
        reply = read_reply(octets)
        pay(visit, ticket, lambda session: add_reply(session, reply, today=visit.today))

    return attempt(add, found=lambda _nothing: answer(201))


@router.post("/box/urgent")
def box_urgent(visit: PlainVisit, ticket: Admitted, octets: LookUpBytes) -> Response:
    """Somebody may be hurt now: letters at once to everybody who can open this thread, and not a word of it."""

    def call(session: Session) -> bool:
        case = find_by_locator(session, locator_hash(read_locator(octets)))
        if case is None:
            raise NotFound
        return call_readers(session, case)

    return attempt(lambda: pay(visit, ticket, call), found=lambda called: answer(201 if called else 404))


def read_locator(octets: bytes) -> bytes:
    """What somebody comes back with. For nonsense one that never was is looked for: the same answer, no sooner."""
    try:
        return read_look_up(octets)
    except CannotOpen:
        return ids.random_bytes(LOCATOR_BYTES)


def _store(session: Session, visit: Visit, submission: Submission) -> bool:
    _check_readers(session, visit, submission)
    return store(session, submission, today=visit.today)


def _check_readers(session: Session, visit: Visit, submission: Submission) -> None:
    """Grants go to live keys of this body's channel only: a box that takes any key would be a free letter box."""
    allowed = list_key_ids_of_body(session, submission.body, today=visit.today)
    if not allowed:
        raise NotFound
    if not all(grant.key_id in allowed for grant in submission.grants):
        raise CannotOpen
