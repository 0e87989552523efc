"""The demonstration with its reviews: who asks, who works on them, and the verbs' desk."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case, CaseEvent
from portal.cases.sent import Sent
from portal.cases.turn import Desk
from portal.core import ids
from portal.core.text import Locale, Words
from portal.decision_review.asking.service import ask
from portal.decision_review.rules import Wanted
from portal.decision_review.service import NewReview
from portal.identity.actor import Actor
from portal.notifications.models import OutboxLetter
from portal.register.models import System
from portal.register.queries import list_decision_points
from portal.timelimits.calendar import WorkingDays
from tests.demonstrated import GWYNFOR, Demonstrated

MAIR, LOWRI = "mair.tudur@dyffryn-cledwen.example", "lowri.angharad.bevan@dyffryn-cledwen.example"
HYWEL = "hywel.eryl.thomas@dyffryn-cledwen.example"
MELERI = "meleri.haf.ifans@dyffryn-cledwen.example"
EMYR, SARAH = "emyr.wyn.daniel@dyffryn-cledwen.example", "sarah.whitlock@dyffryn-cledwen.example"


@dataclass
class Reviews:
    """Gwynfor's employer, its officers Mair and Lowri, its manager Emyr with a deputy, Sarah; today is a Sunday."""

    world: Demonstrated
    desk: Desk

    def __getitem__(self, email: str) -> Actor:
        return self.world.actor(email)

    def on(self, day: date) -> Desk:
        return replace(self.desk, now=datetime(day.year, day.month, day.day, 12, tzinfo=UTC))

    def after(self, days: int) -> Desk:
        return replace(self.desk, now=self.desk.now + timedelta(days=days))

    def new(self, session: Session, slug: str = "telematics", **changes: Any) -> NewReview:
        """Gwynfor's review of today, changed as asked."""
        system = session.scalars(select(System).where(System.slug == slug)).one()
        new = NewReview(
            case_id=ids.new_id(),
            body_id=system.body_id,
            system_id=system.id,
            decision_point_id=list_decision_points(session, system.id)[0].id,
            decided_on=self.desk.today - timedelta(days=3),
            what_happened=Words("Nid oedd y map yn gywir."),
            wanted=(Wanted.HUMAN,),
            wanted_words=Words(""),
            locale=Locale.CY,
            requester_person_id=self[GWYNFOR].person_id,
        )
        return replace(new, **changes)

    def asked(self, session: Session, slug: str = "telematics", **changes: Any) -> Case:
        return ask(session, self[GWYNFOR], self.new(session, slug, **changes), desk=self.desk)


def sent(case: Case) -> Sent:
    """A form of the page as it stands."""
    return Sent(ids.new_id(), case.version)


def steps_of(session: Session, case: Case) -> list[str]:
    found = select(CaseEvent.step).where(CaseEvent.case_id == case.id).order_by(CaseEvent.number)
    return list(session.scalars(found))


def letters(session: Session, template: str) -> int:
    return len(session.scalars(select(OutboxLetter.id).where(OutboxLetter.template == template)).all())


@pytest.fixture
def reviews(demonstrated: Demonstrated) -> Reviews:
    settings = demonstrated.settings
    return Reviews(demonstrated, Desk(WorkingDays(), settings.vault, settings.clock.now()))
