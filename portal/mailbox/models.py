"""What is stored of a concern, and nothing else (sealed-channel.md section 3).

No table counts, orders by insertion or knows an instant: keys are random and lead the rows (WITHOUT ROWID on SQLite),
times are days and weeks.
"""

from datetime import date

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base

NO_ROWID = {"sqlite_with_rowid": False}


class SealedCase(Base):
    """One lane of a concern: a thread that its reporter and the holders of a grant can open.

    In a lane of readers only nobody waits for an answer: its state is ``notes``. A thread that is ``held`` outlives its
    week.
    """

    __tablename__ = "sealed_cases"
    __table_args__ = (
        CheckConstraint("state IN ('new', 'acknowledged', 'closed', 'notes')", name="state_is_known"),
        CheckConstraint("epoch BETWEEN 0 AND 999", name="epoch_in_range"),
        CheckConstraint("length(case_id) = 16", name="id_length"),
        NO_ROWID,
    )

    case_id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    body_id: Mapped[str] = mapped_column(String(26), index=True)
    locator_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    recipient: Mapped[str] = mapped_column(Text)
    epoch: Mapped[int] = mapped_column(SmallInteger, default=0)
    opened_day: Mapped[date] = mapped_column(index=True)
    expires_week: Mapped[date] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(12), default="new")
    held: Mapped[bool] = mapped_column(default=False)


class SealedGrant(Base):
    """The case identity of one epoch, sealed to one reader's key; the reporter's stands under 32 zero bytes."""

    __tablename__ = "sealed_grants"
    __table_args__ = (Index("ix_sealed_grants_key", "key_id"), NO_ROWID)

    case_id: Mapped[bytes] = mapped_column(
        LargeBinary(16), ForeignKey("sealed_cases.case_id", ondelete="CASCADE"), primary_key=True
    )
    epoch: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    key_id: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    file: Mapped[bytes] = mapped_column(LargeBinary)


class SealedItem(Base):
    """One item of a thread. Its place follows from ``prev``, the hash of the file before it; no two share a place."""

    __tablename__ = "sealed_items"
    __table_args__ = (
        UniqueConstraint("case_id", "prev", name="uq_sealed_items_place"),
        Index("ix_sealed_items_case_day", "case_id", "day"),
        NO_ROWID,
    )

    item_id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    case_id: Mapped[bytes] = mapped_column(LargeBinary(16), ForeignKey("sealed_cases.case_id", ondelete="CASCADE"))
    epoch: Mapped[int] = mapped_column(SmallInteger)
    prev: Mapped[bytes] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    file: Mapped[bytes] = mapped_column(LargeBinary)
    day: Mapped[date] = mapped_column(index=True)


class SealedFile(Base):
    """One age file on the shelf. It comes before the item that names it, perhaps before its thread.

    ``place`` is its name in the folder, ``size`` that of its class as sealed. Until an item names it, it is waiting
    since a day; from then on it knows no day of its own.
    """

    __tablename__ = "sealed_files"
    __table_args__ = (
        CheckConstraint("length(blob_id) = 16", name="id_length"),
        CheckConstraint("size > 0", name="size_is_positive"),
        Index("ix_sealed_files_case", "case_id"),
        NO_ROWID,
    )

    blob_id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    case_id: Mapped[bytes] = mapped_column(LargeBinary(16))
    size: Mapped[int] = mapped_column(Integer)
    place: Mapped[str] = mapped_column(String(26), unique=True)
    waiting_since: Mapped[date | None] = mapped_column(index=True)
