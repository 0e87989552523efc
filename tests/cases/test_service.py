"""Opening, steps, duties, exclusions."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.audit.models import AuditEvent
from portal.cases.models import Assignment, Case, CaseCount, CaseEvent
from portal.cases.queries import facts_of
from portal.cases.rules import Duty, ExclusionSource, Relation
from portal.cases.service import assign, end_assignment, exclude, take_step
from portal.core import ids
from portal.core.errors import Conflict, NotAllowed, NotFound, Refused
from portal.core.text import Locale, Words
from portal.directory.models import Person
from tests.cases.conftest import STEPS, World


def person(session: Session, world: World, name: str) -> Person:
    return session.get_one(Person, world[name].person_id)


def test_an_opened_case_knows_its_days_and_its_reference(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
    assert case.reference.startswith("AC-")
    assert (case.due_on, case.target_on, case.notice_by) == (date(2026, 12, 23), date(2026, 12, 21), date(2026, 12, 23))
    assert (case.is_open, case.extended, case.version, case.event_count) == (True, False, 2, 1)


def test_a_second_post_of_the_form_gives_the_first_case(world: World) -> None:
    with world.database.writing() as session:
        first = world.request(session, case_id="c" * 26)
        again = world.request(session, case_id="c" * 26)
        assert again is first
        assert session.scalar(select(func.count()).select_from(Case)) == 1
        with pytest.raises(NotFound):
            world.request(session, case_id="c" * 26, requester_person_id=world["gwen"].person_id)


def test_a_day_of_receipt_that_has_not_come_is_refused(world: World) -> None:
    with world.database.writing() as session, pytest.raises(Refused):
        world.request(session, received_on=date(2026, 11, 24))


def test_an_officer_logs_a_request_with_its_true_day_of_receipt(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(
            session, by=world["rhodri"], received_on=date(2026, 11, 2), requester_person_id=None, locale=Locale.EN
        )
        event = session.scalars(select(CaseEvent)).one()
    assert case.due_on == date(2026, 12, 2)
    assert event.role == "officer"


def test_a_case_code_and_a_sealed_address_stand_for_somebody_without_an_account(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(
            session,
            by=Relation.REQUESTER,
            requester_person_id=None,
            locator_hash=bytes(32),
            contact_email=Words("sian@example.cymru"),
        )
        assert case.contact_email is not None
        assert b"example" not in case.contact_email
        event = session.scalars(select(CaseEvent)).one()
        assert (event.role, event.actor_account_id) == ("requester", None)


def test_a_step_changes_state_clock_counts_timeline_and_audit_together(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        take_step(session, world["rhodri"], case, STEPS["start"], desk=world.desk)
        take_step(session, world["rhodri"], case, STEPS["disclose"], desk=world.later(days=4))
        assert (case.state, case.is_open, case.finished_on) == ("disclosed", False, date(2026, 11, 27))
        counts = {(row.state, row.is_open): row.number for row in session.scalars(select(CaseCount))}
        assert counts == {("received", True): 0, ("scoping", True): 0, ("disclosed", False): 1}
        assert [event.step for event in session.scalars(select(CaseEvent).order_by(CaseEvent.number))] == [
            "open",
            "start",
            "disclose",
        ]
        audited = session.scalars(select(AuditEvent).order_by(AuditEvent.number)).all()
        assert [event.event for event in audited] == ["access.open", "access.start", "access.disclose"]


def test_a_step_that_does_not_start_here_is_a_conflict(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        with pytest.raises(Conflict):
            take_step(session, world["rhodri"], case, STEPS["disclose"], desk=world.desk)


def test_a_step_of_somebody_elses_is_not_allowed_and_a_stranger_finds_nothing(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        with pytest.raises(NotAllowed):
            take_step(session, world["sian"], case, STEPS["start"], desk=world.desk)
        for stranger in ("gwen", "owen", "helen", "dafydd", "carys"):
            with pytest.raises(NotFound):
                take_step(session, world[stranger], case, STEPS["start"], desk=world.desk)
        assert case.state == "received"


def test_an_officer_cannot_work_on_their_own_request(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session, by=world["rhodri"], requester_person_id=world["rhodri"].person_id)
        with pytest.raises(NotAllowed):
            take_step(session, world["rhodri"], case, STEPS["start"], desk=world.desk)
        take_step(session, world["mair"], case, STEPS["start"], desk=world.desk)


def test_a_page_that_is_older_than_the_case_is_a_conflict(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        seen = case.version
        take_step(session, world["mair"], case, STEPS["start"], desk=world.desk, seen_version=seen)
        with pytest.raises(Conflict):
            take_step(session, world["rhodri"], case, STEPS["disclose"], desk=world.desk, seen_version=seen)


def test_a_double_submit_of_a_step_is_taken_once(world: World) -> None:
    with world.database.writing() as session:
        case, form_id = world.request(session), ids.new_id()
        for _ in range(2):
            take_step(session, world["rhodri"], case, STEPS["start"], desk=world.desk, form_id=form_id)
        assert case.event_count == 2
        other = world.request(session)
        with pytest.raises(NotFound):
            take_step(session, world["rhodri"], other, STEPS["start"], desk=world.desk, form_id=form_id)


def test_who_showed_the_ten_words_may_withdraw(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session, by=Relation.REQUESTER, requester_person_id=None, locator_hash=bytes(32))
        take_step(session, Relation.REQUESTER, case, STEPS["withdraw"], desk=world.desk)
        assert case.state == "withdrawn"


def test_a_reviewer_is_replaced_and_a_representative_is_added(world: World) -> None:
    with world.database.writing() as session:
        case = world.review(session)
        first = assign(session, world["rhodri"], case, person(session, world, "owen"), Duty.REVIEWER, desk=world.desk)
        same = assign(session, world["rhodri"], case, person(session, world, "owen"), Duty.REVIEWER, desk=world.desk)
        assert same.id == first.id
        assign(session, world["rhodri"], case, person(session, world, "gwen"), Duty.REVIEWER, desk=world.desk)
        assign(session, world["sian"], case, person(session, world, "carys"), Duty.REPRESENTATIVE, desk=world.desk)
        assert facts_of(session, case).assigned == {
            (world["gwen"].person_id, Duty.REVIEWER),
            (world["carys"].person_id, Duty.REPRESENTATIVE),
        }
        with pytest.raises(NotAllowed):
            assign(
                session, world["rhodri"], case, person(session, world, "carys"), Duty.REPRESENTATIVE, desk=world.desk
            )


def test_who_holds_a_duty_may_hand_it_back(world: World) -> None:
    with world.database.writing() as session:
        case = world.review(session)
        assign(session, world["rhodri"], case, person(session, world, "owen"), Duty.REVIEWER, desk=world.desk)
        end_assignment(session, world["owen"], case, world["owen"].person_id, Duty.REVIEWER, desk=world.desk)
        assert facts_of(session, case).assigned == frozenset()
        with pytest.raises(NotFound):
            end_assignment(session, world["owen"], case, world["owen"].person_id, Duty.REVIEWER, desk=world.desk)


def test_the_requester_and_people_left_out_cannot_be_assigned(world: World) -> None:
    with world.database.writing() as session:
        case = world.review(session, exclusions=(world["owen"].person_id,))
        for name in ("sian", "owen"):
            with pytest.raises(Refused):
                assign(session, world["rhodri"], case, person(session, world, name), Duty.REVIEWER, desk=world.desk)


def test_a_conflict_that_somebody_declares_of_their_own_ends_what_they_hold(world: World) -> None:
    with world.database.writing() as session:
        case = world.review(session)
        assign(session, world["rhodri"], case, person(session, world, "owen"), Duty.REVIEWER, desk=world.desk)
        owen = world["owen"].person_id
        exclude(session, world["owen"], case, owen, source=ExclusionSource.SELF, desk=world.desk)
        assert facts_of(session, case).excluded == {owen}
        assert session.scalars(select(Assignment).where(Assignment.ended_at.is_(None))).all() == []
        with pytest.raises(NotFound):
            exclude(session, world["owen"], case, owen, source=ExclusionSource.SELF, desk=world.desk)


def test_only_the_requester_and_officers_leave_others_out_and_never_the_requester(world: World) -> None:
    with world.database.writing() as session:
        case = world.review(session)
        helen, rhodri = world["helen"], world["rhodri"]
        with pytest.raises(NotAllowed):
            exclude(session, helen, case, rhodri.person_id, source=ExclusionSource.SELF, desk=world.desk)
        with pytest.raises(Refused):
            exclude(session, rhodri, case, world["sian"].person_id, source=ExclusionSource.SYSTEM, desk=world.desk)
        exclude(session, world["sian"], case, rhodri.person_id, source=ExclusionSource.REQUESTER, desk=world.desk)
        with pytest.raises(NotFound):
            take_step(session, rhodri, case, STEPS["start"], desk=world.desk)


def test_opening_needs_no_account_but_never_names_one(world: World) -> None:
    with world.database.writing() as session:
        world.request(session, by=Relation.REQUESTER, requester_person_id=None, locator_hash=bytes(range(32)))
        assert {event.account_id for event in session.scalars(select(AuditEvent))} == {None}
