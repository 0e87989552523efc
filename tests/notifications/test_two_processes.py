"""Processes that send at the same time, and one that is killed between the server’s «kept» and the commit."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import func, select

from portal.core.db import Database
from portal.core.text import Locale
from portal.core.vault import Vault
from portal.notifications.letters import Addressee
from portal.notifications.mailers import SmtpMailer
from portal.notifications.models import OutboxLetter
from portal.notifications.service import LEASE, queue, send_waiting
from portal.settings.models import Settings
from tests.notifications.mailserver import MailServer, running
from tests.notifications.sweeping import speaking_to
from tests.prepared import ROOT

LETTERS = 200
SOON = 60


@pytest.fixture
def server() -> Iterator[MailServer]:
    with running(MailServer()) as made:
        yield made


def write(database: Database, vault: Vault, now: datetime, number: int) -> set[str]:
    """So many letters that wait; the names under which they will travel."""
    with database.writing() as session:
        rows = [
            queue(session, vault=vault, to=Addressee(f"{n}@example.cymru", Locale.CY), template="case_news",
                  values={}, now=now)
            for n in range(number)
        ]  # fmt: skip
        return {f"<{row.id}@bwrdd.example.cymru>" for row in rows if row is not None}


def start(server: MailServer, settings: Settings, database: Database, now: datetime) -> subprocess.Popen[str]:
    url = database.engine.url.render_as_string(hide_password=False)
    asked = [str(settings.data_folder), str(server.port), url, now.isoformat()]
    command = [sys.executable, "-m", "tests.notifications.sweeping", *asked]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def count(database: Database, state: str) -> int:
    with database.reading() as session:
        asked = select(func.count()).select_from(OutboxLetter).where(OutboxLetter.state == state)
        return session.scalar(asked) or 0


def test_two_processes_send_each_of_many_letters_exactly_once(
    either_database: Database, server: MailServer, settings: Settings, vault: Vault, now: datetime
) -> None:
    names = write(either_database, vault, now, LETTERS)
    both = [start(server, settings, either_database, now) for _ in range(2)]
    said = [one.communicate("go\n", timeout=SOON)[0] for one in both]
    assert [one.returncode for one in both] == [0, 0]
    assert sum(map(int, said)) == LETTERS
    assert sorted(server.ids) == sorted(names)
    assert {message["To"] for message in server.messages} == {f"{n}@example.cymru" for n in range(LETTERS)}
    assert (count(either_database, "sent"), count(either_database, "waiting")) == (LETTERS, 0)


def test_a_letter_whose_sender_was_killed_before_its_commit_comes_again_under_the_same_name(
    database: Database, server: MailServer, settings: Settings, now: datetime
) -> None:
    (name,) = write(database, settings.vault, now, 1)
    is_taken = threading.Event()

    def take(_message: EmailMessage) -> None:
        is_taken.set()

    server.has_taken, server.waits["."] = take, SOON  # it has the whole letter, and says nothing yet
    doomed = start(server, settings, database, now)
    assert doomed.stdin is not None
    doomed.stdin.write("go\n")
    doomed.stdin.flush()
    assert is_taken.wait(SOON)
    os.kill(doomed.pid, signal.SIGKILL)
    assert doomed.communicate(timeout=SOON)[0] == ""
    assert doomed.returncode == -signal.SIGKILL
    server.waits.clear()
    mailer = SmtpMailer(speaking_to(server.port, settings))
    later = [now + LEASE, now + 2 * LEASE, now + timedelta(days=30)]
    assert [send_waiting(database, settings.vault, mailer, now=at) for at in later] == [0, 1, 0]
    assert server.ids == [name, name]
    assert count(database, "sent") == 1
