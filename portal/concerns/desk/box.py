"""What the recipients' script asks for and sends: threads, answers, files, changes of readers, notes, holds.

Whoever holds no grant in the current epoch of a thread, or reads for its body no more, meets what was never there.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from anonymity.encoding import from_b64u, from_json, to_b64u, whole
from anonymity.errors import CannotOpen
from anonymity.receipt import NOTES_LANES, locator_hash
from anonymity.submission import (
    LONGEST_CHANGE,
    LONGEST_LOOK_UP,
    LONGEST_REPLY,
    LONGEST_SUBMISSION,
    read_desk_change,
    read_desk_file_look_up,
    read_desk_submission,
    read_look_up,
)
from portal.authz.permissions import Permission
from portal.concerns.changing import make_change
from portal.concerns.delivery import answer, attempt, delivery
from portal.concerns.desk import holding
from portal.concerns.desk.cardlines import candidates_of, colleague_lines, readers_of
from portal.concerns.desk.colleagues import find_colleagues, list_held
from portal.concerns.desk.duty import bodies_read_by, side_of
from portal.concerns.desk.service import add_item, begin_notes, open_thread, own_key_ids
from portal.concerns.timing.service import note_answered
from portal.concerns.uploading import hand_out, take_file
from portal.core.db import Session
from portal.core.errors import NotFound
from portal.core.text import Bilingual
from portal.directory.queries import list_bodies
from portal.i18n.formats import date_long
from portal.mailbox.models import SealedCase
from portal.mailbox.queries import (
    find_notes,
    list_cases,
    list_grants,
    list_items,
    list_openings,
)
from portal.mailbox.rules import week_of
from portal.web.dependencies import Read, SignedIn, SignedVisit, Write, requires
from portal.web.fields import read_raw

MOST_OPENINGS = 50
CASE_BYTES, BLOB_BYTES = 16, 16
LONGEST_HOLD = 64

router = APIRouter(prefix="/my/concerns", dependencies=[requires(Permission.CONCERNS_DESK)])

ItemBytes = Annotated[bytes, Depends(read_raw(LONGEST_REPLY))]
ChangeBytes = Annotated[bytes, Depends(read_raw(LONGEST_CHANGE))]
NotesBytes = Annotated[bytes, Depends(read_raw(LONGEST_SUBMISSION))]
LookUpBytes = Annotated[bytes, Depends(read_raw(LONGEST_LOOK_UP))]
HoldBytes = Annotated[bytes, Depends(read_raw(LONGEST_HOLD))]


@router.get("/lines")
def lines(visit: SignedVisit, session: Read) -> Response:
    """More lines of the list: a week and a state, nothing more is known here."""
    bodies = bodies_read_by(session, visit.actor)
    cursor = visit.request.query_params.get("after")
    cut = list_cases(session, own_key_ids(session, visit.actor), cursor=cursor, body_ids=bodies)
    names = _names(session, visit)
    return answer(
        200,
        {
            "v": 1,
            "lines": [
                {
                    "key": to_b64u(line.case_id),
                    "body": names[line.body_id],
                    "week": date_long(week_of(line.opened_day), visit.locale),
                    "state": line.state,
                }
                for line in cut.items
            ],
            "next": cut.next_cursor,
        },
    )


@router.get("/openings")
def openings(visit: SignedVisit, session: Read) -> Response:
    """The first items of some threads, so that the device can show what they are about."""
    named = visit.request.query_params.getlist("case")[:MOST_OPENINGS]
    asked = [case_id for case_id in map(_bytes, named) if case_id is not None]
    bodies = bodies_read_by(session, visit.actor)
    found = list_openings(session, asked, own_key_ids(session, visit.actor))
    return answer(200, {"v": 1, "openings": [delivery(*one) for one in found if one[0].body_id in bodies]})


@router.get("/waiting")
def waiting(visit: SignedVisit, session: Read) -> Response:
    """Colleagues of the actor's side for whom threads could be opened again, and ended keys that are still in."""
    actor = visit.actor
    held = list_held(session, own_key_ids(session, actor), bodies_read_by(session, actor))
    found = find_colleagues(session, held, actor.person_id, side_of(actor), today=visit.today)
    return answer(200, {"v": 1, **colleague_lines(session, visit, found, _names(session, visit))})


@router.get("/{case}/thread")
def thread(visit: SignedVisit, session: Read, case: str) -> Response:
    """One sealed thread, with the actor's own grants, its readers, and whom the actor could let in."""
    return attempt(
        lambda: _content(session, visit, open_thread(session, visit.actor, case_bytes(case))),
        found=lambda content: answer(200, content),
    )


@router.post("/lookup")
def lookup(visit: SignedVisit, octets: LookUpBytes, session: Read) -> Response:
    """The lanes of readers only beside a thread, found by their locator, for those who hold a grant in them."""

    def look_up() -> list[dict[str, Any]]:
        named, own = locator_hash(_locator(octets)), own_key_ids(session, visit.actor)
        bodies = bodies_read_by(session, visit.actor)
        found = [case for lane in NOTES_LANES for case in find_notes(session, lane.value, named, own)]
        lanes = [_content(session, visit, case) for case in found if case.body_id in bodies]
        if not lanes:
            raise NotFound
        return lanes

    return attempt(look_up, found=lambda lanes: answer(200, {"v": 1, "lanes": lanes}))


@router.post("/notes")
def notes(visit: SignedVisit, octets: NotesBytes) -> Response:
    """Take a new lane of readers only; with ``anew`` also beside one that the actor was let into, but cannot open."""
    anew = visit.request.query_params.get("anew") == "yes"

    def put_away() -> bool:
        submission = read_desk_submission(octets)
        with visit.database.writing() as session:
            return begin_notes(session, visit.actor, submission, anew=anew, today=visit.today)

    return attempt(put_away, found=lambda is_new: answer(201 if is_new else 409))


@router.post("/{case}/items")
def items(visit: SignedVisit, octets: ItemBytes, case: str) -> Response:
    """Take a reader's sealed answer; that there was one today is kept in a transaction of its own."""

    def take() -> None:
        case_id = case_bytes(case)
        with visit.database.writing() as session:
            is_new = add_item(session, visit.actor, case_id, octets, today=visit.today)
        if is_new:
            note_answered(visit.database, case_id, today=visit.today, calendar=visit.calendar)

    return attempt(take, found=lambda _nothing: answer(201))


@router.post("/{case}/readers")
def readers(visit: SignedVisit, octets: ChangeBytes, session: Write, case: str) -> Response:
    """Take a reader's change of readers: a colleague let in, an ended key dropped, or the reader themself gone."""

    def change() -> None:
        wanted, case_id = read_desk_change(octets), case_bytes(case)
        if wanted.case != case_id:
            raise CannotOpen
        found = open_thread(session, visit.actor, case_id)
        make_change(session, found, wanted, maker=own_key_ids(session, visit.actor), today=visit.today)

    return attempt(change, found=lambda _nothing: answer(201))


@router.post("/{case}/files")
async def upload(visit: SignedVisit, request: Request, case: str) -> Response:
    """Take a sealed file for a thread that the actor holds. One that was never there is answered alike."""
    wanted = _bytes(case)

    def check(session: Session, case_id: bytes) -> None:
        if case_id != wanted:
            raise NotFound
        open_thread(session, visit.actor, case_id)

    return await take_file(visit, request, check)


@router.get("/{case}/files/{blob}")
def file(visit: SignedVisit, session: Read, case: str, blob: str) -> Response:
    """Hand out a sealed file."""
    return attempt(lambda: _hand_out(session, visit, case_bytes(case), _bytes(blob)), found=lambda handed: handed)


@router.post("/file/open")
def file_open(visit: SignedVisit, octets: LookUpBytes, session: Read) -> Response:
    """The same, asked as FORMAT.md section 9 has it."""

    def look_up() -> Response:
        try:
            asked = read_desk_file_look_up(octets)
        except CannotOpen:
            raise NotFound from None
        return _hand_out(session, visit, asked.case or b"", asked.blob)

    return attempt(look_up, found=lambda handed: handed)


@router.post("/{case}/hold")
def hold(visit: SignedVisit, octets: HoldBytes, case: str) -> Response:
    """Keep a thread beyond its week, or no longer."""

    def change() -> bool:
        found = from_json(octets, keys=frozenset({"held", "v"}))
        whole(found["v"], 1, 1)
        if type(found["held"]) is not bool:
            raise CannotOpen
        return holding.hold(visit.database, visit.actor, case_bytes(case), held=found["held"], now=visit.now)

    return attempt(change, found=lambda held: answer(200, {"v": 1, "held": held}))


def case_bytes(case: str) -> bytes:
    """A thread's id from an address; NotFound for nonsense."""
    found = _bytes(case)
    if found is None:
        raise NotFound
    return found


def _bytes(named: str) -> bytes | None:
    try:
        return from_b64u(named, CASE_BYTES)
    except CannotOpen:
        return None


def _locator(octets: bytes) -> bytes:
    try:
        return read_look_up(octets)
    except CannotOpen:
        raise NotFound from None


def _hand_out(session: Session, visit: SignedIn, case_id: bytes, blob_id: bytes | None) -> Response:
    found = open_thread(session, visit.actor, case_id)
    return hand_out(session, visit, found.case_id, blob_id or b"")


def _content(session: Session, visit: SignedIn, case: SealedCase) -> dict[str, Any]:
    own = own_key_ids(session, visit.actor)
    return {
        **delivery(case, list_grants(session, case.case_id, own), list_items(session, case.case_id)),
        "readers": readers_of(session, visit, case),
        "candidates": candidates_of(session, visit, case),
        "side": side_of(visit.actor),
        "may_hold": holding.may_hold(visit.actor, case),
    }


def _names(session: Session, visit: SignedIn) -> dict[str, str]:
    return {body.id: Bilingual(body.name_cy, body.name_en).get(visit.locale) for body in list_bodies(session)}
