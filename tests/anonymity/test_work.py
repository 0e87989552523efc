"""The device's half of the proof of work: what work.js finds, the portal takes; and it finds the least that will do."""

import json
import shutil
import subprocess
from datetime import UTC, datetime

import pytest

from portal.concerns.reporting.tickets import Kind, is_solved, issue
from tests.prepared import ROOT
from tests.tickets import spell

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SCRIPT = """
import { search, solve } from "{module}";
const { challenges, refused } = JSON.parse(process.argv[1]);
const told = refused.map(([text, bits]) => {
  try { search(text, bits, 0, 1); return "searched"; } catch (error) { return error.name; }
});
const solved = challenges.map(([text, bits]) => solve(text, bits));
const pieces = challenges.map(([text, bits]) => {
  for (let from = 0; ; from += 7) { const nonce = search(text, bits, from, 7); if (nonce !== null) return nonce; }
});
console.log(JSON.stringify({ solved, pieces, told }));
"""


@pytest.fixture(scope="module")
def answered() -> tuple[list[tuple[str, int]], dict[str, list[str]]]:
    """Challenges of every number of bits, and what the module makes of them in Node."""
    node = shutil.which("node")
    assert node
    challenges = [(issue([bytes(32)], Kind.WORK, now=NOW, bits=bits), bits) for bits in [*range(14), 0, 5, 10]]
    refused = [("short", 4), ("A" * 49, 4), ("A" * 48, 33), ("A" * 48, -1)]
    module = (ROOT / "anonymity" / "browser" / "work.js").as_uri()
    asked = json.dumps({"challenges": challenges, "refused": refused})
    command = [node, "--input-type=module", "-e", SCRIPT.replace("{module}", module), asked]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    found: dict[str, list[str]] = json.loads(done.stdout)
    return challenges, found


def test_what_the_device_finds_the_portal_takes(answered: tuple[list[tuple[str, int]], dict[str, list[str]]]) -> None:
    challenges, found = answered
    for (text, bits), nonce in zip(challenges, found["solved"], strict=True):
        assert is_solved(text, nonce, bits)


def test_it_is_the_first_nonce_that_will_do_also_when_searched_in_pieces(
    answered: tuple[list[tuple[str, int]], dict[str, list[str]]],
) -> None:
    challenges, found = answered
    assert found["pieces"] == found["solved"]
    for (text, bits), nonce in zip(challenges, found["solved"], strict=True):
        assert not any(is_solved(text, spell(earlier), bits) for earlier in range(int(nonce, 36)))


def test_what_is_no_challenge_of_ours_is_not_worked_on(
    answered: tuple[list[tuple[str, int]], dict[str, list[str]]],
) -> None:
    assert answered[1]["told"] == ["RangeError"] * 4
