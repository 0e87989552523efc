"""The gates as a table: one thing missing at a time, each told, and nothing gets past."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from portal.core.text import Bilingual
from portal.register.lifecycle.gate import ASSESSMENTS, gate, missing
from portal.register.lifecycle.gate_facts import Facts, Question, Trained, UnionFacts
from portal.register.lifecycle.rules import Check
from portal.register.rules import AssessmentKind

TODAY = date(2026, 11, 22)
UNISON = UnionFacts(Bilingual("UNISON Cangen", "UNISON Branch"), has_answered=True)
READY = Facts(
    today=TODAY,
    is_published=True,
    is_described=True,
    answered=frozenset(Question),
    has_manager=True,
    has_deputy=True,
    reviewers=2,
    decision_points=1,
    data_items=1,
    done_until={kind: TODAY for kind in ASSESSMENTS},
    unions=(UNISON,),
    trained=dict.fromkeys(Trained, 90),
    has_jobs_statement=True,
    notice_on=TODAY - timedelta(days=14),
    has_off_switch=True,
    was_in_use=True,
    changed_on=TODAY - timedelta(days=14),
)

LACKS: list[tuple[dict[str, Any], str]] = [
    ({"is_published": False}, "not published"),
    ({"unapproved": {"cy": 1}}, "Welsh"),
    ({"unapproved": {"en": 3}}, "English"),
    ({"answered": frozenset(Question) - {Question.NEEDED}}, "why it is needed"),
    ({"answered": frozenset(Question) - {Question.ALTERNATIVES}}, "what else was considered"),
    ({"answered": frozenset(Question) - {Question.READY}}, "whether the organisation is ready"),
    ({"answered": frozenset(Question) - {Question.SECURE}}, "whether it is secure"),
    ({"has_manager": False}, "responsible manager"),
    ({"has_deputy": False}, "deputy"),
    ({"reviewers": 1}, "At least two reviewers"),
    ({"reviewers": 0}, "At least two reviewers"),
    ({"decision_points": 0}, "no decision point"),
    ({"data_items": 0}, "no item of data"),
    ({"without_searcher": (Bilingual("Oriau", "Hours"),)}, "search for this item"),
    ({"lacking": 2}, "lacks"),
    *[
        ({"done_until": {one: TODAY for one in ASSESSMENTS if one is not kind}}, "has not been made")
        for kind in ASSESSMENTS
    ],
    ({"done_until": {**READY.done_until, AssessmentKind.DPIA: TODAY - timedelta(days=1)}}, "out of date"),
    ({"unions": (replace(UNISON, has_answered=False),)}, "has not been asked"),
    ({"unions": (replace(UNISON, has_answered=False, says_not_asked=True),)}, "says that it was not asked"),
    ({"unions": (), "is_staff_asked": False}, "recognises no union branch"),
    ({"contracts_over": ("Cwmni",)}, "has passed"),
    ({"unmended_on": (TODAY,)}, "put right after the serious incident"),
    ({"is_endless": True}, "no last day"),
    ({"trained": {Trained.MANAGERS: 90, Trained.STAFF: 90}}, "how many union representatives"),
    ({"trained": {**READY.trained, Trained.MANAGERS: 89}}, "of managers have been trained"),
    ({"trained": {**READY.trained, Trained.STAFF: 0}}, "of the staff who use it"),
    ({"training_percent": 95}, "of managers have been trained"),
    ({"has_jobs_statement": False}, "jobs"),
    ({"suppliers_without_exit": ("Cwmni",)}, "contract ends"),
    ({"notice_on": None}, "Staff have not been told"),
    ({"notice_on": TODAY - timedelta(days=13)}, "The first day it can begin"),
    ({"begins_on": TODAY + timedelta(days=1)}, "The first day it can begin"),
    ({"has_off_switch": False}, "who can switch it off"),
]


def test_with_everything_there_the_way_is_open() -> None:
    assert gate(READY) == []


@pytest.mark.parametrize(("change", "said"), LACKS)
def test_one_thing_missing_is_told(change: dict[str, Any], said: str) -> None:
    found = gate(replace(READY, **change))
    assert found and all(said in f"{one.message.msgid} {one.message.plural}" for one in found[:1])


def test_nothing_at_all_there_is_told_in_full() -> None:
    assert len(gate(Facts(today=TODAY))) == 4 + 2 + 1 + 2 + 1 + 1 + len(ASSESSMENTS) + len(Trained) + 1 + 1 + 1


SILENT = replace(
    UNISON,
    has_answered=False,
    asked_on=TODAY - timedelta(days=40),
    answers_by=TODAY - timedelta(days=10),
    reminded_on=TODAY - timedelta(days=9),
    escalated_on=TODAY - timedelta(days=1),
)


def test_silence_counts_with_all_its_evidence() -> None:
    assert gate(replace(READY, unions=(SILENT,))) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"asked_on": None}, "has not been asked"),
        ({"answers_by": None}, "has not been asked"),
        ({"answers_by": TODAY}, "It can answer until"),
        ({"answers_by": TODAY + timedelta(days=3)}, "It can answer until"),
        ({"reminded_on": TODAY - timedelta(days=7)}, "It can answer until"),
        ({"reminded_on": None}, "silence is not agreement"),
        ({"escalated_on": None}, "silence is not agreement"),
        ({"says_not_asked": True}, "says that it was not asked"),
    ],
)
def test_silence_that_lacks_one_thing_does_not_count(change: dict[str, Any], said: str) -> None:
    [found] = gate(replace(READY, unions=(replace(SILENT, **change),)))
    assert said in found.message.msgid


def test_an_employer_that_recognises_no_branch_says_how_staff_were_asked() -> None:
    assert gate(replace(READY, unions=(), is_staff_asked=True)) == []


def test_an_assessment_that_never_has_to_be_made_again_stays_in_date() -> None:
    assert gate(replace(READY, done_until=dict.fromkeys(ASSESSMENTS, None))) == []


def test_a_trial_asks_for_the_notice_but_not_for_training_or_reviewers() -> None:
    early = replace(READY, trained={}, reviewers=0, has_jobs_statement=False)
    assert missing(Check.TRIAL, early) == []
    assert missing(Check.TRIAL, replace(early, notice_on=None))


def test_the_consultation_goes_on_until_its_last_day_unless_everybody_has_answered() -> None:
    talking = replace(READY, consultation_ends_on=TODAY)
    assert missing(Check.POSITIONS, talking) == []
    assert len(missing(Check.POSITIONS, replace(talking, unions=(SILENT,)))) == 1
    assert missing(Check.POSITIONS, replace(talking, unions=(SILENT,), today=TODAY + timedelta(days=1))) == []


def test_an_emergency_needs_a_page_that_staff_can_read_and_comes_once() -> None:
    bare = Facts(today=TODAY, is_published=True)
    assert missing(Check.EMERGENCY, bare) == []
    assert missing(Check.EMERGENCY, replace(bare, is_published=False))
    assert missing(Check.EMERGENCY, replace(bare, emergencies=1))


def test_what_never_passed_the_gate_passes_it_before_it_is_switched_on_again() -> None:
    bare = Facts(today=TODAY)
    assert missing(Check.RESUME, replace(bare, was_in_use=True)) == []
    assert missing(Check.RESUME, bare) == gate(bare)


@pytest.mark.parametrize("check", [Check.RESUME, Check.REVIEWED])
def test_nothing_goes_on_before_a_serious_incident_is_accounted_for(check: Check) -> None:
    assert len(missing(check, replace(READY, unmended_on=(TODAY, TODAY)))) == 2


def test_a_trial_that_has_a_last_day_is_not_given_another() -> None:
    assert missing(Check.ENDLESS, replace(READY, has_end=True)) and not missing(Check.ENDLESS, READY)


def test_a_material_change_is_published_a_fortnight_before_and_talked_over() -> None:
    assert missing(Check.CHANGE, replace(READY, changed_on=None))
    fresh = replace(READY, changed_on=TODAY)
    assert missing(Check.CHANGE, fresh) == []
    assert missing(Check.CHANGE, replace(fresh, is_material=True))
    silent = replace(READY, is_material=True, unions=(replace(UNISON, has_answered=False),))
    assert len(missing(Check.CHANGE, silent)) == 1
    assert missing(Check.CHANGE, replace(READY, is_material=True)) == []


@pytest.mark.parametrize("check", Check)
def test_every_check_has_its_items(check: Check) -> None:
    assert missing(check, READY) == []
