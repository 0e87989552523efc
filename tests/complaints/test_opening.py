"""A complaint comes in: acknowledged at once, begun the same day, and with somebody who had no hand in the matter."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from portal.audit.queries import verify_chain
from portal.cases.holding import is_held
from portal.cases.models import Case, CaseEvent, Exclusion
from portal.cases.queries import count_queue, get_case, list_queue
from portal.cases.rules import CaseKind, Relation
from portal.complaints.duties import find_handlers, warn
from portal.complaints.handling import keep_away, list_candidates
from portal.complaints.models import Complaint, ComplaintLink, Enquiry
from portal.complaints.opening import acknowledge
from portal.complaints.queries import get_for_desk, list_enquiries
from portal.complaints.rules import Channel
from portal.core.errors import NotFound, Refused
from portal.core.text import Words
from portal.notifications.models import OutboxLetter
from tests.complaints.conftest import World, at, handler_of, sent


def test_story_nine_is_acknowledged_at_once_and_begun_the_same_day_with_both_days(world: World) -> None:
    with world.database.writing() as session:
        case = world.complain(session)
        complaint = session.get_one(Complaint, case.id)
        assert case.reference.startswith("CP-")
        assert complaint.acknowledged_on == date(2026, 11, 23)
        assert case.state == "enquiring"
        first = list_enquiries(session, case)[0]
        assert first.asked_at == world.desk.now and first.asked_by is None
        assert first.person_id in {world["bethan"].person_id, world["rhodri"].person_id}
        assert (case.target_on, case.due_on) == (date(2026, 12, 21), date(2027, 2, 23))
        steps = session.scalars(
            select(CaseEvent.step).where(CaseEvent.case_id == case.id).order_by(CaseEvent.number)
        ).all()
        assert steps == ["open", "acknowledge", "assign_handler", "enquire"]
        letters = set(session.scalars(select(OutboxLetter.template)))
        assert letters == {"complaint_acknowledged", "complaint_given"}
        assert verify_chain(session).broken_at is None


def test_who_handled_what_it_is_about_gets_nothing_of_it(world: World) -> None:
    with world.database.writing() as session:
        about = world.request(session, "rhodri")
        case = world.complain(session, about=(about.id,))
        assert handler_of(session, case) == "bethan"
        with pytest.raises(NotFound):
            get_case(session, world["rhodri"], case.reference)
        assert list_queue(session, world["rhodri"], CaseKind.COMPLAINT).items == []
        assert count_queue(session, world["rhodri"], CaseKind.COMPLAINT) == 0
        assert get_for_desk(session, world["bethan"], case.reference) is case
        with pytest.raises(NotFound):
            get_for_desk(session, world["dafydd"], case.reference)


def test_the_hand_of_a_second_signature_is_seen_in_the_timeline_and_everybody_else_is_free(world: World) -> None:
    with world.database.writing() as session:
        about = world.request(session, "rhodri", "bethan")
        world.name_alternates(session, "dafydd")
        case = world.complain(session, about=(about.id,))
        assert handler_of(session, case) == "dafydd"  # no officer of the body is left, so whom it named
        assert [one.email for one in list_candidates(session, case, world.desk)] == ["dafydd@mynach.example"]
        assert get_for_desk(session, world["dafydd"], case.reference) is case
        assert [row.reference for row in list_queue(session, world["dafydd"], CaseKind.COMPLAINT).items] == [
            case.reference
        ]


def test_about_the_office_nobody_of_it_sees_a_row_and_the_named_alternate_has_it(world: World) -> None:
    with world.database.writing() as session:
        world.name_alternates(session, "dafydd", "nia")
        case = world.complain(session, is_about_office=True)
        assert handler_of(session, case) == "dafydd"
        for name in ("rhodri", "bethan"):
            assert count_queue(session, world[name], CaseKind.COMPLAINT) == 0
            with pytest.raises(NotFound):
                get_case(session, world[name], case.reference)
        with pytest.raises(NotFound):
            get_for_desk(session, world["nia"], case.reference)


def test_without_anybody_it_is_kept_and_told_upwards_until_somebody_is_named(world: World) -> None:
    with world.database.writing() as session:
        case_id = world.complain(session, is_about_office=True).id
    warn(world.database, world.settings, world.desk.now)
    with world.database.reading() as session:
        case = session.get_one(Case, case_id)
        assert handler_of(session, case) is None and case.state == "acknowledged"
        told = session.scalars(select(OutboxLetter.template)).all()
        assert "complaint_nobody" in told
    with world.database.writing() as session:
        world.name_alternates(session, "nia")
    assert find_handlers(world.database, world.settings, at(date(2026, 11, 24))) == 1
    with world.database.reading() as session:
        case = session.get_one(Case, case_id)
        assert handler_of(session, case) == "nia" and case.state == "enquiring"


def test_an_officer_who_comes_later_is_kept_away_from_a_complaint_about_the_office(world: World) -> None:
    with world.database.writing() as session:
        world.name_alternates(session, "dafydd")
        case = world.complain(session, is_about_office=True)
        held = replace(world["gwen"], holdings=world["rhodri"].holdings)
        with pytest.raises(NotFound):
            get_for_desk(session, held, case.reference)
        assert keep_away(session, case, desk=world.desk) == 0
        kept = set(session.scalars(select(Exclusion.person_id).where(Exclusion.case_id == case.id)))
        assert kept == {world["rhodri"].person_id, world["bethan"].person_id}


def test_a_letter_counts_from_its_true_day_and_is_acknowledged_by_an_officer(world: World) -> None:
    letter: dict[str, Any] = {
        "channel": Channel.LETTER,
        "received_on": date(2026, 11, 20),
        "late_reason": Words("It went to the wrong department"),
        "requester_person_id": None,
        "name": Words("Philip"),
    }
    with world.database.writing() as session:
        case = world.complain(session, world["bethan"], **letter)
        assert case.state == "enquiring" and session.get_one(Complaint, case.id).acknowledged_on is None
        assert case.due_on == date(2026, 12, 21)  # 20 December is a Sunday
        acknowledge(session, world["bethan"], case, desk=world.desk, on=date(2026, 11, 23))
        assert case.due_on == date(2027, 2, 22)
    with world.database.writing() as session, pytest.raises(Refused):
        world.complain(session, world["bethan"], **{**letter, "late_reason": None})
    with world.database.writing() as session, pytest.raises(NotFound):
        world.complain(session, world["dafydd"], **letter)
    with world.database.writing() as session, pytest.raises(NotFound):
        world.complain(session, world["sian"], body_id=world.bodies["mynach"].id)


def test_what_it_is_about_is_kept_and_nobody_elses_case_can_be_linked(world: World) -> None:
    with world.database.writing() as session:
        mine, theirs = world.request(session), world.request(session, who="gwen")
        case = world.complain(session, about=(mine.id, mine.id))
        assert session.scalar(select(is_held(Case.id)).where(Case.id == mine.id)) is True
        assert session.scalar(select(is_held(Case.id)).where(Case.id == theirs.id)) is False
        assert len(session.scalars(select(ComplaintLink)).all()) == 1
        assert case.id not in {mine.id, theirs.id}
    with world.database.writing() as session, pytest.raises(NotFound):
        world.complain(session, about=(theirs.id,))


def test_whom_the_person_keeps_away_is_kept_away(world: World) -> None:
    with world.database.writing() as session:
        case = world.complain(session, excluded=(world["bethan"].person_id,))
        assert handler_of(session, case) == "rhodri"
        with pytest.raises(NotFound):
            get_case(session, world["bethan"], case.reference)


def test_a_second_press_gives_the_first_complaint(world: World) -> None:
    with world.database.writing() as session:
        first = world.complain(session)
        again = world.complain(session, case_id=first.id)
        assert again is first
        assert len(session.scalars(select(Enquiry)).all()) == 1
        assert sent().form_id != first.id
        assert Relation.PORTAL in Relation
