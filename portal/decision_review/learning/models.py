"""Lessons, the list of people who may have been hit by the same fault, and figures, in which no reviewer stands."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id, UtcInstant
from portal.core.db import Base
from portal.decision_review.learning.rules import Told
from portal.decision_review.rules import Outcome, ReviewClass
from portal.directory.models import words_of


class ReviewLesson(Base):
    """What a review teaches of a system, in both languages, without a person. Written for the system's page."""

    __tablename__ = "review_lessons"
    __table_args__ = (
        CheckConstraint("text_cy <> '' AND text_en <> ''", name="in_both_languages"),
        CheckConstraint("approved_by IS NULL OR approved_by <> written_by", name="two_people"),
        CheckConstraint("(approved_by IS NULL) = (published_on IS NULL)", name="published_by_the_second"),
        Index("ix_review_lessons_system", "system_id", "published_on"),
    )

    id: Mapped[Id]
    case_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("cases.id"), index=True)
    system_id: Mapped[str] = mapped_column(String(26), ForeignKey("systems.id"))
    decision_point: Mapped[str] = mapped_column(String(60), default="")
    text_cy: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    written_at: Mapped[datetime] = mapped_column(UtcInstant)
    approved_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    published_on: Mapped[date | None]


class LookBack(Base):
    """A search for people who may have been hit by the same fault: by which criteria, how many were looked at."""

    __tablename__ = "review_look_backs"
    __table_args__ = (
        CheckConstraint("lang IN ('cy', 'en')", name="lang"),
        CheckConstraint("looked_at IS NULL OR looked_at >= 0", name="looked_at"),
        CheckConstraint("closed_at IS NULL OR looked_at IS NOT NULL", name="closed_with_a_number"),
        Index("ix_review_look_backs_body", "body_id", "closed_at"),
    )

    id: Mapped[Id]
    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"))
    system_id: Mapped[str] = mapped_column(String(26), ForeignKey("systems.id"), index=True)
    case_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("cases.id"), index=True)
    criteria: Mapped[bytes] = mapped_column(LargeBinary)
    lang: Mapped[str] = mapped_column(String(2))
    opened_by: Mapped[str] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    opened_at: Mapped[datetime] = mapped_column(UtcInstant)
    looked_at: Mapped[int | None]
    closed_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class LookBackPerson(Base):
    """One person of such a list. Their name is sealed."""

    __tablename__ = "review_look_back_people"
    __table_args__ = (
        CheckConstraint("(told = 'told') = (told_on IS NOT NULL)", name="told_on_a_day"),
        CheckConstraint("told = 'not_yet' OR noted_by IS NOT NULL", name="noted_by_somebody"),
    )

    id: Mapped[Id]
    look_back_id: Mapped[str] = mapped_column(String(26), ForeignKey("review_look_backs.id"), index=True)
    name: Mapped[bytes] = mapped_column(LargeBinary)
    told: Mapped[Told] = mapped_column(words_of(Told, "told"), default=Told.NOT_YET)
    told_on: Mapped[date | None]
    noted_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)


class ReviewFigure(Base):
    """What is counted of one review, frozen when it was decided; it stays when the case is deleted. It names nobody:
    no worker, no reviewer, no officer. ``nobody_alone`` (and ``nobody_alone_at_point``) says that of the period so far
    nobody had decided all reviews of the system (of the decision point), or all but one: see ``tables.is_nobodys``."""

    __tablename__ = "review_figures"
    __table_args__ = (
        CheckConstraint("working_days >= 0", name="working_days"),
        Index("ix_review_figures_body", "body_id", "received_on"),
        Index("ix_review_figures_point", "system_id", "decision_point"),
    )

    id: Mapped[Id]
    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"))
    system_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("systems.id"))
    decision_point: Mapped[str] = mapped_column(String(60), default="")
    review_class: Mapped[ReviewClass | None] = mapped_column(words_of(ReviewClass, "review_class"))
    received_on: Mapped[date]
    finished_on: Mapped[date]
    working_days: Mapped[int]
    in_time: Mapped[bool]
    is_withdrawn: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[Outcome | None] = mapped_column(words_of(Outcome, "outcome"))
    nobody_alone: Mapped[bool] = mapped_column(default=False)
    nobody_alone_at_point: Mapped[bool] = mapped_column(default=False)
