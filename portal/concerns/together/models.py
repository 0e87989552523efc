"""Concerns that one side put together because they have one cause, and what two unions agreed to say about it.

A collective is one branch's, or one body's readers'. It holds ids, a theme and days: no word, and no number of people.
As for every told row no key refers to a thread, and no row says which two threads are one reporter's.
"""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.concerns.casework.rules import Side, Theme
from portal.concerns.together.rules import BANDS
from portal.core.columns import Id
from portal.core.db import Base
from portal.directory.models import words_of

NO_ROWID = {"sqlite_with_rowid": False}
CASE = LargeBinary(16)
ID = String(26)
_ONE_OF_BANDS = ", ".join(str(band) for band in BANDS)


class Collective(Base):
    """A cause that several threads of one body have in common, as one side sees it."""

    __tablename__ = "collectives"
    __table_args__ = (Index("ix_collectives_home", "side", "home_id", "body_id"), NO_ROWID)

    id: Mapped[Id]
    side: Mapped[Side] = mapped_column(words_of(Side, "side"))
    home_id: Mapped[str] = mapped_column(ID)
    body_id: Mapped[str] = mapped_column(ID, ForeignKey("bodies.id"), index=True)
    theme: Mapped[Theme] = mapped_column(words_of(Theme, "theme"))
    system_id: Mapped[str | None] = mapped_column(ID, index=True)
    opened_on: Mapped[date]


class CollectiveLink(Base):
    """A thread that was put there. Taken out again it stays as a row, so that it can be put back."""

    __tablename__ = "collective_links"
    __table_args__ = (
        CheckConstraint("length(case_id) = 16", name="id_length"),
        Index("ix_collective_links_case", "case_id"),
        NO_ROWID,
    )

    collective_id: Mapped[str] = mapped_column(ID, ForeignKey("collectives.id"), primary_key=True)
    case_id: Mapped[bytes] = mapped_column(CASE, primary_key=True)
    linked_on: Mapped[date]
    unlinked_on: Mapped[date | None]


class BandTold(Base):
    """Reporters were told that they are not alone: how many concerns there were at least. Rows are only added."""

    __tablename__ = "collective_bands"
    __table_args__ = (CheckConstraint(f"band IN ({_ONE_OF_BANDS})", name="band_is_known"), NO_ROWID)

    collective_id: Mapped[str] = mapped_column(ID, ForeignKey("collectives.id"), primary_key=True)
    band: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    told_on: Mapped[date]


class JointText(Base):
    """What one union branch proposes to another to say about a cause. Both agreed once ``agreed_on`` is set; the words
    are sealed by the vault. It names no thread and no collective."""

    __tablename__ = "joint_texts"
    __table_args__ = (
        CheckConstraint("from_branch <> to_branch", name="two_branches"),
        CheckConstraint("(agreed_by IS NULL) = (agreed_on IS NULL)", name="agreement_is_whole"),
        Index("ix_joint_texts_from", "from_branch", "ended_on"),
        Index("ix_joint_texts_to", "to_branch", "ended_on"),
    )

    id: Mapped[Id]
    body_id: Mapped[str] = mapped_column(ID, ForeignKey("bodies.id"), index=True)
    theme: Mapped[Theme] = mapped_column(words_of(Theme, "theme"))
    system_id: Mapped[str | None] = mapped_column(ID, index=True)
    from_branch: Mapped[str] = mapped_column(ID, ForeignKey("union_branches.id"))
    to_branch: Mapped[str] = mapped_column(ID, ForeignKey("union_branches.id"))
    text_cy: Mapped[bytes] = mapped_column(LargeBinary)
    text_en: Mapped[bytes] = mapped_column(LargeBinary)
    written_by: Mapped[str] = mapped_column(ID, ForeignKey("persons.id"), index=True)
    written_on: Mapped[date]
    agreed_by: Mapped[str | None] = mapped_column(ID, ForeignKey("persons.id"), index=True)
    agreed_on: Mapped[date | None]
    ended_on: Mapped[date | None]


BESIDE_SEALED = (str(CollectiveLink.__tablename__),)
"""Rewritten in random order with the sealed tables, as the other rows that name threads."""
