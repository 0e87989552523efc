"""Who may put something into the box or send the form: anybody with a ticket. Nobody is ever shut out.

A script asks for a challenge, does its work and sends ``Porth-Work: challenge.nonce``; a page without script carries a
ticket that must have aged a little. When more is sent than the calm number a minute, work and wait rise for everybody:
that is counted over all processes, from how fast the used tickets grow, and nothing is keyed on an address.

For endpoints: ``Admitted`` (first among the parameters: it is asked before a body is read) and ``spend`` in the
transaction that stores; ``form_ticket`` for the page and ``admit_form`` when it is sent.
"""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from portal.concerns.delivery import answer
from portal.concerns.reporting.models import UsedTicket
from portal.concerns.reporting.tickets import (
    WINDOW,
    Kind,
    Ticket,
    bits_at,
    is_solved,
    issue,
    level_of,
    read_ticket,
    wait_at,
)
from portal.core.db import Database
from portal.core.errors import PortalError
from portal.settings.models import Settings
from portal.web.anonymous import ANONYMOUS, PlainVisit, Visit

HEADER = "porth-work"
WORK_NEEDED = 428
MARKED_EVERY = timedelta(seconds=2)
LOOKED_BACK = timedelta(minutes=1)

_USED = UsedTicket.metadata.tables[UsedTicket.__tablename__]
_ADD_ON_SQLITE = insert_on_sqlite(_USED).on_conflict_do_nothing().returning(_USED.c.day)
_ADD_ON_POSTGRESQL = insert_on_postgresql(_USED).on_conflict_do_nothing().returning(_USED.c.day)

router = APIRouter(prefix="/concern/box", dependencies=[ANONYMOUS])


class WorkNeeded(PortalError):
    """The box was sent something without work, or with work that was used before or is too old."""


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
    return answer(200, _challenge(visit.settings, pressure, visit.now))


async def ask_for_work(request: Request, _exc: Exception) -> Response:
    """The answer to what came without work that counts: a fresh challenge, so that the device need not ask again."""
    settings: Settings = request.app.state.settings
    return answer(WORK_NEEDED, _challenge(settings, pressure_of(request), settings.clock.now()))


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


def _challenge(settings: Settings, pressure: Pressure, now: datetime) -> dict[str, int | str]:
    bits = bits_at(level_of(pressure.recent(), settings.calm_a_minute), settings.work_bits)
    return {"bits": bits, "challenge": issue(settings.ticket_keys, Kind.WORK, now=now, bits=bits), "v": 1}


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
