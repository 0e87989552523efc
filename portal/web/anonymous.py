"""All that an anonymous or public route may ask for: no actor, no cookie, no audit, no account.

``PUBLIC`` and ``ANONYMOUS`` are markers. Every route carries exactly one marker or one permission; a test walks them.
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from anyio import CancelScope
from fastapi import Depends, Request
from fastapi.params import Depends as DependsParam
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from portal.core.blobs import BlobStore
from portal.core.clock import london_day
from portal.core.db import Database
from portal.core.errors import NotFound
from portal.core.text import Locale
from portal.core.vault import Vault
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays
from portal.web.fields import FieldBag, read_fields
from portal.web.headers import ANONYMOUS_AREA
from portal.web.networks import Networks, client_address

LANGUAGES = frozenset(locale.value for locale in Locale)


async def public() -> None:
    """Marker: anybody may open the page."""


async def anonymous(request: Request) -> None:
    """Marker: the page belongs to the anonymous area; no cookie is set, none is read, nothing is logged.

    It asks for a real language: the wall around the area knows it by its path.
    """
    language_of(request)


PUBLIC: DependsParam = Depends(public)
ANONYMOUS: DependsParam = Depends(anonymous)


@dataclass(slots=True)
class Visit:
    """One request as pages see it."""

    request: Request
    locale: Locale
    now: datetime
    settings: Settings
    database: Database
    leave_page: bool = True

    @property
    def today(self) -> date:
        return london_day(self.now)

    @property
    def vault(self) -> Vault:
        return self.settings.vault

    @property
    def blobs(self) -> BlobStore:
        blobs: BlobStore = self.request.app.state.blobs
        return blobs

    @property
    def calendar(self) -> WorkingDays:
        return WorkingDays(self.settings.extra_holidays)

    @property
    def is_on_own_network(self) -> bool:
        """In the anonymous area: the visitor comes from an employer's network, and the page says so."""
        if not ANONYMOUS_AREA.match(self.request.url.path):
            return False
        state = self.request.app.state
        if not hasattr(state, "networks"):
            state.networks = Networks()
        address = client_address(self.request, self.settings.client_address_header)
        return bool(state.networks.hold(address, self.database, now=self.now))

    @property
    def path(self) -> str:
        """The path below the language."""
        return self.request.url.path[3:]


def language_of(request: Request) -> Locale:
    """The language that the path begins with; NotFound for any other first part."""
    named: str = request.path_params["locale"]
    if named not in LANGUAGES:
        raise NotFound
    return Locale(named)


async def plain_visit(request: Request) -> Visit:
    """A visit by anybody."""
    state = request.app.state
    return Visit(request, language_of(request), state.settings.clock.now(), state.settings, state.database)


async def reading(request: Request) -> AsyncIterator[Session]:
    """A session for reads. To open one asks nothing; to close one ends its transaction, over the wire on PostgreSQL."""
    database: Database = request.app.state.database
    session = database.session()
    try:
        yield session
    finally:
        if database.is_sqlite:
            session.close()
        else:
            with CancelScope(shield=True):
                await run_in_threadpool(session.close)


def writing(request: Request) -> Iterator[Session]:
    """A session whose commit is done before the answer leaves (traps.md: scope="function")."""
    database: Database = request.app.state.database
    with database.writing() as session:
        yield session


PlainVisit = Annotated[Visit, Depends(plain_visit)]
Read = Annotated[Session, Depends(reading, scope="function")]
Write = Annotated[Session, Depends(writing, scope="function")]
Fields = Annotated[FieldBag, Depends(read_fields)]
