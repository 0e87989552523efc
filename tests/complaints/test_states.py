"""Every verb in every state: what a complaint does not take any more, the verb itself refuses and says what to do."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.models import Case
from portal.cases.rules import Duty, Relation
from portal.complaints import deciding, ending, enquiring, service
from portal.complaints.acts import ACTS, offers
from portal.complaints.models import ComplaintRemedy, Enquiry
from portal.complaints.queries import list_enquiries, list_remedies
from portal.complaints.rules import Outcome, State, Theme
from portal.complaints.service import Paper
from portal.complaints.showing import read_standing
from portal.complaints.steps import ANY, ENDS_WITH_OUTCOME, LIVING, VERBS, takes, why_not
from portal.core import ids
from portal.core.errors import Refused
from portal.core.text import Locale, Words
from portal.directory.queries import get_person
from tests.complaints.conftest import World, handler_of, sent
from tests.complaints.test_pages import carried, opened, sign_in, sign_in_again
from tests.visitors import Visitor

AHEAD = date(2026, 12, 18)
Verb = Callable[[Session, World, Case], Any]


def letter(name: str) -> Verb:
    def write(session: Session, world: World, case: Case) -> Any:
        more = {"on": world.desk.today} if name == "reply" else {}
        verb = getattr(service, name)
        return verb(session, world["bethan"], case, Words("x"), sent(), lang=Locale.CY, desk=world.desk, **more)

    return write


def acknowledge(session: Session, world: World, case: Case) -> Any:
    service.acknowledge(session, world["bethan"], case, sent(), on=world.desk.today, desk=world.desk)


def enquire(session: Session, world: World, case: Case) -> Any:
    helen = get_person(session, world["helen"].person_id)
    enquiring.ask_person(
        session, world["bethan"], case, helen, Words("?"), AHEAD, ids.new_id(), desk=world.desk
    )  # fmt: skip


def plan(session: Session, world: World, case: Case) -> ComplaintRemedy:
    helen = get_person(session, world["helen"].person_id)
    return deciding.plan_remedy(
        session, world["bethan"], case, Words("w"), helen, AHEAD, ids.new_id(), desk=world.desk
    )  # fmt: skip


def drop(session: Session, world: World, case: Case) -> Any:
    planned = next(one for one in list_remedies(session, case) if one.given_at is None)
    deciding.drop_remedy(session, world["bethan"], case, planned.id, desk=world.desk)


def finish(session: Session, world: World, case: Case) -> Any:
    given = next(one for one in list_remedies(session, case) if one.given_at is not None)
    deciding.finish_remedy(session, world["helen"], given, Words("d"), desk=world.desk)


def answer(session: Session, world: World, case: Case) -> Any:
    asked: Enquiry = next(one for one in list_enquiries(session, case) if one.asked_by is not None)
    enquiring.answer(session, world["helen"], asked, Words("a"), desk=world.desk)


def decide(session: Session, world: World, case: Case) -> Any:
    by, reasons = world["bethan"], Words("r")
    return deciding.decide(session, by, case, Outcome.UPHELD, Theme.OTHER, reasons, sent(), desk=world.desk)


def sign(session: Session, world: World, case: Case) -> Any:
    deciding.sign(session, world["bethan"], case, approves=True, comment=Words(""), sent=sent(), desk=world.desk)


def second(session: Session, world: World, case: Case) -> Any:
    service.ask_second(session, world["bethan"], case, get_person(session, world["rhodri"].person_id), desk=world.desk)


def hand_over(session: Session, world: World, case: Case) -> Any:
    service.hand_over(session, world["bethan"], case, get_person(session, world["rhodri"].person_id), desk=world.desk)


def keep(by: str | Relation) -> Verb:
    def file(session: Session, world: World, case: Case) -> Any:
        paper = Paper(ids.new_id(), ids.new_id(), Words("n"), "text/plain", 1)
        who = by if isinstance(by, Relation) else world[by]
        return service.keep_file(session, who, case, paper, desk=world.desk)

    return file


TRIED: tuple[tuple[str, Verb], ...] = (
    *((name, letter(name)) for name in ("introduce", "update", "ask", "write", "reply", "note")),
    ("acknowledge", acknowledge),
    ("enquire", enquire),
    ("answer", answer),
    ("remedy", plan),
    ("remedy", drop),
    ("finish", finish),
    ("decide", decide),
    ("sign", sign),
    ("second", second),
    ("hand-over", hand_over),
    ("file", keep("bethan")),
    ("file", keep("sian")),
    ("file", keep(Relation.REQUESTER)),
)
STANDINGS = [*((state, state in LIVING and state in VERBS["decide"]) for state in State), (State.REGULATOR, False)]


def prepared(world: World, session: Session) -> Case:
    """In the hands of Bethan: with a question, a plan, a task, and an outcome that waits for a second person."""
    case = world.complain(session)
    bethan = get_person(session, world["bethan"].person_id)
    cases.assign(session, Relation.PORTAL, case, bethan, Duty.HANDLER, desk=world.desk)
    enquire(session, world, case)
    plan(session, world, case).given_at = world.desk.now
    plan(session, world, case)
    session.flush()
    return case


def stand(session: Session, case: Case, state: State, *, is_open: bool, day: date) -> None:
    finished = None if is_open else day
    session.execute(update(Case).where(Case.id == case.id).values(state=state, is_open=is_open, finished_on=finished))
    session.refresh(case)


@pytest.mark.parametrize(("state", "is_open"), STANDINGS)
def test_every_verb_refuses_in_every_state_that_the_table_does_not_name(
    world: World, state: State, is_open: bool
) -> None:
    with world.database.writing() as session:
        case = prepared(world, session)
        for name, verb in TRIED:
            stand(session, case, state, is_open=is_open, day=world.desk.today)
            if takes(name, state, is_open=is_open):
                continue
            before = (case.version, case.event_count)
            with pytest.raises(Refused) as refusal, session.begin_nested():
                verb(session, world, case)
            assert refusal.value.message == why_not(name, state, case.finished_on, world.desk.today), name
            session.refresh(case)
            assert (case.version, case.event_count) == before, name


def test_the_table_names_every_act_and_a_closed_complaint_takes_nothing_but_keeping_and_the_ico() -> None:
    assert {name for name, _verb in TRIED} == set(VERBS)
    without_end = {"hold", "ico", "ico-reference", "ico-asked", "ico-ended"}
    assert set(ACTS) - without_end <= set(VERBS)
    assert [name for name, froms in VERBS.items() if State.CLOSED in froms] == []
    assert {"decide", "ask", "introduce", "update", "enquire", "second", "sign", "reply"} <= ENDS_WITH_OUTCOME
    assert all(froms <= ANY for froms in VERBS.values())


@pytest.mark.parametrize(("state", "is_open"), STANDINGS)
def test_nothing_is_offered_that_its_verb_would_refuse(world: World, state: State, is_open: bool) -> None:
    with world.database.writing() as session:
        case = prepared(world, session)
        stand(session, case, state, is_open=is_open, day=world.desk.today)
        offered = {act.name for act in offers(read_standing(session, case, world["bethan"], world.desk))}
        assert {name for name in offered if name in VERBS and not takes(name, state, is_open=is_open)} == set()
        assert ("update" in offered) == (state in VERBS["update"] and is_open)
        assert ("note" in offered) == (state in LIVING)


def test_what_the_ico_wants_put_right_of_a_closed_complaint_is_done_before_it_closes_again(world: World) -> None:
    with world.database.writing() as session:
        case = world.complain(session)
        by = world[handler_of(session, case) or ""]
        deciding.decide(session, by, case, Outcome.UPHELD, Theme.OTHER, Words("r"), sent(), desk=world.desk)
        stand(session, case, State.CLOSED, is_open=False, day=world.desk.today)
        day = world.desk.today
        ending.to_regulator(session, world["sian"], case, sent(), on=day, reference="", desk=world.desk)
        helen = get_person(session, world["helen"].person_id)
        made = deciding.plan_remedy(session, by, case, Words("w"), helen, AHEAD, ids.new_id(), desk=world.desk)
        assert made.given_at is not None
        ending.set_reference(session, by, case, "IC-12", sent(), desk=world.desk)
        ending.regulator_ended(session, by, case, Words("Dim"), sent(), on=day, desk=world.desk)
        assert case.state == State.REMEDY
        deciding.finish_remedy(session, world["helen"], made, Words("d"), desk=world.desk)


def test_who_was_asked_hears_that_no_answer_is_needed_and_not_how_it_ended(world: World, visitor: Visitor) -> None:
    with world.database.writing() as session:
        case = world.complain(session, excluded=(world["rhodri"].person_id,))
        enquire(session, world, case)
        asked = next(one.id for one in list_enquiries(session, case) if one.asked_by is not None)
    sign_in(visitor, "helen")
    assert "What I am asked in complaints: 1" in visitor.get("/en/my").text
    visitor.get(f"/en/my/enquiries/{asked}")
    with world.database.writing() as session:
        decide(session, world, world.case(session, "bethan", case.reference))
    page = visitor.post(f"/en/my/enquiries/{asked}", {**carried(visitor), "answer": "Y sgôr"})
    assert page.status_code == 422 and "Y sgôr" in page.text and "outcome" not in page.text
    assert "What I am asked in complaints: 0" in visitor.get("/en/my").text
    assert "Not needed any more" in visitor.get("/en/my/enquiries").text
    assert "You need not answer" in visitor.get(f"/en/my/enquiries/{asked}").text


def test_each_form_that_is_posted_to_a_closed_complaint_comes_back_with_what_was_typed(
    world: World, visitor: Visitor
) -> None:
    reference, name = opened(world)
    sign_in(visitor, name)
    colleague = world["bethan" if name == "rhodri" else "rhodri"].person_id
    here = f"/en/my/desk/complaints/{reference}"
    visitor.get(f"{here}/write")
    hidden = carried(visitor)
    with world.database.writing() as session:
        case = world.case(session, name, reference)
        stand(session, case, State.CLOSED, is_open=False, day=world.desk.today)
        before = case.event_count
    typed: Mapping[str, str] = {
        "lang": "cy", "words": "Gair a ysgrifennwyd", "person": "helen@taran.example", "due-day": "18",
        "due-month": "12", "due-year": "2026", "on-day": "23", "on-month": "11", "on-year": "2026", "theme": "other",
        "outcome": "upheld", "approves": "no", "colleague": colleague,
    }  # fmt: skip
    for act in set(ACTS) & set(VERBS):
        page = visitor.post(f"{here}/{act}", {**hidden, "form_id": ids.new_id(), **typed})
        assert page.status_code == 422, act
        assert "Somebody has changed this request" in page.text or "Begin a new complaint" in page.text, act
        assert "words" not in ACTS[act].fields or "Gair a ysgrifennwyd" in page.text, act
    token = {"csrf": hidden["csrf"]}
    files = {"file": ("rota.txt", b"Dydd Llun", "text/plain")}
    page = visitor.client.post(f"{here}/files", data=token, files=files)
    assert "Begin a new complaint" in page.text
    sign_in_again(visitor, "sian")
    own = f"/en/my/cases/{reference}"
    visitor.get(own)
    page = visitor.post(f"{own}/reply", {**carried(visitor), "reply": "Gair arall"})
    assert page.status_code == 422 and "begin a new complaint" in page.text and "Gair arall" in page.text
    page = visitor.client.post(
        f"/en/my/complaint/{reference}/file", data={"csrf": carried(visitor)["csrf"]}, files=files
    )
    assert "Begin a new complaint" in page.text
    with world.database.reading() as session:
        assert session.get_one(Case, case.id).event_count == before
