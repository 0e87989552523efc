"""Visitors of a real application: some rooms' pages behind the real header layer, errors, cookies and tokens."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.testclient import TestClient

from portal.account.routes import sign_in_again
from portal.core.blobs import BlobStore
from portal.core.db import Database
from portal.settings.models import Settings
from portal.web import errors
from portal.web.headers import HeaderLayer
from tests.people import PASSWORD

CSRF = re.compile(r'name="csrf" value="([^"]+)"')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def make_rooms(settings: Settings, database: Database, *routers: APIRouter) -> FastAPI:
    """An application of these rooms only."""
    app = FastAPI(telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False,
                             "auto_configure": False}, redirect_slashes=False)  # fmt: skip
    app.state.settings = settings
    app.state.database = database
    app.state.blobs = BlobStore(settings.blob_folder, settings.vault)
    for router in routers:
        app.include_router(router, prefix="/{locale}")
    errors.install(app, sign_in_again)
    app.add_middleware(errors.CatchLayer)
    app.add_middleware(HeaderLayer, settings=settings)
    return app


class Visitor:
    """A browser without a window: keeps cookies, and posts with the token of the page it saw last."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.page: Any = None

    def get(self, path: str, **given: Any) -> Any:
        self.page = self.client.get(path, **given)
        return self.page

    def post(self, path: str, fields: dict[str, str] | None = None, **given: Any) -> Any:
        token = CSRF.search(self.page.text) if self.page is not None else None
        csrf = {"csrf": token.group(1)} if token else {}
        self.page = self.client.post(path, data={**csrf, **(fields or {})}, **given)
        return self.page

    def sign_in(self, email: str, password: str = PASSWORD, **fields: str) -> Any:
        return self.post("/en/my/sign-in", {"email": email, "password": password, **fields})

    def hidden(self) -> dict[str, str]:
        """The hidden fields of the page seen last."""
        return dict(HIDDEN.findall(self.page.text))


@contextmanager
def visiting(app: FastAPI) -> Iterator[Visitor]:
    with TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False) as client:
        yield Visitor(client)
