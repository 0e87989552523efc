"""One file of a form on its way in: sealed while it streams, and thrown away as soon as it is known to be none of ours.

What a file is, its content says; its name must agree, unless files of every sort are taken.
"""

import codecs
import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from portal.core.blobs import BlobStore, Incoming
from portal.core.text import Message, pmsg

MEGABYTE = 1024 * 1024
MOST_FILE_BYTES = 20 * MEGABYTE
MOST_BODY_BYTES = 5 * MOST_FILE_BYTES
"""A file over its limit is read to its end and thrown away, so that the page can say so; beyond this it is not."""
HEAD_BYTES, LONGEST_NAME = 1024, 150

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
FILE_TOO_LARGE = pmsg("error", "The file is too large. The limit is {max} MB", max=MOST_FILE_BYTES // MEGABYTE)


@dataclass(frozen=True, slots=True)
class Room:
    """What there is still room for where the files go, and what is said of a file that goes beyond it."""

    files: int
    octets: int
    no_more_files: Message
    no_more_octets: Message


@dataclass(frozen=True, slots=True)
class Limits:
    """What a form may bring. ``endings`` None takes files of every sort; then the media type says nothing."""

    endings: Endings | None
    most_files: int = 1
    most_file_bytes: int = MOST_FILE_BYTES
    most_body_bytes: int = MOST_BODY_BYTES
    room: Room | None = None

    @property
    def too_large(self) -> Message:
        return pmsg("error", "The file is too large. The limit is {max} MB", max=self.most_file_bytes // MEGABYTE)


class Load:
    """What the files of one form bring together, of those that are still good."""

    def __init__(self, room: Room | None) -> None:
        self._room = room
        self._files = self._octets = 0

    def take(self, octets: int, *, is_new: bool) -> Message | None:
        """So much more, of a new file or of the one before; or why there is no room for it."""
        self._files, self._octets = self._files + is_new, self._octets + octets
        if self._room is not None and self._files > self._room.files:
            return self._room.no_more_files
        if self._room is not None and self._octets > self._room.octets:
            return self._room.no_more_octets
        return None

    def give_back(self, octets: int) -> None:
        """A file was refused: its room is free again."""
        self._files, self._octets = self._files - 1, self._octets - octets


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


class File:
    """The file part: its first bytes wait until they show what it is, then everything goes into the seal."""

    def __init__(self, name: str, blobs: BlobStore, context: str, limits: Limits, load: Load) -> None:
        self.name = clean_name(name)
        ending = self.name.rpartition(".")[2].lower() if "." in self.name else ""
        self._limits = limits
        self._family, self.media_type = (limits.endings or {}).get(ending, ("", ""))
        self._blobs, self._context, self._load = blobs, context, load
        self._taken = 0
        self._incoming: Incoming | None = None
        self._head = bytearray()
        self._text = codecs.getincrementaldecoder("utf-8")() if self._family == TEXT else None
        self.size = 0
        self.digest = hashlib.sha256()
        self.problem: Message | None = None if self._family or limits.endings is None else WRONG_TYPE

    def add(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > self._limits.most_file_bytes:
            self.refuse(self._limits.too_large)
        if self.problem is None:
            self._take(len(piece))
        if self.problem is not None:
            return
        if self._incoming is None:
            self._head += piece
            if len(self._head) >= HEAD_BYTES:
                self._begin()
        else:
            self._put(piece)

    def _take(self, octets: int) -> None:
        is_new, self._taken = self._taken == 0, self._taken + octets
        problem = self._load.take(octets, is_new=is_new)
        if problem is not None:
            self.refuse(problem)

    def _begin(self) -> None:
        head = bytes(self._head)
        if self._limits.endings is not None and family_of(head[:HEAD_BYTES]) != self._family:
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
            self.digest.update(piece)
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
        if self._taken:
            self._load.give_back(self._taken)
            self._taken = 0
        self.drop()

    def drop(self) -> None:
        if self._incoming is not None:
            self._incoming.drop()
            self._incoming = None
        self._head.clear()
