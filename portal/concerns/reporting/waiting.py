"""The pages that ask for a moment's patience. Everything that was typed goes through them unchanged."""

from typing import Any

from fastapi import Request
from starlette.responses import Response

from portal.concerns.delivery import answer
from portal.concerns.reporting.admission import Wait
from portal.concerns.reporting.filewords import ACCEPT
from portal.concerns.reporting.gate import Busy
from portal.web.anonymous import Visit, plain_visit
from portal.web.fields import FieldBag, read_fields
from portal.web.headers import BOX
from portal.web.rendering import render

TICKET, PAUSE = "ticket", "pause"
TOO_MANY = 429


def wait_page(visit: Visit, fields: FieldBag, wait: Wait, *, multipart: bool = False) -> Response:
    """Nothing was sent: the same form again, its fields hidden, to be pressed a little later.

    The language switch carries the fields too, with a mark, so that turning the language sends nothing.
    """
    kept = [(name, value) for name, value in fields.pairs() if name not in {TICKET, PAUSE}]
    values = _held(visit, fields, [*kept, (TICKET, wait.ticket)])
    page = render(visit, "concerns/wait.html", status=TOO_MANY, secret=True, multipart=multipart, wait=wait, **values)
    page.headers["retry-after"] = str(wait.seconds)
    return page


def busy_page(visit: Visit, fields: FieldBag, busy: Busy, *, multipart: bool = False) -> Response:
    """Nothing was looked up: the same form again. It is the same page whatever the receipt would have opened."""
    values = _held(visit, fields, [(name, value) for name, value in fields.pairs() if name != PAUSE])
    page = render(visit, "concerns/busy.html", status=TOO_MANY, secret=True, multipart=multipart, **values)
    page.headers["retry-after"] = str(busy.retry_after)
    return page


async def tell_busy(request: Request, busy: Exception) -> Response:
    """The answer where a line was full: a bare status at the box, a page elsewhere."""
    later = busy if isinstance(busy, Busy) else Busy()
    if BOX.match(request.url.path):
        bare = answer(TOO_MANY)
        bare.headers["retry-after"] = str(later.retry_after)
        return bare
    return busy_page(await plain_visit(request), await read_fields(request), later)


def _held(visit: Visit, fields: FieldBag, kept: list[tuple[str, str]]) -> dict[str, Any]:
    visit.request.state.fields = FieldBag([*kept, (PAUSE, "yes")])
    lane = fields.one("lane")
    return {"kept": kept, "files_name": f"files-{lane}" if lane else "files", "file_accept": ACCEPT}
