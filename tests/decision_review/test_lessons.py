"""Three decisions of one kind that a reviewer overturned propose a change of the system; nothing else does."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.turn import Desk
from portal.core import ids
from portal.core.text import Locale, Words
from portal.decision_review.reviewing.queries import list_overturned
from portal.decision_review.rules import Outcome, State, Wanted
from portal.decision_review.service import NewReview, submit
from portal.directory.models import Person
from portal.identity.actor import Actor
from portal.identity.queries import get_actor_of
from portal.notifications.models import OutboxLetter
from portal.register.models import System, SystemStep
from portal.register.queries import list_decision_points
from portal.timelimits.calendar import WorkingDays
from tests.decision_review.deciding_way import concluded
from tests.decision_review.walking import walk_to
from tests.demonstrated import GWYNFOR, Demonstrated

MAIR, MELERI = "mair.tudur@dyffryn-cledwen.example", "meleri.haf.ifans@dyffryn-cledwen.example"


def actor(session: Session, email: str, desk: Desk) -> Actor:
    person = session.scalars(select(Person.id).where(Person.email == email)).one()
    return get_actor_of(session, person, today=desk.today)


def decided(session: Session, desk: Desk, outcome: Outcome, *, point: int = 0) -> System:
    """One review from the worker's words to the reviewer's decision."""
    system = session.scalars(select(System).where(System.slug == "telematics")).one()
    worker = actor(session, GWYNFOR, desk)
    new = NewReview(
        case_id=ids.new_id(),
        body_id=system.body_id,
        system_id=system.id,
        decision_point_id=list_decision_points(session, system.id)[point].id,
        decided_on=desk.today - timedelta(days=3),
        what_happened=Words("Nid oedd y map yn gywir."),
        wanted=(Wanted.HUMAN,),
        wanted_words=Words(""),
        locale=Locale.CY,
        requester_person_id=worker.person_id,
    )
    case = submit(session, worker, new, desk=desk)
    walk_to(session, actor(session, MAIR, desk), case, State.REPRESENTATIONS_OPEN, desk=desk)
    concluded(session, actor(session, MAIR, desk), actor(session, MELERI, desk), case, outcome, desk=desk)
    return system


@pytest.fixture
def desk(demonstrated: Demonstrated) -> Desk:
    return Desk(WorkingDays(), demonstrated.settings.vault, demonstrated.settings.clock.now())


def test_the_third_overturned_decision_of_one_kind_proposes_a_change(demonstrated: Demonstrated, desk: Desk) -> None:
    with demonstrated.database.writing() as session:
        for _ in range(2):
            system = decided(session, desk, Outcome.OVERTURNED)
        decided(session, desk, Outcome.UPHELD)
        decided(session, desk, Outcome.OVERTURNED, point=1)
        assert system.state.value == "live"
        decided(session, desk, Outcome.OVERTURNED)
        assert system.state.value == "change_proposed"
        line = session.scalars(
            select(SystemStep).where(SystemStep.system_id == system.id).order_by(SystemStep.number.desc()).limit(1)
        ).one()
        assert (line.step, line.role, line.facts["cause"]) == ("propose_change", "portal", "overturned")
        key = list_decision_points(session, system.id)[0].key
        assert list_overturned(session, system.id, key) == [desk.today] * 3
        told = session.scalars(select(OutboxLetter.template).where(OutboxLetter.template.startswith("system_"))).all()
        assert sorted(told) == ["system_task"] * 2 + ["system_union"] * 4
