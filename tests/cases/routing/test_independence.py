"""Who may be given a review."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.cases.routing.independence import Candidate, Matter, independent, why_not_independent

MATTER = Matter(
    "rota", "sian", frozenset({"ward 5"}), frozenset({"decider"}), frozenset({"feared"}), frozenset({"first"})
)


@pytest.mark.parametrize(
    "candidate",
    [
        Candidate("sian"),
        Candidate("feared"),
        Candidate("decider"),
        Candidate("owner", system_ids=frozenset({"rota"})),
        Candidate("head of all", has_all_systems=True),
        Candidate("colleague", team_ids=frozenset({"ward 5", "ward 6"})),
        Candidate("first"),
        Candidate("officer", is_officer=True),
        Candidate("supplier", is_supplier=True),
        Candidate("opponent", live_with=frozenset({"sian", "somebody"})),
    ],
    ids=lambda candidate: candidate.person_id,
)
def test_somebody_too_close_is_not_offered_the_review(candidate: Candidate) -> None:
    assert why_not_independent(candidate, MATTER) is not None
    assert independent([candidate], MATTER) == []


def test_somebody_who_stands_apart_is_offered_the_review() -> None:
    owen = Candidate("owen", system_ids=frozenset({"another"}), team_ids=frozenset({"laboratory"}))
    assert independent([Candidate("sian"), owen], MATTER) == [owen]


def test_who_was_left_out_reads_nothing_about_it() -> None:
    said = why_not_independent(Candidate("feared"), MATTER)
    assert said is not None
    assert "left out" not in said.msgid


PEOPLE = st.sampled_from(["sian", "owen", "meleri", "emyr", "carys"])
SETS = st.frozensets(PEOPLE, max_size=3)
PLACES = st.frozensets(st.sampled_from(["ward 5", "laboratory", "depot"]), max_size=2)
SYSTEMS = st.frozensets(st.sampled_from(["rota", "telematics"]), max_size=2)
CANDIDATES = st.builds(
    Candidate,
    person_id=PEOPLE,
    system_ids=SYSTEMS,
    has_all_systems=st.booleans(),
    team_ids=PLACES,
    is_officer=st.booleans(),
    is_supplier=st.booleans(),
    live_with=SETS,
)
MATTERS = st.builds(
    Matter,
    system_id=st.sampled_from([None, "rota", "telematics"]),
    requester_person_id=st.one_of(st.none(), PEOPLE),
    requester_team_ids=PLACES,
    decision_chain=SETS,
    excluded=SETS,
    looked=SETS,
)


@settings(max_examples=100, deadline=None)
@given(candidate=CANDIDATES, matter=MATTERS)
def test_in_any_world_who_is_offered_it_stands_apart_in_every_way(candidate: Candidate, matter: Matter) -> None:
    barred = matter.excluded | matter.decision_chain | matter.looked | {matter.requester_person_id}
    close = (
        candidate.person_id in barred
        or (matter.system_id is not None and (candidate.has_all_systems or matter.system_id in candidate.system_ids))
        or bool(candidate.team_ids & matter.requester_team_ids)
        or candidate.is_officer
        or candidate.is_supplier
        or (matter.requester_person_id is not None and matter.requester_person_id in candidate.live_with)
    )
    assert (why_not_independent(candidate, matter) is not None) == close
    assert independent([candidate], matter) == ([] if close else [candidate])


@settings(max_examples=50, deadline=None)
@given(candidate=CANDIDATES, matter=MATTERS, more=SETS)
def test_whoever_is_left_out_as_well_nobody_comes_nearer(
    candidate: Candidate, matter: Matter, more: frozenset[str]
) -> None:
    wider = replace(matter, excluded=matter.excluded | more)
    assert len(independent([candidate], wider)) <= len(independent([candidate], matter))
