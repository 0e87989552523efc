"""When letters leave: digests and quiet hours by the clock on the wall in London, also on the days it changes."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.core.clock import LONDON
from portal.notifications.letters import FOLDER
from portal.notifications.passing import ASSIGNED, Pace, pace_of
from portal.notifications.quiet import AS_IT_COMES, Digest, Wish, leaves_at

NIGHT = Wish(quiet_from=20, quiet_to=7)
NOON = Wish(quiet_from=12, quiet_to=14)
DAILY = Wish(Digest.DAILY)
FRIDAY = Wish(Digest.WEEKLY, weekday=4)
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    """An instant, as the clock in London shows it; «+» after it: the second time it shows so."""
    fold = text.endswith("+")
    return datetime.fromisoformat(text.rstrip("+")).replace(tzinfo=LONDON, fold=fold).astimezone(UTC)


TABLE = [
    # what somebody wishes, when a letter is written, when it leaves
    (AS_IT_COMES, "2026-11-23 03:12", "2026-11-23 03:12"),
    (NIGHT, "2026-11-23 19:59", "2026-11-23 19:59"),
    (NIGHT, "2026-11-23 20:00", "2026-11-24 07:00"),
    (NIGHT, "2026-11-24 00:30", "2026-11-24 07:00"),
    (NIGHT, "2026-11-24 06:59", "2026-11-24 07:00"),
    (NIGHT, "2026-11-24 07:00", "2026-11-24 07:00"),
    (NIGHT, "2026-12-31 23:00", "2027-01-01 07:00"),
    (NOON, "2026-11-23 12:00", "2026-11-23 14:00"),
    (NOON, "2026-11-23 11:59", "2026-11-23 11:59"),
    (DAILY, "2026-11-23 07:59", "2026-11-23 08:00"),
    (DAILY, "2026-11-23 08:00", "2026-11-24 08:00"),
    (DAILY, "2026-11-23 18:00", "2026-11-24 08:00"),
    (FRIDAY, "2026-11-23 18:00", "2026-11-27 08:00"),
    (FRIDAY, "2026-11-27 07:00", "2026-11-27 08:00"),
    (FRIDAY, "2026-11-27 08:00", "2026-12-04 08:00"),
    (Wish(Digest.DAILY, quiet_from=22, quiet_to=9), "2026-11-23 18:00", "2026-11-24 09:00"),
    (Wish(Digest.WEEKLY, 6, quiet_from=7, quiet_to=21), "2026-11-23 18:00", "2026-11-29 21:00"),
    # the last Sunday of March: 01:00 to 02:00 is left out
    (NIGHT, "2026-03-28 23:00", "2026-03-29 07:00"),
    (Wish(quiet_from=22, quiet_to=1), "2026-03-28 23:00", "2026-03-29 02:00"),
    (Wish(quiet_from=2, quiet_to=1), "2026-03-28 23:00", "2026-03-30 01:00"),
    (DAILY, "2026-03-28 18:00", "2026-03-29 08:00"),
    # the last Sunday of October: 01:00 to 02:00 comes twice
    (NIGHT, "2026-10-24 23:00", "2026-10-25 07:00"),
    (Wish(quiet_from=22, quiet_to=1), "2026-10-25 00:30", "2026-10-25 01:00"),
    (Wish(quiet_from=22, quiet_to=1), "2026-10-25 01:30+", "2026-10-25 01:30+"),
    (Wish(quiet_from=1, quiet_to=2), "2026-10-25 01:10", "2026-10-25 02:00"),
    (Wish(quiet_from=1, quiet_to=2), "2026-10-25 01:10+", "2026-10-25 02:00"),
    (DAILY, "2026-10-24 18:00", "2026-10-25 08:00"),
]


@pytest.mark.parametrize(("wish", "written", "leaves"), TABLE)
def test_news_leaves_when_somebody_wishes(wish: Wish, written: str, leaves: str) -> None:
    assert leaves_at(at(written), Pace.NEWS, wish) == at(leaves)


@pytest.mark.parametrize(("wish", "written", "_leaves"), TABLE)
@pytest.mark.parametrize("pace", [Pace.URGENT, Pace.LAW])
def test_what_is_urgent_and_what_the_law_asks_for_waits_for_nothing(
    wish: Wish, written: str, _leaves: str, pace: Pace
) -> None:
    assert leaves_at(at(written), pace, wish) == at(written)


@pytest.mark.parametrize(("wish", "written", "_leaves"), TABLE)
def test_a_task_waits_for_no_digest(wish: Wish, written: str, _leaves: str) -> None:
    leaves = leaves_at(at(written), Pace.WORK, wish)
    assert leaves == at(written) or (wish.is_quiet(at(written)) and leaves - at(written) < timedelta(days=2))


WISHES = [
    Wish(digest, weekday, begins, ends)
    for digest, weekday in ((Digest.AT_ONCE, 0), (Digest.DAILY, 0), (Digest.WEEKLY, 6))
    for begins, ends in ((None, None), (0, 1), (1, 2), (2, 1), (7, 9), (22, 6), (9, 8))
]
AROUND = ["2026-03-28 20:00", "2026-10-24 20:00", "2026-11-23 20:00"]


@pytest.mark.parametrize("begin", AROUND)
def test_no_letter_leaves_in_quiet_hours_and_none_waits_longer_than_it_must(begin: str) -> None:
    """Minute by minute: what leaves is not quiet, is not early, and at-once letters leave at the first minute."""
    for wish in WISHES:
        for step in range(0, 18 * 60, 13):
            written = at(begin) + step * MINUTE
            leaves = leaves_at(written, Pace.NEWS, wish)
            assert leaves >= written
            assert not wish.is_quiet(leaves)
            assert leaves_at(leaves, Pace.WORK, wish) == leaves
            if wish.digest is Digest.AT_ONCE:
                waited = int((leaves - written) / MINUTE)
                assert all(wish.is_quiet(written + n * MINUTE) for n in range(0, waited, 7))


@pytest.mark.parametrize(("weekday", "begins", "ends"), [(7, None, None), (0, 3, None), (0, 3, 3)])
def test_a_wish_that_is_none_is_refused(weekday: int, begins: int | None, ends: int | None) -> None:
    with pytest.raises(ValueError, match=r"quiet|weekdays are"):
        Wish(Digest.AT_ONCE, weekday, begins, ends)


def test_each_letter_that_does_not_wait_is_a_letter_and_stands_once() -> None:
    named = [template for templates in ASSIGNED.values() for template in templates]
    assert len(named) == len(set(named))
    assert {f"{template}.{locale}.txt" for template in named for locale in ("cy", "en")} <= {
        path.name for path in FOLDER.iterdir()
    }
    assert pace_of("concern_urgent") is Pace.URGENT
    assert pace_of("concern_waiting") is Pace.NEWS


@pytest.mark.parametrize("ending", ["_late", "_missed", "_due_soon"])
def test_whatever_is_late_waits_for_no_digest(ending: str) -> None:
    late = [path.name.partition(".")[0] for path in FOLDER.glob(f"*{ending}.en.txt")]
    assert late
    assert [template for template in late if pace_of(template) is Pace.NEWS] == []
