"""Where the unions stand, as their own branches signed it: read by the gate, the search and the pages.

A statement is never overwritten: a branch that thinks otherwise signs a new one. Of a union that has not signed here,
the published version's word counts.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    String,
    Subquery,
    Text,
    UniqueConstraint,
    event,
    exists,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core.columns import Id, UtcInstant
from portal.core.db import Base
from portal.directory.models import Union, UnionBranch, words_of
from portal.register.models import PublishedIsFinal
from portal.register.openness import is_open
from portal.register.record import Record
from portal.register.rules import Position

SAID_BY_UNIONS = (Position.AGREED, Position.AGREED_WITH_CONDITIONS, Position.NOT_AGREED, Position.NOT_ASKED)
"""What a branch can sign. That it has not answered is what the portal sees."""
HEARD = frozenset({Position.AGREED, Position.AGREED_WITH_CONDITIONS, Position.NOT_AGREED})

Said = Mapping[str, tuple[Position, ...]]
"""By union: where its branches stand now."""


class UnionStatement(Base):
    """What one branch signed about one system. A text may stand in one language: the union decides.

    ``effects`` is the branch's own view of what each decision point does, by the point's key.
    """

    __tablename__ = "union_statements"
    __table_args__ = (
        UniqueConstraint("system_id", "branch_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("position <> 'no_response'", name="signed_is_a_response"),
        CheckConstraint("position = 'agreed' OR text_cy <> '' OR text_en <> ''", name="said_why"),
    )

    id: Mapped[Id]
    system_id: Mapped[str] = mapped_column(ForeignKey("systems.id"), index=True)
    branch_id: Mapped[str] = mapped_column(ForeignKey("union_branches.id"), index=True)
    number: Mapped[int]
    position: Mapped[Position] = mapped_column(words_of(Position, "position"))
    text_cy: Mapped[str] = mapped_column(Text, default="")
    text_en: Mapped[str] = mapped_column(Text, default="")
    effects: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    version_number: Mapped[int | None] = mapped_column(default=None)
    signed_on: Mapped[date] = mapped_column(Date, index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcInstant)
    account_id: Mapped[str] = mapped_column(String(26))


def refuse_change(_mapper: object, _connection: object, target: Any) -> None:
    """What somebody signed stays as it was signed."""
    raise PublishedIsFinal(f"{type(target).__name__} was signed, and never changes")


for _change in ("before_update", "before_delete"):
    event.listen(UnionStatement, _change, refuse_change)


def list_standing(session: Session, system_id: str, *, on: date | None = None) -> dict[str, UnionStatement]:
    """By branch, the last statement that it signed, today or up to a day gone by."""
    asked = select(UnionStatement).where(UnionStatement.system_id == system_id).order_by(UnionStatement.number)
    if on is not None:
        asked = asked.where(UnionStatement.signed_on <= on)
    return {statement.branch_id: statement for statement in session.scalars(asked)}


def newest_statements(*, on: date | None = None) -> Subquery:
    """Of every system and branch the last statement, today or up to a day gone by: its system, branch and position."""
    signed = UnionStatement.__table__
    later = signed.alias()
    by_then = [later.c.signed_on <= on] if on is not None else []
    is_later = exists().where(
        later.c.system_id == signed.c.system_id,
        later.c.branch_id == signed.c.branch_id,
        later.c.number > signed.c.number,
        *by_then,
    )
    asked = select(signed.c.system_id, signed.c.branch_id, signed.c.position).where(~is_later)
    return (asked.where(signed.c.signed_on <= on) if on is not None else asked).subquery()


def list_said(session: Session, system_ids: Iterable[str] | None, *, on: date | None = None) -> dict[str, Said]:
    """Of several systems, or of all: by union, where its branches stand now, or stood on a day gone by."""
    newest = newest_statements(on=on)
    asked = (
        select(newest.c.system_id, Union.slug, newest.c.position)
        .join(UnionBranch, UnionBranch.id == newest.c.branch_id)
        .join(Union, Union.id == UnionBranch.union_id)
        .order_by(newest.c.system_id, Union.slug, newest.c.branch_id)
    )
    if system_ids is not None:
        asked = asked.where(newest.c.system_id.in_(list(system_ids)))
    found: dict[str, dict[str, tuple[Position, ...]]] = {}
    for system_id, slug, position in session.execute(asked):
        said = found.setdefault(system_id, {})
        said[slug] = (*said.get(slug, ()), position)
    return {**found}


def is_disputed(record: Record, said: Said) -> bool:
    """Whether a union says that it does not agree: as its branch signed, else as the version tells."""
    signed = [position for positions in said.values() for position in positions]
    told = record.consultation.positions if is_open(record, "consultations.union_position") else ()
    unsigned = [one.position for one in told if one.union not in said]
    return Position.NOT_AGREED in (*signed, *unsigned)
