"""Whether an item comes from, or identifies, somebody who raised a concern: a yes stands until two people said no."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.turn import Turn
from portal.core import ids
from portal.core.errors import NotFound
from portal.subject_access.material.models import Material, ReporterLine
from portal.subject_access.material.rules import ReporterAnswer


@dataclass(frozen=True, slots=True)
class Stand:
    """The answer that counts, who gave it, and who has said no since without anybody who agreed yet."""

    answer: ReporterAnswer | None = None
    said_by: str | None = None
    no_by: str | None = None

    def after(self, answer: ReporterAnswer, by: str) -> "Stand":
        """How it stands once somebody has answered. A yes becomes a no when two different people have said no."""
        if answer is ReporterAnswer.YES:
            is_kept = self.answer is ReporterAnswer.YES and self.no_by is None
            return self if is_kept else Stand(ReporterAnswer.YES, by)
        if self.answer is not ReporterAnswer.YES:
            return self if self.answer is ReporterAnswer.NO else Stand(ReporterAnswer.NO, by)
        if self.no_by in (None, by):
            return replace(self, no_by=by)
        return Stand(ReporterAnswer.NO, by)


def list_answers(session: Session, item: Material) -> Sequence[ReporterLine]:
    """Every answer that changed something, first to last."""
    found = select(ReporterLine).where(ReporterLine.material_id == item.id)
    return session.scalars(found.order_by(ReporterLine.number)).all()


def stand_of(session: Session, item: Material) -> Stand:
    """How the question stands for an item."""
    lines = list_answers(session, item)
    is_asked = item.reporter is ReporterAnswer.YES and bool(lines) and lines[-1].answer is ReporterAnswer.NO
    return Stand(item.reporter, item.reporter_said_by, lines[-1].said_by if is_asked else None)


def answer(turn: Turn, item: Material, said: ReporterAnswer) -> Stand:
    """Write an answer down. The same bytes under another number have the same author: a yes to one is a yes to all."""
    by = turn.account_id
    if by is None:
        raise NotFound
    twins = _twins(turn.session, item)
    marked = next((twin for twin in twins if twin.reporter is ReporterAnswer.YES), None)
    if marked is not None and item.reporter is not ReporterAnswer.YES and marked.reporter_said_by is not None:
        _write(turn, item, ReporterAnswer.YES, marked.reporter_said_by)
    stand = _write(turn, item, said, by)
    if stand.answer is ReporterAnswer.YES:
        for twin in twins:
            if twin.reporter is not ReporterAnswer.YES:
                _write(turn, twin, ReporterAnswer.YES, by)
                twin.version += 1
    return stand


def _write(turn: Turn, item: Material, said: ReporterAnswer, by: str) -> Stand:
    before = stand_of(turn.session, item)
    after = before.after(said, by)
    if after == before:
        return before
    lines = list_answers(turn.session, item)
    number = lines[-1].number + 1 if lines else 1
    turn.session.add(
        ReporterLine(
            id=ids.new_id(), material_id=item.id, number=number, answer=said, said_by=by, said_at=turn.desk.now
        )
    )
    item.cleared_by = item.cleared_at = None
    item.reporter, item.reporter_said_by = after.answer, after.said_by
    turn.session.flush()
    return after


def _twins(session: Session, item: Material) -> Sequence[Material]:
    """The same file, byte for byte, added to this request more than once."""
    same = (Material.case_id == item.case_id, Material.sha256 == item.sha256, Material.id != item.id)
    return session.scalars(select(Material).where(*same).order_by(Material.number)).all()
