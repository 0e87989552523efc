"""Whom a concern's page offers as readers: the rule book (``cases.routing``) asked about those who have live keys."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from portal.cases.offices import OFFICES
from portal.cases.routing.destinations import readers
from portal.cases.routing.exclusions import Affair
from portal.cases.routing.given import Why
from portal.cases.routing.people import Seat, World
from portal.concerns.rules import EMPLOYER, INDEPENDENT, UNION
from portal.core.text import Bilingual

ANSWERS = frozenset({Why.HOLDS, Why.DEPUTY})
"""In these capacities somebody is responsible for what it is about; all others of the employer stand outside."""


def list_offered(affair: Affair, rows: Sequence[Any], branch_ids: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """The group in which each is offered, and the row of their duty: the employer's side, then branch by branch.

    ``rows`` are duties of people with live keys, in the order in which they stand on the page.
    """
    held = dict(zip(seats_of(rows, affair.body_id), rows, strict=True))
    world = World(seats=tuple(held))
    for one in readers(world, affair):
        yield EMPLOYER if one.why in ANSWERS else INDEPENDENT, held[one.seat]
    for branch_id in branch_ids:
        for one in readers(world, replace(affair, branch_id=branch_id, union_alone=True)):
            yield f"{UNION}{branch_id}", held[one.seat]


def seats_of(rows: Sequence[Any], body_id: str) -> tuple[Seat, ...]:
    """Duties as the rule book has them, in their order."""
    return tuple(_seat(row, place, body_id) for place, row in enumerate(rows))


def _seat(row: Any, place: int, body_id: str) -> Seat:
    """One duty as the rule book has it. A system that the register does not know yet is no other system."""
    unknown = f"not registered: {row.system_slug}"
    return Seat(
        person_id=row.person_id,
        office=OFFICES[row.role],
        home=row.branch_id or body_id,
        post=Bilingual(row.post_cy, row.post_en),
        system_id=None if row.system_slug is None else row.system_id or unknown,
        matter=row.matter.value if row.matter is not None else None,
        is_deputy=row.is_deputy,
        place=place,
    )
