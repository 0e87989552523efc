"""What a review adds to its case: the decision it is about, what the worker says, and the reviewer's decision."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import UtcInstant
from portal.core.db import Base
from portal.decision_review.rules import Outcome
from portal.directory.models import words_of


class ReviewRequest(Base):
    """What the worker asked for. Their words are sealed; ``who`` holds name and contact of somebody without account."""

    __tablename__ = "review_requests"

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    decision_point_id: Mapped[str | None] = mapped_column(ForeignKey("decision_points.id"), index=True)
    decided_on: Mapped[date] = mapped_column(Date)
    what_happened: Mapped[bytes] = mapped_column(LargeBinary)
    wanted: Mapped[list[str]] = mapped_column(JSON)
    wanted_words: Mapped[bytes] = mapped_column(LargeBinary)
    who: Mapped[bytes | None] = mapped_column(LargeBinary)
    lang: Mapped[str] = mapped_column(String(2))


class Declaration(Base):
    """A reviewer's word that they are independent of the decision and may change it."""

    __tablename__ = "review_declarations"

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("persons.id"), primary_key=True, index=True)
    declared_at: Mapped[datetime] = mapped_column(UtcInstant)


class ReviewDecision(Base):
    """What the reviewer decided, and why, in the worker's language; the other language where it was written too."""

    __tablename__ = "review_decisions"
    __table_args__ = (CheckConstraint("reasons_cy IS NOT NULL OR reasons_en IS NOT NULL", name="reasons_are_given"),)

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    outcome: Mapped[Outcome] = mapped_column(words_of(Outcome, "outcome"))
    reasons_cy: Mapped[bytes | None] = mapped_column(LargeBinary)
    reasons_en: Mapped[bytes | None] = mapped_column(LargeBinary)
    remedy_cy: Mapped[bytes | None] = mapped_column(LargeBinary)
    remedy_en: Mapped[bytes | None] = mapped_column(LargeBinary)
    decided_by: Mapped[str] = mapped_column(String(26), ForeignKey("persons.id"), index=True)
    decided_at: Mapped[datetime] = mapped_column(UtcInstant)
