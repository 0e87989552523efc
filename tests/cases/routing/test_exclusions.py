"""D1, rule by rule: who must not receive something, and what lifts it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from portal.cases.routing.destinations import route
from portal.cases.routing.exclusions import Affair, Ban, Conflict, Kind, Source, bans, may_search
from portal.cases.routing.people import Office, Standing
from portal.cases.routing.units import MOST_OF_A_SMALL_UNIT, Detail, Unit, is_small, shown
from tests.cases.routing.worlds import BODY, BRANCH, ROTA, concern, named, world

OVER = Standing("head", manager_ids=frozenset({"director"}))
UNDER = Standing("deputy", manager_ids=frozenset({"head"}))
HOUSEHOLD = Standing("outside", tied_to=frozenset({"head"}))
SUBJECT_OFFICE = frozenset({Office.SYSTEM_MANAGER})
REP_AT_WORK = Standing("rep-1", manager_ids=frozenset({"head"}))


@pytest.mark.parametrize(
    ("place", "affair", "person", "reason"),
    [
        pytest.param(world(), concern(sender_id="head"), "head", Ban.OWN, id="their own"),
        pytest.param(world(), concern(conflicts=named("head")), "head", Ban.NAMED, id="1 named by the reporter"),
        pytest.param(world(OVER), concern(conflicts=named("head")), "director", Ban.LINE, id="1 their manager"),
        pytest.param(world(UNDER), concern(conflicts=named("head")), "deputy", Ban.LINE, id="1 who reports to them"),
        pytest.param(world(HOUSEHOLD), concern(conflicts=named("head")), "outside", Ban.TIED, id="1 their household"),
        pytest.param(
            world(Standing("head", tied_to=frozenset({"outside"}))), concern(conflicts=named("head")), "outside",
            Ban.TIED, id="1 an interest that the other declared",
        ),
        pytest.param(world(HOUSEHOLD), concern(sender_id="head"), "outside", Ban.TIED, id="1 the sender's household"),
        pytest.param(world(), concern(chain=frozenset({"head"})), "head", Ban.CHAIN, id="2 took the decision"),
        pytest.param(world(), concern(about=SUBJECT_OFFICE), "head", Ban.SUBJECT, id="2 about the manager"),
        pytest.param(world(), concern(about=SUBJECT_OFFICE), "director", Ban.SUBJECT, id="2 about the manager of all"),
        pytest.param(world(UNDER), concern(about=SUBJECT_OFFICE), "deputy", Ban.LINE, id="2 who reports to them"),
        pytest.param(
            world(), Affair(Kind.COMPLAINT, BODY, about=frozenset({Office.DATA_PROTECTION})), "dpo", Ban.SUBJECT,
            id="2 about the data protection officer",
        ),
        pytest.param(
            world(), Affair(Kind.COMPLAINT, BODY, handled=frozenset({"clerk"})), "clerk", Ban.HANDLED,
            id="12 handled what it is about",
        ),
        pytest.param(world(), concern(conflicts=named("head", source=Source.SELF)), "head", Ban.DECLARED, id="6 self"),
        pytest.param(world(), concern(conflicts=named("head", source=Source.SYSTEM)), "head", Ban.FOUND, id="6 system"),
        pytest.param(
            world(Standing("head", team_ids=frozenset({"ward"}))), concern(unit=Unit(7, frozenset({"ward"}))), "head",
            Ban.UNIT, id="7 of a small unit",
        ),
        pytest.param(world(Standing("head", is_supplier=True)), concern(), "head", Ban.SUPPLIER, id="8 a supplier"),
        pytest.param(world(Standing("head", is_administrator=True)), concern(), "head", Ban.ADMINISTRATOR, id="8"),
        pytest.param(world(Standing("head", has_left=True)), concern(), "head", Ban.LEFT, id="D3 has left"),
        pytest.param(
            world(REP_AT_WORK), concern(branch_id=BRANCH), "head", Ban.OVER_REPRESENTATIVE,
            id="21 over a representative",
        ),
    ],
)  # fmt: skip
def test_each_rule_keeps_somebody_away_for_its_reason(place: object, affair: Affair, person: str, reason: Ban) -> None:
    assert reason in bans(place, affair)[person]  # type: ignore[arg-type]
    assert person not in route(place, affair).person_ids  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("place", "affair", "person"),
    [
        pytest.param(world(), concern(), "head", id="nothing was said"),
        pytest.param(world(OVER), concern(chain=frozenset({"head"})), "director", id="the line of who decided"),
        pytest.param(world(), concern(about=SUBJECT_OFFICE), "deputy", id="the deputy of whom it is about"),
        pytest.param(
            world(Standing("deputy", manager_ids=frozenset({"director"})), OVER), concern(conflicts=named("head")),
            "deputy", id="a colleague under the same manager",
        ),
        pytest.param(
            world(OVER, Standing("director", manager_ids=frozenset({"chair"}))), concern(conflicts=named("head")),
            "chair", id="two levels up",
        ),
        pytest.param(
            world(OVER), concern(conflicts=named("head", source=Source.SELF)), "director",
            id="the line of who declared a conflict of their own",
        ),
        pytest.param(world(REP_AT_WORK), concern(), "head", id="over a representative of a branch not chosen"),
        pytest.param(
            world(Standing("head", team_ids=frozenset({"ward"}))), concern(unit=Unit(8, frozenset({"ward"}))), "head",
            id="of a unit of eight",
        ),
        pytest.param(world(), concern(handled=frozenset({"head"})), "head", id="handled, but no complaint"),
        pytest.param(world(), concern(system_id="cabs", about=SUBJECT_OFFICE), "head", id="of another system"),
    ],
)  # fmt: skip
def test_nobody_is_kept_away_without_a_reason(place: object, affair: Affair, person: str) -> None:
    assert person not in bans(place, affair)  # type: ignore[arg-type]


@pytest.mark.parametrize("source", list(Source))
@pytest.mark.parametrize(
    ("lifted_by", "agrees", "stands"),
    [
        (set(), True, True),
        ({"one"}, True, True),
        ({"one", "two"}, False, True),
        ({"one", "head"}, True, True),
        ({"one", "two"}, True, False),
        ({"one", "two", "head"}, True, False),
    ],
)
def test_a_conflict_is_lifted_by_two_others_and_the_reporter_together(
    source: Source, lifted_by: set[str], agrees: bool, stands: bool
) -> None:
    conflict = Conflict("head", source, frozenset(lifted_by), reporter_agrees=agrees)
    assert conflict.stands is stands
    assert ("head" in bans(world(OVER), concern(conflicts=(conflict,)))) is stands


def test_lifting_one_conflict_leaves_the_other_standing() -> None:
    lifted = Conflict("head", Source.REPORTER, frozenset({"one", "two"}), reporter_agrees=True)
    affair = concern(conflicts=(lifted, Conflict("head", Source.SELF)))
    assert bans(world(OVER), affair) == {"head": frozenset({Ban.DECLARED})}


def test_an_accused_manager_searches_nothing_and_neither_does_who_is_left_out() -> None:
    barred = bans(world(), concern(conflicts=named("clerk")))
    assert not may_search("head", barred, accused=frozenset({"head"}))
    assert not may_search("clerk", barred, accused=frozenset())
    assert may_search("head", barred, accused=frozenset())
    keepers = bans(world(Standing("clerk", is_supplier=True), Standing("dpo", is_administrator=True)), concern())
    assert may_search("clerk", keepers, accused=frozenset()) and may_search("dpo", keepers, accused=frozenset())


@pytest.mark.parametrize(("size", "small"), [(0, True), (1, True), (7, True), (8, False), (400, False)])
def test_a_unit_of_seven_is_small(size: int, small: bool) -> None:
    assert MOST_OF_A_SMALL_UNIT == 7
    assert is_small(Unit(size)) is small


def test_of_a_small_unit_nothing_but_the_day_is_shown() -> None:
    detail = Detail("Ward 5", "nursing", datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    assert shown(detail, Unit(8)) == detail
    assert shown(detail, Unit(7)) == Detail(None, None, date(2026, 7, 1))
    assert shown(replace(detail, at=date(2026, 7, 1)), Unit(7)) == Detail(None, None, date(2026, 7, 1))


def test_a_small_unit_is_left_for_somebody_who_is_not_in_it() -> None:
    in_ward = [Standing(one, team_ids=frozenset({"ward"})) for one in ("head", "deputy", "director", "outside")]
    found = route(world(*in_ward), concern(system_id=ROTA, unit=Unit(3, frozenset({"ward"}))))
    assert [one.person_id for one in found.given] == ["chair"]
