"""Questions about tools are kept, paged and answered alike by SQLite and PostgreSQL."""

from datetime import date, datetime, timedelta

from portal.core.db import Database
from portal.core.ids import new_id
from portal.core.paging import PAGE
from portal.core.text import Bilingual, Locale
from portal.core.vault import Vault
from portal.directory.rules import RoleName
from portal.identity.queries import get_actor_of
from portal.register.unlisted import queries, service
from portal.register.unlisted.models import ToolQuestion
from portal.register.unlisted.rules import Account, Finding, Silence
from portal.register.unlisted.service import NewFinding, NewQuestion
from portal.register.unlisted.telling import Post, tell_office
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays
from tests.people import add_body, add_member

TODAY = date(2026, 11, 22)
TEXT = Bilingual("Cwestiwn?", "A question?")
CALENDAR = WorkingDays()


def test_asked_paged_reminded_and_answered(
    either_database: Database, vault: Vault, now: datetime, settings: Settings
) -> None:
    with either_database.writing() as session:
        body = add_body(session)
        editors = [
            add_member(session, settings, now, email=email, body=body, roles=(RoleName.REGISTER_EDITOR,))
            for email in ("one@taran.example", "two@taran.example")
        ]
        for n in range(PAGE + 2):
            new = NewQuestion(new_id(), Account(f"Offeryn {n}"), Locale.CY)
            service.ask(session, body.id, new, vault=vault, calendar=CALENDAR, today=TODAY - timedelta(days=n % 3))
        body_id, people = body.id, [one.person.id for one in editors]
    post = Post("https://porth.example", now)
    with either_database.writing() as session:
        assert tell_office(session, vault=vault, calendar=CALENDAR, post=post) == 2, "one letter each for all of them"
        first = queries.list_open(session, body_id, today=TODAY + timedelta(days=1))
        rest = queries.list_open(session, body_id, today=TODAY + timedelta(days=1), cursor=first.next_cursor)
        assert (len(first.items), len(rest.items), rest.next_cursor) == (PAGE, 2, None)
        one, other = (get_actor_of(session, person, today=TODAY) for person in people)
        row = session.get_one(ToolQuestion, rest.items[0].row.id)
        service.word(session, one, row, TEXT, now=now)
        found = NewFinding(Finding.CANNOT_SAY, TEXT, Silence.TOO_LITTLE)
        service.answer(session, one, row, found, post=post, vault=vault)
        service.approve(session, other, row, queries.seen_mark(row), post=post, vault=vault)
    with either_database.reading() as session:
        assert queries.tally(session, None, today=date(2027, 1, 4)) == queries.Tally(PAGE + 1, PAGE + 1, 1)
        assert [line.row.reason for line in queries.list_answered(session, None).items] == [Silence.TOO_LITTLE]
