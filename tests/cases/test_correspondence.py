"""Questions, answers, letters, notes, and what they do to the clock."""

from datetime import date

import pytest
from sqlalchemy import select

from portal.cases.correspondence import (
    Writing,
    ask,
    extend,
    find_addressee,
    go_on_without_answer,
    list_open_questions,
    record_condition,
    reply,
    withdraw_questions,
    write_letter,
    write_note,
)
from portal.cases.models import CaseEvent, ClockEvent
from portal.cases.rules import Relation
from portal.cases.service import take_step
from portal.cases.timekeeping import get_time_limit, renew_days
from portal.core import ids
from portal.core.errors import Conflict, NotAllowed, NotFound, Refused
from portal.core.text import Locale, Words, msg
from portal.timelimits.calendar import WorkingDays
from portal.timelimits.events import EventKind
from tests.cases.conftest import STEPS, World

BECAUSE = msg("The request is complex")


def written(text: str = "Pa flwyddyn?", message_id: str = "") -> Writing:
    return Writing(message_id or ids.new_id(), Words(text), Locale.CY)


def test_case_x_of_the_story_is_played_with_the_verbs(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        take_step(session, world["rhodri"], case, STEPS["start"], desk=world.desk)
        asked = world.on(date(2026, 12, 1))
        ask(session, world["rhodri"], case, written(), desk=asked, asks_clarification=True, step=STEPS["clarify"])
        assert (case.state, case.paused_on) == ("clarification_wait", date(2026, 12, 1))
        answered = world.on(date(2026, 12, 8))
        reply(session, world["sian"], case, written("2024"), desk=answered, step=STEPS["answer"])
        assert (case.state, case.paused_on) == ("scoping", None)
        assert (case.due_on, case.notice_by) == (date(2026, 12, 30), date(2026, 12, 30))
        with pytest.raises(Refused) as refused:
            late = world.on(date(2027, 1, 2))
            extend(session, world["rhodri"], case, written(), because=BECAUSE, desk=late)
        assert refused.value.message.values == {"date": date(2026, 12, 30)}
        in_time = world.on(date(2026, 12, 30))
        extend(session, world["rhodri"], case, written(), because=BECAUSE, desk=in_time)
        assert (case.due_on, case.extended) == (date(2027, 3, 2), True)


def test_the_officer_writes_down_an_answer_with_the_day_it_came(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        asked = world.on(date(2026, 12, 1))
        ask(session, world["rhodri"], case, written(), desk=asked, asks_clarification=True)
        later = world.on(date(2026, 12, 10))
        for wrong in (date(2026, 11, 30), date(2026, 12, 11)):
            with pytest.raises(Refused):
                reply(session, world["mair"], case, written("2024"), desk=later, on=wrong)
        reply(session, world["mair"], case, written("2024"), desk=later, on=date(2026, 12, 8))
        assert case.due_on == date(2026, 12, 30)
        assert list_open_questions(session, case) == []


def test_the_requester_cannot_choose_the_day_of_the_answer(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        asked, later = world.on(date(2026, 12, 1)), world.on(date(2026, 12, 8))
        ask(session, world["rhodri"], case, written(), desk=asked, asks_clarification=True)
        reply(session, world["sian"], case, written("2024"), desk=later, on=date(2026, 12, 1))
        assert case.due_on == date(2026, 12, 30)


def test_a_double_submit_asks_and_answers_once(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        question, answer = written("Pryd?", "q" * 26), written("Ddoe", "a" * 26)
        for _ in range(2):
            ask(session, world["rhodri"], case, question, desk=world.desk, asks_clarification=True)
        for _ in range(2):
            reply(session, Relation.REQUESTER, case, answer, desk=world.later(days=2))
        assert case.event_count == 3
        other = world.request(session)
        with pytest.raises(NotFound):
            ask(session, world["rhodri"], other, question, desk=world.desk)


def test_a_question_about_anything_else_does_not_stop_the_clock(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        ask(session, world["rhodri"], case, written("Ar bapur?"), desk=world.desk)
        assert case.paused_on is None
        assert len(list_open_questions(session, case)) == 1


def test_no_question_stops_the_clock_of_a_review(world: World) -> None:
    with world.database.writing() as session:
        case = world.review(session)
        ask(session, world["rhodri"], case, written(), desk=world.desk, asks_clarification=True)
        assert (case.paused_on, case.due_on) == (None, date(2026, 12, 23))
        reply(session, world["sian"], case, written("2024"), desk=world.later(days=5))
        assert case.due_on == date(2026, 12, 23)
        assert case.target_on == date(2026, 12, 7)


def test_a_question_taken_back_leaves_the_clock_as_it_was(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        ask(session, world["rhodri"], case, written(), desk=world.desk, asks_clarification=True)
        withdraw_questions(session, world["rhodri"], case, desk=world.later(days=3))
        assert (case.due_on, case.paused_on) == (date(2026, 12, 23), None)
        with pytest.raises(Refused):
            withdraw_questions(session, world["rhodri"], case, desk=world.later(days=3))


def test_going_on_without_an_answer_counts_the_days_waited(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        asked, later = world.on(date(2026, 12, 1)), world.on(date(2026, 12, 8))
        ask(session, world["rhodri"], case, written(), desk=asked, asks_clarification=True)
        go_on_without_answer(session, Relation.PORTAL, case, desk=later)
        assert case.due_on == date(2026, 12, 30)


def test_the_words_are_sealed_and_only_the_asking_side_replies(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        message = ask(session, world["rhodri"], case, written("Cyfrinach"), desk=world.desk)
        assert b"Cyfrinach" not in message.sealed
        with pytest.raises(NotAllowed):
            ask(session, world["sian"], case, written(), desk=world.desk)
        with pytest.raises(NotFound):
            reply(session, world["gwen"], case, written(), desk=world.desk)
        stored = str([event.said for event in session.scalars(select(CaseEvent))])
        assert "Cyfrinach" not in stored


def test_letters_are_for_the_requester_and_notes_are_not(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        letter = write_letter(session, world["rhodri"], case, written("Llythyr"), desk=world.desk)
        note = write_note(session, world["rhodri"], case, written("Nodyn"), desk=world.desk)
        assert write_letter(session, world["rhodri"], case, written("", letter.id), desk=world.desk) is letter
        assert write_note(session, world["rhodri"], case, written("", note.id), desk=world.desk) is note
        shown = {event.step: event.visible_to_requester for event in session.scalars(select(CaseEvent))}
        assert (shown["letter"], shown["note"]) == (True, False)


def test_a_letter_may_carry_a_step(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        take_step(session, world["rhodri"], case, STEPS["start"], desk=world.desk)
        write_letter(session, world["rhodri"], case, written(), desk=world.desk, step=STEPS["disclose"])
        assert (case.state, case.is_open) == ("disclosed", False)
        with pytest.raises(Conflict):
            write_letter(session, world["rhodri"], case, written(), desk=world.desk, step=STEPS["disclose"])


def test_a_second_extension_is_refused_and_a_second_post_is_not(world: World) -> None:
    with world.database.writing() as session:
        case, notice = world.request(session), written()
        for _ in range(2):
            extend(session, world["rhodri"], case, notice, because=BECAUSE, desk=world.desk)
        with pytest.raises(Refused):
            extend(session, world["rhodri"], case, written(), because=BECAUSE, desk=world.desk)


def test_the_month_starts_with_the_proof_of_identity(world: World) -> None:
    with world.database.writing() as session:
        case, desk = world.request(session), world.on(date(2026, 12, 4))
        asked, came = EventKind.IDENTITY_ASKED, EventKind.IDENTITY_RECEIVED
        said = msg("Proof of identity")
        record_condition(session, world["rhodri"], case, asked, on=date(2026, 11, 24), said=said, desk=desk)
        assert case.waiting_on == date(2026, 11, 24)
        record_condition(session, world["rhodri"], case, came, on=date(2026, 12, 1), said=said, desk=desk)
        assert (case.waiting_on, case.due_on) == (None, date(2027, 1, 4))
        for wrong in (date(2026, 12, 5), date(2026, 11, 22)):
            with pytest.raises(Refused):
                record_condition(session, world["rhodri"], case, came, on=wrong, said=said, desk=desk)
        with pytest.raises(ValueError, match="of its own"):
            record_condition(session, world["rhodri"], case, EventKind.EXTENDED, on=desk.today, said=said, desk=desk)


def test_a_letter_goes_to_the_address_that_came_with_the_request_else_to_the_directorys(world: World) -> None:
    with world.database.writing() as session:
        own = find_addressee(session, world.request(session), world.desk.vault)
        given = world.request(session, contact_email=Words("cartref@example.cymru"))
        other = find_addressee(session, given, world.desk.vault)
        nobody = world.request(session, requester_person_id=None, by=world["rhodri"])
        assert own is not None
        assert other is not None
        assert (own.email, own.locale) == ("sian@example.cymru", Locale.CY)
        assert other.email == "cartref@example.cymru"
        assert find_addressee(session, nobody, world.desk.vault) is None


def test_a_bank_holiday_that_becomes_known_moves_the_open_cases_of_that_day(world: World) -> None:
    with world.database.writing() as session:
        case, done = world.request(session), world.request(session)
        take_step(session, world["sian"], done, STEPS["withdraw"], desk=world.desk)
        calendar = WorkingDays([date(2026, 12, 23)])
        after = renew_days(session, calendar, most=1)
        assert after == case.id
        assert renew_days(session, calendar, after=after) is None
        assert case.due_on == date(2026, 12, 24)
        assert done.due_on == date(2026, 12, 23)


def test_the_cached_days_are_what_the_events_say(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        ask(session, world["rhodri"], case, written(), desk=world.desk, asks_clarification=True)
        reply(session, world["sian"], case, written(), desk=world.later(days=9))
        extend(session, world["rhodri"], case, written(), because=BECAUSE, desk=world.later(days=10))
        limit = get_time_limit(session, case, world.desk.calendar)
        assert (limit.due_on, limit.target_on, limit.notice_by) == (case.due_on, case.target_on, case.notice_by)
        assert len(session.scalars(select(ClockEvent)).all()) == 4
