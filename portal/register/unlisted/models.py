"""The table of questions about tools. A row says the day and no hour, nothing of who asked, nor by which door."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id
from portal.core.db import Base
from portal.directory.models import words_of
from portal.register.unlisted.rules import Finding, Silence, Told

NO_ROWID = {"sqlite_with_rowid": False}


class ToolQuestion(Base):
    """A tool that somebody says is used and is not in the register. What they told is sealed, and goes with the answer.

    One that came openly and one that a reader of a sealed concern asked have the same columns filled in the same way.
    Without row numbers, so that the file does not keep the order in which they came.
    """

    __tablename__ = "tool_questions"
    __table_args__ = (
        CheckConstraint("locale IN ('cy', 'en')", name="locale_known"),
        CheckConstraint("due_on > received_on", name="due_after_received"),
        CheckConstraint(
            "(asked_cy IS NULL) = (asked_en IS NULL) AND asked_cy <> '' AND asked_en <> ''",
            name="worded_in_both_languages",
        ),
        CheckConstraint(
            "(finding IS NULL) = (answer_cy IS NULL) AND (finding IS NULL) = (answer_en IS NULL)"
            " AND (finding IS NULL) = (answered_by IS NULL) AND answer_cy <> '' AND answer_en <> ''",
            name="answer_whole",
        ),
        CheckConstraint("answered_on IS NULL OR (finding IS NOT NULL AND asked_cy IS NOT NULL)", name="shown_whole"),
        CheckConstraint("finding = 'entered' OR system_id IS NULL", name="system_when_entered"),
        CheckConstraint("finding <> 'entered' OR system_id IS NOT NULL", name="entered_has_system"),
        CheckConstraint("finding = 'cannot_say' OR reason IS NULL", name="reason_when_silent"),
        CheckConstraint("finding <> 'cannot_say' OR reason IS NOT NULL", name="silent_has_reason"),
        CheckConstraint(
            "answered_on IS NULL OR finding IN ('entered', 'to_be_entered') OR approved_by IS NOT NULL", name="by_two"
        ),
        CheckConstraint("approved_by <> answered_by", name="two_people"),
        CheckConstraint("(sealed IS NULL) = (answered_on IS NOT NULL)", name="told_goes_with_the_answer"),
        CheckConstraint("contact IS NULL OR answered_on IS NULL", name="contact_goes_with_the_answer"),
        Index("ix_tool_questions_open", "answered_on", "due_on", "id"),
        NO_ROWID,
    )

    id: Mapped[Id]
    body_id: Mapped[str] = mapped_column(ForeignKey("bodies.id"), index=True)
    locale: Mapped[str] = mapped_column(String(2))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    contact: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    received_on: Mapped[date] = mapped_column(Date, index=True)
    due_on: Mapped[date] = mapped_column(Date)
    told: Mapped[Told] = mapped_column(words_of(Told, "told"), default=Told.NOTHING)
    asked_cy: Mapped[str | None] = mapped_column(String(300), default=None)
    asked_en: Mapped[str | None] = mapped_column(String(300), default=None)
    finding: Mapped[Finding | None] = mapped_column(words_of(Finding, "finding"), default=None)
    reason: Mapped[Silence | None] = mapped_column(words_of(Silence, "reason"), default=None)
    system_id: Mapped[str | None] = mapped_column(ForeignKey("systems.id"), index=True, default=None)
    answer_cy: Mapped[str | None] = mapped_column(String(600), default=None)
    answer_en: Mapped[str | None] = mapped_column(String(600), default=None)
    answered_by: Mapped[str | None] = mapped_column(String(26), default=None)
    approved_by: Mapped[str | None] = mapped_column(String(26), default=None)
    answered_on: Mapped[date | None] = mapped_column(Date, default=None)

    @property
    def is_worded(self) -> bool:
        return self.asked_cy is not None

    @property
    def waits_for_second(self) -> bool:
        """An answer is written, and a second person has not read it yet."""
        return self.finding is not None and self.answered_on is None
