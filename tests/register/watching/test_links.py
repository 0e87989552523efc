"""Links of entries: which are tried, how often, and what the editor sees. Nothing here goes out to the web."""

import http.client
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, datetime, timedelta
from threading import Timer
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.db import Database
from portal.directory.models import Person
from portal.identity.queries import get_actor_of
from portal.identity.rules import AccountKind
from portal.identity.service import open_account
from portal.register.models import System
from portal.register.parts import Both, Withheld
from portal.register.queries import get_system
from portal.register.service import publish
from portal.register.terms import WithheldReason
from portal.register.watching import links
from portal.register.watching.duties import check_links_of_entries
from portal.register.watching.links import Tools
from portal.register.watching.models import LinkCheck, LinkRound
from portal.register.watching.transport import PublicOnly, Web, hang_up, is_public, may_be_asked
from portal.settings.models import Settings
from tests.demonstrated import Demonstrated
from tests.register.changing import changed
from tests.register.watching.book import Book

GONE, THERE = "https://www.dyffryn-cledwen.example/gone", "https://www.dyffryn-cledwen.example/there"
TODAY = date(2026, 11, 22)
EDITOR = "non.elidir@dyffryn-cledwen.example"


class Table:
    """A web of two kinds of pages: those that are gone, and the rest."""

    def __init__(self, *gone: str) -> None:
        self.gone = set(gone)
        self.asked: list[str] = []

    def answers(self, address: str) -> bool:
        self.asked.append(address)
        return address not in self.gone


@pytest.fixture
def linked(register: Database, now: datetime) -> Database:
    """The register with one entry that holds two links."""
    put_links(register, GONE, THERE, now)
    return register


def put_links(database: Database, cy: str, en: str, now: datetime) -> None:
    with database.writing() as session:
        system = session.scalars(select(System).where(System.short_code == "K7RT3M")).one()
        record = get_system(session, "K7RT3M").whole
        assessment = record.assessments[0].model_copy(update={"link": cy})
        other = record.assessments[1].model_copy(update={"link": en})
        told = changed(record, TODAY, assessments=(assessment, other, *record.assessments[2:]))
        assert told.change is not None
        told = told.model_copy(
            update={"change": told.change.model_copy(update={"headline": Both(cy=f"Nawr: {cy}", en=f"Now: {en}")})}
        )
        publish(session, None, system, told, published_on=TODAY, now=now)


def sweep(database: Database, web: Table, day: date = TODAY) -> list[str]:
    """Passes until nothing is due; what was asked of the two."""
    begun = len(web.asked)
    for _ in range(4):
        links.check_links(database, Tools(web, Book()), today=day)
    return sorted(one for one in web.asked[begun:] if one in {GONE, THERE})


def rows(database: Database, table: type[Any]) -> list[Any]:
    with database.reading() as session:
        found = list(session.scalars(select(table)))
        session.expunge_all()
        return found


def test_links_are_tried_monthly_and_daily_while_one_does_not_answer(linked: Database) -> None:
    web = Table(GONE)
    assert sweep(linked, web) == [GONE, THERE]
    assert sweep(linked, web) == []
    assert sweep(linked, web, TODAY + timedelta(days=1)) == [GONE, THERE]
    (broken,) = [row for row in rows(linked, LinkCheck) if row.failing_since]
    assert (broken.address, broken.failing_since, broken.checked_on) == (GONE, TODAY, TODAY + timedelta(days=1))
    web.gone.clear()
    assert sweep(linked, web, TODAY + timedelta(days=2)) == [GONE, THERE]
    assert sweep(linked, web, TODAY + timedelta(days=31)) == []
    assert sweep(linked, web, TODAY + timedelta(days=32)) == [GONE, THERE]
    assert not any(row.failing_since for row in rows(linked, LinkCheck))


def test_a_new_version_is_tried_at_once_and_what_it_dropped_is_forgotten(linked: Database, now: datetime) -> None:
    web = Table(GONE)
    sweep(linked, web)
    put_links(linked, THERE, THERE, now + timedelta(hours=1))
    assert sweep(linked, web) == [THERE]
    assert GONE not in {row.address for row in rows(linked, LinkCheck)}


def test_a_link_that_is_withheld_is_not_told_to_the_web(linked: Database, now: datetime) -> None:
    with linked.writing() as session:
        both = Both(cy="Rheswm", en="Reason")
        kept = Withheld(
            field="assessments.link / file",
            reason_code=WithheldReason.SECURITY,
            reason=both,
            approved_by=both,
            review_by=TODAY,
        )
        record = get_system(session, "K7RT3M").whole
        told = changed(record, TODAY, withheld=(*record.withheld, kept))
        system = session.scalars(select(System).where(System.short_code == "K7RT3M")).one()
        publish(session, None, system, told, published_on=TODAY, now=now)
    assert sweep(linked, Table()) == []


def test_a_pass_tries_a_few_systems_only(linked: Database) -> None:
    links.check_links(linked, Tools(Table(), Book()), today=TODAY)
    assert len(rows(linked, LinkRound)) == links.MOST_SYSTEMS


def test_the_editor_sees_the_field_and_an_editor_elsewhere_nothing(linked: Database, now: datetime) -> None:
    sweep(linked, Table(GONE))
    with linked.writing() as session:
        for slug, count in (("non-elidir", 1), ("iestyn-cadwaladr", 0)):
            person = session.scalars(select(Person).where(Person.slug == slug)).one()
            open_account(session, person, AccountKind.STAFF, now=now)
            found = links.list_broken(session, get_actor_of(session, person.id, today=TODAY))
            assert len(found) == count
            if found:
                assert found[0].label is not None and found[0].label.en == "The assessment itself"


def test_nothing_is_tried_unless_the_operator_turned_it_on(linked: Database, settings: Settings, now: datetime) -> None:
    assert check_links_of_entries(linked, settings, now) == 0
    assert rows(linked, LinkRound) == []


def test_the_page_says_so_to_the_editor_and_is_nobody_else_s(demonstrated: Demonstrated) -> None:
    with demonstrated.signed_in(EDITOR) as editor:
        for locale in ("cy", "en"):
            assert editor.get(f"/{locale}/my/desk/register/links").status_code == 200
        assert "does not try links and mailboxes" in editor.page.text
    with demonstrated.signed_in("gwynfor.hughes@dyffryn-cledwen.example") as driver:
        assert driver.get("/en/my/desk/register/links").status_code == 404


@pytest.mark.parametrize(
    ("number", "is_it"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("::ffff:10.0.0.1", False),
        ("224.0.0.1", False),
        ("0.0.0.0", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
        ("::a00:1", False),
    ],
)
def test_only_public_addresses_are_gone_to(number: str, is_it: bool) -> None:
    assert is_public(number) is is_it


@pytest.mark.parametrize(
    "address",
    [
        "http://a.example/",
        "https://a.example:8443/",
        "https://me:secret@a.example/",
        "https:///nowhere",
        "https://a.example/\r\nx: y",
        "file:///etc/passwd",
        "https://[x",
        "https://a.example:99999/",
        "https://a.example:abc/",
    ],
)
def test_an_odd_address_is_not_asked(address: str) -> None:
    assert not may_be_asked(address)
    assert may_be_asked("https://a.example/path?x=1")


def test_a_name_that_leads_inside_is_not_connected_to() -> None:
    for host in ("127.0.0.1", "localhost"):
        with pytest.raises(OSError, match="not a public address"):
            PublicOnly(host, 443).connect()
        assert not Web().answers(f"https://{host}/")


@pytest.mark.parametrize("inside", ["10.0.0.7", "::1", "169.254.169.254"])
def test_a_name_that_also_leads_inside_is_not_connected_to(monkeypatch: pytest.MonkeyPatch, inside: str) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, 443)) for number in ("8.8.8.8", inside)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_more: found)
    with pytest.raises(OSError, match="not a public address"):
        PublicOnly("a.example", 443).connect()


class Scripted(Web):
    """The real rules of following and of asking again, over answers that were written down."""

    def __init__(self, **told: tuple[int, str]) -> None:
        self.told = told

    def _ask(self, method: str, address: str, until: float) -> tuple[int, str]:
        key = f"{method}_{address.rsplit('/', 1)[1]}"
        if key not in self.told:
            raise http.client.HTTPException
        return self.told[key]


@pytest.mark.parametrize(
    ("told", "answers"),
    [
        ({"HEAD_x": (200, "")}, True),
        ({"HEAD_x": (405, ""), "GET_x": (200, "")}, True),
        ({"HEAD_x": (404, ""), "GET_x": (404, "")}, False),
        ({"HEAD_x": (403, ""), "GET_x": (403, "")}, True),
        ({"HEAD_x": (503, ""), "GET_x": (503, "")}, False),
        ({"HEAD_x": (301, "/y"), "HEAD_y": (200, "")}, True),
        ({"HEAD_x": (301, "http://a.example/y")}, False),
        ({"HEAD_x": (302, "/x")}, False),
        ({}, False),
    ],
)
def test_what_counts_as_an_answer(told: dict[str, tuple[int, str]], answers: bool) -> None:
    assert Scripted(**told).answers("https://a.example/x") is answers


def test_a_request_that_drips_is_ended() -> None:
    with socket.socket() as door, ThreadPoolExecutor(1) as dripping:
        door.bind(("127.0.0.1", 0))
        door.listen(1)

        def drip() -> int:
            line, _ = door.accept()
            sent = 0
            with line, suppress(OSError):
                line.recv(4096)
                while sent < 500:
                    line.sendall(b"H")
                    sent += 1
                    time.sleep(0.02)
            return sent

        served = dripping.submit(drip)
        connection = http.client.HTTPConnection("127.0.0.1", door.getsockname()[1], timeout=5)
        connection.request("HEAD", "/")
        hurry = Timer(0.2, hang_up, [connection])
        hurry.start()
        with pytest.raises((OSError, http.client.HTTPException)):
            connection.getresponse()
        connection.close()
        assert served.result() < 500


def test_a_pass_that_has_taken_too_long_begins_nothing_more(linked: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(0, 10_000, 40))
    monkeypatch.setattr("portal.register.watching.links.monotonic", lambda: float(next(ticks)))
    web = Table()
    assert links.check_links(linked, Tools(web, Book()), today=TODAY) == 0
    assert web.asked == []
    assert all(check.failing_since is None for check in rows(linked, LinkCheck))
