"""D2, rule by rule: where something goes, who comes next, and in which capacity."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from portal.cases.routing.destinations import readers, route
from portal.cases.routing.exclusions import Affair, Kind
from portal.cases.routing.given import Because, Route, Why
from portal.cases.routing.people import Office, Standing, World
from portal.cases.routing.pool import reviewers
from portal.cases.routing.urgency import called
from portal.core.text import Locale
from tests.cases.routing.worlds import BODY, BOTH, BRANCH, ROTA, SEATS, concern, named, seat, world

CY, EN = Locale.CY, Locale.EN


def away(*person_ids: str) -> World:
    return world(*(Standing(one, is_away=True) for one in person_ids))


def first(found: Route) -> tuple[str, Why, Because | None]:
    one = found.given[0]
    return one.person_id, one.why, one.because


LEFT = ("head", "director", "deputy", "outside", "chair", "host-head", "host-outside")
CHAIN = (
    ("head", Why.HOLDS, None),
    ("director", Why.HOLDS, None),
    ("deputy", Why.DEPUTY, Because.NAMED),
    ("outside", Why.INDEPENDENT, Because.NAMED),
    ("chair", Why.AUDIT, Because.NAMED),
    ("host-head", Why.HOST, Because.NAMED),
    ("host-outside", Why.HOST, Because.NAMED),
)


@pytest.mark.parametrize("gone", range(len(CHAIN)))
def test_9_a_concern_goes_outwards_office_by_office(gone: int) -> None:
    assert first(route(world(), concern(conflicts=named(*LEFT[:gone])))) == CHAIN[gone]


@pytest.mark.parametrize("gone", range(2, len(CHAIN)))
def test_9_who_is_away_is_passed_over_in_the_same_order(gone: int) -> None:
    person, why, _because = CHAIN[gone]
    assert first(route(away(*LEFT[:gone]), concern())) == (person, why, Because.AWAY)


def test_9_it_never_goes_to_an_administrator_and_says_when_it_goes_nowhere() -> None:
    everybody = {one.person_id for one in SEATS}
    found = route(world(), concern(conflicts=named(*everybody)))
    assert found.is_lost
    assert found.given == ()
    admins = world(*(Standing(one, is_administrator=True) for one in everybody))
    assert route(admins, concern()).is_lost


def test_9_without_a_body_that_runs_the_system_the_chain_ends_at_the_audit_committee() -> None:
    found = route(world(hosted=False), concern(conflicts=named(*LEFT[:5])))
    assert found.is_lost


def test_9_an_empty_post_is_said_to_be_empty() -> None:
    seats = tuple(one for one in SEATS if one.office is not Office.SYSTEM_MANAGER)
    assert first(route(world(seats=seats), concern())) == ("outside", Why.INDEPENDENT, Because.VACANT)


def test_9_who_is_barred_for_another_reason_is_not_called_left_out() -> None:
    found = route(world(), concern(chain=frozenset({"head", "director"})))
    assert first(found) == ("deputy", Why.DEPUTY, Because.CANNOT)


def test_9_where_everybody_is_away_the_first_has_it_and_it_waits_for_nobody_unknown() -> None:
    [given] = route(away(*(one.person_id for one in SEATS)), concern(conflicts=named("head"))).given
    assert (given.person_id, given.is_away) == ("director", True)


@pytest.mark.parametrize(
    ("left_out", "person", "why"),
    [
        ((), "safety", Why.HOLDS),
        (("safety",), "safety-deputy", Why.DEPUTY),
        (("safety", "safety-deputy"), "outside", Why.INDEPENDENT),
        (("safety", "safety-deputy", "outside"), "chair", Why.AUDIT),
        (("safety", "safety-deputy", "outside", "chair"), "host-outside", Why.HOST),
    ],
)
def test_22_a_matter_goes_to_its_officer_and_then_outwards(left_out: tuple[str, ...], person: str, why: Why) -> None:
    affair = concern(system_id=None, matter="safety", conflicts=named(*left_out))
    assert first(route(world(), affair))[:2] == (person, why)


def test_22_a_matter_without_an_officer_goes_outside_the_line() -> None:
    found = route(world(), concern(system_id=None, matter="money"))
    assert first(found) == ("outside", Why.INDEPENDENT, Because.VACANT)


@pytest.mark.parametrize(
    ("standings", "left_out", "person"),
    [
        ((), (), "clerk"),
        ((Standing("clerk", open_items=2),), (), "dpo"),
        ((Standing("clerk", open_items=2), Standing("dpo", open_items=3)), (), "dpo-deputy"),
        ((), ("clerk", "dpo"), "dpo-deputy"),
        ((), ("clerk", "dpo", "dpo-deputy"), "risk"),
        (tuple(Standing(one, is_away=True) for one in ("clerk", "dpo", "dpo-deputy")), (), "risk"),
    ],
)
def test_10_an_access_request_goes_to_whoever_has_least_of_the_queue(
    standings: Sequence[Standing], left_out: tuple[str, ...], person: str
) -> None:
    affair = Affair(Kind.ACCESS, BODY, conflicts=named(*left_out))
    assert route(world(*standings), affair).given[0].person_id == person


@pytest.mark.parametrize(
    ("change", "offered"),
    [
        ({}, ["reviewer-1", "reviewer-2"]),
        ({"sender_id": "reviewer-1"}, ["reviewer-2", "reviewer-3"]),
        ({"chain": frozenset({"reviewer-1"})}, ["reviewer-2", "reviewer-3"]),
        ({"looked": frozenset({"reviewer-1"})}, ["reviewer-2", "reviewer-3"]),
        ({"sender_id": "sian", "live_with": frozenset({"reviewer-1"})}, ["reviewer-2", "reviewer-3"]),
        ({"conflicts": named("reviewer-1", "reviewer-2")}, ["reviewer-3"]),
        ({"conflicts": named("reviewer-1", "reviewer-2", "reviewer-3")}, []),
    ],
)
def test_11_a_review_goes_to_the_pool_and_to_another_body_where_it_is_too_small(
    change: dict[str, object], offered: list[str]
) -> None:
    affair = replace(Affair(Kind.REVIEW, BODY, system_id=ROTA), **change)  # type: ignore[arg-type]
    found = reviewers(world(), affair)
    assert [one.person_id for one in found] == offered
    assert {one.why for one in found if one.person_id == "reviewer-3"} <= {Why.LENT}
    assert route(world(), affair).is_lost == (not offered)


WARD, DEPOT = frozenset({"ward"}), frozenset({"depot"})
CLOSE = {
    "the team of who asked": (Standing("reviewer-1", team_ids=WARD), Standing("sian", team_ids=WARD)),
    "the team of who decided": (Standing("reviewer-1", team_ids=DEPOT), Standing("decider", team_ids=DEPOT)),
    "who works for who decided": (Standing("reviewer-1", manager_ids=frozenset({"decider"})),),
    "who is over the one who asked": (Standing("sian", manager_ids=frozenset({"reviewer-1"})),),
    "a supplier": (Standing("reviewer-1", is_supplier=True),),
}


@pytest.mark.parametrize("standings", CLOSE.values(), ids=CLOSE)
def test_3_a_reviewer_stands_apart_from_the_decision_and_the_people(standings: Sequence[Standing]) -> None:
    affair = Affair(Kind.REVIEW, BODY, system_id=ROTA, sender_id="sian", chain=frozenset({"decider"}))
    assert [one.person_id for one in reviewers(world(*standings), affair)] == ["reviewer-2", "reviewer-3"]


@pytest.mark.parametrize("office", [Office.SYSTEM_MANAGER, Office.REGISTER, Office.DATA_PROTECTION])
def test_3_who_answers_for_the_system_or_reads_the_records_reviews_nothing_of_it(office: Office) -> None:
    seats = (*SEATS, seat("reviewer-1", office, system_id=ROTA if office is Office.SYSTEM_MANAGER else None))
    affair = Affair(Kind.REVIEW, BODY, system_id=ROTA)
    assert [one.person_id for one in reviewers(world(seats=seats), affair)] == ["reviewer-2", "reviewer-3"]


@pytest.mark.parametrize(
    ("change", "person", "why"),
    [
        ({}, "clerk", Why.QUEUE),
        ({"handled": frozenset({"clerk"})}, "dpo", Why.QUEUE),
        ({"handled": frozenset({"clerk", "dpo", "dpo-deputy"})}, "named", Why.NAMED_HANDLER),
        ({"about": frozenset({Office.DATA_PROTECTION})}, "named", Why.NAMED_HANDLER),
        ({"about": frozenset({Office.DATA_PROTECTION}), "conflicts": named("named")}, "risk", Why.AT_THE_TOP),
    ],
)
def test_12_a_complaint_goes_to_somebody_who_had_no_part_in_the_matter(
    change: dict[str, object], person: str, why: Why
) -> None:
    affair = replace(Affair(Kind.COMPLAINT, BODY), **change)  # type: ignore[arg-type]
    assert first(route(world(), affair))[:2] == (person, why)


@pytest.mark.parametrize(
    ("standings", "lang", "person", "translator"),
    [
        ((), EN, "clerk", None),
        ((), CY, "clerk", "translator"),
        ((Standing("dpo", reads=BOTH, open_items=9),), CY, "dpo", None),
        ((Standing("dpo", reads=BOTH, is_away=True),), CY, "clerk", "translator"),
        ((Standing("translator", reads=frozenset({EN})),), CY, "clerk", None),
    ],
)
def test_13_a_welsh_case_goes_to_who_reads_welsh_else_somebody_translates_in_the_same_circle(
    standings: Sequence[Standing], lang: Locale, person: str, translator: str | None
) -> None:
    found = route(world(*standings), Affair(Kind.ACCESS, BODY, lang=lang))
    assert found.given[0].person_id == person
    assert (found.translator.person_id if found.translator else None) == translator


def test_13_a_translator_whom_the_sender_left_out_translates_nothing() -> None:
    found = route(world(), Affair(Kind.ACCESS, BODY, lang=CY, conflicts=named("translator")))
    assert found.translator is None


def test_13_language_never_moves_a_concern_to_another_office() -> None:
    place = world(Standing("outside", reads=BOTH))
    assert first(route(place, concern(lang=CY)))[0] == "head"
    both_hold = (*SEATS, seat("cymraes", Office.SYSTEM_MANAGER, system_id=ROTA))
    assert first(route(world(Standing("cymraes", reads=BOTH), seats=both_hold), concern(lang=CY)))[0] == "cymraes"


@pytest.mark.parametrize(
    ("change", "people"),
    [
        ({}, ["day", "night", "head", "director", "deputy", "outside", "chair", "host-head", "host-outside"]),
        ({"conflicts": named("day")}, ["night", "head"]),
        ({"branch_id": BRANCH, "union_alone": True}, ["rep-1", "rep-2"]),
    ],
)
def test_14_where_somebody_may_be_hurt_those_on_call_are_telephoned_first(
    change: dict[str, object], people: list[str]
) -> None:
    found = [one.person_id for one in called(world(), concern(is_urgent=True, **change))]
    assert found[: len(people)] == people
    assert "day" not in found or not change


def test_14_of_a_sealed_concern_nobody_is_called_who_holds_no_key_and_who_is_away_comes_last() -> None:
    place, holders = away("night"), {"night", "outside", "rep-1"}
    found = called(place, concern(is_urgent=True, branch_id=BRANCH), holders=holders)
    assert [one.person_id for one in found] == ["outside", "rep-1", "night"]


def test_15_a_tool_in_no_register_goes_to_the_register_and_the_lead_of_the_branch() -> None:
    affair = Affair(Kind.UNLISTED, BODY, branch_id=BRANCH)
    found = route(world(), affair)
    assert [one.person_id for one in found.given] == ["editor", "rep-1", "rep-2", "secretary"]
    gone = route(world(), replace(affair, conflicts=named("editor")))
    assert first(gone)[:2] == ("director", Why.HOLDS)


def test_a_sealed_concern_offers_everybody_who_could_be_reached_later() -> None:
    found = [one.person_id for one in readers(world(), concern(branch_id=BRANCH, is_urgent=True))]
    employer = ["head", "director", "deputy", "outside", "chair", "host-head", "host-outside", "day", "night"]
    assert found == [*employer, "rep-1", "rep-2", "secretary", "officer"]


def test_a_sealed_concern_for_the_union_alone_offers_nobody_of_the_employer() -> None:
    found = [one.person_id for one in readers(world(), concern(branch_id=BRANCH, union_alone=True))]
    assert found == ["rep-1", "rep-2", "secretary", "officer"]
    assert route(world(), concern(branch_id=BRANCH, union_alone=True)).person_ids == {"rep-1", "rep-2"}


def test_somebody_with_two_capacities_receives_it_once_in_the_first() -> None:
    seats = (*SEATS, seat("head", Office.INDEPENDENT))
    found = readers(world(seats=seats), concern())
    assert [one.why for one in found if one.person_id == "head"] == [Why.HOLDS]
