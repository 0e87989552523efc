"""Where something goes (routing.md D2), once everybody who must not receive it is out (D1), and whoever is away (D3).

An office is asked after the other, in a fixed order, until somebody is free and here. If everybody who is free is away,
the first of them has it: it never waits for nobody, and never goes to an administrator. With nobody free the route is
lost, and whoever sends it is told so before they send.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from portal.cases.routing.exclusions import Affair, Ban, Barred, Kind, bans
from portal.cases.routing.given import Because, Given, Route, Rung, Why, once_each
from portal.cases.routing.people import OFFICERS, Office, Seat, World
from portal.cases.routing.pool import reviewers


def route(world: World, affair: Affair) -> Route:
    """Who receives it: one of the employer's side, and everybody who represents the branch that was chosen."""
    barred = bans(world, affair)
    chosen = None if affair.union_alone else choose(world, affair, rungs(world, affair), barred)
    union = tuple(Given(seat, Why.UNION) for seat in union_seats(world, affair, barred))
    given = once_each([*([chosen] if chosen is not None else []), *union])
    return Route(given, barred, translator_of(world, affair, given, barred))


def rungs(world: World, affair: Affair) -> tuple[Rung, ...]:
    """The order in which the employer's side is asked."""
    return tuple(rung for rung in LADDERS[affair.kind](world, affair) if rung.seats)


def choose(world: World, affair: Affair, steps: Sequence[Rung], barred: Barred) -> Given | None:
    """The first who is free and here; the first who is free where nobody is here; None where nobody is free."""
    free = free_of(world, affair, steps, barred)
    here = [one for one in free if not world.standing(one.person_id).is_away]
    for one in here or free:
        instead_of, because = _passed_over(world, affair, one.seat, barred)
        return replace(one, instead_of=instead_of, because=because, is_away=not here)
    return None


def free_of(world: World, affair: Affair, steps: Sequence[Rung], barred: Barred) -> list[Given]:
    """Everybody who may have it, in the order in which they are asked."""
    asked = [Given(seat, rung.why) for rung in steps for seat in _in_turn(world, affair, rung)]
    return [one for one in asked if one.person_id not in barred]


def candidates(world: World, affair: Affair) -> tuple[Given, ...]:
    """Among whom somebody is chosen, by hand or by the portal: those asked first, and those asked after them as long
    as nobody is here."""
    barred, found = bans(world, affair), list[Given]()
    for rung in rungs(world, affair):
        found += free_of(world, affair, [rung], barred)
        if any(not world.standing(one.person_id).is_away for one in found):
            break
    return once_each(found)


def in_charge(world: World, affair: Affair) -> tuple[Given, ...]:
    """Who answers for the system that something is about, and is free and here: the holders before their deputies.
    With nobody of them it goes up, and waits for nobody."""
    free = free_of(world, affair, list(_held(world, affair, Office.SYSTEM_MANAGER)), bans(world, affair))
    return once_each(one for one in free if not world.standing(one.person_id).is_away)


def union_seats(world: World, affair: Affair, barred: Barred) -> list[Seat]:
    """The living representatives of the branch that was chosen; for a tool in no register its secretary, too."""
    if affair.branch_id is None:
        return []
    offices = [Office.REPRESENTATIVE, *([Office.BRANCH_SECRETARY] if affair.kind is Kind.UNLISTED else [])]
    return [seat for seat in world.seats_of(offices, affair.branch_id) if seat.person_id not in barred]


def translator_of(world: World, affair: Affair, given: Iterable[Given], barred: Barred) -> Given | None:
    """D2.13: who reads the language, in the same circle, where nobody who receives it does. It changes no clock."""
    receiving = [one for one in given if not one.seat.is_of_union]
    if not receiving or any(affair.lang in world.standing(one.person_id).reads for one in receiving):
        return None
    for seat in world.seats_of([Office.TRANSLATOR], affair.body_id):
        if seat.person_id not in barred and affair.lang in world.standing(seat.person_id).reads:
            return Given(seat, Why.TRANSLATES)
    return None


def readers(world: World, affair: Affair) -> tuple[Given, ...]:
    """A sealed concern: everybody whom the page offers as a reader, less whoever must not be one as far as the server
    knows. Only they can be reached later, for only they hold a key; the device leaves out whom the reporter ticks.

    Those responsible and the officers outside the line, holders before deputies; who is on call, where it is urgent;
    then the branch that was chosen, its officers too.
    """
    barred = bans(world, affair)
    employer = [] if affair.union_alone else [*rungs(world, affair), _on_call(world, affair)]
    offered = [Given(seat, rung.why) for rung in employer for seat in rung.seats]
    if affair.branch_id is not None:
        offices = [Office.REPRESENTATIVE, Office.BRANCH_SECRETARY, Office.FULL_TIME_OFFICER]
        offered += [Given(seat, Why.UNION) for office in offices for seat in world.seats_of([office], affair.branch_id)]
    return once_each(one for one in offered if one.person_id not in barred)


def _in_turn(world: World, affair: Affair, rung: Rung) -> list[Seat]:
    """Those of one rung in the order in which they are asked: who reads the language first, then the order of the
    office; in a queue whoever has least to do, and of those who have as much the one who comes first in it."""

    def turn(seat: Seat) -> tuple[object, ...]:
        standing = world.standing(seat.person_id)
        if rung.why not in SHARED:
            return affair.lang not in standing.reads, rung.seats.index(seat)
        named = seat.place if rung.why is Why.NAMED_HANDLER else 0
        return affair.lang not in standing.reads, named, standing.open_items, seat.place, seat.person_id

    return sorted(rung.seats, key=turn)


SHARED = frozenset({Why.QUEUE, Why.POOL, Why.LENT, Why.NAMED_HANDLER})
"""Whoever has least to do comes first: the office is one of many equals."""


def _passed_over(world: World, affair: Affair, seat: Seat, barred: Barred) -> tuple[Seat | None, Because | None]:
    """The seat that would have come first in a world where everybody is free and here."""
    steps = LADDERS[affair.kind](world, affair)
    first = next(iter(steps), None)
    if first is None or not first.seats:
        return None, Because.VACANT
    if seat in first.seats:
        return None, None
    reasons = [barred.get(one.person_id, frozenset()) for one in first.seats]
    if any(Ban.NAMED in one for one in reasons):
        return first.seats[0], Because.NAMED
    return first.seats[0], Because.CANNOT if any(reasons) else Because.AWAY


def _of_concern(world: World, affair: Affair) -> Iterator[Rung]:
    """D2.9: who is responsible, their deputy, and on outwards; never silently to an administrator."""
    office = Office.MATTER_OFFICER if affair.matter is not None else Office.SYSTEM_MANAGER
    yield from _held(world, affair, office)
    yield from _outwards(world, affair)


def _of_unlisted(world: World, affair: Affair) -> Iterator[Rung]:
    """D2.15: who keeps the register, then whoever is responsible for all systems."""
    yield from _held(world, affair, Office.REGISTER)
    yield from _held(world, affair, Office.SYSTEM_MANAGER)
    yield from _outwards(world, affair)


def _held(world: World, affair: Affair, office: Office) -> Iterator[Rung]:
    seats = world.seats_of([office], affair.body_id, system_id=affair.system_id, matter=affair.matter)
    yield Rung(Why.HOLDS, tuple(seat for seat in seats if not seat.is_deputy))
    yield Rung(Why.DEPUTY, tuple(seat for seat in seats if seat.is_deputy))


def _outwards(world: World, affair: Affair) -> Iterator[Rung]:
    yield Rung(Why.INDEPENDENT, tuple(world.seats_of([Office.INDEPENDENT], affair.body_id)))
    yield Rung(Why.AUDIT, tuple(world.seats_of([Office.AUDIT_CHAIR], affair.body_id)))
    host = world.hosts.get(affair.body_id)
    if host is not None:
        counterpart = world.seats_of([Office.SYSTEM_MANAGER], host, system_id=affair.system_id)
        officers = world.seats_of([Office.INDEPENDENT, Office.AUDIT_CHAIR], host)
        yield Rung(Why.HOST, (*counterpart, *officers) if affair.matter is None else tuple(officers))


def _of_access(world: World, affair: Affair) -> Iterator[Rung]:
    """D2.10: the data protection officers' queue; where none of them is free or here, up."""
    yield Rung(Why.QUEUE, tuple(world.seats_of(OFFICERS, affair.body_id)))
    yield Rung(Why.AT_THE_TOP, tuple(world.seats_of([Office.INFORMATION_RISK], affair.body_id)))


def _of_complaint(world: World, affair: Affair) -> Iterator[Rung]:
    """D2.12: an officer who did not handle the matter; about their office, only who is named for that."""
    if not affair.about & set(OFFICERS):
        yield Rung(Why.QUEUE, tuple(world.seats_of(OFFICERS, affair.body_id)))
    yield Rung(Why.NAMED_HANDLER, tuple(world.seats_of([Office.NAMED_HANDLER], affair.body_id)))
    yield Rung(Why.AT_THE_TOP, tuple(world.seats_of([Office.INFORMATION_RISK], affair.body_id)))


def _of_review(world: World, affair: Affair) -> Iterator[Rung]:
    """The pool as ``reviewers`` finds it."""
    found = reviewers(world, affair)
    yield Rung(Why.POOL, tuple(one.seat for one in found if one.why is Why.POOL))
    yield Rung(Why.LENT, tuple(one.seat for one in found if one.why is Why.LENT))


LADDERS: Mapping[Kind, Callable[[World, Affair], Iterator[Rung]]] = {
    Kind.CONCERN: _of_concern,
    Kind.UNLISTED: _of_unlisted,
    Kind.ACCESS: _of_access,
    Kind.REVIEW: _of_review,
    Kind.COMPLAINT: _of_complaint,
}


def _on_call(world: World, affair: Affair) -> Rung:
    seats = world.seats_of([Office.ON_CALL], affair.body_id) if affair.is_urgent else []
    return Rung(Why.ON_CALL, tuple(seats))
