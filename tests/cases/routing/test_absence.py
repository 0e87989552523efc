"""D3: who is away, what that moves, and what comes back."""

from datetime import date, timedelta

import pytest

from portal.cases.routing.absence import Away, AwaySource, Gap, Held, gaps, hand_back, inferred, is_away, orphaned
from portal.cases.routing.destinations import route
from portal.cases.routing.exclusions import bans
from portal.cases.routing.given import Why
from portal.cases.routing.people import Office, Standing
from portal.timelimits.calendar import WorkingDays
from tests.cases.routing.worlds import BODY, SEATS, concern, named, seat, world

CALENDAR = WorkingDays()
MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)


@pytest.mark.parametrize("source", list(AwaySource))
@pytest.mark.parametrize(("until_on", "days", "gone"), [(MONDAY, 0, True), (MONDAY, 1, False), (None, 400, True)])
def test_every_source_counts_alike_and_the_last_day_is_part_of_it(
    source: AwaySource, until_on: date | None, days: int, gone: bool
) -> None:
    told = [Away(source, MONDAY, until_on)]
    assert is_away(told, MONDAY + days * DAY) is gone
    assert not is_away(told, MONDAY - DAY)
    assert not is_away([], MONDAY)


@pytest.mark.parametrize(
    ("last_seen", "due_since", "today", "gone"),
    [
        (date(2026, 11, 23), None, date(2026, 12, 23), False),  # nothing is due: nobody has to come
        (date(2026, 11, 23), date(2026, 11, 23), date(2026, 11, 26), False),  # the third day is not over
        (date(2026, 11, 23), date(2026, 11, 23), date(2026, 11, 27), True),
        (date(2026, 11, 19), date(2026, 11, 1), date(2026, 11, 24), False),  # a weekend is no working day
        (date(2026, 11, 19), date(2026, 11, 1), date(2026, 11, 25), True),
        (date(2026, 11, 1), date(2026, 11, 24), date(2026, 11, 26), False),  # due since the day before yesterday
        (date(2026, 12, 23), date(2026, 12, 1), date(2026, 12, 30), False),  # Christmas, Boxing Day's substitute
        (date(2026, 12, 23), date(2026, 12, 1), date(2026, 12, 31), True),
    ],
)
def test_three_whole_working_days_of_silence_with_something_due_are_an_absence(
    last_seen: date, due_since: date | None, today: date, gone: bool
) -> None:
    found = inferred(last_seen, due_since, today, CALENDAR)
    assert (found is not None) is gone
    assert found is None or (found.source is AwaySource.INFERRED and found.holds(today))


def test_a_deputy_receives_it_while_the_holder_is_away_and_not_after() -> None:
    seats = tuple(one for one in SEATS if one.person_id != "director")
    gone = world(Standing("head", is_away=True), seats=seats)
    assert [(one.person_id, one.why) for one in route(gone, concern()).given] == [("deputy", Why.DEPUTY)]
    assert [one.person_id for one in route(world(seats=seats), concern()).given] == ["head"]


def test_where_holder_and_deputy_are_away_it_goes_up_and_does_not_wait() -> None:
    gone = world(*(Standing(one, is_away=True) for one in ("head", "deputy", "director")))
    assert [one.person_id for one in route(gone, concern()).given] == ["outside"]


def test_nobody_is_deputy_for_themselves() -> None:
    seats = (
        seat("head", Office.SYSTEM_MANAGER),
        seat("head", Office.SYSTEM_MANAGER, is_deputy=True),
        seat("outside", Office.INDEPENDENT),
    )
    for place in (world(Standing("head", is_away=True), seats=seats), world(seats=seats)):
        found = [one.person_id for one in route(place, concern(conflicts=named("head"))).given]
        assert found == ["outside"]
    assert [one.person_id for one in route(world(Standing("head", is_away=True), seats=seats), concern()).given] == [
        "outside"
    ]


def test_a_deputy_who_works_for_whoever_was_left_out_does_not_stand_in_for_them() -> None:
    place = world(Standing("deputy", manager_ids=frozenset({"head"})), Standing("director", is_away=True))
    assert [one.person_id for one in route(place, concern(conflicts=named("head"))).given] == ["outside"]


@pytest.mark.parametrize(
    ("seats", "expected"),
    [
        ([], [Gap(Office.INDEPENDENT, BODY, False)]),
        ([seat("one", Office.INDEPENDENT)], [Gap(Office.INDEPENDENT, BODY, True)]),
        ([seat("one", Office.INDEPENDENT, is_deputy=True)], [Gap(Office.INDEPENDENT, BODY, False)]),
        (
            [seat("one", Office.INDEPENDENT), seat("one", Office.INDEPENDENT, is_deputy=True)],
            [Gap(Office.INDEPENDENT, BODY, True)],
        ),
        ([seat("one", Office.INDEPENDENT), seat("two", Office.INDEPENDENT, is_deputy=True)], []),
        ([seat("one", Office.INDEPENDENT), seat("two", Office.INDEPENDENT)], []),
        (
            [seat("one", Office.INDEPENDENT), seat("two", Office.INDEPENDENT, "host")],
            [Gap(Office.INDEPENDENT, BODY, True)],
        ),
    ],
)
def test_an_office_needs_a_holder_and_another_person_beside_them(seats: list, expected: list[Gap]) -> None:  # type: ignore[type-arg]
    assert list(gaps(world(seats=tuple(seats)), {BODY: [Office.INDEPENDENT]})) == expected


def test_what_came_while_somebody_was_away_is_offered_back_save_what_they_must_not_see() -> None:
    items = [Held("a", "deputy", "head"), Held("b", "deputy", "head"), Held("c", "deputy"), Held("d", "clerk", "dpo")]
    barred = {"b": bans(world(), concern(conflicts=named("head")))}
    assert [one.item_id for one in hand_back(items, "head", barred)] == ["a"]
    assert [one.item_id for one in hand_back(items, "head", {})] == ["a", "b"]


def test_when_somebody_leaves_everything_they_had_goes_to_somebody_else_at_once() -> None:
    items = [Held("a", "head"), Held("b", "deputy", "head"), Held("c", "head", "director")]
    assert [one.item_id for one in orphaned(items, "head")] == ["a", "c"]
    after = world().without("head")
    assert "head" not in after.person_ids - set(after.people)
    assert [one.person_id for one in route(after, concern()).given] == ["director"]
