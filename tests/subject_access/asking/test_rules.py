"""When somebody is reminded of proof that is waited for, and when the waiting ends."""

from datetime import date, timedelta

import pytest

from portal.cases.waiting import MOST_REMINDERS, Waiting, due_for
from portal.subject_access.asking.rules import AuthorityKind

ASKED = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("days", "reminders", "reminded_after", "due"),
    [
        (0, 0, None, None),
        (9, 0, None, None),
        (10, 0, None, Waiting.REMIND),
        (19, 1, 10, None),
        (20, 1, 10, Waiting.REMIND),
        (25, 1, 24, None),  # a late reminder is followed by a whole wait
        (29, 2, 20, None),
        (30, 2, 20, Waiting.GIVE_UP),
        (400, 0, None, Waiting.REMIND),  # a sweep that slept does not end a request unwarned
        (400, 0, 399, None),  # taken up again: the waiting begins anew
    ],
)
def test_two_reminders_ten_days_apart_and_an_end_after_thirty(
    days: int, reminders: int, reminded_after: int | None, due: Waiting | None
) -> None:
    reminded_on = None if reminded_after is None else ASKED + timedelta(days=reminded_after)
    assert due_for(ASKED, reminders, reminded_on, ASKED + timedelta(days=days)) is due


def test_nothing_ends_without_two_reminders() -> None:
    for reminders in range(MOST_REMINDERS):
        assert due_for(ASKED, reminders, None, ASKED + timedelta(days=1000)) is Waiting.REMIND


def test_a_union_is_no_kind_of_representative() -> None:
    assert "union" not in {kind.value for kind in AuthorityKind}
