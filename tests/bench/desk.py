"""The officer's desk with 60 open requests: alone, and beside 50,000 that are closed, on one database kind.

Everybody asks both desks the same, in turn, and the medians of processor time are compared (see ``scaling``). Held
equal: the open requests, their handlers and days, and thirty closed ones, so that the list of closed requests has as
many rows on both.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, insert, select, text, update

from portal.cases.models import Assignment, Case, CaseCount, CaseEvent, ClockEvent
from portal.cases.rules import CaseKind, Duty
from portal.core.db import Database
from portal.core.ids import new_id, new_reference
from portal.core.text import msg
from portal.directory.models import Body, Person
from portal.subject_access.models import SubjectAccessRequest
from portal.subject_access.officer.models import MissedDay
from portal.subject_access.rules import AnswerFormat, Channel, State
from portal.timelimits.events import EventKind
from tests.bench.asking import OFFICER
from tests.bench.processes import Served
from tests.bench.scaling import Page, Register, ask_in_turn
from tests.bench.table import Row
from tests.bench.wire import Line, sign_in
from tests.bench.world import World, make_world

OPEN, CLOSED, CLOSED_ON_BOTH = 60, 50_000, 30
MOST = 1.2
AT_ONCE = 2_000
STATES = (State.RECEIVED, State.SCOPING, State.SEARCHING, State.REDACTING)
PAGES = {
    "the queue": "",
    "the queue, due within 7 days": "within=7",
    "the queue, late": "clock=late",
    "the queue, the clock stopped": "clock=stopped",
    "the queue, my own": "handler=me",
    "the queue, nobody’s": "handler=nobody",
    "the queue, in one state": "show=searching",
    "the queue, for the second person": "show=second",
    "the finished ones": "show=finished",
}


def measure_desk(
    folder: Path, url: str, where: str, copied: Callable[[World], World], *, rounds: int, count: int
) -> list[Row]:
    """Every page of the desk on both, in turn. ``copied`` makes the second portal out of the first."""
    few = make_world(folder / "small", url)
    with few.database() as database:
        with database.engine.begin() as connection:
            connection.execute(update(Case).where(Case.kind == CaseKind.ACCESS).values(kind=CaseKind.REVIEW))
            connection.execute(delete(CaseCount))
            connection.execute(delete(MissedDay))
        fill(database, OPEN, is_open=True)
        fill(database, CLOSED_ON_BOTH, is_open=False)
    many = copied(few)
    with many.database() as database:
        fill(database, CLOSED - CLOSED_ON_BOTH, is_open=False)
    for world in (few, many):
        with world.database() as database:
            take_stock(database)
    with few.portal(sweeping=False) as small, many.portal(sweeping=False) as large:
        sides = officer_at(small, few), officer_at(large, many)
        return [*compare(*sides, where, times=max(4, rounds * count // 4))]


def fill(database: Database, number: int, *, is_open: bool) -> None:
    """So many requests, as rows: each with its clock, its timeline and, two of three, an officer."""
    with database.engine.begin() as connection:
        body, person = _officer(connection)
        for start in range(0, number, AT_ONCE):
            made = [case_rows(n, body, person, is_open=is_open) for n in range(start, min(start + AT_ONCE, number))]
            for table in (Case, SubjectAccessRequest, ClockEvent, CaseEvent, Assignment):
                rows = [row for one in made for row in one[table]]
                if rows:
                    connection.execute(insert(table), rows)
        states: dict[str, int] = {}
        for n in range(number):
            state = _state(n, is_open=is_open)
            states[state] = states.get(state, 0) + 1
        for state, counted in states.items():
            key = {"body_id": body, "kind": CaseKind.ACCESS, "state": state, "is_open": is_open}
            known = connection.execute(select(CaseCount.number).filter_by(**key)).scalar()
            if known is None:
                connection.execute(insert(CaseCount).values(**key, number=counted))
            else:
                connection.execute(update(CaseCount).filter_by(**key).values(number=known + counted))


def take_stock(database: Database) -> None:
    """PostgreSQL takes stock by itself in time; SQLite is told to when a portal starts."""
    if not database.is_sqlite:
        with database.engine.begin() as connection:
            connection.execute(text("ANALYZE"))


def _officer(connection: Connection) -> tuple[str, str]:
    row = connection.execute(
        select(Body.id, Person.id).join(Person, Person.body_id == Body.id).where(Person.email == OFFICER)
    ).one()
    return row[0], row[1]


def _state(number: int, *, is_open: bool) -> str:
    return STATES[number % len(STATES)].value if is_open else State.CLOSED.value


def case_rows(number: int, body: str, person: str, *, is_open: bool) -> dict[type[Any], list[dict[str, Any]]]:
    """One request, as the rows of its tables."""
    today = datetime.now(UTC).date()
    received = today - timedelta(days=number % 28 + (0 if is_open else 60 + number % 900))
    due = received + timedelta(days=31)
    now, case_id = datetime(received.year, received.month, received.day, 9, tzinfo=UTC), new_id()
    return {
        Case: [_case(case_id, body, number, received, due, now, is_open=is_open)],
        SubjectAccessRequest: [
            {
                "case_id": case_id, "channel": Channel.PORTAL, "is_everything": False, "wanted": b"sealed" * 20,
                "lang": "cy", "answer_locale": "cy", "answer_format": AnswerFormat.DOWNLOAD,
            }
        ],
        ClockEvent: [
            {"id": new_id(), "case_id": case_id, "kind": kind, "on_day": on, "question_id": "", "recorded_at": now}
            for kind, on in ((EventKind.RECEIVED, received), (EventKind.FINISHED, due))
            if is_open <= (kind is EventKind.RECEIVED)
        ],
        CaseEvent: [
            {
                "id": new_id(), "case_id": case_id, "number": 1, "at": now, "step": "open", "role": "requester",
                "said": msg("The request came in").to_json(), "visible_to_requester": True,
            }
        ],
        Assignment: [
            {"id": new_id(), "case_id": case_id, "person_id": person, "duty": Duty.HANDLER, "assigned_at": now}
        ]
        if number % 3
        else [],
    }  # fmt: skip


def _case(
    case_id: str, body: str, number: int, received: date, due: date, now: datetime, *, is_open: bool
) -> dict[str, Any]:
    return {
        "id": case_id, "body_id": body, "kind": CaseKind.ACCESS, "reference": new_reference("AC"),
        "state": _state(number, is_open=is_open), "opened_at": now, "received_on": received, "due_on": due,
        "target_on": due - timedelta(days=3), "notice_by": due, "extended": False,
        "finished_on": None if is_open else due, "is_open": is_open, "locale": "cy", "version": 1, "event_count": 1,
    }  # fmt: skip


def officer_at(served: Served, world: World) -> Register:
    """The desk as its officer sees it."""
    return Register(served, 0, world.database_url, sign_in(served.port, OFFICER, world.secrets["password"]))


def compare(few: Register, many: Register, where: str, *, times: int) -> Iterator[Row]:
    """One row for each page: the long desk against the short one."""
    addresses = {name: f"/my/desk/access?{query}&n=" for name, query in PAGES.items()}
    addresses |= {"who has how much": "/my/desk/access/workload?n=", "the printed list": "/my/desk/access/print?n="}
    for name, address in addresses.items():
        page = Page(name, *((lambda n, at=address: f"{at}{n}"),) * 2)
        with Line(few.served.port) as to_few, Line(many.served.port) as to_many:
            sides = ((few, to_few, page.small), (many, to_many, page.large))
            spent, _shown = ask_in_turn(sides, times)
        what = f"{name}: {OPEN} open beside {CLOSED:,} closed, against {OPEN} alone, {where}"
        yield Row("P2", what, spent[1], "ms", spent[0], MOST)
