"""Whom a concern's page offers as readers: the rule book (``cases.routing``) asked about those who have live keys."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from portal.cases.offices import seat_of
from portal.cases.routing.circles import circles, is_close
from portal.cases.routing.destinations import readers
from portal.cases.routing.exclusions import Affair
from portal.cases.routing.given import Why
from portal.cases.routing.people import Seat, Standing, World
from portal.concerns.rules import EMPLOYER, INDEPENDENT, ON_CALL, UNION

NOTHING_KNOWN: Mapping[str, Standing] = {}
ANSWERS = frozenset({Why.HOLDS, Why.DEPUTY})
"""In these capacities somebody is responsible for what it is about; all others of the employer stand outside."""


def list_offered(
    affair: Affair, rows: Sequence[Any], branch_ids: Sequence[str], people: Mapping[str, Standing] = NOTHING_KNOWN
) -> Iterator[tuple[str, Any]]:
    """The group in which each is offered, and the row of their duty: the employer's side with who is on call, whom the
    reporter has to choose, then branch by branch.

    ``rows`` are duties of people with live keys, in the order in which they stand on the page; ``people`` how they
    stand. Of a small unit nobody answers for it who works in it or is over it. Those outside the line, on call and of
    a branch are left out of it as long as others of them remain: somebody has to.
    """
    outside = list(_offered(affair, rows, branch_ids, people))
    remain = {group for group, _row in outside} | {EMPLOYER}
    kept = {(group, row.person_id) for group, row in outside}
    for group, row in _offered(replace(affair, unit=None), rows, branch_ids, people):
        if (group, row.person_id) in kept or group not in remain:
            yield group, row


def _offered(
    affair: Affair, rows: Sequence[Any], branch_ids: Sequence[str], people: Mapping[str, Standing]
) -> Iterator[tuple[str, Any]]:
    held = dict(zip(seats_of(rows, affair.body_id), rows, strict=True))
    world = World(tuple(held), people)
    for one in readers(world, replace(affair, is_urgent=True)):
        yield ON_CALL if one.why is Why.ON_CALL else EMPLOYER if one.why in ANSWERS else INDEPENDENT, held[one.seat]
    for branch_id in branch_ids:
        for one in readers(world, replace(affair, branch_id=branch_id, union_alone=True)):
            yield f"{UNION}{branch_id}", held[one.seat]


def near_each_other(offered: Sequence[tuple[str, Any]], people: Mapping[str, Standing]) -> Mapping[str, str]:
    """By a word that says nothing: who is close to whom of those who read it unless they are left out."""
    chosen = {row.person_id for group, row in offered if group != ON_CALL}
    line = {row.person_id for group, row in offered if group == EMPLOYER}
    return circles(World(people=people), chosen, line)


def apart_from_unions(
    offered: Sequence[tuple[str, Any]], people: Mapping[str, Standing]
) -> Mapping[str, frozenset[str]]:
    """With which branches somebody of the employer never reads: a representative there works under them, is over them,
    or is close to them (routing.md D5.21). It says no name, and not which of these it is."""
    world = World(people=people)
    unions = [(group, row.person_id) for group, row in offered if group.startswith(UNION)]
    own = {row.person_id for group, row in offered if not group.startswith(UNION)}
    return {one: frozenset(group for group, rep in unions if is_close(world, one, rep)) for one in sorted(own)}


def seats_of(rows: Sequence[Any], body_id: str) -> tuple[Seat, ...]:
    """Duties as the rule book has them, in their order."""
    return tuple(seat_of(row, place, body_id) for place, row in enumerate(rows))
