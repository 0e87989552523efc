"""Public pages kept in memory as they were sent, for a minute at most (``PORTAL_KEPT_PAGE_SECONDS``).

Only addresses that the application names are kept, never one of the anonymous area or behind a sign-in: whoever asks
gets the same bytes, so nothing of one visitor can reach another. A kept page is asked for by path, query, encoding and
London's day. ``fixed`` pages also tell the browser an ETag, so that it may keep its own copy and ask whether it is
still good; all others stay ``no-store``.

How long a page holds must not depend on what people do: were it made anew after any commit, whoever asked for it every
second would know from its slowness at which second a concern was stored. So it holds until the next minute of this
process, whatever was committed; only what these pages show, written by this very process, ends it sooner.
"""

import base64
import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from time import monotonic

from starlette.datastructures import Headers as Sent
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.core.db import Database
from portal.core.text import Locale
from portal.settings.models import Settings

MOST_PAGES = 512
LARGEST = 64 * 1024
LONGEST_QUERY = 512
OF_THE_BODY = frozenset({b"content-length", b"content-type", b"content-encoding"})
NEVER_KEPT = frozenset({b"set-cookie", b"clear-site-data"})

Headers = list[tuple[bytes, bytes]]
Key = tuple[str, bytes, bool, date]
Version = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Page:
    """A page as the application sent it."""

    version: Version
    headers: Headers
    body: bytes
    etag: bytes


class KeepLayer:
    """Stands inside the header layer and outside everything that works for an answer."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        settings: Settings,
        database: Database,
        fixed: Iterable[str],
        changing: Iterable[str],
        shown: Iterable[str],
    ) -> None:
        """``fixed`` and ``changing`` are paths below the language; one that ends in a slash means all below it.

        ``shown`` are the tables that these pages are made of.
        """
        self._app = app
        self._settings, self._database = settings, database
        self._seconds = settings.kept_page_seconds
        self._fixed = _whole(fixed)
        self._changing = _whole(path for path in changing if not path.endswith("/"))
        self._below = tuple(_whole(path for path in changing if path.endswith("/")))
        self._shown = frozenset(shown)
        self._pages: OrderedDict[Key, Page] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = self._asked(scope)
        if asked is None:
            await self._app(scope, receive, send)
            return
        key, tag = asked
        version = self._version()
        page = self._pages.get(key)
        if page is not None and page.version == version:
            self._pages.move_to_end(key)
            await _answer(page, tag, send)
            return
        await self._make(key, tag, version, scope, receive, send)

    def _asked(self, scope: Scope) -> tuple[Key, bytes] | None:
        """What is asked for, and the ETag that the browser holds; None for what is not kept here."""
        if scope["type"] != "http" or scope["method"] != "GET" or self._seconds == 0:
            return None
        path: str = scope["path"]
        is_named = path in self._fixed or path in self._changing or path.startswith(self._below)
        if not is_named or len(scope["query_string"]) > LONGEST_QUERY:
            return None
        sent = Sent(scope=scope)
        if "hx-request" in sent:
            return None
        takes_brotli = "br" in sent.get(
            "accept-encoding", ""
        )  # the first of several, as whoever makes the page reads it
        tag = sent.get("if-none-match", "").encode("latin-1")
        return (path, scope["query_string"], takes_brotli, self._settings.clock.today()), tag

    def _version(self) -> Version:
        return int(monotonic()) // self._seconds, self._database.writes_to(self._shown)

    async def _make(self, key: Key, tag: bytes, version: Version, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer, and keep what it sent if it may be kept."""
        begun: Message | None = None
        body = bytearray()

        async def noting(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start" and begun is None and _may_be_kept(message):
                begun = message
                return
            if begun is None:
                await send(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body", False):
                await _answer(self._keep(key, version, begun, bytes(body)), tag, send)

        await self._app(scope, receive, noting)

    def _keep(self, key: Key, version: Version, begun: Message, body: bytes) -> Page:
        headers: Headers = list(begun["headers"])
        etag = b""
        if key[0] in self._fixed:
            etag = b'"' + base64.urlsafe_b64encode(hashlib.sha256(body).digest()[:18]) + b'"'
            headers += [(b"etag", etag), (b"cache-control", b"no-cache")]
        page = Page(version, headers, body, etag)
        if len(body) <= LARGEST:
            self._pages[key] = page
            self._pages.move_to_end(key)
            if len(self._pages) > MOST_PAGES:
                self._pages.popitem(last=False)
        return page


def _whole(paths: Iterable[str]) -> frozenset[str]:
    return frozenset(f"/{locale.value}{path}" for path in paths for locale in Locale)


def _may_be_kept(begun: Message) -> bool:
    return begun["status"] == 200 and not any(name in NEVER_KEPT for name, _value in begun["headers"])


async def _answer(page: Page, tag: bytes, send: Send) -> None:
    """The page, or 304 when the browser's own copy is the same."""
    if page.etag and page.etag in (one.strip().removeprefix(b"W/") for one in tag.split(b",")):
        headers = [pair for pair in page.headers if pair[0] not in OF_THE_BODY]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": list(page.headers)})
    await send({"type": "http.response.body", "body": page.body})
