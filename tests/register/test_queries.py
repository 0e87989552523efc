"""Reads: lists in both alphabets, parts of the current version, what affects somebody in three statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import event, select, text, update

from portal.core.db import Database
from portal.core.errors import NotFound
from portal.core.text import Locale
from portal.directory.models import Body, Person, Workplace
from portal.i18n.catalogue import say
from portal.register import affecting, queries
from portal.register.choosing import Choice, work_of
from portal.register.models import System
from portal.register.rules import Strength

TODAY = date(2026, 11, 22)


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield sent
    event.remove(database.engine, "before_cursor_execute", note)


def affecting_by(database: Database, choice: Choice, locale: Locale = Locale.EN) -> list[affecting.Hit]:
    with database.reading() as session:
        facts = affecting.read_facts(session, choice)
        return affecting.affecting(session, [(work_of(choice, facts, on=TODAY), facts.names)], locale)


@pytest.mark.parametrize(
    ("choice", "codes"),
    [
        (Choice("glannau-ogwen", "ward-alaw", "nursing", "employee"), ["BS5C8T", "RT4S7K", "FW6N3D"]),
        (Choice("glannau-ogwen", "ward-alaw", "healthcare-support", "bank"), ["RT4S7K", "FW6N3D"]),
        (Choice("glannau-ogwen", "menai", "admin-clerical", "fixed_term"), ["BS5C8T", "CK8V2P", "FW6N3D"]),
        (Choice("dyffryn-cledwen", "pen-y-lan", "refuse", "employee"), ["K7RT3M"]),
        (Choice("dyffryn-cledwen", "home-care", "home-care", "bank"), ["NW9D4V"]),
        (Choice("dyffryn-cledwen", "county-hall", "customer-services", "agency"), ["GN3W7X"]),
        (Choice("dyffryn-cledwen", "none", "none", "applicant"), ["HG2M9R"]),
        (Choice("glannau-ogwen", "none", "none", "volunteer"), []),
    ],
)
def test_the_demonstrations_workers_find_their_systems(register: Database, choice: Choice, codes: list[str]) -> None:
    assert [hit.card.short_code for hit in affecting_by(register, choice)] == codes


def test_a_card_says_why_since_when_who_and_what_decides(register: Database) -> None:
    hits = affecting_by(register, Choice("glannau-ogwen", "ward-alaw", "nursing", "employee"), Locale.CY)
    card, match = hits[1].card, hits[1].match
    assert card.name == "Rota electronig" and card.responsible == "Pennaeth Systemau’r Gweithlu"
    assert card.decides.count("; ") == 1 and card.advises == "Symud eich shifft ar fyr rybudd"
    assert match.strength is Strength.DECIDES and match.since == date(2025, 9, 1)
    assert say(match.why, Locale.CY).endswith(": Ysbyty Bryn Awel; Nyrsio")


def test_three_statements_are_enough(register: Database) -> None:
    with counted(register) as sent:
        assert affecting_by(register, Choice("glannau-ogwen", "ward-alaw", "nursing", "employee"))
    assert len([statement for statement in sent if not statement.startswith("BEGIN")]) == 3


def test_a_loop_of_workplaces_ends(register: Database) -> None:
    with register.writing() as session:
        hospital = session.scalars(select(Workplace).where(Workplace.slug == "bryn-awel")).one()
        ward = session.scalars(select(Workplace).where(Workplace.slug == "ward-alaw")).one()
        hospital.parent_id = ward.id
    hits = affecting_by(register, Choice("glannau-ogwen", "ward-alaw", "nursing", "employee"))
    assert [hit.card.short_code for hit in hits] == ["BS5C8T", "RT4S7K", "FW6N3D"]


def test_another_employers_workplace_is_unknown(register: Database) -> None:
    with register.reading() as session:
        facts = affecting.read_facts(session, Choice("dyffryn-cledwen", "ward-alaw", "nursing", "employee"))
    assert facts.body is not None and facts.places == () and facts.staff_group is None


def test_engagements_of_a_person_count_from_their_first_day(register: Database) -> None:
    with register.reading() as session:
        person = session.scalars(select(Person).where(Person.slug == "nia-meredith")).one()
        works = affecting.works_of(session, person.id, today=TODAY)
        hits = affecting.affecting(session, works, Locale.EN)
    assert {hit.card.short_code: hit.match.since for hit in hits} == {
        "BS5C8T": date(2026, 2, 2),
        "CK8V2P": date(2026, 2, 2),
        "FW6N3D": date(2026, 4, 1),
    }


def test_a_suspended_system_affects_nobody_and_stays_on_the_register(register: Database) -> None:
    with register.writing() as session:
        session.execute(update(System).where(System.short_code == "K7RT3M").values(state="suspended"))
    assert affecting_by(register, Choice("dyffryn-cledwen", "pen-y-lan", "refuse", "employee")) == []
    with register.reading() as session:
        assert queries.get_system(session, "K7RT3M").short_code == "K7RT3M"


def test_a_body_lists_its_own_systems(register: Database) -> None:
    with register.reading() as session:
        council = session.scalars(select(Body).where(Body.slug == "dyffryn-cledwen")).one()
        listed = queries.list_published(session, council.id)
        assert {row.short_code for row in listed} == {"K7RT3M", "NW9D4V", "HG2M9R", "GN3W7X"}


def test_the_telematics_changed_on_2_november_2026(register: Database) -> None:
    with register.reading() as session:
        system = queries.get_system(session, "k7rt3m")
        (now_, before) = queries.list_history(session, system.id)
    assert now_.published_on == date(2026, 11, 2) and now_.change is not None and before.change is None
    assert "0.40 g" in now_.change.now.cy and "0.45 g" in now_.change.before.cy


def test_parts_are_those_of_the_current_version(register: Database) -> None:
    with register.reading() as session:
        system = queries.get_system(session, "K7RT3M")
        points = queries.list_decision_points(session, system.id)
        assert [point.key for point in points] == ["harsh-braking-talk", "route-change"]
        assert {point.version_id for point in points} == {system.version_id}
        assert len(queries.list_data_items(session, system.id)) == 4
        assert queries.get_decision_point(session, points[0].id) is points[0]


@pytest.mark.parametrize("code", ["ZZZZZZ", "", "K7RT3M'", "k7rt3"])
def test_an_unknown_code_is_not_found(register: Database, code: str) -> None:
    with register.reading() as session:
        assert queries.find_system(session, code) is None
        with pytest.raises(NotFound):
            queries.get_system(session, code)


def test_a_version_altered_behind_our_back_is_noticed(register: Database, now: datetime) -> None:
    with register.reading() as session:
        assert queries.list_altered_versions(session) == []
    with register.writing() as session:
        session.execute(text("UPDATE system_versions SET record = replace(record, '0.40', '0.45') WHERE number = 2"))
    with register.reading() as session:
        assert len(queries.list_altered_versions(session)) == 1
