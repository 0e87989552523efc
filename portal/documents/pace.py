"""How far work on a file has come. Whoever waits for it hears of every page, and gives each its own time."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """What is done with the pages, one after the other."""

    CUTTING = "cutting"
    PROVING = "proving"
    PICTURING = "picturing"
    SCANNING = "scanning"


@dataclass(frozen=True, slots=True)
class Progress:
    """The page that is worked on, of how many, and at what."""

    stage: Stage
    page: int
    pages: int


Heard = Callable[[Progress], None]


def nobody(_progress: Progress) -> None:
    """Nobody waits."""


class Pace:
    """Whom to tell that work goes on."""

    def __init__(self) -> None:
        self.heard: Heard = nobody
        self._stage, self._page, self._pages = Stage.CUTTING, 0, 0

    def begin(self, stage: Stage, pages: int) -> None:
        """So many pages will be gone through."""
        self._stage, self._page, self._pages = stage, 0, pages

    def step(self) -> None:
        """One page more."""
        self._page += 1
        self.heard(Progress(self._stage, self._page, max(self._page, self._pages)))


PACE = Pace()
