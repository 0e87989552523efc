"""A cleaned film is a film: its boxes are whole, and every sample stands where its index says."""

import struct
from collections.abc import Iterator

import pytest

from anonymity.cleaning.cleaner import clean
from tests.anonymity.cleaning.planted import planted_files
from tests.anonymity.cleaning.sounds import film_samples

FILES = {one.name: one for one in planted_files()}
HOLD_OTHERS = {b"moov", b"trak", b"edts", b"mdia", b"minf", b"dinf", b"stbl"}
SAMPLES = {"film.mp4": (1, 2), "clip.mp4": (4, 2), "voice.m4a": (2,)}


def boxes(data: bytes, start: int = 0, end: int | None = None) -> Iterator[tuple[tuple[bytes, ...], int, int]]:
    """Every box with the names of those around it, and where its body starts and ends."""
    end = len(data) if end is None else end
    while start < end:
        size, name = struct.unpack_from(">I4s", data, start)
        assert size >= 8 and start + size <= end
        yield (name,), start + 8, start + size
        if name in HOLD_OTHERS:
            yield from (((name, *path), low, high) for path, low, high in boxes(data, start + 8, start + size))
        start += size


def cleaned(name: str) -> bytes:
    return b"".join(clean([FILES[name].data]).chunks)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_of_a_kept_track_is_where_the_index_says(name: str) -> None:
    data = cleaned(name)
    tables = [(low, high) for path, low, high in boxes(data) if path[-1] == b"stbl"]
    assert len(tables) == len(SAMPLES[name])
    for (low, high), seed in zip(tables, SAMPLES[name], strict=True):
        inner = {path[-1]: data[start:end] for path, start, end in boxes(data, low, high)}
        places = struct.unpack(f">{struct.unpack('>I', inner[b'stco'][4:8])[0]}I", inner[b"stco"][8:])
        found = b"".join(data[place : place + 200] for place in places)
        wanted = film_samples(seed)
        pairs = [b"".join(wanted[n : n + 2]) for n in range(0, len(wanted), 2)]
        assert [data[place : place + len(pair)] for place, pair in zip(places, pairs, strict=True)] == pairs
        assert found


@pytest.mark.parametrize("name", SAMPLES)
def test_no_box_is_left_that_the_table_does_not_name(name: str) -> None:
    names = {path[-1] for path, _, _ in boxes(cleaned(name))}
    assert names <= {
        *(b"ftyp", b"moov", b"mdat", b"mvhd", b"trak", b"tkhd", b"edts", b"elst", b"mdia", b"mdhd", b"hdlr", b"minf"),
        *(b"vmhd", b"smhd", b"dinf", b"dref", b"stbl", b"stsd", b"stts", b"stsc", b"stsz", b"stco"),
    }


@pytest.mark.parametrize("name", SAMPLES)
def test_all_times_are_zero_and_no_handler_has_a_name(name: str) -> None:
    data = cleaned(name)
    for path, low, high in boxes(data):
        if path[-1] in (b"mvhd", b"tkhd", b"mdhd"):
            assert data[low + 4 : low + 12] == bytes(8)
        if path[-1] == b"hdlr":
            assert data[low + 12 : high].strip(b"\0") == b""


def test_the_data_of_removed_tracks_and_of_gaps_is_zero() -> None:
    data = cleaned("film.mp4")
    ((low, high),) = [(low, high) for path, low, high in boxes(data) if path == (b"mdat",)]
    kept = data[low:high]
    for seed in (1, 2):
        for sample in film_samples(seed):
            assert sample in kept
            kept = kept.replace(sample, b"", 1)
    assert kept.strip(b"\0") == b""
