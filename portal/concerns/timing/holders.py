"""Who can be told about a thread: whoever holds its current epoch with a live key and reads for its body today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from portal.cases.routing.exclusions import Affair, Kind
from portal.cases.routing.ladders import Ladder, Side, climb
from portal.cases.routing.people import Office, Seat, Standing, World
from portal.concerns.offering import seats_of
from portal.concerns.queries import LIVE_READERS
from portal.directory.queries import list_away
from portal.mailbox.models import SealedCase
from portal.mailbox.queries import list_present


@dataclass(frozen=True)
class Readers:
    """Everybody who reads for one body today, by key."""

    body_id: str
    rows: tuple[Any, ...]
    away: frozenset[str]

    @cached_property
    def by_key(self) -> Mapping[bytes, str]:
        return {row.key_id: row.person_id for row in self.rows}

    def holding(self, session: Session, case: SealedCase) -> frozenset[str]:
        """The people who hold the thread's current epoch."""
        return frozenset(self.by_key[key] for key in list_present(session, case) if key in self.by_key)

    def told(self, session: Session, case: SealedCase, step: int) -> frozenset[str]:
        """Who hears at a step that nobody answers, on both sides. What the thread is about nobody knows here: whoever
        holds its key as a manager or as an officer for named matters answers for it."""
        holders = self.holding(session, case)
        seats = tuple(seat for seat in seats_of(self.rows, self.body_id) if seat.person_id in holders)
        found = self._climb(_for_this(seats), step, holders, None)
        for branch_id in sorted({seat.home for seat in seats if seat.is_of_union}):
            found |= self._climb(seats, step, holders, branch_id)
        return found

    def _climb(
        self, seats: tuple[Seat, ...], step: int, holders: frozenset[str], branch_id: str | None
    ) -> frozenset[str]:
        world = World(seats, {one: Standing(one, is_away=True) for one in self.away})
        affair = Affair(Kind.CONCERN, self.body_id, branch_id=branch_id)
        side = Side.EMPLOYER if branch_id is None else Side.UNION
        return frozenset(
            seat.person_id for seat in climb(world, affair, Ladder.SILENCE, step, side=side, holders=holders)
        )


def readers_of_body(session: Session, body_id: str, *, today: date) -> Readers:
    """Everybody who reads for a body, and who of them is away."""
    rows = tuple(session.execute(LIVE_READERS, {"body_id": body_id, "today": today}).all())
    return Readers(body_id, rows, list_away(session, {row.person_id for row in rows}, today=today))


def _for_this(seats: tuple[Seat, ...]) -> tuple[Seat, ...]:
    return tuple(
        Seat(
            one.person_id,
            Office.SYSTEM_MANAGER if one.office is Office.MATTER_OFFICER else one.office,
            one.home,
            one.post,
            is_deputy=one.is_deputy,
            place=one.place,
        )
        for one in seats
    )
