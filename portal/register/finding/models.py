"""The index behind the list of systems: one line for each published system, and the words that find it.

Both follow from the current version alone. They are written anew in the transaction that publishes one, and can be made
again from what is published at any time (``porth index``).
"""

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base
from portal.i18n.mutation import LONGEST

WORD = String(LONGEST + 8).with_variant(String(LONGEST + 8, collation="C"), "postgresql")
"""Compared by its bytes on both databases, so that all words with the same beginning stand together."""


class SystemListing(Base):
    """Where a published system stands in the alphabets of both languages."""

    __tablename__ = "system_listings"
    __table_args__ = (
        Index("ix_system_listings_cy", "sort_cy", "system_id"),
        Index("ix_system_listings_en", "sort_en", "system_id"),
    )

    system_id: Mapped[str] = mapped_column(ForeignKey("systems.id"), primary_key=True)
    version_id: Mapped[str] = mapped_column(ForeignKey("system_versions.id"), index=True)
    sort_cy: Mapped[bytes] = mapped_column(LargeBinary)
    sort_en: Mapped[bytes] = mapped_column(LargeBinary)


class SystemSearchWord(Base):
    """One word, under its dictionary form, or one filter (``kind:rostering_shift``) that finds a system."""

    __tablename__ = "system_search_words"
    __table_args__ = (Index("ix_system_search_words_system", "system_id", "word"), {"sqlite_with_rowid": False})

    word: Mapped[str] = mapped_column(WORD, primary_key=True)
    system_id: Mapped[str] = mapped_column(ForeignKey("systems.id"), primary_key=True)
