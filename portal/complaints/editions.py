"""What was told of a year stays as it was told. Whatever changes it later makes a further edition, on its own day, that
says which lines are not as they were: never a figure that is silently another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases.models import Case
from portal.cases.rules import CaseKind
from portal.complaints.figures import HEADS, MEDIAN, Return, count_year, is_told, told_years, year_of
from portal.complaints.models import ComplaintFigure, ComplaintReturn
from portal.core import ids
from portal.core.clock import london_day
from portal.core.db import Database
from portal.core.text import Message
from portal.settings.models import Settings


@dataclass(frozen=True, slots=True)
class Edition:
    """The figures of a year as told on a day. ``changed``: the lines that the edition before told otherwise."""

    told_on: date
    found: Return
    changed: tuple[Message, ...] = ()


def tell_returns(database: Database, _settings: Settings, now: datetime) -> int:
    """Tell the years that are over, once; and once a day count them anew, and correct what is not so any more."""
    today, told = london_day(now), 0
    with database.reading() as session:
        due = list(_list_due(session, today))
    for body_id, year in due:
        with database.writing() as session:
            told += _tell(session, body_id, year, now=now)
    return told


def read_editions(session: Session, body_id: str, year: int, today: date) -> list[Edition]:
    """Newest first. Before the portal has written the first one down, what it would write today."""
    rows = _list_rows(session, body_id, year)
    if not rows:
        return [Edition(today, count_year(session, body_id, year))]
    return [_read(row, rows[at - 1] if at else row) for at, row in enumerate(rows)][::-1]


def _read(row: ComplaintReturn, before: ComplaintReturn) -> Edition:
    numbers, then = _numbers(row), _numbers(before)
    changed = [said for key, said in HEADS.items() if numbers[key] != then[key]]
    if row.days != before.days:
        changed.append(MEDIAN)
    return Edition(row.told_on, Return(row.year, numbers, row.days), tuple(changed))


def _numbers(row: ComplaintReturn) -> dict[str, int | None]:
    """What an edition told of each line; a line that it did not know yet was nought."""
    return {key: row.told.get(key, 0) for key in HEADS}


def _list_due(session: Session, today: date) -> Iterator[tuple[str, int]]:
    """Years that are over and were not told yet, or not counted anew today."""
    checked: dict[tuple[str, int], date] = {}
    edition = ComplaintReturn.body_id, ComplaintReturn.year
    for body_id, year, on in session.execute(select(*edition, func.max(ComplaintReturn.checked_on)).group_by(*edition)):
        checked[(body_id, year)] = on
    for body_id in _list_bodies(session, today):
        for year in told_years(session, body_id, today):
            if checked.get((body_id, year), date.min) < today:
                yield body_id, year


def _list_bodies(session: Session, today: date) -> Sequence[str]:
    """The bodies with a complaint of a year that is over."""
    first = select(Case.body_id, func.min(Case.received_on)).where(Case.kind == CaseKind.COMPLAINT)
    frozen = select(ComplaintFigure.body_id, func.min(ComplaintFigure.received_on)).group_by(ComplaintFigure.body_id)
    rows = [*session.execute(first.group_by(Case.body_id)), *session.execute(frozen)]
    return sorted({body_id for body_id, day in rows if is_told(year_of(day), today)})


def _tell(session: Session, body_id: str, year: int, *, now: datetime) -> bool:
    rows, today = _list_rows(session, body_id, year), london_day(now)
    before = frozenset(key for key, number in rows[-1].told.items() if number is None) if rows else frozenset()
    found = count_year(session, body_id, year, before=before)
    if rows and (_numbers(rows[-1]), rows[-1].days) == (found.numbers, found.days):
        rows[-1].checked_on = today
        return False
    session.add(
        ComplaintReturn(
            id=ids.new_id(),
            body_id=body_id,
            year=year,
            number=len(rows) + 1,
            told_on=today,
            checked_on=today,
            told=dict(found.numbers),
            days=found.days,
        )
    )
    session.flush()
    event = "complaint.return_corrected" if rows else "complaint.return_told"
    record(session, actor=None, event=event, subject=body_id, now=now, body_id=body_id, facts={"year": year})
    return True


def _list_rows(session: Session, body_id: str, year: int) -> Sequence[ComplaintReturn]:
    """Every edition of a year, oldest first."""
    own = select(ComplaintReturn).where(ComplaintReturn.body_id == body_id, ComplaintReturn.year == year)
    return session.scalars(own.order_by(ComplaintReturn.number)).all()
