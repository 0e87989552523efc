"""What is kept of a ticket that was used: that it was, until the day on which it would have ended anyway."""

from datetime import date

from sqlalchemy import CheckConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base


class UsedTicket(Base):
    """The hash of a used ticket. It is random, leads no further, and stands in no order but its own (no row id)."""

    __tablename__ = "used_tickets"
    __table_args__ = (CheckConstraint("length(hash) = 32", name="hash_length"), {"sqlite_with_rowid": False})

    day: Mapped[date] = mapped_column(primary_key=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
