"""The rest of the box: files, changes of readers, and the cards of everybody who could read. All uniform, all bare."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from anonymity.attachment import BLOB_BYTES
from anonymity.encoding import from_json, members, one_of, opaque_id, to_b64u, whole
from anonymity.errors import CannotOpen
from anonymity.receipt import Lane, locator_hash
from anonymity.submission import (
    LOCATOR_BYTES,
    LONGEST_CHANGE,
    LONGEST_LOOK_UP,
    ChangeOfReaders,
    FileLookUp,
    read_change,
    read_file_look_up,
)
from portal.concerns.changing import make_change
from portal.concerns.delivery import answer, attempt
from portal.concerns.queries import About, find_channel, get_about
from portal.concerns.reporting.admission import (
    Admitted,
    WorkNeeded,
    pay,
    require_work_for_file,
    spend_at_once,
)
from portal.concerns.reporting.gate import BoxTurn
from portal.concerns.reporting.pages import readers_content
from portal.concerns.rules import MATTER_NAMES, UNION, Channel, Matter, Reader
from portal.concerns.uploading import hand_out, pass_over, take_file
from portal.core import ids
from portal.core.errors import NotFound
from portal.core.text import Bilingual, Locale
from portal.directory.queries import get_body
from portal.i18n.catalogue import Catalogue
from portal.mailbox.models import SealedCase
from portal.mailbox.queries import find_by_locator
from portal.web.anonymous import ANONYMOUS, PlainVisit, Read
from portal.web.fields import declared_length, read_raw

LONGEST_QUESTION = 1024

router = APIRouter(prefix="/concern/box", dependencies=[ANONYMOUS])

ChangeBytes = Annotated[bytes, Depends(read_raw(LONGEST_CHANGE))]
LookUpBytes = Annotated[bytes, Depends(read_raw(LONGEST_LOOK_UP))]
QuestionBytes = Annotated[bytes, Depends(read_raw(LONGEST_QUESTION))]


@router.post("/file")
async def box_file(visit: PlainVisit, ticket: Admitted, request: Request) -> Response:
    """Take a sealed file. It may come before its thread, so nothing is asked about its case.

    The fuller it is with files that no message has named, the more work is asked for, and for large ones first.
    """

    def admit() -> None:
        require_work_for_file(visit, ticket, declared_length(request))
        spend_at_once(visit, ticket)

    try:
        await run_in_threadpool(admit)
    except WorkNeeded:
        await pass_over(request)
        raise
    return await take_file(visit, request, lambda _session, _case_id: None)


@router.post("/file/open")
def box_file_open(visit: PlainVisit, octets: LookUpBytes, _turn: BoxTurn, session: Read) -> Response:
    """Hand out a sealed file of the thread that a locator opens."""

    def look_up() -> Response:
        try:
            asked = read_file_look_up(octets)
        except CannotOpen:  # for nonsense one that never was is looked for: the same answer, no sooner
            asked = FileLookUp(ids.random_bytes(BLOB_BYTES), locator=ids.random_bytes(LOCATOR_BYTES))
        case = _case_of(session, asked.locator)
        return hand_out(session, visit, case.case_id, asked.blob)

    return attempt(look_up, found=lambda handed: handed)


@router.post("/readers")
def box_readers(visit: PlainVisit, ticket: Admitted, octets: ChangeBytes) -> Response:
    """Take the reporter's change of readers."""

    def change() -> None:
        wanted = read_change(octets)
        pay(visit, ticket, lambda session: make(session, wanted))

    def make(session: Session, wanted: ChangeOfReaders) -> None:
        make_change(session, _case_of(session, wanted.locator), wanted, maker=None, today=visit.today)

    return attempt(change, found=lambda _nothing: answer(201))


@router.post("/cards")
def box_cards(visit: PlainVisit, octets: QuestionBytes, session: Read) -> Response:
    """Everybody who could read a concern about one thing: their keys, and what to call them."""

    def look_up() -> dict[str, Any]:
        about = _read_about(session, octets)
        channel = find_channel(session, about, today=visit.today)
        if not channel.is_open:
            raise NotFound
        return _cards(about, channel)

    return attempt(look_up, found=lambda content: answer(200, content))


def _case_of(session: Session, locator: bytes | None) -> SealedCase:
    case = find_by_locator(session, locator_hash(locator or b""))
    if case is None:
        raise NotFound
    return case


def _read_about(session: Session, octets: bytes) -> About:
    """What a concern would be about, as its opening names it; NotFound for nonsense and for what is not offered."""
    try:
        found = from_json(octets, keys=frozenset({"about", "v"}))
        whole(found["v"], 1, 1)
        about = members(found["about"], frozenset({"body", "kind", "subject"}))
        kind, subject = one_of(about["kind"], frozenset({"system", "matter"})), opaque_id(about["subject"])
        body = get_body(session, opaque_id(about["body"]))
    except CannotOpen:
        raise NotFound from None
    return get_about(session, body.slug, f"{kind}:{subject}")


def _cards(about: About, channel: Channel) -> dict[str, Any]:
    """What stands in the page's own readers JSON, and besides what its lines say, in both languages."""
    content = readers_content(about, channel)
    subject = about.name or _matter(about)
    people = {to_b64u(reader.key_id): reader for reader in channel.readers}
    return {
        "v": 1,
        "about": content["about"],
        "body": {"cy": about.body.name_cy, "en": about.body.name_en},
        "subject": {"cy": subject.cy, "en": subject.en},
        "readers": [one | _line(people[one["key"]]) for one in content["readers"]],
        "branches": [
            {"group": branch.group, "union": branch.union, "cy": branch.name.cy, "en": branch.name.en}
            for branch in channel.branches
            if branch.readers
        ],
    }


def _matter(about: About) -> Bilingual:
    name = MATTER_NAMES[Matter(about.subject)]
    return Bilingual(*(Catalogue.for_locale(locale).say(name) for locale in (Locale.CY, Locale.EN)))


def _line(reader: Reader) -> dict[str, Any]:
    return {
        "group": reader.group,
        "lane": Lane.UNION.value if reader.group.startswith(UNION) else Lane.JOINT.value,
        "name": reader.name,
        "post": {"cy": reader.post.cy, "en": reader.post.en},
        "deputy": reader.is_deputy,
        "confirmed": reader.is_confirmed,
        "apart": sorted(reader.apart),
    }
