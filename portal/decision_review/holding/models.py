"""The question whether the effect of a decision waits, its answer, and whether it was done."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id, UtcInstant
from portal.core.db import Base
from portal.decision_review.holding.rules import Answer, Because, Safety
from portal.directory.models import words_of

OPEN = text("answer IS NULL")


class HoldQuestion(Base):
    """One question to a responsible manager, or their deputy while they are away. One is open at a time.

    Unanswered at the end of ``answer_by``: where waiting is safe the answer is «hold», by default; where it is not, or
    nobody knows, it goes to the top of the body (``escalated_at``) and stays open.
    ``chased_at``: the effect should have waited, and a working day later nobody had written down that it was stopped.
    """

    __tablename__ = "review_hold_questions"
    __table_args__ = (
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_on_a_day"),
        CheckConstraint(
            "answer IS NULL OR (is_default AND answered_by IS NULL) OR (NOT is_default AND answered_by IS NOT NULL)",
            name="answered_by_somebody_or_default",
        ),
        CheckConstraint(
            "NOT is_default OR (answer IS NOT NULL AND answer = 'hold' AND safety = 'safe')", name="default_is_safe"
        ),
        CheckConstraint("answer IS NULL OR answer <> 'goes_on' OR reasons IS NOT NULL", name="going_on_has_reasons"),
        CheckConstraint(
            "done_at IS NULL OR (answer IS NOT NULL AND answer = 'hold' AND done_by IS NOT NULL)",
            name="done_by_somebody",
        ),
        CheckConstraint("lang IS NULL OR lang IN ('cy', 'en')", name="lang"),
        Index("ix_review_hold_questions_case", "case_id"),
        Index("ix_review_hold_questions_waiting", "answer_by", "answered_at"),
        Index("uq_review_hold_questions_open", "case_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"))
    because: Mapped[Because] = mapped_column(words_of(Because, "because"))
    safety: Mapped[Safety] = mapped_column(words_of(Safety, "safety"))
    person_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("persons.id"), index=True)
    is_deputy: Mapped[bool]
    asked_at: Mapped[datetime] = mapped_column(UtcInstant)
    answer_by: Mapped[date]
    answer: Mapped[Answer | None] = mapped_column(words_of(Answer, "answer"))
    is_default: Mapped[bool] = mapped_column(default=False)
    reasons: Mapped[bytes | None] = mapped_column(LargeBinary)
    lang: Mapped[str | None] = mapped_column(String(2))
    answered_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    answered_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    chased_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    escalated_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    done_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    done_role: Mapped[str | None] = mapped_column(String(40))
    done_at: Mapped[datetime | None] = mapped_column(UtcInstant)
