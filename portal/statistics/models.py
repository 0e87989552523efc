"""Frozen figures, one event a number, and what the forum says to them. No row names a case, a person or a union."""

from datetime import date
from typing import Any, NoReturn

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, event, inspect
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id
from portal.core.db import Base
from portal.directory.models import words_of
from portal.statistics.rules import Kind


class FigureEvent(Base):
    """One number, frozen on a day for the report of ``quarter`` and never changed. ``told`` is what the report shows,
    None what it withholds.

    ``of_quarter`` is the quarter that it counts: the report's own, or an earlier one of which this much more, or less,
    is known by now. Those are added up in lines of their own (``rules.Counted.late``), and told nowhere else.
    """

    __tablename__ = "figure_events"
    __table_args__ = (
        UniqueConstraint("body_id", "quarter", "of_quarter", "kind", "key", name="uq_figure_events_once"),
        Index("ix_figure_events_kind", "kind", "body_id", "quarter"),
        CheckConstraint("of_quarter <= quarter", name="of_a_quarter_gone_by"),
        CheckConstraint("told IS NULL OR told >= 0", name="told_is_a_number"),
        CheckConstraint("told IS NULL OR of_quarter = quarter", name="told_of_its_own_quarter"),
    )

    id: Mapped[Id]
    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"))
    quarter: Mapped[str] = mapped_column(String(6))
    of_quarter: Mapped[str] = mapped_column(String(6))
    kind: Mapped[Kind] = mapped_column(words_of(Kind, "kind"))
    key: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    told: Mapped[int | None]
    frozen_on: Mapped[date]


class ReportText(Base):
    """«You said, we did» of one report, in both languages: written by one person, signed by another, final then."""

    __tablename__ = "report_texts"
    __table_args__ = (
        UniqueConstraint("body_id", "quarter", "number", name="uq_report_texts_number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint(
            "you_said_cy <> '' AND you_said_en <> '' AND we_did_cy <> '' AND we_did_en <> ''", name="in_both_languages"
        ),
        CheckConstraint("signed_by IS NULL OR signed_by <> written_by", name="two_people"),
        CheckConstraint("(signed_by IS NULL) = (signed_on IS NULL)", name="signed_on_a_day"),
        Index("ix_report_texts_written_by", "written_by"),
        Index("ix_report_texts_signed_by", "signed_by"),
    )

    id: Mapped[Id]
    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"))
    quarter: Mapped[str] = mapped_column(String(6))
    number: Mapped[int]
    you_said_cy: Mapped[str] = mapped_column(Text)
    you_said_en: Mapped[str] = mapped_column(Text)
    we_did_cy: Mapped[str] = mapped_column(Text)
    we_did_en: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(String(26), ForeignKey("persons.id"))
    written_on: Mapped[date]
    signed_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("persons.id"))
    signed_on: Mapped[date | None]


class FrozenIsFinal(TypeError):
    """Code tried to change a figure that was frozen, or a text that was signed. A mistake in the portal."""


def _refuse_change(_mapper: object, _connection: object, target: Any) -> NoReturn:
    raise FrozenIsFinal(f"{type(target).__name__} is final, and never changes")


def _refuse_signed(_mapper: object, _connection: object, target: ReportText) -> None:
    """A draft may be signed; nothing else of a text changes."""
    changed = {attribute.key for attribute in inspect(target).attrs if attribute.history.has_changes()}
    signed = inspect(target).attrs.signed_on.history
    if changed - {"signed_by", "signed_on"} or any((*(signed.deleted or ()), *(signed.unchanged or ()))):
        raise FrozenIsFinal("a text is written once and signed once")


event.listen(FigureEvent, "before_update", _refuse_change)
event.listen(FigureEvent, "before_delete", _refuse_change)
event.listen(ReportText, "before_update", _refuse_signed)
event.listen(ReportText, "before_delete", _refuse_change)
