"""What time does: news falls due, days pass and are told once, complaints close, go, and are counted once a year."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.board import BoardAddress
from portal.cases.holding import is_held
from portal.cases.models import Case, CaseHold
from portal.cases.routing.destinations import choose, rungs
from portal.cases.routing.exclusions import Affair, Conflict, Kind, Source, bans
from portal.cases.routing.people import OFFICERS, Office, Seat, Standing, people_of
from portal.cases.routing.people import World as RuleWorld
from portal.cases.rules import CaseKind
from portal.complaints import deciding, duties, ending, service
from portal.complaints.erasing import list_going, list_tombstones
from portal.complaints.figures import Column, count_year, is_told, told_years, year_of
from portal.complaints.models import Complaint, ComplaintFigure, ComplaintLink, ComplaintTombstone, ComplaintWarning
from portal.complaints.queries import list_remedies
from portal.complaints.rules import Outcome, Theme, Warned, last_progress_due
from portal.core import ids
from portal.core.text import Bilingual, Locale, Words
from portal.directory.queries import get_person
from portal.migrations.tables import METADATA
from portal.notifications.models import OutboxLetter
from portal.subject_access.officer.queries import list_own_days
from portal.timelimits.calendar import WorkingDays
from tests.complaints.conftest import World, at, handler_of, sent


def decided(world: World, session: Session, outcome: Outcome = Outcome.UPHELD, **changes: Any) -> Case:
    case = world.complain(session, **changes)
    by = world[handler_of(session, case) or ""]
    deciding.decide(session, by, case, outcome, Theme.PURPOSE, Words("r"), sent(), desk=world.desk)
    return case


def warned(world: World, day: date) -> list[Warned]:
    """What is told on that day that was not told before."""
    with world.database.reading() as session:
        before = set(session.scalars(select(ComplaintWarning.kind)))
    duties.warn(world.database, world.settings, at(day))
    with world.database.reading() as session:
        return sorted(set(session.scalars(select(ComplaintWarning.kind))) - before)


def test_news_of_the_progress_falls_due_every_ten_working_days_and_is_told_each_time() -> None:
    wales, told_on = WorkingDays(), date(2026, 11, 23)
    assert last_progress_due(told_on, date(2026, 12, 6), wales) is None
    assert last_progress_due(told_on, date(2026, 12, 7), wales) == date(2026, 12, 7)
    assert last_progress_due(told_on, date(2026, 12, 22), wales) == date(2026, 12, 21)


def test_a_complaint_that_was_told_of_waits_for_news_again_after_ten_working_days(world: World) -> None:
    with world.database.writing() as session:
        case = world.complain(session)
        by = world[handler_of(session, case) or ""]
        service.update(session, by, case, Words("…"), sent(), lang=Locale.CY, desk=world.desk)
        case_id = case.id
    assert duties.prompt_progress(world.database, world.settings, at(date(2026, 12, 4))) == 0
    assert duties.prompt_progress(world.database, world.settings, at(date(2026, 12, 7))) == 1
    with world.database.reading() as session:
        assert session.get_one(Case, case_id).state == "enquiring"


def test_each_day_is_told_once_and_after_three_months_the_top_of_the_body_hears(world: World) -> None:
    with world.database.writing() as session:
        world.complain(session)
        session.add(BoardAddress(id="b" * 26, body_id=world.bodies["taran"].id, email="bwrdd@taran.example"))
    assert warned(world, date(2026, 11, 24)) == []
    assert warned(world, date(2026, 11, 27)) == [Warned.TASK]  # the handler's own first question is late
    assert warned(world, date(2026, 12, 7)) == [Warned.PROGRESS]
    assert warned(world, date(2026, 12, 22)) == [Warned.TARGET]
    assert warned(world, date(2027, 2, 24)) == [Warned.CEILING]
    assert duties.warn(world.database, world.settings, at(date(2027, 2, 24))) == 0
    with world.database.reading() as session:
        told = list(session.scalars(select(OutboxLetter.template)))
        assert told.count("complaint_board") == 2  # who handles it, and the address at the top of the body


def test_a_missed_acknowledgement_is_told_to_the_person_and_upwards(world: World) -> None:
    with world.database.writing() as session:
        world.complain(
            session, world["bethan"], channel="letter", requester_person_id=None, name=Words("P"), email=None
        )
    assert Warned.ACKNOWLEDGE in warned(world, date(2026, 12, 20))
    assert Warned.NOT_ACKNOWLEDGED in warned(world, date(2026, 12, 24))
    with world.database.reading() as session:
        told = list(session.scalars(select(OutboxLetter.template)))
        assert "complaint_due" in told and "complaint_missed" in told


def test_a_complaint_closes_when_all_is_done_and_lets_go_of_what_it_kept(world: World) -> None:
    with world.database.writing() as session:
        about = world.request(session)
        case = world.complain(session, about=(about.id,))
        by = world[handler_of(session, case) or ""]
        helen = get_person(session, world["helen"].person_id)
        day = date(2026, 12, 1)
        deciding.plan_remedy(session, by, case, Words("w"), helen, day, ids.new_id(), desk=world.desk)
        deciding.decide(session, by, case, Outcome.UPHELD, Theme.OTHER, Words("r"), sent(), desk=world.desk)
        case_id, about_id = case.id, about.id
    late = at(date(2027, 2, 24))
    assert duties.close_complaints(world.database, world.settings, late) == 0  # something is still to be put right
    with world.database.writing() as session:
        remedy = list_remedies(session, session.get_one(Case, case_id))[0]
        deciding.finish_remedy(session, world["helen"], remedy, Words("d"), desk=world.desk)
    assert duties.close_complaints(world.database, world.settings, at(date(2027, 2, 23))) == 0
    assert duties.close_complaints(world.database, world.settings, late) == 1
    with world.database.reading() as session:
        assert session.get_one(Case, case_id).state == "closed"
        assert session.scalar(select(is_held(Case.id)).where(Case.id == about_id)) is False


def test_three_years_after_closing_it_goes_and_a_hold_keeps_it(world: World) -> None:
    with world.database.writing() as session:
        case_id = decided(world, session).id
    closing = date(2027, 2, 24)
    duties.close_complaints(world.database, world.settings, at(closing))
    gone = date(2030, 2, 24)
    with world.database.writing() as session:
        case = session.get_one(Case, case_id)
        by, desk = world["rhodri"], world.on(closing)
        if handler_of(session, case) != "rhodri":
            by = world["bethan"]
        service.set_hold(session, by, case, Words("Tribiwnlys"), date(2027, 12, 1), sent(), desk=desk)
        assert [one.is_held for one in list_going(session, gone)] == [True]
    assert duties.delete_complaints(world.database, world.settings, at(gone)) == 0
    with world.database.writing() as session:
        hold = session.scalars(select(CaseHold)).one()
        service.lift_hold(session, by, session.get_one(Case, case_id), hold.id, desk=world.on(closing))
    assert duties.delete_complaints(world.database, world.settings, at(gone - timedelta(days=1))) == 0
    assert duties.delete_complaints(world.database, world.settings, at(gone)) == 1
    with world.database.reading() as session:
        assert session.get(Case, case_id) is None and session.get(Complaint, case_id) is None
        stone = session.scalars(select(ComplaintTombstone)).one()
        assert stone.rule == "years_3"
        asked, other = stone.hidden_from or [], world["rhodri"].person_id
        assert [list_tombstones(session, [stone.body_id], reader=one) for one in (*asked, other)] == [[], [stone]]
        stone.is_about_office = True
        assert list_tombstones(session, [stone.body_id], reader=other) == []
        session.rollback()
        for table in METADATA.sorted_tables:
            if "case_id" in table.c and any(key.column.table.name == "cases" for key in table.c.case_id.foreign_keys):
                kept = session.scalars(select(table.c.case_id).where(table.c.case_id == case_id)).all()
                assert kept == [], table.name
        assert len(session.scalars(select(ComplaintFigure)).all()) == 1


def test_a_closed_complaint_that_goes_to_the_ico_keeps_the_matter_again_and_counts_anew(world: World) -> None:
    with world.database.writing() as session:
        about = world.request(session)
        case_id, about_id = decided(world, session, about=(about.id,)).id, about.id
    duties.close_complaints(world.database, world.settings, at(date(2027, 2, 24)))
    held = select(is_held(Case.id)).where(Case.id == about_id)
    with world.database.writing() as session:
        case = session.get_one(Case, case_id)
        assert session.scalar(held) is False
        day = date(2027, 6, 1)
        ending.to_regulator(session, world["sian"], case, sent(), on=day, reference="", desk=world.on(day))
        assert session.scalar(held) is True
        by, end = world[handler_of(session, case) or ""], date(2027, 9, 1)
        ending.regulator_ended(session, by, case, Words("Dim"), sent(), on=end, desk=world.on(end))
        assert case.state == "closed" and session.scalar(held) is False
        assert list_going(session, date(2030, 8, 31)) == []
        assert [one.on for one in list_going(session, date(2030, 9, 1))] == [date(2030, 9, 1)]


def test_a_case_that_it_is_about_can_be_deleted_later_and_the_reference_stays(world: World) -> None:
    with world.database.writing() as session:
        about = world.request(session)
        world.complain(session, about=(about.id,))
        for name in ("case_holds", "clock_events", "case_events"):
            table = METADATA.tables[name]
            session.execute(table.delete().where(table.c.case_id == about.id))
        reference = about.reference
        session.execute(METADATA.tables["cases"].delete().where(METADATA.tables["cases"].c.id == about.id))
        session.expire_all()
        link = session.scalars(select(ComplaintLink)).one()
        assert link.about_case_id is None and link.about_reference == reference


def test_the_yearly_return_counts_each_once_though_it_is_linked_to_several(world: World) -> None:
    with world.database.writing() as session:
        about = (world.request(session).id, world.request(session).id)
        decided(world, session, about=about)
        withdrawn = world.complain(session)
        ending.withdraw(session, world["sian"], withdrawn, desk=world.desk)
    duties.close_complaints(world.database, world.settings, at(date(2026, 12, 1)))
    body_id = world.bodies["taran"].id
    with world.database.reading() as session:
        assert session.query(ComplaintFigure).count() == 2
        assert told_years(session, body_id, date(2027, 4, 8)) == []
        assert told_years(session, body_id, date(2027, 4, 9)) == [2026]
        found = count_year(session, body_id, 2026)
        assert found.numbers[Column.ANSWERED] is None and found.numbers[Column.RECEIVED] is None  # fewer than five
    with world.database.writing() as session:
        for _ in range(9):
            decided(world, session)
    with world.database.reading() as session:
        found = count_year(session, body_id, 2026)
        assert found.numbers[Column.RECEIVED] == 11
        assert found.numbers[Column.ANSWERED] == 10
        assert found.numbers[Outcome.UPHELD] == 10 and found.numbers[Theme.PURPOSE] == 10
        assert found.days == 0
    assert year_of(date(2027, 3, 31)) == 2026 and not is_told(2026, date(2027, 4, 7))


@pytest.mark.parametrize(
    ("away", "busy", "chosen"), [(False, 0, "a"), (True, 0, "b"), (False, 3, "b")], ids=["free", "away", "busy"]
)
def test_who_is_here_and_has_the_fewest_gets_it(away: bool, busy: int, chosen: str) -> None:
    post = Bilingual("swydd", "post")
    seats = tuple(Seat(one, Office.DATA_PROTECTION, "taran", post) for one in "abc")
    people = people_of([Standing("a", open_items=busy, is_away=away), Standing("b", open_items=1), Standing("c")])

    def given(affair: Affair, seats: tuple[Seat, ...] = seats) -> str | None:
        place = RuleWorld(seats, people)
        found = choose(place, affair, rungs(place, affair), bans(place, affair))
        return found.person_id if found is not None else None

    complaint = Affair(Kind.COMPLAINT, "taran", handled=frozenset({"c"}))
    assert given(complaint) == chosen
    left_out = (Conflict("c", Source.REPORTER),)
    assert given(replace(complaint, sender_id="a", handled=frozenset({"b"}), conflicts=left_out)) is None
    about_office = replace(complaint, about=frozenset(OFFICERS))
    named = tuple(Seat(one, Office.NAMED_HANDLER, "taran", post, place=place) for place, one in enumerate("ab"))
    assert given(about_office, named) == ("b" if away else "a")  # in the body's order, however much they have


def test_the_days_of_a_complaint_stand_in_the_calendar_of_who_handles_it_and_of_nobody_else(world: World) -> None:
    with world.database.writing() as session:
        case = world.complain(session)
        handler = handler_of(session, case) or ""
        day = (CaseKind.COMPLAINT, case.reference, case.due_on, False)
        assert day in list_own_days(session, world[handler])
        others = {"rhodri", "bethan", "helen"} - {handler}
        assert all(day not in list_own_days(session, world[one]) for one in others)
