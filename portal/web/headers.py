"""The headers of every answer, and the wall around the anonymous area, in one plain ASGI layer.

In the anonymous area (/cy/concern…, /en/concern…) no cookie comes in and none goes out, and no origin is asked for:
browsers send ``Origin: null`` under ``no-referrer``, and there is no session that a foreign page could ride on.

The box (…/concern/box…) is open to pages of any origin, without credentials, so that the same page can be served from
somewhere the employer does not control. Its answers are the same for every origin.
"""

import re
from collections.abc import Iterable
from functools import cache

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.settings.models import Settings

ANONYMOUS_AREA = re.compile(r"^/(cy|en)/concern(/|$)")
BOX = re.compile(r"^/(cy|en)/concern/box(/|$)")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

NOTHING_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

FIXED = (
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=(), browsing-topics=()",
    ),
)


@cache
def page_policy(
    style_hash: str, *, scripts: bool, htmx: bool = False, files: bool = False, counting: bool = False
) -> str:
    """The content security policy of a page. Its one style is named by hash; scripts come from our own host only.

    The sealing worker starts from a blob: its page script has fetched the source and checked its digest, which the
    address of a worker cannot demand. A worker from a blob stands under this policy too, and one policy of Trusted
    Types makes its address and no other. Where ``files`` are added and looked at, they are cleaned in a second such
    worker, and what was opened on the device is shown from there: in frames that may do nothing, and players.
    """
    parts = [
        "default-src 'none'",
        f"style-src '{style_hash}'",
        "img-src 'self' data:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ]
    if scripts:
        parts += ["script-src 'self'", "connect-src 'self'", "worker-src blob:"]
    if not scripts and (counting or htmx):
        parts.append("script-src 'self'")
    if htmx and not scripts:
        parts.append("connect-src 'self'")
    if files:
        parts += ["frame-src blob:", "media-src blob:"]
    named = (("default", htmx), ("sealing-worker", scripts), ("cleaning-worker", files))
    policies = [name for name, wanted in named if wanted]
    parts.append(" ".join(["trusted-types", *(policies or ["'none'"])]))
    return "; ".join(parts)


UNLESS_SAID = ((b"content-security-policy", NOTHING_POLICY.encode()), (b"cache-control", b"no-store"))
NEVER_ANONYMOUS = frozenset({b"set-cookie", b"etag", b"referrer-policy", b"x-robots-tag"})
ONLY_ANONYMOUS = ((b"referrer-policy", b"no-referrer"), (b"x-robots-tag", b"noindex, nofollow, noarchive"))
OPEN_TO_ALL = ((b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", b"retry-after"))
PREFLIGHT = {
    "access-control-allow-methods": "POST",
    "access-control-allow-headers": "content-type, porth-work",
    "access-control-max-age": "7200",
}
OWN_REFERRER = (b"referrer-policy", b"same-origin")


class HeaderLayer:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._own_origin = settings.public_url.rstrip("/")
        self._scheme = "https" if settings.tls else "http"
        self._always = [(name.encode(), value.encode()) for name, value in FIXED]
        if settings.tls:
            self._always.append((b"strict-transport-security", b"max-age=63072000; includeSubDomains"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_anonymous = ANONYMOUS_AREA.match(scope["path"]) is not None
        if is_anonymous:
            scope["headers"] = [pair for pair in scope["headers"] if pair[0] != b"cookie"]
            if BOX.match(scope["path"]):
                await self._at_the_box(scope, receive, self._decorated(send, is_anonymous=True, is_open=True))
                return
        elif scope["method"] not in SAFE_METHODS and not self._is_own(Headers(scope=scope)):
            refusal = PlainTextResponse("Forbidden: this form was sent from another site.\n", status_code=403)
            await refusal(scope, receive, self._decorated(send, is_anonymous=False))
            return
        await self._app(scope, receive, self._decorated(send, is_anonymous=is_anonymous))

    async def _at_the_box(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What browsers ask before they send a page's question elsewhere is answered here; the rest goes on."""
        if scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=PREFLIGHT)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_own(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        if origin is None:
            return headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
        return origin in {self._own_origin, f"{self._scheme}://{headers.get('host', '')}"}

    def _decorated(self, send: Send, *, is_anonymous: bool, is_open: bool = False) -> Send:
        async def decorated(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._with_ours(message["headers"], is_anonymous=is_anonymous)
                if is_open:
                    message["headers"] += OPEN_TO_ALL
            await send(message)

        return decorated

    def _with_ours(self, given: Iterable[tuple[bytes, bytes]], *, is_anonymous: bool) -> list[tuple[bytes, bytes]]:
        """The answer's headers and ours. What the anonymous area never sends is taken out."""
        taken = NEVER_ANONYMOUS if is_anonymous else ()
        headers = [pair for pair in given if pair[0] not in taken]
        present = {name for name, _value in headers}
        headers += self._always
        headers += [pair for pair in UNLESS_SAID if pair[0] not in present]
        if is_anonymous:
            headers += ONLY_ANONYMOUS
        elif b"referrer-policy" not in present:
            headers.append(OWN_REFERRER)
        return headers
