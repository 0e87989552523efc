"""Work in a process apart: the same answers, a limit of time, and a new process after one that broke."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.documents import reading
from portal.documents.apart import Apart
from portal.documents.cuts import AreaCut, CannotCut, CellsCut, Cut, PageCut, SheetCut, WordsCut, from_json, to_json
from portal.documents.findings import FindingCode
from portal.documents.jobs import BEAT, HEAD, Heart, answer, read
from portal.documents.kinds import FileKind
from portal.documents.pace import PACE, Stage, nobody
from portal.documents.scanning import scan
from tests.documents.papers import NAME, simple
from tests.documents.sheets import rota

PAGE = simple(b"Rota", b"About Mali Tudur and Gwyn")


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    made = Apart()
    yield made
    made.close()


def test_what_is_done_apart_is_what_is_done_here(apart: Apart) -> None:
    assert apart.outline(FileKind.PDF, PAGE) == reading.outline(FileKind.PDF, PAGE)
    assert apart.picture_of(FileKind.PDF, PAGE, 1) == reading.picture_of(FileKind.PDF, PAGE, 1)
    cutting = apart.cut(FileKind.PDF, PAGE, [WordsCut(NAME)])
    assert (cutting.kind, list(cutting.counts)) == (FileKind.PDF, [1])
    assert apart.scan(FileKind.PDF, cutting.data, gone=[NAME]) == ()
    codes = {one.code for one in apart.scan(FileKind.WORKBOOK, rota())}
    assert FindingCode.HIDDEN_SHEET in codes
    kind, fixed, _lost = apart.fix(FileKind.WORKBOOK, rota())
    assert apart.scan(kind, fixed) == ()
    assert not apart.is_marked("a.pdf", PAGE)


def test_a_file_that_cannot_be_read_is_refused_and_the_next_one_is_read(apart: Apart) -> None:
    with pytest.raises(CannotCut) as refused:
        apart.outline(FileKind.PDF, b"%PDF-1.7 nonsense")
    assert refused.value.reason == "unreadable"
    assert apart.outline(FileKind.TEXT, b"hello")[0].text == "hello"


def test_a_job_that_takes_too_long_ends_its_process_and_the_next_begins_another() -> None:
    hasty = Apart(time_limit=0.01)
    with pytest.raises(CannotCut) as refused:
        hasty.outline(FileKind.TEXT, b"hello")
    assert refused.value.reason == "too_long"
    hasty._time_limit, hasty._whole_limit = 60, 0.01
    with pytest.raises(CannotCut, match="too_long"):
        hasty.outline(FileKind.TEXT, b"hello")
    hasty._whole_limit = 60
    assert hasty.outline(FileKind.TEXT, b"hello")[0].text == "hello"
    hasty.close()


def test_a_job_says_that_it_goes_on_with_every_page_and_then_answers() -> None:
    out = io.BytesIO()
    PACE.heard = Heart(out, apart=0.0).beat
    try:
        scan(FileKind.PDF, PAGE)
    finally:
        PACE.heard = nobody
    out.seek(0)
    beats = list(iter(lambda: read(out), None))
    assert len(beats) >= 2
    assert not any(octets for _said, octets in beats)
    told = [said[BEAT] for said, _octets in beats]
    assert {one["stage"] for one in told} <= set(Stage)
    assert all(1 <= one["page"] <= one["pages"] for one in told)


def test_who_waits_too_long_for_a_turn_is_told_so() -> None:
    one = Apart(wait_limit=0.01)
    with one._turn, pytest.raises(CannotCut) as refused:
        one.outline(FileKind.TEXT, b"hello")
    assert refused.value.reason == "busy"


def test_few_wait_and_everybody_else_is_told_at_once_to_try_again() -> None:
    one = Apart(wait_limit=60, most_waiting=0)
    with one._places, pytest.raises(CannotCut, match="busy"):
        one.outline(FileKind.TEXT, b"hello")
    assert one.outline(FileKind.TEXT, b"hello")[0].text == "hello"
    one.close()


def test_a_file_that_needs_more_memory_than_there_may_be_ends_its_job_alone() -> None:
    """The octets alone are more than there may be."""
    small = Apart(most_memory=400 * 1024**2)
    try:
        with pytest.raises(CannotCut) as refused:
            small.is_marked("a.bin", bytes(450 * 1024**2))
        assert refused.value.reason in {"too_complex", "damaged"}
        assert small.outline(FileKind.TEXT, b"hello")[0].text == "hello"
        assert small._process is not None
        limits = Path(f"/proc/{small._process.pid}/limits").read_text()
        assert re.search(rf"Max address space +{400 * 1024**2} +{400 * 1024**2} ", limits)
    finally:
        small.close()


def test_what_breaks_our_readers_is_one_word() -> None:
    assert answer({"job": "outline", "kind": "nonsense"}, b"") == ({"refused": "damaged"}, b"")


def test_a_message_that_claims_to_be_endless_is_not_waited_for() -> None:
    assert read(io.BytesIO(HEAD.pack(2, 1 << 60) + b"{}")) is None
    assert read(io.BytesIO(HEAD.pack(2, 4) + b"{}a")) is None
    assert read(io.BytesIO(HEAD.pack(2, 1) + b"{}a")) == ({}, b"a")


@pytest.mark.parametrize(
    "cut", [WordsCut("a", whole=False), AreaCut(1, 0.1, 0.2, 0.3, 0.4), PageCut(2), SheetCut("S"), CellsCut("", "A:A")]
)
def test_a_cut_is_the_same_after_it_was_written_down(cut: Cut) -> None:
    assert from_json(to_json(cut)) == cut
