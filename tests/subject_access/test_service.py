"""The verbs: asking, working, answering; who may, when, and what a second POST does."""

from datetime import date

import pytest
from sqlalchemy import func, select

from portal.audit.models import AuditEvent
from portal.cases.correspondence import Writing, open_message, reply
from portal.cases.models import CaseMessage
from portal.cases.rules import Relation
from portal.core import ids
from portal.core.errors import Conflict, NotAllowed, NotFound, Refused
from portal.core.text import Locale, Words
from portal.notifications.models import OutboxLetter
from portal.subject_access import service
from portal.subject_access.asking import knowing
from portal.subject_access.page_parts import reply_step
from portal.subject_access.queries import get_for_desk, get_own, get_request, open_words
from portal.subject_access.rules import Channel, IdentityCheck, State
from tests.subject_access.conftest import World, sent

LETTER = Words("Rhesymau")


def test_a_request_counts_from_today_and_its_words_are_sealed(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        request = get_request(session, case)
        assert (case.received_on, case.due_on, case.target_on) == (
            date(2026, 11, 23),
            date(2026, 12, 23),
            date(2026, 12, 21),
        )
        assert b"shifft" not in request.wanted
        found = open_words(request, "wanted", world.settings.vault)
        assert found is not None and found.reveal().startswith("Fy shifftiau")
        assert session.scalars(select(OutboxLetter.template)).all() == ["case_received"]


def test_a_second_post_gives_the_first_case_and_one_letter(world: World) -> None:
    with world.database.writing() as session:
        first = world.request(session, case_id="a" * 26)
        assert world.request(session, case_id="a" * 26) is first
        assert session.scalar(select(func.count()).select_from(OutboxLetter)) == 1


def test_the_same_case_code_finds_the_same_case_whatever_the_form(world: World) -> None:
    with world.database.writing() as session:
        changes = {"requester_person_id": None, "locator_hash": bytes(32), "by": Relation.REQUESTER}
        first = world.request(session, **changes)
        assert world.request(session, **changes) is first


def test_nobody_asks_in_anothers_name_or_of_a_body_they_have_nothing_to_do_with(world: World) -> None:
    with world.database.writing() as session:
        with pytest.raises(NotFound):
            world.request(session, by=world["gwen"])
        with pytest.raises(NotFound):
            world.request(session, body_id=world.bodies["mynach"].id)


def test_an_officer_writes_down_a_request_with_its_true_day_and_a_reason(world: World) -> None:
    told = {"channel": Channel.LETTER, "received_on": date(2026, 11, 2), "by": world["helen"]}
    with world.database.writing() as session:
        with pytest.raises(Refused):
            world.request(session, **told)
        case = world.request(session, **told, late_reason=Words("Y llythyr yn y post mewnol"))
        assert case.due_on == date(2026, 12, 2)
        with pytest.raises(Refused):
            world.request(session, **{**told, "received_on": date(2026, 11, 24)}, late_reason=LETTER)
        with pytest.raises(NotFound):
            world.request(session, **{**told, "by": world["dafydd"]}, late_reason=LETTER)
        with pytest.raises(Refused):
            world.request(session, **told, late_reason=LETTER, requester_person_id=world["helen"].person_id)


def test_an_officer_finds_requests_of_their_own_bodies_only_and_never_their_own(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        own = world.request(session, by=world["rhodri"], requester_person_id=world["rhodri"].person_id)
        assert get_for_desk(session, world["rhodri"], case.reference) is case
        for actor, reference in (("dafydd", case.reference), ("gwen", case.reference), ("rhodri", own.reference)):
            with pytest.raises(NotFound):
                get_for_desk(session, world[actor], reference)
        with pytest.raises(NotFound):
            get_own(session, world["rhodri"], case.reference)


def test_asking_stops_the_clock_and_the_answer_starts_it_on_its_day(world: World) -> None:
    rhodri = world["rhodri"]
    with world.database.writing() as session:
        case = world.request(session)
        service.start(session, rhodri, case, sent(), desk=world.desk)
        service.clarify(
            session, rhodri, case, Words("Pa shifftiau?"), Words("Y flwyddyn ddiwethaf"), sent(),
            lang=Locale.CY, desk=world.desk,
        )  # fmt: skip
        assert (case.state, case.paused_on) == (State.CLARIFICATION_WAIT, date(2026, 11, 23))
        question = session.scalars(select(CaseMessage).where(CaseMessage.asks_clarification)).one()
        assert "Y flwyddyn ddiwethaf" in open_message(question, world.settings.vault).reveal()
        service.answer(
            session, rhodri, case, Words("Popeth"), sent(), lang=Locale.CY, on=date(2026, 12, 3), desk=world.after(14)
        )
        assert (case.state, case.paused_on, case.due_on) == (State.SCOPING, None, date(2027, 1, 4))


def test_the_requester_answers_on_their_own_page(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        service.start(session, world["rhodri"], case, sent(), desk=world.desk)
        service.clarify(session, world["rhodri"], case, LETTER, LETTER, sent(), lang=Locale.CY, desk=world.desk)
        writing = Writing(ids.new_id(), Words("Dw i eisiau popeth"), Locale.CY)
        reply(session, world["sian"], case, writing, desk=world.after(2), step=reply_step(case))
        assert (case.state, reply_step(case)) == (State.SCOPING, None)


def test_going_on_without_an_answer_and_taking_a_question_back(world: World) -> None:
    rhodri = world["rhodri"]
    with world.database.writing() as session:
        for verb, state, due in (
            (service.go_on, State.SEARCHING, date(2027, 1, 4)),
            (service.take_back, State.SCOPING, date(2026, 12, 23)),
        ):
            case = world.request(session)
            service.start(session, rhodri, case, sent(), desk=world.desk)
            service.clarify(session, rhodri, case, LETTER, LETTER, sent(), lang=Locale.CY, desk=world.desk)
            verb(session, rhodri, case, sent(), desk=world.after(10))
            assert (case.state, case.due_on) == (state, due)


def test_who_signed_in_is_not_asked_who_they_are(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        with pytest.raises(Refused):
            service.doubt_identity(session, world["rhodri"], case, LETTER, sent(), lang=Locale.CY, desk=world.desk)


def test_the_month_begins_when_identity_is_shown(world: World) -> None:
    rhodri = world["rhodri"]
    with world.database.writing() as session:
        case = world.request(session, by=Relation.REQUESTER, requester_person_id=None, locator_hash=bytes(32))
        service.doubt_identity(session, rhodri, case, LETTER, sent(), lang=Locale.CY, desk=world.desk)
        assert (case.state, case.waiting_on) == (State.IDENTITY_WAIT, date(2026, 11, 23))
        knowing.record_identity(
            session, rhodri, case, IdentityCheck.QUESTIONS, sent(), on=date(2026, 12, 7), desk=world.after(20)
        )
        assert (case.state, case.waiting_on, case.due_on) == (State.SCOPING, None, date(2027, 1, 7))
        assert get_request(session, case).identity_checked_on == date(2026, 12, 7)


def test_a_dropped_doubt_lets_the_work_go_on(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session, by=Relation.REQUESTER, requester_person_id=None, locator_hash=bytes(32))
        service.doubt_identity(session, world["rhodri"], case, LETTER, sent(), lang=Locale.CY, desk=world.desk)
        knowing.drop_doubt(session, world["rhodri"], case, sent(), desk=world.after(1))
        assert (case.state, case.waiting_on) == (State.SCOPING, None)


def test_identity_can_be_checked_without_any_doubt_and_without_moving_the_clock(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session, by=Relation.REQUESTER, requester_person_id=None, locator_hash=bytes(32))
        for day in (date(2026, 11, 22), date(2026, 11, 24)):
            with pytest.raises(Refused):
                knowing.record_identity(
                    session, world["rhodri"], case, IdentityCheck.KNOWN, sent(), on=day, desk=world.desk
                )
        knowing.record_identity(
            session, world["rhodri"], case, IdentityCheck.KNOWN, sent(), on=date(2026, 11, 23), desk=world.desk
        )
        assert (case.state, case.due_on) == (State.RECEIVED, date(2026, 12, 23))


def test_a_second_post_of_a_letter_changes_nothing(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        form = sent(case.version)
        for _ in range(2):
            service.write(session, world["rhodri"], case, LETTER, form, lang=Locale.CY, desk=world.desk)
        assert session.scalar(select(func.count()).select_from(CaseMessage)) == 1


def test_a_form_from_before_somebody_elses_change_is_a_conflict(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        seen = case.version
        service.start(session, world["rhodri"], case, sent(seen), desk=world.desk)
        with pytest.raises(Conflict):
            service.write(session, world["rhodri"], case, LETTER, sent(seen), lang=Locale.CY, desk=world.desk)


def test_only_the_requester_withdraws(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        with pytest.raises(NotAllowed):
            service.withdraw(session, world["rhodri"], case, desk=world.desk)
        service.withdraw(session, world["sian"], case, desk=world.desk)
        assert (case.state, case.is_open) == (State.WITHDRAWN, False)


def test_every_step_is_audited_without_a_word_of_what_was_said(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        service.start(session, world["rhodri"], case, sent(), desk=world.desk)
        service.write(session, world["rhodri"], case, LETTER, sent(), lang=Locale.CY, desk=world.desk)
        events = session.scalars(select(AuditEvent).where(AuditEvent.subject == case.id)).all()
        assert [event.event for event in events] == [
            "access.open",
            "access.start",
            "access.assign_handler",
            "access.letter",
        ]
        assert all("Rhesymau" not in str(event.facts) for event in events)
