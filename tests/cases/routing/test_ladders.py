"""D4: who hears when something is late, step by step, on each of the three ladders and on both sides."""

from datetime import date

import pytest

from portal.cases.routing.exclusions import Affair, Kind
from portal.cases.routing.ladders import SILENT_WORKING_DAYS, STEPS, TO_BOARD, Ladder, Side, climb, late_step
from portal.cases.routing.people import Standing
from portal.cases.warning import STAGES
from portal.timelimits.calendar import WorkingDays
from tests.cases.routing.worlds import BODY, BRANCH, concern, named, world

ACCESS = Affair(Kind.ACCESS, BODY)


def told(affair: Affair, ladder: Ladder, *standings: Standing, side: Side = Side.EMPLOYER, **more: object) -> list[str]:
    """Who is added at each step, one step a word: «head | deputy»."""
    place, before, steps = world(*standings), list[str](), list[str]()
    for step in range(STEPS):
        now = [one.person_id for one in climb(place, affair, ladder, step, side=side, **more)]  # type: ignore[arg-type]
        steps.append(" ".join(now[len(before) :]))
        before = now
    return steps


def test_there_are_as_many_steps_as_warnings_of_a_statutory_day() -> None:
    assert STAGES == (10, 5, 2, 0)
    assert len(STAGES) == len(SILENT_WORKING_DAYS) == STEPS
    assert TO_BOARD == STEPS - 1


@pytest.mark.parametrize("ladder", [Ladder.STATUTORY, Ladder.SERVICE])
def test_a_request_climbs_from_its_handler_to_the_top(ladder: Ladder) -> None:
    assert told(ACCESS, ladder, owner_id="clerk") == ["clerk", "dpo dpo-deputy", "risk", ""]


def test_a_request_that_nobody_has_begins_with_everybody_who_could_have_it() -> None:
    assert told(ACCESS, Ladder.STATUTORY) == ["clerk dpo dpo-deputy", "risk", "", ""]


def test_silence_about_a_concern_ends_outside_the_chain() -> None:
    assert told(concern(), Ladder.SILENCE) == ["head director", "deputy", "outside", "chair"]
    assert told(concern(), Ladder.SILENCE, owner_id="deputy") == ["deputy", "head director", "outside", "chair"]
    matter = concern(system_id=None, matter="safety")
    assert told(matter, Ladder.SILENCE) == ["safety", "safety-deputy", "outside", "chair"]


def test_the_union_climbs_within_its_branch() -> None:
    steps = told(concern(branch_id=BRANCH), Ladder.SILENCE, side=Side.UNION, owner_id="rep-2")
    assert steps == ["rep-2", "rep-1", "secretary", "officer"]
    assert told(concern(), Ladder.SILENCE, side=Side.UNION, owner_id="rep-2") == ["", "", "", ""]


def test_who_was_left_out_is_on_no_step_and_the_next_come_sooner() -> None:
    affair = concern(conflicts=named("head", "director"))
    assert told(affair, Ladder.SILENCE) == ["deputy", "outside", "chair", ""]


def test_somebody_who_is_away_is_told_together_with_somebody_who_is_here() -> None:
    away = (Standing("head", is_away=True), Standing("director", is_away=True))
    assert told(concern(), Ladder.SILENCE, *away) == ["head director deputy", "outside", "chair", ""]
    nobody = tuple(Standing(one, is_away=True) for one in ("head", "director", "deputy", "outside", "chair"))
    assert told(concern(), Ladder.SILENCE, *nobody)[0] == "head director deputy outside chair"


def test_of_a_sealed_concern_only_those_with_a_key_are_steps() -> None:
    assert told(concern(), Ladder.SILENCE, holders={"deputy", "chair"}) == ["deputy", "chair", "", ""]
    assert told(concern(), Ladder.SILENCE, holders=set()) == ["", "", "", ""]


def test_an_owner_who_holds_no_seat_any_more_is_no_step() -> None:
    assert told(ACCESS, Ladder.SERVICE, owner_id="gone") == ["clerk dpo dpo-deputy", "risk", "", ""]


@pytest.mark.parametrize(
    ("today", "step"),
    [
        (date(2026, 11, 23), None),
        (date(2026, 11, 25), None),  # the day itself is not late
        (date(2026, 11, 26), 0),
        (date(2026, 11, 30), 0),
        (date(2026, 12, 1), 1),
        (date(2026, 12, 7), 1),
        (date(2026, 12, 8), 2),
        (date(2026, 12, 21), 2),
        (date(2026, 12, 22), 3),
        (date(2027, 11, 22), 3),
    ],
)
def test_an_acknowledgement_that_does_not_come_climbs_in_working_days(today: date, step: int | None) -> None:
    came = date(2026, 11, 23)
    due_on = WorkingDays().later(came, SILENT_WORKING_DAYS[0])
    assert late_step(due_on, today, WorkingDays()) == step
