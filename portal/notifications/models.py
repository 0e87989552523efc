"""The outbox, and what people wish of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id, UtcInstant
from portal.core.db import Base


class OutboxLetter(Base):
    """One letter that waits, was sent, or could not be. Address and values are sealed by the vault until it is sent.

    ``is_refused``: the server said for good that it takes no letter for this address. ``failure`` is why the last try
    failed (``mailers.Failure``), with the server's number where it gave one.
    """

    __tablename__ = "outbox_letters"
    __table_args__ = (CheckConstraint("state IN ('waiting', 'sent', 'dead')", name="state_is_known"),)

    id: Mapped[Id]
    template: Mapped[str] = mapped_column(String(60))
    locale: Mapped[str | None] = mapped_column(String(2))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(8), index=True)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    queued_at: Mapped[datetime] = mapped_column(UtcInstant)
    due_at: Mapped[datetime] = mapped_column(UtcInstant, index=True)
    sent_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    is_refused: Mapped[bool | None] = mapped_column(default=None)
    failure: Mapped[str | None] = mapped_column(String(12))
    failure_code: Mapped[int | None] = mapped_column(SmallInteger)
    failed_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class LetterWish(Base):
    """When somebody wants to hear of news; who has no row hears at once, at any hour."""

    __tablename__ = "letter_wishes"
    __table_args__ = (
        CheckConstraint("digest IN ('at_once', 'daily', 'weekly')", name="digest_is_known"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_is_known"),
        CheckConstraint("(quiet_from IS NULL) = (quiet_to IS NULL)", name="quiet_has_an_end"),
        CheckConstraint(
            "quiet_from BETWEEN 0 AND 23 AND quiet_to BETWEEN 0 AND 23 AND quiet_from <> quiet_to",
            name="quiet_hours_are_hours",
        ),
    )

    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("persons.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(8))
    weekday: Mapped[int] = mapped_column(SmallInteger)
    quiet_from: Mapped[int | None] = mapped_column(SmallInteger)
    quiet_to: Mapped[int | None] = mapped_column(SmallInteger)


class LetterNews(Base):
    """There is news for somebody who wants to hear of it in a digest: that there is, and nothing of what it is."""

    __tablename__ = "letter_news"
    __table_args__ = (Index("ix_letter_news_person", "person_id", "at"),)

    id: Mapped[Id]
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("persons.id"))
    at: Mapped[datetime] = mapped_column(UtcInstant)
