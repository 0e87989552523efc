"""Who searches a place for an access request (routing.md D1.4): never an accused manager, and nobody alone in their own
mailbox."""

from collections.abc import Collection
from dataclasses import dataclass

from portal.cases.routing.exclusions import Barred, may_search
from portal.cases.routing.people import World

NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Searcher:
    """Who is to search. ``first`` is whom the place names when somebody else takes over; ``second`` confirms."""

    person_id: str | None
    first: str | None = None
    second: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place that is searched, as far as who searches it goes."""

    owner: str | None
    deputy: str | None = None
    is_own_mailbox: bool = False


def who_searches(
    world: World, barred: Barred, place: Place, *, accused: Collection[str] = NOBODY, close: Collection[str] = NOBODY
) -> Searcher:
    """The owner; the deputy while the owner is away or has a conflict; nobody if neither may.

    Two people who are both away leave it with the owner: somebody must hold it. Nobody searches their own mailbox
    alone, so without a second person it is for the officer to choose. ``accused`` are those whom the requester may
    mean: they are not proposed, and it is for the officer to choose them in spite of that. ``close`` are those who are
    responsible for what was asked about: somebody else is proposed if there is anybody.
    """
    shut = frozenset(accused)
    pair = [person for person in (place.owner, place.deputy) if person is not None]
    may = [person for person in pair if may_search(person, barred, accused=shut)]
    apart = [person for person in may if person not in close]
    here = next((few for few in (_here(world, some) for some in (apart, may)) if few), may)
    if not here:
        return Searcher(None, first=place.owner)
    person = here[0]
    first = place.owner if place.owner != person else None
    if not place.is_own_mailbox:
        return Searcher(person, first)
    second = next((other for other in may if other != person), None)
    return Searcher(person, first, second) if second is not None else Searcher(None, first=place.owner)


def _here(world: World, people: list[str]) -> list[str]:
    return [person for person in people if not world.standing(person).is_away]
