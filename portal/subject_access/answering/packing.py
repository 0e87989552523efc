"""Building packs in the background: sealed files in, a sealed ZIP out, nothing whole in memory or in clear on disk.

A builder notes its name in the row before it writes, and writes the file under that name. It is alive while it holds
the lock of that name, whatever a clock says. Whoever finds one that is dead, or has not come any further for
``BUILDER_LEASE``, clears away what it left and begins anew; one that comes back finds that the row is no longer its
own, and stops. A pack is READY in the same transaction that names its finished file, or not at all.
"""

import hashlib
import logging
import zipfile
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from portal.cases.locking import hold
from portal.cases.models import Case
from portal.core.blobs import BlobStore, Incoming
from portal.core.clock import LONDON, london_day
from portal.core.db import NO_KEY, Database
from portal.core.errors import PortalError
from portal.documents.kinds import FileKind
from portal.settings.models import Settings
from portal.subject_access.answering.contents import Contents, PackFile, gather
from portal.subject_access.answering.models import Pack, SignOff
from portal.subject_access.answering.pages_of_pack import index_page, letter_page
from portal.subject_access.answering.rules import BUILDER_LEASE, PackState
from portal.subject_access.models import Disclosure
from portal.subject_access.queries import blob_context
from portal.subject_access.terms import terms_of

MOST_AT_ONCE = 50
LOG = logging.getLogger("porth")
INDEX = {"cy": "mynegai.html", "en": "index.html"}
LETTER = {"cy": "llythyr.html", "en": "letter.html"}
FILES = {"cy": "ffeiliau", "en": "files"}
SQUEEZED = frozenset({FileKind.TEXT, FileKind.TABLE})
"""Kinds that are worth compressing; the others are compressed already."""


class LostLease(PortalError):
    """Another builder has taken over."""


class Altered(PortalError):
    """A file is not what it was when it was decided on."""


@dataclass
class Sink:
    """Where the ZIP is written: counted, hashed and sealed as it comes."""

    incoming: Incoming
    size: int = 0
    hashed: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def write(self, piece: bytes, /) -> int:
        self.size += len(piece)
        self.hashed.update(piece)
        self.incoming.add(piece)
        return len(piece)

    def flush(self) -> None:
        """What is written is handed on at once."""

    def close(self) -> None:
        """The file is ended by who began it."""


@dataclass(frozen=True, slots=True)
class Job:
    """One pack in the hands of one builder."""

    pack_id: str
    holder: str


def build_waiting(database: Database, settings: Settings, now: datetime | None = None) -> int:
    """Build every pack that waits, or whose builder died; the number of those that were made."""
    blobs = BlobStore(settings.blob_folder, settings.vault)
    made, tried = 0, set[str]()
    while _is_wanted(database, tried):
        with blobs.living() as holder:
            job = _take(database, blobs, holder, now or settings.clock.now(), tried)
            if job is None:
                break
            tried.add(job.pack_id)
            made += build(database, settings, job)
    return made


def _is_wanted(database: Database, tried: Collection[str]) -> bool:
    with database.reading() as session:
        return session.scalar(_unfinished(tried).limit(1)) is not None


def _unfinished(tried: Collection[str]) -> Select[Pack]:
    """Packs to build that were not tried yet."""
    unfinished = Pack.state.in_((PackState.WAITING, PackState.BUILDING))
    return select(Pack).where(unfinished, Pack.id.not_in(tried)).order_by(Pack.id)


def build(database: Database, settings: Settings, job: Job) -> bool:
    """Build one pack. What goes wrong is told on the officer's page, by the state of the pack alone."""
    blobs = BlobStore(settings.blob_folder, settings.vault)
    try:
        with database.reading() as session:
            pack = session.get_one(Pack, job.pack_id)
            sign_off = session.get_one(SignOff, pack.sign_off_id)
            contents = gather(session, session.get_one(Case, pack.case_id), sign_off, settings.vault)
        _update(database, job, all_items=len(contents.files), held_until=settings.clock.now() + BUILDER_LEASE)
        sink = Sink(blobs.begin(context=blob_context(job.pack_id), blob_id=job.holder))
        try:
            write_zip(sink, contents, blobs, lambda done: _update(
                database, job, done_items=done, held_until=settings.clock.now() + BUILDER_LEASE
            ))  # fmt: skip
            sink.incoming.end()
        except BaseException:
            sink.incoming.drop()
            raise
        _finish(database, job, contents, sink, settings.clock.now())
    except (LostLease, FileNotFoundError):
        blobs.clear(job.holder)
        return False
    except Exception as failure:
        LOG.error("a pack could not be built: %s", type(failure).__name__)
        blobs.clear(job.holder)
        _fail(database, job)
        return False
    return True


def write_zip(sink: Sink, contents: Contents, blobs: BlobStore, tell: Callable[[int], None]) -> None:
    """The index, the letter and the files, one after another; ``tell`` hears how many files are in."""
    lang = contents.lang.value
    with zipfile.ZipFile(sink, "w") as archive:
        for name, page in ((INDEX[lang], index_page(contents)), (LETTER[lang], letter_page(contents))):
            archive.writestr(_entry(contents, name, squeezed=True), page.encode())
        for number, one in enumerate(contents.files, start=1):
            _add(archive, contents, one, blobs)
            tell(number)


def _add(archive: zipfile.ZipFile, contents: Contents, one: PackFile, blobs: BlobStore) -> None:
    entry = _entry(contents, f"{FILES[contents.lang.value]}/{one.name}", squeezed=one.kind in SQUEEZED)
    entry.file_size = one.size
    hashed = hashlib.sha256()
    with archive.open(entry, "w") as out:
        for piece in blobs.read(one.blob_id, context=one.context):
            hashed.update(piece)
            out.write(piece)
    if hashed.digest() != one.sha256:
        raise Altered


def _entry(contents: Contents, name: str, *, squeezed: bool) -> zipfile.ZipInfo:
    """The day in the ZIP is that of the proposal: a pack that is made again is the same."""
    local = contents.proposed_at.astimezone(LONDON)
    entry = zipfile.ZipInfo(name, (local.year, local.month, local.day, local.hour, local.minute, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED if squeezed else zipfile.ZIP_STORED
    entry.external_attr = 0o600 << 16
    return entry


def _take(database: Database, blobs: BlobStore, holder: str, now: datetime, tried: Collection[str]) -> Job | None:
    """The next pack that nobody builds, with the new name of its builder noted down."""
    with database.writing() as session:
        unfinished = _unfinished(tried).limit(MOST_AT_ONCE).with_for_update(skip_locked=True, key_share=True)
        free = (one for one in session.scalars(unfinished) if not _is_being_built(one, blobs, now))
        pack = next(free, None)
        if pack is None:
            return None
        if pack.holder is not None:
            blobs.clear(pack.holder)
        pack.state, pack.holder, pack.held_until = PackState.BUILDING, holder, now + BUILDER_LEASE
        pack.done_items = 0
        return Job(pack.id, holder)


def _is_being_built(pack: Pack, blobs: BlobStore, now: datetime) -> bool:
    """Somebody holds it, lives, and came further not long ago."""
    if pack.holder is None or pack.held_until is None:
        return False
    return blobs.is_alive(pack.holder) and pack.held_until > now


def _finish(database: Database, job: Job, contents: Contents, sink: Sink, now: datetime) -> None:
    with database.writing() as session:
        hold(session, session.get_one(Case, session.get_one(Pack, job.pack_id).case_id))
        pack = session.get_one(Pack, job.pack_id, with_for_update=NO_KEY, populate_existing=True)
        if pack.holder != job.holder:
            raise LostLease
        is_same = pack.fingerprint == contents.fingerprint
        if pack.is_again and not is_same:
            raise Altered
        pack.blob_id, pack.size, pack.sha256 = job.holder, sink.size, sink.hashed.digest()
        pack.fingerprint, pack.made_at = contents.fingerprint, now
        pack.state, pack.holder, pack.held_until = PackState.READY, None, None
        if pack.is_again:
            _put_back(session, pack, now)


def _put_back(session: Session, pack: Pack, now: datetime) -> None:
    """What was approved and released before, and is the same, can be collected again."""
    disclosure = session.get_one(Disclosure, pack.id)
    disclosure.blob_id, disclosure.size, disclosure.removed_at = pack.blob_id, pack.size, None
    body_id = session.get_one(Case, disclosure.case_id).body_id
    disclosure.remove_on, disclosure.reminded = london_day(now) + terms_of(session, body_id).files_kept, 0


def _update(database: Database, job: Job, **values: object) -> None:
    """Say that the builder lives, and how far it has come."""
    with database.writing() as session:
        changed = session.execute(
            update(Pack).where(Pack.id == job.pack_id, Pack.holder == job.holder).values(**values)
        )
        if not isinstance(changed, CursorResult) or changed.rowcount != 1:
            raise LostLease


def _fail(database: Database, job: Job) -> None:
    with database.writing() as session:
        failed = {"state": PackState.FAILED, "holder": None, "held_until": None}
        session.execute(update(Pack).where(Pack.id == job.pack_id, Pack.holder == job.holder).values(**failed))
