"""Whoever left, or has another duty by now, holds a grant and hears nothing of the thread; what readers are called."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from portal.concerns.models import ConcernCall
from portal.concerns.queries import find_posts, post_of
from portal.concerns.telling import answer_calls
from portal.core.ids import new_id
from portal.directory.models import Body, Person, RoleHolding
from portal.directory.rules import RoleName
from portal.identity.service import close
from portal.notifications.models import OutboxLetter
from tests.concerns.raised import TODAY, put, raised
from tests.demonstrated import DYLAN, ELIN, OTHER_BODY, Demonstrated


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


def test_a_reader_is_called_by_the_post_they_hold_not_by_one_they_have_left(demonstrated: Demonstrated) -> None:
    elin = demonstrated.person(ELIN)
    with demonstrated.database.reading() as session:
        now = post_of(find_posts(session, [elin], today=TODAY)[elin])
    with demonstrated.database.writing() as session:
        other = session.scalars(select(Body.id).where(Body.slug == OTHER_BODY)).one()
        session.add(
            RoleHolding(
                id=new_id(), person_id=elin, role=RoleName.INDEPENDENT_OFFICER, body_id=other, is_deputy=False,
                shown_by_name=False, started_on=TODAY - timedelta(days=2), ended_on=TODAY,
            )
        )  # fmt: skip
    with demonstrated.database.reading() as session:
        assert post_of(find_posts(session, [elin], today=TODAY)[elin]) == now
