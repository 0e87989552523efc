"""One file of a form, sealed while it streams in. Nothing of it is ever on the disk in clear (traps.md).

The form's token comes first and is checked before the first byte of the file is looked at. What a file is, its content
says; its name must agree.
"""

import codecs
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import Request
from python_multipart.multipart import parse_options_header
from starlette.concurrency import run_in_threadpool

from portal.core.blobs import BlobStore, Incoming
from portal.core.errors import BadRequest, TooLarge
from portal.core.text import Message, Words, pmsg
from portal.web import csrf
from portal.web.dependencies import SignedIn
from portal.web.fields import MOST_BYTES, MOST_FIELDS, FieldBag, declared_length
from portal.web.parsing import parsing

MOST_FILE_BYTES = 20 * 1024 * 1024
MOST_BODY_BYTES = 5 * MOST_FILE_BYTES
"""A file over its limit is read to its end and thrown away, so that the page can say so; beyond this it is not."""
HEAD_BYTES = 1024
LONGEST_NAME = 150
LONGEST_HEADER = 4096

PDF, PNG, JPEG, ZIP, TEXT = "application/pdf", "image/png", "image/jpeg", "application/zip", "text"
Endings = Mapping[str, tuple[str, str]]
BY_ENDING: Endings = {
    "pdf": (PDF, PDF),
    "png": (PNG, PNG),
    "jpg": (JPEG, JPEG),
    "jpeg": (JPEG, JPEG),
    "zip": (ZIP, ZIP),
    "docx": (ZIP, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": (ZIP, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (TEXT, "text/csv; charset=utf-8"),
    "txt": (TEXT, "text/plain; charset=utf-8"),
}
"""What a name's ending promises: the family that the content must show, and the media type it is given out as."""
JSON_ENDING: Endings = {"json": (TEXT, "application/json; charset=utf-8")}
ACCEPT = ",".join(f".{ending}" for ending in BY_ENDING)

NO_FILE = pmsg("error", "Choose a file")
EMPTY_FILE = pmsg("error", "The file is empty. Choose another")
WRONG_TYPE = pmsg(
    "error", "This type of file is not accepted. Choose a PDF, DOCX, XLSX, CSV, TXT, ZIP, PNG or JPEG file"
)
FILE_TOO_LARGE = pmsg("error", "The file is too large. The limit is {max} MB", max=MOST_FILE_BYTES // (1024 * 1024))


@dataclass(slots=True)
class Upload:
    """A form with one file, read to its end. ``problem`` says why there is no file; then nothing was kept."""

    fields: FieldBag
    blob_id: str | None = None
    file_name: Words | None = None
    media_type: str = ""
    size: int = 0
    problem: Message | None = None


def family_of(head: bytes) -> str | None:
    """What the first bytes of a file show it to be; None for what we do not take."""
    if b"%PDF-" in head:
        return PDF
    for signature, family in ((b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG), (b"PK\x03\x04", ZIP)):
        if head.startswith(signature):
            return family
    return TEXT if b"\x00" not in head else None


def clean_name(name: str) -> str:
    """The last part of a file's name, without control or formatting characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(sign for sign in unicodedata.normalize("NFC", last) if unicodedata.category(sign)[0] != "C")
    return kept.strip()[-LONGEST_NAME:]


class _File:
    """The file part: its first bytes wait until they show what it is, then everything goes into the seal."""

    def __init__(self, name: str, blobs: BlobStore, context: str, endings: Endings) -> None:
        self.name = clean_name(name)
        ending = self.name.rpartition(".")[2].lower() if "." in self.name else ""
        self._family, self.media_type = endings.get(ending, ("", ""))
        self._blobs, self._context = blobs, context
        self._incoming: Incoming | None = None
        self._head = bytearray()
        self._text = codecs.getincrementaldecoder("utf-8")() if self._family == TEXT else None
        self.size = 0
        self.problem: Message | None = None if self._family else WRONG_TYPE

    def add(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > MOST_FILE_BYTES:
            self.refuse(FILE_TOO_LARGE)
        if self.problem is not None:
            return
        if self._incoming is None:
            self._head += piece
            if len(self._head) >= HEAD_BYTES:
                self._begin()
        else:
            self._put(piece)

    def _begin(self) -> None:
        head = bytes(self._head)
        if family_of(head[:HEAD_BYTES]) != self._family:
            self.refuse(WRONG_TYPE)
            return
        self._incoming = self._blobs.begin(context=self._context)
        self._put(head)
        self._head.clear()

    def _put(self, piece: bytes, *, last: bool = False) -> None:
        """Text must be UTF-8 to its end and hold no zero byte."""
        try:
            if self._text is not None and "\x00" in self._text.decode(piece, final=last):
                self.refuse(WRONG_TYPE)
        except UnicodeDecodeError:
            self.refuse(WRONG_TYPE)
        if self._incoming is not None:
            self._incoming.add(piece)

    def end(self) -> str | None:
        """The blob's id, or None with a problem."""
        if self.size == 0 and not self.name:
            self.problem = NO_FILE
        if self.size == 0:
            self.problem = self.problem or EMPTY_FILE
        if self.problem is None and self._incoming is None:
            self._begin()
        if self.problem is None:
            self._put(b"", last=True)
        return self._incoming.end() if self._incoming is not None else None

    def refuse(self, problem: Message) -> None:
        self.problem = self.problem or problem
        self.drop()

    def drop(self) -> None:
        if self._incoming is not None:
            self._incoming.drop()
            self._incoming = None
        self._head.clear()


@dataclass(slots=True)
class _Part:
    """The part that is being read."""

    headers: dict[bytes, bytes] = field(default_factory=dict)
    header_name: bytearray = field(default_factory=bytearray)
    header_value: bytearray = field(default_factory=bytearray)
    name: str = ""
    text: bytearray = field(default_factory=bytearray)
    file: _File | None = None


class _Reader:
    """The parser's callbacks. The token is checked when the first file begins, and at the end in any case."""

    def __init__(self, visit: SignedIn, context: str, endings: Endings) -> None:
        self._visit, self._context, self._endings = visit, context, endings
        self._part = _Part()
        self._pairs: list[tuple[str, str]] = []
        self._typed = 0
        self.file: _File | None = None
        self.is_whole = False

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
        if self.file is not None:
            raise BadRequest
        self.check_token()
        self.file = self._part.file = _File(
            options[b"filename"].decode("utf-8", "replace"), self._visit.blobs, self._context, self._endings
        )

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
        if not csrf.matches(self.fields().one("csrf"), self._visit.signed.csrf_secret):
            raise BadRequest

    def fields(self) -> FieldBag:
        return FieldBag(self._pairs)


async def read_upload(request: Request, visit: SignedIn, *, context: str, endings: Endings = BY_ENDING) -> Upload:
    """Read a form with one file. BadRequest for a form that is not ours, TooLarge far beyond the limit."""
    if declared_length(request) > MOST_BODY_BYTES:
        raise TooLarge
    reader = _Reader(visit, context, endings)
    try:
        await _feed(request, reader)
        reader.check_token()
        blob_id = await run_in_threadpool(reader.file.end) if reader.file is not None else None
    except BaseException:
        if reader.file is not None:
            reader.file.drop()
        raise
    return _upload(reader, blob_id)


async def _feed(request: Request, reader: _Reader) -> None:
    _kind, options = parse_options_header(request.headers.get("content-type", ""))
    if not options.get(b"boundary"):
        raise BadRequest
    parse = parsing(options[b"boundary"], reader)
    read = 0
    async for piece in request.stream():
        read += len(piece)
        if read > MOST_BODY_BYTES:
            raise TooLarge
        parse(piece)
    if not reader.is_whole:
        raise BadRequest


def _upload(reader: _Reader, blob_id: str | None) -> Upload:
    file = reader.file
    if file is None or blob_id is None:
        return Upload(reader.fields(), problem=file.problem if file else NO_FILE)
    return Upload(reader.fields(), blob_id, Words(file.name), file.media_type, file.size)
