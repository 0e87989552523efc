"""Files that are still arriving lie on the disk too: what comes counts as it comes, what is only announced does not."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from anonymity.attachment import BLOB_BYTES
from anonymity.keys import Identity, draw_seed
from portal.concerns.uploading import Arrivals
from portal.core.errors import TooMany
from portal.core.ids import random_bytes
from tests.concerns.test_sealed_files import CONTENT, SMALL, sealed
from tests.demonstrated import Demonstrated
from tests.tickets import work
from tests.visitors import Visitor
from tests.web.test_fields import run_alone

PATH = "/cy/concern/box/file"
Pause = Callable[[], Awaitable[None]]


async def nothing() -> None:
    return


async def send(visitor: Visitor, ticket: dict[str, str], *, sent: int, pause: Pause = nothing) -> Any:
    """The status of a file of which ``sent`` bytes come, then a pause, then the rest."""
    _attachment, file = sealed(CONTENT, Identity(draw_seed()).recipient)
    frame = random_bytes(2 * BLOB_BYTES) + file
    pieces = [frame[:sent], frame[sent:]]
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        if len(pieces) == 1:
            await pause()
        body = pieces.pop(0) if pieces else b""
        return {"type": "http.request", "body": body, "more_body": bool(pieces)}

    async def take(message: Any) -> None:
        statuses.extend([message["status"]] if message["type"] == "http.response.start" else [])

    named = {"host": "127.0.0.1:8000", "content-length": str(len(frame)), **ticket}
    scope = {"type": "http", "http_version": "1.1", "method": "POST", "path": PATH, "raw_path": PATH.encode(),
             "query_string": b"", "root_path": "", "scheme": "http", "server": ("127.0.0.1", 8000),
             "client": ("127.0.0.1", 1), "headers": [(k.encode(), v.encode()) for k, v in named.items()]}  # fmt: skip
    await visitor.client.app(scope, receive, take)
    return statuses[0]


@pytest.mark.parametrize(("sent", "expected"), [(SMALL - 1000, 429), (4000, 201)])
def test_files_that_never_end_fill_no_disk_and_files_that_never_come_keep_nobody_out(
    demonstrated: Demonstrated, monkeypatch: pytest.MonkeyPatch, sent: int, expected: int
) -> None:
    """There is room for one file and a half."""
    monkeypatch.setattr(
        "portal.settings.models.BYTES_IN_MIB", SMALL * 3 // 2 // demonstrated.settings.waiting_files_mib
    )
    others: list[int] = []
    with demonstrated.visiting() as visitor:
        first, second = work(visitor.client), work(visitor.client)

        async def meanwhile() -> None:
            others.append(await send(visitor, second, sent=SMALL))

        run_alone(send(visitor, first, sent=sent, pause=meanwhile))
        assert others == [expected]
        if expected == 429:
            gone = list(demonstrated.settings.sealed_folder.glob("*.part"))
            assert gone == [], "what was refused leaves nothing"


def test_what_was_counted_is_taken_away_again() -> None:
    arrivals = Arrivals()
    arrivals.add(60, most=100)
    with pytest.raises(TooMany):
        arrivals.add(41, most=100)
    arrivals.take_away(60)
    arrivals.add(100, most=100)
