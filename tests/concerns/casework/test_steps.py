"""The whole table of a told concern: every state with every step, and every lane of a desk."""

from datetime import date

import pytest

from portal.concerns.casework.rules import ENDED, Lane, Side, ToldState, Waiting, lane_of
from portal.concerns.casework.steps import ANY, OPEN, STEPS, WORKED_ON, allowed, may_reopen

S, E, U = ToldState, Side.EMPLOYER, Side.UNION
BOTH = frozenset({E, U})
TABLE: dict[str, dict[ToldState, ToldState]] = {
    "take": {S.NEW: S.TRIAGE, S.REOPENED: S.TRIAGE},
    "harm_now": dict.fromkeys([S.TRIAGE, S.NEEDS_INFO, S.WITH_ACCOUNTABLE, S.JOINT_REVIEW], S.URGENT_SAFETY),
    "made_safe": {S.URGENT_SAFETY: S.TRIAGE},
    "ask": {S.TRIAGE: S.NEEDS_INFO},
    "answered": {S.NEEDS_INFO: S.TRIAGE},
    "route": {S.TRIAGE: S.WITH_ACCOUNTABLE},
    "decide": {S.TRIAGE: S.ACTION_AGREED},
    "invite_union": {S.WITH_ACCOUNTABLE: S.JOINT_REVIEW},
    "join": {S.WITH_ACCOUNTABLE: S.JOINT_REVIEW},
    "agree": {S.WITH_ACCOUNTABLE: S.ACTION_AGREED, S.JOINT_REVIEW: S.ACTION_AGREED},
    "tell": {S.ACTION_AGREED: S.OUTCOME_TOLD},
    "watch": {S.OUTCOME_TOLD: S.MONITORING},
    "close": {S.MONITORING: S.CLOSED},
    "reopen": dict.fromkeys([S.OUTCOME_TOLD, S.MONITORING, S.CLOSED, S.HANDED_OUT], S.REOPENED),
    "hand_out": dict.fromkeys(set(S) - ENDED - {S.NEW}, S.HANDED_OUT),
}
DAY = date(2026, 11, 23)


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("name", sorted(TABLE))
def test_each_step_starts_and_ends_where_the_table_says(name: str, state: ToldState) -> None:
    step = STEPS[name]
    assert (state in step.froms) == (state in TABLE[name])
    if state in TABLE[name]:
        assert step.to is TABLE[name][state]


def test_there_is_no_other_step_and_no_button_without_words() -> None:
    assert set(STEPS) == set(TABLE)
    assert {name for name, step in STEPS.items() if step.label is None} == {"watch"}
    assert {name for name, step in STEPS.items() if step.by_portal} == {"watch", "close"}
    assert {name for name, step in STEPS.items() if step.both} == {"agree"}


@pytest.mark.parametrize(
    ("side", "within", "state", "missing"),
    [
        (E, BOTH, S.WITH_ACCOUNTABLE, {"join"}),
        (U, BOTH, S.WITH_ACCOUNTABLE, {"invite_union"}),
        (E, frozenset({E}), S.WITH_ACCOUNTABLE, {"join", "invite_union"}),
        (E, BOTH, S.TRIAGE, {"decide"}),
        (U, BOTH, S.TRIAGE, {"decide"}),
        (U, frozenset({U}), S.TRIAGE, {"route"}),
        (E, frozenset({E}), S.OUTCOME_TOLD, {"watch"}),
    ],
)
def test_what_one_side_may_press_depends_on_who_reads(
    side: Side, within: frozenset[Side], state: ToldState, missing: set[str]
) -> None:
    of_state = {name for name, step in STEPS.items() if state in step.froms}
    assert {step.name for step in allowed(state, side, within)} == of_state - missing


@pytest.mark.parametrize("within", [frozenset({E}), frozenset({U}), BOTH])
def test_every_open_concern_can_be_brought_to_its_end_by_whoever_reads_it(within: frozenset[Side]) -> None:
    for side in within:
        for start in OPEN | {S.NEW}:
            reached, frontier = {start}, [start]
            while frontier:
                state = frontier.pop()
                steps = [*allowed(state, side, within), *(one for one in STEPS.values() if one.by_portal)]
                for to in {one.to for one in steps if state in one.froms} - reached:
                    reached.add(to)
                    frontier.append(to)
            assert {S.OUTCOME_TOLD, S.CLOSED, S.HANDED_OUT} <= reached, (side, start)


def test_nothing_is_agreed_routed_or_told_before_somebody_took_it() -> None:
    assert [step.name for step in allowed(S.NEW, E, BOTH)] == ["take"]
    assert S.NEW not in WORKED_ON | OPEN
    assert all(S.NEW is not step.to for step in STEPS.values())
    assert {step.name for state in ENDED for step in allowed(state, E, BOTH)} == {"reopen"}
    assert STEPS["agree"].who == ANY


def test_what_ended_is_taken_up_again_within_a_year() -> None:
    assert may_reopen(S.CLOSED, DAY, date(2027, 11, 23))
    assert not may_reopen(S.CLOSED, DAY, date(2027, 11, 24))
    assert not may_reopen(S.HANDED_OUT, DAY, date(2028, 1, 1))
    assert may_reopen(S.MONITORING, DAY, date(2029, 1, 1))


BEFORE, AFTER = (date(2026, 11, 20), 3), (date(2026, 11, 24), 1)
ONE_THAT_DAY, TWO_THAT_DAY = (DAY, 1), (DAY, 2)


@pytest.mark.parametrize(
    ("state", "waiting", "since", "came", "lane"),
    [
        (S.NEW, Waiting.US, None, BEFORE, Lane.NEW),
        (S.REOPENED, Waiting.US, None, AFTER, Lane.NEW),
        (S.TRIAGE, Waiting.US, None, BEFORE, Lane.US),
        (S.TRIAGE, Waiting.WORKER, DAY, BEFORE, Lane.WORKER),
        (S.TRIAGE, Waiting.WORKER, DAY, ONE_THAT_DAY, Lane.WORKER),
        (S.TRIAGE, Waiting.WORKER, DAY, TWO_THAT_DAY, Lane.US),
        (S.TRIAGE, Waiting.WORKER, DAY, AFTER, Lane.US),
        (S.TRIAGE, Waiting.NOBODY, DAY, BEFORE, Lane.QUIET),
        (S.TRIAGE, Waiting.NOBODY, DAY, AFTER, Lane.US),
        (S.NEEDS_INFO, Waiting.US, None, BEFORE, Lane.WORKER),
        (S.NEEDS_INFO, Waiting.US, None, AFTER, Lane.US),
        (S.OUTCOME_TOLD, Waiting.US, None, ONE_THAT_DAY, Lane.QUIET),
        (S.MONITORING, Waiting.NOBODY, DAY, AFTER, Lane.US),
        (S.URGENT_SAFETY, Waiting.US, None, BEFORE, Lane.US),
        (S.CLOSED, Waiting.US, None, BEFORE, Lane.ENDED),
        (S.CLOSED, Waiting.US, None, ONE_THAT_DAY, Lane.ENDED),
        (S.CLOSED, Waiting.US, None, AFTER, Lane.US),
        (S.CLOSED, Waiting.NOBODY, date(2026, 11, 25), AFTER, Lane.ENDED),
        (S.HANDED_OUT, Waiting.WORKER, DAY, BEFORE, Lane.ENDED),
        (S.HANDED_OUT, Waiting.WORKER, DAY, AFTER, Lane.US),
    ],
)
def test_a_thread_stands_in_one_lane_and_what_came_after_brings_it_back(
    state: ToldState, waiting: Waiting, since: date | None, came: tuple[date, int], lane: Lane
) -> None:
    assert lane_of(state, DAY, waiting, since, came) is lane
