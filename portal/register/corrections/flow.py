"""How many anonymous letters of one kind a body gets in an hour: counted in memory, so that no hour is kept."""

from datetime import datetime, timedelta
from typing import Any

from portal.core.errors import TooMany
from portal.register.corrections.rules import MOST_AN_HOUR

HOUR = timedelta(hours=1)


class Flow:
    """The counts of this hour, by body."""

    def __init__(self, most: int = MOST_AN_HOUR) -> None:
        self._most = most
        self._hour: datetime | None = None
        self._counts: dict[str, int] = {}

    def take(self, body_id: str, *, now: datetime) -> None:
        """Count one more; TooMany, with the seconds until the next hour, when the hour is full."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        if hour != self._hour:
            self._hour, self._counts = hour, {}
        taken = self._counts.get(body_id, 0)
        if taken >= self._most:
            raise TooMany(int((hour + HOUR - now).total_seconds()) + 1)
        self._counts[body_id] = taken + 1


def flow_of(state: Any, kind: str) -> Flow:
    """The counts of one kind of letter in this process."""
    if not hasattr(state, "flows"):
        state.flows = {}
    flows: dict[str, Flow] = state.flows
    return flows.setdefault(kind, Flow())
