"""Whoever left, or has another duty by now, holds a grant and hears nothing of the thread."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from portal.concerns.models import ConcernCall
from portal.concerns.telling import answer_calls
from portal.directory.models import Person
from portal.identity.service import close
from portal.notifications.models import OutboxLetter
from tests.concerns.raised import TODAY, put, raised
from tests.demonstrated import DYLAN, ELIN, Demonstrated


def told(world: Demonstrated) -> set[str]:
    """Who got a letter that something urgent came."""
    with world.database.reading() as session:
        asked = select(OutboxLetter.id, OutboxLetter.sealed).where(OutboxLetter.template == "concern_urgent")
        letters = session.execute(asked).all()
    vault = world.settings.vault
    return {
        json.loads(vault.open_bytes(sealed or b"", context=f"outbox_letters.sealed:{own_id}"))["email"]
        for own_id, sealed in letters
    }


@pytest.mark.parametrize("is_closed", [True, False])
def test_a_call_for_help_reaches_nobody_who_has_left_or_has_another_duty(
    demonstrated: Demonstrated, is_closed: bool
) -> None:
    made, now = raised(demonstrated), demonstrated.settings.clock.now()
    with demonstrated.visiting() as reporter:
        put(reporter, made.sent.to_json())
    with demonstrated.database.writing() as session:
        if is_closed:
            close(session, session.get_one(Person, demonstrated.person(DYLAN)), today=TODAY, now=now)
        else:
            ended = text("UPDATE role_holdings SET ended_on = :d WHERE person_id = :p")
            session.execute(ended, {"d": TODAY - timedelta(days=1), "p": demonstrated.person(DYLAN)})
        session.add(ConcernCall(case_id=made.sent.case))
    assert answer_calls(demonstrated.database, demonstrated.settings, now) == 1
    assert DYLAN not in told(demonstrated)
    assert ELIN in told(demonstrated)
