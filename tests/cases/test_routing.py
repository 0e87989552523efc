"""Who may be given a review."""

import pytest

from portal.cases.routing import Candidate, Matter, independent, why_not_independent

MATTER = Matter("rota", "sian", frozenset({"ward 5"}), frozenset({"decider"}), frozenset({"feared"}))


@pytest.mark.parametrize(
    "candidate",
    [
        Candidate("sian"),
        Candidate("feared"),
        Candidate("decider"),
        Candidate("owner", system_ids=frozenset({"rota"})),
        Candidate("head of all", has_all_systems=True),
        Candidate("colleague", team_ids=frozenset({"ward 5", "ward 6"})),
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
