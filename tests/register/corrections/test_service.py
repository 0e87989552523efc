"""Corrections: asked by anybody, bounded, answered in both languages in ten working days, nothing kept of who."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.audit.models import AuditEvent
from portal.core.db import Database
from portal.core.errors import Conflict, NotAllowed, NotFound, TooMany
from portal.core.ids import new_id
from portal.core.text import Bilingual, Locale, Words
from portal.core.vault import Vault
from portal.directory.models import Person
from portal.identity.actor import Actor
from portal.identity.queries import get_actor_of
from portal.identity.rules import AccountKind
from portal.identity.service import open_account
from portal.notifications.models import OutboxLetter
from portal.register.corrections import queries, service
from portal.register.corrections.flow import Flow
from portal.register.corrections.models import Correction
from portal.register.corrections.routes import FORM, OWN_FORM
from portal.register.corrections.rules import CorrectionKind, Outcome
from portal.register.corrections.service import NewAnswer, NewCorrection
from portal.register.queries import get_system
from portal.register.routes import PUBLIC_PAGES
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays

CALENDAR = WorkingDays()
TODAY = date(2026, 11, 22)
ANSWER = NewAnswer(Outcome.CORRECTED, Bilingual("Wedi’i gywiro.", "Corrected."))


def new(text: str = "Nid wyf yn gweithio yno.") -> NewCorrection:
    return NewCorrection(new_id(), CorrectionKind.NOT_ME, Words(text), Locale.CY)


def actor_of(database: Database, slug: str, now: datetime) -> Actor:
    with database.writing() as session:
        person = session.scalars(select(Person).where(Person.slug == slug)).one()
        open_account(session, person, AccountKind.STAFF, now=now)
        return get_actor_of(session, person.id, today=TODAY)


def ask(
    database: Database, vault: Vault, now: datetime, *, actor: Actor | None = None, said: NewCorrection | None = None
) -> str:
    with database.writing() as session:
        system = get_system(session, "K7RT3M")
        asked = service.ask(session, actor, system, said or new(), vault=vault, calendar=CALENDAR, today=TODAY, now=now)
        return asked.id


def answer(database: Database, vault: Vault, now: datetime, actor: Actor, correction_id: str) -> None:
    with database.writing() as session:
        row = session.get_one(Correction, correction_id)
        service.answer(session, actor, row, ANSWER, vault=vault, today=TODAY, now=now)


@pytest.fixture
def editor(register: Database, now: datetime) -> Actor:
    return actor_of(register, "non-elidir", now)


def test_an_anonymous_one_keeps_the_day_the_language_and_a_sealed_text_alone(
    register: Database, vault: Vault, now: datetime, settings: Settings
) -> None:
    asked = ask(register, vault, now)
    with register.reading() as session:
        row = session.get_one(Correction, asked)
        assert (row.received_on, row.received_at, row.account_id, row.locale) == (TODAY, None, None, "cy")
        assert row.due_on == date(2026, 12, 4), "ten working days after a Sunday"
        assert row.sealed is not None and b"gweithio" not in row.sealed
        text = queries.text_of(vault, row)
        assert text is not None and text.reveal() == "Nid wyf yn gweithio yno."
        assert not session.scalars(select(AuditEvent).where(AuditEvent.subject == asked)).all()
    assert b"gweithio yno" not in b"".join(path.read_bytes() for path in Path(settings.data_folder).glob("*.sqlite3*"))


def test_sending_a_form_twice_asks_once(register: Database, vault: Vault, now: datetime) -> None:
    said = new()
    assert ask(register, vault, now, said=said) == ask(register, vault, now, said=said)
    with register.reading() as session:
        assert queries.tally(session, get_system(session, "K7RT3M").id, today=TODAY).asked == 0, "its hour would tell"
        assert queries.tally(session, get_system(session, "K7RT3M").id, today=TODAY + timedelta(days=1)).asked == 1


def test_the_form_is_no_page_that_is_kept_for_others() -> None:
    kept = {page for page in PUBLIC_PAGES if not page.endswith("/")}
    below = tuple(page for page in PUBLIC_PAGES if page.endswith("/"))
    for address in (FORM, OWN_FORM):
        assert address not in kept and not address.startswith(below)


def test_the_hour_is_never_kept_of_an_anonymous_one(register: Database, vault: Vault, now: datetime) -> None:
    asked = ask(register, vault, now)
    with pytest.raises(IntegrityError), register.writing() as session:
        session.get_one(Correction, asked).received_at = now


def test_an_answer_stands_in_both_languages_and_the_text_goes(
    register: Database, vault: Vault, now: datetime, editor: Actor
) -> None:
    asked = ask(register, vault, now)
    answer(register, vault, now, editor, asked)
    with register.reading() as session:
        system = get_system(session, "K7RT3M")
        (row,) = queries.list_answers(session, system.id).items
        assert (row.answer_cy, row.answer_en, row.answered_on) == ("Wedi’i gywiro.", "Corrected.", TODAY)
        assert queries.text_of(vault, row) is None
        assert queries.tally(session, system.id, today=TODAY) == queries.Tally(1, 1, TODAY, None)
        assert queries.list_waiting(session, editor, today=TODAY + timedelta(days=1)).items == []
        assert [found.row.id for found in queries.list_done(session, editor).items] == [asked]
        assert not session.scalars(select(OutboxLetter)).all(), "nobody knows whom to write to"


def test_it_is_answered_once(register: Database, vault: Vault, now: datetime, editor: Actor) -> None:
    asked = ask(register, vault, now)
    answer(register, vault, now, editor, asked)
    with pytest.raises(Conflict):
        answer(register, vault, now, editor, asked)


def test_an_editor_of_another_body_neither_sees_nor_answers_it(register: Database, vault: Vault, now: datetime) -> None:
    asked, stranger = ask(register, vault, now), actor_of(register, "iestyn-cadwaladr", now)
    with register.reading() as session:
        assert queries.list_waiting(session, stranger, today=TODAY + timedelta(days=1)).items == []
        with pytest.raises(NotFound):
            queries.get_for_editor(session, stranger, asked)
    with pytest.raises(NotAllowed):
        answer(register, vault, now, stranger, asked)


def test_who_asked_signed_in_is_told_and_sees_it_among_their_own(
    register: Database, vault: Vault, now: datetime, editor: Actor
) -> None:
    worker = actor_of(register, "gwynfor-hughes", now)
    asked = ask(register, vault, now, actor=worker)
    answer(register, vault, now, editor, asked)
    with register.reading() as session:
        assert [found.row.id for found in queries.list_own(session, worker.account_id)] == [asked]
        assert [letter.template for letter in session.scalars(select(OutboxLetter))] == ["correction_answered"]


def test_editors_are_told_on_the_day_after_and_once(
    register: Database, vault: Vault, now: datetime, editor: Actor
) -> None:
    ask(register, vault, now)
    ask(register, vault, now)
    told = []
    for day in (TODAY, TODAY + timedelta(days=1), TODAY + timedelta(days=2)):
        with register.writing() as session:
            told.append(service.tell_editors(session, vault=vault, address="https://porth.example", today=day, now=now))
    assert told == [0, 1, 0]
    with register.reading() as session:
        (letter,) = session.scalars(select(OutboxLetter)).all()
        assert letter.template == "corrections_asked"


def test_a_late_answer_is_said_to_be_late(register: Database, vault: Vault, now: datetime) -> None:
    ask(register, vault, now)
    with register.reading() as session:
        system = get_system(session, "K7RT3M")
        assert queries.tally(session, system.id, today=date(2026, 12, 4)).overdue_since is None
        assert queries.tally(session, system.id, today=date(2026, 12, 5)).overdue_since == date(2026, 12, 4)


def test_a_body_takes_so_many_a_day_and_no_more(
    register: Database, vault: Vault, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_A_DAY", 2)
    ask(register, vault, now)
    ask(register, vault, now)
    with pytest.raises(TooMany):
        ask(register, vault, now)


def test_an_hour_that_is_full_says_when_the_next_begins() -> None:
    flow, now = Flow(most=2), datetime(2026, 11, 22, 9, 40)
    flow.take("council", now=now)
    flow.take("council", now=now)
    flow.take("board", now=now)
    with pytest.raises(TooMany) as wait:
        flow.take("council", now=now)
    assert wait.value.retry_after == 20 * 60 + 1
    flow.take("council", now=now + timedelta(minutes=20))


def test_the_list_of_answers_goes_on_where_a_page_ends(
    register: Database, vault: Vault, now: datetime, editor: Actor
) -> None:
    for _ in range(27):
        answer(register, vault, now, editor, ask(register, vault, now))
    with register.reading() as session:
        system = get_system(session, "K7RT3M")
        first = queries.list_answers(session, system.id)
        second = queries.list_answers(session, system.id, cursor=first.next_cursor)
        assert (len(first.items), len(second.items), second.next_cursor) == (25, 2, None)
        assert len({row.id for row in (*first.items, *second.items)}) == 27
