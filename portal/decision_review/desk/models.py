"""What the portal remembers of the desk: who looked, days that came near or were missed, and what was deleted."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import UtcInstant
from portal.core.db import Base
from portal.decision_review.desk.rules import Looked, Looker
from portal.directory.models import words_of


class ReviewReading(Base):
    """Somebody opened a part of a review on a day. The worker reads it, by role and never by name."""

    __tablename__ = "review_readings"

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(26), ForeignKey("accounts.id"), primary_key=True, index=True)
    on_day: Mapped[date] = mapped_column(primary_key=True)
    part: Mapped[Looked] = mapped_column(words_of(Looked, "part"), primary_key=True)
    looker: Mapped[Looker] = mapped_column(words_of(Looker, "looker"))


class ReviewWarning(Base):
    """A warning that a day comes near was sent: once for each review, day and stage (``cases.warning.STAGES``)."""

    __tablename__ = "review_warnings"
    __table_args__ = (CheckConstraint("stage >= 0", name="stage"),)

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    stage: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sent_at: Mapped[datetime] = mapped_column(UtcInstant)


class ReviewMissedDay(Base):
    """A day by which a review had to be answered has passed: open until an officer writes why, and what follows."""

    __tablename__ = "review_missed_days"
    __table_args__ = (
        CheckConstraint("(closed_at IS NULL) = (because IS NULL)", name="closed_with_a_reason"),
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_by_somebody"),
        Index("ix_review_missed_days_open", "body_id", "closed_at"),
    )

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcInstant)
    because: Mapped[bytes | None] = mapped_column(LargeBinary)
    closed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    closed_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)


class ReviewTombstone(Base):
    """Proof that a review was deleted: reference, days and authority, no content (law.md 4).

    ``hidden_from`` are the ids of the people who were left out of it, or asked: they do not learn of it afterwards.
    """

    __tablename__ = "review_tombstones"

    reference: Mapped[str] = mapped_column(String(16), primary_key=True)
    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"), index=True)
    received_on: Mapped[date]
    finished_on: Mapped[date]
    deleted_at: Mapped[datetime] = mapped_column(UtcInstant)
    rule: Mapped[str] = mapped_column(String(40))
    hidden_from: Mapped[list[str] | None] = mapped_column(JSON)
