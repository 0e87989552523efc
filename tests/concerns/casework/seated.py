"""Two bodies and two branches with readers, their keys, and threads that some of them hold."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from fastapi import APIRouter, FastAPI
from starlette.testclient import TestClient

from portal.account.routes import router as account_pages
from portal.cases.turn import Desk
from portal.concerns.models import RecipientKey
from portal.core.db import Database
from portal.core.ids import new_id, random_bytes
from portal.directory.models import BranchRecognition, RoleHolding
from portal.directory.rules import RoleName
from portal.identity.actor import Actor
from portal.identity.queries import get_actor_of
from portal.mailbox import service as mailbox
from portal.mailbox.rules import FIRST
from portal.mailbox.service import IncomingCase, IncomingItem
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays
from tests.people import add_body, add_branch, add_member
from tests.visitors import Visitor, make_rooms

LONG_AGO = datetime(2026, 1, 5, 12, tzinfo=UTC)
CAME = date(2026, 11, 18)
ROLES = {
    "head": (RoleName.RESPONSIBLE_MANAGER, "body"),
    "outside": (RoleName.INDEPENDENT_OFFICER, "body"),
    "elsewhere": (RoleName.INDEPENDENT_OFFICER, "other body"),
    "rep": (RoleName.UNION_REPRESENTATIVE, "branch"),
    "second": (RoleName.UNION_REPRESENTATIVE, "branch"),
    "rival": (RoleName.UNION_REPRESENTATIVE, "other branch"),
}


@dataclass
class Seated:
    """Who reads for whom, by the name before the @ of their address."""

    database: Database
    settings: Settings
    homes: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    keys: dict[str, bytes] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return self.settings.clock.now()

    @property
    def desk(self) -> Desk:
        return Desk(WorkingDays(), self.settings.vault, self.now)

    def actor(self, name: str) -> Actor:
        with self.database.reading() as session:
            return get_actor_of(session, self.people[name], today=self.settings.clock.today())

    def came(self, *holders: str, body: str = "body", is_notes: bool = False) -> bytes:
        """A thread that these people hold."""
        grants = {self.keys[one]: b"grant" for one in holders}
        item = IncomingItem(random_bytes(16), FIRST, random_bytes(300))
        case = IncomingCase(random_bytes(16), self.homes[body], random_bytes(32), "age1pq1…", grants, item, is_notes)
        with self.database.writing() as session:
            mailbox.store_case(session, case, today=CAME)
        return case.case_id

    def serve(self, *routers: APIRouter) -> FastAPI:
        return make_rooms(self.settings, self.database, account_pages, *routers)

    @contextmanager
    def signed_in(self, name: str, app: FastAPI) -> Iterator[Visitor]:
        client = TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False)
        visitor = Visitor(client)
        visitor.get("/en/my/sign-in")
        assert visitor.sign_in(f"{name}@x.example").status_code == 303
        yield visitor


def seat(database: Database, settings: Settings) -> Seated:
    """Everybody at their place."""
    made = Seated(database, settings)
    with database.writing() as session:
        bodies = {"body": add_body(session), "other body": add_body(session, "cwm")}
        branches = {"branch": add_branch(session), "other branch": add_branch(session, "unite-taran")}
        made.homes = {name: one.id for name, one in bodies.items()} | {name: one.id for name, one in branches.items()}
        session.add_all(BranchRecognition(body_id=bodies["body"].id, branch_id=one.id) for one in branches.values())
        for name, (role, home) in ROLES.items():
            body, branch = bodies.get(home), branches.get(home)
            member = add_member(session, settings, LONG_AGO, email=f"{name}@x.example", body=body, branch=branch)
            held = RoleHolding(
                id=new_id(), person_id=member.person.id, role=role, body_id=body and body.id,
                branch_id=branch and branch.id, started_on=LONG_AGO.date(), shown_by_name=True,
            )  # fmt: skip
            key = RecipientKey(
                id=new_id(), person_id=member.person.id, key_id=random_bytes(32), recipient="age1pq1…",
                sign=random_bytes(32), keyring=b"sealed", made_on=LONG_AGO.date(),
            )  # fmt: skip
            session.add_all([held, key])
            made.people[name], made.keys[name] = member.person.id, key.key_id
    return made
