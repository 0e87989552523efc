"""Third parties go out of the records before the worker and the reviewer read them: of a text, of a file, or whole."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.rules import By
from portal.cases.turn import Desk, Turn, take_turn
from portal.core.blobs import BlobStore
from portal.core.errors import Refused
from portal.core.text import Words, pmsg
from portal.decision_review.evidence.models import EvidenceItem, EvidencePack
from portal.decision_review.evidence.queries import item_context, open_item
from portal.decision_review.evidence.rules import ItemKind
from portal.decision_review.evidence.service import NOT_FROZEN, OFFICERS, SHARED
from portal.documents.apart import APART
from portal.documents.cuts import CannotCut, WordsCut
from portal.documents.kinds import FileKind, kind_of

HEAD = 1024
CANNOT = pmsg("error", "These words could not be taken out of this file for certain. Withhold it, and say why")
HIDDEN = pmsg("error", "Something is hidden in this file, so it cannot be shared as it is. Withhold it, and say why")
NOT_FOUND = pmsg("error", "None of these words is in the file")


@dataclass(frozen=True, slots=True)
class CutFile:
    """A copy of a file of which it is proven that the words are gone."""

    data: bytes


def rewrite(session: Session, by: By, case: Case, item: EvidenceItem, words: Words, *, desk: Desk) -> None:
    """What the worker reads instead of a text in which somebody else is named."""
    turn = _hold(session, by, case, item, desk)
    item.shared = desk.vault.seal(words, context=item_context("shared", item.id))
    item.is_withheld, item.because = False, None
    session.flush()
    turn.record("record_cut")


def withhold(session: Session, by: By, case: Case, item: EvidenceItem, because: Words, *, desk: Desk) -> None:
    """It cannot be shared at all; the worker reads why."""
    turn = _hold(session, by, case, item, desk)
    item.is_withheld = True
    item.because = desk.vault.seal(because, context=item_context("because", item.id))
    session.flush()
    turn.record("record_withheld")


def show(session: Session, by: By, case: Case, item: EvidenceItem, *, desk: Desk) -> str | None:
    """Share it as it is after all. The id of a cut copy, which the caller deletes."""
    turn = _hold(session, by, case, item, desk)
    gone, item.shared_blob_id = item.shared_blob_id, None
    item.shared, item.because, item.is_withheld = None, None, False
    session.flush()
    turn.record("record_shown")
    return gone


def cut_file(name: str, data: bytes, words: list[str]) -> CutFile:
    """The file without these words: seconds of work in a process apart. Refused where it cannot be proven."""
    kind = kind_of(name, data[:HEAD])
    if kind is FileKind.OTHER:
        raise Refused(CANNOT)
    try:
        done = APART.cut(kind, data, [WordsCut(one) for one in words])
        found = APART.scan(done.kind, done.data, gone=words)
    except CannotCut:
        raise Refused(CANNOT) from None
    if not sum(done.counts):
        raise Refused(NOT_FOUND)
    if found or done.kind is not kind:
        raise Refused(HIDDEN)
    return CutFile(done.data)


def keep_cut(session: Session, by: By, case: Case, item: EvidenceItem, blob_id: str, *, desk: Desk) -> str | None:
    """Keep the cut copy of a file. The id of the copy before, which the caller deletes."""
    turn = _hold(session, by, case, item, desk)
    before, item.shared_blob_id = item.shared_blob_id, blob_id
    item.is_withheld, item.because = False, None
    session.flush()
    turn.record("record_cut")
    return before


def data_of(item: EvidenceItem, blobs: BlobStore, desk: Desk) -> tuple[str, bytes]:
    """The name and the bytes of an item's file, in memory."""
    name = open_item(item, "file_name", desk.vault)
    data = b"".join(blobs.read(item.blob_id or "", context=item_context("blob_id", item.id)))
    return (name.reveal() if name else "", data)


def _hold(session: Session, by: By, case: Case, item: EvidenceItem, desk: Desk) -> Turn:
    turn = take_turn(session, by, case, OFFICERS, desk=desk)
    pack = session.get_one(EvidencePack, item.pack_id)
    session.refresh(pack, with_for_update=True)
    if pack.frozen_at is None or item.kind is ItemKind.REGISTER_VERSION:
        raise Refused(NOT_FROZEN)
    if pack.shared_at is not None:
        raise Refused(SHARED)
    return turn
