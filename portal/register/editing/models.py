"""What hangs on a draft while it is being written: what is not whole yet, comments, who was asked to go on."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id, UtcInstant
from portal.core.db import Base


class UnfinishedEntry(Base):
    """What was typed and is not whole yet: the boxes of a section’s parts, or of one row of a list.

    It goes as soon as what was typed can be kept in the draft, and keeps a version from being published until then.
    """

    __tablename__ = "draft_unfinished"

    id: Mapped[Id]
    system_id: Mapped[str] = mapped_column(ForeignKey("systems.id"), index=True)
    section: Mapped[str] = mapped_column(String(40))
    list_path: Mapped[str] = mapped_column(String(80), default="")
    typed: Mapped[list[list[str]]] = mapped_column(JSON)
    account_id: Mapped[str] = mapped_column(String(26))
    updated_at: Mapped[datetime] = mapped_column(UtcInstant)


class DraftComment(Base):
    """A comment on a section of a draft, sealed; for those who write the register only."""

    __tablename__ = "draft_comments"
    __table_args__ = (CheckConstraint("(resolved_at IS NULL) = (resolved_by IS NULL)", name="resolved_by_somebody"),)

    id: Mapped[Id]
    system_id: Mapped[str] = mapped_column(ForeignKey("systems.id"), index=True)
    section: Mapped[str] = mapped_column(String(40))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    account_id: Mapped[str] = mapped_column(String(26))
    written_at: Mapped[datetime] = mapped_column(UtcInstant)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcInstant, default=None)
    resolved_by: Mapped[str | None] = mapped_column(String(26), default=None)


class DraftHandover(Base):
    """Somebody asked another editor to go on with a draft."""

    __tablename__ = "draft_handovers"

    id: Mapped[Id]
    system_id: Mapped[str] = mapped_column(ForeignKey("systems.id"), index=True)
    from_account: Mapped[str] = mapped_column(String(26))
    to_person: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcInstant)


class RegisterTemplate(Base):
    """What is the same wherever a product is used, made by one body from its published entry and offered to all."""

    __tablename__ = "register_templates"
    __table_args__ = (CheckConstraint("edition > 0", name="edition_positive"),)

    id: Mapped[Id]
    source_system_id: Mapped[str] = mapped_column(ForeignKey("systems.id"), unique=True)
    body_id: Mapped[str] = mapped_column(ForeignKey("bodies.id"), index=True)
    product: Mapped[str] = mapped_column(String(120))
    supplier: Mapped[str] = mapped_column(String(120))
    record: Mapped[str] = mapped_column(Text)
    edition: Mapped[int]
    updated_at: Mapped[datetime] = mapped_column(UtcInstant)


class TemplateUse(Base):
    """A system whose entry began with a template, and the edition that its editors have seen."""

    __tablename__ = "template_uses"

    system_id: Mapped[str] = mapped_column(ForeignKey("systems.id"), primary_key=True)
    template_id: Mapped[str] = mapped_column(ForeignKey("register_templates.id"), index=True)
    edition: Mapped[int]
