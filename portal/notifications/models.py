"""The outbox."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id, UtcInstant
from portal.core.db import Base


class OutboxLetter(Base):
    """One letter that waits, was sent, or could not be. Address and values are sealed by the vault until it is sent.

    ``is_refused``: the server said for good that it takes no letter for this address.
    """

    __tablename__ = "outbox_letters"
    __table_args__ = (CheckConstraint("state IN ('waiting', 'sent', 'dead')", name="state_is_known"),)

    id: Mapped[Id]
    template: Mapped[str] = mapped_column(String(60))
    locale: Mapped[str | None] = mapped_column(String(2))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(8), index=True)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    queued_at: Mapped[datetime] = mapped_column(UtcInstant)
    due_at: Mapped[datetime] = mapped_column(UtcInstant, index=True)
    sent_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    is_refused: Mapped[bool | None] = mapped_column(default=None)
