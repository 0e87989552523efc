"""The ladder of silence to its end: each step adds somebody, on each side by itself, and only who holds a key hears."""

from itertools import pairwise
from random import Random

import pytest

from portal.cases.routing.people import Office, Seat
from portal.concerns.timing.holders import who_hears
from portal.core.text import Bilingual

BODY, BRANCH, OTHER = "b" * 26, "u" * 26, "v" * 26
OUTSIDE = (Office.INDEPENDENT, Office.AUDIT_CHAIR)
EMPLOYERS = (Office.SYSTEM_MANAGER, Office.MATTER_OFFICER, Office.ON_CALL, *OUTSIDE)
UNIONS = (Office.REPRESENTATIVE, Office.BRANCH_SECRETARY, Office.FULL_TIME_OFFICER)
STEPS = range(4)


def seat(person: str, office: Office, home: str = BODY, *, is_deputy: bool = False, place: int = 0) -> Seat:
    of_system = "s" if office is Office.SYSTEM_MANAGER else None
    of_matter = "safety" if office is Office.MATTER_OFFICER else None
    post = Bilingual(person, person)
    return Seat(person, office, home, post, system_id=of_system, matter=of_matter, is_deputy=is_deputy, place=place)


ALL = (
    seat("head", Office.SYSTEM_MANAGER),
    seat("safety", Office.MATTER_OFFICER),
    seat("deputy", Office.SYSTEM_MANAGER, is_deputy=True),
    seat("call", Office.ON_CALL),
    seat("outside", Office.INDEPENDENT),
    seat("chair", Office.AUDIT_CHAIR),
    seat("rep-1", Office.REPRESENTATIVE, BRANCH),
    seat("rep-2", Office.REPRESENTATIVE, BRANCH, place=1),
    seat("secretary", Office.BRANCH_SECRETARY, BRANCH),
    seat("officer", Office.FULL_TIME_OFFICER, BRANCH),
    seat("other", Office.REPRESENTATIVE, OTHER),
)
EVERYBODY = frozenset(one.person_id for one in ALL)


def added(holders: frozenset[str], owners: frozenset[str] = frozenset(), away: frozenset[str] = frozenset()) -> str:
    """Who is added at each step: «head, rep | deputy»."""
    before: frozenset[str] = frozenset()
    steps = []
    for step in STEPS:
        now = who_hears(ALL, BODY, step, holders=holders, owners=owners, away=away)
        assert before <= now, "nobody is taken away"
        steps.append(" ".join(sorted(now - before)))
        before = now
    return " | ".join(steps)


TABLE = [
    # who holds a key; to whom it was given; who is away; who is added at each step
    (EVERYBODY, "", "", "head other rep-1 rep-2 safety | call deputy secretary | officer outside | chair"),
    (EVERYBODY, "deputy rep-2", "", "deputy other rep-2 | call head rep-1 safety | outside secretary | chair officer"),
    (EVERYBODY - {"head", "safety"}, "", "", "call deputy other rep-1 rep-2 | outside secretary | chair officer | "),
    (frozenset({"head", "outside"}), "", "", "head | outside |  | "),
    (frozenset({"outside"}), "", "", "outside |  |  | "),
    (frozenset({"head", "deputy", "chair"}), "", "head", "deputy head | chair |  | "),
    (frozenset({"rep-1", "officer"}), "", "", "rep-1 | officer |  | "),
    (frozenset({"rep-1", "secretary"}), "", "rep-1 secretary", "rep-1 secretary |  |  | "),
    (frozenset({"head"}), "deputy", "", "head |  |  | "),
    (frozenset(), "head", "", " |  |  | "),
]


@pytest.mark.parametrize(("holders", "owners", "away", "steps"), TABLE)
def test_silence_climbs_to_its_end(holders: frozenset[str], owners: str, away: str, steps: str) -> None:
    assert added(holders, frozenset(owners.split()), frozenset(away.split())) == steps


def test_in_any_world_nobody_without_a_key_hears_and_at_the_end_everybody_with_one_does() -> None:
    chance = Random(20261123)
    names = [f"p{n}" for n in range(9)]
    for _ in range(400):
        held = [
            seat(
                chance.choice(names),
                *chance.choice([*((one, BODY) for one in EMPLOYERS), *((one, BRANCH) for one in UNIONS),
                                (Office.REPRESENTATIVE, OTHER)]),
                is_deputy=chance.random() < 0.3,
                place=place,
            )
            for place in range(chance.randint(0, 8))
        ]  # fmt: skip
        some = frozenset(name for name in names if chance.random() < 0.7)
        away, owners = (frozenset(name for name in names if chance.random() < share) for share in (0.3, 0.2))
        steps = [who_hears(tuple(held), BODY, step, holders=some, away=away, owners=owners) for step in STEPS]
        seated = some & {one.person_id for one in held}
        assert steps[-1] == seated
        assert all(now <= later for now, later in pairwise(steps))
        for home in (BODY, BRANCH, OTHER):
            side = {one.person_id for one in held if one.home == home} & some
            assert bool(steps[0] & side) == bool(side), "each side has somebody from the first step on"
            outside = {one.person_id for one in held if one.home == BODY and one.office in OUTSIDE} & some
        assert outside <= steps[-1]


def test_whoever_stands_outside_hears_before_the_end_and_after_those_who_answer() -> None:
    chain = {"head", "deputy", "safety", "call"}
    for holder in chain:
        steps = [who_hears(ALL, BODY, step, holders={holder, "outside"}) for step in STEPS]
        assert steps[0] == {holder}
        assert steps[1] == {holder, "outside"}
