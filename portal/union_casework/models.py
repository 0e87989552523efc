"""What a branch keeps for itself beside the sealed threads. No row is of a body, and none names a worker."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id
from portal.core.db import Base

ID = String(26)


class HandoverPack(Base):
    """That a thread was taken out for an officer or a solicitor: on which day, to how many keys, whole or cut. What is
    in it stays on the device that made it; its digest tells one pack from another."""

    __tablename__ = "handover_packs"
    __table_args__ = (
        CheckConstraint("length(digest) = 32", name="digest_length"),
        CheckConstraint("recipients >= 1", name="to_somebody"),
        Index("ix_handover_packs_branch", "branch_id", "on_day", "id"),
        Index("ix_handover_packs_case", "case_id"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[Id]
    branch_id: Mapped[str] = mapped_column(ID, ForeignKey("union_branches.id"))
    case_id: Mapped[bytes] = mapped_column(LargeBinary(16))
    made_by: Mapped[str] = mapped_column(ID, ForeignKey("persons.id"), index=True)
    on_day: Mapped[date]
    recipients: Mapped[int] = mapped_column(SmallInteger)
    files: Mapped[int] = mapped_column(SmallInteger)
    is_redacted: Mapped[bool]
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))


class BranchDataContact(Base):
    """Whom a member asks for the data that a branch holds about them."""

    __tablename__ = "branch_data_contacts"

    branch_id: Mapped[str] = mapped_column(ID, ForeignKey("union_branches.id"), primary_key=True)
    name_cy: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    changed_by: Mapped[str] = mapped_column(ID, ForeignKey("accounts.id"), index=True)
    changed_on: Mapped[date]
