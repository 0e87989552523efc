"""Who reviews, what they thought before they saw the output, and what they decide on each issue. Words are sealed.

What a reviewer wrote down once is never changed: a changed view is the decision, and both are kept.
"""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id, UtcInstant
from portal.core.db import Base
from portal.decision_review.outcome.models import never_changes
from portal.decision_review.reviewing.rules import AskedOf, Chased, DrawRule, Seat, SeatEnd
from portal.decision_review.rules import SAMPLE_PERCENT, Outcome
from portal.directory.models import words_of

SITS = text("ended_at IS NULL")


class Declaration(Base):
    """A reviewer's word that they are independent of the decision, trained on its system and may change it.

    ``trained_on`` is the day of their training; ``authority`` what gives them the power to change the decision. Both
    are asked since reviews are whole; a declaration from before has neither.
    """

    __tablename__ = "review_declarations"

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("persons.id"), primary_key=True, index=True)
    declared_at: Mapped[datetime] = mapped_column(UtcInstant)
    trained_on: Mapped[date | None]
    authority: Mapped[bytes | None] = mapped_column(LargeBinary)


class ReviewSeat(Base):
    """Somebody reviews, in one place, until they are done or hand it back. Nobody sits twice at once in a case.

    ``because`` is why they handed it back: sealed, and shown to nobody. ``ended_why`` is how their time ended; a seat
    that ended before this was kept has none.
    """

    __tablename__ = "review_seats"
    __table_args__ = (
        CheckConstraint("because IS NULL OR ended_at IS NOT NULL", name="because_of_an_end"),
        Index("ix_review_seats_case", "case_id"),
        Index("uq_review_seats_sitting", "case_id", "person_id", unique=True, sqlite_where=SITS, postgresql_where=SITS),
    )

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"))
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("persons.id"), index=True)
    seat: Mapped[Seat] = mapped_column(words_of(Seat, "seat"))
    given_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    given_at: Mapped[datetime] = mapped_column(UtcInstant)
    ended_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    because: Mapped[bytes | None] = mapped_column(LargeBinary)
    ended_why: Mapped[SeatEnd | None] = mapped_column(words_of(SeatEnd, "ended_why", is_told=False))


class ProvisionalView(Base):
    """What a reviewer thinks on the facts and the worker's side, before they have seen the system's output."""

    __tablename__ = "review_provisional_views"
    __table_args__ = (CheckConstraint("lang IN ('cy', 'en')", name="lang"),)

    seat_id: Mapped[str] = mapped_column(String(26), ForeignKey("review_seats.id"), primary_key=True)
    leaning: Mapped[Outcome] = mapped_column(words_of(Outcome, "leaning"))
    words: Mapped[bytes] = mapped_column(LargeBinary)
    lang: Mapped[str] = mapped_column(String(2))
    written_at: Mapped[datetime] = mapped_column(UtcInstant)


class Reveal(Base):
    """The output was shown to a reviewer. Without a provisional view there can be no such row."""

    __tablename__ = "review_reveals"

    seat_id: Mapped[str] = mapped_column(String(26), ForeignKey("review_provisional_views.seat_id"), primary_key=True)
    pack_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("review_packs.id"), index=True)
    shown_at: Mapped[datetime] = mapped_column(UtcInstant)


class ReviewIssue(Base):
    """One thing that is at issue: each gets a disposition with reasons."""

    __tablename__ = "review_issues"
    __table_args__ = (
        UniqueConstraint("case_id", "number", name="uq_review_issues_case_number"),
        CheckConstraint("lang IN ('cy', 'en')", name="lang"),
        CheckConstraint("number > 0", name="number"),
    )

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"))
    number: Mapped[int]
    words: Mapped[bytes] = mapped_column(LargeBinary)
    lang: Mapped[str] = mapped_column(String(2))
    added_by: Mapped[str] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    added_at: Mapped[datetime] = mapped_column(UtcInstant)


class Disposition(Base):
    """What one seat decides on one issue, and why. ``quality`` are words of ``rules.Quality``."""

    __tablename__ = "review_dispositions"
    __table_args__ = (
        CheckConstraint("reasons_cy IS NOT NULL OR reasons_en IS NOT NULL", name="reasons_are_given"),
        CheckConstraint("NOT has_data_error OR data_error IS NOT NULL", name="data_error_in_words"),
    )

    issue_id: Mapped[str] = mapped_column(String(26), ForeignKey("review_issues.id"), primary_key=True)
    seat_id: Mapped[str] = mapped_column(String(26), ForeignKey("review_seats.id"), primary_key=True, index=True)
    disposition: Mapped[Outcome] = mapped_column(words_of(Outcome, "disposition"))
    reasons_cy: Mapped[bytes | None] = mapped_column(LargeBinary)
    reasons_en: Mapped[bytes | None] = mapped_column(LargeBinary)
    has_data_error: Mapped[bool] = mapped_column(default=False)
    data_error: Mapped[bytes | None] = mapped_column(LargeBinary)
    quality: Mapped[list[str]] = mapped_column(JSON, default=list)
    written_at: Mapped[datetime] = mapped_column(UtcInstant)


class SourceConsidered(Base):
    """A source that a reviewer ticked: an item of the records, or one of ``worker``, ``register``, ``law``, ``other``.

    ``source`` is the item's id or the word.
    """

    __tablename__ = "review_sources"

    seat_id: Mapped[str] = mapped_column(String(26), ForeignKey("review_seats.id"), primary_key=True)
    source: Mapped[str] = mapped_column(String(26), primary_key=True)


class Conclusion(Base):
    """What one seat concludes. A second reviewer wrote theirs before they were shown the first's reasons
    (``saw_first_at``); ``agrees`` says whether it is the same. Nobody approves it but the other seat. ``paragraphs``
    are the ids of the approved ones that they chose for the letter."""

    __tablename__ = "review_conclusions"
    __table_args__ = (
        CheckConstraint("saw_first_at IS NULL OR saw_first_at >= concluded_at", name="first_is_seen_last"),
        CheckConstraint("agrees IS NULL OR saw_first_at IS NOT NULL", name="agrees_with_what_was_seen"),
    )

    seat_id: Mapped[str] = mapped_column(String(26), ForeignKey("review_seats.id"), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), index=True)
    outcome: Mapped[Outcome] = mapped_column(words_of(Outcome, "outcome"))
    concluded_at: Mapped[datetime] = mapped_column(UtcInstant)
    saw_first_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    agrees: Mapped[bool | None]
    paragraphs: Mapped[list[str] | None] = mapped_column(JSON)


class ReviewerQuestion(Base):
    """A question of a reviewer to the owner of the system or to an expert. Those to the worker are case messages."""

    __tablename__ = "review_questions"
    __table_args__ = (
        CheckConstraint("lang IN ('cy', 'en')", name="lang"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_on_a_day"),
        CheckConstraint("answer IS NULL OR answered_by IS NOT NULL", name="answered_by_somebody"),
    )

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), index=True)
    seat_id: Mapped[str] = mapped_column(String(26), ForeignKey("review_seats.id"), index=True)
    asked_of: Mapped[AskedOf] = mapped_column(words_of(AskedOf, "asked_of"))
    person_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("persons.id"), index=True)
    words: Mapped[bytes] = mapped_column(LargeBinary)
    lang: Mapped[str] = mapped_column(String(2))
    asked_at: Mapped[datetime] = mapped_column(UtcInstant)
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    answered_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    answered_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    ended_at: Mapped[datetime | None] = mapped_column(UtcInstant)  # the reviewer went on without an answer


class ReviewChase(Base):
    """A reminder went out, or it went further up: once for each thing that waits. ``about`` is the id of a question, or
    the seat that nobody has with the day since which it is free."""

    __tablename__ = "review_chases"

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    about: Mapped[str] = mapped_column(String(26), primary_key=True)
    stage: Mapped[Chased] = mapped_column(words_of(Chased, "stage"), primary_key=True)
    sent_at: Mapped[datetime] = mapped_column(UtcInstant)


class SecondLookDraw(Base):
    """Whether a second reviewer looks: by which rule, and the number from 0 to 99 that was drawn."""

    __tablename__ = "review_draws"
    __table_args__ = (
        CheckConstraint("number IS NULL OR number BETWEEN 0 AND 99", name="number"),
        CheckConstraint(
            f"rule <> 'sample' OR (number IS NOT NULL AND is_looked_at = (number < {SAMPLE_PERCENT}))", name="as_drawn"
        ),
    )

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    rule: Mapped[DrawRule] = mapped_column(words_of(DrawRule, "rule"))
    number: Mapped[int | None]
    is_looked_at: Mapped[bool]
    drawn_at: Mapped[datetime] = mapped_column(UtcInstant)


class Training(Base):
    """Somebody was trained on a system, on a day."""

    __tablename__ = "review_trainings"

    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("persons.id"), primary_key=True)
    system_id: Mapped[str] = mapped_column(String(26), ForeignKey("systems.id"), primary_key=True, index=True)
    trained_on: Mapped[date]
    recorded_by: Mapped[str] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcInstant)


never_changes(ProvisionalView, Reveal, SecondLookDraw)
