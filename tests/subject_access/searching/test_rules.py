"""Who searches, and when somebody is reminded: rules as tables."""

from collections.abc import Collection
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.subject_access.searching.rules import (
    PLACES,
    RESULTS,
    TASKS,
    PlaceKind,
    Result,
    Searcher,
    TaskState,
    chases_due,
    due_day,
    who_searches,
)

PEOPLE = st.sampled_from([None, "owner", "deputy", "requester", "manager"])


@pytest.mark.parametrize(
    ("barred", "away", "own", "expected"),
    [
        ((), (), False, Searcher("owner")),
        ((), ("owner",), False, Searcher("deputy", "owner")),
        ((), ("owner", "deputy"), False, Searcher("owner")),
        (("owner",), (), False, Searcher("deputy", "owner")),
        (("owner", "deputy"), (), False, Searcher(None, "owner")),
        ((), (), True, Searcher("owner", None, "deputy")),
        ((), ("owner",), True, Searcher("deputy", "owner", "owner")),
        (("deputy",), (), True, Searcher(None, "owner")),
    ],
)
def test_the_owner_searches_unless_away_or_in_conflict(
    barred: tuple[str, ...], away: tuple[str, ...], own: bool, expected: Searcher
) -> None:
    assert who_searches("owner", "deputy", barred=barred, away=away, is_own_mailbox=own) == expected


@given(PEOPLE, PEOPLE, st.sets(PEOPLE), st.sets(PEOPLE), st.booleans())
def test_nobody_who_is_barred_ever_searches_and_nobody_confirms_themselves(
    owner: str | None, deputy: str | None, barred: set[str | None], away: set[str | None], own: bool
) -> None:
    shut = {person for person in barred if person is not None}
    gone = {person for person in away if person is not None}
    found = who_searches(owner, deputy, barred=shut, away=gone, is_own_mailbox=own)
    assert found.person_id not in shut
    assert found.second not in shut
    assert found.second is None or found.second != found.person_id
    assert not own or found.person_id is None or found.second is not None


def test_a_task_is_due_in_a_week_but_never_after_the_target_nor_before_today() -> None:
    start = date(2026, 11, 23)
    for days in range(-5, 30):
        due = due_day(start, start + timedelta(days=days))
        assert start <= due <= start + timedelta(days=7)
        assert due <= max(start, start + timedelta(days=days))


def test_reminders_come_after_five_seven_and_nine_days() -> None:
    start = date(2026, 11, 23)
    assert [chases_due(start, start + timedelta(days=days)) for days in (0, 4, 5, 6, 7, 8, 9, 60)] == [
        0, 0, 1, 1, 2, 2, 3, 3,
    ]  # fmt: skip


def test_every_choice_has_words() -> None:
    for words, kind in ((PLACES, PlaceKind), (TASKS, TaskState), (RESULTS, Result)):
        assert set(words) == set(kind)


def test_whom_the_requester_may_mean_is_not_proposed_and_who_is_responsible_only_if_nobody_else_is_here() -> None:
    def found(**given: Collection[str]) -> str | None:
        known: dict[str, Collection[str]] = {"barred": (), "away": ()} | given
        return who_searches("owner", "deputy", is_own_mailbox=False, **known).person_id

    assert found(doubtful={"owner"}) == "deputy"
    assert found(doubtful={"owner", "deputy"}) is None
    assert found(close={"owner"}) == "deputy"
    assert found(close={"owner"}, away={"deputy"}) == "owner"
    assert found(close={"owner", "deputy"}) == "owner"
    assert found(close={"owner"}, barred={"deputy"}) == "owner"
    assert found(close={"owner", "deputy"}, away={"owner", "deputy"}) == "owner"
