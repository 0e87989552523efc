"""What an officer keeps for their own desk, and what the portal remembers of days that come near or were missed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import UtcInstant
from portal.core.db import Base


class DeskVisit(Base):
    """An officer has a request open. It warns colleagues; the sweep forgets it within the hour."""

    __tablename__ = "access_desk_visits"

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(26), ForeignKey("accounts.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcInstant, index=True)


class AccessWarning(Base):
    """A warning that a day comes near was sent: once for each case, day and stage (``rules.STAGES``)."""

    __tablename__ = "access_warnings"
    __table_args__ = (CheckConstraint("stage >= 0", name="stage"),)

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    stage: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sent_at: Mapped[datetime] = mapped_column(UtcInstant)


class NobodyLeft(Base):
    """Those who can appoint somebody were told that no officer may work on an open request; gone when one may."""

    __tablename__ = "access_nobody_left"

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    told_at: Mapped[datetime] = mapped_column(UtcInstant)


class MissedDay(Base):
    """A day by which a request had to be answered has passed: open until an officer writes why, and what follows."""

    __tablename__ = "access_missed_days"
    __table_args__ = (
        CheckConstraint("(closed_at IS NULL) = (because IS NULL)", name="closed_with_a_reason"),
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_by_somebody"),
        Index("ix_access_missed_days_open", "body_id", "closed_at"),
    )

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcInstant)
    because: Mapped[bytes | None] = mapped_column(LargeBinary)
    closed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    closed_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
