"""The records of a decision, frozen; corrections of them; and the worker's side. Values and words are sealed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id, UtcInstant
from portal.core.db import Base
from portal.decision_review.evidence.rules import CorrectionAnswer, ItemKind
from portal.decision_review.rules import LEAST_DAYS_TO_ANSWER, MOST_DAYS_TO_ANSWER
from portal.directory.models import words_of


class EvidencePack(Base):
    """One version of the records of a decision, asked of the operational owner. Frozen, nothing in it changes: what
    comes later is the next number. ``fingerprint`` is the SHA-256 over its items."""

    __tablename__ = "review_packs"
    __table_args__ = (
        UniqueConstraint("case_id", "number", name="uq_review_packs_case_number"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("(frozen_at IS NULL) = (fingerprint IS NULL)", name="frozen_with_fingerprint"),
        CheckConstraint("fingerprint IS NULL OR length(fingerprint) = 32", name="fingerprint_length"),
        CheckConstraint("shared_at IS NULL OR frozen_at IS NOT NULL", name="shared_when_frozen"),
        Index("ix_review_packs_waiting", "due_on", "frozen_at"),
    )

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"))
    number: Mapped[int]
    owner_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("persons.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(UtcInstant)
    due_on: Mapped[date]
    escalated_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    frozen_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    frozen_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    fingerprint: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    shared_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class EvidenceItem(Base):
    """One item: what it is, its value or its file, how old it was, where it came from.

    ``shared`` and ``shared_blob_id`` are what the worker and the reviewer see where third parties had to be taken out;
    without them it is the value itself. ``is_withheld`` with ``because``: it cannot be shared at all.
    """

    __tablename__ = "review_evidence_items"
    __table_args__ = (
        CheckConstraint(
            "value IS NOT NULL OR blob_id IS NOT NULL OR register_version_id IS NOT NULL", name="has_a_value"
        ),
        CheckConstraint("(blob_id IS NULL) = (file_name IS NULL)", name="file_has_a_name"),
        CheckConstraint("shared_blob_id IS NULL OR blob_id IS NOT NULL", name="cut_from_a_file"),
        CheckConstraint("NOT is_withheld OR because IS NOT NULL", name="withheld_with_reasons"),
        CheckConstraint("(kind = 'register_version') = (register_version_id IS NOT NULL)", name="register_version"),
        CheckConstraint("lang IN ('cy', 'en')", name="lang"),
        Index("ix_review_evidence_items_pack", "pack_id", "position"),
    )

    id: Mapped[Id]
    pack_id: Mapped[str] = mapped_column(String(26), ForeignKey("review_packs.id"))
    kind: Mapped[ItemKind] = mapped_column(words_of(ItemKind, "kind"))
    position: Mapped[int]
    label: Mapped[bytes] = mapped_column(LargeBinary)
    lang: Mapped[str] = mapped_column(String(2))
    value: Mapped[bytes | None] = mapped_column(LargeBinary)
    shared: Mapped[bytes | None] = mapped_column(LargeBinary)
    blob_id: Mapped[str | None] = mapped_column(String(26))
    shared_blob_id: Mapped[str | None] = mapped_column(String(26))
    file_name: Mapped[bytes | None] = mapped_column(LargeBinary)
    media_type: Mapped[str] = mapped_column(String(100), default="")
    size: Mapped[int] = mapped_column(default=0)
    register_version_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("system_versions.id"), index=True)
    as_of: Mapped[date | None]
    source: Mapped[bytes | None] = mapped_column(LargeBinary)
    is_withheld: Mapped[bool] = mapped_column(default=False)
    because: Mapped[bytes | None] = mapped_column(LargeBinary)
    added_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    added_at: Mapped[datetime] = mapped_column(UtcInstant)


class Correction(Base):
    """What the worker says is wrong in one item, what is right, and the proof; and the answer to it."""

    __tablename__ = "review_corrections"
    __table_args__ = (
        CheckConstraint("lang IN ('cy', 'en')", name="lang"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_on_a_day"),
        CheckConstraint("answer IS NULL OR answered_by IS NOT NULL", name="answered_by_somebody"),
        CheckConstraint("answer IS NULL OR answer = 'accepted' OR answer_words IS NOT NULL", name="no_has_reasons"),
    )

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), index=True)
    item_id: Mapped[str] = mapped_column(String(26), ForeignKey("review_evidence_items.id"), index=True)
    wrong: Mapped[bytes] = mapped_column(LargeBinary)
    right: Mapped[bytes] = mapped_column(LargeBinary)
    lang: Mapped[str] = mapped_column(String(2))
    paper_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("review_papers.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    answer: Mapped[CorrectionAnswer | None] = mapped_column(words_of(CorrectionAnswer, "answer"))
    answer_words: Mapped[bytes | None] = mapped_column(LargeBinary)
    answered_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    answered_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class Representation(Base):
    """The worker's side: how many days they take, what they say, and when they are done.

    ``longer_until`` is a later day that the worker chose. It never moves the day of the law. ``beside`` is what a
    representative says for them; neither writes over the other's words.
    """

    __tablename__ = "review_representations"
    __table_args__ = (
        CheckConstraint(f"days BETWEEN {LEAST_DAYS_TO_ANSWER} AND {MOST_DAYS_TO_ANSWER}", name="days"),
        CheckConstraint("until_on >= opened_on", name="period"),
        CheckConstraint("longer_until IS NULL OR longer_until > until_on", name="longer"),
        CheckConstraint("words IS NULL OR lang IN ('cy', 'en')", name="lang"),
    )

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    days: Mapped[int]
    opened_on: Mapped[date]
    until_on: Mapped[date] = mapped_column(index=True)
    longer_until: Mapped[date | None]
    words: Mapped[bytes | None] = mapped_column(LargeBinary)
    lang: Mapped[str | None] = mapped_column(String(2))
    beside: Mapped[bytes | None] = mapped_column(LargeBinary)
    beside_lang: Mapped[str | None] = mapped_column(String(2))
    closed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
