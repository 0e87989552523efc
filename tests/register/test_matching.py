"""Who is affected, why, and since when."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.text import Bilingual, Locale
from portal.directory.rules import EngagementKind
from portal.i18n.catalogue import say
from portal.register.matching import Group, Match, Names, Work, affects, matches, merged, reason
from portal.register.rules import AT_WORK, Strength

TODAY = date(2026, 11, 22)
WORK = Work("board", ("ward", "hospital"), "nursing", EngagementKind.EMPLOYEE, TODAY)
GROUP = Group("s", "board", None, None, AT_WORK, Strength.DECIDES, date(2025, 9, 1), None)
NAMES = Names(
    Bilingual("Bwrdd Glannau", "Glannau Board"),
    {"ward": Bilingual("Ward Alaw", "Ward Alaw"), "hospital": Bilingual("Ysbyty Bryn Awel", "Bryn Awel Hospital")},
    Bilingual("Nyrsio", "Nursing"),
)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, True),
        ({"body_id": "council"}, False),
        ({"workplace_id": "ward"}, True),
        ({"workplace_id": "hospital"}, True),
        ({"workplace_id": "theatre"}, False),
        ({"staff_group_id": "nursing"}, True),
        ({"staff_group_id": "estates"}, False),
        ({"workplace_id": "hospital", "staff_group_id": "estates"}, False),
        ({"kinds": frozenset({EngagementKind.BANK})}, False),
        ({"kinds": frozenset({EngagementKind.EMPLOYEE})}, True),
        ({"since": TODAY}, True),
        ({"since": TODAY + timedelta(days=1)}, False),
        ({"until": TODAY}, True),
        ({"until": TODAY - timedelta(days=1)}, False),
    ],
)
def test_body_place_group_kind_and_day_must_all_fit(change: dict[str, object], expected: bool) -> None:
    assert affects(WORK, GROUP._replace(**change)) is expected


def test_a_group_of_a_ward_does_not_reach_the_rest_of_the_hospital() -> None:
    elsewhere = replace(WORK, places=("hospital",))
    assert not affects(elsewhere, GROUP._replace(workplace_id="ward"))


def test_somebody_who_tells_no_place_is_affected_by_what_affects_every_place_only() -> None:
    untold = replace(WORK, places=(), staff_group_id=None)
    assert affects(untold, GROUP)
    assert not affects(untold, GROUP._replace(workplace_id="hospital"))
    assert not affects(untold, GROUP._replace(staff_group_id="nursing"))


@pytest.mark.parametrize("kind", [EngagementKind.APPLICANT, EngagementKind.FORMER])
def test_everybody_at_work_is_neither_an_applicant_nor_a_leaver(kind: EngagementKind) -> None:
    assert not affects(replace(WORK, kind=kind), GROUP)


@pytest.mark.parametrize(
    ("change", "english"),
    [
        ({}, "It affects you because you work for this employer: Glannau Board"),
        ({"workplace_id": "ward"}, "It affects you because you work here: Ward Alaw"),
        ({"workplace_id": "hospital"}, "It affects you because your workplace is part of: Bryn Awel Hospital"),
        ({"staff_group_id": "nursing"}, "It affects you because you are in this staff group: Nursing"),
        (
            {"workplace_id": "ward", "staff_group_id": "nursing"},
            "It affects you because of where you work and your staff group: Ward Alaw; Nursing",
        ),
        (
            {"kinds": frozenset({EngagementKind.EMPLOYEE})},
            "It affects you because of your tie to this employer: Glannau Board; Employee, permanent",
        ),
    ],
)
def test_the_reason_names_what_the_rule_names_and_nothing_else(change: dict[str, object], english: str) -> None:
    assert say(reason(WORK, GROUP._replace(**change), NAMES), Locale.EN) == english


@pytest.mark.parametrize("place", [None, "ward", "hospital"])
@pytest.mark.parametrize("group", [None, "nursing"])
@pytest.mark.parametrize("kinds", [AT_WORK, frozenset({EngagementKind.EMPLOYEE})])
def test_every_reason_has_welsh_and_its_values_stand_after_a_colon(
    place: str | None, group: str | None, kinds: frozenset[EngagementKind]
) -> None:
    message = reason(WORK, GROUP._replace(workplace_id=place, staff_group_id=group, kinds=kinds), NAMES)
    welsh, english = say(message, Locale.CY), say(message, Locale.EN)
    assert welsh.startswith("Mae’n effeithio arnoch chi") and "{" not in welsh + english
    assert welsh.split(": ", 1)[1] and message.msgid.index(": {") == message.msgid.index("{") - 2


def test_an_applicant_is_told_that_applying_is_the_reason() -> None:
    everybody = GROUP._replace(kinds=frozenset(EngagementKind))
    applying = replace(WORK, kind=EngagementKind.APPLICANT)
    assert say(reason(applying, everybody, NAMES), Locale.EN).endswith(": Glannau Board; Applying for a job")


def test_one_system_is_one_match_by_its_strongest_group() -> None:
    weak = GROUP._replace(strength=Strength.ASSISTS, workplace_id="ward")
    strong = GROUP._replace(strength=Strength.INFLUENCES)
    found = matches(WORK, [weak, strong], NAMES)
    assert [match.strength for match in found] == [Strength.INFLUENCES]


def test_among_equals_the_nearest_place_gives_the_reason() -> None:
    groups = [GROUP, GROUP._replace(workplace_id="hospital"), GROUP._replace(workplace_id="ward")]
    assert "Ward Alaw" in say(matches(WORK, groups, NAMES)[0].why, Locale.EN)


def test_decides_comes_before_influences_before_monitors_before_assists_before_source_only() -> None:
    groups = [GROUP._replace(system_id=str(place), strength=one) for place, one in enumerate(reversed(Strength))]
    assert [match.strength for match in matches(WORK, groups, NAMES)] == list(Strength)


def test_since_is_not_before_the_work_began() -> None:
    began = date(2026, 2, 2)
    assert matches(replace(WORK, began_on=began), [GROUP], NAMES)[0].since == began
    assert matches(WORK, [GROUP], NAMES)[0].since == GROUP.since


def test_two_engagements_give_each_system_once() -> None:
    later = Match("s", Strength.DECIDES, reason(WORK, GROUP, NAMES), date(2026, 5, 1))
    earlier = later._replace(since=date(2024, 1, 1))
    weaker = later._replace(strength=Strength.MONITORS, since=date(2020, 1, 1))
    elsewhere = replace(NAMES, staff_group=None)
    (whole,) = merged([(NAMES, [later]), (elsewhere, [weaker, earlier])])
    assert whole[:4] == earlier[:4]
    assert [(one.strength, one.since, one.at) for one in whole.reasons] == [
        (earlier.strength, earlier.since, elsewhere),
        (weaker.strength, weaker.since, elsewhere),
    ]


places = st.sampled_from([None, "ward", "hospital", "theatre"])
groups_of_one_body = st.builds(
    Group,
    system_id=st.sampled_from("abc"),
    body_id=st.sampled_from(["board", "council"]),
    workplace_id=places,
    staff_group_id=st.sampled_from([None, "nursing", "estates"]),
    kinds=st.frozensets(st.sampled_from(EngagementKind), min_size=1),
    strength=st.sampled_from(Strength),
    since=st.dates(date(2026, 11, 1), date(2026, 12, 10)),
    until=st.none() | st.dates(date(2026, 11, 10), date(2026, 12, 20)),
)
works = st.builds(
    Work,
    body_id=st.just("board"),
    places=st.sampled_from([(), ("ward", "hospital"), ("hospital",)]),
    staff_group_id=st.sampled_from([None, "nursing"]),
    kind=st.sampled_from(EngagementKind),
    on=st.just(TODAY),
)


@given(works, st.lists(groups_of_one_body, max_size=8))
def test_a_system_is_found_exactly_when_one_of_its_groups_fits(work: Work, groups: list[Group]) -> None:
    found = matches(work, groups, NAMES)
    assert {match.system_id for match in found} == {group.system_id for group in groups if affects(work, group)}
    assert [match.strength.rank for match in found] == sorted(match.strength.rank for match in found)
    assert all(match.since <= work.on for match in found)


@given(works, st.lists(groups_of_one_body, max_size=8), st.randoms())
def test_the_order_of_the_rows_does_not_matter(work: Work, groups: list[Group], shuffler: object) -> None:
    mixed = list(groups)
    shuffler.shuffle(mixed)  # type: ignore[attr-defined]
    once, again = matches(work, groups, NAMES), matches(work, mixed, NAMES)
    assert [(m.system_id, m.strength, m.since) for m in once] == [(m.system_id, m.strength, m.since) for m in again]


@given(works, st.lists(groups_of_one_body, max_size=8))
def test_working_in_a_smaller_place_never_loses_a_system_of_the_larger(work: Work, groups: list[Group]) -> None:
    around = replace(work, places=("hospital",))
    inside = replace(work, places=("ward", "hospital"))
    larger = {match.system_id for match in matches(around, groups, NAMES)}
    assert larger <= {match.system_id for match in matches(inside, groups, NAMES)}
