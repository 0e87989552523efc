"""What readers told about threads: vocabularies, days and ids, and no word.

No key refers to a thread, as ``concerns.models.ConcernCall`` says why; keys are random and lead the rows; times are
days (a claim and an undo of a few minutes aside, which are the reader's own). No row says which two threads are one
reporter's, and no row of the employer's side names a union. All of it goes when the thread is forgotten.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.concerns.casework.rules import (
    FAR,
    Lane,
    NextStep,
    Purpose,
    Severity,
    Side,
    Theme,
    ToldState,
    Waiting,
)
from portal.core.columns import Id, UtcInstant
from portal.core.db import Base
from portal.core.text import Locale
from portal.directory.models import words_of

NO_ROWID = {"sqlite_with_rowid": False}
CASE = LargeBinary(16)
ID = String(26)


class ToldThread(Base):
    """What both sides of a thread may know of it. There is none before somebody takes it."""

    __tablename__ = "told_threads"
    __table_args__ = (
        CheckConstraint("length(case_id) = 16", name="id_length"),
        Index("ix_told_threads_body", "body_id", "is_open", "theme", "case_id"),
        Index("ix_told_threads_since", "state_since"),
        NO_ROWID,
    )

    case_id: Mapped[bytes] = mapped_column(CASE, primary_key=True)
    body_id: Mapped[str] = mapped_column(ID)
    told_on: Mapped[date]
    theme: Mapped[Theme | None] = mapped_column(words_of(Theme, "theme"))
    system_id: Mapped[str | None] = mapped_column(ID, index=True)
    severity: Mapped[Severity | None] = mapped_column(words_of(Severity, "severity"))
    lang: Mapped[Locale | None] = mapped_column(words_of(Locale, "lang"))
    state: Mapped[ToldState] = mapped_column(words_of(ToldState, "state"), default=ToldState.TRIAGE)
    state_since: Mapped[date]
    is_open: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class ToldSide(Base):
    """What one side keeps for itself about a thread; never shown to the other.

    ``home_id`` is the body, or the branch whose representatives work on it. ``agreed_on``: the day on which this side
    said that it agrees to what will be done.
    """

    __tablename__ = "told_sides"
    __table_args__ = (
        CheckConstraint("length(case_id) = 16", name="id_length"),
        CheckConstraint("(claimed_by IS NULL) = (claimed_until IS NULL)", name="claim_is_whole"),
        Index("ix_told_sides_assignee", "assignee_id", "case_id"),
        NO_ROWID,
    )

    case_id: Mapped[bytes] = mapped_column(CASE, primary_key=True)
    side: Mapped[Side] = mapped_column(words_of(Side, "side"), primary_key=True)
    home_id: Mapped[str] = mapped_column(ID)
    assignee_id: Mapped[str | None] = mapped_column(ID)
    claimed_by: Mapped[str | None] = mapped_column(ID)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcInstant, index=True)
    next_on: Mapped[date | None]
    next_step: Mapped[NextStep | None] = mapped_column(words_of(NextStep, "next_step"))
    waiting: Mapped[Waiting] = mapped_column(words_of(Waiting, "waiting"), default=Waiting.US)
    waiting_since: Mapped[date | None]
    agreed_on: Mapped[date | None]
    mandate_until: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)


class SideLabel(Base):
    """A word that a side sorts its threads by. Two people of the side approve it: a label can say too much."""

    __tablename__ = "side_labels"
    __table_args__ = (
        CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="two_people"),
        Index("ix_side_labels_home", "side", "home_id"),
    )

    id: Mapped[Id]
    side: Mapped[Side] = mapped_column(words_of(Side, "side"))
    home_id: Mapped[str] = mapped_column(ID)
    name_cy: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60))
    proposed_by: Mapped[str] = mapped_column(ID, ForeignKey("persons.id"), index=True)
    approved_by: Mapped[str | None] = mapped_column(ID, ForeignKey("persons.id"), index=True)
    made_on: Mapped[date]
    ended_on: Mapped[date | None]


class ToldLabel(Base):
    """A label that one side gave to a thread."""

    __tablename__ = "told_labels"
    __table_args__ = (Index("ix_told_labels_label", "label_id", "case_id"), NO_ROWID)

    case_id: Mapped[bytes] = mapped_column(CASE, primary_key=True)
    side: Mapped[Side] = mapped_column(words_of(Side, "side"), primary_key=True)
    label_id: Mapped[str] = mapped_column(ID, primary_key=True)


class DeskPlace(Base):
    """Where a thread stands on one reader's desk: an index by which lists are ordered, never a right to see it.

    Every reading asks for a live grant beside it (``told.tellable``); a place that is too many shows nothing.
    ``due_on`` and ``next_on`` are FAR where there is no day. What lists are filtered by stands here once more, so that
    a word that is rare on a long desk is found as soon as one that is not.
    """

    __tablename__ = "desk_places"
    __table_args__ = (
        CheckConstraint("length(case_id) = 16", name="id_length"),
        Index("ix_desk_places_lane", "person_id", "is_open", "lane", "due_on", "case_id"),
        Index("ix_desk_places_due", "person_id", "is_open", "due_on", "case_id"),
        Index("ix_desk_places_next", "person_id", "is_open", "next_on", "case_id"),
        Index("ix_desk_places_theme", "person_id", "is_open", "theme", "due_on", "case_id"),
        Index("ix_desk_places_severity", "person_id", "is_open", "severity", "due_on", "case_id"),
        Index("ix_desk_places_system", "person_id", "is_open", "system_id", "due_on", "case_id"),
        Index("ix_desk_places_assignee", "person_id", "is_open", "assignee_id", "due_on", "case_id"),
        Index("ix_desk_places_case", "case_id"),
        NO_ROWID,
    )

    person_id: Mapped[str] = mapped_column(ID, primary_key=True)
    case_id: Mapped[bytes] = mapped_column(CASE, primary_key=True)
    side: Mapped[Side] = mapped_column(words_of(Side, "side"))
    is_open: Mapped[bool] = mapped_column(default=True)
    lane: Mapped[Lane] = mapped_column(words_of(Lane, "lane"), default=Lane.NEW)
    due_on: Mapped[date] = mapped_column(default=FAR)
    next_on: Mapped[date] = mapped_column(default=FAR)
    theme: Mapped[Theme | None] = mapped_column(words_of(Theme, "theme"))
    severity: Mapped[Severity | None] = mapped_column(words_of(Severity, "severity"))
    lang: Mapped[Locale | None] = mapped_column(words_of(Locale, "lang"))
    system_id: Mapped[str | None] = mapped_column(ID)
    assignee_id: Mapped[str | None] = mapped_column(ID)


class DeskKept(Base):
    """How many grants somebody's key had when their places were last looked through, and on which day."""

    __tablename__ = "desks_kept"
    __table_args__ = (NO_ROWID,)

    person_id: Mapped[str] = mapped_column(ID, primary_key=True)
    grants: Mapped[int]
    kept_on: Mapped[date]


class ToldEvent(Base):
    """One line of a thread's timeline: which step, on which day, by which side. ``side`` is whose line it is: None for
    both sides. ``number`` is the version of the row it changed, which orders what happened on one day. ``by_id`` is
    known on a side's own lines alone."""

    __tablename__ = "told_events"
    __table_args__ = (
        CheckConstraint("side IS NOT NULL OR by_id IS NULL", name="nobody_named_to_both"),
        NO_ROWID,
    )

    case_id: Mapped[bytes] = mapped_column(CASE, primary_key=True)
    event_id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    on_day: Mapped[date]
    side: Mapped[Side | None] = mapped_column(words_of(Side, "side"))
    by_side: Mapped[Side | None] = mapped_column(words_of(Side, "by_side"))
    by_id: Mapped[str | None] = mapped_column(ID)
    number: Mapped[int]
    step: Mapped[str] = mapped_column(String(40))
    said: Mapped[dict[str, Any]] = mapped_column(JSON)


class ToldMention(Base):
    """Somebody who holds the thread was asked to look at it, in one lane; what was written is sealed."""

    __tablename__ = "told_mentions"
    __table_args__ = (Index("ix_told_mentions_person", "person_id", "seen_on"), NO_ROWID)

    case_id: Mapped[bytes] = mapped_column(CASE, primary_key=True)
    person_id: Mapped[str] = mapped_column(ID, primary_key=True)
    lane: Mapped[str] = mapped_column(String(16), primary_key=True)
    by_id: Mapped[str] = mapped_column(ID)
    on_day: Mapped[date]
    seen_on: Mapped[date | None]


class CaseworkView(Base):
    """A choice of the list under a name: somebody's own, or with ``home_id`` shared with that side of a body or
    branch. The query holds filters of the address, and no thread."""

    __tablename__ = "casework_views"
    __table_args__ = (
        CheckConstraint("(home_id IS NULL) = (side IS NULL)", name="shared_is_whole"),
        Index("ix_casework_views_home", "side", "home_id"),
    )

    id: Mapped[Id]
    account_id: Mapped[str] = mapped_column(ID, ForeignKey("accounts.id"), index=True)
    side: Mapped[Side | None] = mapped_column(words_of(Side, "side"))
    home_id: Mapped[str | None] = mapped_column(ID)
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(String(400))


class BulkAct(Base):
    """Something done to several threads at once; ``id`` is that of its form. It can be undone for ten minutes."""

    __tablename__ = "bulk_acts"
    __table_args__ = (NO_ROWID,)

    id: Mapped[Id]
    account_id: Mapped[str] = mapped_column(ID, index=True)
    act: Mapped[str] = mapped_column(String(40))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(UtcInstant, index=True)
    undone_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class BulkItem(Base):
    """One thread of it: how it stood before and after, or why it was refused. Gone with the time to undo it."""

    __tablename__ = "bulk_items"
    __table_args__ = (NO_ROWID,)

    act_id: Mapped[str] = mapped_column(ID, primary_key=True)
    case_id: Mapped[bytes] = mapped_column(CASE, primary_key=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    is_refused: Mapped[bool] = mapped_column(default=False)
    is_undone: Mapped[bool | None]


class ReplyPair(Base):
    """A reply in both languages that a side may send; a second person of the side approves it before anybody can."""

    __tablename__ = "reply_pairs"
    __table_args__ = (
        CheckConstraint("approved_by IS NULL OR approved_by <> written_by", name="two_people"),
        Index("ix_reply_pairs_home", "side", "home_id"),
    )

    id: Mapped[Id]
    side: Mapped[Side] = mapped_column(words_of(Side, "side"))
    home_id: Mapped[str] = mapped_column(ID)
    purpose: Mapped[Purpose] = mapped_column(words_of(Purpose, "purpose"))
    name_cy: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    text_cy: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(ID, ForeignKey("persons.id"), index=True)
    approved_by: Mapped[str | None] = mapped_column(ID, ForeignKey("persons.id"), index=True)
    changed_on: Mapped[date]
    ended_on: Mapped[date | None]


TOLD = (ToldThread, ToldSide, ToldLabel, DeskPlace, ToldEvent, ToldMention)
"""What hangs on a thread and goes with it."""
BESIDE_SEALED = tuple(
    str(one.__tablename__) for one in (ToldThread, ToldSide, ToldLabel, DeskPlace, ToldEvent, ToldMention, BulkItem)
)
"""Rewritten in random order with the sealed tables: their order would say what those hide."""
