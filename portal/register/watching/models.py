"""What somebody signed in follows, what was told, and what waits for the letter of the week."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id, UtcInstant
from portal.core.db import Base
from portal.directory.models import words_of
from portal.register.watching.rules import News


class Watch(Base):
    """One thing that one account follows: exactly one of the four."""

    __tablename__ = "watches"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN system_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN body_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN workplace_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN staff_group_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_thing",
        ),
        UniqueConstraint("account_id", "system_id", name="uq_watches_account_system"),
        UniqueConstraint("account_id", "body_id", name="uq_watches_account_body"),
        UniqueConstraint("account_id", "workplace_id", name="uq_watches_account_workplace"),
        UniqueConstraint("account_id", "staff_group_id", name="uq_watches_account_staff_group"),
    )

    id: Mapped[Id]
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    system_id: Mapped[str | None] = mapped_column(ForeignKey("systems.id"), index=True, default=None)
    body_id: Mapped[str | None] = mapped_column(ForeignKey("bodies.id"), index=True, default=None)
    workplace_id: Mapped[str | None] = mapped_column(ForeignKey("workplaces.id"), index=True, default=None)
    staff_group_id: Mapped[str | None] = mapped_column(ForeignKey("staff_groups.id"), index=True, default=None)
    began_at: Mapped[datetime] = mapped_column(UtcInstant)


class WatchMark(Base):
    """One thing that happened and has been told: nobody hears of it twice."""

    __tablename__ = "watch_marks"

    news: Mapped[News] = mapped_column(words_of(News, "news"), primary_key=True)
    source_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    told_on: Mapped[date] = mapped_column(Date, index=True)


class WatchWaiting(Base):
    """A system that changed a little: it waits for somebody's letter of the week, once however often it changed."""

    __tablename__ = "watch_waiting"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    system_id: Mapped[str] = mapped_column(ForeignKey("systems.id"), primary_key=True, index=True)
    due_on: Mapped[date] = mapped_column(Date, index=True)


class LinkRound(Base):
    """When the links of a system's current version are tried next."""

    __tablename__ = "link_rounds"

    system_id: Mapped[str] = mapped_column(ForeignKey("systems.id"), primary_key=True)
    version_number: Mapped[int]
    next_on: Mapped[date] = mapped_column(Date, index=True)


class LinkCheck(Base):
    """How one link of a published entry, or its mailbox, answered when it was last tried. ``failing_since``: none when
    it answered; ``finding`` says why no letter would arrive (``mailboxes.MailFinding``)."""

    __tablename__ = "link_checks"
    __table_args__ = (UniqueConstraint("system_id", "field", "address"),)

    id: Mapped[Id]
    system_id: Mapped[str] = mapped_column(ForeignKey("systems.id"), index=True)
    field: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(400))
    checked_on: Mapped[date] = mapped_column(Date)
    failing_since: Mapped[date | None] = mapped_column(Date, index=True, default=None)
    finding: Mapped[str | None] = mapped_column(String(20), default=None)
