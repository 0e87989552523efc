"""Once a day, from a fixed hour on: clocks of what came begin, and readers hear that something is new, or late.

A letter says that something waits and nothing else: no employer, no number, no concern. It goes to people who hold a
key to it, and to each of them once a day, however much it is for.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import Session

from portal.cases.routing.ladders import late_step
from portal.concerns.timing.holders import Readers, readers_of_body
from portal.concerns.timing.models import ConcernClock, NoticeDay, ReaderTold
from portal.concerns.timing.service import begin_clocks, forget_clocks, list_late
from portal.core.clock import LONDON, london_day
from portal.core.db import Database
from portal.directory.models import Person
from portal.mailbox.models import SealedCase, SealedItem
from portal.mailbox.rules import NOTES
from portal.notifications.letters import to_person
from portal.notifications.service import queue
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays

NOTICE_HOUR = 9
AT_A_TIME = 500
LONGEST_BACK = timedelta(days=7)
"""After an outage so many days are looked back to; what is older stands on the desk."""
ONE_DAY = timedelta(days=1)
NEWS, LATE, ASK = "news", "late", "ask"
TEMPLATES = {NEWS: "concern_waiting", LATE: "concern_late", ASK: "concern_check_in"}


def begin_clocks_of_concerns(database: Database, settings: Settings, now: datetime) -> int:
    """Clocks of what came before today; those of forgotten threads go."""
    calendar, today, done = WorkingDays(settings.extra_holidays), london_day(now), 0
    while True:
        with database.writing() as session:
            begun = begin_clocks(session, today=today, calendar=calendar, most=AT_A_TIME)
        done += begun
        if begun < AT_A_TIME:
            break
    with database.writing() as session:
        return done + forget_clocks(session)


def tell_of_news(database: Database, settings: Settings, now: datetime) -> int:
    """Whoever can open a thread in which something was put yesterday, or since the last day that was told."""
    today = london_day(now)
    if not _is_due(database, NEWS, now):
        return 0
    with database.reading() as session:
        first = _first_untold(session, NEWS, today)
        bodies = _bodies_with_news(session, first, today)
    told = 0
    for body_id in bodies:
        with database.writing() as session:
            readers = readers_of_body(session, body_id, today=today)
            people = {
                one for case in _with_news(session, body_id, first, today) for one in readers.holding(session, case)
            }
            told += tell_readers(session, settings, people, NEWS, now)
    _done(database, NEWS, today)
    return told


Owners = Callable[[Session, Sequence[bytes]], Mapping[bytes, Collection[str]]]
"""To whom threads were given, on each side."""


def nobody_owns(_session: Session, _case_ids: Sequence[bytes]) -> Mapping[bytes, Collection[str]]:
    """Nothing was given to anybody."""
    return {}


def climb_for_the_silent(database: Database, settings: Settings, now: datetime, owners: Owners = nobody_owns) -> int:
    """Whoever holds a key to a thread that nobody answered in time: each step adds somebody."""
    today, calendar = london_day(now), WorkingDays(settings.extra_holidays)
    if not _is_due(database, LATE, now):
        return 0
    with database.reading() as session:
        late = select(ConcernClock.body_id).where(ConcernClock.due_on < today).distinct()
        bodies = session.scalars(late.order_by(ConcernClock.body_id)).all()
    told = 0
    for body_id in bodies:
        with database.writing() as session:
            readers = readers_of_body(session, body_id, today=today)
            people = set(_climbed(session, readers, today, calendar, owners))
            told += tell_readers(session, settings, people, LATE, now)
    _done(database, LATE, today)
    return told


def _climbed(session: Session, readers: Readers, today: date, calendar: WorkingDays, owners: Owners) -> Iterator[str]:
    late = list_late(session, readers.body_id, today=today)
    given = owners(session, [clock.case_id for clock in late])
    for clock in late:
        step = late_step(clock.due_on, today, calendar) if clock.due_on is not None else None
        case = session.get(SealedCase, clock.case_id)
        if step is None or case is None or (clock.step is not None and clock.step >= step):
            continue
        yield from readers.told(session, case, step, given.get(clock.case_id, ()))
        clock.step = step


def tell_readers(session: Session, settings: Settings, people: Collection[str], kind: str, now: datetime) -> int:
    """One letter to each who has had none of this kind today."""
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    inserting = insert_on_sqlite if on_sqlite else insert_on_postgresql
    told = 0
    for person_id in sorted(people):
        values = {"on_day": london_day(now), "kind": kind, "person_id": person_id}
        first = inserting(ReaderTold).values(values).on_conflict_do_nothing().returning(ReaderTold.person_id)
        if session.execute(first).first() is None:
            continue
        person = session.get_one(Person, person_id)
        to = to_person(person)
        address = {"address": settings.public_url.rstrip("/")}
        queue(session, vault=settings.vault, to=to, template=TEMPLATES[kind], values=address, now=now)
        told += 1
    return told


def _is_due(database: Database, kind: str, now: datetime) -> bool:
    """From the hour on, once."""
    if now.astimezone(LONDON).hour < NOTICE_HOUR:
        return False
    with database.reading() as session:
        return session.get(NoticeDay, (london_day(now), kind)) is None


def _done(database: Database, kind: str, today: date) -> None:
    """Who was written to on which day is kept no longer than it is needed: it says who reads concerns, and when."""
    with database.writing() as session:
        session.execute(delete(ReaderTold).where(ReaderTold.on_day < today - LONGEST_BACK))
        if session.get(NoticeDay, (today, kind)) is None:
            session.add(NoticeDay(on_day=today, kind=kind))


def _first_untold(session: Session, kind: str, today: date) -> date:
    """What came on this day and after it was not told yet: the day of the last letters, for they looked at the days
    before it."""
    asked = select(NoticeDay.on_day).where(NoticeDay.kind == kind).order_by(NoticeDay.on_day.desc()).limit(1)
    last = session.scalar(asked)
    return max(last or today - ONE_DAY, today - LONGEST_BACK)


def _bodies_with_news(session: Session, first: date, today: date) -> list[str]:
    came = select(SealedCase.body_id).join(SealedItem, SealedItem.case_id == SealedCase.case_id)
    within = came.where(SealedItem.day >= first, SealedItem.day < today, SealedCase.state != NOTES)
    return sorted(set(session.scalars(within.distinct())))


def _with_news(session: Session, body_id: str, first: date, today: date) -> list[SealedCase]:
    new = select(SealedItem.case_id).where(SealedItem.day >= first, SealedItem.day < today)
    cases = select(SealedCase).where(SealedCase.body_id == body_id, SealedCase.state != NOTES)
    return list(session.scalars(cases.where(SealedCase.case_id.in_(new)).order_by(SealedCase.case_id)))
