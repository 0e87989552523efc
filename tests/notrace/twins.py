"""Two portals that are alike in every row, but that one of them holds cases which nearly nobody may know of."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from portal.app import make_app
from portal.cases import service as cases
from portal.cases.models import Case
from portal.cases.rules import ExclusionSource, Relation
from portal.cases.sent import Sent
from portal.cases.turn import Desk
from portal.cli.access_seeds import Board
from portal.cli.review_seeds import Reviews
from portal.complaints.opening import NewComplaint
from portal.complaints.opening import submit as complain
from portal.concerns.casework import service
from portal.concerns.casework.places import Keeping, keep_places
from portal.concerns.casework.rules import NextStep, Theme, Waiting
from portal.concerns.casework.service import Planned, Telling
from portal.concerns.models import RecipientKey
from portal.core import ids
from portal.core.db import Database, checkpoint
from portal.core.text import Locale, Words
from portal.directory.models import Person
from portal.directory.queries import find_person_by_email
from portal.identity.models import Account
from portal.mailbox.models import SealedCase, SealedGrant
from portal.mailbox.rules import NOTES
from portal.settings.models import Settings
from portal.subject_access import service as access
from portal.sweep import sweep
from portal.timelimits.calendar import WorkingDays
from tests.concerns.raised import put, raised
from tests.demonstrated import BODY, CARYS, DYLAN, ELIN, LLINOS, Demonstrated
from tests.prepared import FULL, settings_in
from tests.visitors import Visitor

ASKER, HANDLER = "tomos.gethin", "gareth.penri"
"""Whose the hidden cases are, and the one officer who may act on them. The hidden concern is read by Llinos alone."""
NOT_READERS = (
    ELIN,
    DYLAN,
    CARYS,
    "idris.fychan@unison.example",
    "patrick.adeyemi@rcn.example",
    "sioned.puw@rcn.example",
)
DAYS_BETWEEN = (1, 9, 15, 30) if FULL else (55,)
"""Reminders of the desk, of who does not answer, of the law's last day; then the quarter has ended and is told."""
LETTER = re.compile(r"^To: (\S+)\n(.*?)^={20}", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Hidden:
    """What an address of the hidden cases could be made of."""

    references: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    concern: str = ""


@dataclass
class Counted:
    """How many statements an application asked its database."""

    number: int = 0

    def watch(self, database: Database) -> None:
        def one_more(*_: object) -> None:
            self.number += 1

        event.listen(database.engine, "before_cursor_execute", one_more)


@dataclass
class Portal:
    """One of the two, as its people ask it: each with their own cookies, through one line."""

    settings: Settings
    database: Database
    asked: Counted = field(default_factory=Counted)
    letters: list[tuple[str, str]] = field(default_factory=list)
    _client: TestClient | None = None
    _cookies: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def running(self, emails: tuple[str, ...], password: str) -> Iterator["Portal"]:
        app = make_app(self.settings)
        self.asked.watch(app.state.database)
        with TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False) as self._client:
            for email in emails:
                assert Visitor(self._client).sign_in(email, password).status_code == 303
                jar = {cookie.name: cookie.value for cookie in self._client.cookies.jar}
                self._cookies[email] = "; ".join(f"{name}={value}" for name, value in jar.items())
                self._client.cookies.clear()
            yield self

    def ask(self, email: str, method: str, address: str, fields: dict[str, str] | None = None) -> Any:
        assert self._client is not None
        answer = self._client.request(method, address, data=fields, headers={"cookie": self._cookies[email]})
        self._client.cookies.clear()
        return answer


def open_shown(world: Demonstrated) -> None:
    """Cases that those may know who are left out of the hidden ones: nobody's lists are empty."""
    with world.database.writing() as session:
        _open_each(session, world.settings, "nia.meredith", world.settings.clock.now())
        desk = _desk(world)
        for case_id in _read_by_both(session, world):
            service.take(session, world.actor(LLINOS), case_id, Telling(Theme.SAFETY), desk=desk)


def hide(world: Demonstrated) -> Hidden:
    """An access request, a review and a complaint that all but one officer are left out of; a concern of one reader."""
    with world.database.writing() as session:
        kept = [f"{name}@{BODY}.example" for name in (ASKER, HANDLER)]
        away = session.scalars(
            select(Person.id).join(Account, Account.person_id == Person.id).where(Person.email.not_in(kept))
        ).all()
        board = Board(session, world.settings, world.settings.clock.now())
        hidden = _open_each(session, world.settings, ASKER, world.settings.clock.now(), tuple(away))
        for case in hidden[:2]:
            for person_id in away:
                cases.exclude(
                    session, Relation.PORTAL, case, person_id, source=ExclusionSource.REQUESTER, desk=board.desk(0)
                )
        access.start(session, board.actor(HANDLER), hidden[0], Sent(ids.new_id()), desk=board.desk(0))
        found = tuple((case.reference, case.id) for case in hidden)
    concern = raised(world, *NOT_READERS)
    with world.visiting(world.app) as device:
        assert put(device, concern.sent.to_json()).status_code == 201
    _work_behind(world, concern.sent.case)
    return Hidden(tuple(one for one, _ in found), tuple(one for _, one in found), concern.case)


def _work_behind(world: Demonstrated, concern: bytes) -> None:
    """The employer's reader takes up the hidden concern, and keeps things for their own side of those that a union
    reads too."""
    reader, desk = world.actor(LLINOS), _desk(world)
    with world.database.writing() as session:
        keep_places(session, [concern], Keeping(desk.today, desk.calendar))
        service.take(session, reader, concern, Telling(Theme.HARASSMENT), desk=desk)
        both = _read_by_both(session, world)
        assert both, "a thread that both sides read"
        for case_id in both:
            planned = Planned(desk.today + timedelta(days=3), NextStep.ANSWER, Waiting.WORKER)
            service.plan(session, reader, case_id, planned, desk=desk)


def _read_by_both(session: Session, world: Demonstrated) -> list[bytes]:
    """The threads that Llinos and Carys can open."""
    held = [
        select(SealedGrant.case_id)
        .join(RecipientKey, RecipientKey.key_id == SealedGrant.key_id)
        .where(RecipientKey.person_id == world.person(email), RecipientKey.ended_on.is_(None))
        for email in (LLINOS, CARYS)
    ]
    both = select(SealedCase.case_id).where(*(SealedCase.case_id.in_(one) for one in held), SealedCase.state != NOTES)
    return sorted(session.scalars(both))


def _desk(world: Demonstrated) -> Desk:
    settings = world.settings
    return Desk(WorkingDays(settings.extra_holidays), settings.vault, settings.clock.now())


def _open_each(
    session: Session, settings: Settings, name: str, now: datetime, away: tuple[str, ...] = ()
) -> list[Case]:
    board, reviews = Board(session, settings, now), Reviews(session, settings, now)
    return [board.ask(name, 0), _review(session, reviews, name), _complaint(session, board, name, away)]


def _review(session: Session, reviews: Reviews, name: str) -> Case:
    case = reviews.log("e-rostering", 0)
    person = find_person_by_email(session, f"{name}@{BODY}.example")
    assert person is not None
    case.requester_person_id = person.id
    session.flush()
    return case


def _complaint(session: Session, board: Board, name: str, away: tuple[str, ...]) -> Case:
    worker = board.actor(name)
    new = NewComplaint(
        case_id=ids.new_id(),
        body_id=worker.body_id or "",
        what=Words("Mae hyn yn gudd – 40417"),
        locale=Locale.CY,
        answer_locale=Locale.CY,
        requester_person_id=worker.person_id,
        excluded=away,
    )
    return complain(session, worker, new, desk=board.desk(0))


def later(portal: Portal, days: int) -> None:
    """Some days pass, and the timed duties are done on the last of them."""
    instant = portal.settings.clock.now() + timedelta(days=days)
    (portal.settings.data_folder / "clock").write_text(instant.isoformat(), encoding="utf-8")
    with redirect_stdout(StringIO()) as printed:
        sweep(portal.database, portal.settings)
    portal.letters += sorted(LETTER.findall(printed.getvalue()))


@contextmanager
def twins(world: Demonstrated, folder: Path, emails: tuple[str, ...]) -> Iterator[tuple[Portal, Portal, Hidden]]:
    """The portal with the hidden cases, and the one without, days later, with everybody signed in to both."""
    open_shown(world)
    checkpoint(world.database.engine)
    for name in ("porth.sqlite3", "secrets.json", "clock"):
        shutil.copy(world.folder / name, folder / name)
    hidden = hide(world)
    settings = settings_in(
        folder,
        PORTAL_KEPT_PAGE_SECONDS="0",
        PORTAL_VAULT_KEYS=world.secrets["vault_keys"],
        PORTAL_UNREVIEWED_WELSH="true",
        PORTAL_TEST_CLOCK=str(folder / "clock"),
    )
    other = Database(settings.database)
    unkept = world.settings.model_copy(update={"kept_page_seconds": 0})
    with_it, without = Portal(unkept, world.database), Portal(settings, other)
    for portal in (with_it, without):
        for days in DAYS_BETWEEN:
            later(portal, days)
    password = world.secrets["password"]
    with with_it.running(emails, password), without.running(emails, password):
        yield with_it, without, hidden
    other.close()
