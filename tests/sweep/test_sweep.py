"""Timed duties: one process at a time, twice is once, and one that fails keeps no other from its work."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal import sweep as room
from portal.core.db import Database
from portal.core.vault import Vault
from portal.notifications.letters import Addressee
from portal.notifications.service import queue
from portal.settings.models import Settings
from portal.sweep import DUTIES, LEASE, SweepLease, sweep
from tests.core.test_db import together


def only(monkeypatch: pytest.MonkeyPatch, **duties: Callable[[Database, Settings, datetime], int]) -> None:
    monkeypatch.setattr(room, "DUTIES", {name.replace("_", " "): duty for name, duty in duties.items()})


def test_every_duty_is_done_and_doing_them_again_changes_nothing(
    either_database: Database, settings: Settings, vault: Vault, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    with either_database.writing() as session:
        queue(session, vault=vault, to=Addressee("a@example.cymru", None), template="case_news", values={}, now=now)
    first = sweep(either_database, settings, now=now)
    assert first == dict.fromkeys(DUTIES, 0) | {"letters sent": 1}
    assert sweep(either_database, settings, now=now) == dict.fromkeys(DUTIES, 0)
    assert capsys.readouterr().out.count("To: a@example.cymru") == 1


def test_two_processes_never_do_the_same_duty_at_once_not_even_the_first_time(
    either_database: Database, settings: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work, most, both_asked = 0, 0, threading.Event()
    held = threading.Lock()

    def slow(_database: Database, _settings: Settings, _now: datetime) -> int:
        nonlocal at_work, most
        with held:
            at_work += 1
            most = max(most, at_work)
        both_asked.wait(0.3)
        with held:
            at_work -= 1
        return 1

    only(monkeypatch, slow=slow)
    results: list[object] = []
    assert together(lambda: results.append(sweep(either_database, settings, now=now)), 3) == []
    assert most == 1
    assert {"slow": None} in results


def test_a_process_that_died_holds_a_duty_until_its_lease_ends(
    database: Database, settings: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(monkeypatch, duty=lambda *_: 3)
    with database.writing() as session:
        session.add(SweepLease(duty="duty", holder="the dead", until=now + LEASE))
    assert sweep(database, settings, now=now + LEASE - timedelta(seconds=1)) == {"duty": None}
    assert sweep(database, settings, now=now + LEASE) == {"duty": 3}


def test_a_duty_that_fails_gives_its_lease_back_and_the_others_are_done(
    database: Database, settings: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    done: list[str] = []

    def fails(*_: object) -> int:
        raise ValueError("words of somebody")

    def works(*_: object) -> int:
        done.append("works")
        return 1

    only(monkeypatch, fails=fails, works=works)
    for _ in range(2):
        with pytest.raises(ValueError, match="words"):
            sweep(database, settings, now=now)
    assert done == ["works", "works"]
    assert "ValueError" in caplog.text
    assert "words of somebody" not in caplog.text
