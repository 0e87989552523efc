"""Sound and film with everything hidden in them that phones, recorders and programmes hide."""

import struct
from dataclasses import dataclass, field

from tests.anonymity.cleaning.marks import MADE_AT, MADE_SECONDS, Marks, Planted, xmp

PLACE = "+51.4811-003.1792/"
FRAME = 417


def synchsafe(n: int) -> bytes:
    """A length as ID3 writes it."""
    return bytes(n >> shift & 127 for shift in (21, 14, 7, 0))


def mp3_frame(fill: int) -> bytes:
    """A frame of MPEG-1 layer III, 128 kbit/s, 44.1 kHz, stereo; its sound is noise of our own."""
    return b"\xff\xfb\x90\x00" + bytes((fill * 31 + n * 7) % 251 for n in range(FRAME - 4))


def id3(marks: Marks, *, footer: bool = False) -> bytes:
    """An ID3v2.4 tag with names, a day, comments, a picture, a private frame."""
    frames = b""
    for name, body in (
        (b"TIT2", b"\x03" + marks.ascii("title")),
        (b"TPE1", b"\x01\xff\xfe" + marks.wide("artist")),
        (b"TSSE", b"\x03" + marks.ascii("encoder")),
        (b"TDRC", b"\x03" + marks.said(MADE_AT).encode("ascii")),
        (b"COMM", b"\x03eng\0" + marks.ascii("comment")),
        (b"APIC", b"\x03image/jpeg\0\x03\0" + marks.ascii("cover")),
        (b"PRIV", b"XMP\0" + xmp(marks)),
        (b"UFID", b"owner\0" + marks.ascii("fileid")),
    ):
        frames += name + synchsafe(len(body)) + b"\0\0" + body
    head = b"\x04\0" + (b"\x10" if footer else b"\0") + synchsafe(len(frames))
    return b"ID3" + head + frames + (b"3DI" + head if footer else b"")


def ape(marks: Marks) -> bytes:
    """An APEv2 tag with head and foot."""
    items = b""
    for key in (b"Artist", b"Comment"):
        value = marks.ascii("ape")
        items += struct.pack("<II", len(value), 0) + key + b"\0" + value
    size = struct.pack("<II", len(items) + 32, 2)
    return (
        b"APETAGEX\xd0\x07\0\0"
        + size
        + b"\0\0\0\xa0"
        + bytes(8)
        + items
        + b"APETAGEX\xd0\x07\0\0"
        + size
        + b"\0\0\0\x80"
        + bytes(8)
    )


def xing_frame(marks: Marks) -> bytes:
    """The first frame as LAME writes it: numbers a player needs, then the encoder's name and settings."""
    frame = bytearray(FRAME)
    frame[0:4] = b"\xff\xfb\x90\x00"
    frame[36:156] = b"Info\0\0\0\x0f" + struct.pack(">II", 20, 20 * FRAME) + bytes(range(0, 200, 2)) + b"\0\0\0\x39"
    frame[156:176] = marks.raw(b"LAME3.100zqz+encoder")
    frame[200:240] = marks.ascii("inxing").ljust(40, b"-")
    return bytes(frame)


def memo() -> Planted:
    """An MP3 with tags of every sort before, between and behind its frames."""
    marks = Marks("memo")
    frames = [mp3_frame(n) for n in range(20)]
    v1 = b"TAG" + marks.ascii("v1title").ljust(30)[:30] + b"v1".ljust(30) + b"x" * 30 + b"2021" + b"c" * 30 + b"\x0c"
    lyrics = b"LYRICSBEGIN" + marks.ascii("lyrics")
    data = b"".join(
        (
            id3(marks),
            bytes(100),
            xing_frame(marks),
            *frames[:10],
            id3(marks, footer=True),
            *frames[10:],
            frames[0][:100],
            ape(marks),
            lyrics + f"{len(lyrics):06d}LYRICS200".encode("ascii"),
            b"TAG+" + marks.ascii("enhanced").ljust(223, b"\0"),
            v1,
        )
    )
    found = {"author", "description", "dates", "comments", "thumbnail", "software", "identifiers", "hidden_parts"}
    return Planted("memo.mp3", "mp3", data, marks, frozenset(found))


def box(name: bytes, *parts: bytes) -> bytes:
    """A box of an MP4 file."""
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + name + body


def full(name: bytes, *parts: bytes, version: int = 0, flags: int = 0) -> bytes:
    """A box with version and flags."""
    return box(name, struct.pack(">I", version << 24 | flags), *parts)


@dataclass
class Track:
    """A track to be written: its handler, its samples, and where they stand in the data."""

    handler: bytes
    entry: bytes
    samples: list[bytes]
    extra: bytes = b""
    offsets: list[int] = field(default_factory=list)


def film_samples(seed: int, count: int = 6) -> list[bytes]:
    """Samples that can be told apart."""
    return [bytes((seed * 37 + n * 11 + k * 5) % 253 for k in range(50 + n)) for n in range(count)]


def video_entry(marks: Marks) -> bytes:
    """A description of pictures, with the encoder's name where QuickTime puts it."""
    name = marks.ascii("cmp")[:31]
    body = bytes(6) + b"\0\1" + bytes(4) + marks.raw(b"zqvn") + bytes(8) + struct.pack(">HH", 96, 64)
    body += struct.pack(">II", 0x480000, 0x480000) + bytes(4) + b"\0\1" + bytes([len(name)]) + name.ljust(31, b"\0")
    body += b"\0\x18\xff\xff"
    avcc = b"\x01\x42\xc0\x1e\xff\xe1\0\x04\x67\x42\xc0\x1e\x01\0\x04\x68\xce\x3c\x80"
    return box(b"avc1", body, box(b"avcC", avcc), box(b"uuid", bytes(16), marks.ascii("invideo")))


def audio_entry(marks: Marks) -> bytes:
    """A description of sound."""
    body = bytes(6) + b"\0\1" + bytes(8) + struct.pack(">HHHHI", 2, 16, 0, 0, 44_100 << 16)
    config = bytes.fromhex("03190000000411401500000000000000000000000005021210060102")
    return box(b"mp4a", body, full(b"esds", config), box(b"zqzq", marks.ascii("inaudio")))


def handler(kind: bytes, marks: Marks) -> bytes:
    """The box that says what a track is, with a name only a programme reads."""
    return full(b"hdlr", bytes(4), kind, marks.raw(b"zqap"), bytes(8), marks.ascii("handler") + b"\0")


def track_box(number: int, track: Track, marks: Marks) -> bytes:
    """A whole track."""
    when = struct.pack(">II", MADE_SECONDS, MADE_SECONDS)
    marks.raw(struct.pack(">I", MADE_SECONDS))
    tkhd = full(b"tkhd", when, struct.pack(">III", number, 0, 600), bytes(8), bytes(8), MATRIX, bytes(8), flags=3)
    mdhd = full(b"mdhd", when, struct.pack(">II", 600, 600), struct.pack(">HH", 0x5CF9, 0))
    media = {b"vide": full(b"vmhd", bytes(8), flags=1), b"soun": full(b"smhd", bytes(4))}
    dinf = box(b"dinf", full(b"dref", b"\0\0\0\1", full(b"url ", flags=1)))
    sizes = b"".join(struct.pack(">I", len(one)) for one in track.samples)
    count = len(track.samples)
    stbl = box(
        b"stbl",
        full(b"stsd", b"\0\0\0\1", track.entry),
        full(b"stts", struct.pack(">III", 1, count, 100)),
        full(b"stsc", struct.pack(">IIIIIII", 2, 1, 2, 1, 2, 2, 1))
        if count > 2
        else full(b"stsc", struct.pack(">IIII", 1, 1, count, 1)),
        full(b"stsz", struct.pack(">II", 0, count), sizes),
        full(b"stco", struct.pack(">I", len(track.offsets)), *(struct.pack(">I", at) for at in track.offsets)),
        box(b"udta", marks.ascii("instbl")),
    )
    minf = box(b"minf", media.get(track.handler, full(b"nmhd")), handler(b"url ", marks), dinf, stbl)
    mdia = box(b"mdia", mdhd, handler(track.handler, marks), minf)
    udta = box(b"udta", box(b"name", marks.ascii("trackname")), box(b"tagc", marks.ascii("tagc")))
    return box(b"trak", tkhd, track.extra, mdia, udta, full(b"meta", marks.ascii("trackmeta")))


MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


def moov(tracks: list[Track], marks: Marks) -> bytes:
    """The index of a film, with names, places and times in every form."""
    when = struct.pack(">II", MADE_SECONDS, MADE_SECONDS)
    mvhd = full(
        b"mvhd", when, struct.pack(">II", 600, 600), b"\0\1\0\0\1\0", bytes(10), MATRIX, bytes(24), b"\0\0\0\x09"
    )
    place = marks.said(PLACE).encode("ascii")
    ilst = box(
        b"ilst",
        box(b"\xa9too", box(b"data", b"\0\0\0\1\0\0\0\0", marks.ascii("tool"))),
        box(b"\xa9ART", box(b"data", b"\0\0\0\1\0\0\0\0", marks.ascii("artist"))),
        box(b"\xa9day", box(b"data", b"\0\0\0\1\0\0\0\0", marks.said(MADE_AT).encode("ascii"))),
        box(b"covr", box(b"data", b"\0\0\0\x0d\0\0\0\0", marks.ascii("cover"))),
    )
    keys = full(b"keys", b"\0\0\0\1", box(b"mdta", b"com.apple.quicktime.model"))
    udta = box(
        b"udta",
        box(b"\xa9xyz", struct.pack(">HH", len(place), 0x15C7), place),
        full(
            b"loci",
            b"\x15\xc7",
            marks.ascii("place") + b"\0\0",
            marks.raw(struct.pack(">ii", -0x0003_2DE1, 0x0033_7B29)),
        ),
        box(b"\xa9mak", b"\0\x10\0\0", marks.ascii("make")),
        box(b"\xa9mod", b"\0\x10\0\0", marks.ascii("model")),
        full(b"auth", b"\x15\xc7", marks.text("wideauthor").encode("utf-16-be") + b"\0\0"),
        full(b"meta", handler(b"mdir", marks), ilst),
        box(b"chpl", marks.ascii("chapters")),
        box(b"SNAL", marks.ascii("thumbnail")),
    )
    traks = b"".join(track_box(n, track, marks) for n, track in enumerate(tracks, 1))
    xmp_box = box(b"uuid", bytes.fromhex("be7acfcb97a942e89c71999491e3afac"), xmp(marks))
    return box(b"moov", mvhd, traks, udta, full(b"meta", handler(b"mdta", marks), keys, ilst), xmp_box)


def laid_out(tracks: list[Track], start: int, gap: bytes = b"") -> bytes:
    """The samples of the tracks in turn, two to a chunk, and where each chunk stands."""
    data = b""
    for track in tracks:
        track.offsets = []
    for first in range(0, max(len(track.samples) for track in tracks), 2):
        for track in tracks:
            if chunk := b"".join(track.samples[first : first + 2]):
                track.offsets.append(start + len(data))
                data += chunk
        data += gap
    return data


def sound_track(marks: Marks) -> Track:
    """A track of sound."""
    return Track(b"soun", audio_entry(marks), film_samples(2))


def film() -> Planted:
    """A film made for streaming: index first, with a chapter track, a track of positions, and gaps with content."""
    marks = Marks("film")
    chap = box(b"tref", box(b"chap", b"\0\0\0\3"))
    tracks = [
        Track(
            b"vide",
            video_entry(marks),
            film_samples(1),
            chap + box(b"edts", full(b"elst", struct.pack(">IIII", 1, 600, 0, 65_536))),
        ),
        sound_track(marks),
        Track(
            b"text",
            box(b"text", bytes(8), marks.ascii("chapterstyle")),
            [marks.ascii("chapterone"), marks.ascii("chaptertwo")],
        ),
        Track(b"meta", box(b"mett", bytes(8), b"\0application/gps\0"), [marks.ascii("gpssample") for _ in range(4)]),
    ]
    ftyp = box(b"ftyp", b"zqzq", b"\0\0\0\7", b"mp42isomzqzr")
    marks.raw(b"zqzr")
    gap = marks.ascii("gap")
    between = box(b"free", marks.ascii("free")) + box(b"uuid", bytes(16), marks.ascii("uuid"))
    laid_out(tracks, 0, gap)
    texts, octets = len(marks.texts), len(marks.octets)
    index = moov(tracks, marks)
    del marks.texts[texts:], marks.octets[octets:]
    media = laid_out(tracks, len(ftyp) + len(index) + len(between) + 8, gap)
    index = moov(tracks, marks)
    behind = (
        box(b"skip", marks.ascii("skip")) + full(b"meta", marks.ascii("filemeta")) + box(b"mfra", marks.ascii("mfra"))
    )
    data = ftyp + index + between + box(b"mdat", media) + behind
    found = {"gps", "device", "author", "dates", "software", "thumbnail", "hidden_parts", "tracks", "description"}
    return Planted("film.mp4", "mp4", data, marks, frozenset(found))


def clip() -> Planted:
    """A phone's film: the data first, in the long form of a box, the index behind."""
    marks = Marks("clip")
    tracks = [Track(b"vide", video_entry(marks), film_samples(4)), sound_track(marks)]
    ftyp = box(b"ftyp", b"isom", b"\0\0\2\0", b"isommp42") + box(b"free", marks.ascii("free"))
    media = laid_out(tracks, len(ftyp) + 16)
    mdat = struct.pack(">I4sQ", 1, b"mdat", len(media) + 16) + media
    data = ftyp + mdat + moov(tracks, marks) + marks.ascii("behind").join((b"\0\0\0\0free", b""))
    found = {"gps", "device", "author", "dates", "software", "thumbnail", "hidden_parts", "description"}
    return Planted("clip.mp4", "mp4", data, marks, frozenset(found))


def voice() -> Planted:
    """A voice memo: sound alone, the data first."""
    marks = Marks("voice")
    tracks = [sound_track(marks)]
    ftyp = box(b"ftyp", b"M4A ", b"\0\0\0\0", b"M4A isommp42")
    media = laid_out(tracks, len(ftyp) + 8)
    data = ftyp + box(b"mdat", media) + moov(tracks, marks)
    found = {"gps", "device", "author", "dates", "software", "thumbnail", "description"}
    return Planted("voice.m4a", "m4a", data, marks, frozenset(found))


def late_positions() -> bytes:
    """A film whose positions stand in data that has gone by when the index comes: refused by whoever streams."""
    marks = Marks("late")
    tracks = [sound_track(marks), Track(b"meta", box(b"mett", bytes(8), b"\0application/gps\0"), [marks.ascii("gps")])]
    ftyp = box(b"ftyp", b"isom", b"\0\0\2\0", b"isommp42")
    return ftyp + box(b"mdat", laid_out(tracks, len(ftyp) + 8)) + moov(tracks, marks)


SOUNDS = (memo, film, clip, voice)
