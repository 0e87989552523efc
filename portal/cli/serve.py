"""Running the server, and the sweep beside it."""

import ctypes
import gc
import logging
import threading
from collections.abc import Callable
from contextlib import suppress

import uvicorn

from portal.app import make_app
from portal.cli.check import demonstration_accounts, unfit
from portal.core.db import Database
from portal.core.errors import SettingsError
from portal.migrations.newest import require_newest
from portal.settings.models import Settings
from portal.sweep import replay_clocks, sweep

SWEEP_EVERY_SECONDS = 60
DEMONSTRATION_SWEEP_SECONDS = 3
M_ARENA_MAX = -8

LOG = logging.getLogger("porth")


def run(settings: Settings, *, sweeping: bool = True) -> int:
    """Serve until stopped. Access is not logged: addresses, paths and queries are traces of people."""
    faults = unfit(settings)
    if faults:
        raise SettingsError("this portal will not start:\n  " + "\n  ".join(faults))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    _keep_one_arena()
    app = make_app(settings)
    require_newest(app.state.database)
    _refuse_demonstration_accounts(app.state.database, settings)
    gc.freeze()  # what is loaded by now stays, and is not looked through again and again while people wait
    stop = threading.Event()
    if sweeping:
        threading.Thread(target=_sweep_until, args=(settings, stop), daemon=True, name="sweep").start()
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            log_level="warning",
            date_header=True,
            timeout_graceful_shutdown=10,
        )
    )
    try:
        server.run()
    finally:
        stop.set()
    return 0 if server.started else 1


def _keep_one_arena() -> None:
    """Let all threads share one heap, where the C library is glibc: it can be given back, those of threads cannot."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


def _return_memory() -> None:
    """Give the system back what the C library kept, most of it of password hashes."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _refuse_demonstration_accounts(database: Database, settings: Settings) -> None:
    invented = [] if settings.is_demonstration else demonstration_accounts(database)
    if invented:
        raise SettingsError("this portal will not start: demonstration accounts are open: " + ", ".join(invented))


def sweep_once(settings: Settings) -> int:
    """One pass of every duty, with a line for each."""
    database = Database(settings.database)
    require_newest(database)
    replay_clocks(database, settings)
    for name, done in sweep(database, settings).items():
        print(f"{name}: {'held by another process' if done is None else done}")
    database.close()
    return 0


def _sweep_until(settings: Settings, stop: threading.Event) -> None:
    database = Database(settings.database)
    _attempt(lambda: replay_clocks(database, settings))
    pause = DEMONSTRATION_SWEEP_SECONDS if settings.is_demonstration else SWEEP_EVERY_SECONDS
    while not stop.wait(pause):
        _attempt(lambda: sweep(database, settings))
        _return_memory()
    database.close()


def _attempt(duty: Callable[[], object]) -> None:
    try:
        duty()
    except Exception as error:
        LOG.error("sweep failed: %s", type(error).__name__)
