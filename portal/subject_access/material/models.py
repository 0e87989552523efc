"""What was found, and everything that was decided on it. Files and people's words are sealed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id, UtcInstant
from portal.core.db import Base
from portal.directory.models import words_of
from portal.documents.findings import FindingCode
from portal.documents.kinds import FileKind
from portal.subject_access.material.rules import CutEntry, Decision, Exemption, ReporterAnswer


class Material(Base):
    """One file that was found. ``blob_id`` is what came in; what goes out is its newest ``MaterialCopy``.

    ``reporter`` answers whether it comes from, or identifies, a reporter; after a yes it leaves only when a second
    person has cleared it (``cleared_by``). A yes becomes a no only when two people have said so (``ReporterLine``).
    """

    __tablename__ = "materials"
    __table_args__ = (
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("period_from IS NULL OR period_to IS NULL OR period_to >= period_from", name="period"),
        CheckConstraint("(decision IS NULL) = (decided_by IS NULL)", name="decided_by_somebody"),
        CheckConstraint(
            "decision IS NULL OR decision = 'release' OR exemption IS NOT NULL", name="withheld_for_a_reason"
        ),
        CheckConstraint("cleared_by IS NULL OR cleared_by <> reporter_said_by", name="cleared_by_another"),
        Index("ix_materials_case", "case_id", "number"),
        UniqueConstraint("case_id", "number", name="uq_materials_case_number"),
    )

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"))
    number: Mapped[int]
    task_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("search_tasks.id"), index=True)
    system_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("systems.id"), index=True)
    kind: Mapped[FileKind] = mapped_column(words_of(FileKind, "kind"))
    blob_id: Mapped[str | None] = mapped_column(String(26))
    file_name: Mapped[bytes] = mapped_column(LargeBinary)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    said: Mapped[bytes | None] = mapped_column(LargeBinary)
    period_from: Mapped[date | None]
    period_to: Mapped[date | None]
    added_at: Mapped[datetime] = mapped_column(UtcInstant)
    added_by: Mapped[str] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    reporter: Mapped[ReporterAnswer | None] = mapped_column(words_of(ReporterAnswer, "reporter"))
    reporter_said_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    cleared_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    cleared_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    decision: Mapped[Decision | None] = mapped_column(words_of(Decision, "decision"))
    exemption: Mapped[Exemption | None] = mapped_column(words_of(Exemption, "exemption"))
    reason: Mapped[bytes | None] = mapped_column(LargeBinary)
    balancing: Mapped[bytes | None] = mapped_column(LargeBinary)
    decided_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    decided_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    version: Mapped[int] = mapped_column(default=1)


class ReporterLine(Base):
    """One answer to the question about a reporter; lines are only ever added. Which one counts, ``reporters`` says."""

    __tablename__ = "reporter_lines"
    __table_args__ = (UniqueConstraint("material_id", "number", name="uq_reporter_lines_material_number"),)

    id: Mapped[Id]
    material_id: Mapped[str] = mapped_column(String(26), ForeignKey("materials.id"))
    number: Mapped[int]
    answer: Mapped[ReporterAnswer] = mapped_column(words_of(ReporterAnswer, "answer"))
    said_by: Mapped[str] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    said_at: Mapped[datetime] = mapped_column(UtcInstant)


class RedactionEntry(Base):
    """One line of the redaction ledger; lines are only ever added. An ``undo`` names the line that it undoes."""

    __tablename__ = "redaction_entries"
    __table_args__ = (
        UniqueConstraint("material_id", "number", name="uq_redaction_entries_material_number"),
        CheckConstraint("(entry = 'undo') = (undoes_id IS NOT NULL)", name="an_undo_names_a_line"),
        CheckConstraint("entry = 'undo' OR (cut IS NOT NULL AND exemption IS NOT NULL)", name="a_cut_has_a_reason"),
    )

    id: Mapped[Id]
    material_id: Mapped[str] = mapped_column(String(26), ForeignKey("materials.id"))
    number: Mapped[int]
    entry: Mapped[CutEntry] = mapped_column(words_of(CutEntry, "entry"))
    undoes_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("redaction_entries.id"), index=True)
    cut: Mapped[bytes | None] = mapped_column(LargeBinary)
    exemption: Mapped[Exemption | None] = mapped_column(words_of(Exemption, "exemption"))
    reason: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    made_by: Mapped[str] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)


class MaterialCopy(Base):
    """One outgoing copy, made from the file and its ledger up to ``ledger_number``; the newest is what leaves."""

    __tablename__ = "material_copies"
    __table_args__ = (UniqueConstraint("material_id", "number", name="uq_material_copies_material_number"),)

    id: Mapped[Id]
    material_id: Mapped[str] = mapped_column(String(26), ForeignKey("materials.id"))
    number: Mapped[int]
    ledger_number: Mapped[int]
    kind: Mapped[FileKind] = mapped_column(words_of(FileKind, "kind"))
    blob_id: Mapped[str | None] = mapped_column(String(26))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    pictured: Mapped[list[Any]] = mapped_column(JSON, default=list)
    made_at: Mapped[datetime] = mapped_column(UtcInstant)


class ScanFinding(Base):
    """One finding of the outgoing scan of a copy. It blocks until it is fixed (by a newer copy) or accepted by name.

    What nobody can look into here waits, ``needs_second``, until another officer confirmed it too.
    """

    __tablename__ = "scan_findings"
    __table_args__ = (
        CheckConstraint("(accepted_by IS NULL) = (accepted_because IS NULL)", name="accepted_with_a_reason"),
        Index("ix_scan_findings_copy", "copy_id"),
    )

    id: Mapped[Id]
    copy_id: Mapped[str] = mapped_column(String(26), ForeignKey("material_copies.id"))
    code: Mapped[FindingCode] = mapped_column(words_of(FindingCode, "code"))
    place: Mapped[bytes] = mapped_column(LargeBinary)
    number: Mapped[int] = mapped_column(default=1)
    can_fix: Mapped[bool]
    accepted_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    accepted_because: Mapped[bytes | None] = mapped_column(LargeBinary)
    needs_second: Mapped[bool] = mapped_column(default=False, server_default=false())
    second_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    second_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class MaterialWork(Base):
    """A copy of an item is being made now: which page is worked on, of how many. Gone when it is done, or not possible.

    ``pages`` is 0 until the first page is told of, and for files that have none.
    """

    __tablename__ = "material_works"
    __table_args__ = (CheckConstraint("page >= 0 AND page <= pages", name="page"),)

    material_id: Mapped[str] = mapped_column(String(26), ForeignKey("materials.id"), primary_key=True)
    begun_at: Mapped[datetime] = mapped_column(UtcInstant)
    stage: Mapped[str] = mapped_column(String(20), default="")
    page: Mapped[int] = mapped_column(default=0)
    pages: Mapped[int] = mapped_column(default=0)
