"""What stays when a case is gone: its frozen figures, and the proof that it was deleted."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id, UtcInstant
from portal.core.db import Base


class AccessFigure(Base):
    """One finished request as figures alone, frozen when it was first answered; it stays when the case is deleted.

    Its id is that of the case, so that a case is counted once. Looking again changes nothing in it.
    """

    __tablename__ = "access_figures"
    __table_args__ = (
        CheckConstraint("days >= 0 AND paused_days >= 0 AND minutes >= 0", name="numbers"),
        Index("ix_access_figures_body", "body_id", "received_on"),
    )

    id: Mapped[Id]
    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"))
    received_on: Mapped[date]
    finished_on: Mapped[date]
    outcome: Mapped[str] = mapped_column(String(40))
    in_time: Mapped[bool]
    extended: Mapped[bool]
    days: Mapped[int]
    paused_days: Mapped[int]
    minutes: Mapped[int] = mapped_column(default=0)


class Tombstone(Base):
    """Proof that a case was deleted: reference, days and authority, no content (law.md 4).

    ``hidden_from`` are the ids of the people who were left out of it: they do not learn of it afterwards either.
    """

    __tablename__ = "access_tombstones"

    reference: Mapped[str] = mapped_column(String(16), primary_key=True)
    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"), index=True)
    received_on: Mapped[date]
    finished_on: Mapped[date]
    deleted_at: Mapped[datetime] = mapped_column(UtcInstant)
    rule: Mapped[str] = mapped_column(String(40))
    hidden_from: Mapped[list[str] | None] = mapped_column(JSON)


class KeepingTerms(Base):
    """For how many years a body keeps closed requests, where it chose its own."""

    __tablename__ = "access_keeping_terms"
    __table_args__ = (
        CheckConstraint("years_closed BETWEEN 2 AND 6", name="years_closed"),
        CheckConstraint("years_reopened BETWEEN years_closed AND 6", name="years_reopened"),
    )

    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"), primary_key=True)
    years_closed: Mapped[int]
    years_reopened: Mapped[int]
