"""Another implementation, npm's age-encryption, opens what we seal, and we open what it seals."""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from anonymity.age import CHUNK, decrypt, encrypt, seal
from anonymity.encoding import to_b64u
from tests.anonymity.world import MANAGER, REPRESENTATIVE, STRANGER

ROOT = Path(__file__).parents[2]
TEXTS = [hashlib.shake_256(bytes([n])).digest(size) for n, size in enumerate((0, 1, CHUNK, CHUNK + 1, 200_000))]


def node() -> str:
    """The node of the path, or the one that the Makefile put beside the project."""
    found = shutil.which("node") or next((str(path) for path in ROOT.glob(".node/**/bin/node")), None)
    if not found:
        pytest.fail("node is needed: see README")
    return found


def run(job: dict[str, object]) -> dict[str, Any]:
    """What age-encryption makes of a job."""
    script = str(Path(__file__).with_name("interop.mjs"))
    done = subprocess.run(
        [node(), script], input=json.dumps(job), capture_output=True, text=True, check=True, timeout=60, cwd=ROOT
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.fixture(scope="module")
def answer() -> dict[str, Any]:
    """One run of node for all tests."""
    both = [REPRESENTATIVE.card.recipient, MANAGER.card.recipient]
    files = [b"".join(encrypt([text], both)) for text in TEXTS]
    padded = seal(b"words", MANAGER.card.recipient, size=64)
    bad = [padded[:-1] + bytes([padded[-1] ^ 1]), seal(b"words", STRANGER.card.recipient, size=64)]
    return run(
        {
            "identity": MANAGER.identity.to_text().reveal().decode(),
            "open": [to_b64u(file) for file in [*files, padded, *bad]],
            "recipients": [recipient.text for recipient in both],
            "seal": [to_b64u(text) for text in TEXTS],
        }
    )


def test_it_opens_what_we_seal(answer: dict[str, Any]) -> None:
    expected = [*TEXTS, b"\0\0\0\x05words" + bytes(55)]
    assert answer["opened"] == [*map(to_b64u, expected), None, None]


@pytest.mark.parametrize("who", [MANAGER, REPRESENTATIVE], ids=["one", "other"])
def test_we_open_what_it_seals(answer: dict[str, Any], who: Any) -> None:
    from base64 import urlsafe_b64decode

    files = [urlsafe_b64decode(file + "==") for file in answer["sealed"]]
    assert [b"".join(decrypt([file], who.identity, most=1 << 20)) for file in files] == TEXTS


def test_both_derive_the_same_recipient(answer: dict[str, Any]) -> None:
    assert answer["recipient"] == MANAGER.card.recipient.text
