"""The public test kit of the age format, with its expected failures, for the part of age that is ours."""

import hashlib
import json
import zlib
from base64 import b64decode
from dataclasses import dataclass
from pathlib import Path

import pytest

from anonymity import age
from anonymity.errors import CannotOpen
from anonymity.keys import Identity
from anonymity.plaintext import Secret

KIT: dict[str, str] = json.loads(Path(__file__).with_name("cctv_age.json").read_text("ascii"))["vectors"]
# Good age that our narrower profile refuses (FORMAT.md section 2): armour, unknown stanzas, other recipient types.
NOT_OURS = {"armor_hybrid", "hybrid_and_x25519", "hybrid_grease"}


@dataclass
class Vector:
    """A test file of the kit: what to expect, and the age file."""

    members: dict[str, str]
    file: bytes

    def agrees(self, opened: bytes) -> bool:
        """Whether this is the expected plaintext."""
        return hashlib.sha256(opened).hexdigest() == self.members["payload"]


def vector(name: str) -> Vector:
    """One of the kit."""
    head, _, file = b64decode(KIT[name]).partition(b"\n\n")
    lines = reversed(head.decode("ascii").splitlines())  # of two identities the first is the hybrid one
    members = dict(line.split(": ", 1) for line in lines)
    return Vector(members, zlib.decompress(file) if "compressed" in members else file)


@pytest.mark.parametrize("name", sorted(name for name in KIT if "hybrid" in name))
def test_hybrid_files_open_or_fail_as_the_kit_says(name: str) -> None:
    case = vector(name)
    identity = Identity.from_text(Secret(case.members["identity"].encode("ascii")))
    if case.members["expect"] == "success" and name not in NOT_OURS:
        assert case.agrees(b"".join(age.decrypt([case.file], identity, most=1 << 20)))
        return
    with pytest.raises(CannotOpen):
        b"".join(age.decrypt([case.file], identity, most=1 << 20))


@pytest.mark.parametrize("name", sorted(name for name in KIT if name.startswith("stream")))
def test_payload_streams_open_or_fail_as_the_kit_says(name: str) -> None:
    case = vector(name)
    start = case.file.index(b"\n", case.file.index(b"\n--- ") + 1) + 1
    source = age._Source([case.file[start:]])
    payload = age._payload(source, bytes.fromhex(case.members["file key"]), 1 << 20)
    if case.members["expect"] == "success":
        assert case.agrees(b"".join(payload))
        return
    with pytest.raises(CannotOpen):
        b"".join(payload)
