"""The page that asks for a moment's patience. Everything that was typed goes through it unchanged."""

from typing import Any

from starlette.responses import Response

from portal.concerns.reporting.admission import Wait
from portal.concerns.reporting.filewords import ACCEPT
from portal.web.anonymous import Visit
from portal.web.fields import FieldBag
from portal.web.rendering import render

TICKET, PAUSE = "ticket", "pause"
TOO_MANY = 429


def wait_page(visit: Visit, fields: FieldBag, wait: Wait, *, multipart: bool = False) -> Response:
    """Nothing was sent: the same form again, its fields hidden, to be pressed a little later.

    The language switch carries the fields too, with a mark, so that turning the language sends nothing.
    """
    kept = [(name, value) for name, value in fields.pairs() if name not in {TICKET, PAUSE}]
    kept.append((TICKET, wait.ticket))
    visit.request.state.fields = FieldBag([*kept, (PAUSE, "yes")])
    lane = fields.one("lane")
    files_name = f"files-{lane}" if lane else "files"
    values: dict[str, Any] = {"kept": kept, "wait": wait, "files_name": files_name, "file_accept": ACCEPT}
    page = render(visit, "concerns/wait.html", status=TOO_MANY, secret=True, multipart=multipart, **values)
    page.headers["retry-after"] = str(wait.seconds)
    return page
