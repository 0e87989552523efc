"""What happens by itself after an outcome, day by day, in the table and over drawn days."""

import random
from datetime import date, timedelta

import pytest

from portal.concerns.after.rules import Next, Since, next_of

TOLD = date(2026, 11, 23)


def on(days: int) -> date:
    return TOLD + timedelta(days=days)


@pytest.mark.parametrize(
    ("asked", "newest", "acted", "today", "said"),
    [
        (0, 0, 0, 29, Next(on(30))),
        (0, 0, 0, 30, Next(on(90), ask=30)),
        (30, 0, 0, 31, Next(on(90))),
        (30, 31, 0, 90, Next(on(104), ask=90)),
        (0, 0, 0, 95, Next(on(109), ask=90)),
        (90, 0, 0, 103, Next(on(104))),
        (90, 0, 0, 104, Next(None, closes=True)),
        (90, 100, 100, 104, Next(on(114))),
        (90, 100, 100, 114, Next(None, closes=True)),
        (90, 100, 99, 104, Next(on(118))),
        (90, 100, 99, 400, Next(on(414))),
        (90, None, 0, 104, Next(None, closes=True)),
    ],
)
def test_two_questions_and_two_quiet_weeks(asked: int, newest: int | None, acted: int, today: int, said: Next) -> None:
    since = Since(TOLD, asked, on(newest) if newest is not None else None, on(acted))
    assert next_of(since, on(today)) == said


def test_over_drawn_days_each_question_comes_once_in_order_and_nothing_closes_on_somebody_who_waits() -> None:
    drawn = random.Random(20261123)
    for _ in range(150):
        writes = sorted(drawn.choices(range(1, 160), k=drawn.randint(0, 4)))
        answers = sorted(drawn.choices(range(1, 160), k=drawn.randint(0, 4)))
        asked, again, said = 0, on(30), []
        for today in range(1, 700):
            if on(today) < again or drawn.random() < 0.1:  # a sweep that did not come
                continue
            newest = max([0, *(day for day in writes + answers if day <= today)])
            acted = max([0, *(day for day in answers if day <= today)])
            step = next_of(Since(TOLD, asked, on(newest), on(acted)), on(today))
            assert step.again_on is None or step.again_on > on(today)
            if step.ask is not None:
                said.append(step.ask)
                asked = step.ask
            if step.closes:
                assert newest <= acted
                assert today >= max(newest, 90) + 14
                break
            assert step.again_on is not None
            again = step.again_on
        else:
            assert max(writes) > max([0, *answers])
        assert said in ([30, 90], [90])
