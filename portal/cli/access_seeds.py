"""The desk of the demonstration's health board: sixty open requests on their days, and what came of earlier ones.

Made by the portal's own verbs, each on its day, counted back from today. No letter goes out: the days are long past.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from itertools import count, cycle
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.models import Case
from portal.cases.rules import Relation
from portal.cases.turn import Desk
from portal.cli.access_papers import TRAPS, Paper
from portal.core import ids
from portal.core.blobs import BlobStore
from portal.core.text import Locale, Words
from portal.directory.models import Person
from portal.identity.actor import Actor
from portal.identity.queries import get_actor_of
from portal.notifications.models import OutboxLetter
from portal.register.models import System
from portal.settings.models import Settings
from portal.subject_access import service
from portal.subject_access.after.holds import set_hold
from portal.subject_access.after.reopening import reopen
from portal.subject_access.answering.deciding import approve
from portal.subject_access.answering.proposing import Proposal, propose
from portal.subject_access.answering.rules import Outcome
from portal.subject_access.asking.knowing import record_identity
from portal.subject_access.material import service as material
from portal.subject_access.material.models import Material
from portal.subject_access.material.queries import item_context
from portal.subject_access.material.redacting import media_type_of
from portal.subject_access.material.service import About, NewFile
from portal.subject_access.queries import get_request
from portal.subject_access.rules import Channel, IdentityCheck, RefusalGround
from portal.subject_access.searching import service as searching
from portal.subject_access.searching.models import SearchTask
from portal.subject_access.searching.planning import place_of_system
from portal.subject_access.searching.queries import list_tasks
from portal.subject_access.searching.rules import PlaceKind, Result, TaskState, chases_due
from portal.subject_access.searching.service import Found, PlaceForm
from portal.subject_access.service import NewRequest, Sent
from portal.subject_access.steps import STEPS
from portal.timelimits.calendar import WorkingDays

FILE = Path(__file__).resolve().parent / "demo" / "access.json"
BOARD = "glannau-ogwen.example"
TEAM = ("rhodri.vaughan", "bethan.islwyn", "gareth.penri")
CHANNELS = (Channel.EMAIL, Channel.LETTER, Channel.PHONE, Channel.SPOKEN)
SECOND_LOOK = "peter.harcourt"
"""Somebody with an account whose request was reopened."""


class Board:
    """The health board's desk in the hands of its officers."""

    def __init__(self, session: Session, settings: Settings, now: datetime) -> None:
        self.session, self.settings, self.now = session, settings, now
        self.told: Mapping[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
        self.blobs = BlobStore(settings.blob_folder, settings.vault)
        self.calendar = WorkingDays(settings.extra_holidays)
        self.actor: Callable[[str], Actor] = cache(self._actor)
        self._number = count()
        self._officers = cycle(TEAM)
        self._systems = cycle(sorted(self.told["systems"]))

    @property
    def today(self) -> date:
        return self.desk(0).today

    def desk(self, days_ago: float) -> Desk:
        """So many days ago, at the same time of day."""
        return Desk(self.calendar, self.settings.vault, self.now - timedelta(days=days_ago))

    def person(self, name: str) -> Person:
        return self.session.scalars(select(Person).where(Person.email == f"{name}@{BOARD}")).one()

    def _actor(self, name: str) -> Actor:
        return get_actor_of(self.session, self.person(name).id, today=self.today)

    def words(self, name: str, lang: Locale) -> Words:
        return Words(self.told[name][lang.value])

    def log(self, days_ago: int, *, everything: bool = False) -> Case:
        """The next request, written down by an officer on the day that it came."""
        number = next(self._number)
        lang = Locale.CY if number % 3 else Locale.EN
        wish = self.told["wishes"][-1 if everything else number % (len(self.told["wishes"]) - 1)]
        officer = self.actor(next(self._officers))
        new = NewRequest(
            case_id=ids.new_id(),
            body_id=officer.body_id or "",
            wanted=Words(wish[lang.value]),
            is_everything=everything,
            locale=lang,
            answer_locale=lang,
            channel=CHANNELS[number % len(CHANNELS)],
            name=Words(self.told["names"][number]),
            reach=Words(f"01632 960{400 + number}"),
            system_id=None if everything else self.system(next(self._systems)),
        )
        return service.submit(self.session, officer, new, desk=self.desk(days_ago))

    def ask(self, name: str, days_ago: int) -> Case:
        """A request that somebody makes with their own account."""
        worker = self.actor(name)
        new = NewRequest(
            case_id=ids.new_id(),
            body_id=worker.body_id or "",
            wanted=Words(self.told["wishes"][0]["cy"]),
            is_everything=False,
            locale=Locale.CY,
            answer_locale=Locale.CY,
            requester_person_id=worker.person_id,
            system_id=self.system("e-rostering"),
        )
        return service.submit(self.session, worker, new, desk=self.desk(days_ago))

    def system(self, slug: str) -> str:
        return self.session.scalars(select(System.id).where(System.slug == slug)).one()

    def start(self, case: Case, days_ago: float, *, plans: bool = True) -> Actor:
        """An officer takes it on, and plans the search."""
        officer, desk = self.actor(TEAM[case.event_count % 2]), self.desk(days_ago)
        service.start(self.session, officer, case, Sent(ids.new_id()), desk=desk)
        if plans:
            searching.plan(self.session, officer, case, get_request(self.session, case), desk=desk)
        return officer

    def recognise(self, case: Case, days_ago: float) -> None:
        """Somebody who did not sign in to ask is known at work."""
        checked, desk = IdentityCheck.KNOWN, self.desk(days_ago)
        record_identity(self.session, self.actor(TEAM[0]), case, checked, Sent(ids.new_id()), on=desk.today, desk=desk)

    def send(self, case: Case, days_ago: float) -> Actor:
        """The tasks go out, and their reminders up to today have gone too."""
        officer, desk = self.start(case, days_ago), self.desk(days_ago)
        for task in searching.send_tasks(self.session, officer, case, ids.new_id(), desk=desk):
            task.chased = chases_due(desk.today, self.today)
        return officer

    def found(self, case: Case, task: SearchTask, days_ago: float, number: int) -> None:
        """Whoever searches answers."""
        person = self.session.get_one(Person, task.person_id)
        result = Result.FOUND if number else Result.NOTHING
        how = self.words("searched", Locale(case.locale))
        said = Found(result, number or None, 15 + 10 * number, how)
        searcher = self.actor(person.email.partition("@")[0])
        searching.answer(self.session, searcher, task, said, desk=self.desk(days_ago))

    def prepare(self, case: Case, days_ago: float) -> Actor:
        """Every search is answered, and the officer goes on to the material."""
        officer = self.send(case, days_ago)
        for number, task in enumerate(list_tasks(self.session, case)):
            self.found(case, task, days_ago - 1, 1 + number % 3)
        searching.finish_search(self.session, officer, case, ids.new_id(), desk=self.desk(days_ago - 2))
        return officer

    def add_files(self, case: Case, officer: Actor, files: Sequence[Paper], days_ago: float) -> Sequence[Material]:
        """Files that were found, sealed as an upload seals them."""
        new = []
        for name, kind, make in files:
            data = make()
            own = ids.new_id()
            blob_id = self.blobs.put([data], context=item_context("blob_id", own))
            media_type, sha256 = media_type_of(kind, name), hashlib.sha256(data).digest()
            new.append(NewFile(own, blob_id, Words(name), kind, media_type, len(data), sha256))
        about = About(Words(self.told["wishes"][0][case.locale]))
        return material.add(self.session, officer, case, new, about, desk=self.desk(days_ago))

    def answer(self, case: Case, outcome: Outcome, days_ago: float, *, by: Actor | None = None) -> None:
        """One officer proposes, another says yes."""
        officer = by or self.actor(TEAM[0])
        lang = Locale(case.locale)
        refuses = outcome is Outcome.REFUSAL
        words = self.words("refusal" if refuses else "letter", lang)
        proposal = Proposal(outcome, words, lang, refusal_ground=RefusalGround.EXCESSIVE if refuses else None)
        sign_off = propose(self.session, officer, case, proposal, Sent(ids.new_id()), desk=self.desk(days_ago))
        second = self.actor(TEAM[1] if officer.account_id == self.actor(TEAM[0]).account_id else TEAM[0])
        sent = Sent(ids.new_id())
        approve(self.session, second, case, sign_off, sent, desk=self.desk(days_ago - 0.1))


def seed_access(session: Session, settings: Settings, now: datetime) -> Board:
    """Places, sixty open requests in every state, and some that have ended."""
    board = Board(session, settings, now)
    _places(board)
    for state, days in board.told["days"].items():
        for place, days_ago in enumerate(days):
            OPEN[state](board, days_ago, place)
    _ended(board)
    _away(board)
    return board


def list_letters(session: Session) -> frozenset[str]:
    """The letters that wait."""
    return frozenset(session.scalars(select(OutboxLetter.id)))


def forget_letters(session: Session, but: Collection[str]) -> None:
    """Letters of days that are past went long ago."""
    session.execute(delete(OutboxLetter).where(OutboxLetter.id.not_in(but)))


def _places(board: Board) -> None:
    """Where the board searches, and who does."""
    officer, desk = board.actor(TEAM[0]), board.desk(60)
    body_id = officer.body_id or ""
    for slug, told in board.told["systems"].items():
        place = place_of_system(board.session, body_id, board.system(slug))
        owners = board.person(told["owner"]), board.person(told["deputy"])
        searching.save_place(
            board.session, officer, body_id, place, PlaceForm(PlaceKind.SYSTEM, "", "", *owners, False), desk=desk
        )
    for told in board.told["places"]:
        owners = board.person(told["owner"]), board.person(told["deputy"])
        form = PlaceForm(PlaceKind(told["kind"]), told["name"]["cy"], told["name"]["en"], *owners, False)
        searching.save_place(board.session, officer, body_id, None, form, desk=desk)


def _away(board: Board) -> None:
    """Two people are away from today on: what waits for them goes to their deputies at once."""
    until = board.today + timedelta(days=12)
    for name in board.told["away"]:
        searching.be_away(board.session, board.actor(name), board.today, until, desk=board.desk(0))


def _received(board: Board, days_ago: int, _place: int) -> None:
    board.log(days_ago)


def _identity_wait(board: Board, days_ago: int, _place: int) -> None:
    case = board.log(days_ago)
    lang, officer = Locale(case.locale), board.actor(TEAM[0])
    words = board.words("doubt", lang)
    sent, desk = Sent(ids.new_id()), board.desk(days_ago - 1)
    service.doubt_identity(board.session, officer, case, words, sent, lang=lang, desk=desk)


def _scoping(board: Board, days_ago: int, place: int) -> None:
    board.start(board.log(days_ago), days_ago - 1, plans=place % 5 == 0)


def _clarification_wait(board: Board, days_ago: int, _place: int) -> None:
    case = board.log(days_ago)
    officer = board.start(case, days_ago - 1, plans=False)
    lang = Locale(case.locale)
    asked, default = board.words("question", lang), board.words("default", lang)
    desk = board.desk(days_ago - 2)
    service.clarify(board.session, officer, case, asked, default, Sent(ids.new_id()), lang=lang, desk=desk)


def _searching(board: Board, days_ago: int, place: int) -> None:
    """The first looks everywhere: nine tasks, of which one is answered, one left out, and two went to deputies."""
    case = board.log(days_ago, everything=place == 0)
    officer = board.send(case, days_ago - 1)
    if place == 0:
        away = {board.actor(name).person_id for name in board.told["away"]}  # theirs go to deputies, and wait
        tasks = list_tasks(board.session, case)
        sent = [task for task in tasks if task.state is TaskState.SENT and task.person_id not in away]
        board.found(case, sent[0], days_ago - 2, 0)
        because = board.words("letter", Locale(case.locale))
        searching.waive(board.session, officer, case, sent[1], because, desk=board.desk(days_ago - 2))


def _redacting(board: Board, days_ago: int, place: int) -> None:
    """The first has a workbook that hides a sheet, and a document that covers a name."""
    case = board.log(days_ago)
    officer = board.prepare(case, days_ago - 1)
    if place == 0:
        board.add_files(case, officer, TRAPS, days_ago - 4)


def _sign_off(board: Board, days_ago: int, _place: int) -> None:
    case = board.log(days_ago)
    officer = board.start(case, days_ago - 1, plans=False)
    board.recognise(case, days_ago - 1)
    lang = Locale(case.locale)
    proposal = Proposal(Outcome.NOTHING_HELD, board.words("letter", lang), lang)
    propose(board.session, officer, case, proposal, Sent(ids.new_id()), desk=board.desk(days_ago - 3))


OPEN: Mapping[str, Callable[[Board, int, int], None]] = {
    "received": _received,
    "identity_wait": _identity_wait,
    "scoping": _scoping,
    "clarification_wait": _clarification_wait,
    "searching": _searching,
    "redacting": _redacting,
    "sign_off": _sign_off,
}


def _ended(board: Board) -> None:
    """Refused and on hold, nothing held, taken back, ended without proof, and one that was reopened."""
    session = board.session
    refused = board.log(70)
    board.start(refused, 69, plans=False)
    board.recognise(refused, 69)
    board.answer(refused, Outcome.REFUSAL, 60)
    because, again = board.words("hold", Locale.CY), board.today + timedelta(days=90)
    set_hold(session, board.actor(TEAM[0]), refused, because, again, ids.new_id(), desk=board.desk(30))
    for days_ago in (66, 58):
        nothing = board.log(days_ago)
        board.start(nothing, days_ago - 1, plans=False)
        board.recognise(nothing, days_ago - 1)
        board.answer(nothing, Outcome.NOTHING_HELD, days_ago - 20)
    withdrawn = board.log(5)
    service.withdraw(session, Relation.REQUESTER, withdrawn, desk=board.desk(2))
    unproven = board.log(80)
    words = board.words("doubt", Locale(unproven.locale))
    service.doubt_identity(
        session, board.actor(TEAM[0]), unproven, words, Sent(ids.new_id()), lang=Locale.CY, desk=board.desk(79)
    )
    cases.take_step(session, Relation.PORTAL, unproven, STEPS["give_up_proof"], desk=board.desk(40))
    again_asked = board.ask(SECOND_LOOK, 50)
    board.start(again_asked, 49, plans=False)
    board.answer(again_asked, Outcome.NOTHING_HELD, 30)
    missing = board.words("missing", Locale.CY)
    reopen(session, board.actor(SECOND_LOOK), again_asked, missing, ids.new_id(), lang=Locale.CY, desk=board.desk(6))
