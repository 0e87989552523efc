"""Whether a visitor comes from an employer's own network: compared in memory, and kept, counted and logged nowhere.

The bodies' ranges are read at most once a minute. The address is the connection's own; behind a reverse proxy it is
the last one in the header that the settings name, which is the one that our proxy put there.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request

from portal.core.db import Database
from portal.directory.models import Body
from portal.directory.rules import Network, is_in_networks, read_networks

KEPT = timedelta(minutes=1)
_RANGES = select(Body.networks).where(Body.networks != "")


class Networks:
    """All bodies' ranges, as one process knows them."""

    def __init__(self) -> None:
        self._ranges: tuple[Network, ...] = ()
        self._read_at: datetime | None = None

    def hold(self, address: str, database: Database, *, now: datetime) -> bool:
        """Whether the address lies in one of the ranges."""
        if self._read_at is None or not timedelta(0) <= now - self._read_at < KEPT:
            self._read(database)
            self._read_at = now
        return bool(self._ranges) and is_in_networks(address, self._ranges)

    def _read(self, database: Database) -> None:
        """A database that does not answer leaves the ranges as they were."""
        try:
            with database.reading() as session:
                lines = "\n".join(session.scalars(_RANGES))
        except SQLAlchemyError:
            return
        self._ranges = read_networks(lines)[0]


def client_address(request: Request, header: str) -> str:
    """Where a request comes from; empty for what has no address."""
    if header:
        named = request.headers.getlist(header)
        return named[-1].rpartition(",")[2].strip() if named else ""
    return request.client.host if request.client else ""
