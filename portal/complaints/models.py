"""What a complaint adds to its case. People's words are sealed; figures and tombstones stay when the case is gone."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from portal.complaints.rules import Channel, Looked, Outcome, Theme, Warned
from portal.core.columns import Id, UtcInstant
from portal.core.db import Base
from portal.directory.models import words_of


class Complaint(Base):
    """The complaint behind a case of that kind. ``is_about_office``: about the body's own data protection team.

    ``introduced_on``: the day on which the person who handles it wrote with their name. ``told_on`` is the last day on
    which the person heard of the progress; the first is the day of receipt.
    """

    __tablename__ = "complaints"
    __table_args__ = (CheckConstraint("lang IN ('cy', 'en')", name="lang"),)

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    channel: Mapped[Channel] = mapped_column(words_of(Channel, "channel"))
    what: Mapped[bytes] = mapped_column(LargeBinary)
    wanted: Mapped[bytes | None] = mapped_column(LargeBinary)
    lang: Mapped[str] = mapped_column(String(2))
    is_about_office: Mapped[bool] = mapped_column(default=False)
    name: Mapped[bytes | None] = mapped_column(LargeBinary)
    reach: Mapped[bytes | None] = mapped_column(LargeBinary)
    away_from: Mapped[bytes | None] = mapped_column(LargeBinary)
    late_reason: Mapped[bytes | None] = mapped_column(LargeBinary)
    acknowledged_on: Mapped[date | None]
    introduced_on: Mapped[date | None]
    told_on: Mapped[date]


class ComplaintLink(Base):
    """What a complaint is about, by the person's own choice: a case of theirs, or a system."""

    __tablename__ = "complaint_links"
    __table_args__ = (
        CheckConstraint("(about_reference IS NULL) <> (system_id IS NULL)", name="a_case_or_a_system"),
        UniqueConstraint("case_id", "about_reference", name="uq_complaint_links_case"),
        UniqueConstraint("case_id", "system_id", name="uq_complaint_links_system"),
    )

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"))
    about_case_id: Mapped[str | None] = mapped_column(
        String(26), ForeignKey("cases.id", ondelete="SET NULL"), index=True
    )
    about_reference: Mapped[str | None] = mapped_column(String(16))
    system_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("systems.id"), index=True)


class ComplaintFile(Base):
    """A paper that came with a complaint, or was added to it: sealed."""

    __tablename__ = "complaint_files"
    __table_args__ = (CheckConstraint("size > 0", name="size"),)

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), index=True)
    blob_id: Mapped[str] = mapped_column(String(26))
    file_name: Mapped[bytes] = mapped_column(LargeBinary)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(UtcInstant)
    added_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)


class Enquiry(Base):
    """A question to somebody of the body, with its day. The first is to the handler, asked by the portal: it has no
    words of its own, for it is said in the language of who reads it."""

    __tablename__ = "complaint_enquiries"
    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name="answered_with_words"),
        CheckConstraint("(asked_by IS NULL) = (question IS NULL)", name="who_asks_has_words"),
        Index("ix_complaint_enquiries_person", "person_id", "answered_at"),
    )

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), index=True)
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("persons.id"))
    question: Mapped[bytes | None] = mapped_column(LargeBinary)
    asked_at: Mapped[datetime] = mapped_column(UtcInstant)
    asked_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    due_on: Mapped[date]
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    answered_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class ComplaintDecision(Base):
    """An outcome with its reasons, in the language of the person. About the body's own officers two people decide."""

    __tablename__ = "complaint_decisions"
    __table_args__ = (
        CheckConstraint("NOT needs_second OR decided_by IS NULL OR decided_by <> proposed_by", name="two_people"),
        CheckConstraint("(decided_by IS NULL) = (is_approved IS NULL)", name="decided_by_somebody"),
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided_at_some_time"),
    )

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), index=True)
    outcome: Mapped[Outcome] = mapped_column(words_of(Outcome, "outcome"))
    theme: Mapped[Theme] = mapped_column(words_of(Theme, "theme"))
    reasons: Mapped[bytes] = mapped_column(LargeBinary)
    needs_second: Mapped[bool]
    proposed_by: Mapped[str] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    proposed_at: Mapped[datetime] = mapped_column(UtcInstant)
    decided_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    decided_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    is_approved: Mapped[bool | None]
    comment: Mapped[bytes | None] = mapped_column(LargeBinary)


class ComplaintRemedy(Base):
    """Something that is put right: what, by whom, until when. It counts from the outcome on."""

    __tablename__ = "complaint_remedies"
    __table_args__ = (
        CheckConstraint("(done_on IS NULL) = (done IS NULL)", name="done_with_words"),
        Index("ix_complaint_remedies_person", "person_id", "done_on"),
    )

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), index=True)
    what: Mapped[bytes] = mapped_column(LargeBinary)
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("persons.id"))
    due_on: Mapped[date]
    planned_at: Mapped[datetime] = mapped_column(UtcInstant)
    given_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    done: Mapped[bytes | None] = mapped_column(LargeBinary)
    done_on: Mapped[date | None]


class RegulatorMatter(Base):
    """The complaint went to the Information Commission: its reference, days, what it asked for, and what it said."""

    __tablename__ = "complaint_regulator_matters"

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), index=True)
    reference: Mapped[str] = mapped_column(String(60), default="")
    went_on: Mapped[date]
    came_from: Mapped[str] = mapped_column(String(40))
    ended_on: Mapped[date | None]
    result: Mapped[bytes | None] = mapped_column(LargeBinary)


class RegulatorRequest(Base):
    """Something that the Information Commission asked the body for, with its day."""

    __tablename__ = "complaint_regulator_requests"

    id: Mapped[Id]
    matter_id: Mapped[str] = mapped_column(String(26), ForeignKey("complaint_regulator_matters.id"), index=True)
    asked_on: Mapped[date]
    due_on: Mapped[date]
    what: Mapped[bytes] = mapped_column(LargeBinary)
    answered_on: Mapped[date | None]


class ComplaintReading(Base):
    """Somebody opened a part of a complaint on a day: shown to the person who complained."""

    __tablename__ = "complaint_readings"

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(26), ForeignKey("accounts.id"), primary_key=True, index=True)
    on_day: Mapped[date] = mapped_column(primary_key=True)
    part: Mapped[Looked] = mapped_column(words_of(Looked, "part"), primary_key=True)


class ComplaintWarning(Base):
    """Somebody was warned of a day, once. ``about`` is the row that is late, or the case itself."""

    __tablename__ = "complaint_warnings"

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    about: Mapped[str] = mapped_column(String(26), primary_key=True)
    kind: Mapped[Warned] = mapped_column(words_of(Warned, "kind"), primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    sent_at: Mapped[datetime] = mapped_column(UtcInstant)


class ComplaintAlternate(Base):
    """Who handles a complaint about the data protection officers of a body themselves: the order is that of asking."""

    __tablename__ = "complaint_alternates"
    __table_args__ = (UniqueConstraint("body_id", "person_id", name="uq_complaint_alternates_body_person"),)

    id: Mapped[Id]
    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"))
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("persons.id"), index=True)
    place: Mapped[int]
    named_at: Mapped[datetime] = mapped_column(UtcInstant)
    named_by: Mapped[str] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)


class ComplaintFigure(Base):
    """One complaint as figures alone, with its first outcome. Its id is the case's: it is counted once, however many
    requests, reviews and systems it is linked to. What came after that outcome stands in ``ComplaintReopening``."""

    __tablename__ = "complaint_figures"
    __table_args__ = (
        CheckConstraint("days >= 0", name="days"),
        Index("ix_complaint_figures_body", "body_id", "finished_on"),
    )

    id: Mapped[Id]
    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"))
    received_on: Mapped[date]
    finished_on: Mapped[date]
    outcome: Mapped[str] = mapped_column(String(40))
    theme: Mapped[str] = mapped_column(String(40))
    acknowledged_in_time: Mapped[bool]
    days: Mapped[int]


class ComplaintReopening(Base):
    """A complaint was taken up again, as figures alone; and the outcome of that, which then stands, on its own day."""

    __tablename__ = "complaint_reopenings"
    __table_args__ = (
        CheckConstraint("(finished_on IS NULL) = (outcome IS NULL)", name="outcome_on_a_day"),
        CheckConstraint("(outcome IS NULL) = (theme IS NULL)", name="outcome_with_a_theme"),
        CheckConstraint("finished_on IS NULL OR finished_on >= reopened_on", name="days"),
    )

    id: Mapped[Id]
    figure_id: Mapped[str] = mapped_column(String(26), ForeignKey("complaint_figures.id"), index=True)
    reopened_on: Mapped[date]
    finished_on: Mapped[date | None]
    outcome: Mapped[str | None] = mapped_column(String(40))
    theme: Mapped[str | None] = mapped_column(String(40))


class ComplaintReturn(Base):
    """The figures of a year as they were told on a day. A change makes a further edition; none is written over.

    ``told`` holds each number by its name, None for one that is withheld. ``checked_on``: the last day on which the
    portal counted anew and found nothing else.
    """

    __tablename__ = "complaint_returns"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number"),
        UniqueConstraint("body_id", "year", "number", name="uq_complaint_returns_edition"),
    )

    id: Mapped[Id]
    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"))
    year: Mapped[int]
    number: Mapped[int]
    told_on: Mapped[date]
    checked_on: Mapped[date]
    told: Mapped[dict[str, int | None]] = mapped_column(JSON)
    days: Mapped[float | None]


class ComplaintTombstone(Base):
    """Proof that a complaint was deleted: reference, days and authority, no content (law.md 4).

    ``hidden_from`` are the ids of the people who were left out of it, or complained. One about the office of a body
    (``is_about_office``) no officer of it learns of, whenever they came.
    """

    __tablename__ = "complaint_tombstones"

    reference: Mapped[str] = mapped_column(String(16), primary_key=True)
    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"), index=True)
    received_on: Mapped[date]
    finished_on: Mapped[date]
    deleted_at: Mapped[datetime] = mapped_column(UtcInstant)
    rule: Mapped[str] = mapped_column(String(40))
    hidden_from: Mapped[list[str] | None] = mapped_column(JSON)
    is_about_office: Mapped[bool] = mapped_column(default=False, server_default=false())
