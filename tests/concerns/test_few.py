"""The small-unit guard of a concern: where few people could have written it, nobody of their unit answers for it."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from portal.cases.routing.exclusions import Affair, Kind
from portal.cases.routing.people import Standing
from portal.cases.routing.units import Unit, is_small
from portal.concerns.few import few_of, known_unit, unit_of
from portal.concerns.offering import list_offered
from portal.concerns.queries import find_channel, get_about
from portal.concerns.rules import EMPLOYER, Few
from portal.core.db import Database
from portal.core.ids import new_id
from portal.core.text import Locale
from portal.directory.models import Engagement, Person, RoleHolding
from portal.register.affected import AtWork, list_affected, list_at_work
from portal.register.affecting import affecting_by, works_of
from portal.register.models import System
from tests.concerns.test_offering import ROWS
from tests.demonstrated import OTHER_BODY, Demonstrated
from tests.visitors import Visitor

DELYTH, MIHANGEL = "delyth.rhun@dyffryn-cledwen.example", "mihangel.sion@dyffryn-cledwen.example"
FEW_CODE, SIFTING = "NW9D4V", "HG2M9R"
SAID = {
    "en": ("Few people could have written this", "We do not know how many people could have written this"),
    "cy": ("Ychydig o bobl a allai fod wedi ysgrifennu hyn", "Ni wyddom faint o bobl a allai fod wedi ysgrifennu hyn"),
}
PEOPLE = sorted({row.person_id for row in ROWS})


@pytest.mark.parametrize(
    ("unit", "system", "said"),
    [
        (Unit(8), "rota", Few.NO), (Unit(7), "rota", Few.YES), (Unit(1), None, Few.YES), (Unit(0), "rota", Few.UNKNOWN),
        (Unit(0), None, Few.NO), (Unit(9), None, Few.NO),
    ],
)  # fmt: skip
def test_what_is_said_of_a_unit(unit: Unit, system: str | None, said: Few) -> None:
    assert few_of(unit, system) is said


def test_of_a_unit_are_all_who_work_where_its_people_work_and_who_is_over_them() -> None:
    found = [
        AtWork("a", "ward", "nursing", "head"),
        AtWork("a", "ward", "bank", None),
        AtWork("b", "ward", "bank", None),
    ]
    people = {
        "clerk": Standing("clerk", team_ids=frozenset({"ward/office", "gate/office"})),
        "far": Standing("far", team_ids=frozenset({"gate/office"})),
    }
    assert known_unit(found, people) == Unit(2, frozenset({"ward/office"}), frozenset({"head"}))


def test_whatever_the_unit_nobody_of_a_small_one_answers_for_it_and_somebody_of_every_other_group_remains() -> None:
    chance = random.Random(7)
    small = 0
    for _ in range(300):
        teams = {one: frozenset(chance.sample(("ward", "gate", "hall"), chance.randint(0, 2))) for one in PEOPLE}
        people = {one: Standing(one, team_ids=teams[one]) for one in PEOPLE}
        over = frozenset(chance.sample(PEOPLE, chance.randint(0, 2)))
        unit = Unit(
            chance.randint(0, 9), frozenset(chance.sample(("ward", "gate", "hall"), chance.randint(0, 3))), over
        )
        affair = Affair(Kind.CONCERN, "board", system_id="rota")
        plain = [(group, row.person_id) for group, row in list_offered(affair, ROWS, ["b1", "b2"], people)]
        guarded = list_offered(Affair(Kind.CONCERN, "board", system_id="rota", unit=unit), ROWS, ["b1", "b2"], people)
        kept = [(group, row.person_id) for group, row in guarded]
        assert kept == [one for one in plain if one in kept], "nobody is added, and the order stays"
        assert {group for group, _ in plain} - {group for group, _ in kept} <= {EMPLOYER}
        of_unit = {one for one in PEOPLE if teams[one] & unit.team_ids or one in over}
        if not is_small(unit):
            assert kept == plain
            continue
        small += 1
        assert not of_unit & {one for group, one in kept if group == EMPLOYER}
        for group in {group for group, _ in plain} - {EMPLOYER}:
            outside = [one for name, one in plain if name == group and one not in of_unit]
            assert [one for name, one in kept if name == group] == (
                outside or [one for name, one in plain if name == group]
            )
    assert small > 100


def test_whom_a_system_affects_is_found_as_the_register_tells_each_of_them(demonstrated: Demonstrated) -> None:
    today = demonstrated.settings.clock.today()
    with demonstrated.database.reading() as session:
        works = {one: works_of(session, one, today=today) for one in session.scalars(select(Person.id))}
        hits = 0
        for system in session.scalars(select(System).where(System.state.in_(("live", "pilot")))):
            told = {one for one, own in works.items() if affecting_by(session, own, system.id, Locale.EN) is not None}
            assert {one.person_id for one in list_affected(session, system.id, today=today)} == told, system.slug
            hits += len(told)
        assert hits > 30


def test_both_databases_understand_the_questions(either_database: Database) -> None:
    with either_database.reading() as session:
        assert list_affected(session, new_id(), today=date(2026, 11, 23)) == []
        assert list_at_work(session, new_id(), today=date(2026, 11, 23)) == []


def test_who_has_left_or_comes_later_could_not_have_written_it(demonstrated: Demonstrated) -> None:
    today = demonstrated.settings.clock.today()
    with demonstrated.database.writing() as session:
        [system_id] = session.scalars(select(System.id).where(System.short_code == FEW_CODE))
        affected = {one.person_id for one in list_affected(session, system_id, today=today)}
        assert len(affected) == 3
        for work in session.scalars(select(Engagement).where(Engagement.person_id.in_(affected))):
            work.ended_on = max(work.started_on, today - timedelta(days=1))
        session.flush()
        assert list_affected(session, system_id, today=today) == []


def test_in_the_demonstration_nobody_of_home_care_is_offered_and_others_outside_it_are(
    demonstrated: Demonstrated,
) -> None:
    today = demonstrated.settings.clock.today()
    asked: list[str] = []
    with demonstrated.database.reading() as session:
        about = get_about(session, OTHER_BODY, f"system:{FEW_CODE}")
        event.listen(session.connection().engine, "before_cursor_execute", lambda _c, _u, said, *_: asked.append(said))
        channel = find_channel(session, about, today=today)
        assert len(asked) == 8, asked
        offered = {one.person_id for one in channel.readers}
        held = select(RoleHolding.person_id).where(RoleHolding.system_id == about.system_id)
        assert {demonstrated.person(DELYTH), demonstrated.person(MIHANGEL)} == set(session.scalars(held))
    assert offered.isdisjoint({demonstrated.person(DELYTH), demonstrated.person(MIHANGEL)})
    assert channel.is_open and channel.few is Few.YES


def test_a_record_that_tells_of_many_is_believed_before_a_directory_that_knows_few(demonstrated: Demonstrated) -> None:
    today = demonstrated.settings.clock.today()
    with demonstrated.database.reading() as session:
        about = get_about(session, OTHER_BODY, f"system:{FEW_CODE}")
        assert about.told == 0
        for told, small in ((0, True), (7, True), (8, False), (640, False)):
            assert is_small(unit_of(session, about.body.id, about.system_id, told, {}, today=today)) is small


@pytest.mark.parametrize("locale", ["cy", "en"])
def test_both_pages_say_that_few_could_have_written_it_and_never_how_many(
    demonstrated: Demonstrated, visitor: Visitor, locale: str
) -> None:
    for code, few in ((FEW_CODE, (True, False)), (SIFTING, (False, True)), ("K7RT3M", (False, False))):
        chosen = {"body": OTHER_BODY, "about": f"system:{code}"}
        pages = [visitor.client.post(f"/{locale}/concern/{page}", data=chosen).text for page in ("write", "form")]
        for page in pages:
            assert tuple(sentence in page for sentence in SAID[locale]) == few
            assert ("Home Care Service Manager" in page) is False
