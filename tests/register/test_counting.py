"""How a body's systems stand, counted as their own pages say it."""

from datetime import timedelta

from sqlalchemy import select

from portal.directory.models import Body
from portal.register.counting import count_standings, names_of
from portal.register.models import System
from portal.register.queries import list_published
from portal.register.rules import SystemState
from tests.demonstrated import BODY, OTHER_BODY, Demonstrated


def test_systems_are_counted_as_their_pages_say_how_they_stand(demonstrated: Demonstrated) -> None:
    today = demonstrated.settings.clock.today()
    with demonstrated.database.writing() as session:
        body_id = session.scalars(select(Body.id).where(Body.slug == BODY)).one()
        before = count_standings(session, body_id, today=today)
        published = list_published(session, body_id)
        assert before.in_use == len(published) == 4
        assert before.disputed == tuple(
            sorted(demonstrated.code_of(slug) for slug in ("absence-triggers", "call-scoring"))
        )
        first, second = (session.get_one(System, one.id) for one in published[:2])
        first.review_due_on = today - timedelta(days=1)
        second.state, second.review_due_on = SystemState.SUSPENDED, today
        session.flush()
        after = count_standings(session, body_id, today=today)
        assert (after.in_use, after.suspended, after.on_trial) == (3, 1, before.on_trial)
        assert after.overdue == (first.short_code,), "a check that is due today is not late yet"
        second.state = SystemState.RETIRED
        session.flush()
        assert second.short_code not in count_standings(session, body_id, today=today).disputed
        other = session.scalars(select(Body.id).where(Body.slug == OTHER_BODY)).one()
        assert not set(before.disputed) & set(count_standings(session, other, today=today).disputed)
        assert names_of(session, [first.short_code])[first.short_code] == published[0].name
        assert names_of(session, []) == {}
