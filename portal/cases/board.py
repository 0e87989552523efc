"""Who at the top of a body hears that a day is about to pass, or has passed: addresses that its administrator named."""

from collections.abc import Sequence

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core.columns import Id
from portal.core.db import Base


class BoardAddress(Base):
    """One address at the top of a body."""

    __tablename__ = "access_board_addresses"
    __table_args__ = (UniqueConstraint("body_id", "email", name="uq_access_board_addresses_body_email"),)

    id: Mapped[Id]
    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"))
    email: Mapped[str] = mapped_column(String(254))


def list_addresses(session: Session, body_id: str) -> Sequence[BoardAddress]:
    """The addresses of a body, by name."""
    return session.scalars(
        select(BoardAddress).where(BoardAddress.body_id == body_id).order_by(BoardAddress.email)
    ).all()
