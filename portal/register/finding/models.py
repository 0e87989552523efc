"""The index behind the list of systems: one line for each published system, beside the words kept with its version.

It follows from the current version, from where the system stands and from what unions say. It is written in the
transaction that changes any of them, and can be made again from what is published at any time (``porth index``).
Searches are answered from a copy in memory (``catalogue``): every change is numbered, so that whoever holds a copy
reads only what came after it.
"""

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base

THE_ONE = 1


class SystemListing(Base):
    """Where a published system stands in the alphabets of both languages, and the change that last touched it.

    ``is_disputed``: a union has said that it does not agree; None until the index of an older database is made anew.
    """

    __tablename__ = "system_listings"

    system_id: Mapped[str] = mapped_column(ForeignKey("systems.id"), primary_key=True)
    version_id: Mapped[str] = mapped_column(ForeignKey("system_versions.id"), index=True)
    place_cy: Mapped[bytes] = mapped_column(LargeBinary)
    place_en: Mapped[bytes] = mapped_column(LargeBinary)
    is_disputed: Mapped[bool | None] = mapped_column(default=None)
    change: Mapped[int] = mapped_column(index=True, server_default="0")


class IndexStanding(Base):
    """How often the index was changed, and signs of the last changes, the newest first.

    One row, which whoever changes the index holds until they commit: numbers are committed in their order. The signs
    are drawn by chance. A copy whose number and sign are not among them is of another past (a backup was put back, or
    the index was made again), and is read anew.
    """

    __tablename__ = "system_index_standing"
    __table_args__ = (CheckConstraint(f"id = {THE_ONE}", name="only_one"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False, default=THE_ONE)
    number: Mapped[int]
    recent: Mapped[str] = mapped_column(Text)
