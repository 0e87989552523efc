"""From the enquiries to the outcome, and what comes after it; nothing of it can stop the time."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import correspondence
from portal.cases import service as cases
from portal.cases.models import Case, CaseMessage
from portal.cases.rules import CaseKind, Duty, Relation, time_limit
from portal.cases.view import view_case
from portal.complaints import deciding, ending, enquiring, service
from portal.complaints.models import Complaint, ComplaintFigure
from portal.complaints.queries import find_sent, list_enquiries, list_remedies, list_sent, open_words
from portal.complaints.rules import Outcome, State, Theme
from portal.complaints.steps import STEPS, steps_for
from portal.core import ids
from portal.core.errors import NotAllowed, NotFound, Refused
from portal.core.text import Locale, Words
from portal.directory.queries import get_person
from portal.notifications.models import OutboxLetter
from portal.timelimits.calendar import WorkingDays
from portal.timelimits.events import Event, EventKind
from tests.complaints.conftest import MONDAY, World, handler_of, sent

WALES = WorkingDays()


def begun(world: World, session: Session, **changes: Any) -> tuple[Case, str]:
    """A complaint in the hands of Bethan, for Rhodri had a hand in the matter."""
    about = world.request(session, "rhodri")
    return world.complain(session, about=(about.id,), **changes), "bethan"


def decide(world: World, session: Session, case: Case, by: str = "bethan", **changes: Any) -> object:
    given: dict[str, Any] = {"outcome": Outcome.PARTLY, "theme": Theme.PURPOSE, "reasons": Words("Nid oedd sail")}
    given |= changes
    desk = given.pop("desk", world.desk)
    return deciding.decide(session, world[by], case, sent=sent(), desk=desk, **given)


def last_letter(world: World, session: Session, case: Case) -> str:
    message = session.scalars(
        select(CaseMessage).where(CaseMessage.case_id == case.id).order_by(CaseMessage.sent_at.desc(), CaseMessage.id)
    ).first()
    assert message is not None
    return correspondence.open_message(message, world.settings.vault).reveal()


def test_no_event_and_no_step_can_stop_the_time_of_a_complaint() -> None:
    base = [Event(EventKind.RECEIVED, date(2026, 11, 23)), Event(EventKind.ACKNOWLEDGED, date(2026, 11, 23))]
    without = time_limit(CaseKind.COMPLAINT, base, WALES)
    ends = {EventKind.RECEIVED, EventKind.ACKNOWLEDGED, EventKind.FINISHED, EventKind.RESUMED, EventKind.REOPENED}
    for kind in set(EventKind) - ends:
        for day in (date(2026, 11, 23), date(2026, 12, 1)):
            limit = time_limit(CaseKind.COMPLAINT, [*base, Event(kind, day, "q")], WALES, as_at=date(2026, 12, 20))
            assert limit == without, kind
    for state in State:
        clocks = {step.clock for step in steps_for(state).values()}
        assert clocks <= {None, *ends}
    assert {step.clock for step in STEPS.values() if step.who & {Relation.OFFICER}} <= {None, EventKind.FINISHED}


def test_asking_the_person_and_every_general_verb_leaves_the_days_alone(world: World) -> None:
    with world.database.writing() as session:
        case, name = begun(world, session)
        before = (case.due_on, case.target_on)
        by = world[name]
        service.ask(session, by, case, Words("Pa ddyddiau?"), sent(), lang=Locale.CY, desk=world.desk)
        writing = correspondence.Writing(ids.new_id(), Words("?"), Locale.CY)
        correspondence.ask(session, by, case, writing, desk=world.desk, asks_clarification=True)
        kind, said = EventKind.IDENTITY_ASKED, STEPS["enquire"].said
        correspondence.record_condition(session, by, case, kind, on=world.desk.today, said=said, desk=world.desk)
        more = correspondence.Writing(ids.new_id(), Words("?"), Locale.CY)
        with pytest.raises(Refused):
            correspondence.extend(session, by, case, more, because=said, desk=world.desk)
        session.refresh(case)
        assert (case.due_on, case.target_on) == before
        assert case.paused_on is None and case.waiting_on is None and not case.extended


def test_the_person_who_handles_it_writes_with_their_name_and_news_is_recorded_as_given(world: World) -> None:
    with world.database.writing() as session:
        case, name = begun(world, session)
        service.introduce(
            session, world[name], case, Words("Byddaf yn edrych"), sent(), lang=Locale.CY, desk=world.desk
        )
        assert "bethan" in last_letter(world, session, case)
        later = world.on(date(2026, 12, 7))
        service.update(session, world[name], case, Words("Holwyd y rheolwr"), sent(), lang=Locale.CY, desk=later)
        assert case.state == "progress"
        assert session.get_one(Complaint, case.id).told_on == date(2026, 12, 7)
        assert session.get_one(Complaint, case.id).introduced_on == date(2026, 11, 23)


def test_who_is_asked_sees_the_question_alone_and_answers_once(world: World) -> None:
    with world.database.writing() as session:
        case, name = begun(world, session)
        helen = get_person(session, world["helen"].person_id)
        made = enquiring.ask_person(
            session, world[name], case, helen, Words("Beth welodd y rota?"), date(2026, 11, 27), ids.new_id(),
            desk=world.desk,
        )  # fmt: skip
        with pytest.raises(NotFound):
            enquiring.answer(session, world["gwen"], made, Words("x"), desk=world.desk)
        enquiring.answer(session, world["helen"], made, Words("Y sgôr"), desk=world.desk)
        with pytest.raises(Refused):
            enquiring.answer(session, world["helen"], made, Words("arall"), desk=world.desk)
        assert made in list_enquiries(session, case)
        assert open_words(made, "answer", world.settings.vault).reveal() == "Y sgôr"
        sian = get_person(session, world["sian"].person_id)
        with pytest.raises(Refused):
            enquiring.ask_person(
                session, world[name], case, sian, Words("?"), date(2026, 11, 27), ids.new_id(), desk=world.desk
            )


def test_who_handled_the_matter_may_be_asked_but_not_whom_the_person_keeps_away(world: World) -> None:
    with world.database.writing() as session:
        case, name = begun(world, session, excluded=(world["helen"].person_id,))
        rhodri, helen = (get_person(session, world[one].person_id) for one in ("rhodri", "helen"))
        day = date(2026, 11, 27)
        enquiring.ask_person(session, world[name], case, rhodri, Words("?"), day, ids.new_id(), desk=world.desk)
        with pytest.raises(Refused):
            enquiring.ask_person(session, world[name], case, helen, Words("?"), day, ids.new_id(), desk=world.desk)


def test_the_outcome_goes_out_with_reasons_what_is_put_right_and_the_routes(world: World) -> None:
    with world.database.writing() as session:
        case, name = begun(world, session)
        helen = get_person(session, world["helen"].person_id)
        deciding.plan_remedy(
            session, world[name], case, Words("Dileu’r sgôr"), helen, date(2026, 12, 31), ids.new_id(), desk=world.desk
        )
        assert list_remedies(session, case)[0].given_at is None
        decide(world, session, case, desk=world.on(date(2026, 12, 10)))
        assert case.state == "remedy" and not case.is_open and case.finished_on == date(2026, 12, 10)
        letter = last_letter(world, session, case)
        for part in ("Nid oedd sail", "Dileu’r sgôr", "31 Rhagfyr 2026", "ico.org.uk", "165", "167"):
            assert part in letter, part
        remedy = list_remedies(session, case)[0]
        deciding.finish_remedy(session, world["helen"], remedy, Words("Wedi’i ddileu"), desk=world.desk)
        with pytest.raises(Refused):
            deciding.finish_remedy(session, world["helen"], remedy, Words("eto"), desk=world.desk)
        assert "complaint_task" in set(session.scalars(select(OutboxLetter.template)))
        with pytest.raises(Refused):
            decide(world, session, case)


def test_an_outcome_before_any_acknowledgement_is_one(world: World) -> None:
    with world.database.writing() as session:
        case = world.complain(session, world["bethan"], channel="phone", requester_person_id=None, name=Words("P"))
        name = handler_of(session, case)
        assert name is not None and session.get_one(Complaint, case.id).acknowledged_on is None
        decide(world, session, case, name)
        assert session.get_one(Complaint, case.id).acknowledged_on == world.desk.today


def test_about_the_office_a_second_person_signs_and_the_first_cannot(world: World) -> None:
    with world.database.writing() as session:
        world.name_alternates(session, "dafydd", "nia")
        case = world.complain(session, is_about_office=True)
        first = decide(world, session, case, "dafydd")
        assert case.is_open and find_sent(session, case) is None
        approve: dict[str, Any] = {"comment": Words(""), "desk": world.desk}
        with pytest.raises(Refused):
            deciding.sign(session, world["dafydd"], case, approves=True, sent=sent(), **approve)
        nia = get_person(session, world["nia"].person_id)
        service.ask_second(session, world["dafydd"], case, nia, desk=world.desk)
        comment: dict[str, Any] = {"comment": Words("Pam?"), "desk": world.desk}
        deciding.sign(session, world["nia"], case, approves=False, sent=sent(), **comment)
        assert case.is_open and first.is_approved is False  # type: ignore[attr-defined]
        decide(world, session, case, "dafydd", outcome=Outcome.UPHELD)
        deciding.sign(session, world["nia"], case, approves=True, sent=sent(), **approve)
        assert case.state == "outcome"
        lines = view_case(session, case, desk=world.desk, for_requester=True).timeline
        assert "Data protection team" not in {one.role.msgid for one in lines}  # nobody of it is among them
        assert not any("request" in one.said.msgid for one in lines)
        assert "Cadarnhawyd" in last_letter(world, session, case) or find_sent(session, case) is not None


def test_somebody_who_had_a_hand_in_the_matter_cannot_decide_even_if_that_came_later(world: World) -> None:
    with world.database.writing() as session:
        about = world.request(session)
        case = world.complain(session, about=(about.id,))
        name = handler_of(session, case) or ""
        cases.assign(
            session, world[name], about, get_person(session, world[name].person_id), Duty.HANDLER, desk=world.desk
        )
        with pytest.raises(Refused):
            decide(world, session, case, name)


def test_looking_again_is_for_somebody_else_and_counts_no_second_time(world: World) -> None:
    with world.database.writing() as session:
        case = world.complain(session)
        first = handler_of(session, case) or ""
        decide(world, session, case, first)
        again = world.on(date(2026, 12, 7))
        ending.reopen(session, world["sian"], case, Words("Nid yw’n iawn"), ids.new_id(), lang=Locale.CY, desk=again)
        assert case.is_open and case.state == "enquiring" and case.target_on == date(2027, 1, 7)
        other = handler_of(session, case) or ""
        assert other not in {"", first}
        with pytest.raises(Refused):
            decide(world, session, case, first, desk=again)
        decide(world, session, case, other, outcome=Outcome.UPHELD, desk=again)
        assert [one.outcome for one in session.scalars(select(ComplaintFigure))] == ["partly_upheld"]
        assert list_sent(session, case) == [(Outcome.UPHELD, date(2026, 12, 7)), (Outcome.PARTLY, date(2026, 11, 23))]
    with world.database.writing() as session:
        case = session.get_one(Case, case.id)
        with pytest.raises(Refused):
            ending.reopen(
                session, world["sian"], case, Words("x"), ids.new_id(), lang=Locale.CY, desk=world.on(date(2027, 4, 1))
            )


def test_taking_back_is_undone_within_seven_days_and_the_time_ran_on(world: World) -> None:
    with world.database.writing() as session:
        case, name = begun(world, session)
        before = case.due_on
        with pytest.raises(NotAllowed):
            ending.withdraw(session, world[name], case, desk=world.desk)
        ending.withdraw(session, world["sian"], case, desk=world.desk)
        assert not case.is_open
        with pytest.raises(Refused):
            ending.undo_withdrawal(session, world["sian"], case, desk=world.on(date(2026, 12, 1)))
        ending.undo_withdrawal(session, world["sian"], case, desk=world.on(date(2026, 11, 30)))
        assert case.is_open and case.state == "enquiring" and case.due_on == before


def test_at_the_ico_the_work_goes_on_and_the_complaint_comes_back_where_it_stood(world: World) -> None:
    with world.database.writing() as session:
        case, name = begun(world, session)
        by = world[name]
        ending.to_regulator(session, by, case, sent(), on=world.desk.today, reference="IC-1", desk=world.desk)
        assert case.state == "regulator" and case.is_open
        asked = ending.IcoRequest(world.desk.today, date(2026, 12, 4), Words("Copi o’r ateb"))
        ending.add_request(session, by, case, asked, sent(), desk=world.desk)
        service.update(session, by, case, Words("…"), sent(), lang=Locale.CY, desk=world.desk)
        assert case.state == "regulator"
        with pytest.raises(Refused):
            ending.to_regulator(session, by, case, sent(), on=world.desk.today, reference="", desk=world.desk)
        result = Words("Dim camau pellach")
        ending.regulator_ended(session, by, case, result, sent(), on=world.desk.today, desk=world.desk)
        assert case.state == "enquiring"
        decide(world, session, case)
        ending.to_regulator(session, world["sian"], case, sent(), on=world.desk.today, reference="", desk=world.desk)
        assert case.state == "regulator" and not case.is_open
        ending.regulator_ended(session, by, case, result, sent(), on=world.desk.today, desk=world.desk)
        assert case.state == "outcome"


def test_a_hand_over_is_only_to_somebody_apart(world: World) -> None:
    with world.database.writing() as session:
        case, name = begun(world, session)
        rhodri = get_person(session, world["rhodri"].person_id)
        with pytest.raises(Refused):
            service.hand_over(session, world[name], case, rhodri, desk=world.desk)
        assert replace(world.desk, now=MONDAY) == world.desk
