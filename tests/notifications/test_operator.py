"""What the operator sees of letters that wait or could not be sent: ids, templates and reasons, and nobody."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from portal.cli.letters import run
from portal.core.db import Database
from portal.core.text import Locale
from portal.notifications.letters import Addressee
from portal.notifications.mailers import Failure, Reason
from portal.notifications.models import OutboxLetter
from portal.notifications.service import MOST_TRIES, _failed, queue
from portal.settings.models import Settings


@pytest.fixture
def outbox(settings: Settings, end_of_migrations: Path) -> Database:
    shutil.copy(end_of_migrations, settings.data_folder / "porth.sqlite3")
    return Database(settings.database)


def given_up(outbox: Database, settings: Settings, template: str, values: dict[str, str]) -> str:
    now = settings.clock.now() - timedelta(days=3)
    with outbox.writing() as session:
        to = Addressee("sian@x.example", Locale.CY)
        row = queue(session, vault=settings.vault, to=to, template=template, values=values, now=now)
        assert row is not None
        row.tries = MOST_TRIES
        letter_id = row.id
    _failed(outbox, letter_id, Reason(Failure.ADDRESS, 550), now)
    return letter_id


def test_letters_that_could_not_be_sent_are_listed_and_tried_again(
    outbox: Database, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(settings) == 0
    assert capsys.readouterr().out == "Waiting: 0. Could not be sent: 0.\n"
    news = given_up(outbox, settings, "case_news", {})
    link = given_up(outbox, settings, "account_reset", {"name": "Siân", "address": "", "token": "secret"})
    assert run(settings) == 1
    shown = capsys.readouterr().out
    assert "Could not be sent: 2." in shown
    assert f"{news}  case_news  address 550  8 tries" in shown
    assert not any(secret in shown for secret in ("sian", "Siân", "secret"))
    assert run(settings, again=True) == 1
    shown = capsys.readouterr().out
    assert shown.startswith("Waiting again: 1.\nWaiting: 1, the first since ")
    assert link in shown and news not in shown, "a link that has ended helps nobody"
    with outbox.reading() as session:
        assert session.get_one(OutboxLetter, news).state == "waiting"
    outbox.close()
