"""Questions about tools: asked openly or by a reader, worded by the office, answered in public, by two where nothing
comes of them; and no row says who asked, or by which door."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError

from portal.audit.models import AuditEvent
from portal.core.db import Database
from portal.core.errors import Conflict, NotAllowed, NotFound, TooMany
from portal.core.ids import new_id
from portal.core.text import Bilingual, Locale, Words
from portal.core.vault import Vault
from portal.directory.models import Body
from portal.identity.actor import Actor
from portal.notifications.models import OutboxLetter
from portal.register.queries import get_system
from portal.register.routes import PUBLIC_PAGES
from portal.register.unlisted import queries, service
from portal.register.unlisted.duties import tell_of_questions
from portal.register.unlisted.models import ToolQuestion
from portal.register.unlisted.routes import DOORS, FORM, LIST
from portal.register.unlisted.rules import Account, Finding, Silence, Told
from portal.register.unlisted.service import NewFinding, NewQuestion
from portal.register.unlisted.telling import Post
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays
from tests.register.corrections.test_service import actor_of

CALENDAR = WorkingDays()
TODAY = date(2026, 11, 22)
TOMORROW = TODAY + timedelta(days=1)
ACCOUNT = Account("Mesurydd galwadau", "Y ganolfan gyswllt", "Medi", "Mae ar y sgrin.")
ASKED = Bilingual("A yw offeryn yn mesur hyd galwadau?", "Does a tool measure how long calls take?")
TEXT = Bilingual("Nid yw’n cael ei ddefnyddio.", "It is not used.")
NOT_USED = NewFinding(Finding.NOT_USED, TEXT)

Ask = Callable[..., str]
Verb = Callable[..., ToolQuestion]


@pytest.fixture
def body(register: Database) -> str:
    with register.reading() as session:
        return session.scalars(select(Body.id).where(Body.slug == "dyffryn-cledwen")).one()


@pytest.fixture
def ask(register: Database, vault: Vault, body: str) -> Ask:
    def asked(
        *, by_reader: bool = False, contact: str = "", today: date = TODAY, form: str = "", verb: Verb | None = None
    ) -> str:
        new = NewQuestion(form or new_id(), ACCOUNT, Locale.CY, Words(contact) if contact else None)
        how = verb or (service.ask_for_reader if by_reader else service.ask)
        with register.writing() as session:
            return how(session, body, new, vault=vault, calendar=CALENDAR, today=today).id

    return asked


@pytest.fixture
def editor(register: Database, now: datetime) -> Actor:
    return actor_of(register, "non-elidir", now)


@pytest.fixture
def officer(register: Database, now: datetime) -> Actor:
    return actor_of(register, "mair-tudur", now)


@pytest.fixture
def post(now: datetime) -> Post:
    return Post("https://porth.example", now)


def word(database: Database, actor: Actor, question: str, now: datetime) -> None:
    with database.writing() as session:
        service.word(session, actor, session.get_one(ToolQuestion, question), ASKED, now=now)


def answer(database: Database, vault: Vault, actor: Actor, question: str, new: NewFinding, post: Post) -> None:
    with database.writing() as session:
        row = session.get_one(ToolQuestion, question)
        service.answer(session, actor, row, new, post=post, vault=vault)


def approve(database: Database, vault: Vault, actor: Actor, question: str, post: Post, seen: str = "") -> None:
    with database.writing() as session:
        row = session.get_one(ToolQuestion, question)
        service.approve(session, actor, row, seen or queries.seen_mark(row), post=post, vault=vault)


def shape(row: ToolQuestion) -> dict[str, object]:
    """What a row says, without what is drawn for each."""
    columns = inspect(ToolQuestion).columns.keys()
    return {name: getattr(row, name) for name in columns if name not in {"id", "sealed"}}


def test_what_came_openly_and_what_a_reader_asked_cannot_be_told_apart(
    register: Database, vault: Vault, ask: Ask, settings: Settings
) -> None:
    """One sent on a Sunday, one that a reader asked on the Wednesday before: the same row, word for word."""
    by_reader, openly = ask(by_reader=True, today=TODAY - timedelta(days=4)), ask()
    with register.reading() as session:
        first, second = session.get_one(ToolQuestion, by_reader), session.get_one(ToolQuestion, openly)
        assert shape(first) == shape(second)
        assert first.sealed and second.sealed and len(first.sealed) == len(second.sealed)
        assert queries.account_of(vault, first) == queries.account_of(vault, second) == ACCOUNT
        assert not session.scalars(select(AuditEvent).where(AuditEvent.subject.in_([by_reader, openly]))).all()
    held = b"".join(path.read_bytes() for path in Path(settings.data_folder).glob("*.sqlite3*"))
    assert b"Mesurydd" not in held


def test_what_a_reader_asked_is_seen_from_the_next_monday_on_by_nobody_sooner(
    register: Database, ask: Ask, body: str, editor: Actor
) -> None:
    question = ask(by_reader=True, today=date(2026, 11, 24))
    with register.reading() as session:
        for later in range(6):
            today = date(2026, 11, 24) + timedelta(days=later)
            assert queries.tally(session, body, today=today).open == 0
            with pytest.raises(NotFound):
                queries.get_at_desk(session, editor, question, today=today)
        assert [one.row.id for one in queries.list_open(session, body, today=date(2026, 11, 30)).items] == [question]


def test_sending_a_form_twice_asks_once_and_a_day_takes_so_many(
    register: Database, ask: Ask, body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = new_id()
    assert ask(form=form) == ask(form=form)
    monkeypatch.setattr(service, "MOST_A_DAY", 2)
    ask()
    with pytest.raises(TooMany):
        ask()
    for known in (True, True, False):  # however many came without an account, there is room for who works here
        with nullcontext() if known else pytest.raises(TooMany):
            ask(verb=service.ask_signed_in)
    with register.reading() as session:
        assert queries.tally(session, body, today=TODAY).open == 0, "its hour would tell"
        assert queries.tally(session, body, today=TOMORROW).open == 4


def test_none_of_its_pages_is_kept_for_others() -> None:
    kept = {page for page in PUBLIC_PAGES if not page.endswith("/")}
    below = tuple(page for page in PUBLIC_PAGES if page.endswith("/"))
    for address in (DOORS, FORM, LIST, f"{DOORS}/sent"):
        assert address not in kept and not address.startswith(below)


def test_an_answer_that_brings_nothing_into_the_register_waits_for_another_person(
    register: Database, vault: Vault, ask: Ask, editor: Actor, officer: Actor, post: Post, body: str
) -> None:
    question = ask(contact="rhywun@cartref.example")
    with pytest.raises(Conflict):
        answer(register, vault, editor, question, NOT_USED, post)
    word(register, editor, question, post.now)
    answer(register, vault, editor, question, NOT_USED, post)
    with register.reading() as session:
        assert queries.tally(session, body, today=TOMORROW) == queries.Tally(1, 0, 0)
        assert {letter.template for letter in session.scalars(select(OutboxLetter))} == {"tool_answer_to_read"}
    with pytest.raises(Conflict):
        approve(register, vault, editor, question, post)
    with pytest.raises(Conflict):
        approve(register, vault, officer, question, post, seen="something else")
    approve(register, vault, officer, question, post)
    with register.reading() as session:
        row = session.get_one(ToolQuestion, question)
        assert (row.sealed, row.contact, row.answered_on, row.approved_by) == (None, None, TODAY, officer.account_id)
        assert queries.tally(session, body, today=TOMORROW) == queries.Tally(0, 0, 1)
        templates = [letter.template for letter in session.scalars(select(OutboxLetter))]
        assert templates.count("tool_question_answered") == 1
        assert [one.row.id for one in queries.list_answered(session, body).items] == [question]
        said = session.scalars(select(AuditEvent.event).where(AuditEvent.subject == question)).all()
        assert sorted(said) == [
            "register.question_answered",
            "register.question_approved",
            "register.question_worded",
        ]


def test_what_is_to_be_entered_is_public_at_once_and_can_only_be_entered_later(
    register: Database, vault: Vault, ask: Ask, editor: Actor, post: Post
) -> None:
    question = ask()
    word(register, editor, question, post.now)
    answer(register, vault, editor, question, NewFinding(Finding.TO_BE_ENTERED, TEXT), post)
    with pytest.raises(Conflict):
        answer(register, vault, editor, question, NOT_USED, post)
    with register.reading() as session:
        system = get_system(session, "K7RT3M")
    entered = NewFinding(Finding.ENTERED, TEXT, system=system)
    answer(register, vault, editor, question, entered, post)
    with pytest.raises(Conflict):
        answer(register, vault, editor, question, entered, post)
    with register.reading() as session:
        (line,) = queries.list_answered(session, system.body_id).items
        assert (line.short_code, line.row.finding) == ("K7RT3M", Finding.ENTERED)


def test_only_the_office_words_and_answers_and_strangers_find_nothing(
    register: Database, vault: Vault, ask: Ask, officer: Actor, post: Post, now: datetime
) -> None:
    question, stranger = ask(), actor_of(register, "sian-prydderch", now)
    with pytest.raises(NotAllowed):
        word(register, officer, question, post.now)
    with pytest.raises(NotAllowed):
        answer(register, vault, officer, question, NOT_USED, post)
    with pytest.raises(NotAllowed):
        approve(register, vault, stranger, question, post)
    with register.reading() as session, pytest.raises(NotFound):
        queries.get_at_desk(session, stranger, question, today=TOMORROW)


def test_the_tables_refuse_an_answer_of_one_person_where_two_are_needed_and_silence_without_a_reason(
    register: Database, ask: Ask, vault: Vault, editor: Actor, post: Post
) -> None:
    question = ask()
    word(register, editor, question, post.now)
    answer(register, vault, editor, question, NewFinding(Finding.CANNOT_SAY, TEXT, Silence.LAW), post)
    for change in ({"answered_on": TODAY, "sealed": None}, {"reason": None}, {"approved_by": editor.account_id}):
        with pytest.raises(IntegrityError), register.writing() as session:
            for name, value in change.items():
                setattr(session.get_one(ToolQuestion, question), name, value)


def test_the_office_hears_on_the_day_after_and_those_above_it_when_it_is_late(
    register: Database, ask: Ask, now: datetime, settings: Settings
) -> None:
    ask()
    told = [tell_of_questions(register, settings, now + timedelta(days=days)) for days in (0, 1, 2, 10, 11, 13, 20)]
    assert told == [0, 1, 0, 1, 0, 3, 0], "the editor twice; then the editor, the data protection officer and deputy"
    with register.reading() as session:
        assert {letter.template for letter in session.scalars(select(OutboxLetter))} == {"tool_questions_waiting"}
        assert set(session.scalars(select(ToolQuestion.told))) == {Told.LATE}
