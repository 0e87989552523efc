"""A small world in a real database: two bodies, a system each, and people in every role."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.rules import CaseKind, Relation, Step, steps_of
from portal.cases.service import NewCase, open_case
from portal.cases.turn import Desk
from portal.core import ids
from portal.core.db import Database
from portal.core.text import Locale, msg
from portal.core.vault import Vault
from portal.directory.models import Body, Person, RoleHolding
from portal.directory.rules import BodyKind, RoleName
from portal.identity.actor import Actor, Holding
from portal.identity.models import Account
from portal.identity.rules import AccountKind
from portal.register.models import System
from portal.timelimits.calendar import WorkingDays
from portal.timelimits.events import EventKind

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
OFFICER, REQUESTER = frozenset({Relation.OFFICER}), frozenset({Relation.REQUESTER})

STEPS = steps_of(
    Step("start", frozenset({"received"}), "scoping", OFFICER, msg("The work began")),
    Step("clarify", frozenset({"scoping"}), "clarification_wait", OFFICER, msg("We asked what you mean")),
    Step("answer", frozenset({"clarification_wait"}), "scoping", REQUESTER | OFFICER, msg("An answer came")),
    Step("disclose", frozenset({"scoping"}), "disclosed", OFFICER, msg("Sent"), clock=EventKind.FINISHED),
    Step(
        "withdraw",
        frozenset({"received", "scoping", "clarification_wait"}),
        "withdrawn",
        REQUESTER,
        msg("Withdrawn"),
        clock=EventKind.FINISHED,
    ),
    Step("whisper", frozenset({"scoping"}), "scoping", OFFICER, msg("Internal"), is_visible=False),
)
"""An example table of the shape that features write."""


@dataclass
class World:
    """People by first name, and the verbs' desk on a Monday morning."""

    database: Database
    desk: Desk
    bodies: dict[str, str] = field(default_factory=dict)
    systems: dict[str, str] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Actor:
        return self.actors[name]

    def later(self, **by: int) -> Desk:
        return replace(self.desk, now=self.desk.now + timedelta(**by))

    def on(self, day: date) -> Desk:
        return replace(self.desk, now=datetime(day.year, day.month, day.day, 12, tzinfo=UTC))

    def request(self, session: Session, **changes: object) -> Case:
        """Siân's access request of today, changed as asked."""
        new = NewCase(
            case_id=ids.new_id(),
            kind=CaseKind.ACCESS,
            body_id=self.bodies["health"],
            state="received",
            received_on=date(2026, 11, 23),
            locale=Locale.CY,
            said=msg("The request came in"),
            requester_person_id=self["sian"].person_id,
        )
        by = changes.pop("by", self["sian"])
        return open_case(session, by, replace(new, **changes), desk=self.desk)  # type: ignore[arg-type]

    def review(self, session: Session, **changes: object) -> Case:
        chosen = {"kind": CaseKind.REVIEW, "system_id": self.systems["health"], "state": "submitted", **changes}
        return self.request(session, **chosen)


def seat_everybody(world: World, session: Session) -> None:
    """What the actors hold, in the directory as well: who works for a body."""
    for actor in world.actors.values():
        for held in actor.holdings:
            if held.body_id is not None:
                row = RoleHolding(
                    id=ids.new_id(), person_id=actor.person_id, role=held.role, body_id=held.body_id,
                    system_id=held.system_id, system_slug="rota" if held.system_id else None,
                    started_on=date(2026, 11, 1),
                )  # fmt: skip
                session.add(row)
    session.flush()


@pytest.fixture
def world(database: Database) -> World:
    return build(database)


def build(database: Database) -> World:
    """People, bodies and systems in a database that has its tables and no row."""
    world = World(database, Desk(WorkingDays(), Vault({"t1": bytes(32)}), MONDAY))
    with database.writing() as session:
        for name in ("health", "council"):
            world.bodies[name] = ids.new_id()
            session.add(Body(id=world.bodies[name], slug=name, name_cy=name, name_en=name, kind=BodyKind.OTHER))
            session.flush()
            world.systems[name] = ids.new_id()
            system = System(
                id=world.systems[name],
                body_id=world.bodies[name],
                slug="rota",
                created_at=MONDAY,
                state_since=MONDAY.date(),
            )
            system.short_code = "K7RT3M" if name == "health" else "B2CD4F"
            session.add(system)
        session.flush()
        health, council = world.bodies["health"], world.bodies["council"]
        for name, body, roles in (
            ("sian", health, ()),
            ("gwen", health, ()),
            ("rhodri", health, (Holding(RoleName.DATA_PROTECTION_OFFICER, health),)),
            ("mair", health, (Holding(RoleName.REQUEST_HANDLER, health),)),
            ("owen", health, (Holding(RoleName.REVIEWER, health),)),
            ("helen", health, (Holding(RoleName.RESPONSIBLE_MANAGER, health, system_id=world.systems["health"]),)),
            ("dafydd", council, (Holding(RoleName.DATA_PROTECTION_OFFICER, council),)),
            ("carys", None, (Holding(RoleName.UNION_REPRESENTATIVE, None, "b" * 26),)),
        ):
            world.actors[name] = _add_person(session, name, body, frozenset(roles))
    return world


def _add_person(session: Session, name: str, body_id: str | None, holdings: frozenset[Holding]) -> Actor:
    kind = AccountKind.STAFF if body_id else AccountKind.REPRESENTATIVE
    person, account, email = ids.new_id(), ids.new_id(), f"{name}@example.cymru"
    session.add(Person(id=person, body_id=body_id, display_name=name.title(), email=email))
    session.flush()
    session.add(Account(id=account, person_id=person, kind=kind, email=email, created_at=MONDAY))
    session.flush()
    return Actor(account, person, kind, body_id, holdings, Locale.CY)
