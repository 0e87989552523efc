"""No test in a browser waits longer than a minute: whoever hangs is ended and named, and the tests after it go on.

Playwright waits for an answer of a page without any limit (``evaluate`` of a promise that never settles). Raising an
error out of its loop would break every later test, so there the browser's contexts are closed: what waits for them
ends with an error of its own. Anywhere else a ``TimeoutError`` is raised where the test stands.
"""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from tests.prepared import SLOW

AT_MOST_SECONDS = 240 if SLOW else 60
START_SECONDS = 240
"""A portal with its demonstration, and a browser, may have to start first."""
IN_A_BROWSER = frozenset({"chromium", "firefox"})


def hung(seconds: int) -> TimeoutError:
    return TimeoutError(f"this test hung: it was ended after {seconds} seconds")


def is_in_loop(frame: FrameType | None) -> bool:
    """Whether the loop of Playwright runs at this moment."""
    while frame is not None:
        if frame.f_code.co_name == "run_forever":
            return True
        frame = frame.f_back
    return False


def close_contexts(browser: Any) -> None:
    """Ask the browser's loop, which runs in this thread, to close every context."""
    loop: asyncio.AbstractEventLoop = browser._impl_obj._loop
    for context in browser.contexts:
        asyncio.run_coroutine_threadsafe(context._impl_obj.close(reason="hung"), loop)


@contextmanager
def no_longer_than(seconds: int, browser_of: Callable[[], Any] = lambda: None) -> Iterator[None]:
    """End what happens inside when the time is over."""
    ended: list[int] = []

    def end(_number: int, frame: FrameType | None) -> None:
        ended.append(seconds)
        browser = browser_of()
        if browser is not None and is_in_loop(frame):
            close_contexts(browser)
        else:
            raise hung(seconds)

    earlier = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except Exception as error:
        if ended and not isinstance(error, TimeoutError):
            raise hung(seconds) from error
        raise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, earlier)
