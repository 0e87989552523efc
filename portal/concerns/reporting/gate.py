"""How much is opened at once in one process: threads without script, files, and what the box looks up.

Nobody pays for coming back: no work is asked for, no waiting, and nothing is written. So that it cannot be used to
load the server there is a gate before each kind: so many at a time, a short line behind them, first come first served,
and whoever finds the line full is told to try again in a moment. That is decided before anything is looked up, so it
is the same for a receipt that opens something and for one that does not. Nothing is keyed on who asks.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

import anyio
import anyio.to_thread
from anyio import CapacityLimiter, Semaphore
from fastapi import Depends, Request

from portal.core.errors import TooMany

AGAIN_SECONDS = 5


class Busy(TooMany):
    """The line is full, or it took too long."""

    def __init__(self) -> None:
        super().__init__(AGAIN_SECONDS)


class Gate:
    """One line of one process."""

    def __init__(self, *, at_once: int, in_line: int, patience: float) -> None:
        self._turns = Semaphore(at_once)
        self._pieces = CapacityLimiter(at_once)
        self._in_line, self._patience = in_line, patience
        self._waiting = 0

    async def enter(self) -> None:
        """Wait for a turn; Busy when there are too many before. Whoever enters has to leave."""
        if self._waiting >= self._in_line:
            raise Busy
        self._waiting += 1
        try:
            with anyio.fail_after(self._patience):
                await self._turns.acquire()
        except TimeoutError:
            raise Busy from None
        finally:
            self._waiting -= 1

    def leave(self) -> None:
        """The next one's turn."""
        self._turns.release()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """One turn, from here to the end of the block."""
        await self.enter()
        try:
            yield
        finally:
            self.leave()

    async def piecemeal(self, pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
        """What takes long to hand out, a piece at a time and the pieces of all in turn: a slow line holds no turn."""
        while piece := await anyio.to_thread.run_sync(next, pieces, b"", limiter=self._pieces):
            yield piece


@dataclass(frozen=True, slots=True)
class Gates:
    """The gates of one process."""

    threads: Gate
    files: Gate
    box: Gate


def gates_of(request: Request) -> Gates:
    """Made when they are needed first. Both kinds that take long together leave one of the threads that answer free."""
    state = request.app.state
    if not hasattr(state, "gates"):
        state.gates = Gates(
            threads=Gate(at_once=1, in_line=40, patience=10),
            files=Gate(at_once=1, in_line=8, patience=20),
            box=Gate(at_once=2, in_line=80, patience=10),
        )
    found: Gates = state.gates
    return found


def _turn_at(choose: Callable[[Gates], Gate]) -> Callable[[Request], AsyncIterator[None]]:
    async def turn(request: Request) -> AsyncIterator[None]:
        async with choose(gates_of(request)).turn():
            yield

    return turn


# Named last but the session in an endpoint's parameters: what was sent has been read by then.
ThreadTurn = Annotated[None, Depends(_turn_at(lambda gates: gates.threads), scope="function")]
FileTurn = Annotated[None, Depends(_turn_at(lambda gates: gates.files), scope="function")]
BoxTurn = Annotated[None, Depends(_turn_at(lambda gates: gates.box), scope="function")]
