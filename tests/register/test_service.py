"""Publishing: both languages or not at all, and for good."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.models import AuditEvent
from portal.core.db import Database
from portal.core.errors import Conflict, NotFound, Refused
from portal.directory.models import Body, RoleHolding
from portal.register import queries, service
from portal.register.intake import read_register
from portal.register.models import (
    AffectedGroup,
    DataItem,
    DecisionPoint,
    PublishedIsFinal,
    System,
    SystemDraft,
    SystemVersion,
)
from portal.register.parts import Both
from portal.register.record import Record
from portal.register.responsible import link_responsible

DAY = date(2026, 9, 1)


@pytest.fixture
def record(entry: dict[str, Any], as_file: Callable[..., bytes]) -> Record:
    return read_register(as_file(entry))[0].latest


def new_system(session: Session, now: datetime, slug: str = "door-times") -> System:
    body_id = session.scalars(select(Body.id).where(Body.slug == "dyffryn-cledwen")).one()
    return service.add_system(session, body_id=body_id, slug=slug, short_code=None, now=now)


@pytest.mark.parametrize("side", ["cy", "en"])
def test_a_record_without_one_of_the_languages_is_not_published(
    directory: Database, record: Record, now: datetime, side: str
) -> None:
    half = record.model_copy(update={"summary": record.summary.model_copy(update={side: ""})})
    with directory.writing() as session:
        system = new_system(session, now)
        with pytest.raises(Refused) as refused:
            service.publish(session, None, system, half, published_on=DAY, now=now)
        assert refused.value.message.values["gaps"] == f"summary.{side}"
        assert system.current_number is None


def test_a_draft_without_one_language_is_kept_and_seen_by_no_page(
    directory: Database, record: Record, now: datetime
) -> None:
    half = record.model_copy(update={"summary": Both(cy="Dim ond Cymraeg")})
    with directory.writing() as session:
        system = new_system(session, now)
        service.save_draft(session, system, half, now=now)
        service.save_draft(session, system, half, now=now + timedelta(hours=1))
    with directory.reading() as session:
        assert session.scalars(select(SystemDraft.system_id)).all() == [system.id]
        with pytest.raises(NotFound):
            queries.get_system(session, system.short_code)


def test_publishing_ends_the_draft_and_leaves_a_trace(directory: Database, record: Record, now: datetime) -> None:
    with directory.writing() as session:
        system = new_system(session, now)
        service.save_draft(session, system, record, now=now)
        version = service.publish(session, None, system, record, published_on=DAY, now=now)
    with directory.reading() as session:
        assert session.get(SystemDraft, system.id) is None
        events = session.scalars(select(AuditEvent).where(AuditEvent.subject == system.id)).all()
        assert [event.event for event in events] == ["register.published"]
        assert version.digest == record.digest()


@pytest.mark.parametrize("model", [SystemVersion, AffectedGroup, DecisionPoint, DataItem])
@pytest.mark.parametrize("deed", ["change", "delete"])
def test_what_is_published_never_changes(register: Database, model: type[Any], deed: str) -> None:
    with register.reading() as session:
        row = session.scalars(select(model).limit(1)).one()
        if deed == "delete":
            session.delete(row)
        else:
            row.id = row.id[::-1]
        with pytest.raises(PublishedIsFinal):
            session.flush()


def test_a_change_is_a_new_version_and_the_old_one_stays(directory: Database, record: Record, now: datetime) -> None:
    with directory.writing() as session:
        system = new_system(session, now)
        service.publish(session, None, system, record, published_on=DAY, now=now)
        renamed = record.model_copy(update={"name": Both(cy="Drysau", en="Doors")})
        service.publish(session, None, system, renamed, published_on=DAY + timedelta(days=9), now=now)
    with directory.reading() as session:
        assert queries.get_system(session, system.short_code).record.name.en == "Doors"
        before = queries.get_system(session, system.short_code, number=1)
        assert before.record == record and not before.is_current
        assert [past.number for past in queries.list_history(session, system.id)] == [2, 1]


def test_a_version_cannot_be_older_than_the_one_it_follows(directory: Database, record: Record, now: datetime) -> None:
    with directory.writing() as session:
        system = new_system(session, now)
        service.publish(session, None, system, record, published_on=DAY, now=now)
        with pytest.raises(Conflict):
            service.publish(session, None, system, record, published_on=DAY - timedelta(days=1), now=now)


def test_a_group_that_the_directory_does_not_know_is_refused(
    directory: Database, record: Record, now: datetime
) -> None:
    stray = record.affected[0].model_copy(update={"workplace": "ward-alaw"})
    with directory.writing() as session:
        system = new_system(session, now)
        with pytest.raises(Refused) as refused:
            lost = record.model_copy(update={"affected": (stray,)})
            service.publish(session, None, system, lost, published_on=DAY, now=now)
        assert refused.value.message.values["field"] == "workplace"
        session.rollback()


def test_roles_that_name_a_system_are_tied_to_it(register: Database, now: datetime) -> None:
    with register.writing() as session:
        held = session.scalars(select(RoleHolding).where(RoleHolding.system_slug == "telematics")).all()
        system = queries.get_system(session, "K7RT3M")
        assert {holding.system_id for holding in held} == {system.id}
        for holding in held:
            holding.system_id = None
        session.flush()
        link_responsible(session)
        session.expire_all()
        assert {holding.system_id for holding in held} == {system.id}


def test_a_drawn_code_has_six_signs_that_can_be_read_out(directory: Database, now: datetime) -> None:
    with directory.writing() as session:
        codes = {new_system(session, now, slug=f"s-{count}").short_code for count in range(20)}
    assert len(codes) == 20
    assert all(len(code) == 6 and not set(code) & set("AEIOU01L") for code in codes)
