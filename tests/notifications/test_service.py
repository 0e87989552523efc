"""A letter leaves if, and only if, what it tells of was committed; and it leaves once."""

import smtplib
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.core.db import Database
from portal.core.text import Locale
from portal.core.vault import Vault
from portal.notifications.letters import Addressee, Letter
from portal.notifications.models import OutboxLetter
from portal.notifications.service import LEASE, MOST_TRIES, list_refused, queue, send_waiting
from tests.core.test_db import together

TO = Addressee("sian@example.cymru", Locale.CY)
WELSH_AND_ENGLISH = Addressee("sian@example.cymru", None)


class Postbag:
    """A mailer that keeps what it is given; ``refuses`` says how often the server says no."""

    def __init__(self, refuses: int = 0) -> None:
        self.letters: list[Letter] = []
        self.refuses = refuses
        self.held = threading.Lock()

    def send(self, letter: Letter) -> None:
        with self.held:
            if self.refuses:
                self.refuses -= 1
                raise smtplib.SMTPServerDisconnected("not now")
            self.letters.append(letter)


def write(database: Database, vault: Vault, now: datetime, to: Addressee = TO, template: str = "case_news") -> str:
    with database.writing() as session:
        written = queue(session, vault=vault, to=to, template=template, values={}, now=now)
        assert written is not None
        return written.id


def row(database: Database, letter_id: str) -> OutboxLetter:
    with database.reading() as session:
        found = session.get_one(OutboxLetter, letter_id)
        session.expunge(found)
        return found


def test_a_committed_letter_is_sent_once_and_forgotten(either_database: Database, vault: Vault, now: datetime) -> None:
    letter_id, bag = write(either_database, vault, now), Postbag()
    assert send_waiting(either_database, vault, bag, now=now) == 1
    assert send_waiting(either_database, vault, bag, now=now + timedelta(days=9)) == 0
    assert [letter.email for letter in bag.letters] == ["sian@example.cymru"]
    kept = row(either_database, letter_id)
    assert (kept.state, kept.sealed, kept.sent_at) == ("sent", None, now)


def test_a_letter_of_a_transaction_that_failed_is_never_sent(database: Database, vault: Vault, now: datetime) -> None:
    with pytest.raises(RuntimeError), database.writing() as session:
        queue(session, vault=vault, to=TO, template="case_news", values={}, now=now)
        raise RuntimeError
    bag = Postbag()
    assert send_waiting(database, vault, bag, now=now) == 0
    assert bag.letters == []


def test_processes_at_the_same_time_send_every_letter_exactly_once(
    either_database: Database, vault: Vault, now: datetime
) -> None:
    for n in range(12):
        write(either_database, vault, now, Addressee(f"{n}@example.cymru", Locale.EN))
    bag = Postbag()
    assert together(lambda: send_waiting(either_database, vault, bag, now=now), 3) == []
    assert sorted(letter.email for letter in bag.letters) == sorted(f"{n}@example.cymru" for n in range(12))


def test_a_refused_letter_waits_and_is_tried_again(database: Database, vault: Vault, now: datetime) -> None:
    letter_id, bag = write(database, vault, now), Postbag(refuses=1)
    assert send_waiting(database, vault, bag, now=now) == 0
    assert row(database, letter_id).state == "waiting"
    assert send_waiting(database, vault, bag, now=now + LEASE) == 0
    assert send_waiting(database, vault, bag, now=now + 2 * LEASE) == 1


def test_a_letter_nobody_takes_is_given_up_after_the_last_try(database: Database, vault: Vault, now: datetime) -> None:
    letter_id, bag = write(database, vault, now), Postbag(refuses=99)
    for day in range(MOST_TRIES + 3):
        send_waiting(database, vault, bag, now=now + timedelta(days=2 * day))
    kept = row(database, letter_id)
    assert (kept.state, kept.tries) == ("dead", MOST_TRIES)
    assert bag.refuses == 99 - MOST_TRIES


class Refusing(Postbag):
    """A mailer whose server answers every address with one code."""

    def __init__(self, code: int) -> None:
        super().__init__()
        self.code = code

    def send(self, letter: Letter) -> None:
        raise smtplib.SMTPRecipientsRefused({letter.email: (self.code, b"no")})


@pytest.mark.parametrize(("code", "refused"), [(550, {"sian@example.cymru"}), (450, set())])
def test_an_address_that_the_server_refuses_for_good_is_known(
    database: Database, vault: Vault, now: datetime, code: int, refused: set[str]
) -> None:
    write(database, vault, now, Addressee("Sian@example.cymru", Locale.CY))
    write(database, Vault({"gone": bytes(32)}), now)
    for day in range(MOST_TRIES):
        send_waiting(database, vault, Refusing(code), now=now + timedelta(days=2 * day))
        with database.reading() as session:
            assert list_refused(session, vault) == (refused if day + 1 == MOST_TRIES else set())


def test_a_letter_whose_key_is_gone_does_not_hold_up_the_others(
    database: Database, vault: Vault, now: datetime
) -> None:
    lost = write(database, Vault({"gone": bytes(32)}), now - timedelta(hours=1))
    write(database, vault, now)
    bag = Postbag()
    assert send_waiting(database, vault, bag, now=now) == 1
    assert (row(database, lost).state, row(database, lost).tries) == ("waiting", 1)


def test_a_letter_without_the_values_of_its_template_does_not_hold_up_the_others(
    database: Database, vault: Vault, now: datetime
) -> None:
    write(database, vault, now - timedelta(hours=1), template="account_reset")
    write(database, vault, now)
    assert send_waiting(database, vault, Postbag(), now=now) == 1


def test_a_template_that_is_not_there_is_noticed_when_the_letter_is_queued(
    database: Database, vault: Vault, now: datetime
) -> None:
    with pytest.raises(FileNotFoundError):
        write(database, vault, now, template="no_such_letter")


def test_address_and_values_do_not_stand_in_the_database_in_clear(
    database: Database, vault: Vault, now: datetime, tmp_path: Path
) -> None:
    link = "https://porth.example.cymru/cy/my/reset/sentinel-token"
    with database.writing() as session:
        values = {"link": link, "hours": "1", "minutes": "30"}
        queue(session, vault=vault, to=TO, template="account_reset", values=values, now=now)
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("porth.sqlite3*"))
    assert b"sentinel-token" not in kept
    assert b"sian@example.cymru" not in kept


def test_without_a_known_language_both_are_sent_welsh_first(database: Database, vault: Vault, now: datetime) -> None:
    write(database, vault, now, WELSH_AND_ENGLISH)
    bag = Postbag()
    send_waiting(database, vault, bag, now=now)
    (letter,) = bag.letters
    assert [locale for locale, _text in letter.parts] == [Locale.CY, Locale.EN]
    assert letter.text.index(letter.parts[0][1]) < letter.text.index(letter.parts[1][1])
    assert " | " in letter.subject


@pytest.mark.parametrize("locale", list(Locale))
def test_a_known_language_alone_is_sent(database: Database, vault: Vault, now: datetime, locale: Locale) -> None:
    write(database, vault, now, Addressee("a@example.cymru", locale))
    bag = Postbag()
    send_waiting(database, vault, bag, now=now)
    assert [found for found, _text in bag.letters[0].parts] == [locale]


def test_a_failure_log_names_the_letter_and_not_the_person(
    database: Database, vault: Vault, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    letter_id = write(database, vault, now)
    send_waiting(database, vault, Postbag(refuses=1), now=now)
    assert letter_id in caplog.text
    assert "sian@" not in caplog.text


def test_no_more_letters_leave_in_one_pass_than_allowed(database: Database, vault: Vault, now: datetime) -> None:
    for _ in range(5):
        write(database, vault, now)
    assert send_waiting(database, vault, Postbag(), now=now, most=3) == 3
    with database.reading() as session:
        assert len(session.scalars(select(OutboxLetter).where(OutboxLetter.state == "waiting")).all()) == 2
