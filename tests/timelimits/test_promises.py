"""The promises about concerns: their days, their order, and that nobody is told they were law."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from portal.core.text import Locale
from portal.i18n.catalogue import say
from portal.timelimits.calendar import WorkingDays
from portal.timelimits.promises import (
    DEFAULT_PROMISES,
    OWN_PROMISE,
    Answered,
    Promise,
    Promises,
    check_in_due,
    check_ins,
    first_owed,
    owed,
)

CALENDAR = WorkingDays()
CAME = date(2026, 11, 23)  # a Monday
ACK, TRIAGE, REPLY, UPDATE, OUTCOME = Promise


def days(answered: Answered, promises: Promises = DEFAULT_PROMISES) -> dict[Promise, date]:
    return {one.promise: one.due_on for one in owed(answered, CALENDAR, promises)}


def test_a_new_concern_is_owed_everything_in_order() -> None:
    assert days(Answered(CAME)) == {
        ACK: date(2026, 11, 25),
        TRIAGE: date(2026, 11, 30),
        REPLY: date(2026, 12, 7),
        OUTCOME: date(2027, 2, 25),
    }


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"acknowledged_on": date(2026, 11, 24)}, {TRIAGE: (11, 30), REPLY: (12, 7), OUTCOME: (2, 24)}),
        ({"acknowledged_on": date(2026, 12, 24)}, {TRIAGE: (11, 30), REPLY: (12, 7), OUTCOME: (2, 25)}),
        ({"triaged_on": date(2026, 11, 25)}, {ACK: (11, 25), REPLY: (12, 7), OUTCOME: (2, 25)}),
        ({"replied_on": date(2026, 11, 27)}, {UPDATE: (12, 29), OUTCOME: (2, 25)}),
        ({"replied_on": date(2026, 11, 27), "updated_on": date(2026, 12, 1)}, {UPDATE: (12, 31), OUTCOME: (2, 25)}),
        ({"outcome_on": date(2026, 12, 1)}, {}),
    ],
)
def test_what_was_done_is_owed_no_more_and_a_late_acknowledgement_moves_nothing(
    change: dict[str, date], expected: dict[Promise, tuple[int, int]]
) -> None:
    found = days(replace(Answered(CAME), **change))
    assert found == {key: date(2026 + (month < 11), month, day) for key, (month, day) in expected.items()}


def test_a_concern_taken_up_again_begins_anew() -> None:
    ended = Answered(CAME, CAME, CAME, CAME, CAME, outcome_on=date(2026, 12, 1))
    assert owed(ended, CALENDAR) == ()
    again = replace(ended, reopened_on=date(2027, 1, 4))
    assert days(again) == days(Answered(date(2027, 1, 4)))
    assert owed(replace(again, outcome_on=date(2027, 1, 5)), CALENDAR) == ()


def test_a_body_has_its_own_days() -> None:
    slow = Promises(acknowledge=5, triage=10, reply=15, update=30, outcome_months=6)
    assert days(Answered(CAME), slow)[ACK] == date(2026, 11, 30)
    assert days(Answered(CAME), slow)[OUTCOME] == date(2027, 6, 1)  # 30 May is a Sunday, 31 May a bank holiday


@pytest.mark.parametrize(
    "wrong", [{"acknowledge": 0}, {"triage": 1}, {"reply": 4}, {"update": 0}, {"outcome_months": 0}]
)
def test_promises_out_of_order_are_none(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="order"):
        Promises(**wrong)


def test_each_day_says_that_it_is_a_promise_and_no_law_in_both_languages() -> None:
    for one in (*owed(Answered(CAME), CALENDAR), *owed(Answered(CAME, replied_on=CAME, reopened_on=CAME), CALENDAR)):
        assert one.reasons[-1] is OWN_PROMISE
        for said in one.reasons:
            assert "{" not in say(said, Locale.CY)
            assert say(said, Locale.CY) != say(said, Locale.EN)


def test_whatever_readers_did_the_first_thing_owed_is_not_before_the_concern_and_an_act_never_brings_it_nearer() -> (
    None
):
    for number in range(300):
        dice = Random(number)
        came = CAME + timedelta(days=dice.randint(0, 60))
        drawn = [came + timedelta(days=dice.randint(0, 40)) if dice.random() < 0.4 else None for _ in range(4)]
        before = Answered(came, *drawn)
        first = first_owed(before, CALENDAR)
        assert first is not None
        assert first.due_on > came
        assert not first.is_late(first.due_on)
        assert first.is_late(first.due_on + timedelta(days=1))
        after = replace(before, replied_on=first.due_on, updated_on=first.due_on)
        following = first_owed(after, CALENDAR)
        assert following is not None
        assert following.due_on >= min(first.due_on, days(after)[OUTCOME])


def test_the_reporter_is_asked_after_thirty_and_ninety_days_each_once() -> None:
    told = date(2026, 12, 1)
    assert check_ins(told) == (date(2026, 12, 31), date(2027, 3, 1))
    after = ((0, 29), (0, 30), (30, 31), (30, 89), (30, 90), (90, 400))
    asked = [check_in_due(told, last, told + timedelta(days=days)) for last, days in after]
    assert asked == [None, 30, None, None, 90, None]
    assert check_in_due(told, 0, told + timedelta(days=120)) == 90  # nobody looked for months: one question, not two
