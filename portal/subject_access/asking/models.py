"""Requests that belong together, and who may speak for the person who asks."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id, UtcInstant
from portal.core.db import Base
from portal.directory.models import words_of
from portal.subject_access.asking.rules import AuthorityKind, AuthorityScope


class LinkedRequest(Base):
    """One asking of several bodies: a case for each, with its own clock, and one view for the worker."""

    __tablename__ = "linked_requests"

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    group_id: Mapped[str] = mapped_column(String(26), index=True)


class Authority(Base):
    """Somebody may speak for the person who asks: what for, until when, and whether it was taken back.

    A representative with an account is ``person_id``; others (a solicitor) are known by sealed ``name`` and ``reach``.
    """

    __tablename__ = "access_authorities"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="period"),
        CheckConstraint("(person_id IS NULL) <= (name IS NOT NULL)", name="somebody"),
        Index("ix_access_authorities_case", "case_id"),
    )

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"))
    kind: Mapped[AuthorityKind] = mapped_column(words_of(AuthorityKind, "kind"))
    scope: Mapped[AuthorityScope] = mapped_column(words_of(AuthorityScope, "scope"))
    person_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("persons.id"), index=True)
    name: Mapped[bytes | None] = mapped_column(LargeBinary)
    reach: Mapped[bytes | None] = mapped_column(LargeBinary)
    from_on: Mapped[date]
    until_on: Mapped[date]
    given_at: Mapped[datetime] = mapped_column(UtcInstant)
    shown_on: Mapped[date | None]
    revoked_at: Mapped[datetime | None] = mapped_column(UtcInstant)
