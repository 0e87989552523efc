"""One system of the demonstration's register, and everybody who might want to speak about it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.db import Database
from portal.core.ids import new_id
from portal.core.vault import Vault
from portal.directory.models import Person, UnionBranch
from portal.identity import service as identity
from portal.identity.actor import Actor
from portal.identity.queries import get_actor_of
from portal.identity.rules import AccountKind
from portal.notifications.models import OutboxLetter
from portal.register.lifecycle.telling import Post
from portal.register.models import System
from portal.register.parts import Both
from portal.register.positions import UnionStatement
from portal.register.rules import Position
from portal.register.talks import UnionTalk
from portal.register.terms import TalkStage
from portal.register.voices import service
from portal.register.voices.service import NewStatement, NewTalk

PEOPLE = {
    "manager": "emyr.wyn.daniel@dyffryn-cledwen.example",
    "deputy": "sarah.whitlock@dyffryn-cledwen.example",
    "editor": "non.elidir@dyffryn-cledwen.example",
    "officer": "mair.tudur@dyffryn-cledwen.example",
    "administrator": "",
    "worker": "gwynfor.hughes@dyffryn-cledwen.example",
    "other manager": "delyth.rhun@dyffryn-cledwen.example",
    "other editor": "iestyn.cadwaladr@glannau-ogwen.example",
    "gmb": "terry.nantlais@gmb.example",
    "unison": "gwenno.alun@unison.example",
    "unison elsewhere": "carys.bowen@unison.example",
    "rcn": "patrick.adeyemi@rcn.example",
}
SAID = Both(cy="Nid ydym yn cytuno.", en="We do not agree.")


@dataclass
class Room:
    """A system, and what its people do about it."""

    session: Session
    vault: Vault
    now: datetime
    actors: dict[str, Actor] = field(default_factory=dict)

    @property
    def post(self) -> Post:
        return Post(self.vault, "https://porth.example", self.now)

    @property
    def today(self) -> date:
        return self.post.today

    @property
    def system(self) -> System:
        return self.session.scalars(select(System).where(System.short_code == "K7RT3M")).one()

    def branch(self, slug: str = "gmb-cledwen") -> str:
        return self.session.scalars(select(UnionBranch.id).where(UnionBranch.slug == slug)).one()

    def later(self, days: int) -> None:
        self.now += timedelta(days=days)

    def sign(
        self,
        who: str = "gmb",
        *,
        slug: str = "gmb-cledwen",
        position: Position = Position.NOT_AGREED,
        text: Both = SAID,
    ) -> UnionStatement:
        new = NewStatement(new_id(), position, text)
        return service.sign(self.session, self.actors[who], self.system, self.branch(slug), new, post=self.post)

    def open_talk(self, who: str = "editor") -> UnionTalk:
        new = NewTalk(new_id(), TalkStage.CHANGE, SAID, self.today + timedelta(days=30))
        return service.open_talk(self.session, self.actors[who], self.system, new, post=self.post)

    def letters(self, template: str) -> int:
        return len(self.session.scalars(select(OutboxLetter).where(OutboxLetter.template == template)).all())


@pytest.fixture
def room(register: Database, vault: Vault, now: datetime) -> Iterator[Room]:
    with register.writing() as session:
        made = Room(session, vault, now)
        for name, email in PEOPLE.items():
            found = email or _administrator(session)
            person = session.scalars(select(Person).where(Person.email == found)).one()
            kind = AccountKind.STAFF if person.body_id else AccountKind.REPRESENTATIVE
            identity.open_account(session, person, kind, now=now)
            made.actors[name] = get_actor_of(session, person.id, today=made.today)
        yield made


def _administrator(session: Session) -> str:
    from portal.directory.models import Body, RoleHolding
    from portal.directory.rules import RoleName

    asked = (
        select(Person.email)
        .join(RoleHolding, RoleHolding.person_id == Person.id)
        .join(Body, Body.id == RoleHolding.body_id)
        .where(RoleHolding.role == RoleName.ADMINISTRATOR, Body.slug == "dyffryn-cledwen")
    )
    return session.scalars(asked).first() or ""
