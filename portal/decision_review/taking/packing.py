"""A ZIP that is handed out while it is made: files are opened piece by piece, and nothing stands whole in memory."""

import zipfile
from collections.abc import Iterator
from datetime import datetime

from portal.core.blobs import BlobStore
from portal.decision_review.taking.contents import TakenFile

FOLDER = "files"


class Waiting:
    """Where the ZIP is written: what waits to be handed on."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes, /) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """What is written is handed on at once."""

    def take(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken


def pieces(page: str, page_name: str, files: tuple[TakenFile, ...], blobs: BlobStore, now: datetime) -> Iterator[bytes]:
    """The ZIP, piece by piece: the page first, then the files as they came."""
    waiting = Waiting()
    day = (now.year, now.month, now.day, 0, 0, 0)
    with zipfile.ZipFile(waiting, "w") as made:  # type: ignore[call-overload]
        made.writestr(zipfile.ZipInfo(page_name, day), page.encode(), zipfile.ZIP_DEFLATED)
        yield waiting.take()
        for one in files:
            with made.open(zipfile.ZipInfo(f"{FOLDER}/{one.name}", day), "w") as entry:
                for piece in blobs.read(one.blob_id, context=one.context):
                    entry.write(piece)
                    yield waiting.take()
    yield waiting.take()
