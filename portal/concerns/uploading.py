"""A sealed file on its way in: looked at piece by piece, written as it comes, never whole in memory, never in clear."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import Response, StreamingResponse

from anonymity.age import HEADER_BYTES, check_header
from anonymity.attachment import BLOB_BYTES
from anonymity.errors import CannotOpen
from anonymity.sealedfile import FRAME_BYTES, LONGEST_UPLOAD, SEALED_CLASSES
from portal.concerns.delivery import answer, attempt, later
from portal.core.db import Session
from portal.core.errors import NotFound, TooMany
from portal.mailbox.filing import TRY_AGAIN_SECONDS, IncomingFile, file_away, get_file, require_room
from portal.mailbox.models import SealedFile
from portal.mailbox.shelf import PIECE, Arriving, Shelf, pieces
from portal.settings.models import Settings
from portal.web.anonymous import Visit
from portal.web.fields import declared_length, refuse_form

HEAD_BYTES = FRAME_BYTES + HEADER_BYTES

Check = Callable[[Session, bytes], None]
"""May a file come for this case? Raises NotFound otherwise."""


class Arrivals:
    """How much of files that are still arriving lies on this process's shelf: it counts as it comes, not as announced.

    Files that have come whole are counted by the store. Without this one anybody could fill the disk with files that
    never end; were the announced size counted, anybody could keep all others out and send nothing.
    """

    def __init__(self) -> None:
        self._bytes = 0

    def add(self, count: int, *, most: int) -> None:
        """TooMany when it is more than may lie there."""
        if self._bytes + count > most:
            raise TooMany(TRY_AGAIN_SECONDS)
        self._bytes += count

    def take_away(self, count: int) -> None:
        """They are counted elsewhere now, or gone."""
        self._bytes -= count


def arrivals_of(request: Request) -> Arrivals:
    """The one count of this process."""
    state = request.app.state
    if not hasattr(state, "arrivals"):
        state.arrivals = Arrivals()
    found: Arrivals = state.arrivals
    return found


@dataclass(slots=True)
class Came:
    """How much of one file came so far."""

    arrivals: Arrivals
    most: int
    count: int = 0

    def add(self, count: int) -> None:
        self.arrivals.add(count, most=self.most)
        self.count += count

    def end(self) -> None:
        self.arrivals.take_away(self.count)


@dataclass(frozen=True, slots=True)
class Intake:
    """Where files go in one process, and how much may lie there unnamed."""

    visit: Visit
    check: Check

    @property
    def most_waiting(self) -> int:
        return self.visit.settings.most_waiting

    def begin(self, incoming: IncomingFile) -> Arriving:
        """Look whether the file may come, and take its place on the shelf."""
        with self.visit.database.reading() as session:
            self.check(session, incoming.case_id)
            require_room(session, incoming, most_waiting=self.most_waiting)
        return Shelf(self.visit.settings.sealed_folder).begin()

    def finish(self, incoming: IncomingFile, arriving: Arriving) -> None:
        """The file is whole on the disk first, then it is noted; without a note it does not stay."""
        today = self.visit.today
        place = arriving.end(today=today)
        try:
            with self.visit.database.writing() as session:
                file_away(session, incoming, place, most_waiting=self.most_waiting, today=today)
        except BaseException:
            Shelf(self.visit.settings.sealed_folder).drop(place, today=today)
            raise


async def take_file(visit: Visit, request: Request, check: Check) -> Response:
    """Take one frame: blob id, case id, and an age file of exactly one class; 201, or a bare status."""
    refuse_form(request)
    declared = declared_length(request)
    if declared > LONGEST_UPLOAD:
        return answer(413)
    stream = request.stream()
    try:
        try:
            given = await _take(Intake(visit, check), stream, declared - FRAME_BYTES)
        except TooMany as full:
            given = later(full)
        await _read_out(stream, declared)
    except (CannotOpen, ClientDisconnect):
        return answer(422)
    return given


async def pass_over(request: Request) -> None:
    """Read a file that is not taken, and keep nothing of it."""
    declared = declared_length(request)
    if declared <= LONGEST_UPLOAD:
        with suppress(ClientDisconnect):
            await _read_out(request.stream(), declared)


async def _read_out(stream: AsyncIterator[bytes], declared: int) -> None:
    """A browser that is still sending would not read the answer; what has no announced end is not read to it."""
    if declared:
        async for _rest in stream:
            pass


async def _take(intake: Intake, stream: AsyncIterator[bytes], size: int) -> Response:
    if size not in SEALED_CLASSES:
        return answer(422)
    head = await _head(stream)
    check_header(head[FRAME_BYTES:HEAD_BYTES])
    incoming = IncomingFile(head[:BLOB_BYTES], head[BLOB_BYTES:FRAME_BYTES], size)
    begun: list[Arriving] = []
    refusal = await run_in_threadpool(attempt, lambda: begun.append(intake.begin(incoming)), found=_taken)
    if not begun:
        return refusal
    arriving, came = begun[0], Came(arrivals_of(intake.visit.request), intake.most_waiting)
    try:
        if await _write(arriving, head[FRAME_BYTES:], stream, size, came) != size:
            return answer(422)
        return await run_in_threadpool(attempt, lambda: intake.finish(incoming, arriving), found=_taken)
    finally:
        arriving.drop()
        came.end()


def _taken(_nothing: None) -> Response:
    return answer(201)


def hand_out(session: Session, visit: Visit, case_id: bytes, blob_id: bytes) -> Response:
    """The age file itself; NotFound for one that no item of the thread has named."""
    found = get_file(session, case_id, blob_id)
    shelf = Shelf(visit.settings.sealed_folder)
    try:
        handle = shelf.open(found.place)
    except NotFound:
        handle = shelf.open(_moved(session, found))
    headers = {"content-length": str(found.size)}
    return StreamingResponse(pieces(handle), media_type="application/octet-stream", headers=headers)


def _moved(session: Session, found: SealedFile) -> str:
    """Where the file lies now: the sweep moves files, once."""
    session.rollback()
    session.refresh(found)
    return found.place


async def _head(stream: AsyncIterator[bytes]) -> bytes:
    """The first bytes, in which the ids and the age header stand, and what came with them."""
    head = bytearray()
    async for piece in stream:
        head += piece
        if len(head) >= HEAD_BYTES:
            return bytes(head)
    raise CannotOpen


async def _write(arriving: Arriving, first: bytes, stream: AsyncIterator[bytes], size: int, came: Came) -> int:
    """Write what comes, a quarter of a mebibyte at a time, in a thread; how much it was, or more than ``size``."""
    waiting = bytearray(first)
    came.add(len(first))
    async for piece in stream:
        waiting += piece
        came.add(len(piece))
        if came.count > size:
            return came.count
        if len(waiting) >= PIECE:
            await run_in_threadpool(arriving.add, bytes(waiting))
            waiting.clear()
    if came.count <= size:
        await run_in_threadpool(arriving.add, bytes(waiting))
    return came.count


def keep_sealed(
    session: Session, settings: Settings, ids: tuple[bytes, bytes], pieces_of_it: Iterable[bytes], *, today: date
) -> None:
    """Put a file away that was sealed in this process; ``ids`` are its blob and its case."""
    arriving, size = Shelf(settings.sealed_folder).begin(), 0
    for piece in pieces_of_it:
        arriving.add(piece)
        size += len(piece)
    place = arriving.end(today=today)
    incoming = IncomingFile(*ids, size)
    file_away(session, incoming, place, most_waiting=settings.most_waiting, today=today)
