"""Requests that belong together, and who may speak for the person who asks."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id, UtcInstant
from portal.core.db import Base
from portal.directory.models import words_of
from portal.subject_access.asking.rules import AuthorityKind, AuthorityScope, EnclosureKind, Looked


class LinkedRequest(Base):
    """One asking of several bodies: a case for each, with its own clock, and one view for the worker."""

    __tablename__ = "linked_requests"

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    group_id: Mapped[str] = mapped_column(String(26), index=True)


class AskedSystem(Base):
    """A system of the register that somebody asked about. ``is_alone``: nothing but such systems was asked for."""

    __tablename__ = "access_asked_systems"

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    system_id: Mapped[str] = mapped_column(String(26), ForeignKey("systems.id"), primary_key=True, index=True)
    is_alone: Mapped[bool]


class Authority(Base):
    """Somebody may speak for the person who asks: what for, until when, and whether it was taken back.

    A representative has no account here, for an account could say which union they work for; they come with ten words
    of their own, of which ``locator_hash`` is the hash. ``is_asker``: they asked, and the person was not there.
    ``shown_on`` is the day on which their authority was seen; who is named by the signed-in worker needs no other.
    """

    __tablename__ = "access_authorities"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="period"),
        CheckConstraint("length(locator_hash) = 32", name="locator_hash_length"),
        CheckConstraint("is_asker OR shown_on IS NOT NULL", name="named_by_the_person"),
        Index("ix_access_authorities_case", "case_id"),
        Index("ix_access_authorities_end", "is_asker", "until_on"),
    )

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"))
    kind: Mapped[AuthorityKind] = mapped_column(words_of(AuthorityKind, "kind"))
    scope: Mapped[AuthorityScope] = mapped_column(words_of(AuthorityScope, "scope"))
    name: Mapped[bytes] = mapped_column(LargeBinary)
    reach: Mapped[bytes] = mapped_column(LargeBinary)
    locator_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    is_asker: Mapped[bool]
    from_on: Mapped[date]
    until_on: Mapped[date]
    given_at: Mapped[datetime] = mapped_column(UtcInstant)
    shown_on: Mapped[date | None]
    revoked_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class Enclosure(Base):
    """A paper that came with a request, as a sealed file: the original of it, or an authority that was signed."""

    __tablename__ = "access_enclosures"
    __table_args__ = (CheckConstraint("size > 0", name="size"),)

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), index=True)
    kind: Mapped[EnclosureKind] = mapped_column(words_of(EnclosureKind, "kind"))
    blob_id: Mapped[str] = mapped_column(String(26))
    file_name: Mapped[bytes] = mapped_column(LargeBinary)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(UtcInstant)


class Reading(Base):
    """Somebody opened a part of a request on a day: shown to the person whose request it is."""

    __tablename__ = "access_readings"

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(26), ForeignKey("accounts.id"), primary_key=True, index=True)
    on_day: Mapped[date] = mapped_column(primary_key=True)
    part: Mapped[Looked] = mapped_column(words_of(Looked, "part"), primary_key=True)
