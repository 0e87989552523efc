"""The worked days of the law, every row, as the desk of a complaint shows them; and news that is recorded as given."""

import csv
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case, CaseEvent
from portal.complaints import duties, service
from portal.complaints.models import Complaint, ComplaintWarning
from portal.complaints.queries import get_complaint
from portal.complaints.rules import Channel, Warned
from portal.complaints.showing import days_of
from portal.core.clock import london_day
from portal.core.text import Locale, Words
from tests.complaints.conftest import World, at, handler_of, sent

WORKED = Path(__file__).parent.parent / "timelimits" / "complaint_ack_deadlines.csv"


def by_telephone(world: World, session: Session, day: date) -> Case:
    """Somebody whom the portal cannot reach, so that nothing acknowledges it by itself."""
    name, desk = Words("Philip"), world.on(day)
    return world.complain(
        session, world["bethan"], desk, channel=Channel.PHONE, requester_person_id=None, name=name
    )  # fmt: skip


def test_every_worked_day_of_the_law_stands_on_the_desk_with_our_own_earlier_target(world: World) -> None:
    with WORKED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 9
    with world.database.writing() as session:
        for row in rows:
            came = date.fromisoformat(row["received"])
            case = by_telephone(world, session, came)
            days = days_of(case, get_complaint(session, case), world.on(came))
            law = row["acknowledge_by"] or world.desk.calendar.roll(date.fromisoformat(row["day_30"])).isoformat()
            assert days.acknowledge_by.isoformat() == law == case.due_on.isoformat(), row["case"]
            strictest = row["cautious_literal_day(receipt counted as day 1)"]
            assert days.acknowledge_target.isoformat() == strictest == case.target_on.isoformat(), row["case"]
            assert days.acknowledge_target == came + timedelta(days=29) < days.acknowledge_by, row["case"]
            assert days.outcome_target == world.desk.calendar.later(came, 20)


def test_news_is_prompted_every_ten_working_days_and_recorded_as_given_on_its_day(world: World) -> None:
    with world.database.writing() as session:
        case = world.complain(session)
        case_id, name = case.id, handler_of(session, case) or ""
    given = [date(2026, 12, 7), date(2026, 12, 21), date(2027, 1, 7)]  # ten working days each, around Christmas
    for day in given:
        early = at(day - timedelta(days=1))
        duties.warn(world.database, world.settings, early)
        with world.database.reading() as session:
            assert day not in set(_prompts(session))
        duties.prompt_progress(world.database, world.settings, at(day))
        duties.warn(world.database, world.settings, at(day))
        with world.database.writing() as session:
            case, desk = session.get_one(Case, case_id), world.on(day)
            assert case.state == "enquiring" and day in set(_prompts(session))
            service.update(session, world[name], case, Words("Holwyd"), sent(), lang=Locale.CY, desk=desk)
            assert case.state == "progress" and session.get_one(Complaint, case_id).told_on == day
    with world.database.reading() as session:
        told = select(CaseEvent.at).where(CaseEvent.case_id == case_id, CaseEvent.step == "update")
        assert [london_day(one) for one in session.scalars(told.order_by(CaseEvent.number))] == given


def _prompts(session: Session) -> list[date]:
    warned = select(ComplaintWarning.due_on).where(ComplaintWarning.kind == Warned.PROGRESS)
    return list(session.scalars(warned))
