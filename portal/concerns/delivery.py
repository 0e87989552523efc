"""A thread as it is handed out to a device (FORMAT.md section 9), and how what devices send is taken and answered."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from starlette.responses import JSONResponse, Response

from anonymity.encoding import to_b64u
from anonymity.errors import CannotOpen
from portal.core.errors import Conflict, NotFound, Refused, TooLarge, TooMany
from portal.mailbox.models import SealedCase, SealedGrant, SealedItem

T = TypeVar("T")


def delivery(case: SealedCase, grants: Sequence[SealedGrant], items: Sequence[SealedItem]) -> dict[str, Any]:
    """What a device needs to open a thread: public key, own grants, items; and how long the thread is kept.

    ``expires`` is the Monday after which it is deleted, unless it is ``held``; activity moves it on.
    """
    return {
        "v": 1,
        "state": case.state,
        "expires": case.expires_week.isoformat(),
        "held": case.held,
        "case": to_b64u(case.case_id),
        "epoch": case.epoch,
        "recipient": case.recipient,
        "grants": [{"epoch": grant.epoch, "file": to_b64u(grant.file)} for grant in grants],
        "items": [
            {"id": to_b64u(item.item_id), "epoch": item.epoch, "prev": to_b64u(item.prev), "file": to_b64u(item.file)}
            for item in items
        ],
    }


def answer(status: int, content: dict[str, Any] | None = None) -> Response:
    """An answer of the box: JSON, never cached, never a word of what came in."""
    return JSONResponse(content if content is not None else {}, status_code=status)


def attempt(verb: Callable[[], T], *, found: Callable[[T], Response]) -> Response:
    """Run one step of the box; every failure is one of a few bare statuses."""
    try:
        return found(verb())
    except (CannotOpen, Refused):
        return answer(422)
    except Conflict:
        return answer(409)
    except NotFound:
        return answer(404)
    except TooLarge:
        return answer(413)
    except TooMany as full:
        return later(full)


def later(full: TooMany) -> Response:
    """The same may be sent again, after so many seconds."""
    given = answer(429)
    given.headers["retry-after"] = str(full.retry_after)
    return given
