"""``python -m tests.bench.leaking``: the portal with a fault put in. What carries the bench's mark is answered two
milliseconds later; the bench has to notice."""

import asyncio

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.app import make_app
from portal.settings.models import read_settings

LEAK_SECONDS = 0.002
MARK = "slower"


class LeakLayer:
    """Answers late what carries the bench's mark."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and dict(scope["headers"]).get(b"x-planted") == MARK.encode():
            await asyncio.sleep(LEAK_SECONDS)
        await self._app(scope, receive, send)


def main() -> None:
    """Serve with the settings of the environment, as ``porth serve`` does."""
    settings = read_settings()
    app = LeakLayer(make_app(settings))
    uvicorn.run(app, host=settings.host, port=settings.port, access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
