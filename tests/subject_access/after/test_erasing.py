"""Nothing is deleted too early, everything in time, and what a hold keeps stays; on a real database with real files."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.audit.models import AuditEvent
from portal.audit.queries import verify_chain
from portal.cases.holding import keep_for
from portal.cases.models import Case, CaseCount, CaseHold
from portal.cases.rules import Relation
from portal.cases.turn import Turn
from portal.core import ids
from portal.core.text import Locale, Words
from portal.documents.kinds import FileKind
from portal.migrations.tables import METADATA
from portal.subject_access.after import duties
from portal.subject_access.after.erasing import OWNED, Asked, list_going
from portal.subject_access.after.holds import lift_hold, set_hold
from portal.subject_access.after.models import AccessFigure, Tombstone
from portal.subject_access.after.reopening import reopen
from portal.subject_access.after.rules import What
from portal.subject_access.answering.duties import remove_old_disclosures
from portal.subject_access.material.models import Material, MaterialCopy
from portal.subject_access.material.queries import copy_context, item_context
from portal.subject_access.models import Disclosure
from portal.subject_access.queries import blob_context
from portal.subject_access.rules import Given, State
from portal.subject_access.steps import STEPS
from tests.subject_access.after.conftest import Refuse
from tests.subject_access.conftest import MONDAY, World

OTHERS = ("review_", "complaint")
"""How the tables of the other kinds of case begin, which nothing here deletes."""


def keep(world: World, session: Session, case: Case, *, collected: bool = False) -> list[str]:
    """A file that was found, its copy, and a released file."""
    item, copy, given = ids.new_id(), ids.new_id(), ids.new_id()
    blobs = [
        world.blobs.put([b"found"], context=item_context("blob_id", item)),
        world.blobs.put([b"copy"], context=copy_context(copy)),
        world.blobs.put([b"pack"], context=blob_context(given)),
    ]
    about = {"media_type": "text/plain", "size": 5, "sha256": bytes(32), "kind": FileKind.TEXT}
    by = world["rhodri"].account_id
    session.add(
        Material(
            id=item, case_id=case.id, number=1, blob_id=blobs[0], file_name=b"s", added_at=MONDAY, added_by=by, **about
        )
    )
    session.flush()
    session.add(
        MaterialCopy(
            id=copy, material_id=item, number=1, ledger_number=0, blob_id=blobs[1], made_at=MONDAY, pictured=[], **about
        )
    )
    ended = case.finished_on or date(2026, 11, 28)
    released = datetime.combine(ended, MONDAY.timetz())
    session.add(
        Disclosure(
            id=given, case_id=case.id, given=Given.PORTAL, blob_id=blobs[2], file_name=b"s", size=4,
            released_at=released, remove_on=ended + timedelta(days=90), collected_at=released if collected else None,
        )
    )  # fmt: skip
    session.flush()
    return blobs


def kept(world: World) -> set[str]:
    return {path.name for path in world.settings.blob_folder.iterdir()}


def at(day: date) -> datetime:
    return datetime.combine(day, MONDAY.timetz())


def pass_time(world: World, day: date) -> None:
    """One pass of every duty that deletes or closes, on that day."""
    duties.freeze_figures(world.database, world.settings, at(day))
    remove_old_disclosures(world.database, world.settings, at(day))
    duties.delete_what_is_due(world.database, world.settings, at(day))
    duties.close_requests(world.database, world.settings, at(day))


def test_every_table_of_a_request_is_deleted_in_an_order_that_the_database_allows() -> None:
    """A table that names a case, or a row that goes with one, stands in the order before what it names."""
    order = [name for name, _column, _owner in OWNED]
    going = {*order, "cases"}
    for table in METADATA.sorted_tables:
        for key in table.foreign_keys:
            named = key.column.table.name
            if named in going and not table.name.startswith(OTHERS) and named != table.name:
                assert table.name in order, f"{table.name} names {named}"
                assert named == "cases" or order.index(table.name) < order.index(named)


def test_material_goes_ninety_days_after_it_was_collected_and_the_request_stays(world: World, refuse: Refuse) -> None:
    with world.database.writing() as session:
        case = refuse(session)
        found, copy, pack = keep(world, session, case, collected=True)
    end = date(2026, 11, 28)
    pass_time(world, end + timedelta(days=89))
    assert kept(world) == {found, copy, pack}
    pass_time(world, end + timedelta(days=90))
    assert kept(world) == set()
    with world.database.reading() as session:
        item = session.scalars(select(Material)).one()
        assert item.blob_id is None
        assert session.scalars(select(Case.state)).one() == State.REFUSED
        events = session.scalars(select(AuditEvent).where(AuditEvent.event == "access.material_removed")).all()
        assert [event.facts["files"] for event in events] == [2]


def test_what_nobody_collected_can_be_made_again_for_ninety_days_more(world: World, refuse: Refuse) -> None:
    with world.database.writing() as session:
        found, copy, _pack = keep(world, session, refuse(session))
    pass_time(world, date(2026, 11, 28) + timedelta(days=179))
    assert kept(world) == {found, copy}
    pass_time(world, date(2026, 11, 28) + timedelta(days=180))
    assert kept(world) == set()


def test_nothing_goes_while_a_request_is_open_or_was_reopened(world: World, refuse: Refuse) -> None:
    with world.database.writing() as session:
        case = refuse(session)
        found, copy, _pack = keep(world, session, case, collected=True)
        desk = world.on(date(2027, 2, 20))
        reopen(session, world["sian"], case, Words("Mai"), ids.new_id(), lang=Locale.CY, desk=desk)
    pass_time(world, date(2030, 1, 1))
    assert {found, copy} <= kept(world)


def test_a_request_is_closed_after_a_year_and_deleted_after_three_more(world: World, refuse: Refuse) -> None:
    with world.database.writing() as session:
        case = refuse(session)
        case_id, reference = case.id, case.reference
        keep(world, session, case)
        other = refuse(session)
        keep(world, session, other)
        set_hold(session, world["rhodri"], other, Words("Tribiwnlys"), date(2027, 1, 4), ids.new_id(), desk=world.desk)
    pass_time(world, date(2027, 11, 28))
    assert states(world)[reference] == State.REFUSED
    pass_time(world, date(2027, 11, 29))
    assert states(world)[reference] == State.CLOSED
    pass_time(world, date(2030, 11, 28))
    assert reference in states(world)
    pass_time(world, date(2030, 11, 29))
    assert set(states(world)) == {other.reference}
    assert len(kept(world)) == 3, "the hold keeps every file of the other request"
    with world.database.reading() as session:
        stone = session.scalars(select(Tombstone)).one()
        assert (stone.reference, stone.rule, stone.received_on) == (reference, "years_3", date(2026, 11, 23))
        assert session.get(AccessFigure, case_id) is not None
        for name, column, _owner in OWNED:
            if column == "case_id":
                table = METADATA.tables[name]
                assert session.scalar(select(func.count()).where(table.c.case_id == case_id)) == 0, name
        assert "access.erased" in session.scalars(select(AuditEvent.event).where(AuditEvent.subject == case_id)).all()
        assert verify_chain(session).broken_at is None
        assert session.scalar(select(func.sum(CaseCount.number))) == 1


def test_while_a_complaint_about_it_goes_on_nothing_of_a_request_is_deleted(world: World, refuse: Refuse) -> None:
    """The hold that a complaint sets stands in a lower room: the desk's own holds know nothing of it."""
    with world.database.writing() as session:
        case, other = refuse(session), refuse(session)
        blobs = keep(world, session, case, collected=True)
        hold = keep_for(session, case.id, other, desk=world.desk)
        reference, hold_id = case.reference, hold.id
    pass_time(world, date(2031, 1, 1))
    assert set(blobs) <= kept(world) and reference in states(world)
    with world.database.writing() as session:
        session.get_one(CaseHold, hold_id).lifted_at = world.desk.now
    pass_time(world, date(2031, 1, 2))
    pass_time(world, date(2035, 1, 3))
    assert kept(world) == set() and reference not in states(world)


def states(world: World) -> dict[str, str]:
    with world.database.reading() as session:
        return {reference: state for reference, state in session.execute(select(Case.reference, Case.state))}


def test_six_years_for_what_was_reopened(world: World, refuse: Refuse) -> None:
    with world.database.writing() as session:
        case = refuse(session)
        case_id = case.id
    with world.database.writing() as session:
        case = session.get_one(Case, case_id)
        reopen(session, world["sian"], case, Words("?"), ids.new_id(), lang=Locale.CY, desk=world.on(date(2026, 12, 1)))
    answer_again(world, case_id)
    pass_time(world, date(2028, 1, 1))
    pass_time(world, date(2033, 12, 31))
    assert len(states(world)) == 1
    pass_time(world, date(2034, 1, 1))
    assert not states(world)
    with world.database.reading() as session:
        assert session.scalars(select(Tombstone.rule)).one() == "years_6"
        assert session.scalars(select(AccessFigure.finished_on)).one() == date(2026, 11, 28)


def answer_again(world: World, case_id: str) -> None:
    """Carys proposes the second answer; a fourth officer would approve it, so the test takes the step itself."""
    with world.database.writing() as session:
        desk = world.on(date(2026, 12, 10))
        turn = Turn(session, world["carys"], session.get_one(Case, case_id), Relation.OFFICER, desk)
        turn.move(STEPS["propose_refusal"])
        turn.move(STEPS["approve_refusal"])


@pytest.mark.parametrize("is_lifted", [False, True])
def test_a_hold_keeps_the_released_file_too_until_it_is_lifted(world: World, refuse: Refuse, is_lifted: bool) -> None:
    with world.database.writing() as session:
        case = refuse(session)
        keep(world, session, case, collected=True)
        hold = set_hold(
            session, world["rhodri"], case, Words("Ymchwiliad"), date(2027, 5, 1), ids.new_id(), desk=world.desk
        )
        if is_lifted:
            lift_hold(session, world["rhodri"], case, hold.id, desk=world.on(date(2027, 1, 1)))
    pass_time(world, date(2027, 6, 1))
    assert len(kept(world)) == (0 if is_lifted else 3)


def test_what_goes_in_thirty_days_is_known_beforehand_with_its_rule_and_its_hold(world: World, refuse: Refuse) -> None:
    with world.database.writing() as session:
        case = refuse(session)
        keep(world, session, case, collected=True)
        soon = Asked(date(2026, 11, 28) + timedelta(days=90), with_held=True)
        assert [(one.what, one.on, one.is_held) for one in list_going(session, soon)] == [
            (What.FILE, soon.by, False), (What.MATERIAL, soon.by, False),
        ]  # fmt: skip
        set_hold(session, world["rhodri"], case, Words("Archwiliad"), date(2027, 1, 4), ids.new_id(), desk=world.desk)
        assert all(one.is_held for one in list_going(session, soon))
        assert list_going(session, Asked(soon.by)) == []


def test_a_file_that_is_gone_already_keeps_nothing_from_being_deleted(world: World, refuse: Refuse) -> None:
    """A pass that died after the file and before the row is simply done again."""
    with world.database.writing() as session:
        found, *_rest = keep(world, session, refuse(session), collected=True)
    world.blobs.delete(found)
    pass_time(world, date(2027, 6, 1))
    assert kept(world) == set()


def test_an_answer_that_can_be_collected_longer_keeps_the_request_from_being_closed_over_its_material(
    world: World, refuse: Refuse
) -> None:
    with world.database.writing() as session:
        keep(world, session, refuse(session), collected=True)
        session.scalars(select(Disclosure)).one().remove_on = date(2028, 2, 1)
    pass_time(world, date(2027, 11, 29))
    assert len(kept(world)) == 3 and set(states(world).values()) == {State.REFUSED}
    pass_time(world, date(2028, 2, 1))
    assert kept(world) == set() and set(states(world).values()) == {State.CLOSED}


def test_requests_that_are_kept_for_six_years_do_not_stand_before_those_whose_time_is_over(
    world: World, refuse: Refuse
) -> None:
    with world.database.writing() as session:
        again, due = refuse(session), refuse(session, days=20)
        reopen(
            session, world["sian"], again, Words("?"), ids.new_id(), lang=Locale.CY, desk=world.on(date(2026, 12, 1))
        )
        again_id, reference = again.id, due.reference
    answer_again(world, again_id)
    pass_time(world, date(2028, 1, 1))
    with world.database.reading() as session:
        going = list_going(session, Asked(date(2031, 1, 1), most=1))
    assert [(one.what, one.reference) for one in going] == [(What.REQUEST, reference)]


def test_others_are_let_in_between_deletions(world: World, refuse: Refuse, monkeypatch: pytest.MonkeyPatch) -> None:
    with world.database.writing() as session:
        for _ in range(2):
            keep(world, session, refuse(session), collected=True)
    pauses: list[int] = []
    monkeypatch.setattr(world.database, "let_others_in", lambda: pauses.append(1))
    assert duties.delete_what_is_due(world.database, world.settings, at(date(2027, 6, 1))) == len(pauses) == 2
