"""The step table: every state against every step, who may take which, and what falls due."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from portal.register.lifecycle.falling_due import Due, Watched, confirm_due_on, due, is_lesson, overdue_since
from portal.register.lifecycle.rules import (
    BY_NAME,
    LABELS,
    PORTAL_STEPS,
    STEPS,
    Cause,
    Role,
    allowed,
)
from portal.register.lifecycle.view import NEXT
from portal.register.rules import IN_USE, SystemState
from portal.register.words import words

S = SystemState
TODAY = date(2026, 11, 22)
ALL = frozenset(Role)

TABLE = {
    S.REPORTED: "propose dismiss",
    S.PROPOSED: "check_readiness reject go_live_emergency",
    S.READINESS: "open_consultation reject go_live_emergency",
    S.IN_CONSULTATION: "extend_consultation close_consultation reject go_live_emergency",
    S.ASSESSMENT: "approve reject go_live_emergency",
    S.REJECTED: "",
    S.APPROVED: "reject build_or_buy start_trial go_live go_live_emergency",
    S.BUILD_OR_BUY: "reject start_trial go_live_emergency",
    S.PILOT: "set_last_day go_live go_live_emergency suspend retire",
    S.EMERGENCY: "go_live suspend retire",
    S.LIVE: "propose_change open_review suspend retire",
    S.CHANGE_PROPOSED: "adopt_change drop_change suspend",
    S.UNDER_REVIEW: "close_review suspend retire",
    S.SUSPENDED: "resume retire_suspended",
    S.RETIRING: "suspend finish_retiring",
    S.RETIRED: "",
}
LEADS_TO = {
    "propose": S.PROPOSED,
    "dismiss": S.REJECTED,
    "check_readiness": S.READINESS,
    "open_consultation": S.IN_CONSULTATION,
    "extend_consultation": S.IN_CONSULTATION,
    "close_consultation": S.ASSESSMENT,
    "approve": S.APPROVED,
    "reject": S.REJECTED,
    "build_or_buy": S.BUILD_OR_BUY,
    "start_trial": S.PILOT,
    "set_last_day": S.PILOT,
    "go_live": S.LIVE,
    "go_live_emergency": S.EMERGENCY,
    "propose_change": S.CHANGE_PROPOSED,
    "adopt_change": S.LIVE,
    "drop_change": S.LIVE,
    "open_review": S.UNDER_REVIEW,
    "close_review": S.LIVE,
    "suspend": S.SUSPENDED,
    "resume": S.LIVE,
    "retire": S.RETIRING,
    "retire_suspended": S.RETIRED,
    "finish_retiring": S.RETIRED,
}
OF_ROLE = {
    Role.EDITOR: "propose dismiss check_readiness build_or_buy propose_change drop_change",
    Role.OFFICER: "approve go_live_emergency suspend",
    Role.UNION: "extend_consultation open_review",
    Role.OFF_SWITCH: "suspend",
    Role.PORTAL: "",
}


def test_the_table_has_every_state_and_every_step() -> None:
    assert set(TABLE) == set(SystemState) == set(NEXT)
    assert set(LEADS_TO) == set(BY_NAME) == set(LABELS) and len(BY_NAME) == len(STEPS)
    assert all(words(state) for state in SystemState)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
@pytest.mark.parametrize("state", SystemState)
def test_every_step_starts_where_the_table_says_and_nowhere_else(state: SystemState, step: object) -> None:
    name = step.name  # type: ignore[attr-defined]
    assert (BY_NAME[name] in allowed(state, ALL)) == (name in TABLE[state].split())
    assert BY_NAME[name].to is LEADS_TO[name]


@pytest.mark.parametrize("role", OF_ROLE)
def test_a_role_may_take_its_own_steps_only(role: Role) -> None:
    offered = {step.name for state in SystemState for step in allowed(state, frozenset({role}))}
    assert offered == set(OF_ROLE[role].split())


def test_the_responsible_manager_takes_every_other_step() -> None:
    offered = {step.name for state in SystemState for step in allowed(state, frozenset({Role.MANAGER}))}
    not_theirs = {"propose", "dismiss", "check_readiness", "build_or_buy", "propose_change", "extend_consultation"}
    assert offered == set(BY_NAME) - not_theirs


def test_somebody_without_a_role_is_offered_nothing() -> None:
    assert [allowed(state, frozenset()) for state in SystemState] == [()] * len(SystemState)


def test_the_plug_can_be_pulled_wherever_people_are_affected() -> None:
    assert BY_NAME["suspend"].froms == IN_USE


def test_ordinary_use_is_reached_past_a_check_or_from_what_had_passed_one() -> None:
    into_use = [step for step in STEPS if step.to is S.LIVE]
    unchecked = {step.name for step in into_use if step.check.value == "none"}
    assert unchecked == {"drop_change"}
    assert all(BY_NAME[name].froms <= IN_USE - {S.PILOT, S.EMERGENCY} for name in unchecked)


def test_what_two_sign_is_signed_by_the_manager_and_the_data_protection_officer() -> None:
    signed = {step.name: step.signed_by for step in STEPS if step.signed_by}
    assert signed == {name: frozenset({Role.MANAGER, Role.OFFICER}) for name in ("approve", "go_live_emergency")}


def test_nothing_leads_out_of_the_emergency_into_another_one() -> None:
    assert S.EMERGENCY not in BY_NAME["go_live_emergency"].froms
    assert S.SUSPENDED not in BY_NAME["go_live_emergency"].froms


def test_the_portal_takes_only_steps_that_start_there() -> None:
    assert all(froms <= BY_NAME[name].froms for name, froms in PORTAL_STEPS.items())


def watched(state: SystemState, **given: Any) -> Watched:
    quiet = Watched(state, TODAY - timedelta(days=9), None, None, TODAY - timedelta(days=9))
    return replace(quiet, **given)


@pytest.mark.parametrize(
    ("state", "given", "expected"),
    [
        (S.LIVE, {}, []),
        (S.PILOT, {"state_until": TODAY}, []),
        (S.PILOT, {"state_until": TODAY - timedelta(days=1)}, [(Due.SUSPEND, Cause.TRIAL_ENDED)]),
        (S.EMERGENCY, {"state_until": TODAY - timedelta(days=1)}, [(Due.SUSPEND, Cause.EMERGENCY_ENDED)]),
        (S.EMERGENCY, {"state_since": TODAY - timedelta(days=28)}, []),
        (S.EMERGENCY, {"state_since": TODAY - timedelta(days=29)}, [(Due.SUSPEND, Cause.EMERGENCY_ENDED)]),
        (S.PILOT, {}, [(Due.LAST_DAY, None)]),
        (S.PILOT, {"asked_on": TODAY - timedelta(days=27)}, [(Due.LAST_DAY, None)]),
        (S.PILOT, {"asked_on": TODAY - timedelta(days=28)}, [(Due.SUSPEND, Cause.NO_LAST_DAY)]),
        (S.UNDER_REVIEW, {"state_until": TODAY}, []),
        (S.UNDER_REVIEW, {"state_until": TODAY - timedelta(days=1)}, [(Due.REVIEW_LATE, None)]),
        (S.UNDER_REVIEW, {"state_since": TODAY - timedelta(days=29)}, [(Due.REVIEW_LATE, None)]),
        (S.IN_CONSULTATION, {"state_until": TODAY - timedelta(days=1)}, []),
        (S.LIVE, {"review_due_on": TODAY}, []),
        (S.LIVE, {"review_due_on": TODAY - timedelta(days=1)}, [(Due.REVIEW, Cause.REVIEW_DUE)]),
        (S.UNDER_REVIEW, {"review_due_on": TODAY - timedelta(days=1)}, []),
        (S.LIVE, {"unmanaged_since": TODAY - timedelta(days=5)}, []),
        (S.LIVE, {"unmanaged_since": TODAY - timedelta(days=6)}, [(Due.REVIEW, Cause.NO_MANAGER)]),
        (
            S.PILOT,
            {"state_until": TODAY, "unmanaged_since": TODAY - timedelta(days=6)},
            [(Due.UNMANAGED, Cause.NO_MANAGER)],
        ),
        (S.PROPOSED, {"unmanaged_since": TODAY - timedelta(days=60)}, []),
        (S.SUSPENDED, {}, [(Due.SUSPENDED_STILL, None)]),
        (S.SUSPENDED, {"state_since": TODAY}, []),
        (S.LIVE, {"confirmed_on": date(2026, 8, 22)}, []),
        (S.LIVE, {"confirmed_on": date(2026, 8, 21)}, [(Due.CONFIRM, None)]),
        (S.LIVE, {"confirmed_on": None, "state_since": date(2026, 8, 21)}, [(Due.CONFIRM, None)]),
        (S.RETIRED, {"confirmed_on": date(2020, 1, 1)}, []),
    ],
)
def test_what_falls_due(state: SystemState, given: dict[str, date], expected: list[object]) -> None:
    assert list(due(watched(state, **given), today=TODAY)) == expected


def test_a_quarter_is_three_months_to_the_day() -> None:
    assert confirm_due_on(date(2026, 11, 30), TODAY) == date(2027, 2, 28)
    assert confirm_due_on(None, date(2026, 8, 22)) == date(2026, 11, 22)


@pytest.mark.parametrize("state", SystemState)
def test_an_overdue_check_shows_while_a_system_is_in_use_or_switched_off(state: SystemState) -> None:
    shown = overdue_since(state, date(2026, 11, 1), today=TODAY)
    assert (shown is not None) == (state in IN_USE | {S.SUSPENDED})
    assert overdue_since(S.LIVE, TODAY, today=TODAY) is None and overdue_since(S.LIVE, None, today=TODAY) is None


@pytest.mark.parametrize(
    ("days_ago", "reviewed", "expected"),
    [
        ((1, 2), None, False),
        ((1, 2, 3), None, True),
        ((1, 2, 400), None, False),
        ((1, 2, 364), None, True),
        ((1, 2, 3), 3, False),
        ((1, 2, 3), 4, True),
        ((0, 0, 0), None, True),
        ((), None, False),
    ],
)
def test_three_within_a_year_and_since_the_last_review_are_a_lesson(
    days_ago: tuple[int, ...], reviewed: int | None, expected: bool
) -> None:
    days = [TODAY - timedelta(days=ago) for ago in days_ago]
    reviewed_on = None if reviewed is None else TODAY - timedelta(days=reviewed)
    assert is_lesson(days, reviewed_on=reviewed_on, today=TODAY) is expected
