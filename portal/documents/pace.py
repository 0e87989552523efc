"""How far work on a file has come. Whoever waits for it hears of every page, and gives each its own time."""

from collections.abc import Callable


def _nobody() -> None:
    """Nobody waits."""


class Pace:
    """Whom to tell that work goes on."""

    def __init__(self) -> None:
        self.heard: Callable[[], None] = _nobody

    def step(self) -> None:
        """One page more."""
        self.heard()


PACE = Pace()
