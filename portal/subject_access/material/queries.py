"""Reads of what was found, of its ledger, copies and findings, and of what goes out."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.core.errors import NotFound
from portal.core.text import Message, Words
from portal.core.vault import Vault
from portal.documents.cuts import Cut, from_json
from portal.documents.kinds import ENDINGS
from portal.subject_access.material.models import Material, MaterialCopy, RedactionEntry, ScanFinding
from portal.subject_access.material.rules import (
    EXEMPTIONS,
    Balancing,
    CutEntry,
    Decision,
    Exemption,
    HealthAnswer,
    ReporterAnswer,
)

LAST_NUMBER = 2**31 - 1
"""An address can name a greater number than a database takes."""


def list_items(session: Session, case: Case) -> Sequence[Material]:
    """Every item of a case, in the order of their numbers."""
    return session.scalars(select(Material).where(Material.case_id == case.id).order_by(Material.number)).all()


def get_item(session: Session, case: Case, number: int) -> Material:
    """One item by its number in the case."""
    if abs(number) > LAST_NUMBER:
        raise NotFound
    found = session.scalars(select(Material).where(Material.case_id == case.id, Material.number == number))
    item = found.one_or_none()
    if item is None:
        raise NotFound
    return item


def list_added(session: Session, task_id: str, account_id: str) -> Sequence[Material]:
    """What somebody added themselves to one search: never what an officer or whoever searched before them did."""
    own = select(Material).where(Material.task_id == task_id, Material.added_by == account_id)
    return session.scalars(own.order_by(Material.number)).all()


def list_ledger(session: Session, item: Material) -> Sequence[RedactionEntry]:
    """Every line of the ledger, first to last."""
    found = select(RedactionEntry).where(RedactionEntry.material_id == item.id)
    return session.scalars(found.order_by(RedactionEntry.number)).all()


def standing(ledger: Sequence[RedactionEntry]) -> list[RedactionEntry]:
    """The cuts that were not undone."""
    undone = {line.undoes_id for line in ledger}
    return [line for line in ledger if line.entry is CutEntry.CUT and line.id not in undone]


def open_cut(line: RedactionEntry, vault: Vault) -> Cut:
    """What a line of the ledger cuts."""
    if line.cut is None:
        raise NotFound
    return from_json(json.loads(vault.open_bytes(line.cut, context=line_context("cut", line.id))))


def find_copy(session: Session, item: Material) -> MaterialCopy | None:
    """The newest copy: what leaves."""
    found = select(MaterialCopy).where(MaterialCopy.material_id == item.id).order_by(MaterialCopy.number.desc())
    return session.scalars(found.limit(1)).one_or_none()


def list_copies(session: Session, item: Material) -> Sequence[MaterialCopy]:
    """Every copy, newest first."""
    found = select(MaterialCopy).where(MaterialCopy.material_id == item.id).order_by(MaterialCopy.number.desc())
    return session.scalars(found).all()


def get_copy(session: Session, item: Material, number: int) -> MaterialCopy:
    """One copy by its number."""
    for copy in list_copies(session, item):
        if copy.number == number:
            return copy
    raise NotFound


def list_findings(session: Session, copy: MaterialCopy) -> Sequence[ScanFinding]:
    """The findings of a copy; those that still stand against it first."""
    found = select(ScanFinding).where(ScanFinding.copy_id == copy.id)
    return session.scalars(found.order_by(ScanFinding.accepted_by.is_not(None), ScanFinding.id)).all()


def still_open() -> ColumnElement[bool]:
    """Findings that block: nobody let them stand, or one person alone did where it takes two."""
    return or_(ScanFinding.accepted_by.is_(None), and_(ScanFinding.needs_second, ScanFinding.second_by.is_(None)))


def get_finding(session: Session, copy: MaterialCopy, finding_id: str) -> ScanFinding:
    found = session.get(ScanFinding, finding_id)
    if found is None or found.copy_id != copy.id:
        raise NotFound
    return found


def is_current(item: Material, copy: MaterialCopy | None, ledger: Sequence[RedactionEntry]) -> bool:
    """Whether the copy is what the decision and the ledger say: the whole file, or all that the ledger leaves of it."""
    if copy is None or item.decision is None:
        return False
    return copy.ledger_number == wanted_ledger(item.decision, ledger)


def wanted_ledger(decision: Decision, ledger: Sequence[RedactionEntry]) -> int:
    """Up to which line a copy has to follow the ledger; none, for a file that goes out whole."""
    return ledger[-1].number if decision is Decision.PART and ledger else 0


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands behind an item: its ledger, its newest copy, and how many findings of that are open."""

    ledger: Sequence[RedactionEntry] = ()
    copy: MaterialCopy | None = None
    open_findings: int = 0

    def is_current(self, item: Material) -> bool:
        return is_current(item, self.copy, self.ledger)


def standing_of(session: Session, item: Material) -> Standing:
    """What stands behind one item."""
    return _standing(session, Material.id == item.id).get(item.id, Standing())


def standing_of_all(session: Session, case: Case) -> Mapping[str, Standing]:
    """What stands behind each item of a case, in three reads however many there are."""
    return _standing(session, Material.case_id == case.id)


def _standing(session: Session, which: ColumnElement[bool]) -> dict[str, Standing]:
    ids = select(Material.id).where(which)
    lines = select(RedactionEntry).where(RedactionEntry.material_id.in_(ids)).order_by(RedactionEntry.number)
    copies = select(MaterialCopy).where(MaterialCopy.material_id.in_(ids)).order_by(MaterialCopy.number)
    open_ones = (
        select(ScanFinding.copy_id, func.count(ScanFinding.id))
        .join(MaterialCopy, MaterialCopy.id == ScanFinding.copy_id)
        .where(MaterialCopy.material_id.in_(ids), still_open())
        .group_by(ScanFinding.copy_id)
    )
    ledgers: dict[str, list[RedactionEntry]] = {}
    for line in session.scalars(lines):
        ledgers.setdefault(line.material_id, []).append(line)
    newest = {copy.material_id: copy for copy in session.scalars(copies)}  # the last one stays
    counts = {copy_id: number for copy_id, number in session.execute(open_ones)}
    return {
        item_id: Standing(
            ledgers.get(item_id, ()),
            newest.get(item_id),
            counts.get(newest[item_id].id, 0) if item_id in newest else 0,
        )
        for item_id in {*ledgers, *newest}
    }


def is_something_held(session: Session, case: Case, *, since: datetime | None = None) -> bool:
    """Whether something that was found, since an answer that was given before, is or may be about the person."""
    held = select(Material.id).where(
        Material.case_id == case.id,
        or_(Material.exemption.is_(None), Material.exemption != Exemption.NOT_ABOUT_THEM),
    )
    if since is not None:
        held = held.where(Material.added_at > since)
    return session.scalar(held.limit(1)) is not None


def may_leave(item: Material) -> bool:
    """Whether the whistleblower guard lets it go: answered with no, or cleared by a second person."""
    return item.reporter is ReporterAnswer.NO or (item.reporter is ReporterAnswer.YES and item.cleared_by is not None)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One copy that goes into the answer. ``context`` is what its blob is bound to."""

    item: Material
    copy: MaterialCopy

    @property
    def context(self) -> str:
        return copy_context(self.copy.id)

    @property
    def blob_id(self) -> str:
        if self.copy.blob_id is None:
            raise NotFound
        return self.copy.blob_id

    def name(self, vault: Vault) -> str:
        """The name of the file, with the ending of what the copy has become."""
        return copy_name(self.item, self.copy, vault)


@dataclass(frozen=True, slots=True)
class HeldBack:
    """An item that does not go out, or not all of it, and under which exemptions, in words."""

    item: Material
    decision: Decision
    exemptions: tuple[Exemption, ...]
    words: tuple[Message, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Going:
    """What the answer holds: the copies, and what was held back."""

    copies: tuple[Outgoing, ...]
    held_back: tuple[HeldBack, ...]


def outgoing(session: Session, case: Case) -> Going:
    """What goes into the answer. ``service.problems`` says first whether it may."""
    behind = standing_of_all(session, case)
    copies, held = [], []
    for item in list_items(session, case):
        one = behind.get(item.id, Standing())
        if item.decision in (Decision.WITHHOLD, Decision.PART):
            held.append(_held_back(item, one.ledger))
        if item.decision in (Decision.WITHHOLD, None) or one.copy is None or one.copy.blob_id is None:
            continue
        if one.is_current(item) and may_leave(item):
            copies.append(Outgoing(item, one.copy))
    return Going(tuple(copies), tuple(held))


def _held_back(item: Material, ledger: Sequence[RedactionEntry]) -> HeldBack:
    lines = standing(ledger) if item.decision is Decision.PART else []
    named = [one for one in (item.exemption, *(line.exemption for line in lines)) if one is not None]
    exemptions = tuple(dict.fromkeys(named))
    return HeldBack(item, item.decision or Decision.WITHHOLD, exemptions, tuple(EXEMPTIONS[one] for one in exemptions))


def copy_name(item: Material, copy: MaterialCopy, vault: Vault) -> str:
    """The name of a copy: that of the file, with an ending that is true."""
    name = file_name(item, vault)
    ending = ENDINGS.get(copy.kind)
    if copy.kind is item.kind or ending is None:
        return name
    return f"{name.rpartition('.')[0] or name}.{ending}"


def file_name(item: Material, vault: Vault) -> str:
    """The name that the file came with."""
    return vault.open_words(item.file_name, context=item_context("file_name", item.id)).reveal()


def open_words(item: Material, column: str, vault: Vault) -> Words | None:
    """``said`` (what it is) or ``reason``."""
    sealed: bytes | None = getattr(item, column)
    return None if sealed is None else vault.open_words(sealed, context=item_context(column, item.id))


def open_balancing(item: Material, vault: Vault) -> Balancing:
    """The three steps, and what was said about health."""
    if item.balancing is None:
        return Balancing()
    values: Mapping[str, Any] = json.loads(vault.open_bytes(item.balancing, context=item_context("balancing", item.id)))
    return Balancing(
        values["without_naming"],
        values["consent"],
        values["reasonable"],
        HealthAnswer(values["health"]) if values["health"] else None,
        date.fromisoformat(values["opinion_on"]) if values["opinion_on"] else None,
    )


def open_reason(line: RedactionEntry, vault: Vault) -> str:
    """Why a line of the ledger cuts, or undoes."""
    if line.reason is None:
        return ""
    return vault.open_words(line.reason, context=line_context("reason", line.id)).reveal()


def open_place(finding: ScanFinding, vault: Vault) -> str:
    """Where a finding is."""
    return vault.open_words(finding.place, context=finding_context("place", finding.id)).reveal()


def open_acceptance(finding: ScanFinding, vault: Vault) -> str:
    """Why a finding was accepted."""
    if finding.accepted_because is None:
        return ""
    context = finding_context("accepted_because", finding.id)
    return vault.open_words(finding.accepted_because, context=context).reveal()


def item_context(column: str, item_id: str) -> str:
    """What a sealed column of an item, and its file, are bound to."""
    return f"materials.{column}:{item_id}"


def copy_context(copy_id: str) -> str:
    """What the file of a copy is bound to."""
    return f"material_copies.blob_id:{copy_id}"


def line_context(column: str, line_id: str) -> str:
    """What a sealed column of a line of the ledger is bound to."""
    return f"redaction_entries.{column}:{line_id}"


def finding_context(column: str, finding_id: str) -> str:
    """What a sealed column of a finding is bound to."""
    return f"scan_findings.{column}:{finding_id}"
