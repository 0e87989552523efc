"""The only table from what went wrong to a status and a page. No answer and no log line repeats what somebody typed."""

import logging
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.core import errors, ids
from portal.core.text import Locale
from portal.i18n.negotiation import locale_of
from portal.web.anonymous import Visit
from portal.web.rendering import render

LOG = logging.getLogger("porth")

PAGES: dict[type[Exception], tuple[int, str]] = {
    errors.NotFound: (404, "errors/404.html"),
    errors.NotAllowed: (403, "errors/403.html"),
    errors.BadRequest: (403, "errors/403.html"),
    errors.TooLarge: (413, "errors/413.html"),
    errors.TooMany: (429, "errors/429.html"),
    errors.Refused: (422, "errors/422.html"),
    errors.Conflict: (409, "errors/422.html"),
    RequestValidationError: (404, "errors/404.html"),
    OperationalError: (503, "errors/503.html"),
}


def not_there(request: Request, _exc: Exception) -> Response:
    """What an unknown address meets."""
    return error_page(request, 404, "errors/404.html", message=None)


def install(app: FastAPI, sign_in_again: Callable[[Request, Exception], Awaitable[Response]]) -> None:
    """Put the table in place. ``sign_in_again`` keeps what was typed when a session had ended."""
    for kind in PAGES:
        app.add_exception_handler(kind, _known)
    app.add_exception_handler(errors.SignInNeeded, sign_in_again)
    app.add_exception_handler(StarletteHTTPException, _routing)


def visit_of(request: Request) -> Visit:
    """A visit for a page that no route made: the language of the path, Welsh when it has none."""
    state = request.app.state
    return Visit(
        request, locale_of(request.url.path) or Locale.CY, state.settings.clock.now(), state.settings, state.database
    )


def error_page(request: Request, status: int, template: str, **values: Any) -> Response:
    """One of the error pages; a plain line for what is not a page (scripts, the box)."""
    if request.url.path.startswith("/static/"):
        return PlainTextResponse("Not found\n", status_code=status)
    request.state.fields = None  # the language switch of an error page must not carry what was typed
    return render(visit_of(request), template, status=status, **values)


def _known(request: Request, exc: Exception) -> Response:
    status, template = next(PAGES[kind] for kind in type(exc).__mro__ if kind in PAGES)
    if status == 503:
        LOG.error("database unavailable: %s", type(exc).__name__)
    answer = error_page(request, status, template, message=getattr(exc, "message", None))
    if isinstance(exc, errors.TooMany):
        answer.headers["retry-after"] = str(exc.retry_after)
    return answer


def _routing(request: Request, exc: Exception) -> Response:
    status = exc.status_code if isinstance(exc, StarletteHTTPException) else 404
    if status == 405:
        return error_page(request, 405, "errors/404.html", message=None)
    return error_page(request, 404, "errors/404.html", message=None)


class CatchLayer:
    """Answers what nobody foresaw with an incident number, so that no server prints the exception's message."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
            # PostgreSQL refuses the character in any text, so an address with it would fail deep inside.
            await error_page(Request(scope), 404, "errors/404.html", message=None)(scope, receive, send)
            return
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except ClientDisconnect:
            return  # whoever sent half a form and went is no fault of ours, and no line in the log tells of it
        except Exception as exc:
            answer = _unexpected(Request(scope), exc)
            if not started:
                await answer(scope, receive, send)


def _unexpected(request: Request, exc: Exception) -> Response:
    incident = ids.new_reference("IN")
    LOG.error("incident %s\n%s", incident, frames_only(exc))
    try:
        return error_page(request, 500, "errors/500.html", incident=incident)
    except Exception as failure:
        LOG.error("incident %s: the page for it failed too\n%s", incident, frames_only(failure))
        return PlainTextResponse(f"Porth: {incident}\n", status_code=500)


def frames_only(exc: BaseException) -> str:
    """Where it happened, without the message: messages can hold what somebody typed."""
    lines = [f"{type(exc).__module__}.{type(exc).__qualname__}"]
    for frame in traceback.extract_tb(exc.__traceback__):
        lines.append(f"  {frame.filename}:{frame.lineno} in {frame.name}")
    return "\n".join(lines)
