"""Files on their way in: each is looked at once in memory, for the whistleblower guard, before it becomes material."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from portal.core import ids
from portal.core.blobs import BlobStore
from portal.core.text import Message, pmsg
from portal.documents.apart import QUICK
from portal.documents.cuts import CannotCut
from portal.documents.kinds import kind_of
from portal.subject_access.material.queries import item_context
from portal.subject_access.material.redacting import media_type_of
from portal.subject_access.material.service import NewFile
from portal.subject_access.material.wording import why_not
from portal.web.arriving import HEAD_BYTES, MEGABYTE, NO_FILE, Limits, Room
from portal.web.dependencies import SignedIn
from portal.web.fields import FieldBag, read_fields
from portal.web.uploads import Arrived, Uploads, read_uploads

MOST_FILES = 100
MOST_TOGETHER = 1024 * MEGABYTE
LIMITS = Limits(endings=None, most_files=MOST_FILES, most_file_bytes=50 * MEGABYTE, most_body_bytes=MOST_TOGETHER)
MARKED = pmsg(
    "error",
    "This is an export of the sealed channel, or holds one. It must not go into an answer, so it was refused and"
    " nothing of it was kept",
)


@dataclass(frozen=True, slots=True)
class Received:
    """A form read to its end: the files that are good, and what is wrong with each of the others, by name."""

    fields: FieldBag
    files: Sequence[NewFile]
    wrong: Sequence[tuple[str, Message]]

    def throw_away(self, blobs: BlobStore) -> None:
        """Nothing of the form becomes material."""
        for file in self.files:
            blobs.delete(file.blob_id)


async def receive(request: Request, visit: SignedIn, room: Room) -> Received:
    """Read a form with files; what is refused is gone before anybody sees the answer. No more comes in than there is
    room for."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return Received(await read_fields(request), (), [("", NO_FILE)])
    uploads = await read_uploads(request, visit, context=_context, limits=replace(LIMITS, room=room), new_id=ids.new_id)
    request.state.fields = uploads.fields
    return await run_in_threadpool(_look, uploads, visit.blobs)


def _context(item_id: str) -> str:
    return item_context("blob_id", item_id)


def _look(uploads: Uploads, blobs: BlobStore) -> Received:
    good: list[NewFile] = []
    wrong: list[tuple[str, Message]] = [] if uploads.files else [("", NO_FILE)]
    try:
        for file in uploads.files:
            found = _checked(file, blobs)
            if isinstance(found, NewFile):
                good.append(found)
            else:
                wrong.append((file.file_name.reveal(), found))
    except BaseException:
        for file in uploads.files:
            if file.blob_id is not None:
                blobs.delete(file.blob_id)
        raise
    return Received(uploads.fields, good, wrong)


def _checked(file: Arrived, blobs: BlobStore) -> NewFile | Message:
    """The file, or why it is refused; then its bytes are gone."""
    if file.blob_id is None:
        return file.problem or NO_FILE
    name = file.file_name.reveal()
    data = b"".join(blobs.read(file.blob_id, context=_context(file.id)))
    try:
        problem = MARKED if QUICK.is_marked(name, data) else None
    except CannotCut as refusal:
        problem = why_not(refusal.reason)
    if problem is not None:
        blobs.delete(file.blob_id)
        return problem
    kind = kind_of(name, data[:HEAD_BYTES])
    return NewFile(file.id, file.blob_id, file.file_name, kind, media_type_of(kind, name), file.size, file.sha256)
