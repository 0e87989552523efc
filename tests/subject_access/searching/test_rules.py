"""When a search is due, and when somebody is reminded."""

from datetime import date, timedelta

from portal.subject_access.searching.rules import (
    PLACES,
    RESULTS,
    TASKS,
    PlaceKind,
    Result,
    TaskState,
    chases_due,
    due_day,
)


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
