"""What holds for every clock, whatever happened to it."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.timelimits.calendar import WorkingDays
from portal.timelimits.events import Event, EventKind
from portal.timelimits.rules import access_request, complaint, review

WALES = WorkingDays()
RECEIVED = st.dates(date(2026, 6, 19), date(2030, 12, 31))
steps = settings(deadline=None, max_examples=150)


@st.composite
def pauses(draw: st.DrawFn, received: date, name: str) -> list[Event]:
    asked = received + timedelta(days=draw(st.integers(0, 45)))
    events = [Event(EventKind.CLARIFICATION_ASKED, asked, name)]
    ending = draw(st.sampled_from([None, EventKind.CLARIFICATION_ANSWERED, EventKind.CLARIFICATION_ENDED]))
    if ending is not None:
        events.append(Event(ending, asked + timedelta(days=draw(st.integers(0, 40))), name))
    return events


@st.composite
def clocks(draw: st.DrawFn) -> list[Event]:
    received = draw(RECEIVED)
    events = [Event(EventKind.RECEIVED, received)]
    for number in range(draw(st.integers(0, 3))):
        events.extend(draw(pauses(received, f"q{number}")))
    if draw(st.booleans()):
        events.append(Event(EventKind.IDENTITY_RECEIVED, received + timedelta(days=draw(st.integers(0, 20)))))
    if draw(st.booleans()):
        events.append(Event(EventKind.EXTENDED, received + timedelta(days=draw(st.integers(0, 28)))))
    return events


@st.composite
def clocks_with_another_pause(draw: st.DrawFn) -> tuple[list[Event], list[Event]]:
    events = draw(clocks())
    return events, [*events, *draw(pauses(events[0].on, "another"))]


@steps
@given(clocks())
def test_a_due_day_is_a_working_day_after_the_start(events: list[Event]) -> None:
    for limit in (access_request(events, WALES), review(events, WALES), complaint(events, WALES)):
        assert limit is not None
        assert WALES.is_working_day(limit.due_on)
        assert limit.received_on <= limit.starts_on < limit.due_on
        assert limit.notice_by is None or WALES.is_working_day(limit.notice_by)


@steps
@given(clocks_with_another_pause())
def test_a_pause_never_shortens_the_time_limit(both: tuple[list[Event], list[Event]]) -> None:
    without, with_pause = (access_request(events, WALES) for events in both)
    assert with_pause.due_on >= without.due_on
    assert with_pause.paused_days >= without.paused_days
    assert review(both[0], WALES) == review(both[1], WALES)


@steps
@given(clocks())
def test_extending_never_shortens_and_never_moves_the_last_day_of_notice(events: list[Event]) -> None:
    extended = [*events, Event(EventKind.EXTENDED, events[0].on)]
    for rule in (access_request, review):
        assert rule(extended, WALES).due_on >= rule(events, WALES).due_on
        assert rule(extended, WALES).notice_by == rule(events, WALES).notice_by


@steps
@given(clocks(), st.randoms(use_true_random=False))
def test_the_order_in_which_events_were_written_down_makes_no_difference(events: list[Event], dice: object) -> None:
    shuffled = list(events)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert access_request(shuffled, WALES) == access_request(events, WALES)
    assert access_request(shuffled, WALES) == access_request(shuffled, WALES)


@steps
@given(clocks(), st.integers(0, 60))
def test_waiting_longer_for_an_answer_never_shortens(events: list[Event], days: int) -> None:
    as_at = events[0].on + timedelta(days=days)
    now, tomorrow = (access_request(events, WALES, as_at=day) for day in (as_at, as_at + timedelta(days=1)))
    assert access_request(events, WALES).due_on <= now.due_on <= tomorrow.due_on


@steps
@given(clocks())
def test_the_own_target_never_lies_behind_any_reading_of_the_law(events: list[Event]) -> None:
    limit = access_request(events, WALES)
    assert limit.target_on <= min(limit.due_on, limit.cautious_on, limit.literal_on)
