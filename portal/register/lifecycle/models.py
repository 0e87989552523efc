"""The tables of a system's life, beside its steps: answers to the readiness check, notices, measurements, limits."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id, UtcInstant
from portal.core.db import Base
from portal.directory.models import words_of
from portal.register.lifecycle.rules import CONSULTATION_DAYS, LEAST_TRAINING_PERCENT, TRAINING_PERCENT, Letter
from portal.register.terms import Aspect


class RegisterReadiness(Base):
    """The four answers before anything is built or bought, in both languages; an empty one is not answered yet."""

    __tablename__ = "register_readiness"

    system_id: Mapped[str] = mapped_column(ForeignKey("systems.id"), primary_key=True)
    needed_cy: Mapped[str] = mapped_column(Text, default="")
    needed_en: Mapped[str] = mapped_column(Text, default="")
    alternatives_cy: Mapped[str] = mapped_column(Text, default="")
    alternatives_en: Mapped[str] = mapped_column(Text, default="")
    ready_cy: Mapped[str] = mapped_column(Text, default="")
    ready_en: Mapped[str] = mapped_column(Text, default="")
    secure_cy: Mapped[str] = mapped_column(Text, default="")
    secure_en: Mapped[str] = mapped_column(Text, default="")
    answered_on: Mapped[date] = mapped_column(Date)
    account_id: Mapped[str] = mapped_column(String(26))


class StaffNotice(Base):
    """What the people whom a system affects are told: on its page from this day, and by a letter to each of them.

    ``told_after`` is the last person the letter was queued for; ``finished_at`` is set when nobody is left.
    """

    __tablename__ = "staff_notices"
    __table_args__ = (
        CheckConstraint("text_cy <> '' AND text_en <> ''", name="in_both_languages"),
        CheckConstraint("letters >= 0", name="letters_counted"),
        Index("ix_staff_notices_unfinished", "finished_at", "id"),
    )

    id: Mapped[Id]
    system_id: Mapped[str] = mapped_column(ForeignKey("systems.id"), index=True)
    letter: Mapped[Letter] = mapped_column(words_of(Letter, "letter"))
    text_cy: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    told_on: Mapped[date] = mapped_column(Date)
    begins_on: Mapped[date | None] = mapped_column(Date, default=None)
    queued_at: Mapped[datetime] = mapped_column(UtcInstant)
    account_id: Mapped[str | None] = mapped_column(String(26), default=None)
    told_after: Mapped[str] = mapped_column(String(26), default="")
    letters: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None] = mapped_column(UtcInstant, default=None)


class WorkMeasurement(Base):
    """One measurement of what a system does to work: what was measured, before, now, when, and who says so."""

    __tablename__ = "work_measurements"
    __table_args__ = (
        CheckConstraint("measure_cy <> '' AND measure_en <> ''", name="measure_in_both_languages"),
        CheckConstraint("latest_cy <> '' AND latest_en <> ''", name="latest_in_both_languages"),
    )

    id: Mapped[Id]
    system_id: Mapped[str] = mapped_column(ForeignKey("systems.id"), index=True)
    aspect: Mapped[Aspect] = mapped_column(words_of(Aspect, "aspect"))
    measure_cy: Mapped[str] = mapped_column(String(200))
    measure_en: Mapped[str] = mapped_column(String(200))
    baseline_cy: Mapped[str] = mapped_column(String(120))
    baseline_en: Mapped[str] = mapped_column(String(120))
    latest_cy: Mapped[str] = mapped_column(String(120))
    latest_en: Mapped[str] = mapped_column(String(120))
    source_cy: Mapped[str] = mapped_column(String(200))
    source_en: Mapped[str] = mapped_column(String(200))
    measured_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(UtcInstant)
    account_id: Mapped[str] = mapped_column(String(26))


class SystemIncident(Base):
    """Something that went wrong with a system, as staff read it, and what was put right since."""

    __tablename__ = "system_incidents"
    __table_args__ = (
        CheckConstraint("what_cy <> '' AND what_en <> ''", name="what_in_both_languages"),
        CheckConstraint("who_cy <> '' AND who_en <> ''", name="who_in_both_languages"),
        CheckConstraint("(fix_cy = '') = (fix_en = '') AND (fix_cy = '') = (fixed_on IS NULL)", name="fix_whole"),
        CheckConstraint("recorded_on >= happened_on", name="recorded_after"),
    )

    id: Mapped[Id]
    system_id: Mapped[str] = mapped_column(ForeignKey("systems.id"), index=True)
    is_serious: Mapped[bool]
    happened_on: Mapped[date] = mapped_column(Date)
    what_cy: Mapped[str] = mapped_column(Text)
    what_en: Mapped[str] = mapped_column(Text)
    who_cy: Mapped[str] = mapped_column(String(200))
    who_en: Mapped[str] = mapped_column(String(200))
    fix_cy: Mapped[str] = mapped_column(Text, default="")
    fix_en: Mapped[str] = mapped_column(Text, default="")
    fixed_on: Mapped[date | None] = mapped_column(Date, default=None)
    recorded_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(UtcInstant)
    account_id: Mapped[str] = mapped_column(String(26))


class RegisterLimits(Base):
    """What a body has set for its own gates; a body without a row has the defaults."""

    __tablename__ = "register_limits"
    __table_args__ = (
        CheckConstraint(f"training_percent BETWEEN {LEAST_TRAINING_PERCENT} AND 100", name="training_percent_between"),
        CheckConstraint("consultation_days BETWEEN 14 AND 180", name="consultation_days_between"),
    )

    body_id: Mapped[str] = mapped_column(ForeignKey("bodies.id"), primary_key=True)
    training_percent: Mapped[int] = mapped_column(SmallInteger, default=TRAINING_PERCENT)
    consultation_days: Mapped[int] = mapped_column(SmallInteger, default=CONSULTATION_DAYS)


class LifecycleReminder(Base):
    """A reminder that went out: one a system, a matter and the day it is about, so that none goes out twice."""

    __tablename__ = "lifecycle_reminders"

    system_id: Mapped[str] = mapped_column(ForeignKey("systems.id"), primary_key=True)
    matter: Mapped[str] = mapped_column(String(30), primary_key=True)
    about: Mapped[date] = mapped_column(Date, primary_key=True)


class LifecycleWatch(Base):
    """A day on which the sweep has looked at every system: it looks once a day."""

    __tablename__ = "lifecycle_watches"

    on: Mapped[date] = mapped_column("on_day", Date, primary_key=True)
