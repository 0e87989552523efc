"""Argon2id with equal work for nobody, two at once, and new parameters noticed."""

import threading
import time

import pytest

from portal.core.errors import TooMany
from portal.identity import passwords as module
from portal.identity.passwords import Passwords

SMALL = Passwords(memory_kib=64, passes=1)


def test_the_right_password_matches_and_a_wrong_one_does_not() -> None:
    stored = SMALL.hash("pedwar gair digon hir")
    assert stored.startswith("$argon2id$")
    assert SMALL.matches(stored, "pedwar gair digon hir")
    assert not SMALL.matches(stored, "pedwar gair digon hir ")


def test_the_same_password_hashes_differently_each_time() -> None:
    assert SMALL.hash("pedwar gair") != SMALL.hash("pedwar gair")


def test_a_damaged_hash_matches_nothing() -> None:
    assert not SMALL.matches("$argon2id$nonsense", "pedwar gair")


def test_nobodys_password_takes_the_work_of_a_real_one() -> None:
    slow = Passwords(memory_kib=8192, passes=3)
    stored = slow.hash("pedwar gair digon hir")

    def best(stored: str | None) -> float:
        spent = []
        for _ in range(5):
            start = time.process_time()
            assert not slow.matches(stored, "gair arall")
            spent.append(time.process_time() - start)
        return min(spent)

    known, unknown = best(stored), best(None)
    assert 0.6 < unknown / known < 1.6


def test_changed_parameters_are_noticed() -> None:
    stored = SMALL.hash("pedwar gair")
    assert not SMALL.is_outdated(stored)
    assert Passwords(memory_kib=128, passes=1).is_outdated(stored)


def test_a_third_hash_at_once_waits_a_little_and_is_then_sent_away() -> None:
    impatient = Passwords(memory_kib=64, passes=1, wait_seconds=0.05)
    for _ in range(module.AT_ONCE):
        module._seats.acquire()
    try:
        with pytest.raises(TooMany):
            impatient.hash("pedwar gair")
        waiting = threading.Timer(0.05, module._seats.release)
        waiting.start()
        assert Passwords.hash(SMALL, "pedwar gair")
        module._seats.acquire()
    finally:
        for _ in range(module.AT_ONCE):
            module._seats.release()
