"""The demonstration as a world for tests: every table filled by the product's own verbs, copied for each test."""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from sqlalchemy import select
from starlette.testclient import TestClient

from anonymity.encoding import from_b64u
from anonymity.fingerprint import Card
from anonymity.keyring import Keyring, open_keyring
from anonymity.keys import Recipient
from anonymity.receipt import read_code
from portal.app import make_app
from portal.core.db import Database
from portal.directory.models import Person
from portal.identity.actor import Actor
from portal.identity.queries import get_actor_of
from portal.register.models import System
from portal.settings.models import Settings
from tests.prepared import settings_in
from tests.visitors import Visitor

ELIN, DYLAN = "elin.haf.morris@glannau-ogwen.example", "dylan.bowyer@glannau-ogwen.example"
LLINOS, CARYS = "llinos.dafis@glannau-ogwen.example", "carys.bowen@unison.example"
GWERFYL = "gwerfyl.maddocks@glannau-ogwen.example"
"""Chairs the audit committee: outside the line as Llinos is."""
SIAN, GWYNFOR = "sian.prydderch@glannau-ogwen.example", "gwynfor.hughes@dyffryn-cledwen.example"
BODY, OTHER_BODY = "glannau-ogwen", "dyffryn-cledwen"


@dataclass(frozen=True)
class Demonstrated:
    """One test's own copy of the demonstration."""

    settings: Settings
    database: Database
    secrets: dict[str, Any]

    @property
    def folder(self) -> Path:
        return self.settings.data_folder

    def code_of(self, slug: str) -> str:
        """The short code of a system."""
        with self.database.reading() as session:
            return session.scalars(select(System.short_code).where(System.slug == slug)).one()

    def person(self, email: str) -> str:
        with self.database.reading() as session:
            return session.scalars(select(Person.id).where(Person.email == email)).one()

    def actor(self, email: str) -> Actor:
        with self.database.reading() as session:
            return get_actor_of(session, self.person(email), today=self.settings.clock.today())

    def keyring(self, visitor: Visitor, email: str) -> Keyring:
        """Somebody's private keys: fetched sealed from the desk, opened with their recovery words."""
        ring = visitor.get("/en/my/keys/ring").json()
        card = Card(Recipient.from_text(ring["card"]["recipient"]), from_b64u(ring["card"]["sign"], 32))
        words = read_code(self.secrets["recovery_words"][email])
        return open_keyring(from_b64u(ring["keyring"], 2171), words, card=card)

    @cached_property
    def app(self) -> FastAPI:
        """The application that a test's people with an account share."""
        return make_app(self.settings)

    @contextmanager
    def visiting(self, app: FastAPI | None = None) -> Iterator[Visitor]:
        """A browser on a running application: on one of its own, as of a second process, unless it is named."""
        client = TestClient(app or make_app(self.settings), base_url="http://127.0.0.1:8000", follow_redirects=False)
        with client:
            yield Visitor(client)

    @contextmanager
    def signed_in(self, email: str) -> Iterator[Visitor]:
        with self.visiting(self.app) as visitor:
            answer = visitor.sign_in(email, self.secrets["password"])
            assert answer.status_code == 303, answer.text
            yield visitor


@contextmanager
def copy_demonstration(begin: Path, folder: Path) -> Iterator[Demonstrated]:
    """A copy of the demonstration that was set up in a folder, in another."""
    for name in ("porth.sqlite3", "secrets.json", "clock"):
        shutil.copy(begin / name, folder / name)
    secrets = json.loads((folder / "secrets.json").read_text(encoding="utf-8"))
    settings = settings_in(
        folder,
        PORTAL_VAULT_KEYS=secrets["vault_keys"],
        PORTAL_UNREVIEWED_WELSH="true",
        PORTAL_TEST_CLOCK=str(folder / "clock"),
    )
    with closing(Database(settings.database)) as opened:
        yield Demonstrated(settings, opened, secrets)
