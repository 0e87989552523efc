"""A million cases of 450 bodies against a thousand: the desk of concerns, the queue of requests, one case (P6, P7).

Half are concerns of which something was told, half are requests for a copy of data. Everybody asks both portals the
same, in turn, and the medians of processor time are compared (see ``scaling``). Held equal: what the reader and the
officer have on their desks. One reader more has fifty thousand open concerns on the large one, and 240 on the small: as
many as fill a page of each kind.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count as counting
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from anonymity.encoding import to_b64u
from portal.cases.models import Assignment, Case, CaseCount, CaseEvent, ClockEvent
from portal.cases.rules import CaseKind
from portal.cli.intake import take_in
from portal.concerns.casework.models import DeskKept, DeskPlace, ToldSide, ToldThread
from portal.concerns.casework.rules import FAR, Lane, Side, Theme, ToldState, Waiting
from portal.concerns.models import RecipientKey
from portal.concerns.timing.models import ConcernClock
from portal.core import ids
from portal.core.db import Database
from portal.directory.models import Body, Person
from portal.mailbox.models import SealedCase, SealedGrant, SealedItem
from portal.subject_access.models import SubjectAccessRequest
from tests.bench.asking import OFFICER
from tests.bench.desk import case_rows, take_stock
from tests.bench.multiplying import write
from tests.bench.processes import Served
from tests.bench.register import directory_file
from tests.bench.scaling import BODIES, FOLLOWING, Page, Register, ask_in_turn
from tests.bench.table import Row
from tests.bench.wire import Line, sign_in
from tests.bench.world import World, make_world

SMALL, LARGE_ON_SQLITE, LARGE_ON_POSTGRESQL = 1_000, 100_000, 1_000_000
MOST_TIME, MOST_BYTES = 1.2, 1.05
READER, BUSY = "llinos.dafis@glannau-ogwen.example", "hywel.eryl.thomas@dyffryn-cledwen.example"
"""Who has the same on both portals, and who has much on the large one."""
OWN, MUCH, LITTLE = 400, 50_000, 240
REQUESTS, ITEMS = 60, 200
NEWS, KEPT = 60, 2_000
"""Days within which threads came: those on somebody's desk here, and all others, in almost six years."""
AT_ONCE = 5_000
SEALED = bytes(300)
"""An item is 16 KiB; how long it is makes no difference to what finds it, and a million of them would fill the disk."""
DESK = {
    "the desk": "",
    "its lane of what is due": "lane=due",
    "filtered by theme": "theme=pace",
    "sorted by the next day": "sort=next",
    "those of nobody, of which there are none": "mine=nobody",
}
QUEUE = {"the queue": "", "the queue, due within 7 days": "within=7", "the queue, my own": "handler=me"}


def measure_million(
    folder: Path, url: str, where: str, copied: Callable[[World], World], *, rounds: int, count: int
) -> list[Row]:
    """Every page on both, in turn. ``copied`` makes the second portal out of the first."""
    few = make_world(folder / "small", url)
    with few.database() as database, database.writing() as session:
        take_in(session, "directory", directory_file(BODIES), now=datetime.now(UTC))
    with few.database() as database:
        begin(database)
        fill(database, SMALL - OWN - LITTLE)
    many = copied(few)
    large = LARGE_ON_SQLITE if where == "SQLite" else LARGE_ON_POSTGRESQL
    with many.database() as database:
        busy(database, MUCH - LITTLE)
        fill(database, large - SMALL - (MUCH - LITTLE))
    for world in (few, many):
        with world.database() as database:
            take_stock(database)
    with few.portal(sweeping=False) as served, many.portal(sweeping=False) as crowded:
        told = f"{large:,} cases against {SMALL:,}, {where}"
        return [*compare(served, crowded, few, many, told, times=max(6, rounds * count // 4))]


def begin(database: Database) -> None:
    """What both portals have alike."""
    with database.engine.begin() as connection:
        connection.execute(update(Case).where(Case.kind == CaseKind.ACCESS).values(kind=CaseKind.REVIEW))
        connection.execute(delete(CaseCount))
    add_threads(database, OWN, READER)
    add_threads(database, LITTLE, BUSY)
    add_requests(database, REQUESTS, OFFICER)
    with database.engine.begin() as connection:
        _long_thread(connection)


def busy(database: Database, number: int) -> None:
    add_threads(database, number, BUSY)


def fill(database: Database, number: int) -> None:
    """Threads and requests of all bodies, half and half."""
    add_threads(database, number // 2, None)
    add_requests(database, number - number // 2, None)


def add_threads(database: Database, number: int, email: str | None) -> None:
    """Concerns of which something was told: somebody's own, or of all bodies and of people who are not here."""
    with database.engine.begin() as connection:
        bodies = connection.scalars(select(Body.id)).all()
        who = _reader(connection, email) if email is not None else None
    today = datetime.now(UTC).date()
    for start in range(0, number, AT_ONCE):
        made: dict[Any, list[dict[str, Any]]] = {}
        for n in range(start, min(start + AT_ONCE, number)):
            holder = who or (bodies[n % len(bodies)], ids.new_id(), ids.random_bytes(32))
            for table, row in _thread(n, holder, today, NEWS if who else KEPT):
                made.setdefault(table, []).append(row)
        with database.engine.begin() as connection:
            for table, rows in made.items():
                write(connection, table.__table__, rows)
    if who is not None:
        with database.engine.begin() as connection:
            _note_kept(connection, who[1], who[2], today)


def add_requests(database: Database, number: int, email: str | None) -> None:
    """Requests for a copy: an officer's own open ones, or closed ones of all bodies."""
    with database.engine.begin() as connection:
        bodies = connection.scalars(select(Body.id)).all()
        officer = connection.execute(select(Person.body_id, Person.id).where(Person.email == (email or OFFICER))).one()
    is_open = email is not None
    counted: dict[tuple[str, str], int] = {}
    for start in range(0, number, AT_ONCE):
        made: dict[Any, list[dict[str, Any]]] = {}
        for n in range(start, min(start + AT_ONCE, number)):
            body = officer.body_id if is_open else bodies[n % len(bodies)]
            rows = case_rows(n, body, officer.id, is_open=is_open)
            state = rows[Case][0]["state"]
            counted[body, state] = counted.get((body, state), 0) + 1
            for table in (Case, SubjectAccessRequest, ClockEvent, CaseEvent, Assignment):
                made.setdefault(table, []).extend(rows[table])
        with database.engine.begin() as connection:
            for table, rows_ in made.items():
                if rows_:
                    write(connection, table.__table__, rows_)
    with database.engine.begin() as connection:
        for (body, state), n in counted.items():
            _count(connection, {"body_id": body, "kind": CaseKind.ACCESS, "state": state, "is_open": is_open}, n)


def _count(connection: Connection, key: dict[str, Any], number: int) -> None:
    known = connection.execute(select(CaseCount.number).filter_by(**key)).scalar()
    if known is None:
        connection.execute(insert(CaseCount).values(**key, number=number))
    else:
        connection.execute(update(CaseCount).filter_by(**key).values(number=known + number))


def _reader(connection: Connection, email: str) -> tuple[str, str, bytes]:
    asked = (
        select(Person.body_id, Person.id, RecipientKey.key_id)
        .join(RecipientKey, RecipientKey.person_id == Person.id)
        .where(Person.email == email, RecipientKey.ended_on.is_(None))
    )
    row = connection.execute(asked).one()
    return str(row[0]), row[1], row[2]


def _note_kept(connection: Connection, person: str, key: bytes, today: date) -> None:
    grants = connection.scalar(select(func.count()).select_from(SealedGrant).where(SealedGrant.key_id == key))
    connection.execute(delete(DeskKept).where(DeskKept.person_id == person))
    connection.execute(insert(DeskKept).values(person_id=person, grants=grants, kept_on=today))


def _thread(n: int, holder: tuple[str, str, bytes], today: date, within: int) -> Iterator[tuple[Any, dict[str, Any]]]:
    body, person, key = holder
    case_id, came = ids.random_bytes(16), today - timedelta(days=n % within)
    theme, lane = list(Theme)[n % len(Theme)], (Lane.US, Lane.WORKER, Lane.NEW)[n % 3]
    due = today + timedelta(days=n % 25)
    yield SealedCase, {
        "case_id": case_id, "body_id": body, "locator_hash": ids.random_bytes(32), "recipient": "age1pq1x", "epoch": 0,
        "opened_day": came, "expires_week": came + timedelta(days=2190), "state": "new", "held": False,
    }  # fmt: skip
    yield SealedGrant, {"case_id": case_id, "epoch": 0, "key_id": key, "file": SEALED}
    yield from ((SealedItem, _item(case_id, came)) for _ in range(1 + n % 3))
    yield ToldThread, {
        "case_id": case_id, "body_id": body, "told_on": came, "theme": theme, "state": ToldState.TRIAGE,
        "state_since": came, "is_open": True, "version": 1,
    }  # fmt: skip
    yield ToldSide, {
        "case_id": case_id, "side": Side.EMPLOYER, "home_id": body, "assignee_id": person,
        "waiting": Waiting.US, "version": 1,
    }  # fmt: skip
    yield DeskPlace, {
        "person_id": person, "case_id": case_id, "side": Side.EMPLOYER, "is_open": True, "lane": lane, "due_on": due,
        "next_on": FAR if n % 2 else due, "theme": theme, "assignee_id": person,
    }  # fmt: skip
    yield ConcernClock, {"case_id": case_id, "body_id": body, "opened_on": came, "due_on": due}


def _item(case_id: bytes, came: date) -> dict[str, Any]:
    drawn = [ids.random_bytes(size) for size in (16, 32, 32)]
    return {
        "item_id": drawn[0], "case_id": case_id, "epoch": 0, "prev": drawn[1], "hash": drawn[2], "file": SEALED,
        "day": came,
    }  # fmt: skip


def _long_thread(connection: Connection) -> None:
    """One of the reader's threads has two hundred items."""
    case_id = connection.scalars(
        select(DeskPlace.case_id)
        .join(Person, Person.id == DeskPlace.person_id)
        .where(Person.email == READER)
        .order_by(DeskPlace.case_id)
        .limit(1)
    ).one()
    came = connection.scalars(select(SealedCase.opened_day).where(SealedCase.case_id == case_id)).one()
    write(connection, SealedItem.__table__, [_item(case_id, came) for _ in range(ITEMS)])


def longest(world: World) -> str:
    """The address of the thread with two hundred items."""
    with world.database() as database, database.engine.connect() as connection:
        most = select(SealedItem.case_id).group_by(SealedItem.case_id).order_by(func.count().desc()).limit(1)
        return to_b64u(connection.scalars(most).one())


def compare(served: Served, crowded: Served, few: World, many: World, told: str, *, times: int) -> Iterator[Row]:
    """One row for each page: the large portal against the small one, in time and in bytes."""
    for email, pages in (
        (READER, _pages(DESK, "/my/concerns", "/my/concerns/print") | _of_case(longest(few))),
        (BUSY, {f"50,000 open, {name}": at for name, at in _pages(DESK, "/my/concerns", None).items()}),
        (OFFICER, _pages(QUEUE, "/my/desk/access", None)),
    ):
        sides = [
            Register(portal, 0, world.database_url, sign_in(portal.port, email, world.secrets["password"]))
            for portal, world in ((served, few), (crowded, many))
        ]
        for name, address in pages.items():
            yield from _one(name, address, sides, told, times)
        if email != OFFICER:
            deep = [_deep(one, "/my/concerns?") for one in sides]
            yield from _one(
                f"{'50,000 open, ' if email == BUSY else ''}the fifth page of the desk", deep, sides, told, times
            )


def _pages(queries: dict[str, str], at: str, printed: str | None) -> dict[str, list[str]]:
    found = {name: [f"{at}?{query}&"] * 2 for name, query in queries.items()}
    return found | ({"the printed desk": [f"{printed}?"] * 2} if printed else {})


def _of_case(case: str) -> dict[str, list[str]]:
    at = f"/my/concerns/{case}"
    return {"one concern": [f"{at}?"] * 2, "its 200 items": [f"{at}/thread?"] * 2}


def _deep(side: Register, address: str) -> str:
    """Four pages on from the first, where there are so many."""
    anew, at = counting(), address
    with Line(side.served.port) as line:
        for _ in range(4):
            found = FOLLOWING.search(side.ask(line, f"{at}n={next(anew)}"))
            if found is None:
                break
            at = f"{address}after={found[1].decode()}&"
    return at


def _one(name: str, addresses: list[str], sides: list[Register], told: str, times: int) -> Iterator[Row]:
    page = Page(name, *((lambda n, at=at: f"{at}n={n}") for at in addresses))
    with Line(sides[0].served.port) as to_few, Line(sides[1].served.port) as to_many:
        asked = ((sides[0], to_few, page.small), (sides[1], to_many, page.large))
        spent, _shown = ask_in_turn(asked, times)
        weights = [len(side.ask(line, at(times + 1))) for side, line, at in asked]
    target = "P7" if "concern" in name or "items" in name else "P6"
    yield Row(target, f"{name}: {told}", spent[1], "ms", spent[0], MOST_TIME)
    yield Row(target, f"{name}, its size: {told}", weights[1], "bytes", weights[0], MOST_BYTES)
