"""Who is close to whom among the readers of a sealed concern, told to a page that must not show who works under whom.

Each pair shares a word that says nothing, in neither direction. Whoever leaves one of them out is offered to leave out
the other; the device decides nothing by itself, and the server never learns what was ticked.
"""

from collections.abc import Collection, Mapping
from itertools import combinations

from portal.cases.routing.people import World


def circles(world: World, person_ids: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """For each of these people the words that they share with others of them; nothing for who is close to nobody."""
    found: dict[str, list[str]] = {}
    for one, other in combinations(sorted(set(person_ids)), 2):
        if is_close(world, one, other):
            word = f"circle-{len(set().union(*found.values())) + 1}"
            found.setdefault(one, []).append(word)
            found.setdefault(other, []).append(word)
    return {person_id: tuple(words) for person_id, words in found.items()}


def is_close(world: World, one: str, other: str) -> bool:
    """One over the other, of one household, or with a declared interest in each other."""
    first, second = world.standing(one), world.standing(other)
    in_line = other in first.manager_ids or one in second.manager_ids
    return in_line or other in first.tied_to or one in second.tied_to
