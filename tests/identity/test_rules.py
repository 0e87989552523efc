"""Passwords, waiting times and buckets, as pure rules."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.identity import rules
from portal.identity.rules import password_fault, throttle_key, wait_after

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("password", ["pedwar gair digon hir", "Nos da, Ward Alaw", "ŵyŷâêîôûẅ  ab", "a b" * 40])
def test_a_long_enough_password_needs_no_mixture_of_signs(password: str) -> None:
    assert password_fault(password, email="sian@ogwen.example") is None or len(set(password)) < 4


@pytest.mark.parametrize(
    "password",
    ["", "short", "elevenchars", "x" * 129, "sian@ogwen.example", "SIAN@ogwen.example", "aaaaaaaaaaaa", "Cyfrinair123",
     "PASSWORD1234", "123456789012", "abcabcabcabc"],
)  # fmt: skip
def test_a_bad_password_is_told_why(password: str) -> None:
    fault = password_fault(password, email="sian@ogwen.example")
    assert fault is not None
    assert fault.context == "error"


def test_the_first_failures_cost_no_wait_and_then_it_doubles_up_to_ten_minutes() -> None:
    waits = [wait_after(failures).total_seconds() for failures in range(13)]
    assert waits == [0, 0, 0, 0, 0, 5, 10, 20, 40, 80, 160, 320, 600]


@given(st.integers(min_value=0, max_value=10**9))
def test_waiting_never_locks_out_and_never_shrinks_with_more_failures(failures: int) -> None:
    assert wait_after(failures) <= rules.LONGEST_WAIT
    assert wait_after(failures) <= wait_after(failures + 1)


def test_failures_are_forgotten_after_a_day() -> None:
    assert rules.failures_now(9, NOW - timedelta(hours=23), now=NOW) == 9
    assert rules.failures_now(9, NOW - timedelta(hours=24), now=NOW) == 0


@given(st.emails())
def test_an_address_is_not_kept_in_its_key(email: str) -> None:
    key = throttle_key(email)
    assert email not in key
    assert int(key.removeprefix("bucket-")) in range(rules.BUCKETS)


def test_seconds_left_are_rounded_up() -> None:
    assert rules.seconds_left(NOW + timedelta(milliseconds=4200), now=NOW) == 5
    assert rules.seconds_left(NOW, now=NOW) == 0
    assert rules.seconds_left(NOW - timedelta(seconds=9), now=NOW) == 0
