"""Places that a body searches, the tasks of one request, and the hold on deleting. People's words are sealed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id, UtcInstant
from portal.core.db import Base
from portal.directory.models import words_of
from portal.subject_access.searching.rules import PlaceKind, Result, TaskState


class SearchPlace(Base):
    """Where personal data of staff lies, and who searches there. One for a system of the register names it.

    ``is_own_mailbox``: who searches looks through what they wrote themselves, so a second person confirms the result.
    """

    __tablename__ = "search_places"
    __table_args__ = (
        UniqueConstraint("body_id", "system_id", name="uq_search_places_body_system"),
        CheckConstraint("(kind = 'system') = (system_id IS NOT NULL)", name="a_system_is_named"),
        CheckConstraint("owner_person_id IS NULL OR owner_person_id <> deputy_person_id", name="deputy_is_another"),
    )

    id: Mapped[Id]
    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"), index=True)
    kind: Mapped[PlaceKind] = mapped_column(words_of(PlaceKind, "kind"))
    system_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("systems.id"), index=True)
    name_cy: Mapped[str] = mapped_column(String(200), default="")
    name_en: Mapped[str] = mapped_column(String(200), default="")
    owner_person_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("persons.id"), index=True)
    deputy_person_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("persons.id"), index=True)
    is_own_mailbox: Mapped[bool] = mapped_column(default=False)
    ended_on: Mapped[date | None]


class SearchTask(Base):
    """One search of one place for one request. ``items`` are labels of data items in both languages.

    ``person_id`` searches; ``first_person_id`` is whom the place named when somebody else took over.
    """

    __tablename__ = "search_tasks"
    __table_args__ = (
        CheckConstraint("(state IN ('sent', 'answered')) <= (person_id IS NOT NULL)", name="somebody_searches"),
        CheckConstraint("(state = 'answered') = (result IS NOT NULL)", name="answered_with_a_result"),
        CheckConstraint("state <> 'waived' OR waived_because IS NOT NULL", name="waived_with_a_reason"),
        CheckConstraint("minutes IS NULL OR minutes >= 0", name="minutes"),
        CheckConstraint("found_number IS NULL OR found_number >= 0", name="found_number"),
        Index("ix_search_tasks_case", "case_id", "state"),
        Index("ix_search_tasks_person", "person_id", "state", "due_on"),
    )

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"))
    place_id: Mapped[str] = mapped_column(String(26), ForeignKey("search_places.id"), index=True)
    state: Mapped[TaskState] = mapped_column(words_of(TaskState, "state"))
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    person_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("persons.id"))
    first_person_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("persons.id"), index=True)
    second_person_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("persons.id"), index=True)
    sent_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    due_on: Mapped[date | None]
    hold_seen_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    result: Mapped[Result | None] = mapped_column(words_of(Result, "result"))
    found_number: Mapped[int | None]
    minutes: Mapped[int | None]
    searched: Mapped[bytes | None] = mapped_column(LargeBinary)
    waived_because: Mapped[bytes | None] = mapped_column(LargeBinary)
    ended_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    ended_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    chased: Mapped[int] = mapped_column(default=0)
