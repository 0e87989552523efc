"""The files of a form without script: cleaned and sealed while they arrive, on the shelf as ciphertext, never in clear.

The form's own id and its text come first, so the thread's key is known before the first byte of a file. A form whose
text has a problem has its files read to their end and thrown away, so that the page can say what is wrong.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

import anyio.from_thread
import anyio.to_thread
from anyio import CapacityLimiter
from fastapi import Request

from anonymity.age import sealed_size
from anonymity.attachment import MOST_FILES, Attachment
from anonymity.cleaning.cleaner import clean
from anonymity.cleaning.outcome import CannotClean, Found, Kind, Remains
from anonymity.keys import Recipient
from anonymity.plaintext import Plaintext
from anonymity.sealedfile import FileSealer, WrongSize, class_of, draw_blob, seal_file
from anonymity.text import NAME_LIMIT, cost, tidy_name
from portal.concerns.reporting import filewords
from portal.concerns.reporting.multipart import Part, boundary_of, read_parts
from portal.core.errors import BadRequest, TooLarge, TooMany
from portal.core.text import Message, pmsg
from portal.mailbox.shelf import Shelf
from portal.web.anonymous import Visit
from portal.web.fields import MOST_BYTES, MOST_FIELDS, FieldBag, declared_length, read_fields

MOST_BODY_BYTES = 256 * 1024 * 1024
SMALL_BODY = 2 * MOST_BYTES
AT_ONCE = 12
SLOWEST_BYTES_A_SECOND = 8 * 1024
PATIENCE_SECONDS = 60
TRY_AGAIN_SECONDS = 60
STEMS: dict[Kind, str] = {
    Kind.JPEG: "photo",
    Kind.PNG: "picture",
    Kind.WEBP: "picture",
    Kind.PDF: "document",
    Kind.DOCX: "document",
    Kind.ODT: "document",
    Kind.XLSX: "table",
    Kind.TXT: "text",
    Kind.MP3: "recording",
    Kind.M4A: "recording",
    Kind.MP4: "film",
}


@dataclass(frozen=True, slots=True)
class Target:
    """The thread that files are for: its case id, and what they are sealed to."""

    case: bytes
    recipient: Recipient
    tells_names: bool


Choose = Callable[[FieldBag], Target | None]
"""Given the fields before the first file: where the files go, or None when there is nothing to send them with."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One file on the shelf, what its item has to say of it, and what cleaning did."""

    attachment: Attachment
    place: str
    found: tuple[Found, ...]
    remains: tuple[Remains, ...]

    @property
    def sealed_bytes(self) -> int:
        return sealed_size(class_of(self.attachment.size))


@dataclass(slots=True)
class Attached:
    """A form read to its end. ``problem`` says why a file was refused; then none is kept."""

    fields: FieldBag
    files: tuple[Taken, ...] = ()
    problem: Message | None = None
    had_files: bool = False


@dataclass(slots=True)
class _Desk:
    """Where the parts of one form go."""

    shelf: Shelf
    visit: Visit
    choose: Choose
    pairs: list[tuple[str, str]] = field(default_factory=list, repr=False)
    typed: int = 0
    files: list[Taken] = field(default_factory=list)
    target: Target | None = None
    problem: Message | None = None
    count: int = 0

    def take(self, part: Part) -> None:
        if part.file_name is None:
            self._field(part)
            return
        first = next(part.data, b"")
        if not part.file_name and not first:
            return  # no file was chosen
        if self.count == 0:
            self.target = self.choose(FieldBag(self.pairs))
        self.count += 1
        if self.target is not None and self.problem is None:
            self._file(part, first, self.target)

    def _field(self, part: Part) -> None:
        value = bytearray()
        for piece in part.data:
            self.typed += len(piece)
            if self.typed > MOST_BYTES:
                raise TooLarge
            value += piece
        if len(self.pairs) >= MOST_FIELDS:
            raise BadRequest
        self.pairs.append((part.name, value.decode("utf-8", "replace")))

    def _file(self, part: Part, first: bytes, target: Target) -> None:
        try:
            if self.count > MOST_FILES:
                self.problem = filewords.refused("too_many")
            else:
                self.files.append(self._sealed(_first_then(first, part.data), part.file_name or "", target))
        except CannotClean as refusal:
            self.problem = self._told(filewords.refused(refusal.reason.value))
        except WrongSize:
            self.problem = self._told(filewords.refused("empty"))

    def _sealed(self, chunks: Iterator[bytes], name: str, target: Target) -> Taken:
        cleaned, sealer, arriving = clean(chunks), FileSealer(target.recipient), self.shelf.begin()
        try:
            for piece in seal_file(cleaned.chunks, sealer):
                arriving.add(piece)
            place = arriving.end(today=self.visit.today)
        except BaseException:
            arriving.drop()
            raise
        kind = cleaned.kind
        attachment = Attachment(
            blob=draw_blob(),
            size=sealer.measured.size,
            hash=sealer.measured.hash,
            name=self._neutral(kind),
            original=own_name(name) if target.tells_names else None,
            type=kind.media_type,
        )
        return Taken(attachment, place, tuple(sorted(cleaned.found)), tuple(sorted(cleaned.remains)))

    def _neutral(self, kind: Kind) -> str:
        """photo-1.jpg: the files of one stem are counted together."""
        stem = STEMS[kind]
        return f"{stem}-{sum(one.attachment.name.startswith(f'{stem}-') for one in self.files) + 1}.{kind.ending}"

    def _told(self, reason: Message) -> Message:
        return pmsg("error", "File number {n}: {reason}", n=self.count, reason=reason)

    def drop(self) -> None:
        """Throw away what lies on the shelf already."""
        drop_files(self.visit, self.files)
        self.files.clear()

    def attached(self) -> Attached:
        if self.problem is not None:
            self.drop()
        return Attached(FieldBag(self.pairs), tuple(self.files), self.problem, self.count > 0)


def drop_files(visit: Visit, files: Sequence[Taken]) -> None:
    """Files that are not sent after all do not stay on the shelf."""
    for one in files:
        Shelf(visit.settings.sealed_folder).drop(one.place, today=visit.today)


async def take_form(visit: Visit, request: Request, choose: Choose) -> Attached:
    """Read a form, with or without files. BadRequest for one that is not ours, TooLarge far beyond the limit.

    A form that is small is read in memory. A larger one has a thread of its own to be cleaned and sealed in, of which
    there are so many and no more, and that waits for the network without keeping anybody else from theirs.
    """
    boundary = boundary_of(request.headers.get("content-type", ""))
    if boundary is None:
        return Attached(await read_fields(request))
    if declared_length(request) > MOST_BODY_BYTES:
        raise TooLarge
    desk = _Desk(Shelf(visit.settings.sealed_folder), visit, choose)
    flow = _Flow(request)
    try:
        await anyio.to_thread.run_sync(_run, flow, boundary, desk, limiter=_slots(request, await flow.is_small()))
    except BaseException:
        desk.drop()
        raise
    attached = desk.attached()
    request.state.fields = attached.fields
    return attached


def _run(flow: "_Flow", boundary: bytes, desk: _Desk) -> None:
    for part in read_parts(flow.pieces(), boundary):
        desk.take(part)


class _Flow:
    """The request's body: its beginning is read at once, the rest is asked for from the thread that needs it."""

    def __init__(self, request: Request) -> None:
        self._stream = request.stream()
        self._begun: list[bytes] = []
        self._came = 0
        self._started = time.monotonic()
        self._is_over = False

    async def is_small(self) -> bool:
        """Whether all of it is here already."""
        while self._came <= SMALL_BODY and not self._is_over:
            self._begun.append(await self._next())
        return self._is_over

    def pieces(self) -> Iterator[bytes]:
        """All of it, in order."""
        while self._begun:
            yield self._begun.pop(0)
        while not self._is_over:
            yield anyio.from_thread.run(self._next)

    async def _next(self) -> bytes:
        left = PATIENCE_SECONDS + self._came / SLOWEST_BYTES_A_SECOND - (time.monotonic() - self._started)
        with anyio.move_on_after(max(left, 0)) as patience:
            piece = await anext(self._stream, b"")
        if patience.cancelled_caught:
            raise TooMany(TRY_AGAIN_SECONDS)
        self._is_over = not piece
        self._came += len(piece)
        if self._came > MOST_BODY_BYTES:
            raise TooLarge
        return piece


def _slots(request: Request, is_small: bool) -> CapacityLimiter | None:
    """The default threads for what is here already, the own ones for what still arrives."""
    if is_small:
        return None
    state = request.app.state
    if not hasattr(state, "uploads"):
        state.uploads = CapacityLimiter(AT_ONCE)
    found: CapacityLimiter = state.uploads
    return found


def own_name(name: str) -> Plaintext | None:
    """What a file was called where it came from, as it may be told: its last part, shortened from the front."""
    told = tidy_name(unquote(name).replace("\\", "/").rpartition("/")[2])
    while cost(told) > NAME_LIMIT:
        told = tidy_name(told[1:])
    return Plaintext(told) if told else None


def _first_then(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
