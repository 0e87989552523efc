"""Paragraphs that a body approved, the letter, what is put right, the second stage, and the ways onward."""

from datetime import date, datetime
from typing import Any, NoReturn

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id, UtcInstant
from portal.core.db import Base
from portal.decision_review.outcome.rules import (
    LEAST_DAYS_TO_ASK,
    MOST_DAYS_TO_ASK,
    Elsewhere,
    Purpose,
    RemedyKind,
    Way,
    WorkerSays,
)
from portal.decision_review.rules import Outcome
from portal.directory.models import words_of


class Paragraph(Base):
    """A paragraph of a letter in both languages, written by one person of the body and approved by another."""

    __tablename__ = "review_paragraphs"
    __table_args__ = (
        CheckConstraint("text_cy <> '' AND text_en <> ''", name="in_both_languages"),
        CheckConstraint("approved_by IS NULL OR approved_by <> written_by", name="two_people"),
        CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved_by_somebody"),
        Index("ix_review_paragraphs_body", "body_id", "purpose"),
    )

    id: Mapped[Id]
    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"))
    purpose: Mapped[Purpose] = mapped_column(words_of(Purpose, "purpose"))
    text_cy: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    written_at: Mapped[datetime] = mapped_column(UtcInstant)
    approved_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    approved_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    ended_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class OutcomeLetter(Base):
    """The letter as it went out, whole: the first stage's or the second's, in each language that was written."""

    __tablename__ = "review_letters"
    __table_args__ = (
        CheckConstraint("lang IN ('cy', 'en')", name="lang"),
        CheckConstraint("stage IN (1, 2)", name="stage"),
    )

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    stage: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    lang: Mapped[str] = mapped_column(String(2), primary_key=True)
    words: Mapped[bytes] = mapped_column(LargeBinary)
    sent_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    sent_at: Mapped[datetime] = mapped_column(UtcInstant)
    ask_by: Mapped[date | None]


class StageTwoDays(Base):
    """How many working days after its letter a body asks the worker to ask for the second stage within."""

    __tablename__ = "review_stage_two_days"
    __table_args__ = (CheckConstraint(f"days BETWEEN {LEAST_DAYS_TO_ASK} AND {MOST_DAYS_TO_ASK}", name="days"),)

    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"), primary_key=True)
    days: Mapped[int]
    set_by: Mapped[str] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    set_at: Mapped[datetime] = mapped_column(UtcInstant)


class ProposedRemedy(Base):
    """What somebody who decides wants to be put right: kept with what a reviewer concludes (``seat_id``), or with the
    decision that is being written at the second stage; with ``draft_id``, as it was when somebody else sat there.

    Nothing of it has to be done before the decision makes a task of it, and nothing of it goes when that is not made.
    """

    __tablename__ = "review_proposed_remedies"
    __table_args__ = (
        CheckConstraint("lang IN ('cy', 'en')", name="lang"),
        CheckConstraint("seat_id IS NULL OR draft_id IS NULL", name="in_one_place"),
        Index("ix_review_proposed_remedies_case", "case_id", "seat_id"),
    )

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"))
    seat_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("review_seats.id"), index=True)
    draft_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("review_stage_two_drafts.id"), index=True)
    position: Mapped[int]
    kind: Mapped[RemedyKind] = mapped_column(words_of(RemedyKind, "kind"))
    words: Mapped[bytes] = mapped_column(LargeBinary)
    lang: Mapped[str] = mapped_column(String(2))
    owner_id: Mapped[str] = mapped_column(String(26), ForeignKey("persons.id"), index=True)
    due_on: Mapped[date]
    written_at: Mapped[datetime] = mapped_column(UtcInstant)


class RemedyTask(Base):
    """One thing to put right: what, by whom, by when; done with words; and what the worker says of it."""

    __tablename__ = "review_remedies"
    __table_args__ = (
        CheckConstraint("lang IN ('cy', 'en')", name="lang"),
        CheckConstraint("(done_at IS NULL) = (done_by IS NULL)", name="done_by_somebody"),
        CheckConstraint("done_at IS NULL OR done_words IS NOT NULL", name="done_in_words"),
        CheckConstraint("(worker_says IS NULL) = (said_at IS NULL)", name="said_on_a_day"),
        Index("ix_review_remedies_case", "case_id"),
        Index("ix_review_remedies_due", "due_on", "done_at"),
    )

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"))
    kind: Mapped[RemedyKind] = mapped_column(words_of(RemedyKind, "kind"))
    words: Mapped[bytes] = mapped_column(LargeBinary)
    lang: Mapped[str] = mapped_column(String(2))
    owner_id: Mapped[str] = mapped_column(String(26), ForeignKey("persons.id"), index=True)
    set_by: Mapped[str] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    set_at: Mapped[datetime] = mapped_column(UtcInstant)
    due_on: Mapped[date]
    done_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    done_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    done_words: Mapped[bytes | None] = mapped_column(LargeBinary)
    worker_says: Mapped[WorkerSays | None] = mapped_column(words_of(WorkerSays, "worker_says"))
    said_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    chased_on: Mapped[date | None]
    checked_on: Mapped[date | None]


class StageTwo(Base):
    """The second stage, once: why, who decides, and what they decided. A panel has two chairs, and they are two.

    What is written stays a draft until it is decided: by the signatures of both chairs, or by the other body. Whoever
    writes it anew takes the other's signature away. ``late_because`` is why it was asked for after the body's last day.
    ``earlier_at`` marks a draft that was written before that instant, when somebody else sat there; ``gone_at`` is when
    the officers were told that a chair can decide no longer.
    """

    __tablename__ = "review_stage_two"
    __table_args__ = (
        CheckConstraint("lang IN ('cy', 'en')", name="lang"),
        CheckConstraint("employer_chair_id IS NULL OR employer_chair_id <> union_chair_id", name="two_chairs"),
        CheckConstraint("way IS NULL OR (way = 'other_body') = (other_body_id IS NOT NULL)", name="other_body"),
        CheckConstraint(
            "way IS NULL OR (way = 'joint_panel') = (employer_chair_id IS NOT NULL AND union_chair_id IS NOT NULL)",
            name="panel_with_chairs",
        ),
        CheckConstraint("decided_at IS NULL OR outcome IS NOT NULL", name="decided_on_a_day"),
        CheckConstraint(
            "decided_at IS NULL OR way = 'other_body'"
            " OR (employer_signed_at IS NOT NULL AND union_signed_at IS NOT NULL)",
            name="both_chairs_signed",
        ),
        CheckConstraint(
            "outcome IS NULL OR (way IS NOT NULL AND (reasons_cy IS NOT NULL OR reasons_en IS NOT NULL))",
            name="reasons_are_given",
        ),
    )

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    why: Mapped[bytes] = mapped_column(LargeBinary)
    lang: Mapped[str] = mapped_column(String(2))
    asked_at: Mapped[datetime] = mapped_column(UtcInstant)
    way: Mapped[Way | None] = mapped_column(words_of(Way, "way"))
    other_body_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("bodies.id"), index=True)
    employer_chair_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("persons.id"), index=True)
    union_chair_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("persons.id"), index=True)
    outcome: Mapped[Outcome | None] = mapped_column(words_of(Outcome, "outcome"))
    reasons_cy: Mapped[bytes | None] = mapped_column(LargeBinary)
    reasons_en: Mapped[bytes | None] = mapped_column(LargeBinary)
    decided_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    employer_signed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    union_signed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    late_because: Mapped[bytes | None] = mapped_column(LargeBinary)
    earlier_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    gone_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class StageTwoDraft(Base):
    """A decision that was being written when a chair was replaced, as it stood then. Nobody signs it any more."""

    __tablename__ = "review_stage_two_drafts"
    __table_args__ = (CheckConstraint("reasons_cy IS NOT NULL OR reasons_en IS NOT NULL", name="reasons_are_given"),)

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), index=True)
    outcome: Mapped[Outcome] = mapped_column(words_of(Outcome, "outcome"))
    reasons_cy: Mapped[bytes | None] = mapped_column(LargeBinary)
    reasons_en: Mapped[bytes | None] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime] = mapped_column(UtcInstant)


class ChairView(Base):
    """What somebody who decides the second stage thinks on the facts and the worker's side, before they have seen the
    system's output and the first letter."""

    __tablename__ = "review_chair_views"
    __table_args__ = (CheckConstraint("lang IN ('cy', 'en')", name="lang"),)

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("persons.id"), primary_key=True, index=True)
    leaning: Mapped[Outcome] = mapped_column(words_of(Outcome, "leaning"))
    words: Mapped[bytes] = mapped_column(LargeBinary)
    lang: Mapped[str] = mapped_column(String(2))
    written_at: Mapped[datetime] = mapped_column(UtcInstant)


class Referral(Base):
    """The worker says that they take it elsewhere."""

    __tablename__ = "review_referrals"

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), index=True)
    elsewhere: Mapped[Elsewhere] = mapped_column(words_of(Elsewhere, "elsewhere"))
    said_at: Mapped[datetime] = mapped_column(UtcInstant)


class WrittenIsFinal(TypeError):
    """Code tried to change what somebody had written down. A mistake in the portal, never of a person."""


def never_changes(*models: type[Base]) -> None:
    """Rows of these models are written once."""
    for model in models:
        event.listen(model, "before_update", _refuse_change)


def _refuse_change(_mapper: object, _connection: object, target: Any) -> NoReturn:
    raise WrittenIsFinal(f"{type(target).__name__} was written down, and never changes")


never_changes(ChairView, StageTwoDraft)
