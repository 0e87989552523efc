"""Two server processes and a sweep on one PostgreSQL, while readers, reporters and officers press the same at once."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Event, Lock, Thread
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select, text

from anonymity.encoding import to_b64u
from portal.audit.queries import verify_chain
from portal.cases.models import Assignment, Case, CaseEvent
from portal.cases.rules import CaseKind, Duty
from portal.concerns.casework.models import ToldEvent, ToldSide
from portal.concerns.casework.rules import Theme
from portal.concerns.models import RecipientKey
from portal.concerns.timing.models import ConcernClock
from portal.concerns.together.models import CollectiveLink
from portal.core import ids
from portal.core.clock import london_day
from portal.core.db import Database
from portal.directory.models import Body, Person
from portal.mailbox import service as mailbox
from portal.mailbox.models import SealedItem
from portal.mailbox.rules import FIRST
from portal.mailbox.service import IncomingCase, IncomingItem
from portal.notifications.models import OutboxLetter
from portal.settings.models import Settings, read_settings
from portal.sweep import SweepLease, sweep
from tests.bench.asking import BOX, admitted, sealed_concerns
from tests.bench.processes import Served
from tests.bench.wire import FORM, HIDDEN, Ask, Line, sign_in
from tests.bench.world import BODY, World, copy_world
from tests.concerns.poured import pour
from tests.demonstrated import CARYS, DYLAN, ELIN, LLINOS
from tests.notifications.mailserver import HOST, MailServer, running

pytestmark = pytest.mark.postgres

DESK = "/en/my/concerns"
GARETH, BETHAN = "gareth.penri@glannau-ogwen.example", "bethan.islwyn@glannau-ogwen.example"
READERS = (ELIN, DYLAN, LLINOS, CARYS)
CLAIMED, TAKEN, LINKED, RAISED, ANSWERED, ASKED = 5, 6, 5, 4, 4, 3
LONG_DUTY = "systems watched"
"""Another process has it: it takes longer than everything else, and touches nothing of this."""
ONE_OF_TWO = {"claim": [303, 409], "answer": [201, 409]}
ACKNOWLEDGED = ConcernClock.acknowledged_on.is_not(None), ConcernClock.replied_on.is_(None)
"""The first of a thread's answers acknowledges; were the refused one counted too, it would be the reply."""
FAULTS = ("Traceback", "ERROR", "CRITICAL", "sweep failed", "deadlock")


@dataclass
class Play:
    """Two servers on one database, and what everybody was answered."""

    servers: list[Served]
    database: Database
    password: str
    cookies: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    answered: dict[str, list[int]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def signs_in(self, email: str) -> None:
        self.cookies[email] = sign_in(self.servers[0].port, email, self.password)
        with Line(self.servers[0].port) as line:
            page = line.ask(Ask.get("/en/my", cookie=self.cookies[email], accept_encoding="identity"))
        self.tokens[email] = HIDDEN.findall(page.body.decode())[0]

    def press(self, line: Line, email: str, path: str, *fields: tuple[str, str]) -> int:
        """What somebody is answered who presses a button."""
        body = urlencode([("csrf", self.tokens[email]), *fields]).encode()
        return line.exchange(
            Ask.post(path, body, cookie=self.cookies[email], content_type=FORM["content-type"]).octets
        ).status

    def answer(self, line: Line, email: str, case: bytes, like: bytes) -> int:
        """What a device is answered that puts a sealed item behind the first of a thread."""
        with self.database.reading() as session:
            head = session.scalars(select(SealedItem.hash).where(SealedItem.case_id == case)).first()
        own = {"id": to_b64u(ids.random_bytes(16)), "prev": to_b64u(head or b"")}
        sent = {"v": 1, "case": to_b64u(case), "epoch": 0, "item": json.loads(like)["item"] | own}
        octets = json.dumps(sent, separators=(",", ":"), sort_keys=True).encode()
        asked = Ask.post(
            f"{DESK}/{to_b64u(case)}/items", octets, cookie=self.cookies[email], x_csrf_token=self.tokens[email]
        )
        return line.exchange(asked.octets).status

    def note(self, name: str, status: int) -> None:
        with self.lock:
            self.answered.setdefault(name, []).append(status)

    def count(self, asked: Any) -> int:
        with self.database.reading() as session:
            return session.scalar(asked) or 0


def came(database: Database, number: int) -> list[bytes]:
    """Threads that all these readers hold."""
    with database.writing() as session:
        body_id = session.scalars(select(Body.id).where(Body.slug == BODY)).one()
        keys = session.scalars(
            select(RecipientKey.key_id)
            .join(Person, Person.id == RecipientKey.person_id)
            .where(Person.email.in_(READERS), RecipientKey.ended_on.is_(None))
        ).all()
        made = []
        for _ in range(number):
            item = IncomingItem(ids.random_bytes(16), FIRST, ids.random_bytes(300))
            grants = {key: b"grant" for key in keys}
            case = IncomingCase(
                ids.random_bytes(16), body_id, ids.random_bytes(32), "age1pq1x", grants, item, is_notes=False
            )
            mailbox.store_case(session, case, today=london_day(datetime.now(UTC)))
            made.append(case.case_id)
    return sorted(made)


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with running(MailServer()) as made:
        yield made


@pytest.fixture
def world(tmp_path: Path, measured_portal: Path, postgres_url: str) -> World:
    here = copy_world(measured_portal, tmp_path / "two")
    source, target = Database(here.database_url), Database(postgres_url)
    pour(source, target)
    with target.writing() as session:
        until = datetime.now(UTC) + timedelta(hours=1)
        session.add(SweepLease(duty=LONG_DUTY, holder=ids.new_id(), until=until))
    source.close()
    target.close()
    return World(here.folder, postgres_url, here.argon2_kib, here.argon2_passes)


def settings_of(world: World, mail: MailServer) -> tuple[dict[str, str], Settings]:
    wire = {"mailer": "smtp", "smtp_host": HOST, "smtp_port": str(mail.port), "smtp_starttls": "false",
            "mail_from": "porth@bwrdd.example.cymru"}  # fmt: skip
    return wire, read_settings(world.environment | {f"PORTAL_{name.upper()}": value for name, value in wire.items()})


@pytest.fixture
def play(world: World, mail: MailServer) -> Iterator[Play]:
    wire, _settings = settings_of(world, mail)
    with ExitStack() as running_things:
        started = [world.portal(sweeping=number == 1, log=f"server-{number}.log", **wire) for number in range(2)]
        servers = [running_things.enter_context(one) for one in started]
        made = Play(servers, running_things.enter_context(world.database()), world.secrets["password"])
        for email in (*READERS, GARETH, BETHAN):
            made.signs_in(email)
        yield made


@dataclass
class Stage:
    """What everybody presses: each part is played by two people at once."""

    play: Play
    claimed: list[bytes]
    taken: list[bytes]
    linked: list[bytes]
    answered: list[bytes]
    concerns: list[bytes]
    references: Sequence[str]
    collective: str = field(default_factory=ids.new_id)

    def open_collective(self) -> None:
        """The first of those that will be linked stands in a collective already; all of them are taken on."""
        put = [("case", to_b64u(self.linked[0])), ("where", "new"), ("theme", Theme.PACE.value)]
        with Line(self.play.servers[0].port) as line:
            assert self._several(line, ELIN, self.linked) == 303
            own = ("form_id", self.collective)
            assert self.play.press(line, ELIN, f"{DESK}/together/link", *put, own) == 303

    def _several(self, line: Line, who: str, cases: Sequence[bytes]) -> int:
        chosen = [("case", to_b64u(case)) for case in cases]
        own = [("act", "take"), ("form_id", ids.new_id())]
        return self.play.press(line, who, f"{DESK}/several/done", *chosen, *own)

    def claim(self, line: Line, who: str) -> None:
        for case in self.claimed:
            self.play.note(f"claim {case.hex()}", self.play.press(line, who, f"{DESK}/{to_b64u(case)}/claim"))

    def take_several(self, line: Line, who: str) -> None:
        self.play.note("several", self._several(line, who, self.taken if who == CARYS else self.taken[::-1]))

    def link(self, line: Line, who: str) -> None:
        for case in self.linked if who == ELIN else self.linked[::-1]:
            own = [("case", to_b64u(case)), ("where", self.collective)]
            self.play.note("link", self.play.press(line, who, f"{DESK}/together/link", *own))

    def raise_all(self, line: Line, _who: str) -> None:
        for octets in self.concerns:
            asked = Ask.post(BOX, octets, porth_work=admitted(line))
            self.play.note("raise", line.exchange(asked.octets).status)

    def answer_all(self, line: Line, who: str) -> None:
        for case in self.answered:
            self.play.note(f"answer {case.hex()}", self.play.answer(line, who, case, self.concerns[0]))

    def take_on(self, line: Line, who: str) -> None:
        for reference in self.references:
            self.play.note("take on", self.play.press(line, who, f"/en/my/desk/access/{reference}/take-on"))

    def write_down(self, line: Line, who: str) -> None:
        for reference in self.references:
            with self.play.database.reading() as session:
                version = session.scalars(select(Case.version).where(Case.reference == reference)).one()
            own = [("form_id", ids.new_id()), ("version", str(version)), ("words", f"Seen by {who}")]
            self.play.note("write", self.play.press(line, who, f"/en/my/desk/access/{reference}/note", *own))


def staged(play: Play, world: World) -> Stage:
    claimed, taken, linked, answered = (came(play.database, one) for one in (CLAIMED, TAKEN, LINKED, ANSWERED))
    with play.database.reading() as session:
        references = session.scalars(
            select(Case.reference)
            .join(Body, Body.id == Case.body_id)
            .where(Case.kind == CaseKind.ACCESS, Case.state == "received", Body.slug == BODY)
            .order_by(Case.reference)
            .limit(ASKED)
        ).all()
    return Stage(play, claimed, taken, linked, answered, sealed_concerns(world, RAISED), references)


def test_everybody_presses_the_same_at_once_and_each_thing_happens_once(
    play: Play, world: World, mail: MailServer
) -> None:
    stage = staged(play, world)
    stage.open_collective()
    play_all(
        play,
        [
            (stage.claim, ELIN, LLINOS), (stage.take_several, CARYS, DYLAN), (stage.link, ELIN, DYLAN),
            (stage.raise_all, "", ""), (stage.answer_all, LLINOS, CARYS), (stage.take_on, GARETH, BETHAN),
            (stage.write_down, BETHAN, GARETH),
        ],
        settings_of(world, mail)[1],
    )  # fmt: skip
    check_answers(play)
    check_concerns(stage)
    check_requests(stage)
    check_letters(play, mail)


def play_all(play: Play, parts: list[tuple[Callable[[Line, str], None], str, str]], settings: Settings) -> None:
    """Everybody at once, each on a server of their own, and the timed duties beside them all the while."""
    begin, is_over = Barrier(2 * len(parts) + 1), Event()

    def duties() -> None:
        begin.wait()
        is_last = False
        while not is_last:
            is_last = is_over.is_set()
            sweep(play.database, settings)

    def act(part: Callable[[Line, str], None], who: str, served: Served) -> None:
        with Line(served.port) as line:
            begin.wait()
            part(line, who)

    swept = Thread(target=duties)
    swept.start()
    with ThreadPoolExecutor(2 * len(parts)) as pool:
        done = [
            pool.submit(act, part, who, served)
            for part, *pair in parts
            for who, served in zip(pair, play.servers, strict=True)
        ]
        failures = [one.exception() for one in done]
    is_over.set()
    swept.join()
    assert failures == [None] * len(failures)


def check_answers(play: Play) -> None:
    """Of two who want the same one has it, and the other hears so."""
    for name, statuses in play.answered.items():
        kind = name.partition(" ")[0]
        told = ONE_OF_TWO.get(kind)
        assert told is None or sorted(statuses) == told, name
        assert set(statuses) <= {201, 303, 409, 422}, name
    assert Counter(play.answered["raise"]) == {201: RAISED, 409: RAISED}
    assert play.answered["several"] == [303, 303]
    assert set(play.answered["link"]) == set(play.answered["take on"]) == {303}


def check_concerns(stage: Stage) -> None:
    """Nothing was lost and nothing happened twice."""
    rows: list[tuple[Any, list[Any], int]] = [
        (ToldSide, [ToldSide.case_id.in_(stage.claimed), ToldSide.claimed_by.is_not(None)], CLAIMED),
        (ToldEvent, [ToldEvent.case_id.in_(stage.taken), ToldEvent.step == "take"], TAKEN),
        (CollectiveLink, [CollectiveLink.case_id.in_(stage.linked), CollectiveLink.unlinked_on.is_(None)], LINKED),
        (SealedItem, [SealedItem.case_id.in_(stage.answered)], 2 * ANSWERED),
        (ConcernClock, [ConcernClock.case_id.in_(stage.answered), *ACKNOWLEDGED], ANSWERED),
    ]
    for table, wanted, number in rows:
        assert stage.play.count(select(func.count()).select_from(table).where(*wanted)) == number, table.__tablename__


def check_requests(stage: Stage) -> None:
    """One line after the other, one handler each, and a whole chain of the audit."""
    with stage.play.database.reading() as session:
        for case in session.scalars(select(Case).where(Case.reference.in_(stage.references))):
            events = session.execute(select(CaseEvent.number, CaseEvent.step).where(CaseEvent.case_id == case.id)).all()
            assert sorted(number for number, _step in events) == list(range(1, case.event_count + 1))
            own = Assignment.case_id == case.id, Assignment.duty == Duty.HANDLER, Assignment.ended_at.is_(None)
            assert session.scalar(select(func.count()).select_from(Assignment).where(*own)) == 1
        assert verify_chain(session).broken_at is None
        deadlocks = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        assert session.scalar(deadlocks) == 0


def check_letters(play: Play, mail: MailServer) -> None:
    """Each letter left once, and no server wrote of a fault."""
    assert len(mail.ids) == len(set(mail.ids)) > 0
    sent = select(func.count()).select_from(OutboxLetter).where(OutboxLetter.state == "sent")
    assert play.count(sent) == len(mail.ids)
    for served in play.servers:
        log = served.log.read_text(encoding="utf-8")
        assert not [fault for fault in FAULTS if fault in log], log
