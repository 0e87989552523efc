"""What the worker's page asks is answered alike by SQLite and PostgreSQL."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.core.db import Database
from portal.core.errors import NotFound
from portal.core.ids import new_id
from portal.core.text import Bilingual, Locale, Words
from portal.core.vault import Vault
from portal.directory.intake import import_directory, read_directory
from portal.directory.models import Person
from portal.identity.queries import get_actor_of
from portal.identity.rules import AccountKind
from portal.identity.service import open_account
from portal.register import affecting, past
from portal.register.choosing import Choice, work_of
from portal.register.corrections import queries, service
from portal.register.corrections.models import Correction
from portal.register.corrections.rules import CorrectionKind, Outcome
from portal.register.importing import import_register
from portal.register.intake import read_register
from portal.register.queries import get_system
from portal.timelimits.calendar import WorkingDays
from tests.register.conftest import DEMO

TODAY = date(2026, 11, 22)
GWYNFOR = Choice("dyffryn-cledwen", "pen-y-lan", "refuse", "employee")


def test_days_gone_by_and_corrections(either_database: Database, vault: Vault, now: datetime) -> None:
    with either_database.writing() as session:
        import_directory(session, read_directory((DEMO / "directory.csv").read_bytes()), now=now)
        import_register(session, read_register((DEMO / "register.json").read_bytes()), now=now)
    with either_database.reading() as session:
        assert past.first_day(session) == date(2025, 12, 1)
        facts = affecting.read_facts(session, GWYNFOR)
        told = {}
        for day in (date(2026, 3, 1), date(2026, 3, 2), TODAY):
            works = [(work_of(GWYNFOR, facts, on=day), facts.names)]
            hits = affecting.affecting(session, works, Locale.EN, is_past=True)
            told[day] = [hit.card.short_code for hit in hits]
        assert [("K7RT3M" in codes) for codes in told.values()] == [False, True, True]
        assert past.get_system_on(session, "k7rt3m", date(2026, 11, 1)).number == 1
        with pytest.raises(NotFound):
            past.get_system_on(session, "K7RT3M", date(2026, 3, 1))
    with either_database.writing() as session:
        person = session.scalars(select(Person).where(Person.slug == "non-elidir")).one()
        open_account(session, person, AccountKind.STAFF, now=now)
        editor = get_actor_of(session, person.id, today=TODAY)
        system = get_system(session, "K7RT3M")
        for _ in range(26):
            said = service.NewCorrection(new_id(), CorrectionKind.ERROR, Words("Mae’r dyddiad yn anghywir."), Locale.CY)
            asked = service.ask(session, None, system, said, vault=vault, calendar=WorkingDays(), today=TODAY, now=now)
        answer = service.NewAnswer(Outcome.STANDS, Bilingual("Mae’n gywir.", "It is right."))
        service.answer(
            session, editor, session.get_one(Correction, asked.id), answer, vault=vault, today=TODAY, now=now
        )
    with either_database.reading() as session:
        late = TODAY + timedelta(days=30)
        assert queries.tally(session, system.id, today=late) == queries.Tally(26, 1, TODAY, date(2026, 12, 4))
        assert queries.count_waiting(session, editor, today=late) == (25, 25)
        first = queries.list_waiting(session, editor, today=late)
        assert (len(first.items), first.next_cursor) == (25, None)
        assert [row.id for row in queries.list_answers(session, system.id).items] == [asked.id]
