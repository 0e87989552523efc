"""What the rules answer: who receives something, in which capacity, and in whose place."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from portal.cases.routing.exclusions import Barred
from portal.cases.routing.people import Seat


class Why(StrEnum):
    """In which capacity somebody receives something."""

    HOLDS = "holds"
    DEPUTY = "deputy"
    INDEPENDENT = "independent"
    AUDIT = "audit"
    HOST = "host"  # counterpart at the body that runs the system
    QUEUE = "queue"
    NAMED_HANDLER = "named_handler"
    POOL = "pool"
    LENT = "lent"
    AT_THE_TOP = "at_the_top"
    UNION = "union"
    ON_CALL = "on_call"
    TRANSLATES = "translates"


class Because(StrEnum):
    """Why it is not the one who would come first."""

    NAMED = "named"  # the sender left them out: known to the sender alone
    AWAY = "away"
    CANNOT = "cannot"
    VACANT = "vacant"


@dataclass(frozen=True, slots=True)
class Given:
    """Somebody who receives it. ``instead_of``: the seat that would have come first, and why it did not."""

    seat: Seat
    why: Why
    instead_of: Seat | None = None
    because: Because | None = None
    is_away: bool = False  # everybody who is free is away

    @property
    def person_id(self) -> str:
        return self.seat.person_id


@dataclass(frozen=True, slots=True)
class Route:
    """Who receives it, who must not, and who puts words into the other language in the same circle."""

    given: tuple[Given, ...]
    barred: Barred
    translator: Given | None = None

    @property
    def is_lost(self) -> bool:
        """Nobody may receive it: the sender is told before they send."""
        return not self.given

    @property
    def person_ids(self) -> frozenset[str]:
        translator = {self.translator.person_id} if self.translator is not None else frozenset()
        return frozenset(one.person_id for one in self.given) | translator


@dataclass(frozen=True, slots=True)
class Rung:
    """Those who are asked together, before the next."""

    why: Why
    seats: tuple[Seat, ...]


def once_each(given: Iterable[Given]) -> tuple[Given, ...]:
    """A person with two capacities receives it once, in the first of them."""
    found: dict[str, Given] = {}
    for one in given:
        found.setdefault(one.person_id, one)
    return tuple(found.values())
