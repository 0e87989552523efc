"""Who searches a place, as tables and in all the ways in which two people can be barred and away."""

from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cases.routing.exclusions import Ban
from portal.cases.routing.people import Standing, World, people_of
from portal.cases.routing.searching import Place, Searcher, who_searches


def search(
    owner: str | None = "owner",
    deputy: str | None = "deputy",
    *,
    barred: Collection[str] = (),
    away: Collection[str] = (),
    own: bool = False,
    accused: Collection[str] = (),
    close: Collection[str] = (),
) -> Searcher:
    world = World(people=people_of([Standing(one, is_away=True) for one in away]))
    shut = {one: frozenset({Ban.NAMED}) for one in barred}
    return who_searches(world, shut, Place(owner, deputy, own), accused=accused, close=close)


PEOPLE = st.sampled_from([None, "owner", "deputy", "requester", "manager"])


@pytest.mark.parametrize(
    ("barred", "away", "own", "expected"),
    [
        ((), (), False, Searcher("owner")),
        ((), ("owner",), False, Searcher("deputy", "owner")),
        ((), ("owner", "deputy"), False, Searcher("owner")),
        (("owner",), (), False, Searcher("deputy", "owner")),
        (("owner", "deputy"), (), False, Searcher(None, "owner")),
        ((), (), True, Searcher("owner", None, "deputy")),
        ((), ("owner",), True, Searcher("deputy", "owner", "owner")),
        (("deputy",), (), True, Searcher(None, "owner")),
    ],
)
def test_the_owner_searches_unless_away_or_in_conflict(
    barred: tuple[str, ...], away: tuple[str, ...], own: bool, expected: Searcher
) -> None:
    assert search(barred=barred, away=away, own=own) == expected


@given(PEOPLE, PEOPLE, st.sets(PEOPLE), st.sets(PEOPLE), st.booleans())
def test_nobody_who_is_barred_ever_searches_and_nobody_confirms_themselves(
    owner: str | None, deputy: str | None, barred: set[str | None], away: set[str | None], own: bool
) -> None:
    shut = {person for person in barred if person is not None}
    gone = {person for person in away if person is not None}
    found = search(owner, deputy, barred=shut, away=gone, own=own)
    assert found.person_id not in shut
    assert found.second not in shut
    assert found.second is None or found.second != found.person_id
    assert not own or found.person_id is None or found.second is not None


def test_whom_the_requester_may_mean_is_not_proposed_and_who_is_responsible_only_if_nobody_else_is_here() -> None:
    def found(**given: Collection[str]) -> str | None:
        return search(**given).person_id  # type: ignore[arg-type]

    assert found(accused={"owner"}) == "deputy"
    assert found(accused={"owner", "deputy"}) is None
    assert found(close={"owner"}) == "deputy"
    assert found(close={"owner"}, away={"deputy"}) == "owner"
    assert found(close={"owner", "deputy"}) == "owner"
    assert found(close={"owner"}, barred={"deputy"}) == "owner"
    assert found(close={"owner", "deputy"}, away={"owner", "deputy"}) == "owner"
