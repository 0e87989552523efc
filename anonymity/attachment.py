"""What an item says of a file that goes with it (FORMAT.md section 7). The file itself is `sealedfile`'s."""

import re
from dataclasses import dataclass, field

from anonymity.encoding import from_b64u, members, one_of, to_b64u, to_json, whole
from anonymity.errors import CannotOpen
from anonymity.plaintext import Plaintext
from anonymity.text import NAME_LIMIT, cost, is_tidy

BLOB_BYTES, FILE_HASH_BYTES, MOST_FILES, LARGEST_FILE = 16, 32, 20, 67_108_864
_KEYS = frozenset({"blob", "bytes", "hash", "name", "original", "type"})
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}\.[a-z0-9]{2,4}", re.ASCII)
ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.oasis.opendocument.text": "odt",
    "text/plain": "txt",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "video/mp4": "mp4",
}
FILE_TYPES = frozenset(ENDINGS)


@dataclass(frozen=True, eq=False)
class Attachment:
    """A file as its item names it.

    `blob` (16 random bytes) is where the server keeps it; `size` the true length of the content; `hash` the SHA-256 of
    the whole age file; `name` the neutral name to save it under (`photo-1.jpg`); `original` what it was called before,
    if the author tells; `type` what the author took it for. How it is shown is decided by its own first bytes.
    """

    blob: bytes
    size: int = field(repr=False)
    hash: bytes = field(repr=False)
    name: str = field(repr=False)
    original: Plaintext | None
    type: str = field(repr=False)

    def to_value(self) -> dict[str, object]:
        """The file as the item's JSON has it."""
        return {
            "blob": to_b64u(self.blob),
            "bytes": self.size,
            "hash": to_b64u(self.hash),
            "name": self.name,
            "original": self.original.reveal() if self.original is not None else None,
            "type": self.type,
        }

    @property
    def saved_name(self) -> str:
        """What it is saved under: no author gets a programme onto somebody's device under an ending of their choice."""
        return f"{self.name.partition('.')[0]}.{ENDINGS[self.type]}"

    @property
    def cost(self) -> int:
        """What it takes of the 12,000 that the body and all files of an item share."""
        return len(to_json(self.to_value())) + 1


def read_attachment(value: object) -> Attachment:
    """A file from the item's JSON. Raises CannotOpen."""
    found = members(value, _KEYS)
    if type(found["name"]) is not str or not _NAME.fullmatch(found["name"]):
        raise CannotOpen
    return Attachment(
        blob=from_b64u(found["blob"], BLOB_BYTES),
        size=whole(found["bytes"], 1, LARGEST_FILE),
        hash=from_b64u(found["hash"], FILE_HASH_BYTES),
        name=found["name"],
        original=None if found["original"] is None else _original(found["original"]),
        type=one_of(found["type"], FILE_TYPES),
    )


def _original(value: object) -> Plaintext:
    if type(value) is not str or "\n" in value or not is_tidy(value) or not 1 <= cost(value) <= NAME_LIMIT:
        raise CannotOpen
    return Plaintext(value)
