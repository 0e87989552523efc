"""A case as the pages show it."""

from datetime import date

from portal.cases.correspondence import Writing, ask, reply, write_note
from portal.cases.rules import CaseKind, Relation
from portal.cases.service import take_step
from portal.cases.status import status_of
from portal.cases.view import ROLES, view_case
from portal.core import ids
from portal.core.text import Locale, Words
from tests.cases.conftest import STEPS, World


def written(text: str) -> Writing:
    return Writing(ids.new_id(), Words(text), Locale.CY)


def test_the_requester_sees_the_question_the_reasons_and_no_notes(world: World) -> None:
    with world.database.writing() as session:
        case, rhodri = world.request(session), world["rhodri"]
        take_step(session, rhodri, case, STEPS["start"], desk=world.desk)
        take_step(session, rhodri, case, STEPS["whisper"], desk=world.desk)
        write_note(session, rhodri, case, written("Mewnol"), desk=world.desk)
        ask(session, rhodri, case, written("Pa flwyddyn?"), desk=world.desk, asks_clarification=True)
        mine = view_case(session, case, desk=world.desk, for_requester=True)
        theirs = view_case(session, case, desk=world.desk, for_requester=False)
    assert [entry.said.msgid for entry in mine.timeline] == [
        "A question was asked",
        "The work began",
        "The request came in",
    ]
    assert len(theirs.timeline) == 5
    question = mine.open_questions[0]
    assert (question.words.reveal(), question.lang, question.stops_clock) == ("Pa flwyddyn?", Locale.CY, True)
    assert mine.timeline[0].words is not None
    assert mine.timeline[0].words.reveal() == "Pa flwyddyn?"
    assert mine.status.msgid == "Waiting for your answer"
    assert mine.why[0].values == {"date": date(2026, 11, 23)}
    assert (mine.received_on, mine.due_on, mine.target_on) == (
        date(2026, 11, 23),
        date(2026, 12, 23),
        date(2026, 12, 21),
    )
    assert (mine.days_left, mine.is_late, mine.is_open) == (30, False, True)


def test_an_answer_is_shown_with_its_words_and_language(world: World) -> None:
    with world.database.writing() as session:
        case = world.review(session)
        ask(session, world["rhodri"], case, written("Pryd?"), desk=world.desk, asks_clarification=True)
        assert not view_case(session, case, desk=world.desk, for_requester=True).open_questions[0].stops_clock
        reply(session, Relation.REQUESTER, case, written("Ddoe"), desk=world.desk)
        view = view_case(session, case, desk=world.desk, for_requester=True)
    assert view.kind is CaseKind.REVIEW
    assert view.open_questions == ()
    assert view.timeline[0].words is not None
    assert view.timeline[0].words.reveal() == "Ddoe"
    assert view.timeline[0].role == ROLES[Relation.REQUESTER]


def test_a_finished_case_asks_nothing_more(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        ask(session, world["rhodri"], case, written("Pryd?"), desk=world.desk)
        take_step(session, world["sian"], case, STEPS["withdraw"], desk=world.desk)
        view = view_case(session, case, desk=world.desk, for_requester=True)
    assert view.open_questions == ()
    assert view.status.msgid == "Withdrawn"


def test_a_state_without_a_word_of_its_own_is_in_progress() -> None:
    assert status_of("redacting", has_question=False).msgid == "In progress"
    assert status_of("received", has_question=False).msgid == "Received"
