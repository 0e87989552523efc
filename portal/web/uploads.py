"""Files of a form, sealed while they stream in. Nothing of them is ever on the disk in clear (traps.md).

The form's token comes first and is checked before the first byte of a file is looked at; so is whatever else a page
wants to know before it takes one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from fastapi import Request
from python_multipart.multipart import parse_options_header
from starlette.concurrency import run_in_threadpool

from portal.core.blobs import BlobStore
from portal.core.errors import BadRequest, TooLarge
from portal.core.text import Message, Words, pmsg
from portal.web import csrf
from portal.web.arriving import BY_ENDING, NO_FILE, Endings, File, Limits, Load
from portal.web.dependencies import SignedIn, Visit
from portal.web.fields import MOST_BYTES, MOST_FIELDS, FieldBag, declared_length
from portal.web.parsing import parsing

LONGEST_HEADER, MOST_PARTS = 4096, 2000
Check = Callable[[FieldBag], None]
"""Raises for a form that is not ours: asked before the first byte of a file, and at the end in any case."""
TOO_MANY_FILES = pmsg("error", "More files came than can be taken at once. Send this one again with the next ones")


@dataclass(slots=True)
class Upload:
    """A form with one file, read to its end. ``problem`` says why there is no file; then nothing was kept."""

    fields: FieldBag
    blob_id: str | None = None
    file_name: Words | None = None
    media_type: str = ""
    size: int = 0
    problem: Message | None = None


@dataclass(slots=True)
class Arrived:
    """One file of many. ``id`` is that of the row it is bound to; without ``blob_id``, ``problem`` says why."""

    id: str
    file_name: Words
    blob_id: str | None = None
    size: int = 0
    sha256: bytes = b""
    problem: Message | None = None
    media_type: str = ""


@dataclass(slots=True)
class Uploads:
    """A form with many files, read to its end. The good ones are kept even where others are not."""

    fields: FieldBag
    files: list[Arrived]


@dataclass(slots=True)
class _Part:
    """The part that is being read."""

    headers: dict[bytes, bytes] = field(default_factory=dict)
    header_name: bytearray = field(default_factory=bytearray)
    header_value: bytearray = field(default_factory=bytearray)
    name: str = ""
    text: bytearray = field(default_factory=bytearray)
    file: File | None = None


class _Reader:
    """The parser's callbacks. The token is checked when the first file begins, and at the end in any case."""

    def __init__(self, blobs: BlobStore, check: Check, contexts: Callable[[], str], limits: Limits) -> None:
        self._blobs, self._check, self._contexts, self._limits = blobs, check, contexts, limits
        self._load = Load(limits.room)
        self._part = _Part()
        self._pairs: list[tuple[str, str]] = []
        self._typed = 0
        self.files: list[File] = []
        self.is_checked = self.is_whole = False

    def on_part_begin(self) -> None:
        self._part = _Part()

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._part.header_name += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._part.header_value += data[start:end]
        if len(self._part.header_value) > LONGEST_HEADER:
            raise BadRequest

    def on_header_end(self) -> None:
        part = self._part
        part.headers[bytes(part.header_name).lower()] = bytes(part.header_value)
        part.header_name.clear()
        part.header_value.clear()

    def on_headers_finished(self) -> None:
        _kind, options = parse_options_header(self._part.headers.get(b"content-disposition", b""))
        self._part.name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" not in options:
            return
        if len(self.files) >= (1 if self._limits.most_files == 1 else MOST_PARTS):
            raise BadRequest
        self.check_token()
        name = options[b"filename"].decode("utf-8", "replace")
        file = self._part.file = File(name, self._blobs, self._contexts(), self._limits, self._load)
        self.files.append(file)
        if len(self.files) > self._limits.most_files:
            file.refuse(TOO_MANY_FILES)

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._part.file is not None:
            self._part.file.add(data[start:end])
            return
        self._typed += end - start
        if self._typed > MOST_BYTES:
            raise TooLarge
        self._part.text += data[start:end]

    def on_part_end(self) -> None:
        if self._part.file is None:
            if len(self._pairs) >= MOST_FIELDS:
                raise BadRequest
            self._pairs.append((self._part.name, bytes(self._part.text).decode("utf-8", "replace")))

    def on_end(self) -> None:
        self.is_whole = True

    def check_token(self) -> None:
        """May raise, and may ask the database: outside the loop that serves everybody."""
        self._check(self.fields())
        self.is_checked = True

    def fields(self) -> FieldBag:
        return FieldBag(self._pairs)


async def read_upload(request: Request, visit: SignedIn, *, context: str, endings: Endings = BY_ENDING) -> Upload:
    """Read a form with one file. BadRequest for a form that is not ours, TooLarge far beyond the limit."""
    return await _read_one(request, visit, _token_of(visit), context, endings)


async def read_upload_without_account(request: Request, visit: Visit, *, context: str, check: Check) -> Upload:
    """The same from somebody who is not signed in; ``check`` raises for fields that do not allow a file."""
    return await _read_one(request, visit, check, context, BY_ENDING)


async def _read_one(request: Request, visit: Visit, check: Check, context: str, endings: Endings) -> Upload:
    reader, ended = await _read(request, visit.blobs, check, lambda: context, Limits(endings))
    file = reader.files[0] if reader.files else None
    blob_id = ended[0] if ended else None
    if file is None or blob_id is None:
        return Upload(reader.fields(), problem=file.problem if file else NO_FILE)
    return Upload(reader.fields(), blob_id, Words(file.name), file.media_type, file.size)


async def read_uploads(
    request: Request, visit: SignedIn, *, context: Callable[[str], str], limits: Limits, new_id: Callable[[], str]
) -> Uploads:
    """Read a form with many files. Each is bound to a new id; an input that was left empty brings none."""
    drawn: list[str] = []

    def contexts() -> str:
        drawn.append(new_id())
        return context(drawn[-1])

    reader, ended = await _read(request, visit.blobs, _token_of(visit), contexts, limits)
    arrived = [
        Arrived(own, Words(file.name), blob_id, file.size, file.digest.digest(), file.problem, file.media_type)
        for own, file, blob_id in zip(drawn, reader.files, ended, strict=True)
        if file.name or file.size
    ]
    return Uploads(reader.fields(), arrived)


def _token_of(visit: SignedIn) -> Check:
    return lambda fields: csrf.demand(fields.one("csrf"), visit.signed.csrf_secret)


async def _read(
    request: Request, blobs: BlobStore, check: Check, contexts: Callable[[], str], limits: Limits
) -> tuple[_Reader, list[str | None]]:
    """The form to its end, and the blob of each file; nothing is kept of a form that breaks off."""
    if declared_length(request) > limits.most_body_bytes:
        raise TooLarge
    reader = _Reader(blobs, check, contexts, limits)
    ended: list[str | None] = []
    try:
        await _feed(request, reader, limits.most_body_bytes)
        await run_in_threadpool(reader.check_token)
        for file in reader.files:
            ended.append(await run_in_threadpool(file.end))
    except BaseException:
        for file in reader.files[len(ended) :]:
            file.drop()
        for blob_id in filter(None, ended):
            blobs.delete(blob_id)
        raise
    return reader, ended


async def _feed(request: Request, reader: _Reader, most: int) -> None:
    _kind, options = parse_options_header(request.headers.get("content-type", ""))
    if not options.get(b"boundary"):
        raise BadRequest
    parse = parsing(options[b"boundary"], reader)
    read = 0
    async for piece in request.stream():
        read += len(piece)
        if read > most:
            raise TooLarge
        if reader.is_checked:
            parse(piece)
        else:
            await run_in_threadpool(parse, piece)
    if not reader.is_whole:
        raise BadRequest
