"""The table of corrections. Of an anonymous one the row says the day and never the hour, and nothing of who asked."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id, UtcInstant
from portal.core.db import Base
from portal.directory.models import words_of
from portal.register.corrections.rules import CorrectionKind, Outcome


class Correction(Base):
    """What somebody says is wrong in a system's entry. The text is sealed, and goes when the answer stands."""

    __tablename__ = "register_corrections"
    __table_args__ = (
        CheckConstraint("locale IN ('cy', 'en')", name="locale_known"),
        CheckConstraint("(account_id IS NULL) = (received_at IS NULL)", name="anonymous_has_no_hour"),
        CheckConstraint("due_on > received_on", name="due_after_received"),
        CheckConstraint(
            "(answered_on IS NULL) = (outcome IS NULL) AND (answered_on IS NULL) = (answered_by IS NULL)"
            " AND (answered_on IS NULL) = (answer_cy IS NULL) AND (answered_on IS NULL) = (answer_en IS NULL)",
            name="answer_whole",
        ),
        CheckConstraint("answer_cy <> '' AND answer_en <> ''", name="answer_in_both_languages"),
        CheckConstraint("(sealed IS NULL) = (answered_on IS NOT NULL)", name="text_goes_with_the_answer"),
        Index("ix_register_corrections_open", "answered_on", "due_on", "id"),
    )

    id: Mapped[Id]
    system_id: Mapped[str] = mapped_column(ForeignKey("systems.id"), index=True)
    kind: Mapped[CorrectionKind] = mapped_column(words_of(CorrectionKind, "kind"))
    version_number: Mapped[int]
    locale: Mapped[str] = mapped_column(String(2))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"), index=True, default=None)
    received_on: Mapped[date] = mapped_column(Date, index=True)
    received_at: Mapped[datetime | None] = mapped_column(UtcInstant, default=None)
    due_on: Mapped[date] = mapped_column(Date)
    told_on: Mapped[date | None] = mapped_column(Date, index=True, default=None)
    outcome: Mapped[Outcome | None] = mapped_column(words_of(Outcome, "outcome"), default=None)
    answer_cy: Mapped[str | None] = mapped_column(String(600), default=None)
    answer_en: Mapped[str | None] = mapped_column(String(600), default=None)
    answered_on: Mapped[date | None] = mapped_column(Date, default=None)
    answered_by: Mapped[str | None] = mapped_column(String(26), default=None)

    @property
    def is_anonymous(self) -> bool:
        return self.account_id is None
