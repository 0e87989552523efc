"""Digests: one letter that says that there is news, for all that came since the last one, and never what it is."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.core.db import Database
from portal.core.vault import Vault
from portal.directory.models import Person
from portal.notifications.letters import to_person
from portal.notifications.models import LetterNews
from portal.notifications.passing import Pace
from portal.notifications.quiet import leaves_at
from portal.notifications.service import find_wish, put

TEMPLATE = "news_digest"


def write_digests(database: Database, vault: Vault, *, now: datetime) -> int:
    """The letter of everybody whose next digest has come; by what they wish now, whatever they wished when it came."""
    with database.reading() as session:
        waiting = select(LetterNews.person_id, func.min(LetterNews.at)).group_by(LetterNews.person_id)
        people = session.execute(waiting.order_by(LetterNews.person_id)).all()
        due = [person_id for person_id, first in people if _is_due(session, person_id, first, now)]
    return sum(_write(database, vault, person_id, now) for person_id in due)


def _is_due(session: Session, person_id: str, first: datetime, now: datetime) -> bool:
    wish = find_wish(session, person_id)
    return leaves_at(first, Pace.NEWS, wish) <= now and not wish.is_quiet(now)


def _write(database: Database, vault: Vault, person_id: str, now: datetime) -> int:
    """Whoever takes the news away writes the letter, in one transaction: two processes write it once."""
    with database.writing() as session:
        taken = delete(LetterNews).where(LetterNews.person_id == person_id, LetterNews.at <= now)
        if not session.connection().execute(taken).rowcount:
            return 0
        to = to_person(session.get_one(Person, person_id))
        put(session, vault=vault, to=to, template=TEMPLATE, values={}, now=now, due_at=now)
    return 1
