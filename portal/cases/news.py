"""Whether something came that a representative can see: a letter about anything else would itself tell of it."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.cases.models import CaseEvent, CaseRepresentative
from portal.cases.representing import UNDONE, is_withdrawn, list_parts
from portal.cases.rules import Relation
from portal.cases.speaking import Lines, Scope, Shared

ALWAYS = frozenset({"extend", UNDONE})
"""Steps that change what everybody sees: where it stands, and its dates."""
QUESTION = "ask"


def has_shown_news(session: Session, row: CaseRepresentative, lines: Lines, quiet: Iterable[str]) -> bool:
    """Something that is shared with them came after they were told last, and their words still open the case."""
    if is_withdrawn(session, row):
        return False
    parts = list_parts(session, row)
    told = _first(session, row, lines.telling) if Shared.OUTCOME not in parts else None
    ended = _first(session, row, lines.ending)
    events = _new(session, row, quiet)
    return any(
        one.number == ended or ((told is None or one.number < told) and _is_seen(row, one, parts, lines))
        for one in events
    )


def _is_seen(row: CaseRepresentative, event: CaseEvent, parts: frozenset[Shared], lines: Lines) -> bool:
    if event.step in ALWAYS or (event.step == QUESTION and row.scope is Scope.SPEAK):
        return True
    is_shown = Shared.HISTORY in parts or (Shared.LETTERS in parts and event.message_id is not None)
    return is_shown and lines.may_show(event.step, parts)


def _new(session: Session, row: CaseRepresentative, quiet: Iterable[str]) -> Sequence[CaseEvent]:
    return session.scalars(
        select(CaseEvent).where(
            CaseEvent.case_id == row.case_id,
            CaseEvent.visible_to_requester,
            CaseEvent.role != Relation.REPRESENTATIVE.value,
            CaseEvent.step.not_in(tuple(quiet)),
            CaseEvent.at > (row.told_at or row.given_at),
        )
    ).all()


def _first(session: Session, row: CaseRepresentative, steps: Iterable[str]) -> int | None:
    asked = select(func.min(CaseEvent.number)).where(
        CaseEvent.case_id == row.case_id, CaseEvent.step.in_(sorted(steps))
    )
    return session.scalar(asked)
