"""Identifiers say nothing and repeat never; cursors and clocks survive nonsense."""

import base64
import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core import ids
from portal.core.clock import Clock, london_day
from portal.core.paging import read_cursor, write_cursor


def test_ids_are_26_small_letters_and_digits_and_never_the_same() -> None:
    drawn = {ids.new_id() for _ in range(500)}
    assert len(drawn) == 500
    assert all(re.fullmatch(r"[a-z2-7]{26}", one) for one in drawn)


def test_ids_do_not_say_in_which_order_they_were_made() -> None:
    drawn = [ids.new_id() for _ in range(200)]
    assert drawn != sorted(drawn)
    assert len({one[:3] for one in drawn}) > 150


def test_references_can_be_read_out_and_typed() -> None:
    for _ in range(100):
        assert re.fullmatch(r"AC-[2-9B-DF-HJKMNP-TV-Z]{4}-[2-9B-DF-HJKMNP-TV-Z]{4}", ids.new_reference("AC"))


def test_tokens_have_256_bits_and_the_database_keeps_a_digest() -> None:
    token = ids.new_token()
    assert len(base64.urlsafe_b64decode(token + "=")) == 32
    assert ids.token_hash(token) != ids.token_hash(token[:-1] + ("A" if token[-1] != "A" else "B"))
    assert token.encode() not in ids.token_hash(token)


@given(
    st.lists(
        st.one_of(st.none(), st.text(max_size=20).filter(str.isprintable), st.integers(-(10**9), 10**9)),
        min_size=1,
        max_size=3,
    )
)
def test_a_cursor_reads_back_what_was_written(values: list[str | int | None]) -> None:
    written = write_cursor(*values)
    if len(written) <= 400:
        assert read_cursor(written, len(values)) == values
    assert re.fullmatch(r"[\w-]*", written)


@given(st.text(max_size=500))
def test_a_cursor_of_nonsense_shows_the_first_page(nonsense: str) -> None:
    found = read_cursor(nonsense, 2)
    assert found is None or len(found) == 2


@pytest.mark.parametrize(
    "content", [b"", b"[", b"{}", b"[1]", b"[1,2,3]", b"[[],1]", b'[{"a":1},1]', b"[1.5,1]", b"[1e999,1]", b"\xff\xfe",
                b"[" * 300, b"null", b'["a"'],
)  # fmt: skip
def test_a_cursor_of_another_shape_shows_the_first_page(content: bytes) -> None:
    assert read_cursor(base64.urlsafe_b64encode(content).decode().rstrip("="), 2) is None


def test_a_cursor_with_a_number_too_long_to_read_shows_the_first_page() -> None:
    long = base64.urlsafe_b64encode(b"[" + b"9" * 5000 + b",1]").decode()
    assert read_cursor(long, 2) is None
    assert read_cursor(None, 1) is None
    assert read_cursor(write_cursor(json.dumps("x" * 500)), 1) is None


def test_the_local_day_of_a_summer_evening_is_tomorrow() -> None:
    assert london_day(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == date(2026, 7, 1)
    assert london_day(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == date(2026, 12, 31)


def test_a_held_clock_tells_what_its_file_holds_and_follows_it(tmp_path: Path) -> None:
    held = tmp_path / "clock"
    clock = Clock(held)
    held.write_text("2026-06-30T23:30:00+00:00\n")
    assert clock.now() == datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert clock.today() == date(2026, 7, 1)
    held.write_text("2026-07-02T00:30:00+01:00")
    assert clock.now() == datetime(2026, 7, 1, 23, 30, tzinfo=UTC)


def test_the_real_clock_is_aware_and_moves() -> None:
    first, second = Clock().now(), Clock().now()
    assert first.utcoffset() == timedelta(0)
    assert first <= second
