"""The line in the board's month (routing.md D4): of how many concerns the ladder of silence has reached its last step.

It goes every month to every board that named an address, whatever the number. Fewer than five and none are the same
word, so that nobody learns from it that there is a concern.
"""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.board import BoardAddress
from portal.cases.routing.ladders import TO_BOARD
from portal.concerns.timing.holders import readers_of_body
from portal.concerns.timing.models import ConcernClock, NoticeDay
from portal.core.clock import LONDON, london_day
from portal.core.db import Database
from portal.core.text import Bilingual
from portal.mailbox.models import SealedCase
from portal.notifications.letters import Addressee
from portal.notifications.service import queue
from portal.settings.models import Settings

KIND, TEMPLATE = "board", "concern_board"
FROM_HOUR, UNTIL_DAY = 9, 7
"""After an outage the letters of a month still go within its first days, or not at all."""
FEWEST = Bilingual("dim un, neu lai na phump", "none, or fewer than five")
BANDS = ((10, Bilingual("deg neu fwy", "ten or more")), (5, Bilingual("pump neu fwy", "five or more")))


def band_of(number: int) -> Bilingual:
    """A number as a board is told it."""
    return next((words for least, words in BANDS if number >= least), FEWEST)


def tell_boards(database: Database, settings: Settings, now: datetime) -> int:
    """Once in the first days of a month, a letter to each address at the top of a body."""
    here, today = now.astimezone(LONDON), london_day(now)
    month = today.replace(day=1)
    if here.hour < FROM_HOUR or today.day > UNTIL_DAY:
        return 0
    with database.reading() as session:
        if session.get(NoticeDay, (month, KIND)) is not None:
            return 0
        bodies = session.scalars(select(BoardAddress.body_id).distinct().order_by(BoardAddress.body_id)).all()
        numbers = {body_id: count_silent(session, body_id, today=today) for body_id in bodies}
    with database.writing() as session:
        if session.get(NoticeDay, (month, KIND)) is not None:
            return 0
        session.add(NoticeDay(on_day=month, kind=KIND))
        session.flush()
        return sum(_tell(session, settings, body_id, number, now) for body_id, number in numbers.items())


def count_silent(session: Session, body_id: str, *, today: date) -> int:
    """Threads that nobody answered up to the last step, and that somebody of the employer's side can open: what went to
    a union alone is in no figure of the employer."""
    late = select(ConcernClock.case_id).where(
        ConcernClock.body_id == body_id, ConcernClock.due_on < today, ConcernClock.step >= TO_BOARD
    )
    readers = readers_of_body(session, body_id, today=today)
    cases = session.scalars(select(SealedCase).where(SealedCase.case_id.in_(late)).order_by(SealedCase.case_id))
    return sum(bool(readers.holding(session, case) & readers.of_employer) for case in cases)


def _tell(session: Session, settings: Settings, body_id: str, number: int, now: datetime) -> int:
    band = band_of(number)
    values = {"band_cy": band.cy, "band_en": band.en}
    rows = session.scalars(select(BoardAddress).where(BoardAddress.body_id == body_id).order_by(BoardAddress.email))
    addresses = [row.email for row in rows]
    for email in addresses:
        queue(session, vault=settings.vault, to=Addressee(email, None), template=TEMPLATE, values=values, now=now)
    return len(addresses)
