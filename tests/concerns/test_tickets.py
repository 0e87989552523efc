"""Tickets: ours are read and nobody else's, for their use and their time alone; work and waiting in numbers."""

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.concerns.reporting.tickets import (
    LONGEST_WAIT,
    MOST_LEVEL,
    PATIENCE,
    WINDOW,
    Kind,
    Ticket,
    bits_at,
    file_level,
    is_solved,
    issue,
    level_of,
    read_ticket,
    wait_at,
)
from portal.settings.models import Settings
from tests.tickets import solve, spell

KEY, OTHER = bytes(range(32)), bytes(32)
NOW = datetime(2026, 11, 22, 9, 0, 3, tzinfo=UTC)


def given_out(kind: Kind = Kind.WORK, *, now: datetime = NOW, bits: int = 5) -> Ticket:
    found = read_ticket([KEY], kind, issue([KEY], kind, now=now, bits=bits))
    assert found is not None
    return found


@pytest.mark.parametrize("kind", Kind)
def test_a_ticket_of_ours_is_read_for_its_own_use_alone(kind: Kind) -> None:
    text = issue([KEY], kind, now=NOW, bits=7)
    found = read_ticket([KEY], kind, text)
    assert found is not None
    assert (found.kind, found.bits) == (kind, 7)
    assert all(read_ticket([KEY], other, text) is None for other in Kind if other is not kind)


def test_a_key_that_was_put_second_still_reads_and_a_foreign_one_does_not() -> None:
    text = issue([OTHER], Kind.WORK, now=NOW)
    assert read_ticket([KEY, OTHER], Kind.WORK, text) is not None
    assert read_ticket([KEY], Kind.WORK, text) is None


@given(place=st.integers(0, 47), letter=st.sampled_from("ABCxyz059-_=+ /ŵ\x00"))
def test_a_ticket_with_any_letter_changed_is_none(place: int, letter: str) -> None:
    text = issue([KEY], Kind.WORK, now=NOW)
    changed = text[:place] + letter + text[place + 1 :]
    assert (read_ticket([KEY], Kind.WORK, changed) is not None) == (changed == text)


@given(st.text(max_size=100))
def test_nonsense_is_no_ticket(text: str) -> None:
    assert read_ticket([KEY], Kind.FORM, text) is None


def test_no_two_tickets_of_one_moment_are_the_same_and_they_say_nothing_else() -> None:
    tickets = {issue([KEY], Kind.FORM, now=NOW) for _ in range(100)}
    assert len(tickets) == 100
    assert {len(text) for text in tickets} == {48}


def test_work_is_good_for_a_quarter_of_an_hour_and_a_form_for_half_a_day() -> None:
    for kind, least, most in ((Kind.WORK, timedelta(minutes=15), timedelta(minutes=20)),
                              (Kind.FORM, timedelta(hours=12), timedelta(hours=12, seconds=5))):  # fmt: skip
        ticket = given_out(kind)
        assert ticket.is_good(NOW)
        assert ticket.is_good(NOW + least)
        assert not ticket.is_good(NOW + most)
        assert ticket.is_good(NOW - timedelta(seconds=1)), "another machine's clock may be a little behind"
        assert not ticket.is_good(NOW - timedelta(hours=1))


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), st.sampled_from(list(Kind)))
def test_it_is_remembered_until_no_moment_is_left_in_which_it_is_good(moment: datetime, kind: Kind) -> None:
    now = moment.replace(tzinfo=UTC)
    ticket = given_out(kind, now=now)
    last = now
    while ticket.is_good(last):
        last += timedelta(seconds=WINDOW[kind])
    assert (last - timedelta(seconds=WINDOW[kind])).date() <= ticket.last_day


@given(st.integers(0, 120), st.integers(0, 300), st.integers(0, 4))
def test_a_form_never_gets_through_before_its_time_and_always_a_window_later(wait: int, later: int, at: int) -> None:
    begun = datetime(2026, 11, 22, 9, 0, at, tzinfo=UTC)
    ticket, now = given_out(Kind.FORM, now=begun), begun + timedelta(seconds=later)
    if ticket.has_waited(wait, now):
        assert later >= wait
    if later >= wait + 2 * WINDOW[Kind.FORM]:
        assert ticket.has_waited(wait, now)


@pytest.mark.parametrize("bits", range(12))
def test_work_is_the_zero_bits_before_the_hash(bits: int) -> None:
    text = issue([KEY], Kind.WORK, now=NOW, bits=bits)
    _, _, nonce = solve(text, bits).partition(".")
    digest = int.from_bytes(hashlib.sha256((text + nonce).encode()).digest())
    assert digest >> (256 - bits) == 0
    assert is_solved(text, nonce, bits)
    assert not is_solved(text, nonce, 200)


@pytest.mark.parametrize("nonce", ["", "a" * 8, "A", "a ", "-1", "ŵ", "a\n", "\x00", "1.1"])
def test_a_nonce_is_up_to_seven_letters_and_digits(nonce: str) -> None:
    assert not is_solved(issue([KEY], Kind.WORK, now=NOW), nonce, 0)
    assert is_solved(issue([KEY], Kind.WORK, now=NOW), spell(10**10)[-7:], 0)


def test_each_doubling_above_the_calm_number_doubles_the_work_and_the_wait_up_to_a_limit() -> None:
    assert [level_of(recent, 60) for recent in (0, 60, 61, 120, 121, 240, 241)] == [0, 0, 1, 1, 2, 2, 3]
    assert level_of(10**9, 1) == MOST_LEVEL
    assert [bits_at(level, 16) for level in range(3)] == [16, 17, 18]
    assert [wait_at(level, 5) for level in range(7)] == [5, 10, 20, 40, 80, LONGEST_WAIT, LONGEST_WAIT]
    assert wait_at(MOST_LEVEL, 0) == 0


def test_every_process_derives_the_same_keys_and_none_is_the_vaults(settings: Settings) -> None:
    again = Settings.model_validate(settings.model_dump())
    assert settings.ticket_keys == again.ticket_keys
    assert settings.ticket_keys[0] != bytes(range(32))


def test_the_last_day_is_a_day_and_no_finer() -> None:
    assert given_out().last_day == date(2026, 11, 22)
    assert given_out(Kind.FORM, now=NOW.replace(hour=13)).last_day == date(2026, 11, 23)
    assert {given_out(now=NOW + timedelta(minutes=minute)).last_day for minute in range(600)} == {date(2026, 11, 22)}


MIB = 1024 * 1024


@pytest.mark.parametrize(
    ("size", "waiting", "level"),
    [(64, 0, 0), (64, 1984, 0), (1, 2047, 0), (1, 2048, 1), (64, 2048, 7), (16, 2048, 5), (1, 3072, 2), (64, 3072, 8),
     (1, 4095, 8)],
)  # fmt: skip
def test_work_for_a_file_rises_once_half_is_full_and_for_large_ones_first(size: int, waiting: int, level: int) -> None:
    assert file_level(size * MIB, waiting * MIB, 4096 * MIB) == level


def test_a_form_ticket_is_fresh_for_its_wait_and_the_time_to_press_the_button() -> None:
    ticket = given_out(Kind.FORM)
    assert ticket.is_fresh(20, NOW + timedelta(seconds=20 + PATIENCE - 5))
    assert not ticket.is_fresh(20, NOW + timedelta(seconds=20 + PATIENCE + 5))
