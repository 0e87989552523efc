"""Something is missing: by whom, until when, and by whom it is looked at again."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.cases.queries import find_assigned
from portal.cases.rules import Duty, Relation
from portal.core import ids
from portal.core.errors import NotAllowed, NotFound, Refused
from portal.core.text import Locale, Words
from portal.notifications.models import OutboxLetter
from portal.subject_access.after.models import AccessFigure
from portal.subject_access.after.reopening import TOO_LATE, may_handle, reopen, who_hears
from portal.subject_access.answering.proposing import Proposal, propose
from portal.subject_access.answering.rules import Outcome
from portal.subject_access.rules import RefusalGround, State
from tests.subject_access.after.conftest import Refuse
from tests.subject_access.conftest import World, sent

MISSING = Words("Y negeseuon o fis Mai")
WHY = Proposal(Outcome.REFUSAL, Words("Eto"), Locale.CY, refusal_ground=RefusalGround.EXEMPT)


def test_a_reopened_request_has_twenty_working_days_and_nobody_who_answered_it(world: World, refuse: Refuse) -> None:
    with world.database.writing() as session:
        case = refuse(session)
        letters = len(session.scalars(select(OutboxLetter.id)).all())
        form, desk = ids.new_id(), world.on(date(2026, 12, 1))
        reopen(session, world["sian"], case, MISSING, form, lang=Locale.CY, desk=desk)
        reopen(session, world["sian"], case, MISSING, form, lang=Locale.CY, desk=desk)
        assert (case.state, case.is_open, case.due_on) == (State.REOPENED, True, date(2026, 12, 31))
        assert find_assigned(session, case, Duty.HANDLER) is None
        assert [person.id for person in who_hears(session, case, desk=desk)] == [world["carys"].person_id]
        told = session.scalars(select(OutboxLetter.template).order_by(OutboxLetter.queued_at)).all()
        assert list(told[letters:]) == ["access_reopened"]
        assert [may_handle(session, case, world[name].person_id) for name in ("rhodri", "bethan", "carys")] == [
            False, False, True,
        ]  # fmt: skip
        with pytest.raises(Refused, match="answered this request before"):
            propose(session, world["rhodri"], case, WHY, sent(), desk=desk)
        propose(session, world["carys"], case, WHY, sent(), desk=desk)
        assert case.state == State.SIGN_OFF


def test_everybody_hears_of_it_where_nobody_is_left_to_look(world: World, refuse: Refuse) -> None:
    with world.database.writing() as session:
        case = refuse(session)
        account = session.merge(world.members["carys"].account)
        account.closed_at = world.desk.now
        session.flush()
        reopen(session, world["sian"], case, MISSING, ids.new_id(), lang=Locale.CY, desk=world.desk)
        heard = {person.id for person in who_hears(session, case, desk=world.desk)}
        assert {world["rhodri"].person_id, world["bethan"].person_id} <= heard


@pytest.mark.parametrize(("days", "may"), [(365, True), (366, False)])
def test_it_can_be_said_for_twelve_months(world: World, refuse: Refuse, days: int, may: bool) -> None:
    with world.database.writing() as session:
        case = refuse(session)
        desk = world.on((world.desk.now + timedelta(days=5 + days)).date())
        if may:
            reopen(session, Relation.REQUESTER, case, MISSING, ids.new_id(), lang=Locale.CY, desk=desk)
            assert case.state == State.REOPENED
        else:
            with pytest.raises(Refused) as refusal:
                reopen(session, Relation.REQUESTER, case, MISSING, ids.new_id(), lang=Locale.CY, desk=desk)
            assert refusal.value.message == TOO_LATE


def test_strangers_officers_and_other_bodies_reopen_nothing(world: World, refuse: Refuse) -> None:
    with world.database.writing() as session:
        case = refuse(session)
        for name, error in (("gwen", NotFound), ("dafydd", NotFound), ("carys", NotAllowed)):
            with pytest.raises(error):
                reopen(session, world[name], case, MISSING, ids.new_id(), lang=Locale.CY, desk=world.desk)
        waiting = world.request(session)
        with pytest.raises(Refused):
            reopen(session, world["sian"], waiting, MISSING, ids.new_id(), lang=Locale.CY, desk=world.desk)


def test_looking_again_does_not_change_the_figures_of_the_first_answer(world: World, refuse: Refuse) -> None:
    with world.database.writing() as session:
        case = refuse(session)
        reopen(session, world["sian"], case, MISSING, ids.new_id(), lang=Locale.CY, desk=world.on(date(2026, 12, 9)))
        figure = session.scalars(select(AccessFigure)).one()
        assert (figure.id, figure.outcome, figure.finished_on, figure.days) == (
            case.id, "refused", date(2026, 11, 28), 5,
        )  # fmt: skip
