"""What an officer keeps for their own desk."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id
from portal.core.db import Base


class SavedView(Base):
    """A filter of the queue under a name, for the person who saved it."""

    __tablename__ = "access_saved_views"
    __table_args__ = (UniqueConstraint("account_id", "name", name="uq_access_saved_views_account_name"),)

    id: Mapped[Id]
    account_id: Mapped[str] = mapped_column(String(26), ForeignKey("accounts.id"))
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(String(400))
