"""Who may put something into the box or send the form: anybody with a ticket. Nobody is ever shut out.

A script asks for a challenge, does its work and sends ``Porth-Work: challenge.nonce``; a page without script carries a
ticket that must have aged a little. When more is sent than the calm number a minute, work and wait rise for everybody:
that is counted over all processes, from how fast the used tickets grow, and nothing is keyed on an address.

For endpoints: ``Admitted`` (first among the parameters: it is asked before a body is read) and ``pay`` around the
step that stores; ``form_ticket`` for the page and ``admit_form`` when it is sent.
"""

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Request
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from anonymity.encoding import from_json, whole
from anonymity.errors import CannotOpen
from anonymity.sealedfile import LONGEST_UPLOAD
from portal.concerns.delivery import answer
from portal.concerns.reporting.models import UsedTicket
from portal.concerns.reporting.tickets import (
    WINDOW,
    Kind,
    Ticket,
    bits_at,
    file_level,
    is_solved,
    issue,
    level_of,
    read_ticket,
    wait_at,
)
from portal.core.db import Database
from portal.core.errors import PortalError
from portal.mailbox.filing import bytes_waiting, has_room
from portal.settings.models import Settings
from portal.web.anonymous import ANONYMOUS, PlainVisit, Visit, plain_visit
from portal.web.fields import read_raw

HEADER = "porth-work"
WORK_NEEDED = 428
LONGEST_QUESTION = 64
MARKED_EVERY = timedelta(seconds=2)
LOOKED_BACK = timedelta(minutes=1)

_USED = UsedTicket.metadata.tables[UsedTicket.__tablename__]
_ADD_ON_SQLITE = insert_on_sqlite(_USED).on_conflict_do_nothing().returning(_USED.c.day)
_ADD_ON_POSTGRESQL = insert_on_postgresql(_USED).on_conflict_do_nothing().returning(_USED.c.day)

T = TypeVar("T")

router = APIRouter(prefix="/concern/box", dependencies=[ANONYMOUS])


class WorkNeeded(PortalError):
    """The box was sent something without work, or with work that was used before, is too old or too little for a file
    of this size."""

    def __init__(self, size: int = 0) -> None:
        super().__init__("work needed")
        self.size = size


class Pressure:
    """How fast tickets are used, as one process sees it: the shared count now and then, and its own in between."""

    def __init__(self) -> None:
        self._marks: deque[tuple[datetime, int]] = deque()
        self._own = 0

    def note(self) -> None:
        """A ticket was used in this process."""
        self._own += 1

    def is_due(self, now: datetime) -> bool:
        return not self._marks or not timedelta(0) <= now - self._marks[-1][0] < MARKED_EVERY

    def mark(self, now: datetime, used: int) -> None:
        """Remember the shared count of this moment, and forget what is longer ago than a minute."""
        if self._marks and (used < self._marks[-1][1] or now < self._marks[-1][0]):
            self._marks.clear()  # a day's tickets were swept, or a clock was put back
        if self._marks and now - self._marks[-1][0] > LOOKED_BACK:
            last, before = self._marks[-1]  # nobody asked for a while: what was used since is spread over that time
            self._marks.clear()
            self._marks.append((now - LOOKED_BACK, used - round((used - before) * (LOOKED_BACK / (now - last)))))
        self._marks.append((now, used))
        self._own = 0
        while len(self._marks) > 1 and now - self._marks[1][0] >= LOOKED_BACK:
            self._marks.popleft()

    def recent(self) -> int:
        """Tickets used in the last minute or so, by everybody."""
        if not self._marks:
            return self._own
        return self._marks[-1][1] - self._marks[0][1] + self._own


@dataclass(frozen=True, slots=True)
class Wait:
    """The form was not taken yet: the ticket to send next time, after how many seconds, and why so many."""

    ticket: str
    seconds: int
    is_busy: bool


@router.post("/challenge")
async def challenge(visit: PlainVisit) -> Response:
    """Work for a device: nothing is stored for it, and it says nothing about who asked."""
    pressure = pressure_of(visit.request)
    if pressure.is_due(visit.now):
        await run_in_threadpool(_mark, visit, pressure)
    size = _named_size(await read_raw(LONGEST_QUESTION)(visit.request))
    return answer(200, await run_in_threadpool(_challenge, visit, pressure, size))


async def ask_for_work(request: Request, exc: Exception) -> Response:
    """The answer to what came without work that counts: a fresh challenge, so that the device need not ask again."""
    size = exc.size if isinstance(exc, WorkNeeded) else 0
    return answer(
        WORK_NEEDED, await run_in_threadpool(_challenge, await plain_visit(request), pressure_of(request), size)
    )


async def work_done(visit: PlainVisit) -> Ticket:
    """The ticket of a device that has done its work; whether it was used before, ``spend`` says."""
    text, _, nonce = visit.request.headers.get(HEADER, "").partition(".")
    ticket = read_ticket(visit.settings.ticket_keys, Kind.WORK, text)
    if ticket is None or not ticket.is_good(visit.now) or not is_solved(text, nonce, ticket.bits):
        raise WorkNeeded
    return ticket


Admitted = Annotated[Ticket, Depends(work_done)]


def spend(visit: Visit, session: Session, ticket: Ticket) -> None:
    """Use a ticket up, in the transaction that stores what it was brought for; WorkNeeded if it was used before."""
    adding = _ADD_ON_SQLITE if visit.database.is_sqlite else _ADD_ON_POSTGRESQL
    if session.connection().execute(adding, {"day": ticket.last_day, "hash": ticket.hash}).first() is None:
        raise WorkNeeded
    pressure_of(visit.request).note()


def spend_at_once(visit: Visit, ticket: Ticket) -> None:
    """The same in a transaction of its own, before a long body is read."""
    with visit.database.writing() as session:
        spend(visit, session, ticket)


def pay(visit: Visit, ticket: Ticket, step: Callable[[Session], T]) -> T:
    """Use a ticket up and do one step, in one transaction. It is used up for a step that is refused as well: one piece
    of work is good for one request, whatever comes of it. What is no step at all, by its shape, is refused before."""
    try:
        with visit.database.writing() as session:
            spend(visit, session, ticket)
            return step(session)
    except WorkNeeded:
        raise
    except (PortalError, CannotOpen):
        with suppress(WorkNeeded):
            spend_at_once(visit, ticket)
        raise


def require_work_for_file(visit: Visit, ticket: Ticket, size: int) -> None:
    """WorkNeeded when this file, as full as it is, costs more than was done for it; not for one doubling less."""
    if ticket.bits + 1 < _bits(visit, pressure_of(visit.request), size):
        raise WorkNeeded(size)


def form_ticket(visit: Visit) -> str:
    """What a page without script carries in its hidden field ``ticket``."""
    return issue(visit.settings.ticket_keys, Kind.FORM, now=visit.now)


def admit_form(visit: Visit, session: Session, text: str) -> Wait | None:
    """Use up the ticket of a form; or say how long to wait, with the same ticket if it will be good then."""
    ticket = read_ticket(visit.settings.ticket_keys, Kind.FORM, text)
    level = _level(visit)
    seconds = wait_at(level, visit.settings.wait_seconds)
    if ticket is None or not ticket.is_good(visit.now) or _is_used(session, ticket):
        return Wait(form_ticket(visit), seconds + WINDOW[Kind.FORM], level > 0)
    if level > 0 and not ticket.is_fresh(seconds, visit.now):
        return Wait(form_ticket(visit), seconds + WINDOW[Kind.FORM], is_busy=True)
    if not ticket.has_waited(seconds, visit.now):
        return Wait(ticket.text, seconds + WINDOW[Kind.FORM], level > 0)
    try:
        spend(visit, session, ticket)
    except WorkNeeded:
        return Wait(form_ticket(visit), seconds + WINDOW[Kind.FORM], level > 0)
    return None


def forget_used_tickets(database: Database, _settings: Settings, now: datetime) -> int:
    """A timed duty: a ticket whose last day is over would not be taken anyway."""
    with database.writing() as session:
        return len(session.execute(delete(_USED).where(_USED.c.day < now.date()).returning(_USED.c.day)).all())


def pressure_of(request: Request) -> Pressure:
    """The one count of this process."""
    state = request.app.state
    if not hasattr(state, "pressure"):
        state.pressure = Pressure()
    found: Pressure = state.pressure
    return found


def _challenge(visit: Visit, pressure: Pressure, size: int) -> dict[str, int | str]:
    bits = _bits(visit, pressure, size)
    return {"bits": bits, "challenge": issue(visit.settings.ticket_keys, Kind.WORK, now=visit.now, bits=bits), "v": 1}


def _bits(visit: Visit, pressure: Pressure, size: int) -> int:
    """The work of this moment, and for a file the work of its size. For one that has no room nobody works in vain."""
    bits = bits_at(level_of(pressure.recent(), visit.settings.calm_a_minute), visit.settings.work_bits)
    if not size:
        return bits
    with visit.database.reading() as session:
        waiting, most = bytes_waiting(session), visit.settings.most_waiting
    return bits + file_level(size, waiting, most) if has_room(size, waiting, most) else bits


def _named_size(octets: bytes) -> int:
    """How large the file is for which work is asked; nonsense asks for no file."""
    try:
        return whole(from_json(octets, keys=frozenset({"bytes"}))["bytes"], 0, LONGEST_UPLOAD)
    except CannotOpen:
        return 0


def _level(visit: Visit) -> int:
    pressure = pressure_of(visit.request)
    if pressure.is_due(visit.now):
        _mark(visit, pressure)
    return level_of(pressure.recent(), visit.settings.calm_a_minute)


def _mark(visit: Visit, pressure: Pressure) -> None:
    with visit.database.reading() as session:
        pressure.mark(visit.now, session.scalar(select(func.count()).select_from(_USED)) or 0)


def _is_used(session: Session, ticket: Ticket) -> bool:
    return session.get(UsedTicket, (ticket.last_day, ticket.hash)) is not None
