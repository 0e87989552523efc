"""Reads of the records of a decision. What a reviewer may not see yet is left out here, by the WHERE clause."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.queries import facts_of
from portal.cases.rules import Duty, Relation, relations
from portal.core.errors import NotFound
from portal.core.text import Locale, Words
from portal.core.vault import Vault
from portal.decision_review.asking.queries import recognise
from portal.decision_review.evidence.models import Correction, EvidenceItem, EvidencePack, Representation
from portal.decision_review.evidence.rules import CorrectionAnswer, ItemKind
from portal.decision_review.holding.queries import list_managers
from portal.directory.models import Person
from portal.directory.queries import get_person
from portal.identity.actor import Actor
from portal.register.models import System, SystemVersion
from portal.register.queries import get_system_by_id

BLIND = tuple(kind for kind in ItemKind if kind.is_blind)


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item, opened for a page. ``value`` is what its reader may read; ``is_cut`` says that something went out."""

    id: str
    kind: ItemKind
    label: Words
    lang: Locale
    value: Words | None
    file_name: Words | None
    as_of: date | None
    source: Words | None
    because: Words | None
    is_withheld: bool
    is_cut: bool
    register_number: int | None
    short_code: str


def list_packs(session: Session, case: Case) -> Sequence[EvidencePack]:
    """Every version of the records of a review, oldest first."""
    return session.scalars(
        select(EvidencePack).where(EvidencePack.case_id == case.id).order_by(EvidencePack.number)
    ).all()


def list_shared(session: Session, case: Case) -> list[EvidencePack]:
    """The versions that the worker and the reviewer read."""
    return [pack for pack in list_packs(session, case) if pack.shared_at is not None]


def find_unfrozen(session: Session, case: Case) -> EvidencePack | None:
    """The version that somebody is putting together."""
    return next((pack for pack in list_packs(session, case) if pack.frozen_at is None), None)


def list_own_packs(session: Session, actor: Actor) -> list[tuple[Case, EvidencePack]]:
    """The records that the actor is asked for, soonest first; none of a review that they were left out of."""
    rows = session.execute(
        select(Case, EvidencePack)
        .join(EvidencePack, EvidencePack.case_id == Case.id)
        .where(EvidencePack.owner_id == actor.person_id, EvidencePack.frozen_at.is_(None), Case.is_open)
        .order_by(EvidencePack.due_on, EvidencePack.id)
    )
    return [(case, pack) for case, pack in rows if actor.person_id not in facts_of(session, case).excluded]


def keep_from_reviewer(session: Session, actor: Actor, case: Case) -> None:
    """NotFound for who reviews this case: they read the records on the reviewer's page, and the output there last."""
    if Relation.REVIEWER in relations(actor, facts_of(session, case)):
        raise NotFound


def get_own_pack(session: Session, actor: Actor, pack_id: str) -> tuple[Case, EvidencePack]:
    """Records that the actor is asked for; NotFound for everybody else, and for who has handed them over."""
    for case, pack in list_own_packs(session, actor):
        if pack.id == pack_id:
            keep_from_reviewer(session, actor, case)
            return case, pack
    raise NotFound


def get_pack(session: Session, case: Case, pack_id: str) -> EvidencePack:
    """One version of a review's records."""
    found = session.get(EvidencePack, pack_id)
    if found is None or found.case_id != case.id:
        raise NotFound
    return found


def list_items(session: Session, pack: EvidencePack, *, with_output: bool) -> Sequence[EvidenceItem]:
    """The items of a version. Without the output, what a reviewer must not see yet does not leave the database."""
    asked = select(EvidenceItem).where(EvidenceItem.pack_id == pack.id)
    if not with_output:
        asked = asked.where(EvidenceItem.kind.not_in(BLIND))
    return session.scalars(asked.order_by(EvidenceItem.position, EvidenceItem.id)).all()


def get_item(session: Session, case: Case, item_id: str, *, with_output: bool, shared_only: bool) -> EvidenceItem:
    """One item of a review, within what its reader may see."""
    asked = (
        select(EvidenceItem)
        .join(EvidencePack, EvidencePack.id == EvidenceItem.pack_id)
        .where(EvidenceItem.id == item_id, EvidencePack.case_id == case.id)
    )
    if not with_output:
        asked = asked.where(EvidenceItem.kind.not_in(BLIND))
    if shared_only:
        asked = asked.where(EvidencePack.shared_at.is_not(None))
    found = session.scalars(asked).one_or_none()
    if found is None or (shared_only and found.is_withheld):
        raise NotFound
    return found


def view_item(session: Session, item: EvidenceItem, vault: Vault, *, whole: bool) -> ItemView:
    """Open one item: ``whole`` for who put it together and the officers, else without third parties."""
    cut = not whole and (item.shared is not None or item.shared_blob_id is not None)
    column = "shared" if cut and item.shared is not None else "value"
    hidden = item.is_withheld and not whole
    code, number = _version(session, item)
    return ItemView(
        id=item.id,
        kind=item.kind,
        label=open_item(item, "label", vault) or Words(""),
        lang=Locale(item.lang),
        value=None if hidden else open_item(item, column, vault),
        file_name=None if hidden else open_item(item, "file_name", vault),
        as_of=item.as_of,
        source=open_item(item, "source", vault),
        because=open_item(item, "because", vault),
        is_withheld=item.is_withheld,
        is_cut=item.shared is not None or item.shared_blob_id is not None,
        register_number=number,
        short_code=code,
    )


def _version(session: Session, item: EvidenceItem) -> tuple[str, int | None]:
    if item.register_version_id is None:
        return "", None
    row = session.execute(
        select(System.short_code, SystemVersion.number)
        .join(SystemVersion, SystemVersion.system_id == System.id)
        .where(SystemVersion.id == item.register_version_id)
    ).one()
    return row[0], row[1]


def open_item(item: EvidenceItem, column: str, vault: Vault) -> Words | None:
    """A sealed column of an item: label, value, shared, file_name, source or because."""
    sealed: bytes | None = getattr(item, column)
    return vault.open_words(sealed, context=item_context(column, item.id)) if sealed is not None else None


def item_context(column: str, item_id: str) -> str:
    """What a sealed column of an item is bound to, and its files as ``blob_id`` and ``shared_blob_id``."""
    return f"review_evidence_items.{column}:{item_id}"


def find_version_on(session: Session, system_id: str, on: date) -> str | None:
    """The id of the version of the register's entry in force on a day; the first one for a day before there was any."""
    rows = session.execute(
        select(SystemVersion.id, SystemVersion.published_on)
        .where(SystemVersion.system_id == system_id)
        .order_by(SystemVersion.number)
    ).all()
    in_force = [own_id for own_id, day in rows if day <= on]
    return in_force[-1] if in_force else (rows[0][0] if rows else None)


def find_owner(session: Session, case: Case, *, today: date) -> Person | None:
    """The operational owner that the register names, if the directory knows them by name or work address; else the
    responsible manager who is here. Nobody who asked, is left out, or reviews it."""
    reviewing = list_reviewing(session, case)
    named = _owner_line(session, case)
    found = recognise(session, case.body_id, [named])[0] if named else []
    if found and found[0] not in facts_of(session, case).excluded | {case.requester_person_id} | reviewing:
        return get_person(session, found[0])
    managers = (one.person for one in list_managers(session, case, today=today))
    return next((person for person in managers if person is not None and person.id not in reviewing), None)


def list_reviewing(session: Session, case: Case) -> frozenset[str]:
    """The ids of those who review it now, in whatever seat: none of them puts its records together."""
    return frozenset(person for person, duty in facts_of(session, case).assigned if duty is Duty.REVIEWER)


def _owner_line(session: Session, case: Case) -> str:
    if case.system_id is None:
        return ""
    try:
        return str(get_system_by_id(session, case.system_id).whole.accountability.operational_owner.en).strip()
    except NotFound:
        return ""


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """What the worker says is wrong in one item, and what became of it."""

    id: str
    item_id: str
    item: Words
    item_kind: ItemKind
    item_lang: Locale
    wrong: Words
    right: Words
    lang: Locale
    paper_id: str | None
    answer: CorrectionAnswer | None
    answer_words: Words | None


def list_corrections(session: Session, case: Case, vault: Vault, *, with_output: bool) -> list[CorrectionView]:
    """What the worker corrected, oldest first; without those of items that a reviewer may not see yet."""
    asked = (
        select(Correction, EvidenceItem)
        .join(EvidenceItem, EvidenceItem.id == Correction.item_id)
        .where(Correction.case_id == case.id)
    )
    if not with_output:
        asked = asked.where(EvidenceItem.kind.not_in(BLIND))
    return [
        CorrectionView(
            id=row.id,
            item_id=item.id,
            item=open_item(item, "label", vault) or Words(""),
            item_kind=item.kind,
            item_lang=Locale(item.lang),
            wrong=_open_correction(row, "wrong", vault) or Words(""),
            right=_open_correction(row, "right", vault) or Words(""),
            lang=Locale(row.lang),
            paper_id=row.paper_id,
            answer=row.answer,
            answer_words=_open_correction(row, "answer_words", vault),
        )
        for row, item in session.execute(asked.order_by(Correction.made_at, Correction.id))
    ]


def get_correction(session: Session, case: Case, correction_id: str) -> Correction:
    """One of a review."""
    found = session.get(Correction, correction_id)
    if found is None or found.case_id != case.id:
        raise NotFound
    return found


def _open_correction(row: Correction, column: str, vault: Vault) -> Words | None:
    sealed: bytes | None = getattr(row, column)
    return vault.open_words(sealed, context=correction_context(column, row.id)) if sealed is not None else None


def correction_context(column: str, own_id: str) -> str:
    """What a sealed column of a correction is bound to."""
    return f"review_corrections.{column}:{own_id}"


def find_side(session: Session, case: Case) -> Representation | None:
    """The worker's side, once it is open."""
    return session.get(Representation, case.id)


def open_side(side: Representation, vault: Vault) -> Words | None:
    """What the worker says."""
    return vault.open_words(side.words, context=side_context(side.case_id)) if side.words is not None else None


def open_beside(side: Representation, vault: Vault) -> Words | None:
    """What a representative says for the worker."""
    return vault.open_words(side.beside, context=beside_context(side.case_id)) if side.beside is not None else None


def beside_context(case_id: str) -> str:
    """What a representative's words of the worker's side are bound to."""
    return f"review_representations.beside:{case_id}"


def side_context(case_id: str) -> str:
    """What the worker's side is bound to."""
    return f"review_representations.words:{case_id}"


def last_day(side: Representation) -> date:
    """The last day of the worker's side."""
    return side.longer_until or side.until_on


def is_side_over(session: Session, case: Case, *, today: date) -> bool:
    """Whether the worker has had their days, or said that they are done."""
    side = find_side(session, case)
    return side is not None and (side.closed_at is not None or last_day(side) < today)
