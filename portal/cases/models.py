"""The tables of a case. Clock events and the timeline only grow; people's words are sealed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from portal.cases.rules import CaseKind, Duty, ExclusionSource, MessageKind
from portal.cases.speaking import Scope, Shared, Use, Work
from portal.core.columns import Id, UtcInstant
from portal.core.db import Base
from portal.directory.models import words_of
from portal.timelimits.events import EventKind


class Case(Base):
    """One request to one body. The days are a cache of its clock events, written by ``cases.timekeeping`` alone.

    ``version`` grows with every change, for the warning that somebody else was quicker. ``locator_hash`` lets a person
    without an account come back with ten words; it is the SHA-256 of their locator, never the locator.
    """

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint("locale IN ('cy', 'en')", name="locale"),
        CheckConstraint("locator_hash IS NULL OR length(locator_hash) = 32", name="locator_hash_length"),
        CheckConstraint(
            "(is_open AND finished_on IS NULL) OR (NOT is_open AND finished_on IS NOT NULL)", name="open_or_finished"
        ),
        CheckConstraint("due_on >= received_on AND target_on <= due_on", name="days_in_order"),
        CheckConstraint("version > 0 AND event_count >= 0", name="counts"),
        Index("ix_cases_queue", "body_id", "kind", "is_open", "due_on", "id"),
        Index("ix_cases_state_queue", "body_id", "kind", "state", "due_on", "id"),
        Index("ix_cases_requester", "requester_person_id", "due_on", "id"),
        Index("ix_cases_system", "system_id", "kind", "is_open", "due_on", "id"),
        Index("ix_cases_clock", "is_open", "id"),
    )

    id: Mapped[Id]
    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"))
    kind: Mapped[CaseKind] = mapped_column(words_of(CaseKind, "kind"))
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    state: Mapped[str] = mapped_column(String(40))
    opened_at: Mapped[datetime] = mapped_column(UtcInstant)
    received_on: Mapped[date]
    due_on: Mapped[date]
    target_on: Mapped[date]
    notice_by: Mapped[date | None]
    paused_on: Mapped[date | None]
    waiting_on: Mapped[date | None]
    extended: Mapped[bool] = mapped_column(default=False)
    finished_on: Mapped[date | None]
    is_open: Mapped[bool] = mapped_column(default=True)
    locale: Mapped[str] = mapped_column(String(2))
    requester_person_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("persons.id"))
    locator_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    contact_email: Mapped[bytes | None] = mapped_column(LargeBinary)
    system_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("systems.id"))
    version: Mapped[int] = mapped_column(default=1)
    event_count: Mapped[int] = mapped_column(default=0)


class ClockEvent(Base):
    """One thing that happened to a case's clock; rows are only ever added."""

    __tablename__ = "clock_events"
    __table_args__ = (Index("ix_clock_events_case", "case_id"),)

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"))
    kind: Mapped[EventKind] = mapped_column(words_of(EventKind, "kind"))
    on_day: Mapped[date]
    question_id: Mapped[str] = mapped_column(String(26), default="")
    working_days: Mapped[int] = mapped_column(default=0, server_default="0")
    recorded_at: Mapped[datetime] = mapped_column(UtcInstant)
    actor_account_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)


class CaseMessage(Base):
    """Words between the people of a case, sealed in the vault. ``settled_at`` ends a question, however it ended."""

    __tablename__ = "case_messages"
    __table_args__ = (
        CheckConstraint("lang IN ('cy', 'en')", name="lang"),
        CheckConstraint("NOT asks_clarification OR kind = 'question'", name="only_a_question_asks"),
        CheckConstraint("settled_at IS NULL OR kind = 'question'", name="only_a_question_is_settled"),
        Index("ix_case_messages_open_questions", "case_id", "kind", "settled_at"),
    )

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"))
    kind: Mapped[MessageKind] = mapped_column(words_of(MessageKind, "kind"))
    sent_at: Mapped[datetime] = mapped_column(UtcInstant)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    lang: Mapped[str] = mapped_column(String(2))
    asks_clarification: Mapped[bool] = mapped_column(default=False)
    settled_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    actor_account_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)


class CaseEvent(Base):
    """One line of the timeline: what happened, said late in the reader's language, and the words it brought, if any."""

    __tablename__ = "case_events"
    __table_args__ = (UniqueConstraint("case_id", "number", name="uq_case_events_case_number"),)

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"))
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcInstant)
    step: Mapped[str] = mapped_column(String(40))
    role: Mapped[str] = mapped_column(String(40))
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    message_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("case_messages.id"), index=True)
    visible_to_requester: Mapped[bool]
    actor_account_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)


class Assignment(Base):
    """Somebody works on a case in one duty, until ``ended_at``.

    ``why`` is why it came to them, in two voices: theirs, and that of who sent it (``cases.reasons``); rows of before
    that was kept have none. ``in_place_of`` was away when it came, and is offered it back.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        Index("ix_assignments_case", "case_id", "duty", "ended_at"),
        Index("ix_assignments_person", "person_id", "duty", "ended_at"),
    )

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"))
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("persons.id"))
    duty: Mapped[Duty] = mapped_column(words_of(Duty, "duty"))
    assigned_at: Mapped[datetime] = mapped_column(UtcInstant)
    ended_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    assigned_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    why: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    in_place_of: Mapped[str | None] = mapped_column(String(26), ForeignKey("persons.id"), index=True)


class Exclusion(Base):
    """Somebody who must see no row, count or hit of a case.

    ``is_derived``: the rule book found it (``cases.excluding``), and the row goes when what it follows from does. Every
    other row stays until two people lift it and the person whose case it is agrees.
    """

    __tablename__ = "exclusions"
    __table_args__ = (Index("ix_exclusions_person", "person_id", "case_id"),)

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("persons.id"), primary_key=True)
    source: Mapped[ExclusionSource] = mapped_column(words_of(ExclusionSource, "source"))
    declared_at: Mapped[datetime] = mapped_column(UtcInstant)
    is_derived: Mapped[bool] = mapped_column(default=False, server_default=false())


class ExclusionLift(Base):
    """Lifting an exclusion: one officer proposes it, another approves it, and who sent the case agrees. With all three
    the exclusion's row is gone, and this one stays to say who did it.
    """

    __tablename__ = "exclusion_lifts"
    __table_args__ = (
        CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="two_people"),
        CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved_by_somebody"),
        CheckConstraint(
            "lifted_at IS NULL OR (approved_at IS NOT NULL AND consent_at IS NOT NULL)", name="lifted_by_all"
        ),
        CheckConstraint("lifted_at IS NULL OR ended_at IS NULL", name="lifted_or_ended"),
        Index("ix_exclusion_lifts_case", "case_id", "person_id"),
    )

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"))
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("persons.id"), index=True)
    because: Mapped[bytes] = mapped_column(LargeBinary)
    lang: Mapped[str] = mapped_column(String(2))
    proposed_by: Mapped[str] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    proposed_at: Mapped[datetime] = mapped_column(UtcInstant)
    approved_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    approved_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    consent_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    ended_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class CaseHold(Base):
    """While it stands, nothing of a case is deleted. ``for_case_id`` is the complaint that wants it kept; without one
    somebody set it for a reason of their own. Who worked on the case is told nothing of a hold that a complaint set.
    """

    __tablename__ = "case_holds"
    __table_args__ = (
        CheckConstraint("for_case_id IS NULL OR for_case_id <> case_id", name="for_another_case"),
        Index("ix_case_holds_case", "case_id", "lifted_at"),
    )

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"))
    for_case_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("cases.id", ondelete="SET NULL"), index=True)
    because: Mapped[bytes | None] = mapped_column(LargeBinary)
    set_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    set_at: Mapped[datetime] = mapped_column(UtcInstant)
    review_on: Mapped[date | None]
    lifted_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    lifted_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)


class CaseCount(Base):
    """How many cases a body has of each kind and state, kept in the transaction of each change."""

    __tablename__ = "case_counts"
    __table_args__ = (CheckConstraint("number >= 0", name="number"),)

    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"), primary_key=True)
    kind: Mapped[CaseKind] = mapped_column(words_of(CaseKind, "kind"), primary_key=True)
    state: Mapped[str] = mapped_column(String(40), primary_key=True)
    is_open: Mapped[bool] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(default=0)


class CaseRepresentative(Base):
    """Whom the person of a case named to their employer: to follow it, or to speak in it, from a day until a day.

    They have no account here, for an account could say which union they work for; they come with ten words of their
    own, of which ``locator_hash`` is the hash. They hear at ``email``, in ``lang`` or both languages, of what came
    after ``told_at``; at the end the address goes, and ``ended_on`` says that the end was written down.

    ``is_asker``: they asked for the person, who was not there. ``is_on_paper``: an officer wrote it down, and nobody
    was given ten words for it.
    """

    __tablename__ = "case_representatives"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="period"),
        CheckConstraint("length(locator_hash) = 32", name="locator_hash_length"),
        CheckConstraint("lang IS NULL OR lang IN ('cy', 'en')", name="lang"),
        CheckConstraint("email IS NULL OR (revoked_at IS NULL AND ended_on IS NULL)", name="no_address_after_the_end"),
        Index("ix_case_representatives_case", "case_id"),
        Index("ix_case_representatives_end", "ended_on", "until_on"),
    )

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"))
    scope: Mapped[Scope] = mapped_column(words_of(Scope, "scope"))
    name: Mapped[bytes] = mapped_column(LargeBinary)
    reach: Mapped[bytes | None] = mapped_column(LargeBinary)
    email: Mapped[bytes | None] = mapped_column(LargeBinary)
    lang: Mapped[str | None] = mapped_column(String(2))
    locator_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    from_on: Mapped[date]
    until_on: Mapped[date]
    given_at: Mapped[datetime] = mapped_column(UtcInstant)
    told_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    ended_on: Mapped[date | None]
    is_asker: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_on_paper: Mapped[bool] = mapped_column(default=False, server_default=false())


class CaseShare(Base):
    """One part of a case that its person ticked for a representative."""

    __tablename__ = "case_shares"

    representative_id: Mapped[str] = mapped_column(
        String(26), ForeignKey("case_representatives.id", ondelete="CASCADE"), primary_key=True
    )
    part: Mapped[Shared] = mapped_column(words_of(Shared, "part"), primary_key=True)


class RepresentativeUse(Base):
    """A representative used their ten words on a day: the person whose case it is reads it."""

    __tablename__ = "representative_uses"

    representative_id: Mapped[str] = mapped_column(
        String(26), ForeignKey("case_representatives.id", ondelete="CASCADE"), primary_key=True
    )
    on_day: Mapped[date] = mapped_column(primary_key=True)
    use: Mapped[Use] = mapped_column(words_of(Use, "use"), primary_key=True)


class RepresentativeAuthority(Base):
    """An officer saw by what somebody may represent the person: which day, and what it was in the officer's words."""

    __tablename__ = "representative_authorities"
    __table_args__ = (CheckConstraint("lang IN ('cy', 'en')", name="lang"),)

    representative_id: Mapped[str] = mapped_column(
        String(26), ForeignKey("case_representatives.id", ondelete="CASCADE"), primary_key=True
    )
    shown: Mapped[bytes] = mapped_column(LargeBinary)
    lang: Mapped[str] = mapped_column(String(2))
    shown_on: Mapped[date]
    seen_by: Mapped[str] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    seen_at: Mapped[datetime] = mapped_column(UtcInstant)


class RepresentativeEnding(Base):
    """An officer ended what a representative may do, and why: the person reads it."""

    __tablename__ = "representative_endings"
    __table_args__ = (CheckConstraint("lang IN ('cy', 'en')", name="lang"),)

    representative_id: Mapped[str] = mapped_column(
        String(26), ForeignKey("case_representatives.id", ondelete="CASCADE"), primary_key=True
    )
    because: Mapped[bytes] = mapped_column(LargeBinary)
    lang: Mapped[str] = mapped_column(String(2))
    ended_by: Mapped[str] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    ended_at: Mapped[datetime] = mapped_column(UtcInstant)


class RepresentativeWork(Base):
    """One thing that a representative wrote or gave for the person: ``subject`` is the id of its own row."""

    __tablename__ = "representative_works"

    subject: Mapped[str] = mapped_column(String(26), primary_key=True)
    work: Mapped[Work] = mapped_column(words_of(Work, "work"), primary_key=True)
    representative_id: Mapped[str] = mapped_column(
        String(26), ForeignKey("case_representatives.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime] = mapped_column(UtcInstant)
