"""Ninety days: two reminders, then the file goes; a new copy is free while there is something to make it of."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.audit.models import AuditEvent
from portal.cases.models import Case
from portal.core.errors import Refused
from portal.notifications.models import OutboxLetter
from portal.subject_access.answering.duties import build_packs, remind_to_collect, remove_old_disclosures
from portal.subject_access.answering.models import Pack
from portal.subject_access.answering.releasing import collect, issue_again
from portal.subject_access.answering.rules import REMIND_BEFORE_DAYS, PackState, Way, reminders_due
from portal.subject_access.material.models import MaterialCopy
from portal.subject_access.models import Disclosure
from portal.subject_access.rules import State
from tests.subject_access.answering.answers import released, unpacked
from tests.subject_access.conftest import MONDAY, World


def letters(world: World, template: str) -> int:
    with world.database.reading() as session:
        return len(session.scalars(select(OutboxLetter).where(OutboxLetter.template == template)).all())


def test_two_reminders_go_before_the_file_does_each_once(world: World) -> None:
    released(world)
    for day in range(92):
        now = MONDAY + timedelta(days=day)
        remind_to_collect(world.database, world.settings, now)
        remove_old_disclosures(world.database, world.settings, now)
        expected = sum(90 - day <= before for before in REMIND_BEFORE_DAYS)
        assert letters(world, "answer_waits") == expected, day
    assert letters(world, "answer_lapsed") == 1
    with world.database.reading() as session:
        assert session.scalars(select(Case.state)).one() == State.DISCLOSED


def test_who_has_collected_is_not_reminded(world: World) -> None:
    released(world)
    with world.database.writing() as session:
        collect(session, world["sian"], session.scalars(select(Case)).one(), Way.SIGNED_IN, desk=world.desk)
    assert remind_to_collect(world.database, world.settings, MONDAY + timedelta(days=89)) == 0


def test_a_file_is_removed_after_ninety_days_once(world: World) -> None:
    released(world)
    with world.database.reading() as session:
        blob_id = session.scalars(select(Disclosure.blob_id)).one()
    assert remove_old_disclosures(world.database, world.settings, MONDAY + timedelta(days=89)) == 0
    assert (world.settings.blob_folder / str(blob_id)).exists()
    assert remove_old_disclosures(world.database, world.settings, MONDAY + timedelta(days=90)) == 1
    assert not (world.settings.blob_folder / str(blob_id)).exists()
    assert remove_old_disclosures(world.database, world.settings, MONDAY + timedelta(days=91)) == 0
    with world.database.reading() as session:
        assert session.scalars(select(Disclosure)).one().removed_at is not None
        assert session.scalars(select(Pack.state)).one() is PackState.REMOVED
        assert "access.file_removed" in session.scalars(select(AuditEvent.event)).all()


def test_one_press_gives_ninety_more_days_or_makes_the_same_pack_again(world: World) -> None:
    released(world)
    with world.database.writing() as session:
        case = session.scalars(select(Case)).one()
        issue_again(session, world["sian"], case, desk=world.after(30))
        assert session.scalars(select(Disclosure.remove_on)).one() == world.after(120).today
    later = MONDAY + timedelta(days=120)
    assert remove_old_disclosures(world.database, world.settings, later) == 1
    with world.database.writing() as session:
        case = session.scalars(select(Case)).one()
        issue_again(session, world["rhodri"], case, desk=world.after(121))
    assert build_packs(world.database, world.settings, MONDAY + timedelta(days=121)) == 1
    with world.database.writing() as session:
        disclosure, pack = session.scalars(select(Disclosure)).one(), session.scalars(select(Pack)).one()
        assert (disclosure.blob_id, disclosure.removed_at) == (pack.blob_id, None)
        unpacked(world, pack)


def test_an_answer_whose_material_has_changed_is_not_given_out_again_without_two_people(world: World) -> None:
    released(world)
    remove_old_disclosures(world.database, world.settings, MONDAY + timedelta(days=90))
    with world.database.writing() as session:
        case = session.scalars(select(Case)).one()
        issue_again(session, world["sian"], case, desk=world.after(91))
        session.scalars(select(Pack)).one().fingerprint = bytes(32)
    assert build_packs(world.database, world.settings, MONDAY + timedelta(days=91)) == 0
    with world.database.writing() as session:
        assert session.scalars(select(Pack.state)).one() is PackState.FAILED
        assert session.scalars(select(Disclosure.blob_id)).one() is None


def test_what_was_deleted_cannot_be_made_again_and_that_is_said(world: World) -> None:
    released(world)
    remove_old_disclosures(world.database, world.settings, MONDAY + timedelta(days=90))
    with world.database.writing() as session:
        session.execute(update(MaterialCopy).values(blob_id=None))
        session.expire_all()
        with pytest.raises(Refused, match="deleted"):
            issue_again(session, world["sian"], session.scalars(select(Case)).one(), desk=world.after(91))


def test_reminders_are_counted_back_from_the_day_of_removal() -> None:
    day = MONDAY.date()
    assert [reminders_due(day + timedelta(days=left), day) for left in (90, 61, 60, 15, 14, 0)] == [0, 0, 1, 1, 2, 2]
