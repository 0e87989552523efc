"""How far a long command is, on the error stream: one changing line on a terminal, a plain one now and then else."""

import sys
import time

ON_A_TERMINAL, IN_A_LOG = 1.0, 10.0
"""Seconds between two lines, at least."""


class Progress:
    """The error stream of one command."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._period = ON_A_TERMINAL if self._is_terminal else IN_A_LOG
        self._began = self._told = time.monotonic()
        self._width = 0

    @property
    def seconds(self) -> float:
        """How long the command has run."""
        return time.monotonic() - self._began

    @property
    def is_due(self) -> bool:
        """Whether it is time for the next line."""
        return time.monotonic() - self._told >= self._period

    def tell(self, line: str) -> None:
        """Where the work stands; on a terminal the next such line takes its place."""
        self._told = time.monotonic()
        if self._is_terminal:
            sys.stderr.write(f"\r{line:<{self._width}}")
            self._width = len(line)
        else:
            sys.stderr.write(f"{line}\n")
        sys.stderr.flush()

    def say(self, line: str) -> None:
        """A line that stays."""
        self.end()
        print(shown(line), file=sys.stderr)

    def end(self) -> None:
        """Leave the terminal's line empty."""
        if self._width:
            sys.stderr.write(f"\r{'':<{self._width}}\r")
            self._width = 0


def shown(told: str) -> str:
    """A line that holds names out of a file, without the signs that would steer the operator's terminal."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in told)


def in_words(seconds: float) -> str:
    """About how long, in the largest unit that says it."""
    if seconds < 90:
        return f"{round(seconds)} s"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"
