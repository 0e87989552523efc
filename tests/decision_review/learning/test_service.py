"""Lessons in both languages by two people, the search for others, and figures that are frozen once and name nobody."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.cases.holding import lift_hold, set_hold
from portal.cases.models import Case, CaseHold
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Locale, Words
from portal.decision_review.asking.service import keep_away
from portal.decision_review.learning import service
from portal.decision_review.learning.duties import forget_looked_for, freeze_review_figures
from portal.decision_review.learning.figures import freeze
from portal.decision_review.learning.models import LookBack, LookBackPerson, ReviewFigure
from portal.decision_review.learning.queries import (
    get_look_back,
    list_look_backs,
    list_people,
    list_published,
    open_name,
)
from portal.decision_review.learning.rules import Told
from portal.decision_review.learning.service import NewLesson
from portal.decision_review.models import ReviewDecision
from portal.decision_review.outcome import second
from portal.decision_review.rules import Outcome
from portal.timelimits.calendar import WorkingDays, months_later
from tests.decision_review.conftest import EMYR, LOWRI, MAIR, MELERI, Reviews
from tests.decision_review.outcome.deciding import told
from tests.demonstrated import ELIN, GWYNFOR


def lesson() -> NewLesson:
    return NewLesson(ids.new_id(), "Mae angen map newydd.", "A new map is needed.")


def test_a_lesson_is_published_by_a_second_officer_of_the_body(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = told(reviews, session)
        assert case.system_id is not None
        new = lesson()
        row = service.write_lesson(session, reviews[MAIR], case, new, desk=reviews.desk)
        assert service.write_lesson(session, reviews[MAIR], case, new, desk=reviews.desk) is row
        assert list_published(session, case.system_id) == []
        with pytest.raises(Refused):
            service.approve_lesson(session, reviews[MAIR], case, row.id, desk=reviews.desk)
        with pytest.raises(NotFound):
            service.approve_lesson(session, reviews[ELIN], case, row.id, desk=reviews.desk)
        service.approve_lesson(session, reviews[LOWRI], case, row.id, desk=reviews.desk)
        assert list_published(session, case.system_id) == [row]


def test_nothing_is_learned_of_a_review_that_is_not_decided(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        with pytest.raises(Refused):
            service.write_lesson(session, reviews[MAIR], case, lesson(), desk=reviews.desk)


def test_a_search_is_closed_when_everybody_is_dealt_with_and_its_names_are_forgotten(reviews: Reviews) -> None:
    world = reviews.world
    with world.database.writing() as session:
        case = told(reviews, session)
        own_id, person_id = ids.new_id(), ids.new_id()
        row = service.open_look_back(
            session, reviews[MAIR], case, Words("Map 2025"), own_id, lang=Locale.EN, desk=reviews.desk
        )
        person = service.add_person(session, reviews[MAIR], row.id, Words("Rhiannon"), person_id, desk=reviews.desk)
        assert b"Rhiannon" not in person.name
        assert open_name(person, reviews.desk.vault).reveal() == "Rhiannon"
        with pytest.raises(Refused):
            service.close_look_back(session, reviews[MAIR], row.id, 40, desk=reviews.desk)
        with pytest.raises(Refused):
            service.note_person(session, reviews[LOWRI], row.id, person_id, Told.TOLD, None, desk=reviews.desk)
        service.note_person(
            session, reviews[LOWRI], row.id, person_id, Told.TOLD, reviews.desk.today, desk=reviews.desk
        )
        for other in (ELIN, EMYR, MELERI, GWYNFOR):
            with pytest.raises(NotFound):
                service.close_look_back(session, reviews[other], row.id, 40, desk=reviews.desk)
        service.close_look_back(session, reviews[MAIR], row.id, 40, desk=reviews.desk)
        with pytest.raises(Conflict):
            service.add_person(session, reviews[MAIR], row.id, Words("Siôn"), ids.new_id(), desk=reviews.desk)
        assert len(list_people(session, row)) == 1
    later = reviews.on(months_later(reviews.desk.today, 72) + timedelta(days=2)).now
    assert forget_looked_for(world.database, world.settings, reviews.after(300).now) == 0
    with world.database.writing() as session:
        kept = session.scalars(select(LookBack)).one()
        hold = set_hold(
            session,
            session.get_one(Case, kept.case_id),
            Words("Ymchwiliad"),
            reviews.after(9).today,
            hold_id=ids.new_id(),
            by=reviews[MAIR].account_id,
            desk=reviews.desk,
        )
    assert forget_looked_for(world.database, world.settings, later) == 0
    with world.database.writing() as session:
        lift_hold(session.get_one(CaseHold, hold.id), by=reviews[MAIR].account_id, desk=reviews.desk)
    assert forget_looked_for(world.database, world.settings, later) == 1
    with world.database.reading() as session:
        assert session.scalars(select(LookBackPerson)).all() == []


def test_a_figure_is_frozen_once_with_the_first_decision_and_names_nobody(reviews: Reviews) -> None:
    world = reviews.world
    with world.database.writing() as session:
        case = told(reviews, session, outcome=Outcome.UPHELD)
        case_id = case.id
        session.add(
            ReviewDecision(
                case_id=case.id,
                outcome=Outcome.UPHELD,
                reasons_cy=b"sealed",
                decided_by=reviews[MELERI].person_id,
                decided_at=reviews.desk.now,
            )
        )
        second.ask(session, reviews[GWYNFOR], case, Words("Na"), Locale.CY, desk=reviews.desk)
    before = freeze_review_figures(world.database, world.settings, reviews.desk.now)
    assert before >= 1
    assert freeze_review_figures(world.database, world.settings, reviews.after(1).now) == 0
    with world.database.reading() as session:
        figure = session.get_one(ReviewFigure, case_id)
        assert (figure.outcome, figure.finished_on, figure.in_time) == (Outcome.UPHELD, reviews.desk.today, True)
        assert session.get_one(Case, case_id).is_open
    held = {column.name for column in ReviewFigure.__table__.columns}
    assert not {name for name in held if "person" in name or "account" in name or name.endswith("_by")}
    assert {key.column.table.name for key in ReviewFigure.__table__.foreign_keys} == {"bodies", "systems"}


def search(reviews: Reviews, session: Session, case: Case) -> LookBack:
    row = service.open_look_back(
        session, reviews[MAIR], case, Words("Map 2025"), ids.new_id(), lang=Locale.EN, desk=reviews.desk
    )
    service.add_person(session, reviews[MAIR], row.id, Words("Rhiannon"), ids.new_id(), desk=reviews.desk)
    return row


def test_an_officer_who_is_left_out_of_a_review_meets_no_search_that_came_of_it(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = told(reviews, session)
        row = search(reviews, session, case)
        assert row in list_look_backs(session, reviews[LOWRI])
        keep_away(session, reviews[MAIR], case, LOWRI, desk=reviews.desk)
        assert row not in list_look_backs(session, reviews[LOWRI])
        with pytest.raises(NotFound):
            get_look_back(session, reviews[LOWRI], row.id)
        with pytest.raises(NotFound):
            service.add_person(session, reviews[LOWRI], row.id, Words("Siôn"), ids.new_id(), desk=reviews.desk)
        assert get_look_back(session, reviews[MAIR], row.id) is row


def test_names_of_a_search_that_nobody_closed_go_when_its_review_is_gone(reviews: Reviews) -> None:
    world = reviews.world
    with world.database.writing() as session:
        row = search(reviews, session, told(reviews, session))
    later = reviews.on(months_later(reviews.desk.today, 72) + timedelta(days=2)).now
    assert forget_looked_for(world.database, world.settings, later) == 0
    with world.database.writing() as session:
        session.get_one(LookBack, row.id).case_id = None
    assert forget_looked_for(world.database, world.settings, later) == 1


def test_a_figure_says_whether_it_is_nobodys_alone_and_keeps_it_when_the_decisions_are_deleted(
    reviews: Reviews,
) -> None:
    world = reviews.world
    people = (MELERI, MELERI, MELERI, LOWRI, LOWRI)
    with world.database.writing() as session:
        cases = [told(reviews, session, outcome=Outcome.UPHELD) for _one in people]
        for case, email in zip(cases, people, strict=True):
            session.add(
                ReviewDecision(
                    case_id=case.id,
                    outcome=Outcome.UPHELD,
                    reasons_cy=b"sealed",
                    decided_by=reviews[email].person_id,
                    decided_at=reviews.desk.now,
                )
            )
        session.flush()
        calendar = WorkingDays(world.settings.extra_holidays)
        made = [freeze(session, case, calendar, today=reviews.desk.today) for case in cases]
        said = [(one.nobody_alone, one.nobody_alone_at_point) for one in made if one is not None]
        assert said == [(False, False)] * 4 + [(True, True)]
        session.execute(delete(ReviewDecision))
        again = freeze(session, cases[-1], calendar, today=reviews.desk.today)
        assert again is not None
        assert again.nobody_alone
