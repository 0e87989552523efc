"""What a long command says of itself while it runs."""

import io
import sys

import pytest

from portal.cli import progress
from portal.cli.progress import Progress, in_words


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_log_gets_plain_lines_and_not_often(capsys: pytest.CaptureFixture[str]) -> None:
    told = Progress()
    assert not told.is_due
    told.tell("100 systems")
    told.say("line 7: is missing")
    told.end()
    assert capsys.readouterr().err == "100 systems\nline 7: is missing\n"


def test_on_a_terminal_the_line_changes_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(progress, "ON_A_TERMINAL", 0.0)
    told = Progress()
    assert told.is_due
    told.tell("1,000 systems")
    told.tell("9 systems")
    told.say("line 7: is missing")
    assert sys.stderr.getvalue() == "\r1,000 systems\r9 systems    \r         \rline 7: is missing\n"  # type: ignore[attr-defined]


@pytest.mark.parametrize(("seconds", "words"), [(0.4, "0 s"), (89, "89 s"), (90, "2 min"), (5400, "1.5 h")])
def test_a_length_of_time_is_told_in_its_largest_unit(seconds: float, words: str) -> None:
    assert in_words(seconds) == words
