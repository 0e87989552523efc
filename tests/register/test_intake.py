"""Files with faults: each named by entry and field, no value repeated, nothing taken."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from portal.core.errors import Fault, ImportRefused
from portal.register.completeness import gaps
from portal.register.intake import MOST_BYTES, read_register

Write = Callable[..., bytes]


def faults_of(data: bytes) -> tuple[Fault, ...]:
    with pytest.raises(ImportRefused) as refused:
        read_register(data)
    return refused.value.faults


def changed(entry: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """The entry with one field set (or taken away, for None)."""
    copied = copy.deepcopy(entry)
    at: Any = copied
    *steps, last = path.split(".")
    for step in steps:
        at = at[int(step)] if isinstance(at, list) else at[step]
    if value is None:
        del at[last]
    else:
        at[last] = value
    return copied


def test_the_example_of_the_documentation_is_a_good_entry(entry: dict[str, Any], as_file: Write) -> None:
    (read,) = read_register(as_file(entry))
    assert (read.body, read.slug, read.short_code, read.is_draft) == ("dyffryn-cledwen", "door-times", "DR7M2K", False)


SPOILT = [
    ("short_code", "AEIOU1", "entry 1 (door-times), short_code", "form"),
    ("slug", "Door Times", "entry 1 (Door Times), slug", "form"),
    ("published_on", "2026-02-31", "entry 1 (door-times), published_on", "exists"),
    ("published_on", None, "entry 1 (door-times), published_on", "missing"),
    ("colour", "red", "entry 1 (door-times), colour", "not a field"),
    ("record.name", {"cy": "x" * 101, "en": "x"}, "entry 1 (door-times), record.name", "too long in cy: 100"),
    ("record.state", "alive", "entry 1 (door-times), record.state", "one of"),
    ("record.kinds", [], "entry 1 (door-times), record.kinds", "missing"),
    ("record.mailbox", "nobody", "entry 1 (door-times), record.mailbox", "form"),
    ("record.summary.en", "", "entry 1 (door-times), record.summary.en", "both languages"),
    ("record.summary.fr", "non", "entry 1 (door-times), record.summary.fr", "not a field"),
    ("record.decision_points", [], "entry 1 (door-times), record.decision_points", "missing"),
    (
        "record.decision_points.0.solely_automated",
        True,
        "entry 1 (door-times), record.decision_points[1]",
        "person decides",
    ),
    ("record.affected.0.strength", "rules", "entry 1 (door-times), record.affected[1].strength", "one of"),
    ("record.affected.0.until", "2020-01-01", "entry 1 (door-times), record.affected[1]", "ends before"),
    ("record.assessments.0.done_on", None, "entry 1 (door-times), record.assessments[1]", "done_on"),
    ("record.data_items.0.label", "Times", "entry 1 (door-times), record.data_items[1].label", "curly"),
]


@pytest.mark.parametrize(("path", "value", "where", "what"), SPOILT)
def test_a_fault_is_told_by_entry_and_field(
    entry: dict[str, Any], as_file: Write, path: str, value: object, where: str, what: str
) -> None:
    (fault,) = faults_of(as_file(changed(entry, path, value)))
    assert fault.where == where
    assert what in fault.what


def test_all_faults_of_all_entries_are_told_at_once(entry: dict[str, Any], as_file: Write) -> None:
    one = changed(changed(entry, "record.state", "alive"), "record.mailbox", "nobody")
    two = changed(changed(changed(entry, "slug", "other"), "short_code", "XR7M2K"), "record.team.cy", "")
    found = faults_of(as_file(one, two))
    assert [fault.where for fault in found] == [
        "entry 1 (door-times), record.state",
        "entry 1 (door-times), record.mailbox",
        "entry 2 (other), record.team.cy",
    ]


def test_a_fault_never_repeats_what_was_written(entry: dict[str, Any], as_file: Write) -> None:
    secret = "Siân told us"
    spoilt = changed(changed(entry, "record.state", secret), "record.last_confirmed_on", secret)
    assert all(secret not in fault.where + fault.what for fault in faults_of(as_file(spoilt)))


def test_the_same_slug_or_code_twice_is_a_fault(entry: dict[str, Any], as_file: Write) -> None:
    assert [fault.what for fault in faults_of(as_file(entry, entry))] == [
        "has the same body and slug as entry 1",
        "has the same short_code as entry 1",
    ]


def test_a_draft_may_lack_a_language(entry: dict[str, Any], as_file: Write) -> None:
    half = changed(changed(entry, "record.summary.cy", ""), "draft", True)
    (read,) = read_register(as_file(half))
    assert read.is_draft and [gap.path for gap in gaps(read.latest)] == ["summary.cy"]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "not JSON"),
        (b"[1, 2", "not JSON"),
        ('{"format": "Môn"}'.encode("latin-1"), "UTF-8"),
        (b'{"format": "porth-register/1", "format": "x", "entries": []}', "twice"),
        (b'{"format": "porth-register/3", "entries": []}', "porth-register/1"),
        (b"[]", "curly"),
        (b'{"format": "porth-register/1", "entries": [7]}', "curly"),
        (b"[" * 200_000, "nested"),
        (b" " * (MOST_BYTES + 1), "10 MB"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(data: bytes, what: str) -> None:
    assert any(what in fault.what for fault in faults_of(data))


def test_a_byte_order_mark_is_no_fault(entry: dict[str, Any], as_file: Write) -> None:
    assert read_register(b"\xef\xbb\xbf" + as_file(entry))


def test_an_earlier_version_tells_only_what_differed(entry: dict[str, Any], as_file: Write) -> None:
    entry["earlier"] = [{"published_on": "2026-03-01", "record": {"state": "pilot"}}]
    entry["record"]["change"] = {
        "change_class": "minor",
        "effective_on": "2026-09-01",
        "headline": {"cy": "Ar waith", "en": "In use"},
        "before": {"cy": "Treial", "en": "Trial"},
        "now": {"cy": "Ar waith", "en": "In use"},
        "what_changes_for_you": {"cy": "Dim byd", "en": "Nothing"},
    }
    (read,) = read_register(as_file(entry))
    first, second = (dated.record for dated in read.versions)
    assert (first.state, second.state) == ("pilot", "live")
    assert first.change is None and second.change is not None
    assert first.name == second.name


def test_earlier_versions_stand_in_order(entry: dict[str, Any], as_file: Write) -> None:
    entry["earlier"] = [{"published_on": "2026-09-02", "record": {}}]
    assert "oldest first" in faults_of(as_file(entry))[0].what


def test_a_file_of_ten_megabytes_of_entries_is_read(entry: dict[str, Any], as_file: Write) -> None:
    text = json.dumps(entry)
    many = b",".join(
        text.replace("door-times", f"door-{place}").replace("DR7M2K", code_of(place)).encode() for place in range(300)
    )
    data = b'{"format": "porth-register/1", "entries": [' + many + b"]}"
    assert len(read_register(data)) == 300


def code_of(number: int) -> str:
    letters = "23456789BCDFGHJKMNPQRSTVWXYZ"
    return "DR7" + "".join(letters[number // 28**power % 28] for power in (2, 1, 0))
