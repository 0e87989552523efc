"""The index of an MP4 file written anew: only what a player needs to show pictures and play sound (CLEANING.md 6)."""

import re
import struct
from dataclasses import dataclass, field

from anonymity.cleaning import xmp
from anonymity.cleaning.boxes import box, first, inside, table
from anonymity.cleaning.outcome import CannotClean, Found, Reason, sound
from anonymity.cleaning.samples import chunk_places, merged, used_ranges
from anonymity.cleaning.tracks import description

_SORTS = {
    Found.GPS: re.compile(rb"\xa9xyz|loci|location|GPS|gps"),
    Found.DEVICE: re.compile(rb"\xa9ma[kn]|\xa9mod|manu|modl|model|smta|tagc|\.make"),
    Found.AUTHOR: re.compile(rb"\xa9ART|\xa9aut|auth|perf|aART|\xa9wrt|artist"),
    Found.DATES: re.compile(rb"\xa9day|yrrc|creationdate|date"),
    Found.SOFTWARE: re.compile(rb"\xa9too|\xa9swr|\xa9enc|\xa9fmt|software"),
    Found.THUMBNAIL: re.compile(rb"covr|thmb|SNAL|THMB"),
    Found.DESCRIPTION: re.compile(rb"titl|dscp|cprt|kywd|\xa9nam|\xa9cmt|\xa9des|\xa9lyr|desc|name"),
    Found.TRACKS: re.compile(rb"chpl"),
}
_KEPT = (b"vide", b"soun")
_UNDETERMINED = 0x55C4


@dataclass
class Index:
    """A whole index, read: what is kept of it, and which bytes of the data it needs."""

    header: bytes
    tracks: list["_Track"] = field(default_factory=list)
    dropped_samples: bool = False
    ranges: list[tuple[int, int]] = field(default_factory=list)

    def written(self, shift: int) -> bytes:
        """The index anew, with the data moved by so many bytes. Its length does not depend on that."""
        return box(b"moov", self.header, *(track.written(shift) for track in self.tracks))


@dataclass
class _Track:
    header: bytes
    media: bytes
    handler: bytes
    information: bytes
    tables: bytes
    places: list[int]

    def written(self, shift: int) -> bytes:
        offsets = [place + shift for place in self.places]
        sound(all(0 <= place < 1 << 32 for place in offsets))
        stco = box(b"stco", struct.pack(f">II{len(offsets)}I", 0, len(offsets), *offsets))
        dinf = box(b"dinf", box(b"dref", b"\0\0\0\0\0\0\0\1", box(b"url ", b"\0\0\0\1")))
        minf = box(b"minf", self.information, dinf, box(b"stbl", self.tables, stco))
        return box(b"trak", self.header, box(b"mdia", self.media, self.handler, minf))


def read(body: bytes, found: set[Found]) -> Index:
    """Reads the body of an index; adds what sorts of things in it are not kept."""
    boxes = list(inside(body))
    if any(name in (b"mvex", b"moof") for name, _ in boxes):
        raise CannotClean(Reason.FRAGMENTED)
    index = Index(_movie_header(first(body, b"mvhd"), found))
    ranges: list[tuple[int, int]] = []
    for name, inner in boxes:
        if name == b"trak":
            _add_track(index, inner, ranges, found)
        elif name != b"mvhd":
            tell(name, inner, found)
    sound(index.tracks)
    index.ranges = merged(ranges)
    return index


def tell(name: bytes, body: bytes, found: set[Found]) -> None:
    """Adds what sorts of things stood in a box that is not kept."""
    if name in (b"free", b"skip", b"wide") and not body.strip(b"\0"):
        return
    sorts = {sort for sort, pattern in _SORTS.items() if pattern.search(body)}
    if b"<x:xmpmeta" in body:
        xmp.read(body, sorts)
    found |= sorts if name in (b"udta", b"meta") and sorts else sorts | {Found.HIDDEN_PARTS}


def _add_track(index: Index, body: bytes, ranges: list[tuple[int, int]], found: set[Found]) -> None:
    mdia = first(body, b"mdia")
    kind = first(mdia, b"hdlr")[8:12]
    minf = first(mdia, b"minf")
    stbl = first(minf, b"stbl")
    if kind not in _KEPT:
        found.add(Found.TRACKS)
        index.dropped_samples |= any(name in (b"stco", b"co64") and any(inner[4:8]) for name, inner in inside(stbl))
        return
    _only_own_data(minf)
    for parent, known in ((body, (b"tkhd", b"mdia", b"edts")), (stbl, _TABLES)):
        for name, inner in inside(parent):
            if name not in known:
                tell(name, inner, found)
    ranges += used_ranges(stbl)
    edits = [
        _table_box(b"elst", inner) for name, inner in inside(dict(inside(body)).get(b"edts", b"")) if name == b"elst"
    ]
    head = b"vmhd" if kind == b"vide" else b"smhd"
    plain = {b"vmhd": b"\0\0\0\1" + bytes(8), b"smhd": bytes(8)}[head]
    index.tracks.append(
        _Track(
            header=_track_header(first(body, b"tkhd"), found) + (box(b"edts", edits[0]) if edits else b""),
            media=_media_header(first(mdia, b"mdhd"), found),
            handler=box(b"hdlr", bytes(8), kind, bytes(13)),
            information=box(head, plain),
            tables=_tables(stbl, kind, found),
            places=list(chunk_places(stbl)),
        )
    )


_TABLES = (
    b"stsd",
    b"stts",
    b"ctts",
    b"stss",
    b"stsc",
    b"stsz",
    b"stz2",
    b"stco",
    b"co64",
    b"sgpd",
    b"sbgp",
    b"sdtp",
    b"cslg",
)
_WIDTHS = {b"stts": 8, b"ctts": 8, b"stss": 4, b"stsc": 12}


def _tables(stbl: bytes, kind: bytes, found: set[Found]) -> bytes:
    boxes = dict(inside(stbl))
    sound(boxes.keys() >= {b"stsd", b"stts", b"stsc"})
    written = [description(boxes[b"stsd"], kind, found)]
    written += [_table_box(name, boxes[name]) for name in _WIDTHS if name in boxes]
    if b"stsz" in boxes:
        body = boxes[b"stsz"]
        lines = b"" if any(body[4:8]) else table(body, 4, before=8)[1]
        written.append(box(b"stsz", bytes(4), body[4:12], lines))
    else:
        body = boxes[b"stz2"]
        written.append(box(b"stz2", bytes(7), body[7:12], table(body, body[7] // 8, before=8)[1]))
    return b"".join(written)


def _table_box(name: bytes, body: bytes) -> bytes:
    sound(len(body) >= 8)
    width = (20 if body[0] == 1 else 12) if name == b"elst" else _WIDTHS[name]
    count, lines = table(body, width)
    return box(name, body[:1], bytes(3), struct.pack(">I", count), lines)


def _only_own_data(minf: bytes) -> None:
    count, _ = table(first(minf, b"dinf", b"dref"), 0)
    references = list(inside(first(minf, b"dinf", b"dref")[8:]))
    if len(references) != count or any(not body[3:4] or not body[3] & 1 for _, body in references):
        raise CannotClean(Reason.FRAGMENTED)


def _dated(body: bytes, found: set[Found], *, short: int) -> tuple[bytes, bytes, bytes]:
    """Version and zero times of a header, and what comes behind them; `short` is the length in version 0."""
    wide = body[:1] == b"\1"
    start = 20 if wide else 12
    sound(body[:1] in (b"\0", b"\1") and len(body) >= short + (12 if wide else 0))
    if any(body[4:start]):
        found.add(Found.DATES)
    return body[:1], bytes(start - 4), body[start:]


def _movie_header(body: bytes, found: set[Found]) -> bytes:
    version, times, rest = _dated(body, found, short=100)
    at = 12 if version == b"\1" else 8
    numbers = rest[:at] + rest[at : at + 6] + bytes(10) + rest[at + 16 : at + 52] + bytes(24) + rest[at + 76 : at + 80]
    return box(b"mvhd", version, bytes(3), times, numbers)


def _track_header(body: bytes, found: set[Found]) -> bytes:
    version, times, rest = _dated(body, found, short=84)
    at = 16 if version == b"\1" else 12
    numbers = rest[:4] + bytes(4) + rest[8:at] + bytes(8) + rest[at + 8 : at + 14] + bytes(2) + rest[at + 16 : at + 60]
    return box(b"tkhd", version, b"\0\0", body[3:4], times, numbers)


def _media_header(body: bytes, found: set[Found]) -> bytes:
    version, times, rest = _dated(body, found, short=24)
    at = 12 if version == b"\1" else 8
    return box(b"mdhd", version, bytes(3), times, rest[:at], struct.pack(">HH", _UNDETERMINED, 0))
