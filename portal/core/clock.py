"""The only reader of the wall clock.

Services take ``now`` (aware, UTC) and ``today`` (a day in Europe/London) as arguments. A test clock is a file that
holds an instant; the settings refuse it in production.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class Clock:
    """Tells the instant. With ``held_in`` it tells the instant written in that file, so that a test can move time."""

    def __init__(self, held_in: Path | None = None) -> None:
        self._tell: Callable[[], datetime] = (lambda: _read(held_in)) if held_in else _wall

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return self._tell()

    def today(self) -> date:
        """The present day in Europe/London."""
        return london_day(self._tell())


def _wall() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the one place that reads the clock


def _read(path: Path) -> datetime:
    return datetime.fromisoformat(path.read_text(encoding="utf-8").strip()).astimezone(UTC)


def london_day(instant: datetime) -> date:
    """The local day of an instant: 23:30 UTC on 30 June is 1 July (law.md section 2.3 counts local days)."""
    return instant.astimezone(LONDON).date()
