"""What a queue is asked, as it stands in the address: read, and written again."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode

from portal.cases.queries import QueueFilter
from portal.core.text import Message, pmsg
from portal.identity.actor import Actor
from portal.web.fields import FieldBag
from portal.web.forms import Problems, day

OPEN, FINISHED, REOPENED, SECOND = "open", "finished", "reopened", "second"
ME, NOBODY = "me", "nobody"
LONGEST_QUERY = 400
DAYS = ("from", "to")
WITHIN = (7, 14, 28)
"""«Due within so many days», as the filter offers it."""


class Clock(StrEnum):
    """How a clock stands, as the filter asks it."""

    LATE = "late"
    STOPPED = "stopped"


CLOCKS: Mapping[Clock, Message] = {
    Clock.LATE: pmsg("clock of a request", "Late"),
    Clock.STOPPED: pmsg("clock of a request", "Stopped, or not started"),
}
SHOWN = frozenset({OPEN, FINISHED, REOPENED, SECOND})


@dataclass(frozen=True, slots=True)
class Asked:
    """Which requests to show. ``show`` is open, finished, reopened, second (a second person decides) or a state."""

    show: str = OPEN
    within: int | None = None
    handler: str = ""
    clock: Clock | None = None
    system: str = ""
    received_from: date | None = None
    received_to: date | None = None

    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of the address, without what says nothing."""
        told = [
            ("show", "" if self.show == OPEN else self.show),
            ("within", str(self.within or "")),
            ("handler", self.handler),
            ("clock", self.clock.value if self.clock else ""),
            ("system", self.system),
        ]
        for name, on in zip(DAYS, (self.received_from, self.received_to), strict=True):
            if on is not None:
                told += [(f"{name}-day", f"{on.day}"), (f"{name}-month", f"{on.month}"), (f"{name}-year", f"{on.year}")]
        return [(name, value) for name, value in told if value]

    def address(self, *more: tuple[str, str]) -> str:
        """The query, with a question mark where there is one."""
        pairs = [*self.pairs(), *more]
        return f"?{urlencode(pairs)}" if pairs else ""

    def filter_of(self, actor: Actor, today: date, waiting: Iterable[str]) -> QueueFilter:
        """The same as the queue takes it; ``waiting`` are the cases in which a second person is to decide."""
        return QueueFilter(
            is_open=self.show != FINISHED,
            state=None if self.show in SHOWN else self.show,
            due_by=today + timedelta(days=self.within) if self.within else None,
            assigned_to=self._handler(actor),
            unassigned=self.handler == NOBODY,
            late_on=today if self.clock is Clock.LATE else None,
            is_stopped=self.clock is Clock.STOPPED,
            system_id=self.system or None,
            received_from=self.received_from,
            received_to=self.received_to,
            is_second_look=self.show == REOPENED,
            among=tuple(sorted(waiting)) if self.show == SECOND else None,
        )

    def _handler(self, actor: Actor) -> str | None:
        if self.handler == ME:
            return actor.person_id
        return self.handler if self.handler and self.handler != NOBODY else None


EVERYTHING = Asked()


def read_asked(pairs: Iterable[tuple[str, str]], states: Collection[str], problems: Problems | None = None) -> Asked:
    """From the parameters of an address. What is not known asks nothing; a day that does not exist is a problem.

    ``states`` are the states of that kind of case.
    """
    fields = FieldBag(list(pairs))
    found = problems if problems is not None else Problems()
    show, within, clock = fields.one("show"), fields.one("within"), fields.one("clock")
    first, last = (day(fields, name, found) for name in DAYS)
    return Asked(
        show=show if show in SHOWN or show in states else OPEN,
        within=int(within) if within in {str(days) for days in WITHIN} else None,
        handler=ME if fields.one("mine") == "1" else _id_or(fields.one("handler"), ME, NOBODY),
        clock=Clock(clock) if clock in list(Clock) else None,
        system=_id_or(fields.one("system")),
        received_from=first,
        received_to=last,
    )


def read_query(query: str, states: Collection[str]) -> Asked:
    """From the query of an address, as a saved view or a form carries it."""
    return read_asked(parse_qsl(query.lstrip("?")[:LONGEST_QUERY], keep_blank_values=True), states)


def _id_or(value: str, *words: str) -> str:
    is_id = len(value) == 26 and value.isascii() and value.isalnum() and value == value.lower()
    return value if is_id or value in words else ""
