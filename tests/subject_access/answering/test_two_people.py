"""Every answer is proposed by one officer and approved by another; what each may, and when."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select, update

from portal.audit.models import AuditEvent
from portal.cases.correspondence import open_message
from portal.cases.models import Case, CaseMessage
from portal.cases.rules import Relation
from portal.cases.service import take_step
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Locale, Words
from portal.i18n.catalogue import say
from portal.notifications.models import OutboxLetter
from portal.subject_access.answering.deciding import approve, send_back
from portal.subject_access.answering.models import Pack, SignOff
from portal.subject_access.answering.packing import build_waiting
from portal.subject_access.answering.proposing import propose, what_stands_against
from portal.subject_access.answering.queries import get_pack, list_second_people, open_words
from portal.subject_access.answering.rules import GAP, Outcome, PackState
from portal.subject_access.letters import ROUTES
from portal.subject_access.material.models import Material, MaterialCopy
from portal.subject_access.models import Disclosure
from portal.subject_access.queries import get_request
from portal.subject_access.rules import RefusalGround, State
from portal.subject_access.searching.models import SearchPlace, SearchTask
from portal.subject_access.searching.rules import PlaceKind, TaskState
from portal.subject_access.steps import STEPS
from tests.subject_access.answering.answers import (
    LETTER,
    MORE_TIME,
    NOTHING,
    REFUSAL,
    RELEASE,
    approved,
    in_language,
    prepared,
    proposed,
    released,
    started,
    to_material,
)
from tests.subject_access.conftest import World, sent


def test_nobody_approves_what_they_proposed_and_a_stranger_finds_nothing(world: World) -> None:
    with world.database.writing() as session:
        case = started(world, session)
        one = proposed(world, session, case, REFUSAL)
        assert case.state == State.SIGN_OFF
        with pytest.raises(Refused):
            approved(world, session, case, one, "rhodri")
        for stranger in ("dafydd", "gwen"):
            with pytest.raises(NotFound):
                approved(world, session, case, one, stranger)
        assert one.decided_by is None


@pytest.mark.parametrize("lang", list(Locale))
def test_a_refusal_of_two_people_has_the_three_routes_and_ends_the_clock(world: World, lang: Locale) -> None:
    with world.database.writing() as session:
        case = started(world, session)
        one = approved(world, session, case, proposed(world, session, case, in_language(REFUSAL, lang)))
        letter = session.scalars(select(CaseMessage)).one()
        text = open_message(letter, world.settings.vault).reveal()
        assert all(say(route, lang) in text for route in ROUTES)
        assert (case.state, case.is_open, one.is_approved) == (State.REFUSED, False, True)
        assert get_request(session, case).refusal_ground is RefusalGround.EXEMPT
        assert "case_news" in session.scalars(select(OutboxLetter.template)).all()
        decided = session.scalars(select(AuditEvent).where(AuditEvent.event == "access.sign_off_decided")).one()
        assert decided.facts["proposed_by"] == world["rhodri"].account_id != one.decided_by


def test_the_clock_runs_until_the_second_person_has_approved(world: World) -> None:
    with world.database.writing() as session:
        case = started(world, session)
        one = proposed(world, session, case, NOTHING)
        assert (case.is_open, case.finished_on) == (True, None)
        approve(session, world["bethan"], case, one, sent(), desk=world.on(date(2026, 12, 1)))
        assert (case.state, case.finished_on) == (State.NOTHING_HELD, date(2026, 12, 1))


def test_a_second_post_of_either_form_changes_nothing(world: World) -> None:
    with world.database.writing() as session:
        case = started(world, session)
        form = sent(case.version)
        first = propose(session, world["rhodri"], case, REFUSAL, form, desk=world.desk)
        assert propose(session, world["rhodri"], case, REFUSAL, form, desk=world.desk) is first
        decision = sent(case.version)
        for _ in range(2):
            approve(session, world["bethan"], case, first, decision, desk=world.desk)
        assert session.scalar(select(func.count()).select_from(CaseMessage)) == 1
        assert session.scalar(select(func.count()).select_from(SignOff)) == 1


def test_what_is_sent_back_says_why_and_is_proposed_anew(world: World) -> None:
    with world.database.writing() as session:
        case = prepared(world, session)
        one = proposed(world, session, case)
        send_back(session, world["bethan"], case, one, Words("Mae tudalen 3 ar goll"), sent(), desk=world.desk)
        assert (case.state, one.is_approved) == (State.REDACTING, False)
        assert open_words(one, "comment", world.settings.vault).reveal() == "Mae tudalen 3 ar goll"
        assert get_pack(session, one).state is PackState.REMOVED
        with pytest.raises(Conflict):
            approved(world, session, case, one, "carys")
        again = proposed(world, session, case)
        assert again.id != one.id and case.state == State.SIGN_OFF


def test_nothing_is_released_while_a_gap_or_an_unanswered_search_is_left(world: World) -> None:
    with world.database.writing() as session:
        case = prepared(world, session)
        with pytest.raises(Refused, match="Fill in"):
            proposed(world, session, case, replace(RELEASE, supplementary=Words(f"Ffynhonnell: {GAP}")))
        place = SearchPlace(id="p" * 26, body_id=case.body_id, kind=PlaceKind.MAIL)
        session.add(place)
        session.flush()
        task = SearchTask(id="t" * 26, case_id=case.id, place_id=place.id, state=TaskState.PLANNED)
        session.add(task)
        session.flush()
        with pytest.raises(Refused, match="Every search"):
            proposed(world, session, case)
        with pytest.raises(Refused, match="Every search"):
            proposed(world, session, case, NOTHING)
        assert case.state == State.REDACTING


def test_material_that_is_not_ready_stands_against_a_release(world: World) -> None:
    with world.database.writing() as session:
        case = prepared(world, session)
        assert what_stands_against(session, case, Outcome.RELEASE, desk=world.desk) == ()
        session.execute(update(Material).values(reporter=None, reporter_said_by=None))
        session.expire_all()
        assert what_stands_against(session, case, Outcome.RELEASE, desk=world.desk) != ()
        with pytest.raises(Refused):
            proposed(world, session, case)


def test_only_the_pack_that_was_seen_and_only_unchanged_material_is_released(world: World) -> None:
    with world.database.writing() as session:
        case = prepared(world, session)
        one = proposed(world, session, case)
        with pytest.raises(Refused, match="not ready"):
            approve(session, world["bethan"], case, one, sent(), desk=world.desk, pack_hash="")
    build_waiting(world.database, world.settings, world.desk.now)
    with world.database.writing() as session:
        case, one = session.get_one(Case, case.id), session.get_one(SignOff, one.id)
        with pytest.raises(Refused, match="not the one"):
            approve(session, world["bethan"], case, one, sent(), desk=world.desk, pack_hash="00" * 32)
        session.execute(update(MaterialCopy).values(sha256=bytes(32)))
        session.expire_all()
        with pytest.raises(Refused, match="has changed"):
            approved(world, session, case, one)
        session.rollback()
        case, one = session.get_one(Case, case.id), session.get_one(SignOff, one.id)
        approved(world, session, case, one)
        pack, disclosure = session.scalars(select(Pack)).one(), session.scalars(select(Disclosure)).one()
        assert (disclosure.id, disclosure.blob_id, disclosure.size) == (pack.id, pack.blob_id, pack.size)
        assert (case.state, case.is_open) == (State.READY_TO_COLLECT, False)
        assert "answer_ready" in session.scalars(select(OutboxLetter.template)).all()


def test_nothing_is_released_while_a_search_that_was_added_meanwhile_is_left(world: World) -> None:
    with world.database.writing() as session:
        case = prepared(world, session)
        one = proposed(world, session, case)
    build_waiting(world.database, world.settings, world.desk.now)
    with world.database.writing() as session:
        case, one = session.get_one(Case, case.id), session.get_one(SignOff, one.id)
        session.add(SearchPlace(id="p" * 26, body_id=case.body_id, kind=PlaceKind.MAIL))
        session.flush()
        session.add(SearchTask(id="t" * 26, case_id=case.id, place_id="p" * 26, state=TaskState.PLANNED))
        session.flush()
        with pytest.raises(Refused, match="Every search"):
            approved(world, session, case, one)
        assert case.state == State.SIGN_OFF and one.decided_by is None


def test_without_an_account_identity_is_checked_before_anything_is_released(world: World) -> None:
    with world.database.writing() as session:
        case = prepared(world, session, by=Relation.REQUESTER, requester_person_id=None, locator_hash=bytes(32))
        with pytest.raises(Refused, match="identity was checked"):
            proposed(world, session, case)


def test_more_time_needs_both_people_in_time(world: World) -> None:
    with world.database.writing() as session:
        case = started(world, session)
        one = proposed(world, session, case, MORE_TIME)
        assert (case.state, case.extended) == (State.SCOPING, False)
        with pytest.raises(Refused, match="proposed already"):
            proposed(world, session, case, MORE_TIME)
        with pytest.raises(Refused, match="Too late"):
            approve(session, world["bethan"], case, one, sent(), desk=world.on(date(2026, 12, 24)))
        session.rollback()
    with world.database.writing() as session:
        case = started(world, session)
        one = proposed(world, session, case, MORE_TIME)
        approve(session, world["bethan"], case, one, sent(), desk=world.on(date(2026, 12, 23)))
        assert (case.state, case.extended, case.due_on) == (State.SCOPING, True, date(2027, 2, 23))
        with pytest.raises(Refused, match="already extended"):
            proposed(world, session, case, MORE_TIME)


def test_more_time_proposed_too_late_is_refused_and_the_day_is_named(world: World) -> None:
    with world.database.writing() as session:
        case = started(world, session)
        with pytest.raises(Refused) as refusal:
            propose(session, world["rhodri"], case, MORE_TIME, sent(), desk=world.on(date(2026, 12, 24)))
        assert say(refusal.value.message, Locale.EN) == (
            "Too late to extend: notice had to be given by 23 December 2026"
        )


def test_more_time_that_is_not_approved_changes_nothing_and_can_be_proposed_again(world: World) -> None:
    with world.database.writing() as session:
        case = started(world, session)
        one = proposed(world, session, case, MORE_TIME)
        send_back(session, world["bethan"], case, one, LETTER, sent(), desk=world.desk)
        assert (case.state, case.extended) == (State.SCOPING, False)
        assert proposed(world, session, case, MORE_TIME).id != one.id


def test_a_reopened_request_is_answered_by_two_others(world: World) -> None:
    reference = released(world)
    with world.database.writing() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        take_step(session, world["sian"], case, STEPS["reopen"], desk=world.desk)
        to_material(world, session, case)
        for name in ("rhodri", "bethan"):
            with pytest.raises(Refused, match="answered this request before"):
                proposed(world, session, case, NOTHING, by=name)
        one = proposed(world, session, case, NOTHING, by="carys")
        with pytest.raises(Refused, match="answered this request before"):
            approved(world, session, case, one, "rhodri")
        names = list_second_people(session, case, world["carys"].account_id, today=world.desk.today)
        assert names == [], "both others answered before: a new second person has to be appointed"


def test_the_second_people_are_the_other_officers_of_the_body(world: World) -> None:
    with world.database.writing() as session:
        case = started(world, session)
        found = list_second_people(session, case, world["rhodri"].account_id, today=world.desk.today)
        assert {person.id for person in found} == {world["bethan"].person_id, world["carys"].person_id}
        own = started(world, session, by=world["bethan"], requester_person_id=world["bethan"].person_id)
        found = list_second_people(session, own, world["rhodri"].account_id, today=world.desk.today)
        assert {person.id for person in found} == {world["carys"].person_id}
