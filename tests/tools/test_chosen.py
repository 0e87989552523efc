"""make test runs its tests in three turns, chosen by marks: what one turn leaves out, another takes."""

import subprocess
import sys

import pytest

from tests.prepared import ROOT

FILES = ("tests/tools/test_catalogue.py", "tests/tools/test_hanging.py", "tests/journeys/test_finding.py")
TURNS = ("not pages and not journey and not slow", "slow and not pages and not journey", "pages or journey")


@pytest.mark.parametrize("turn", range(3))
def test_every_file_has_its_turn_and_no_other(turn: int) -> None:
    asked = [
        sys.executable,
        "-m",
        "pytest",
        *FILES,
        "-m",
        TURNS[turn],
        "--collect-only",
        "-q",
        "-p",
        "no:cacheprovider",
    ]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert [f"{file}: " in done.stdout or f"{file}::" in done.stdout for file in FILES] == [
        place == turn for place in range(3)
    ]


def test_the_turns_are_those_of_make_test() -> None:
    script = (ROOT / "tests" / "run.sh").read_text()
    assert all(f'-m "{turn}"' in script for turn in TURNS)
