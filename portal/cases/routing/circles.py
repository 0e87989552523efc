"""Who is close to whom among the readers of a sealed concern, told to a page that must not show who works under whom.

People who are close share a word that says nothing, in neither direction. Whoever leaves one of them out is offered to
leave out the others; the device decides nothing by itself, and the server never learns what was ticked.
"""

from collections.abc import Collection, Mapping
from itertools import combinations

from portal.cases.routing.people import World

LINE = "line"


def circles(world: World, person_ids: Collection[str], line: Collection[str] = ()) -> Mapping[str, str]:
    """The word of each of these people who is close to somebody of them, or to somebody close to one of them. Those
    who answer for the same thing are a ``line``, whatever is known about them. Nothing for who is close to nobody."""
    people = sorted({*person_ids, *line})
    found = {one: frozenset(line) if one in line else frozenset({one}) for one in people}
    for one, other in combinations(people, 2):
        if is_close(world, one, other):
            joined = found[one] | found[other]
            found |= dict.fromkeys(joined, joined)
    shared = [one for one in people if len(found[one]) > 1]
    words = {found[one]: f"circle-{shared.index(one) + 1}" for one in reversed(shared)}
    return {one: LINE if found[one] & set(line) else words[found[one]] for one in shared}


def is_close(world: World, one: str, other: str) -> bool:
    """One over the other, of one household, or with a declared interest in each other."""
    first, second = world.standing(one), world.standing(other)
    in_line = other in first.manager_ids or one in second.manager_ids
    return in_line or other in first.tied_to or one in second.tied_to
