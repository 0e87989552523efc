"""Letters that say «something urgent has come» to whoever can open a thread, and nothing else about it."""

from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.concerns.cards import list_cards
from portal.concerns.models import ConcernCall
from portal.core import ids
from portal.core.clock import london_day
from portal.core.db import Database
from portal.core.text import Locale
from portal.directory.models import Person
from portal.directory.queries import get_body
from portal.mailbox.models import SealedCase
from portal.mailbox.queries import list_present
from portal.notifications.letters import Addressee
from portal.notifications.models import OutboxLetter
from portal.notifications.service import queue
from portal.settings.models import Settings

TEMPLATE = "concern_urgent"
MOST_AN_HOUR = 200
HOUR = timedelta(hours=1)


def answer_calls(database: Database, settings: Settings, now: datetime) -> int:
    """Queue the letters of every call that waits. Beyond so many letters an hour the rest waits for its turn."""
    with database.writing() as session:
        recent = select(func.count()).where(OutboxLetter.template == TEMPLATE, OutboxLetter.queued_at > now - HOUR)
        room = MOST_AN_HOUR - (session.scalar(recent) or 0)
        answered = 0
        for call in ids.in_random_order(session.scalars(select(ConcernCall))):  # nobody can choose to be first
            case = session.get(SealedCase, call.case_id)
            if case is None:
                session.delete(call)  # the thread was forgotten meanwhile
                continue
            people = _people(session, case, london_day(now))
            if len(people) > room:
                break
            room -= len(people)
            _tell(session, settings, case, people, now)
            session.delete(call)
            answered += 1
    return answered


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
    """Who can open the thread today: whoever left, or has another duty now, holds a grant and opens nothing."""
    present = list_present(session, case)
    readers = {card.person_id for card in list_cards(session, case.body_id, today=today) if card.key_id in present}
    asked = select(Person.email, Person.locale).where(Person.id.in_(readers))
    return [(row.email, row.locale) for row in session.execute(asked)]
