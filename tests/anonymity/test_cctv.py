"""The public test kit of the age format, all of it: what is ours opens or fails as it says, what is not is refused."""

import hashlib
import json
import re
import zlib
from base64 import b64decode
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from anonymity import age
from anonymity.errors import CannotOpen
from anonymity.keys import Identity
from anonymity.plaintext import Secret
from tests.anonymity.world import MANAGER

KIT: dict[str, str] = json.loads(Path(__file__).with_name("cctv_age.json").read_text("ascii"))["vectors"]
# Good age that our narrower profile refuses (FORMAT.md section 2): armour, unknown stanzas, other recipient types.
NOT_OURS = {"armor_hybrid", "hybrid_and_x25519", "hybrid_grease"}
STREAMS = sorted(name for name in KIT if name.startswith("stream"))
HYBRID = sorted(name for name in KIT if "hybrid" in name)
HEADERS = sorted(name for name in KIT if name.split("_")[0] in {"empty", "header", "hmac", "stanza", "version"})
OTHERS = sorted(set(KIT) - {*STREAMS, *HYBRID})
MOST = 1 << 25
_X25519 = re.compile(rb"-> X25519 ([A-Za-z0-9+/]{43})(\r?\n)([A-Za-z0-9+/]{43})(\r?\n)")


@dataclass
class Vector:
    """A test file of the kit: what to expect, and the age file."""

    members: dict[str, str]
    file: bytes

    @property
    def is_good(self) -> bool:
        """Whether age opens it."""
        return self.members["expect"] == "success"

    @property
    def file_key(self) -> bytes:
        """The key that a header wraps."""
        return bytes.fromhex(self.members["file key"])

    def agrees(self, opened: bytes) -> bool:
        """Whether this is the expected plaintext."""
        return hashlib.sha256(opened).hexdigest() == self.members["payload"]


def vector(name: str) -> Vector:
    """One of the kit. Of several identities the hybrid one counts."""
    head, _, file = b64decode(KIT[name]).partition(b"\n\n")
    lines = sorted(head.decode("ascii").splitlines(), key=lambda line: "-PQ-" in line)
    members = dict(line.split(": ", 1) for line in lines)
    return Vector(members, zlib.decompress(file) if "compressed" in members else file)


def identity_of(case: Vector) -> Identity:
    """The hybrid identity of a vector, or one of ours for a vector that has none."""
    text = case.members.get("identity", "")
    return Identity.from_text(Secret(text.encode("ascii"))) if "-PQ-" in text else MANAGER.identity


def opened(file: bytes, identity: Identity) -> bytes | None:
    """The plaintext; None for the one opaque error."""
    try:
        return b"".join(age.decrypt([file], identity, most=MOST))
    except CannotOpen:
        return None


def streamed(case: Vector) -> bytes | None:
    """The plaintext of the payload alone, by the file key."""
    start = case.file.index(b"\n", case.file.index(b"\n--- ") + 1) + 1
    try:
        return b"".join(age._payload(age._Source([case.file[start:]]), case.file_key, MOST))
    except CannotOpen:
        return None


def mac_of(file: bytes, file_key: bytes) -> bytes:
    """What stands behind the three dashes of an authentic header."""
    return age._base64(age._mac(file_key, file[: file.index(b"\n---") + 4]))


def transplanted(case: Vector) -> bytes:
    """The vector with its X25519 stanza exchanged for one of our type around the same file key.

    Whatever is odd about the rest of the header stays, and an authentic header stays authentic, so that a vector which
    is refused now is refused for what it was made to show.
    """
    found = _X25519.search(case.file)
    if not found:
        return case.file
    first, second, _ = age._stanza(case.file_key, MANAGER.card.recipient).split(b"\n")
    stanza = first + found[2] + second + found[4]
    made = case.file[: found.start()] + stanza + case.file[found.end() :]
    if b"\n---" in case.file:
        old, new = (mac_of(file, case.file_key) for file in (case.file, made))
        made = made.replace(old[:42], new[:42]).replace(new[:42] + old[42:], new)
    return made


@pytest.mark.parametrize("name", HYBRID)
def test_hybrid_files_open_or_fail_as_the_kit_says(name: str) -> None:
    case = vector(name)
    plain = opened(case.file, identity_of(case))
    if case.is_good and name not in NOT_OURS:
        assert plain is not None
        assert case.agrees(plain)
    else:
        assert plain is None


@pytest.mark.parametrize("name", STREAMS)
def test_payload_streams_open_or_fail_as_the_kit_says(name: str) -> None:
    case = vector(name)
    plain = streamed(case)
    if case.is_good:
        assert plain is not None
        assert case.agrees(plain)
    else:
        assert plain is None


@pytest.mark.parametrize("name", OTHERS)
def test_recipient_types_armour_and_headers_that_are_not_ours_are_refused(name: str) -> None:
    assert opened(vector(name).file, MANAGER.identity) is None


@pytest.mark.parametrize("name", HEADERS)
def test_odd_headers_are_refused_around_our_recipient_type_too(name: str) -> None:
    assert opened(transplanted(vector(name)), MANAGER.identity) is None


def test_an_ordinary_header_with_our_recipient_type_in_it_opens() -> None:
    case = vector("x25519")
    plain = opened(transplanted(case), MANAGER.identity)
    assert plain is not None
    assert case.agrees(plain)


def test_the_whole_kit_was_run(capsys: pytest.CaptureFixture[str]) -> None:
    counts: Counter[str] = Counter()
    for name in KIT:
        case = vector(name)
        if name in STREAMS:
            counts["streams opened" if streamed(case) is not None else "streams failed as told"] += 1
        elif opened(case.file, identity_of(case)) is not None:
            counts["of our type opened"] += 1
        elif name in HYBRID and not case.is_good:
            counts["of our type failed as told"] += 1
        else:
            counts["refused: other types, armour, odd headers"] += 1
    with capsys.disabled():
        print(f"\nage test kit, {len(KIT)} vectors: " + ", ".join(f"{n} {what}" for what, n in sorted(counts.items())))
    assert len(KIT) == counts.total() == 143
    assert (counts["streams opened"], counts["of our type opened"]) == (8, 2)
