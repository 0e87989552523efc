"""The index behind the list of systems: one line for each published system, and the words that find it.

Both follow from the current version and from where the system stands. They are written in the transaction that changes
either, and can be made again from what is published at any time (``porth index``).

A place is where a name stands in the alphabet of a language. The lists of words hold it too, each in the order of the
alphabet, so that the first page of 5,000 systems with a word in common is read like that of five.
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
        Index("ix_system_listings_cy", "place_cy", "system_id"),
        Index("ix_system_listings_en", "place_en", "system_id"),
    )

    system_id: Mapped[str] = mapped_column(ForeignKey("systems.id"), primary_key=True)
    version_id: Mapped[str] = mapped_column(ForeignKey("system_versions.id"), index=True)
    place_cy: Mapped[bytes] = mapped_column(LargeBinary)
    place_en: Mapped[bytes] = mapped_column(LargeBinary)


class SystemSearchWord(Base):
    """One word, under its dictionary form, or one filter (``kind:rostering_shift``) that finds a system."""

    __tablename__ = "system_search_words"
    __table_args__ = (
        Index("ix_system_search_words_en", "word", "place_en", "system_id"),
        Index("ix_system_search_words_system", "system_id", "word"),
        {"sqlite_with_rowid": False},
    )

    word: Mapped[str] = mapped_column(WORD, primary_key=True)
    place_cy: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    system_id: Mapped[str] = mapped_column(ForeignKey("systems.id"), primary_key=True)
    place_en: Mapped[bytes] = mapped_column(LargeBinary)
