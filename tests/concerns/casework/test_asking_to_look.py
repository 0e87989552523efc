"""Asking somebody to look at a thread: nobody is let in by it, and nobody learns from it who can open what."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.audit.models import AuditEvent
from portal.concerns.casework.mentions import Where, has_seen, list_mentions, list_within, mention
from portal.concerns.casework.models import ToldMention
from portal.concerns.casework.told import get_told
from portal.core.db import Database
from portal.core.errors import NotFound, Refused
from portal.core.ids import new_id, random_bytes
from portal.mailbox import service as mailbox
from portal.mailbox.models import SealedCase, SealedGrant
from portal.mailbox.rules import FIRST, notes_hashes
from portal.mailbox.service import IncomingCase, IncomingItem
from portal.notifications.models import OutboxLetter
from portal.notifications.service import open_letter
from portal.settings.models import Settings
from tests.concerns.casework.seated import CAME, Seated, seat

EVERYBODY = ("head", "outside", "elsewhere", "rep", "second", "rival")
DAY = timedelta(days=1)


@pytest.fixture
def seated(database: Database, settings: Settings) -> Seated:
    return seat(database, settings)


def notes_beside(seated: Seated, case_id: bytes, lane: str, *holders: str) -> bytes:
    """Notes of one side, begun by the first of these people."""
    with seated.database.writing() as session:
        case = session.get_one(SealedCase, case_id)
        place = notes_hashes(lane, case.locator_hash, seated.keys[holders[0]])[0]
        item = IncomingItem(random_bytes(16), FIRST, random_bytes(300))
        grants = {seated.keys[one]: b"grant" for one in holders}
        notes = IncomingCase(random_bytes(16), case.body_id, place, "age1pq1…", grants, item, True)
        mailbox.store_case(session, notes, today=CAME)
    return notes.case_id


def ask(seated: Seated, who: str, case_id: bytes, whom: str, where: Where = Where.THREAD, *, days: int = 0) -> None:
    """``whom`` is somebody's name here, or an id of nobody."""
    desk = seated.desk if not days else type(seated.desk)(
        seated.desk.calendar, seated.desk.vault, seated.now + days * DAY
    )  # fmt: skip
    with seated.database.writing() as session:
        actor = seated.actor(who)
        told = get_told(session, actor, case_id)
        person_id = seated.people.get(whom, whom)
        mention(session, actor, told, person_id, where, desk=desk, address="https://porth.example")


def within(seated: Seated, who: str, case_id: bytes, where: Where) -> set[str]:
    names = {person_id: name for name, person_id in seated.people.items()}
    with seated.database.reading() as session:
        actor = seated.actor(who)
        found = list_within(session, actor, get_told(session, actor, case_id), where, today=seated.desk.today)
        return {names[one.person_id] for one in found}


def asked(seated: Seated, who: str) -> list[tuple[bytes, Where, str | None]]:
    with seated.database.reading() as session:
        return [(one.case_id, one.where, one.by_id) for one in list_mentions(session, seated.actor(who))]


def letters(seated: Seated) -> list[str]:
    with seated.database.reading() as session:
        rows = session.scalars(select(OutboxLetter).where(OutboxLetter.template == "concern_mention")).all()
        return sorted(open_letter(row, seated.settings.vault).email.partition("@")[0] for row in rows)


def test_only_who_can_open_the_lane_can_be_asked(seated: Seated) -> None:
    case_id = seated.came("rep", "second", "head", "outside")
    notes_beside(seated, case_id, "union-notes", "rep", "second")
    notes_beside(seated, case_id, "employer-notes", "head")
    assert within(seated, "rep", case_id, Where.THREAD) == {"second", "head", "outside"}
    assert within(seated, "rep", case_id, Where.NOTES) == {"second"}
    assert within(seated, "head", case_id, Where.NOTES) == set()
    assert within(seated, "outside", case_id, Where.NOTES) == set()


@pytest.mark.parametrize("where", list(Where))
def test_who_cannot_open_it_is_refused_as_nobody_is(seated: Seated, where: Where) -> None:
    case_id = seated.came("rep", "head")
    notes_beside(seated, case_id, "union-notes", "rep")
    said = set()
    for whom in ("second", "rival", "elsewhere", "rep", "outside", new_id(), "", "nonsense"):
        with pytest.raises(Refused) as refusal:
            ask(seated, "rep", case_id, whom, where)
        said.add(refusal.value.message.msgid)
    assert len(said) == 1
    with seated.database.reading() as session:
        assert session.scalars(select(ToldMention.person_id)).all() == []
    assert letters(seated) == []


def test_nobody_asks_in_a_thread_that_they_do_not_hold(seated: Seated) -> None:
    case_id = seated.came("rep", "head")
    for who in ("second", "rival", "elsewhere", "outside"):
        with pytest.raises(NotFound):
            ask(seated, who, case_id, "rep")


def test_a_letter_comes_once_a_day_however_much_it_is_for_and_names_nothing(seated: Seated) -> None:
    first, second = seated.came("rep", "head"), seated.came("rep", "head")
    ask(seated, "rep", first, "head")
    ask(seated, "rep", first, "head")
    ask(seated, "rep", second, "head")
    assert letters(seated) == ["head"]
    ask(seated, "rep", second, "head", days=1)
    assert letters(seated) == ["head", "head"]
    with seated.database.reading() as session:
        row = session.scalars(select(OutboxLetter).where(OutboxLetter.template == "concern_mention").limit(1)).one()
        text = str(open_letter(row, seated.settings.vault))
    for word in ("Taran", "concern", "pryder", "rep@", "UNISON", "thread"):
        assert word not in text.replace("https://porth.example", "").replace("Porth", "")


def test_it_stands_on_the_desk_until_the_thread_is_opened_and_comes_back_when_asked_again(seated: Seated) -> None:
    case_id = seated.came("rep", "second", "head")
    notes_beside(seated, case_id, "union-notes", "rep", "second")
    ask(seated, "rep", case_id, "second", Where.NOTES)
    ask(seated, "rep", case_id, "head")
    assert asked(seated, "second") == [(case_id, Where.NOTES, seated.people["rep"])]
    assert asked(seated, "head") == [(case_id, Where.THREAD, None)], "in the thread nobody of either side is named"
    with seated.database.writing() as session:
        has_seen(session, seated.actor("head"), [case_id], today=seated.desk.today)
    assert asked(seated, "head") == []
    assert len(asked(seated, "second")) == 1
    ask(seated, "rep", case_id, "head", days=1)
    assert len(asked(seated, "head")) == 1


def lines(seated: Seated) -> Sequence[list[tuple[bytes, Where, str | None]]]:
    return [asked(seated, who) for who in EVERYBODY]


def test_where_the_grant_has_gone_the_question_has_gone_too(seated: Seated) -> None:
    case_id = seated.came("rep", "head")
    ask(seated, "rep", case_id, "head")
    assert [len(one) for one in lines(seated)] == [1, 0, 0, 0, 0, 0]
    with seated.database.writing() as session:
        session.delete(session.get_one(SealedGrant, (case_id, 0, seated.keys["head"])))
    assert [len(one) for one in lines(seated)] == [0] * 6


def test_a_representatives_question_stands_in_no_employers_record(seated: Seated) -> None:
    case_id = seated.came("rep", "second", "head", "outside")
    ask(seated, "rep", case_id, "second")
    ask(seated, "head", case_id, "outside")
    with seated.database.reading() as session:
        events = select(AuditEvent).where(AuditEvent.event == "concern.mentioned")
        bodies = {row.account_id: row.body_id for row in session.scalars(events)}
    assert bodies == {seated.actor("rep").account_id: None, seated.actor("head").account_id: seated.homes["body"]}
