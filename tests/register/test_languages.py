"""The state of each text in each language: changed text is a draft again, and nobody approves what they wrote."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.models import AuditEvent
from portal.core.db import Database
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Locale
from portal.identity.actor import Actor
from portal.identity.rules import AccountKind
from portal.register import languages, service
from portal.register.intake import read_register
from portal.register.models import System, SystemDraft
from portal.register.parts import Both
from portal.register.record import Record
from portal.register.terms import LanguageState
from tests.register.test_service import new_system

DAY = date(2026, 9, 1)


def somebody(account_id: str) -> Actor:
    return Actor(account_id, f"p{account_id}", AccountKind.STAFF, None, frozenset(), None)


GWEN, OWAIN = somebody("gwen"), somebody("owain")


@pytest.fixture
def record(entry: dict[str, Any], as_file: Callable[..., bytes]) -> Record:
    return read_register(as_file(entry))[0].latest


def reworded(record: Record, **sides: str) -> Record:
    return record.model_copy(
        update={"summary": Both(cy=record.summary.cy, en=record.summary.en).model_copy(update=sides)}
    )


def drafted(session: Session, record: Record, now: datetime) -> tuple[System, SystemDraft]:
    """A published system whose summary Gwen has put into new English words."""
    system = new_system(session, now)
    service.publish(session, None, system, record, published_on=DAY, now=now)
    return system, service.save_draft(session, system, reworded(record, en="Newer words."), now=now, actor=GWEN)


def test_only_what_is_not_as_published_has_a_state(directory: Database, record: Record, now: datetime) -> None:
    with directory.writing() as session:
        _system, draft = drafted(session, record, now)
        assert list(draft.languages) == ["summary"]
        assert languages.state_of(draft, "summary", Locale.EN) is LanguageState.DRAFT
        assert languages.state_of(draft, "one_sentence", Locale.CY) is LanguageState.APPROVED
        assert languages.state_of(draft, "purpose.benefits", Locale.CY) is LanguageState.NONE
        assert {text.path for text in languages.unapproved(draft)} == {"summary"}


def test_words_put_back_as_they_were_need_nobody(directory: Database, record: Record, now: datetime) -> None:
    with directory.writing() as session:
        system, _draft = drafted(session, record, now)
        assert languages.unapproved(service.save_draft(session, system, record, now=now, actor=GWEN)) == []


def test_nobody_approves_what_they_wrote(directory: Database, record: Record, now: datetime) -> None:
    with directory.writing() as session:
        system, draft = drafted(session, record, now)
        with pytest.raises(Refused):
            languages.approve(session, GWEN, draft, "summary", Locale.EN, now=now)
        assert languages.approve_all(session, GWEN, draft, Locale.EN, now=now) == 0
        languages.approve(session, OWAIN, draft, "summary", Locale.EN, now=now)
        assert languages.state_of(draft, "summary", Locale.EN) is LanguageState.APPROVED
        events = session.scalars(select(AuditEvent.event).where(AuditEvent.subject == system.id)).all()
        assert events[-1] == "register.text_approved"


def test_approved_words_that_change_are_a_draft_again(directory: Database, record: Record, now: datetime) -> None:
    with directory.writing() as session:
        system, draft = drafted(session, record, now)
        languages.approve_all(session, OWAIN, draft, Locale.EN, now=now)
        languages.approve_all(session, OWAIN, draft, Locale.CY, now=now)
        assert languages.unapproved(draft) == []
        draft = service.save_draft(session, system, reworded(record, en="Newest words."), now=now, actor=OWAIN)
        assert [(text.path, text.locale) for text in languages.unapproved(draft)] == [("summary", Locale.EN)]


def test_what_a_machine_wrote_is_gone_through_before_it_is_approved(
    directory: Database, record: Record, now: datetime
) -> None:
    with directory.writing() as session:
        system, _draft = drafted(session, record, now)
        machine = {("summary", Locale.CY)}
        text = reworded(record, cy="Geiriau peiriant.", en="Newer words.")
        draft = service.save_draft(session, system, text, now=now, actor=GWEN, machine=machine)
        assert languages.state_of(draft, "summary", Locale.CY) is LanguageState.MACHINE
        with pytest.raises(Refused):
            languages.approve(session, OWAIN, draft, "summary", Locale.CY, now=now)
        languages.set_state(session, OWAIN, draft, "summary", Locale.CY, LanguageState.DRAFT, now=now)
        assert draft.languages["summary"]["source"] == {"cy": "machine", "en": "person"}
        with pytest.raises(Refused):
            languages.approve(session, OWAIN, draft, "summary", Locale.CY, now=now)
        languages.approve(session, somebody("mair"), draft, "summary", Locale.CY, now=now)
        assert draft.authors == ["gwen", "owain"], "who went through it does not publish it"


def test_a_text_is_not_approved_by_marking_it_so(directory: Database, record: Record, now: datetime) -> None:
    with directory.writing() as session:
        _system, draft = drafted(session, record, now)
        with pytest.raises(Conflict):
            languages.set_state(session, OWAIN, draft, "summary", Locale.EN, LanguageState.APPROVED, now=now)
        with pytest.raises(NotFound):
            languages.approve(session, OWAIN, draft, "no.such.text", Locale.EN, now=now)


def test_a_missing_side_cannot_be_approved(directory: Database, record: Record, now: datetime) -> None:
    with directory.writing() as session:
        system = new_system(session, now)
        draft = service.save_draft(session, system, reworded(record, cy=""), now=now, actor=GWEN)
        with pytest.raises(Refused):
            languages.approve(session, OWAIN, draft, "summary", Locale.CY, now=now)


@pytest.mark.parametrize(("publisher", "approved"), [(OWAIN, False), (GWEN, True)])
def test_a_person_publishes_neither_unapproved_nor_own_words(
    directory: Database, record: Record, now: datetime, publisher: Actor, approved: bool
) -> None:
    with directory.writing() as session:
        system, draft = drafted(session, record, now)
        if approved:
            for locale in Locale:
                languages.approve_all(session, OWAIN, draft, locale, now=now)
        with pytest.raises(Refused):
            text = reworded(record, en="Newer words.")
            service.publish(session, publisher, system, text, published_on=DAY, now=now)


def test_a_second_person_publishes_what_the_draft_holds_and_nothing_else(
    directory: Database, record: Record, now: datetime
) -> None:
    with directory.writing() as session:
        system, draft = drafted(session, record, now)
        for locale in Locale:
            languages.approve_all(session, OWAIN, draft, locale, now=now)
        with pytest.raises(Conflict):
            other = reworded(record, en="Other words.")
            service.publish(session, OWAIN, system, other, published_on=DAY, now=now)
        text = reworded(record, en="Newer words.")
        assert service.publish(session, OWAIN, system, text, published_on=DAY, now=now).number == 2
        assert session.get(SystemDraft, system.id) is None


def test_a_list_of_texts_is_one_text(record: Record) -> None:
    texts = languages.texts_of(record)
    assert texts["what_it_never_does"].en == record.what_it_never_does[0].en
    assert "decision_points[missing-after-alarm].title" in texts
