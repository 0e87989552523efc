"""Who hears when something is not done in time (routing.md D4): each step adds somebody and takes nobody away.

Three ladders, each for itself: a statutory day comes near, a promise is not kept, nobody answers. The employer's side
and the union's climb apart. Of a sealed concern only who holds a key to it can be told, so ``holders`` narrows every
step; the last one then ends with a named person outside the chain if one of them holds a key.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum

from portal.cases.routing.exclusions import Affair, bans
from portal.cases.routing.people import OFFICERS, Office, Seat, World
from portal.cases.warning import STAGES
from portal.timelimits.calendar import WorkingDays


class Ladder(StrEnum):
    """What has not happened."""

    STATUTORY = "statutory"  # an answer, and the law's last day comes near
    SERVICE = "service"  # what the body promised
    SILENCE = "silence"  # anything at all


class Side(StrEnum):
    """Whose people are told."""

    EMPLOYER = "employer"
    UNION = "union"


STEPS = len(STAGES)
"""As many steps as a statutory day has warnings."""
SILENT_WORKING_DAYS = (2, 5, 10, 20)
"""After so many working days without a touch the next step is taken."""
TO_BOARD = STEPS - 1
"""From this step on it stands in the report to the board as well: a number and no case."""

OF_REQUESTS = (OFFICERS, (Office.DATA_PROTECTION,), (Office.INFORMATION_RISK,))
OF_CONCERNS = ((Office.INDEPENDENT,), (Office.AUDIT_CHAIR,))
OF_UNION = ((Office.REPRESENTATIVE,), (Office.BRANCH_SECRETARY,), (Office.FULL_TIME_OFFICER,))
RESPONSIBLE: Mapping[bool, Office] = {True: Office.MATTER_OFFICER, False: Office.SYSTEM_MANAGER}
"""Who is responsible for a concern: where it is about a matter (True), or about a system."""


def climb(
    world: World,
    affair: Affair,
    ladder: Ladder,
    step: int,
    *,
    side: Side = Side.EMPLOYER,
    owner_id: str | None = None,
    holders: Collection[str] | None = None,
) -> tuple[Seat, ...]:
    """Everybody who is told at a step, from 0 to ``STEPS - 1``: those of the steps before it, and those it adds."""
    groups = line_up(world, affair, ladder, side=side, owner_id=owner_id, holders=holders)
    reached = groups if step >= STEPS - 1 else groups[: step + 1]
    return tuple(seat for group in reached for seat in group)


def line_up(
    world: World,
    affair: Affair,
    ladder: Ladder,
    *,
    side: Side,
    owner_id: str | None,
    holders: Collection[str] | None,
) -> tuple[tuple[Seat, ...], ...]:
    """The groups that are added one after the other. One in which nobody is here is added together with the next."""
    barred = bans(world, affair)
    told: set[str] = set()
    groups: list[tuple[Seat, ...]] = []
    waiting: tuple[Seat, ...] = ()
    for seats in _groups(world, affair, ladder, side, owner_id):
        free = [seat for seat in seats if seat.person_id not in barred and seat.person_id not in told]
        kept = _once([seat for seat in free if holders is None or seat.person_id in holders])
        told.update(seat.person_id for seat in kept)
        waiting = (*waiting, *kept)
        if any(not world.standing(seat.person_id).is_away for seat in waiting):
            groups.append(waiting)
            waiting = ()
    return tuple(groups if not waiting else [*groups, waiting])


def late_step(due_on: date, today: date, calendar: WorkingDays) -> int | None:
    """The last step that lateness has reached; None while the day has not passed.

    An acknowledgement is due after the first of these numbers, so with a body's usual promises the steps come after
    so many working days without a touch.
    """
    waits = [days - SILENT_WORKING_DAYS[0] for days in SILENT_WORKING_DAYS]
    reached = [step for step, days in enumerate(waits) if calendar.later(due_on, days) < today]
    return max(reached, default=None)


def _groups(world: World, affair: Affair, ladder: Ladder, side: Side, owner_id: str | None) -> Iterator[Sequence[Seat]]:
    if side is Side.UNION:
        yield from _of_union(world, affair, owner_id)
    elif ladder is Ladder.SILENCE:
        yield from _of_concern(world, affair, owner_id)
    else:
        yield _owned(world, affair.body_id, owner_id)
        for offices in OF_REQUESTS:
            yield world.seats_of(offices, affair.body_id)


def _of_concern(world: World, affair: Affair, owner_id: str | None) -> Iterator[Sequence[Seat]]:
    """Who has it, else who is responsible; their deputies; then outwards."""
    office = RESPONSIBLE[affair.matter is not None]
    held = world.seats_of([office], affair.body_id, system_id=affair.system_id, matter=affair.matter)
    yield _owned(world, affair.body_id, owner_id) or [seat for seat in held if not seat.is_deputy]
    yield held
    for offices in OF_CONCERNS:
        yield world.seats_of(offices, affair.body_id)


def _of_union(world: World, affair: Affair, owner_id: str | None) -> Iterator[Sequence[Seat]]:
    """The branch's own people, and nobody else's."""
    if affair.branch_id is None:
        return
    yield _owned(world, affair.branch_id, owner_id)
    for offices in OF_UNION:
        yield world.seats_of(offices, affair.branch_id)


def _owned(world: World, home: str, owner_id: str | None) -> list[Seat]:
    """The owner's own seat there; somebody who holds none any more owns nothing."""
    return [seat for seat in world.seats if seat.person_id == owner_id and seat.home == home][:1]


def _once(seats: Sequence[Seat]) -> tuple[Seat, ...]:
    found: dict[str, Seat] = {}
    for seat in seats:
        found.setdefault(seat.person_id, seat)
    return tuple(found.values())
