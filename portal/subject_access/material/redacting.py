"""The ledger, the copies and their findings: lines are only ever added, a copy follows the ledger, findings block.

Work on a file takes seconds, and nobody may hold the database meanwhile. So a copy is made in three moves: ``draw_up``
reads what is wanted, ``carry_out`` works with nothing held, ``keep`` writes it down if it still is what is wanted.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.rules import By
from portal.cases.turn import Desk
from portal.core import ids
from portal.core.blobs import BlobStore
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Words, pmsg
from portal.core.vault import Vault
from portal.documents.apart import APART
from portal.documents.cuts import Cut, found_nowhere, gone_words, to_json
from portal.documents.findings import OF_CUTTING, Finding
from portal.documents.kinds import FileKind
from portal.documents.pace import Heard, nobody
from portal.subject_access.material.models import Material, MaterialCopy, RedactionEntry, ScanFinding
from portal.subject_access.material.queries import (
    copy_context,
    find_copy,
    finding_context,
    item_context,
    line_context,
    list_findings,
    list_ledger,
    open_cut,
    open_place,
    standing,
    wanted_ledger,
)
from portal.subject_access.material.rules import CutEntry, Decision, Exemption
from portal.subject_access.material.service import ITEM_CHANGED, hold, note, void_clearance

UNDONE_ALREADY = pmsg("error", "This cut was undone already")
DECIDE_FIRST = pmsg("error", "Decide what happens to this item first")
NOTHING_GOES_OUT = pmsg("error", "This item is withheld, so it has no copy")
CUT_FIRST = pmsg("error", "Cut something first, or decide to give all of it")
NOTHING_TO_FIX = pmsg("error", "Nothing here can be fixed by the portal")


@dataclass(frozen=True, slots=True)
class Order:
    """What a copy is to be made of. ``cuts`` empty and not ``mends``: the file as it came. ``told`` is what only the
    cutting of the copy that is mended could tell, ``pictured`` which pages became pictures then."""

    item_id: str
    version: int
    kind: FileKind
    media_type: str
    data: bytes
    cuts: Sequence[Cut]
    gone: Sequence[str]
    parts: Sequence[str]
    ledger_number: int
    mends: bool = False
    told: Sequence[Finding] = ()
    pictured: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """A finished copy, not kept yet."""

    order: Order
    kind: FileKind
    media_type: str
    data: bytes
    pictured: Sequence[int]
    findings: Sequence[Finding]


MEDIA_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.TEXT: "text/plain; charset=utf-8",
    FileKind.TABLE: "text/csv; charset=utf-8",
    FileKind.WORKBOOK: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.DOCUMENT: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.MAIL: "message/rfc822",
}
_PICTURES = {"png": "image/png", "webp": "image/webp"}


def media_type_of(kind: FileKind, name: str) -> str:
    """As what a file is given out: by what its bytes showed it to be, never by what a browser said."""
    if kind is FileKind.IMAGE:
        return _PICTURES.get(name.rpartition(".")[2].lower(), "image/jpeg")
    return MEDIA_TYPES.get(kind, "application/octet-stream")


def cut(
    session: Session,
    by: By,
    case: Case,
    item: Material,
    what: Cut,
    exemption: Exemption,
    reason: Words,
    *,
    desk: Desk,
    form_id: str,
) -> RedactionEntry:
    """Add a cut to the ledger. A second POST of its form adds nothing."""
    turn = hold(session, by, case, item, desk=desk)
    known = session.get(RedactionEntry, form_id)
    if known is not None:
        if known.material_id != item.id:
            raise NotFound
        return known
    line = _line(session, item, CutEntry.CUT, form_id, desk, by_account=turn.account_id)
    line.cut = desk.vault.seal(json.dumps(to_json(what)).encode(), context=line_context("cut", line.id))
    line.exemption = exemption
    line.reason = desk.vault.seal(reason, context=line_context("reason", line.id))
    _add_line(session, item, line)
    note(turn, "material_cut", item, line=line.number)
    return line


def undo(session: Session, by: By, case: Case, item: Material, line_id: str, *, desk: Desk) -> RedactionEntry:
    """Undo a cut: one more line, which names it."""
    turn = hold(session, by, case, item, desk=desk)
    undone = session.get(RedactionEntry, line_id)
    if undone is None or undone.material_id != item.id or undone.entry is not CutEntry.CUT:
        raise NotFound
    if undone not in standing(list_ledger(session, item)):
        raise Conflict(UNDONE_ALREADY)
    line = _line(session, item, CutEntry.UNDO, ids.new_id(), desk, by_account=turn.account_id)
    line.undoes_id = undone.id
    _add_line(session, item, line)
    note(turn, "material_uncut", item, line=undone.number)
    return line


def _line(
    session: Session, item: Material, entry: CutEntry, line_id: str, desk: Desk, *, by_account: str | None
) -> RedactionEntry:
    ledger = list_ledger(session, item)
    return RedactionEntry(
        id=line_id,
        material_id=item.id,
        number=ledger[-1].number + 1 if ledger else 1,
        entry=entry,
        made_at=desk.now,
        made_by=by_account,
    )


def _add_line(session: Session, item: Material, line: RedactionEntry) -> None:
    session.add(line)
    void_clearance(item)
    item.version += 1
    session.flush()


def draw_up(session: Session, item: Material, *, vault: Vault, blobs: BlobStore) -> Order:
    """What the copy of an item is to be, by its decision and its ledger."""
    if item.decision is None:
        raise Refused(DECIDE_FIRST)
    if item.decision is Decision.WITHHOLD:
        raise Refused(NOTHING_GOES_OUT)
    ledger = list_ledger(session, item)
    cuts = [open_cut(line, vault) for line in standing(ledger)] if item.decision is Decision.PART else []
    if item.decision is Decision.PART and not cuts:
        raise Refused(CUT_FIRST)
    return Order(
        item.id,
        item.version,
        item.kind,
        item.media_type,
        data_of(item, blobs),
        cuts,
        *gone_words(cuts),
        wanted_ledger(item.decision, ledger),
    )


def draw_up_fix(session: Session, item: Material, *, vault: Vault, blobs: BlobStore) -> Order:
    """The newest copy, without what it hides."""
    copy = find_copy(session, item)
    if copy is None or copy.blob_id is None:
        raise Refused(DECIDE_FIRST)
    ledger = [line for line in list_ledger(session, item) if line.number <= copy.ledger_number]
    told = [one for one in list_findings(session, copy) if one.code in OF_CUTTING]
    return Order(
        item.id,
        item.version,
        copy.kind,
        copy.media_type,
        data_of_copy(copy, blobs),
        (),
        *gone_words([open_cut(line, vault) for line in standing(ledger)]),
        copy.ledger_number,
        mends=True,
        told=[Finding(one.code, open_place(one, vault), one.number, one.can_fix) for one in told],
        pictured=copy.pictured,
    )


def carry_out(order: Order, heard: Heard = nobody) -> Made:
    """Cut or mend, then scan: seconds of work in a process apart, minutes for a long file. Raises CannotCut."""
    kind, data, pictured, told = order.kind, order.data, order.pictured, order.told
    if order.mends:
        mended = APART.fix(kind, data, heard=heard)
        kind, data, told = mended.kind, mended.data, [*told, *mended.lost]
    elif order.cuts:
        done = APART.cut(kind, data, order.cuts, heard=heard)
        kind, data, pictured = done.kind, done.data, done.pictured
        told = [*found_nowhere(order.cuts, done.counts), *done.lost]
    media_type = order.media_type if kind is order.kind else media_type_of(kind, "")
    found = APART.scan(kind, data, gone=order.gone, parts=order.parts, heard=heard)
    return Made(order, kind, media_type, data, pictured, [*told, *found])


def keep(
    session: Session, by: By, case: Case, item: Material, made: Made, copy_id: str, blob_id: str, *, desk: Desk
) -> MaterialCopy:
    """Write a copy and its findings down; Conflict if the item has changed while it was made."""
    turn = hold(session, by, case, item, desk=desk)
    if item.id != made.order.item_id or item.version != made.order.version:
        raise Conflict(ITEM_CHANGED)
    before = find_copy(session, item)
    copy = MaterialCopy(
        id=copy_id,
        material_id=item.id,
        number=before.number + 1 if before is not None else 1,
        ledger_number=made.order.ledger_number,
        kind=made.kind,
        blob_id=blob_id,
        media_type=made.media_type,
        size=len(made.data),
        sha256=hashlib.sha256(made.data).digest(),
        pictured=list(made.pictured),
        made_at=desk.now,
    )
    session.add(copy)
    session.flush()
    for finding in made.findings:
        own = ids.new_id()
        place = desk.vault.seal(Words(finding.place), context=finding_context("place", own))
        session.add(
            ScanFinding(
                id=own,
                copy_id=copy.id,
                code=finding.code,
                place=place,
                number=finding.number,
                can_fix=finding.can_fix,
            )
        )
    void_clearance(item)
    item.version += 1
    session.flush()
    note(turn, "copy_made", item, copy=copy.number, findings=len(made.findings))
    return copy


def data_of(item: Material, blobs: BlobStore) -> bytes:
    """The file as it came, in memory."""
    if item.blob_id is None:
        raise NotFound
    return b"".join(blobs.read(item.blob_id, context=item_context("blob_id", item.id)))


def data_of_copy(copy: MaterialCopy, blobs: BlobStore) -> bytes:
    """A copy, in memory."""
    if copy.blob_id is None:
        raise NotFound
    return b"".join(blobs.read(copy.blob_id, context=copy_context(copy.id)))
