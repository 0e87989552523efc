"""Letters that say «something urgent has come» to whoever can open a thread, and nothing else about it."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.concerns.models import CallAnswered, ConcernCall
from portal.concerns.timing.holders import readers_of_body
from portal.core import ids
from portal.core.clock import london_day
from portal.core.db import Database
from portal.core.text import Locale
from portal.directory.models import Person
from portal.directory.queries import get_body
from portal.mailbox.models import SealedCase
from portal.notifications.letters import Addressee
from portal.notifications.service import queue
from portal.settings.models import Settings

TEMPLATE = "concern_urgent"
MOST_AN_HOUR = 200
"""Letters for one body. What an employer's flood uses up is not taken from any other's."""
HOUR = timedelta(hours=1)


def answer_calls(database: Database, settings: Settings, now: datetime) -> int:
    """Queue the letters of every call that waits. Beyond so many letters an hour for one body, its others wait for
    their turn; no body's calls keep those of another waiting.
    """
    with database.writing() as session:
        room, answered = _room(session, now), 0
        for call in ids.in_random_order(session.scalars(select(ConcernCall))):  # nobody can choose to be first
            case = session.get(SealedCase, call.case_id)
            if case is None:
                session.delete(call)  # the thread was forgotten meanwhile
                continue
            people = _people(session, case, london_day(now))
            if len(people) > room[case.body_id]:
                continue
            room[case.body_id] -= len(people)
            _tell(session, settings, case, people, now)
            told = CallAnswered(id=ids.new_id(), body_id=case.body_id, answered_at=now, letters=len(people))
            session.add(told)
            session.delete(call)
            answered += 1
    return answered


def _room(session: Session, now: datetime) -> defaultdict[str, int]:
    """How many letters may still be written for each body within this hour; what is longer ago is forgotten."""
    session.execute(delete(CallAnswered).where(CallAnswered.answered_at <= now - HOUR))
    room: defaultdict[str, int] = defaultdict(lambda: MOST_AN_HOUR)
    for body_id, letters in session.execute(
        select(CallAnswered.body_id, func.sum(CallAnswered.letters)).group_by(CallAnswered.body_id)
    ):
        room[body_id] -= letters
    return room


def _tell(
    session: Session, settings: Settings, case: SealedCase, people: list[tuple[str, str | None]], now: datetime
) -> None:
    body = get_body(session, case.body_id)
    for email, locale in people:
        language = Locale(locale) if locale else None
        name = body.name_cy if language is Locale.CY else body.name_en
        both = name if language else f"{body.name_cy} | {body.name_en}"
        values = {"body": both, "address": settings.public_url.rstrip("/")}
        to = Addressee(email, language)
        queue(session, vault=settings.vault, to=to, template=TEMPLATE, values=values, now=now)


def _people(session: Session, case: SealedCase, today: date) -> list[tuple[str, str | None]]:
    """Who can open the thread today, in the order in which they are called: whoever left, or has another duty now,
    holds a grant and opens nothing."""
    order = readers_of_body(session, case.body_id, today=today).called(session, case)
    asked = select(Person.id, Person.email, Person.locale).where(Person.id.in_(order))
    found = {row.id: (row.email, row.locale) for row in session.execute(asked)}
    return [found[person_id] for person_id in order]
