"""What happens to a body's settings because time passed."""

from datetime import datetime
from itertools import groupby

from portal.core.clock import london_day
from portal.core.db import Database
from portal.directory.helping import list_to_check
from portal.directory.queries import list_holders
from portal.directory.rules import RoleName
from portal.notifications.letters import to_person
from portal.notifications.service import queue
from portal.settings.models import Settings

TEMPLATE = "help_check"


def ask_to_check_help(database: Database, settings: Settings, now: datetime) -> int:
    """A body's administrators hear, once in ninety days, that nobody has checked lines of its list for a year."""
    today, told = london_day(now), 0
    with database.writing() as session:
        old = list_to_check(session, today=today)
        for body_id, lines in groupby(old, key=lambda line: line.body_id):
            holders = list_holders(session, body_id, (RoleName.ADMINISTRATOR,), today=today)
            people = {person.id: person for _holding, person in holders}
            for line in lines:
                line.reminded_on = today
            values = {"address": settings.public_url.rstrip("/")}
            for person in people.values():
                queue(session, vault=settings.vault, to=to_person(person), template=TEMPLATE, values=values, now=now)
            told += len(people)
    return told
