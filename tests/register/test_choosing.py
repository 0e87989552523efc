"""Four questions, and gentle ways back."""

from dataclasses import replace
from datetime import date

import pytest

from portal.core.text import Bilingual
from portal.directory.rules import EngagementKind
from portal.register.choosing import NOT_LISTED, Choice, Facts, Named, Question, next_question, work_of

BODY = Named("b", "glannau-ogwen", Bilingual("B", "B"))
WARD = Named("w", "ward-alaw", Bilingual("W", "W"))
NURSING = Named("n", "nursing", Bilingual("N", "N"))
FULL = Choice("glannau-ogwen", "ward-alaw", "nursing", "employee")
KNOWN = Facts(BODY, (WARD,), NURSING)


def test_a_full_and_known_choice_needs_no_question() -> None:
    assert next_question(FULL, KNOWN) is None


@pytest.mark.parametrize(
    ("choice", "facts", "question"),
    [
        (Choice(), Facts(), Question.EMPLOYER),
        (Choice("glannau-ogwen"), Facts(BODY), Question.WORKPLACE),
        (Choice("glannau-ogwen", "ward-alaw"), Facts(BODY, (WARD,)), Question.STAFF_GROUP),
        (Choice("glannau-ogwen", "ward-alaw", "nursing"), KNOWN, Question.KIND),
    ],
)
def test_the_questions_come_one_after_another(choice: Choice, facts: Facts, question: Question) -> None:
    asked = next_question(choice, facts)
    assert asked is not None and asked.question is question
    assert not asked.is_unknown and not asked.is_unanswered


def test_an_unknown_answer_is_asked_again_and_said_so() -> None:
    asked = next_question(replace(FULL, workplace="nowhere"), Facts(BODY, (), NURSING))
    assert asked is not None and asked.question is Question.WORKPLACE and asked.is_unknown


def test_a_form_sent_empty_is_told_from_a_page_opened_first() -> None:
    asked = next_question(Choice("glannau-ogwen", asked="workplace"), Facts(BODY))
    assert asked is not None and asked.is_unanswered


def test_an_unknown_kind_of_contract_is_asked_again() -> None:
    asked = next_question(replace(FULL, kind="knight"), KNOWN)
    assert asked is not None and asked.question is Question.KIND and asked.is_unknown


def test_not_listed_is_an_answer() -> None:
    choice = replace(FULL, workplace=NOT_LISTED, staff_group=NOT_LISTED)
    facts = Facts(BODY)
    assert next_question(choice, facts) is None
    work = work_of(choice, facts, on=date(2026, 11, 22))
    assert (work.places, work.staff_group_id, work.kind) == ((), None, EngagementKind.EMPLOYEE)


def test_taking_the_employer_back_takes_its_workplace_and_group_back() -> None:
    assert FULL.without(Question.EMPLOYER).pairs() == [("kind", "employee")]
    assert dict(FULL.without(Question.WORKPLACE).pairs()) == {
        "employer": "glannau-ogwen",
        "staff_group": "nursing",
        "kind": "employee",
    }
