"""What is kept about the time of a concern: days on which readers did something, and nothing of what it says.

No key refers to a thread, and no row shares a transaction with one: a thread's row would be tied to it, and its order
with it. Keys are random and lead the rows; there is no instant in them.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import UtcInstant
from portal.core.db import Base
from portal.timelimits.promises import DEFAULT_PROMISES

NO_ROWID = {"sqlite_with_rowid": False}


class ConcernClock(Base):
    """The days of one thread. ``due_on`` is the first thing owed, a cache; ``step`` the last one told of for that day.

    After the outcome ``after_on`` is the next day on which something happens by itself, and ``asked`` the question that
    the reporter's page asked last, by its days after the outcome.

    It is made on the day after the thread came, and goes when the thread is forgotten.
    """

    __tablename__ = "concern_clocks"
    __table_args__ = (
        CheckConstraint("length(case_id) = 16", name="id_length"),
        CheckConstraint("step IS NULL OR step BETWEEN 0 AND 3", name="step_in_range"),
        CheckConstraint("after_on IS NULL OR outcome_on IS NOT NULL", name="after_the_outcome"),
        Index("ix_concern_clocks_due", "body_id", "due_on"),
        Index("ix_concern_clocks_after", "after_on"),
        NO_ROWID,
    )

    case_id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    body_id: Mapped[str] = mapped_column(String(26))
    opened_on: Mapped[date]
    acknowledged_on: Mapped[date | None]
    triaged_on: Mapped[date | None]
    replied_on: Mapped[date | None]
    updated_on: Mapped[date | None]
    outcome_on: Mapped[date | None]
    reopened_on: Mapped[date | None]
    due_on: Mapped[date | None]
    step: Mapped[int | None] = mapped_column(SmallInteger)
    after_on: Mapped[date | None]
    asked: Mapped[int | None] = mapped_column(SmallInteger)


class ConcernPromise(Base):
    """What one body promises; a body without a row promises the defaults."""

    __tablename__ = "concern_promises"
    __table_args__ = (
        CheckConstraint(
            "acknowledge >= 1 AND triage >= acknowledge AND reply >= triage AND update_every >= 1"
            " AND outcome_months >= 1",
            name="in_order",
        ),
    )

    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"), primary_key=True)
    acknowledge: Mapped[int] = mapped_column(SmallInteger, default=DEFAULT_PROMISES.acknowledge)
    triage: Mapped[int] = mapped_column(SmallInteger, default=DEFAULT_PROMISES.triage)
    reply: Mapped[int] = mapped_column(SmallInteger, default=DEFAULT_PROMISES.reply)
    update_every: Mapped[int] = mapped_column(SmallInteger, default=DEFAULT_PROMISES.update)
    outcome_months: Mapped[int] = mapped_column(SmallInteger, default=DEFAULT_PROMISES.outcome_months)
    set_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    set_at: Mapped[datetime] = mapped_column(UtcInstant)


class ReaderTold(Base):
    """A reader got a letter of a kind on a day: one for everything, however many concerns it is for."""

    __tablename__ = "concern_readers_told"
    __table_args__ = (CheckConstraint("kind IN ('news', 'late', 'ask')", name="kind_is_known"),)

    on_day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("persons.id"), primary_key=True)


class NoticeDay(Base):
    """A day's letters of one kind are all written."""

    __tablename__ = "concern_notice_days"

    on_day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
