"""The tables of the talk between union and employer. What somebody signed or entered is never changed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, SmallInteger, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id, UtcInstant
from portal.core.db import Base
from portal.directory.models import words_of
from portal.register.positions import refuse_change
from portal.register.voices.rules import ConditionState, EntryKind


class EmployerResponse(Base):
    """What the employer answers a branch. A new answer stands beside the old one."""

    __tablename__ = "employer_responses"
    __table_args__ = (
        UniqueConstraint("system_id", "branch_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("text_cy <> '' AND text_en <> ''", name="in_both_languages"),
    )

    id: Mapped[Id]
    system_id: Mapped[str] = mapped_column(ForeignKey("systems.id"), index=True)
    branch_id: Mapped[str] = mapped_column(ForeignKey("union_branches.id"), index=True)
    statement_id: Mapped[str | None] = mapped_column(ForeignKey("union_statements.id"), index=True, default=None)
    number: Mapped[int]
    text_cy: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    signed_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(UtcInstant)
    account_id: Mapped[str] = mapped_column(String(26))


class TalkEntry(Base):
    """A paper, a meeting or a note, put in by a branch or, without one, by the employer."""

    __tablename__ = "union_talk_entries"
    __table_args__ = (
        CheckConstraint("text_cy <> '' OR text_en <> ''", name="said_in_a_language"),
        CheckConstraint("branch_id IS NOT NULL OR (text_cy <> '' AND text_en <> '')", name="employer_in_both"),
    )

    id: Mapped[Id]
    talk_id: Mapped[str] = mapped_column(ForeignKey("union_talks.id"), index=True)
    branch_id: Mapped[str | None] = mapped_column(ForeignKey("union_branches.id"), index=True, default=None)
    kind: Mapped[EntryKind] = mapped_column(words_of(EntryKind, "kind"))
    happened_on: Mapped[date] = mapped_column(Date)
    text_cy: Mapped[str] = mapped_column(Text, default="")
    text_en: Mapped[str] = mapped_column(Text, default="")
    link_cy: Mapped[str] = mapped_column(String(400), default="")
    link_en: Mapped[str] = mapped_column(String(400), default="")
    recorded_at: Mapped[datetime] = mapped_column(UtcInstant)
    account_id: Mapped[str] = mapped_column(String(26))


class UnionCondition(Base):
    """What a branch made its agreement depend on. The employer says who does it and that it is done; the branch alone
    says that it is met."""

    __tablename__ = "union_conditions"
    __table_args__ = (
        CheckConstraint("text_cy <> '' OR text_en <> ''", name="said_in_a_language"),
        CheckConstraint("(owner_cy = '') = (owner_en = '')", name="owner_in_both_languages"),
        CheckConstraint("(done_cy = '') = (done_en = '') AND (done_cy = '') = (done_on IS NULL)", name="done_whole"),
        CheckConstraint("(closed_on IS NULL) = (state <> 'met')", name="met_has_its_day"),
    )

    id: Mapped[Id]
    system_id: Mapped[str] = mapped_column(ForeignKey("systems.id"), index=True)
    branch_id: Mapped[str] = mapped_column(ForeignKey("union_branches.id"), index=True)
    text_cy: Mapped[str] = mapped_column(String(600), default="")
    text_en: Mapped[str] = mapped_column(String(600), default="")
    set_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    state: Mapped[ConditionState] = mapped_column(words_of(ConditionState, "state"), default=ConditionState.OPEN)
    owner_cy: Mapped[str] = mapped_column(String(120), default="")
    owner_en: Mapped[str] = mapped_column(String(120), default="")
    done_cy: Mapped[str] = mapped_column(String(600), default="")
    done_en: Mapped[str] = mapped_column(String(600), default="")
    done_on: Mapped[date | None] = mapped_column(Date, default=None)
    closed_on: Mapped[date | None] = mapped_column(Date, default=None)
    set_by: Mapped[str] = mapped_column(String(26))
    closed_by: Mapped[str | None] = mapped_column(String(26), default=None)


class BodyRight(Base):
    """A right or safeguard beyond the statutory ones that a body agreed with its unions.

    ``review_working_days``: where it is a right that a person looks again at a decision, within how many working days.
    """

    __tablename__ = "body_rights"
    __table_args__ = (
        CheckConstraint("agreement_cy <> '' AND agreement_en <> ''", name="agreement_in_both_languages"),
        CheckConstraint("text_cy <> '' AND text_en <> ''", name="text_in_both_languages"),
        CheckConstraint("partner_cy <> '' AND partner_en <> ''", name="partner_in_both_languages"),
        CheckConstraint("ended_on IS NULL OR ended_on >= since", name="ended_after_since"),
    )

    id: Mapped[Id]
    body_id: Mapped[str] = mapped_column(ForeignKey("bodies.id"), index=True)
    agreement_cy: Mapped[str] = mapped_column(String(120))
    agreement_en: Mapped[str] = mapped_column(String(120))
    text_cy: Mapped[str] = mapped_column(String(600))
    text_en: Mapped[str] = mapped_column(String(600))
    partner_cy: Mapped[str] = mapped_column(String(120))
    partner_en: Mapped[str] = mapped_column(String(120))
    link: Mapped[str] = mapped_column(String(400), default="")
    since: Mapped[date] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date, default=None)
    account_id: Mapped[str] = mapped_column(String(26))
    review_working_days: Mapped[int | None] = mapped_column(SmallInteger, default=None)


for _signed in (EmployerResponse, TalkEntry):
    for _change in ("before_update", "before_delete"):
        event.listen(_signed, _change, refuse_change)
