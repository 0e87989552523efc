"""What is proposed to the second person, and the pack that goes out. Letters are sealed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id, UtcInstant
from portal.core.db import Base
from portal.directory.models import words_of
from portal.subject_access.answering.rules import Outcome, PackState
from portal.subject_access.rules import ExtensionGround, RefusalGround


class SignOff(Base):
    """An answer that one person proposes and another approves or sends back."""

    __tablename__ = "access_sign_offs"
    __table_args__ = (
        CheckConstraint("lang IN ('cy', 'en')", name="lang"),
        CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="two_people"),
        CheckConstraint("(decided_by IS NULL) = (is_approved IS NULL)", name="decided_by_somebody"),
        CheckConstraint("(outcome = 'refusal') = (refusal_ground IS NOT NULL)", name="refused_on_a_ground"),
        CheckConstraint("(outcome = 'extension') = (extension_ground IS NOT NULL)", name="extended_on_a_ground"),
        Index("ix_access_sign_offs_case", "case_id", "proposed_at"),
    )

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"))
    outcome: Mapped[Outcome] = mapped_column(words_of(Outcome, "outcome"))
    refusal_ground: Mapped[RefusalGround | None] = mapped_column(words_of(RefusalGround, "refusal_ground"))
    extension_ground: Mapped[ExtensionGround | None] = mapped_column(words_of(ExtensionGround, "extension_ground"))
    lang: Mapped[str] = mapped_column(String(2))
    words: Mapped[bytes] = mapped_column(LargeBinary)
    supplementary: Mapped[bytes | None] = mapped_column(LargeBinary)
    glossary: Mapped[bytes | None] = mapped_column(LargeBinary)
    proposed_by: Mapped[str] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    proposed_at: Mapped[datetime] = mapped_column(UtcInstant)
    decided_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    decided_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    is_approved: Mapped[bool | None]
    comment: Mapped[bytes | None] = mapped_column(LargeBinary)


class Pack(Base):
    """The explained pack of one proposal, built in the background in steps that survive a kill.

    ``fingerprint`` is of everything that went in; what has changed since is not what was approved. ``holder`` is also
    the name of the file that a builder writes, so that whoever takes over knows what a dead builder left behind.
    ``is_again``: it was released before and is made once more; only the same bytes are released.
    """

    __tablename__ = "access_packs"
    __table_args__ = (
        CheckConstraint("state <> 'ready' OR (blob_id IS NOT NULL AND sha256 IS NOT NULL)", name="ready_with_a_file"),
        CheckConstraint("done_items >= 0 AND done_items <= all_items", name="progress"),
        CheckConstraint("(state = 'building') = (holder IS NOT NULL)", name="somebody_builds"),
    )

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), index=True)
    sign_off_id: Mapped[str] = mapped_column(String(26), ForeignKey("access_sign_offs.id"), unique=True)
    state: Mapped[PackState] = mapped_column(words_of(PackState, "state"))
    blob_id: Mapped[str | None] = mapped_column(String(26))
    size: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    fingerprint: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    done_items: Mapped[int] = mapped_column(default=0)
    all_items: Mapped[int] = mapped_column(default=0)
    holder: Mapped[str | None] = mapped_column(String(26))
    held_until: Mapped[datetime | None] = mapped_column(UtcInstant)
    made_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    is_again: Mapped[bool] = mapped_column(default=False)


class Download(Base):
    """One time that a released pack was taken: shown to the worker."""

    __tablename__ = "access_downloads"

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), index=True)
    disclosure_id: Mapped[str] = mapped_column(String(26), ForeignKey("disclosures.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcInstant)
    way: Mapped[str] = mapped_column(String(20))
    actor_account_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
