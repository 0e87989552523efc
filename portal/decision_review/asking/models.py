"""Papers of a review, and what one officer proposes to another. Words and names are sealed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id, UtcInstant
from portal.core.db import Base
from portal.decision_review.asking.rules import Proposed, Side
from portal.decision_review.rules import ExtensionGround, RefusalGround
from portal.directory.models import words_of

WAITS = text("decided_at IS NULL")


class ReviewPaper(Base):
    """A file that came with a review: the worker's evidence, or the original of what was written down."""

    __tablename__ = "review_papers"
    __table_args__ = (CheckConstraint("size > 0", name="size"),)

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), index=True)
    side: Mapped[Side] = mapped_column(words_of(Side, "side"))
    blob_id: Mapped[str] = mapped_column(String(26))
    file_name: Mapped[bytes] = mapped_column(LargeBinary)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(UtcInstant)


class ReviewProposal(Base):
    """More time, a refusal or an explanation that one officer proposes and another approves or sends back."""

    __tablename__ = "review_proposals"
    __table_args__ = (
        CheckConstraint("lang IN ('cy', 'en')", name="lang"),
        CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="two_people"),
        CheckConstraint(
            "(decided_by IS NULL) = (is_approved IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)",
            name="decided_by_somebody",
        ),
        CheckConstraint("(kind = 'refusal') = (refusal_ground IS NOT NULL)", name="refused_on_a_ground"),
        CheckConstraint("(kind = 'extension') = (extension_ground IS NOT NULL)", name="extended_on_a_ground"),
        Index("ix_review_proposals_case", "case_id", "proposed_at"),
        Index(
            "uq_review_proposals_waiting", "case_id", "kind", unique=True, sqlite_where=WAITS, postgresql_where=WAITS
        ),
    )

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"))
    kind: Mapped[Proposed] = mapped_column(words_of(Proposed, "kind"))
    refusal_ground: Mapped[RefusalGround | None] = mapped_column(words_of(RefusalGround, "refusal_ground"))
    extension_ground: Mapped[ExtensionGround | None] = mapped_column(words_of(ExtensionGround, "extension_ground"))
    words: Mapped[bytes] = mapped_column(LargeBinary)
    lang: Mapped[str] = mapped_column(String(2))
    proposed_by: Mapped[str] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    proposed_at: Mapped[datetime] = mapped_column(UtcInstant)
    decided_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    decided_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    is_approved: Mapped[bool | None]
    comment: Mapped[bytes | None] = mapped_column(LargeBinary)
