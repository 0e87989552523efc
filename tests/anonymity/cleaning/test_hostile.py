"""Whatever a file holds, cleaning ends soon, in little memory, and fails in one way only."""

import tracemalloc
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anonymity.cleaning.cleaner import clean
from anonymity.cleaning.outcome import CannotClean
from tests.anonymity.cleaning.pictures import encoded, scene, segment
from tests.anonymity.cleaning.planted import planted_files
from tests.anonymity.cleaning.sounds import box, film, mp3_frame
from tests.prepared import FULL

FILES = {one.name: one.data for one in planted_files()}
MOST_FOR_SMALL_FILES = 24 << 20
CALMLY = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
NUMBERS = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\1", b"\1\0\0\0", b"\x80\0\0\0")


def run(data: bytes) -> int:
    """How many bytes came out; a refusal is fine, anything else is not."""
    size = 0
    with suppress(CannotClean):
        for octets in clean([data]).chunks:
            size += len(octets)
    return size


@st.composite
def mutated(draw: st.DrawFn, data: bytes) -> bytes:
    """The file with a few bytes, numbers or pieces changed, lost, doubled or swapped."""
    mutant = bytearray(data)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(0, len(mutant) - 1)))
        size = draw(st.integers(1, 64))
        match draw(st.integers(0, 5)):
            case 0:
                mutant[at : at + 1] = bytes([draw(st.integers(0, 255))])
            case 1:
                mutant[at : at + 4] = draw(st.sampled_from(NUMBERS))
            case 2:
                del mutant[at : at + size]
            case 3:
                mutant[at:at] = mutant[at : at + size]
            case 4:
                mutant = mutant[: at + 1]
            case _:
                mutant[at:at] = draw(st.binary(max_size=32))
    return bytes(mutant)


@pytest.mark.parametrize("name", FILES)
@CALMLY
@given(data=st.data())
def test_a_changed_file_is_cleaned_or_refused_and_never_takes_much(name: str, data: st.DataObject) -> None:
    mutant = data.draw(mutated(FILES[name]))
    tracemalloc.start()
    try:
        size = run(mutant)
        assert tracemalloc.get_traced_memory()[1] < MOST_FOR_SMALL_FILES
    finally:
        tracemalloc.stop()
    assert size <= 2 * len(mutant) + 65_536


@CALMLY
@given(start=st.sampled_from([data[:16] for data in FILES.values()]), rest=st.binary(max_size=400))
def test_the_beginning_of_a_type_with_anything_behind_is_cleaned_or_refused(start: bytes, rest: bytes) -> None:
    assert run(start + rest) <= 2 * len(start + rest) + 65_536, "cleaned, or refused by the one failure there is"


@CALMLY
@given(data=st.binary(max_size=600))
def test_anything_at_all_is_cleaned_or_refused(data: bytes) -> None:
    assert run(data) <= 2 * len(data) + 65_536


def test_a_strange_pdf_is_spoken_of_nowhere(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    run(FILES["scanned.pdf"].replace(b"/Kids [ ", b"/Kids [ (secret) "))
    run(FILES["scanned.pdf"].replace(b"endobj", b"endobi").replace(b"/DCTDecode", b"/secret"))
    run(FILES["report.pdf"][:-900])
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []


def test_a_film_of_more_than_four_gigabytes_is_damaged() -> None:
    assert run(FILES["clip.mp4"].replace(b"\0\0\0\1mdat\0\0\0\0", b"\0\0\0\1mdat\0\1\0\0")) == 0


PHOTO = encoded(scene(size=(320, 240)), "JPEG", quality=95)


BLOCKS = 640 if FULL else 256
LONG = BLOCKS << 16
"""Bytes: sixteen million, four times what may be held in memory; forty with FULL=1."""


def large_photo() -> Iterator[bytes]:
    data = PHOTO
    scan = data.index(b"\xff\xda") + 14
    body = data[scan:-2].replace(b"\xff", b"\xfe")
    yield data[:2] + segment(0xFE, b"comment") + data[2:scan]
    for _ in range(LONG // len(body)):
        yield body
    yield b"\xff\xd9"


def large_film() -> Iterator[bytes]:
    planted = film().data
    yield planted[: planted.index(b"mdat") - 4]
    yield LONG.to_bytes(4, "big") + b"mdat"
    rest = planted[planted.index(b"mdat") + 4 :]
    yield rest
    for _ in range(BLOCKS - 1):
        yield bytes(range(256)) * 256
    yield bytes(LONG - 8 - len(rest) - (BLOCKS - 1) * 65_536)


def late_film() -> Iterator[bytes]:
    yield box(b"ftyp", b"isom", bytes(4), b"isom") + LONG.to_bytes(4, "big") + b"mdat"
    for n in range(BLOCKS):
        yield (bytes(range(256)) * 256)[: 65_536 - (8 if n == 0 else 0)]


def large_sound() -> Iterator[bytes]:
    block = b"".join(mp3_frame(n) for n in range(157))
    for _ in range(BLOCKS):
        yield block


def large_text() -> Iterator[bytes]:
    for _ in range(BLOCKS):
        yield "Fe newidiwyd y rota dros nos, ŵ.\n".encode() * 1900


@pytest.mark.parametrize("make", [large_photo, large_film, late_film, large_sound, large_text])
def test_streamed_types_take_the_same_little_memory_however_long_they_are(make: object) -> None:
    size = 0
    tracemalloc.start()
    try:
        with suppress(CannotClean):
            for octets in clean(make()).chunks:  # type: ignore[operator]
                size += len(octets)
        assert size > LONG * 9 // 10, "it was not streamed to its end"
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()
