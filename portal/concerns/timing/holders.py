"""Who can be told about a thread: whoever holds its current epoch with a live key and reads for its body today."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from portal.cases.routing.exclusions import Affair, Kind
from portal.cases.routing.ladders import Ladder, Side, climb
from portal.cases.routing.people import Office, Seat, Standing, World
from portal.cases.routing.urgency import called
from portal.concerns.offering import seats_of
from portal.concerns.queries import LIVE_READERS
from portal.directory.queries import list_away
from portal.mailbox.models import SealedCase
from portal.mailbox.queries import list_present

NOBODY: Collection[str] = frozenset()


@dataclass(frozen=True)
class Readers:
    """Everybody who reads for one body today, by key."""

    body_id: str
    rows: tuple[Any, ...]
    away: frozenset[str]

    @cached_property
    def by_key(self) -> Mapping[bytes, str]:
        return {row.key_id: row.person_id for row in self.rows}

    @cached_property
    def of_employer(self) -> frozenset[str]:
        """Those of them who read for the body itself."""
        return frozenset(row.person_id for row in self.rows if row.branch_id is None)

    def holding(self, session: Session, case: SealedCase) -> frozenset[str]:
        """The people who hold the thread's current epoch."""
        return frozenset(self.by_key[key] for key in list_present(session, case) if key in self.by_key)

    def told(self, session: Session, case: SealedCase, step: int, owners: Collection[str] = NOBODY) -> frozenset[str]:
        """Who hears at a step that nobody answers, on both sides."""
        return who_hears(
            seats_of(self.rows, self.body_id),
            self.body_id,
            step,
            holders=self.holding(session, case),
            away=self.away,
            owners=owners,
        )

    def called(self, session: Session, case: SealedCase) -> list[str]:
        """Who is called when somebody may be hurt now, in their order: on call, who answers for it, who stands
        outside, then the union; of each side, who is away last."""
        holders = self.holding(session, case)
        seats = tuple(seat for seat in seats_of(self.rows, self.body_id) if seat.person_id in holders)
        people = {one: Standing(one, is_away=True) for one in self.away}
        affair = Affair(Kind.CONCERN, self.body_id)
        employers = World(tuple(map(_about_anything, seats)), people)
        order = [one.person_id for one in called(employers, affair, holders=holders)]
        for branch_id in sorted({seat.home for seat in seats if seat.is_of_union}):
            of_branch = replace(affair, branch_id=branch_id, union_alone=True)
            order += [one.person_id for one in called(World(seats, people), of_branch, holders=holders)]
        return list(dict.fromkeys([*order, *sorted(holders)]))


def who_hears(
    seats: tuple[Seat, ...],
    body_id: str,
    step: int,
    *,
    holders: Collection[str],
    away: Collection[str] = NOBODY,
    owners: Collection[str] = NOBODY,
) -> frozenset[str]:
    """Who hears at a step that nobody answers: to whom it was given on each side, who answers for it, their deputies,
    then who stands outside the chain; the union's side by itself, within the branch. Only who holds a key hears."""
    held = [seat for seat in seats if seat.person_id in holders]
    employers = tuple(_answering(seat) for seat in held if not seat.is_of_union)
    found = _climb(employers, body_id, None, step, holders, away, owners)
    for branch_id in sorted({seat.home for seat in held if seat.is_of_union}):
        branch = tuple(seat for seat in held if seat.home == branch_id)
        found |= _climb(branch, body_id, branch_id, step, holders, away, owners)
    return found


def _climb(
    seats: tuple[Seat, ...],
    body_id: str,
    branch_id: str | None,
    step: int,
    holders: Collection[str],
    away: Collection[str],
    owners: Collection[str],
) -> frozenset[str]:
    world = World(seats, {one: Standing(one, is_away=True) for one in away})
    side = Side.EMPLOYER if branch_id is None else Side.UNION
    own = next((seat.person_id for seat in seats if seat.person_id in owners), None)
    affair = Affair(Kind.CONCERN, body_id, branch_id=branch_id)
    found = climb(world, affair, Ladder.SILENCE, step, side=side, owner_id=own, holders=holders)
    return frozenset(seat.person_id for seat in found)


def _answering(seat: Seat) -> Seat:
    """A seat as the ladder takes it: who is on call stands in for who answers for it."""
    if seat.office is Office.ON_CALL:
        return replace(seat, office=Office.SYSTEM_MANAGER, system_id=None, is_deputy=True)
    return _about_anything(seat)


def _about_anything(seat: Seat) -> Seat:
    """What a thread is about nobody knows here: whoever holds its key as a manager, or for a matter, answers for it."""
    office = Office.SYSTEM_MANAGER if seat.office is Office.MATTER_OFFICER else seat.office
    return replace(seat, office=office, system_id=None, matter=None)


def readers_of_body(session: Session, body_id: str, *, today: date) -> Readers:
    """Everybody who reads for a body, and who of them is away."""
    rows = tuple(session.execute(LIVE_READERS, {"body_id": body_id, "today": today}).all())
    return Readers(body_id, rows, list_away(session, {row.person_id for row in rows}, today=today))
