"""A system that has everything, on the demonstration's register, and the people who move it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.db import Database
from portal.core.ids import new_id
from portal.core.text import Locale
from portal.core.vault import Vault
from portal.directory.models import Person, UnionBranch
from portal.identity import service as identity
from portal.identity.actor import Actor
from portal.identity.queries import get_actor_of
from portal.identity.rules import AccountKind
from portal.notifications.models import OutboxLetter
from portal.register.lifecycle import service
from portal.register.lifecycle.asked import Asked
from portal.register.lifecycle.facts import get_facts
from portal.register.lifecycle.gate import gate
from portal.register.lifecycle.gate_facts import Question
from portal.register.lifecycle.stepping import take_step
from portal.register.lifecycle.telling import Post
from portal.register.models import System, SystemStep
from portal.register.parts import Both
from portal.register.record import Assessment, read_record
from portal.register.rules import AssessmentKind, AssessmentState, Position, SystemState
from portal.register.service import add_step, publish
from portal.register.talks import OfferKind
from portal.register.voices import service as voices
from portal.register.voices.service import NewStatement

WORDS = Both(cy="Rheswm", en="Reason")
PEOPLE = {
    "manager": "emyr.wyn.daniel@dyffryn-cledwen.example",
    "deputy": "sarah.whitlock@dyffryn-cledwen.example",
    "officer": "mair.tudur@dyffryn-cledwen.example",
    "editor": "non.elidir@dyffryn-cledwen.example",
    "union": "gwenno.alun@unison.example",
    "gmb": "terry.nantlais@gmb.example",
    "driver": "gwynfor.hughes@dyffryn-cledwen.example",
    "stranger": "delyth.rhun@dyffryn-cledwen.example",
    "elsewhere": "iestyn.cadwaladr@glannau-ogwen.example",
}


@dataclass
class Life:
    """One system of the demonstration, and what its people do to it."""

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

    def later(self, days: int) -> None:
        self.now += timedelta(days=days)

    def stand(self, state: SystemState, **days: Any) -> None:
        """Put the system somewhere, as if it had come that way."""
        add_step(self.session, self.system, step="set", to=state, role="portal", now=self.now)
        for name, value in days.items():
            setattr(self.system, name, value)

    def take(self, who: str, name: str, **asked: Any) -> SystemStep:
        usual = {"reason": WORDS, "about": WORDS, "offer": OfferKind.TRAINING}
        given = Asked(self.system.state, **{**usual, **asked})
        return take_step(self.session, self.actors[who], self.system, name, given, post=self.post)

    def lacks(self) -> list[str]:
        return [one.message.msgid for one in gate(get_facts(self.session, self.system, today=self.today))]

    def letters(self, template: str) -> int:
        asked = select(OutboxLetter).where(OutboxLetter.template == template)
        return len(self.session.scalars(asked).all())

    def steps(self) -> list[SystemStep]:
        asked = select(SystemStep).where(SystemStep.system_id == self.system.id).order_by(SystemStep.number)
        return list(self.session.scalars(asked))

    def branch(self, slug: str) -> str:
        return self.session.scalars(select(UnionBranch.id).where(UnionBranch.slug == slug)).one()

    def sign(self, who: str, slug: str, position: Position = Position.AGREED) -> None:
        new = NewStatement(new_id(), position, WORDS)
        voices.sign(self.session, self.actors[who], self.system, self.branch(slug), new, post=self.post, tells=False)

    def sign_all(self) -> None:
        self.sign("union", "unison-cledwen")
        self.sign("gmb", "gmb-cledwen", Position.NOT_AGREED)

    def make_ready(self, *, signed: bool = True) -> None:
        """Everything that the gate asks for, save the notice to staff."""
        if signed:
            self.sign_all()
        record = _with_assessments(self.session, self.system, self.today)
        publish(self.session, None, self.system, record, published_on=self.today, now=self.now)
        answers = dict.fromkeys(Question, WORDS)
        service.answer_readiness(self.session, self.actors["editor"], self.system, answers, post=self.post)

    def tell(self) -> None:
        """Tell staff, and let the fortnight pass."""
        begins = self.today + timedelta(days=14)
        service.tell_staff(
            self.session, self.actors["manager"], self.system, WORDS, begins, notice_id=new_id(), post=self.post
        )
        self.later(14)


def _with_assessments(session: Session, system: System, today: date) -> Any:
    from portal.register.lifecycle.facts import current_version

    version = current_version(session, system)
    assert version is not None
    record = read_record(version.record)
    made = tuple(
        Assessment(
            kind=kind, state=AssessmentState.DONE, done_on=today, review_on=today + timedelta(days=400), summary=WORDS
        )
        for kind in (AssessmentKind.DPIA, AssessmentKind.EQUALITY, AssessmentKind.WELSH, AssessmentKind.HEALTH_SAFETY)
    )
    change = record.change.model_copy(update={"effective_on": today}) if record.change else None
    return record.model_copy(update={"assessments": made, "change": change})


@pytest.fixture
def life(register: Database, vault: Vault, now: datetime) -> Iterator[Life]:
    with register.writing() as session:
        made = Life(session, vault, now)
        for name, email in PEOPLE.items():
            person = session.scalars(select(Person).where(Person.email == email)).one()
            kind = AccountKind.STAFF if person.body_id else AccountKind.REPRESENTATIVE
            identity.open_account(session, person, kind, now=now)
            made.actors[name] = get_actor_of(session, person.id, today=made.today)
        assert session.scalars(select(Person.locale).where(Person.email == PEOPLE["driver"])).one() == Locale.CY
        yield made
