"""A council with three officers: Rhodri and Bethan answered, Carys can look again."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.rules import By
from portal.core.text import Locale, Words
from portal.subject_access import service
from portal.subject_access.answering.deciding import approve
from portal.subject_access.answering.proposing import Proposal, propose
from portal.subject_access.answering.rules import Outcome
from portal.subject_access.asking import knowing
from portal.subject_access.rules import IdentityCheck, RefusalGround
from tests.subject_access.conftest import World, sent

Refuse = Callable[..., Case]


@pytest.fixture
def refuse(world: World) -> Refuse:
    """Open a request and refuse it: Rhodri proposes, Bethan approves; so many days after it came."""

    def verb(
        session: Session, *, days: int = 5, at: datetime | None = None, by: By | None = None, **changes: object
    ) -> Case:
        begun = world.desk if at is None else world.on(at.date())
        case = service.submit(session, by or world["sian"], world.new(**changes), desk=begun)
        service.start(session, world["rhodri"], case, sent(), desk=begun)
        if knowing.is_unknown(session, case):
            known, on = IdentityCheck.KNOWN, begun.today
            knowing.record_identity(session, world["rhodri"], case, known, sent(), on=on, desk=begun)
        ended = world.on((begun.now + timedelta(days=days)).date())
        why = Proposal(Outcome.REFUSAL, Words("Rhesymau"), Locale.CY, refusal_ground=RefusalGround.EXEMPT)
        sign_off = propose(session, world["rhodri"], case, why, sent(), desk=ended)
        approve(session, world["bethan"], case, sign_off, sent(), desk=ended)
        return case

    return verb
