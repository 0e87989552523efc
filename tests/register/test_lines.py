"""A register as JSON Lines: every line by itself, a fault told by its number, and nothing of the others lost."""

import copy
import io
import json
from typing import Any

import pytest

from portal.core.errors import ImportRefused
from portal.register import lines
from portal.register.intake import MOST_BYTES
from portal.register.lines import HEADER, Line, in_batches, is_lines, read_lines


def told(*entries: dict[str, Any] | bytes, header: str = HEADER) -> list[Line]:
    rows = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in entries]
    return list(read_lines(io.BytesIO(header.encode() + b"\n".join(rows))))


def other(entry: dict[str, Any], slug: str, code: str | None = None) -> dict[str, Any]:
    return {**copy.deepcopy(entry), "slug": slug, "short_code": code}


def test_a_fault_is_told_by_its_line_and_the_others_are_read(entry: dict[str, Any]) -> None:
    spoilt = other(entry, "spoilt")
    spoilt["record"]["name"] = {"cy": "x" * 101, "en": "x"}
    found = told(entry, b'{"body": }', b"", spoilt, b"[]", other(entry, "last"))
    assert [line.number for line in found] == [2, 3, 5, 6, 7]
    assert [line.entry.slug for line in found if line.entry] == ["door-times", "last"]
    assert [(fault.where, fault.what) for line in found for fault in line.faults] == [
        ("line 3, column 10", "is not JSON from here on"),
        ("line 5 (spoilt), record.name", "is too long in cy: 100 characters at most"),
        ("line 6", "must be an object in curly brackets"),
    ]


def test_a_name_that_an_earlier_line_has_is_a_fault_of_the_later_one(entry: dict[str, Any]) -> None:
    found = told(entry, other(entry, "door-times"), other(entry, "other", entry["short_code"]))
    assert [fault.what for line in found for fault in line.faults] == [
        "has the same body and slug as line 2",
        "has the same short_code as line 2",
    ]
    assert [line.entry is not None for line in found] == [True, False, False]


def test_a_line_that_is_too_long_is_passed_over_whole(entry: dict[str, Any]) -> None:
    found = told(b" " * (2 * MOST_BYTES) + b"x", entry)
    assert [fault.what[:19] for fault in found[0].faults] == ["is larger than 10 M"]
    assert found[1].entry is not None and found[1].number == 3


@pytest.mark.parametrize("header", ["", "{}\n", '{"format": "porth-register/9"}\n', "[]\n"])
def test_a_format_that_is_unknown_refuses_the_file(entry: dict[str, Any], header: str) -> None:
    with pytest.raises(ImportRefused):
        told(entry, header=header)


@pytest.mark.parametrize(
    ("first", "has_lines"),
    [
        (HEADER, True),
        ("\ufeff" + HEADER, True),
        ('{"format": "porth-register/2", "entries": []}', False),
        ('{"format": "porth-register/2", "entries": [', False),
        ("{", False),
        ("", False),
    ],
)
def test_the_first_line_says_whether_there_is_an_entry_on_each(first: str, has_lines: bool) -> None:
    assert is_lines(first.encode()) is has_lines


def test_a_transaction_takes_so_many_lines_or_so_many_bytes() -> None:
    many = [Line(number, b"x") for number in range(2, 2 + 2 * lines.AT_ONCE + 1)]
    assert [len(batch) for batch in in_batches(many)] == [lines.AT_ONCE, lines.AT_ONCE, 1]
    large = [Line(number, b"x" * (lines.BYTES_AT_ONCE // 2)) for number in range(2, 7)]
    assert [len(batch) for batch in in_batches(large)] == [2, 2, 1]
    assert list(in_batches([])) == []
