"""«Somebody may be hurt now»: the one thing that leaves the seal, and only where the reporter says so.

Whoever holds a grant in the thread gets a letter at once, which says that something urgent has come and not a word of
it. Nobody else is told: a person who was left out learns nothing here either.
"""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.concerns.models import RecipientKey
from portal.core.errors import TooMany
from portal.core.text import Locale
from portal.directory.models import Person
from portal.directory.queries import get_body
from portal.mailbox.models import SealedCase
from portal.mailbox.queries import list_present
from portal.notifications.letters import Addressee
from portal.notifications.models import OutboxLetter
from portal.notifications.service import queue
from portal.web.anonymous import Visit

TEMPLATE = "concern_urgent"
MOST_AN_HOUR = 200
HOUR = timedelta(hours=1)


def call_readers(session: Session, visit: Visit, case: SealedCase) -> int:
    """Letters to everybody who can open the thread now; how many. TooMany when that many went out within an hour.

    It is asked for when the concern has been stored, in a transaction of its own.
    """
    people = _people(session, case)
    recent = select(func.count()).where(OutboxLetter.template == TEMPLATE, OutboxLetter.queued_at > visit.now - HOUR)
    if (session.scalar(recent) or 0) + len(people) > MOST_AN_HOUR:
        raise TooMany(int(HOUR.total_seconds()))
    body = get_body(session, case.body_id)
    for email, locale in people:
        language = Locale(locale) if locale else None
        name = body.name_cy if language is Locale.CY else body.name_en
        both = name if language else f"{body.name_cy} | {body.name_en}"
        values = {"body": both, "address": visit.settings.public_url.rstrip("/")}
        to = Addressee(email, language)
        queue(session, vault=visit.vault, to=to, template=TEMPLATE, values=values, now=visit.now)
    return len(people)


def _people(session: Session, case: SealedCase) -> list[tuple[str, str | None]]:
    asked = (
        select(Person.email, Person.locale)
        .join(RecipientKey, RecipientKey.person_id == Person.id)
        .where(RecipientKey.key_id.in_(list_present(session, case)), RecipientKey.ended_on.is_(None))
    )
    return [(row.email, row.locale) for row in session.execute(asked)]
