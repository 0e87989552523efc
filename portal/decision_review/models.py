"""What a worker asks to be looked at again, and what kind of review it is. People's words are sealed."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id, UtcInstant
from portal.core.db import Base
from portal.decision_review.rules import Channel, IdentityCheck, Outcome, RefusalGround, ReviewClass
from portal.directory.models import words_of


class ReviewRequest(Base):
    """What the worker asked for. ``who`` holds name and contact of somebody without an account.

    ``effect`` is what the decision does to them, ``effect_on`` the day from which; ``since_on`` since when it goes on.
    ``companion`` is a person with a name, whoever they work for: a union is not asked for. ``keep_away`` are words on
    who must not see it, beside those who were recognised and are left out already.
    """

    __tablename__ = "review_requests"

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    decision_point_id: Mapped[str | None] = mapped_column(ForeignKey("decision_points.id"), index=True)
    decided_on: Mapped[date] = mapped_column(Date)
    what_happened: Mapped[bytes] = mapped_column(LargeBinary)
    wanted: Mapped[list[str]] = mapped_column(JSON)
    wanted_words: Mapped[bytes] = mapped_column(LargeBinary)
    who: Mapped[bytes | None] = mapped_column(LargeBinary)
    lang: Mapped[str] = mapped_column(String(2))
    since_on: Mapped[date | None]
    effect: Mapped[bytes | None] = mapped_column(LargeBinary)
    effect_on: Mapped[date | None]
    companion: Mapped[bytes | None] = mapped_column(LargeBinary)
    meeting_locale: Mapped[str | None] = mapped_column(String(2))
    keep_away: Mapped[bytes | None] = mapped_column(LargeBinary)
    channel: Mapped[Channel] = mapped_column(
        words_of(Channel, "channel", is_told=False), default=Channel.PORTAL, server_default=Channel.PORTAL.value
    )
    late_reason: Mapped[bytes | None] = mapped_column(LargeBinary)
    identity_check: Mapped[IdentityCheck | None] = mapped_column(
        words_of(IdentityCheck, "identity_check", is_told=False)
    )
    identity_checked_on: Mapped[date | None]
    proof_reminders: Mapped[int] = mapped_column(default=0, server_default="0")
    proof_reminded_on: Mapped[date | None]
    refusal_ground: Mapped[RefusalGround | None] = mapped_column(
        words_of(RefusalGround, "refusal_ground", is_told=False)
    )


class Classification(Base):
    """What kind of review it is, said by one officer with reasons; the worker may contest it, and another officer
    settles that. One stands at a time: a settled contest that changes the class ends it and adds the next.

    ``right_id`` names the right that was agreed, for class C alone.
    """

    __tablename__ = "review_classifications"
    __table_args__ = (
        CheckConstraint("lang IN ('cy', 'en')", name="lang"),
        CheckConstraint("(review_class = 'c') = (right_id IS NOT NULL)", name="agreed_by_a_right"),
        CheckConstraint("settled_by IS NULL OR settled_by <> decided_by", name="two_people"),
        CheckConstraint("(contested_at IS NULL) = (contest IS NULL)", name="contested_with_words"),
        CheckConstraint(
            "(settled_by IS NULL) = (settled_at IS NULL) AND (settled_by IS NULL) = (settlement IS NULL)",
            name="settled_with_reasons",
        ),
        CheckConstraint("settled_at IS NULL OR contested_at IS NOT NULL", name="settled_when_contested"),
        CheckConstraint("ended_at IS NULL OR settled_at IS NOT NULL", name="ended_by_settling"),
        Index("ix_review_classifications_case", "case_id"),
        Index(
            "uq_review_classifications_standing",
            "case_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"))
    review_class: Mapped[ReviewClass] = mapped_column(words_of(ReviewClass, "review_class"))
    right_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("body_rights.id"), index=True)
    reasons: Mapped[bytes] = mapped_column(LargeBinary)
    lang: Mapped[str] = mapped_column(String(2))
    decided_by: Mapped[str] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    decided_at: Mapped[datetime] = mapped_column(UtcInstant)
    contest: Mapped[bytes | None] = mapped_column(LargeBinary)
    contested_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    settlement: Mapped[bytes | None] = mapped_column(LargeBinary)
    settled_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    settled_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    ended_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class ReviewDecision(Base):
    """What was decided and told at the first stage, and why, in the worker's language; in the other where it was
    written too. ``second_by`` is the other of two where two decided. ``proposal_id``: nobody reviewed it, two officers
    explained what happened, for no decision of a system was found."""

    __tablename__ = "review_decisions"
    __table_args__ = (
        CheckConstraint("reasons_cy IS NOT NULL OR reasons_en IS NOT NULL", name="reasons_are_given"),
        CheckConstraint("proposal_id IS NULL OR outcome = 'explained'", name="explained_by_a_proposal"),
    )

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    outcome: Mapped[Outcome] = mapped_column(words_of(Outcome, "outcome"))
    reasons_cy: Mapped[bytes | None] = mapped_column(LargeBinary)
    reasons_en: Mapped[bytes | None] = mapped_column(LargeBinary)
    remedy_cy: Mapped[bytes | None] = mapped_column(LargeBinary)
    remedy_en: Mapped[bytes | None] = mapped_column(LargeBinary)
    decided_by: Mapped[str] = mapped_column(String(26), ForeignKey("persons.id"), index=True)
    second_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("persons.id"), index=True)
    decided_at: Mapped[datetime] = mapped_column(UtcInstant)
    proposal_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("review_proposals.id"), index=True)


class NobodyLeft(Base):
    """No officer may work on a review, and somebody outside the chain was told. It goes when an officer is there."""

    __tablename__ = "review_nobody_left"

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    told_at: Mapped[datetime] = mapped_column(UtcInstant)


class PoolAgreement(Base):
    """Two bodies lend each other reviewers. It stands once both have agreed."""

    __tablename__ = "review_pool_agreements"
    __table_args__ = (
        CheckConstraint("body_id <> other_body_id", name="two_bodies"),
        CheckConstraint("(agreed_by IS NULL) = (agreed_at IS NULL)", name="agreed_by_somebody"),
        CheckConstraint("agreed_by IS NULL OR agreed_by <> offered_by", name="two_people"),
        UniqueConstraint("body_id", "other_body_id", "offered_at", name="uq_review_pool_agreements_offer"),
    )

    id: Mapped[Id]
    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"))
    other_body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"), index=True)
    offered_by: Mapped[str] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    offered_at: Mapped[datetime] = mapped_column(UtcInstant)
    agreed_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    agreed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    ended_at: Mapped[datetime | None] = mapped_column(UtcInstant)
