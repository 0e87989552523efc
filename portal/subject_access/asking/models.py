"""Requests that belong together, and who may speak for the person who asks."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id, UtcInstant
from portal.core.db import Base
from portal.directory.models import words_of
from portal.subject_access.asking.rules import AuthorityKind, AuthorityScope, EnclosureKind, Ground, Looked, Outcome


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
    Whom the worker named hears at ``email``, in ``lang`` or in both languages, of what came after ``told_at``.
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
    email: Mapped[bytes | None] = mapped_column(LargeBinary)
    lang: Mapped[str | None] = mapped_column(String(2))
    told_at: Mapped[datetime | None] = mapped_column(UtcInstant)
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


class Wish(Base):
    """Who must not search, decide or see a request, in the words of the person who asks.

    An officer who is not meant says who that is, or why nobody is left out for it; the person reads the answer.
    ``told_at`` is when those officers were told that it waits. ``authority_id`` is whose words they are where somebody
    speaks for the person. ``let_in_at`` is when whoever was left out for it was let in again.
    """

    __tablename__ = "access_wishes"
    __table_args__ = (
        CheckConstraint("lang IN ('cy', 'en')", name="lang"),
        CheckConstraint("(outcome IS NULL) = (answered_at IS NULL)", name="answered_with_an_outcome"),
        CheckConstraint("outcome IS NULL OR outcome <> 'nobody' OR answer IS NOT NULL", name="nobody_for_a_reason"),
        CheckConstraint("taken_back_at IS NULL OR outcome IS NULL", name="taken_back_before_the_answer"),
    )

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), index=True)
    words: Mapped[bytes] = mapped_column(LargeBinary)
    lang: Mapped[str] = mapped_column(String(2))
    said_at: Mapped[datetime] = mapped_column(UtcInstant)
    told_at: Mapped[datetime | None] = mapped_column(UtcInstant, index=True)
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    outcome: Mapped[Outcome | None] = mapped_column(words_of(Outcome, "outcome"))
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    answered_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    answered_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    authority_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("access_authorities.id"), index=True)
    let_in_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class LeftOut(Base):
    """Why somebody was left out of a request; the row of ``exclusions`` beside it is what keeps them away.

    ``passed_on_at`` is when what they held went to somebody else. ``said_by`` is nobody where the portal found their
    full name in the words of the person who asks. ``return_by`` is the first of the two officers who let somebody in
    again, and ``return_because`` why.
    """

    __tablename__ = "access_left_out"

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("persons.id"), primary_key=True, index=True)
    ground: Mapped[Ground] = mapped_column(words_of(Ground, "ground"))
    because: Mapped[bytes | None] = mapped_column(LargeBinary)
    said_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    said_at: Mapped[datetime] = mapped_column(UtcInstant)
    had_case: Mapped[bool]
    passed_on_at: Mapped[datetime | None] = mapped_column(UtcInstant, index=True)
    return_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    return_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    return_because: Mapped[bytes | None] = mapped_column(LargeBinary)


class LeftOutFor(Base):
    """For which words of the person who asks somebody was left out: when the last is taken back, they may come in."""

    __tablename__ = "access_left_out_for"

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("persons.id"), primary_key=True, index=True)
    wish_id: Mapped[str] = mapped_column(String(26), ForeignKey("access_wishes.id"), primary_key=True, index=True)


class Reading(Base):
    """Somebody opened a part of a request on a day: shown to the person whose request it is."""

    __tablename__ = "access_readings"

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(26), ForeignKey("accounts.id"), primary_key=True, index=True)
    on_day: Mapped[date] = mapped_column(primary_key=True)
    part: Mapped[Looked] = mapped_column(words_of(Looked, "part"), primary_key=True)
