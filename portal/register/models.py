"""The register's tables. A published version and all that hangs on it never changes; a change is a new version."""

from datetime import date, datetime
from typing import Any, NoReturn

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id, UtcInstant
from portal.core.db import Base
from portal.directory.models import words_of
from portal.register.rules import Automation, DataCategory, Effect, Strength, SystemState


class System(Base):
    """A system under its lasting names: the short code outlives every version, renaming and retirement.

    ``state`` is where it stands in its life now, the end of ``system_steps``; a version only says how it stood when it
    was published. ``state_until`` is the day a trial, a consultation or an emergency ends. ``confirmed_on`` is the day
    the responsible manager last said that the entry is still right.
    """

    __tablename__ = "systems"
    __table_args__ = (
        UniqueConstraint("body_id", "slug", name="uq_systems_body_slug"),
        CheckConstraint("length(short_code) = 6", name="short_code_length"),
        CheckConstraint("current_number IS NULL OR current_number > 0", name="current_number_positive"),
    )

    id: Mapped[Id]
    body_id: Mapped[str] = mapped_column(ForeignKey("bodies.id"), index=True)
    slug: Mapped[str] = mapped_column(String(60))
    short_code: Mapped[str] = mapped_column(String(6), unique=True)
    current_number: Mapped[int | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    state: Mapped[SystemState] = mapped_column(
        words_of(SystemState, "state_now"), index=True, default=SystemState.PROPOSED
    )
    state_since: Mapped[date] = mapped_column(Date)
    state_until: Mapped[date | None] = mapped_column(Date, default=None)
    review_due_on: Mapped[date | None] = mapped_column(Date, default=None)
    confirmed_on: Mapped[date | None] = mapped_column(Date, default=None)


class SystemStep(Base):
    """One line of a system's life: which step was taken, from where to where, when, in which role, and why.

    ``from_state`` and ``to_state`` are the same for what moves nothing: the first of two signatures, a confirmation.
    """

    __tablename__ = "system_steps"
    __table_args__ = (
        UniqueConstraint("system_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
    )

    id: Mapped[Id]
    system_id: Mapped[str] = mapped_column(ForeignKey("systems.id"), index=True)
    number: Mapped[int]
    step: Mapped[str] = mapped_column(String(40))
    from_state: Mapped[SystemState | None] = mapped_column(words_of(SystemState, "from_state"), default=None)
    to_state: Mapped[SystemState] = mapped_column(words_of(SystemState, "to_state"))
    at: Mapped[datetime] = mapped_column(UtcInstant)
    on: Mapped[date] = mapped_column("on_day", Date)
    account_id: Mapped[str | None] = mapped_column(String(26), default=None)
    role: Mapped[str] = mapped_column(String(30))
    reason_cy: Mapped[str] = mapped_column(Text, default="")
    reason_en: Mapped[str] = mapped_column(Text, default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class SystemDraft(Base):
    """What a body is still writing about a system. It may lack a language; nobody outside the body sees it, but of a
    system that was never published the unions that the body recognises, whom it consults.

    ``languages`` holds the state of every text that is not as published (``languages.Texts``), ``authors`` the accounts
    that saved something since: none of them publishes it.
    """

    __tablename__ = "system_drafts"

    system_id: Mapped[str] = mapped_column(ForeignKey("systems.id"), primary_key=True)
    record: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(UtcInstant)
    languages: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    authors: Mapped[list[str]] = mapped_column(JSON, default=list)


class SystemVersion(Base):
    """What was published on one day: the whole record as canonical JSON, and the few columns that lists show.

    ``words`` is what finds it on a day gone by (``finding.kept_words``), worked out from the record; None in a database
    from before it was kept, until ``porth migrate`` or ``porth index`` has filled it in.
    """

    __tablename__ = "system_versions"
    __table_args__ = (
        UniqueConstraint("system_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("name_cy <> '' AND name_en <> ''", name="name_in_both_languages"),
        CheckConstraint("one_sentence_cy <> '' AND one_sentence_en <> ''", name="sentence_in_both_languages"),
        Index("ix_system_versions_sort_cy", "sort_cy", "id"),
        Index("ix_system_versions_sort_en", "sort_en", "id"),
        Index("ix_system_versions_in_force", "system_id", "published_on", "number"),
    )

    id: Mapped[Id]
    system_id: Mapped[str] = mapped_column(ForeignKey("systems.id"), index=True)
    number: Mapped[int]
    published_on: Mapped[date] = mapped_column(Date, index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcInstant)
    published_by: Mapped[str | None] = mapped_column(String(26), default=None)
    state: Mapped[SystemState] = mapped_column(words_of(SystemState, "state"), index=True)
    name_cy: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100))
    one_sentence_cy: Mapped[str] = mapped_column(String(160))
    one_sentence_en: Mapped[str] = mapped_column(String(160))
    responsible_cy: Mapped[str] = mapped_column(String(120))
    responsible_en: Mapped[str] = mapped_column(String(120))
    sort_cy: Mapped[bytes] = mapped_column(LargeBinary)
    sort_en: Mapped[bytes] = mapped_column(LargeBinary)
    record: Mapped[str] = mapped_column(Text)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    words: Mapped[str | None] = mapped_column(Text, default=None)


class VersionTexts(Base):
    """Where the texts of a version that was written in the portal came from, and who approved each language.

    ``texts`` holds for each text and side its source, and the accounts that wrote and approved it: for the desks alone.
    ``approved_on`` is the day on which the last of them was approved; None where one came with a file, unapproved here.
    """

    __tablename__ = "version_texts"

    version_id: Mapped[str] = mapped_column(ForeignKey("system_versions.id"), primary_key=True)
    texts: Mapped[dict[str, Any]] = mapped_column(JSON)
    approved_on: Mapped[date | None] = mapped_column(Date, default=None)


class AffectedGroup(Base):
    """Whom one version affects: a body, a place and all below it, a staff group, kinds of contract, dates."""

    __tablename__ = "affected_groups"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", name="until_not_before_since"),
        CheckConstraint("length(kinds) > 2", name="kinds_named"),
    )

    id: Mapped[Id]
    version_id: Mapped[str] = mapped_column(ForeignKey("system_versions.id"), index=True)
    body_id: Mapped[str] = mapped_column(ForeignKey("bodies.id"), index=True)
    workplace_id: Mapped[str | None] = mapped_column(ForeignKey("workplaces.id"), index=True, default=None)
    staff_group_id: Mapped[str | None] = mapped_column(ForeignKey("staff_groups.id"), index=True, default=None)
    kinds: Mapped[str] = mapped_column(String(120))
    strength: Mapped[Strength] = mapped_column(words_of(Strength, "strength"))
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date, default=None)


class DecisionPoint(Base):
    """One decision of one version: the thing a worker asks a person to look at again. ``key`` lasts over versions."""

    __tablename__ = "decision_points"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[Id]
    version_id: Mapped[str] = mapped_column(ForeignKey("system_versions.id"), index=True)
    key: Mapped[str] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(SmallInteger)
    title_cy: Mapped[str] = mapped_column(String(120))
    title_en: Mapped[str] = mapped_column(String(120))
    automation: Mapped[Automation] = mapped_column(words_of(Automation, "automation"))
    effect: Mapped[Effect] = mapped_column(words_of(Effect, "effect"))
    is_decided: Mapped[bool]
    is_solely_automated: Mapped[bool]
    human_point_cy: Mapped[str] = mapped_column(Text)
    human_point_en: Mapped[str] = mapped_column(Text)


class DataItem(Base):
    """One item of data that one version holds about workers: the search list of an access request."""

    __tablename__ = "data_items"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[Id]
    version_id: Mapped[str] = mapped_column(ForeignKey("system_versions.id"), index=True)
    key: Mapped[str] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(SmallInteger)
    label_cy: Mapped[str] = mapped_column(String(120))
    label_en: Mapped[str] = mapped_column(String(120))
    category: Mapped[DataCategory] = mapped_column(words_of(DataCategory, "category"))
    is_special_category: Mapped[bool]


class ImportedRecord(Base):
    """A record published elsewhere, in English only, known by its address. It never affects anybody here."""

    __tablename__ = "imported_records"
    __table_args__ = (Index("ix_imported_records_order", "sort", "id"),)

    id: Mapped[Id]
    url: Mapped[str] = mapped_column(String(400), unique=True)
    publishing_body: Mapped[str | None] = mapped_column(String(200))
    tool_name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text)
    published_on: Mapped[date] = mapped_column(Date)
    sort: Mapped[bytes] = mapped_column(LargeBinary)
    folded: Mapped[str] = mapped_column(Text)
    imported_at: Mapped[datetime] = mapped_column(UtcInstant)


class PublishedIsFinal(TypeError):
    """Code tried to change what was published. A mistake in the portal, never of a person."""


def _refuse_change(_mapper: object, _connection: object, target: Any) -> NoReturn:
    raise PublishedIsFinal(f"{type(target).__name__} was published or done, and never changes")


for _published in (SystemVersion, VersionTexts, SystemStep, AffectedGroup, DecisionPoint, DataItem):
    event.listen(_published, "before_update", _refuse_change)
    event.listen(_published, "before_delete", _refuse_change)
