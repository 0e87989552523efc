"""The worked cases of the law, every row, and the stories."""

import csv
from datetime import date
from pathlib import Path

import pytest

from portal.core.text import Message
from portal.timelimits.calendar import WorkingDays
from portal.timelimits.events import Event, EventKind
from portal.timelimits.rules import (
    Targets,
    TimeLimit,
    access_request,
    complaint,
    complaint_case,
    refusal_of_extension,
    review,
)

WALES = WorkingDays()
HERE = Path(__file__).parent


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> date:
    return date.fromisoformat(text)


def happened(kind: EventKind, on: date, question: str = "") -> Event:
    return Event(kind, on, question)


def received(on: date) -> Event:
    return Event(EventKind.RECEIVED, on)


def pause(asked: date, answered: date | None, question: str = "q") -> list[Event]:
    events = [Event(EventKind.CLARIFICATION_ASKED, asked, question)]
    if answered is not None:
        events.append(Event(EventKind.CLARIFICATION_ANSWERED, answered, question))
    return events


def events_of(row: dict[str, str]) -> list[Event]:
    events = [received(day(row["received"]))]
    if row["id_received"]:
        events.append(happened(EventKind.IDENTITY_ASKED, day(row["received"])))
        events.append(happened(EventKind.IDENTITY_RECEIVED, day(row["id_received"])))
    if row["fee_paid"]:
        events.append(happened(EventKind.FEE_PAID, day(row["fee_paid"])))
    spans = row["clarification_pauses(asked>answered)"]
    for number, span in enumerate(filter(None, spans.split(";"))):
        asked, answered = span.split(">")
        events.extend(pause(day(asked), day(answered), f"q{number}"))
    if row["extended"] == "1":
        events.append(happened(EventKind.EXTENDED, day(row["received"])))
    return events


@pytest.mark.parametrize("row", rows("sar_deadlines.csv"), ids=lambda row: row["case"])
def test_every_worked_access_request(row: dict[str, str]) -> None:
    limit = access_request(events_of(row), WALES)
    assert limit.starts_on == day(row["relevant_time"])
    assert limit.paused_days == int(row["paused_days_ico"])
    assert limit.period_ends_on == day(row["month_end_before_roll"])
    assert limit.base_on == day(row["base_due_after_roll"])
    assert limit.due_on == day(row["expected_due"])
    assert limit.due_on.strftime("%a") == row["expected_weekday"]
    assert limit.cautious_on == day(row["cautious_due_no_roll_before_add"])
    assert limit.literal_on == day(row["literal_art12A5_due"])
    assert limit.is_extended == (row["extended"] == "1")
    if row["extension_notice_by"]:
        assert limit.notice_by == day(row["extension_notice_by"])


@pytest.mark.parametrize("row", rows("complaint_ack_deadlines.csv"), ids=lambda row: row["case"])
def test_every_worked_complaint(row: dict[str, str]) -> None:
    limit = complaint([received(day(row["received"]))], WALES)
    if not row["acknowledge_by"]:
        assert limit is None
        return
    assert limit is not None
    assert limit.period_ends_on == day(row["day_30"])
    assert limit.due_on == day(row["acknowledge_by"])
    assert limit.due_on.strftime("%a") == row["weekday"]
    assert limit.target_on == limit.cautious_on == day(row["cautious_literal_day(receipt counted as day 1)"])
    assert limit.notice_by is None


@pytest.mark.parametrize("row", rows("complaint_ack_deadlines.csv"), ids=lambda row: row["case"])
def test_a_case_owes_its_acknowledgement_first_and_then_the_outcome_by_our_own_promise(row: dict[str, str]) -> None:
    came = [received(day(row["received"]))]
    first = complaint_case(came, WALES)
    law = complaint(came, WALES)
    assert first.due_on == (WALES.roll(day(row["day_30"])) if law is None else law.due_on)
    assert first.cautious_on == day(row["cautious_literal_day(receipt counted as day 1)"])
    told = complaint_case([*came, happened(EventKind.ACKNOWLEDGED, day(row["received"]))], WALES)
    assert told.target_on == WALES.later(day(row["received"]), 20) < told.due_on
    assert any("names no day" in one.msgid for one in told.reasons)
    assert any("own promise" in one.msgid for one in first.reasons) == (law is None)
    late = date(2027, 12, 1)
    ended = complaint_case([*came, happened(EventKind.FINISHED, day(row["received"]))], WALES)
    assert ended.finished_on == day(row["received"]) and not ended.is_late(late)
    assert first.is_late(late) and told.is_late(late)


def test_the_law_s_own_table_of_extended_and_paused_requests() -> None:
    late_summer = [received(date(2026, 9, 10)), *pause(date(2026, 9, 15), date(2026, 9, 25))]
    limit = access_request([*late_summer, happened(EventKind.EXTENDED, date(2026, 10, 1))], WALES)
    assert limit.due_on == date(2026, 12, 21)
    assert limit.notice_by == date(2026, 10, 22)
    may = access_request([received(date(2026, 5, 14)), *pause(date(2026, 5, 15), date(2026, 5, 18))], WALES)
    assert may.due_on == date(2026, 6, 18)
    june = access_request([received(date(2026, 6, 19)), *pause(date(2026, 7, 15), date(2026, 7, 16))], WALES)
    assert june.due_on == date(2026, 7, 21)


def test_case_x_of_the_story_is_due_on_30_december_and_extended_on_2_march() -> None:
    events = [received(date(2026, 11, 23)), *pause(date(2026, 12, 1), date(2026, 12, 8))]
    limit = access_request(events, WALES)
    assert (limit.due_on, limit.notice_by, limit.paused_days) == (date(2026, 12, 30), date(2026, 12, 30), 7)
    refusal = refusal_of_extension(limit, on=date(2027, 1, 2))
    assert refusal is not None
    assert refusal.values == {"date": date(2026, 12, 30)}
    assert refusal_of_extension(limit, on=date(2026, 12, 30)) is None
    extended = access_request([*events, happened(EventKind.EXTENDED, date(2026, 12, 20))], WALES)
    assert extended.due_on == date(2027, 3, 2)


def test_case_y_and_case_z_of_the_story() -> None:
    assert access_request([received(date(2026, 11, 25))], WALES).due_on == date(2026, 12, 29)
    assert access_request([received(date(2027, 1, 31))], WALES).due_on == date(2027, 3, 1)


def test_gwynfors_request_of_23_november_is_due_on_23_december() -> None:
    assert access_request([received(date(2026, 11, 23))], WALES).due_on == date(2026, 12, 23)


def test_a_review_has_a_month_and_no_question_stops_it() -> None:
    events = [received(date(2026, 10, 1)), *pause(date(2026, 10, 5), date(2026, 10, 20))]
    limit = review(events, WALES)
    assert (limit.due_on, limit.paused_days) == (date(2026, 11, 2), 0)
    assert limit.target_on == date(2026, 10, 15)
    assert review([received(date(2026, 10, 1)), *pause(date(2026, 10, 5), None)], WALES).paused_since is None
    extended = review([*events, happened(EventKind.EXTENDED, date(2026, 10, 30))], WALES)
    assert extended.due_on == date(2027, 1, 4)


def test_a_system_s_own_promise_is_the_target_of_a_review_and_never_behind_the_month() -> None:
    for days, target in ((0, "2026-12-07"), (5, "2026-11-30"), (60, "2026-12-23")):
        limit = review([Event(EventKind.RECEIVED, day("2026-11-23"), working_days=days)], WALES)
        assert (limit.target_on, limit.due_on) == (day(target), day("2026-12-23"))


def test_an_agreed_right_only_brings_the_day_of_a_review_forward() -> None:
    began = received(day("2026-11-23"))

    def agreed(days: int, own: str = "one") -> Event:
        return Event(EventKind.AGREED, day("2026-11-25"), own, days)

    five = review([began, agreed(5)], WALES)
    assert (five.due_on, five.target_on, five.notice_by) == (day("2026-11-30"), day("2026-11-30"), None)
    assert review([began, agreed(60)], WALES).due_on == day("2026-12-23")
    ended = Event(EventKind.AGREED_ENDED, day("2026-11-25"), "one")
    assert review([ended, agreed(5), began], WALES) == review([began], WALES)
    assert review([began, agreed(5), ended, agreed(7, "two")], WALES).due_on == day("2026-12-02")


def test_who_takes_longer_for_their_side_moves_our_own_target_and_never_the_day_of_the_law() -> None:
    began = received(day("2026-11-23"))

    def longer(days: int, own: str = "one") -> Event:
        return Event(EventKind.LONGER, day("2026-11-25"), own, days)

    alone = review([began], WALES)
    three = review([began, longer(3)], WALES)
    assert (alone.target_on, three.target_on) == (day("2026-12-07"), day("2026-12-10"))
    assert (three.due_on, three.notice_by) == (alone.due_on, alone.notice_by)
    assert review([began, longer(60)], WALES).target_on == alone.due_on
    ended = Event(EventKind.LONGER_ENDED, day("2026-11-26"), "one")
    assert review([ended, began, longer(3)], WALES) == alone
    assert review([ended, longer(2, "two"), began, longer(3)], WALES).target_on == day("2026-12-09")
    agreed = Event(EventKind.AGREED, day("2026-11-25"), "right", 5)
    assert review([began, agreed, longer(3)], WALES).target_on == day("2026-11-30")


def test_the_second_stage_of_a_review_has_twenty_working_days_of_our_own() -> None:
    events = [received(day("2026-11-02")), happened(EventKind.FINISHED, day("2026-11-20"))]
    limit = review([*events, happened(EventKind.REOPENED, day("2026-11-23"))], WALES)
    assert (limit.due_on, limit.finished_on, limit.notice_by) == (day("2026-12-21"), None, None)


def test_the_own_target_is_28_days_and_moves_with_a_pause() -> None:
    assert access_request([received(date(2026, 11, 23))], WALES).target_on == date(2026, 12, 21)
    paused = [received(date(2026, 11, 23)), *pause(date(2026, 12, 1), date(2026, 12, 8))]
    assert access_request(paused, WALES).target_on == date(2026, 12, 28)


def test_a_body_may_set_its_targets_but_never_behind_the_law() -> None:
    limit = access_request([received(date(2026, 11, 23))], WALES, targets=Targets(access_days=90))
    assert limit.target_on == limit.due_on


def test_an_open_question_says_since_when_and_shows_the_earliest_day() -> None:
    limit = access_request([received(date(2026, 11, 23)), *pause(date(2026, 12, 1), None)], WALES)
    assert limit.paused_since == date(2026, 12, 1)
    assert limit.due_on == date(2026, 12, 23)
    assert not limit.is_running
    assert not limit.is_late(date(2027, 1, 15))


def test_an_open_question_counts_towards_the_day_of_an_extension() -> None:
    events = [received(date(2026, 11, 23)), *pause(date(2026, 12, 1), None)]
    limit = access_request(events, WALES, as_at=date(2026, 12, 28))
    assert limit.paused_since == date(2026, 12, 1)
    assert limit.notice_by == date(2027, 1, 19)  # Wednesday 23 December and 27 paused days
    assert refusal_of_extension(limit, on=date(2026, 12, 28)) is None


def test_a_withdrawn_question_leaves_no_pause_behind() -> None:
    plain = [received(date(2026, 11, 23))]
    undone = [
        *plain,
        *pause(date(2026, 12, 1), None),
        happened(EventKind.CLARIFICATION_WITHDRAWN, date(2026, 12, 5), "q"),
    ]
    assert access_request(undone, WALES) == access_request(plain, WALES)


def test_going_on_without_an_answer_ends_the_pause_that_day() -> None:
    events = [received(date(2026, 11, 23)), *pause(date(2026, 12, 1), None)]
    limit = access_request([*events, happened(EventKind.CLARIFICATION_ENDED, date(2026, 12, 8), "q")], WALES)
    assert (limit.paused_days, limit.paused_since, limit.due_on) == (7, None, date(2026, 12, 30))


def test_overlapping_questions_are_counted_once() -> None:
    events = [
        received(date(2026, 6, 1)),
        *pause(date(2026, 6, 3), date(2026, 6, 10), "one"),
        *pause(date(2026, 6, 8), date(2026, 6, 12), "two"),
    ]
    assert access_request(events, WALES).paused_days == 9


def test_a_pause_before_the_month_starts_counts_only_from_its_start() -> None:
    events = [
        received(date(2026, 9, 1)),
        happened(EventKind.IDENTITY_ASKED, date(2026, 9, 1)),
        happened(EventKind.IDENTITY_RECEIVED, date(2026, 9, 14)),
        *pause(date(2026, 9, 10), date(2026, 9, 16)),
    ]
    limit = access_request(events, WALES)
    assert (limit.paused_days, limit.due_on) == (2, date(2026, 10, 16))


def test_a_question_asked_after_the_last_day_changes_nothing() -> None:
    plain = access_request([received(date(2026, 11, 2))], WALES)
    late = access_request([received(date(2026, 11, 2)), *pause(date(2026, 12, 10), date(2026, 12, 20))], WALES)
    assert late == plain
    assert late.is_late(date(2026, 12, 10))


def test_the_month_waits_for_proof_of_identity() -> None:
    asked = [received(date(2026, 9, 1)), happened(EventKind.IDENTITY_ASKED, date(2026, 9, 2))]
    limit = access_request(asked, WALES)
    assert limit.waiting_since == date(2026, 9, 2)
    assert not limit.is_late(date(2027, 1, 1))
    not_needed = access_request([*asked, happened(EventKind.IDENTITY_NOT_NEEDED, date(2026, 9, 4))], WALES)
    assert (not_needed.waiting_since, not_needed.starts_on) == (None, date(2026, 9, 1))
    again = [*asked, happened(EventKind.IDENTITY_RECEIVED, date(2026, 9, 5))]
    insufficient = access_request([*again, happened(EventKind.IDENTITY_ASKED, date(2026, 9, 7))], WALES)
    assert insufficient.waiting_since == date(2026, 9, 7)


def test_the_month_starts_when_the_fee_is_paid_if_that_is_last() -> None:
    events = [
        received(date(2026, 9, 1)),
        happened(EventKind.IDENTITY_RECEIVED, date(2026, 9, 4)),
        happened(EventKind.FEE_ASKED, date(2026, 9, 2)),
        happened(EventKind.FEE_PAID, date(2026, 9, 14)),
    ]
    assert access_request(events, WALES).due_on == date(2026, 10, 14)


def test_an_answer_in_time_is_never_late_and_a_late_one_stays_late() -> None:
    events = [received(date(2026, 11, 23))]
    done = access_request([*events, happened(EventKind.FINISHED, date(2026, 12, 23))], WALES)
    assert not done.is_late(date(2027, 6, 1))
    late = access_request([*events, happened(EventKind.FINISHED, date(2026, 12, 24))], WALES)
    assert late.is_late(date(2026, 12, 24))


def test_a_second_extension_and_one_of_a_finished_request_are_refused() -> None:
    events = [received(date(2026, 11, 23)), happened(EventKind.EXTENDED, date(2026, 12, 1))]
    assert refusal_of_extension(access_request(events, WALES), on=date(2026, 12, 2)) is not None
    done = access_request([events[0], happened(EventKind.FINISHED, date(2026, 12, 1))], WALES)
    assert refusal_of_extension(done, on=date(2026, 12, 2)) is not None
    made = complaint([events[0]], WALES)
    assert made is not None
    assert refusal_of_extension(made, on=date(2026, 12, 2)) is not None


def test_a_clock_without_a_day_of_receipt_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="receipt"):
        access_request([], WALES)


def said(limit: TimeLimit) -> list[str]:
    return [english(reason) for reason in limit.reasons]


def english(message: Message) -> str:
    chosen = message.plural if message.plural and message.n != 1 else message.msgid
    values = {name: f"{v.day} {v:%B %Y}" if isinstance(v, date) else v for name, v in message.values.items()}
    values = {name: getattr(value, "en", value) for name, value in values.items()}
    return chosen.format(**values)


def test_the_reasons_replay_the_count_over_christmas() -> None:
    assert said(access_request([received(date(2026, 11, 25))], WALES)) == [
        "Received on 25 November 2026",
        "One month later is 25 December 2026",
        "25 December 2026 is not a working day (Christmas Day), so the date moves to 29 December 2026",
        "26 December 2026 is not a working day either (Boxing Day)",
        "28 December 2026 is not a working day either (Boxing Day, substitute day)",
    ]


def test_the_reasons_replay_a_pause_and_an_extension() -> None:
    events = [
        received(date(2026, 11, 23)),
        *pause(date(2026, 12, 1), date(2026, 12, 8)),
        happened(EventKind.EXTENDED, date(2026, 12, 20)),
    ]
    assert said(access_request(events, WALES)) == [
        "Received on 23 November 2026",
        "The time was extended on 20 December 2026",
        "Three months from the start is 23 February 2027",
        "The clock stopped on 1 December 2026, when a question was asked",
        "It started again on 8 December 2026, when the answer came: 7 days",
        "Adding 7 days gives 2 March 2027",
    ]


def test_the_reasons_name_what_the_clock_waits_for() -> None:
    events = [received(date(2026, 9, 1)), happened(EventKind.IDENTITY_ASKED, date(2026, 9, 2))]
    assert said(access_request(events, WALES))[1] == (
        "Proof of identity was asked for on 2 September 2026 and the time starts when it is received"
    )
    paid = [received(date(2026, 9, 1)), happened(EventKind.FEE_PAID, date(2026, 9, 3))]
    assert (
        said(access_request(paid, WALES))[1] == "The fee was paid on 3 September 2026, so the time starts on that day"
    )
    asked = [received(date(2026, 9, 1)), happened(EventKind.FEE_ASKED, date(2026, 9, 3))]
    assert "when it is paid" in said(access_request(asked, WALES))[1]
    open_question = [received(date(2026, 9, 1)), *pause(date(2026, 9, 3), None)]
    assert said(access_request(open_question, WALES))[-2:] == [
        "The clock has been stopped since 3 September 2026, when a question was asked",
        "The date moves on by a day for every day until the answer comes",
    ]


def test_the_reasons_say_that_an_answer_on_the_same_day_stops_nothing() -> None:
    events = [received(date(2026, 7, 1)), *pause(date(2026, 7, 2), date(2026, 7, 2))]
    assert "A question was asked and settled on 2 July 2026, so the clock did not stop" in said(
        access_request(events, WALES)
    )
