"""The export on the desk of somebody who edits the register, for everybody, and on the command line."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from portal.account import routes as account
from portal.cli import export
from portal.core.db import Database
from portal.directory.models import Person, RoleHolding
from portal.identity import service as identity
from portal.identity.rules import AccountKind, InvitationPurpose
from portal.register.atrs_export import routes
from portal.register.atrs_export.filling import Filled, Incomplete, fill
from portal.register.queries import get_system
from portal.settings.models import Settings
from tests.people import PASSWORD, passwords_of
from tests.register.atrs_export.complete import complete
from tests.register.opendata.conftest import take_in
from tests.visitors import Visitor, make_rooms, visiting

DESK = "/en/my/desk/register/DR7M2K/atrs"


@pytest.fixture
def visitor(register: Database, settings: Settings) -> Iterator[Visitor]:
    with visiting(make_rooms(settings, register, routes.router, account.router)) as visitor:
        yield visitor


@pytest.fixture
def entry(entry: dict[str, Any]) -> dict[str, Any]:
    """The example, not yet in use: so it may be published with less than the export asks for."""
    entry["record"] |= {"state": "proposed"}
    return entry


def sign_in(visitor: Visitor, database: Database, settings: Settings, now: datetime, role: str, body: str) -> None:
    """As the first person of a body who holds a role."""
    with database.writing() as session:
        asked = select(Person).join(RoleHolding, RoleHolding.person_id == Person.id)
        person = session.scalars(
            asked.where(RoleHolding.role == role, Person.email.endswith(f"@{body}.example")).order_by(Person.email)
        ).first()
        assert person is not None
        opened = identity.open_account(session, person, AccountKind.STAFF, now=now)
        token = identity.invite(session, opened, InvitationPurpose.MAIL, now=now)
        identity.accept_invitation(session, token, passwords_of(settings).hash(PASSWORD), now=now)
        email = person.email
    visitor.get("/en/my/sign-in")
    visitor.sign_in(email)


def test_an_editor_reads_what_is_missing_and_then_the_export(
    visitor: Visitor, register: Database, settings: Settings, entry: dict[str, Any], now: datetime
) -> None:
    take_in(register, now, entry)
    sign_in(visitor, register, settings, now, "register_editor", "dyffryn-cledwen")
    page = visitor.get(DESK)
    assert "fields are missing. The record cannot be exported yet." in page.text and "2.2.1" in page.text
    assert visitor.get(f"{DESK}.json").status_code == 404
    entry["record"] = complete(entry)
    entry["record"]["publication"]["atrs"] = None
    take_in(register, now, entry)
    page = visitor.get(DESK)
    assert "Every field that the standard asks for is filled." in page.text and "1.4.2 - Companies House" in page.text
    assert "Nobody else can open these files" in page.text
    assert visitor.get(f"{DESK}.json").json()["listing"]["tool_name"] == "Door times"
    assert visitor.get(f"{DESK}.html").text.startswith("<!DOCTYPE html>")
    for path in (f"{DESK}.pdf", DESK.replace("DR7M2K", "ZZZZZZ"), "/en/s/DR7M2K/atrs.json"):
        assert visitor.get(path).status_code == 404
    elsewhere = visitor.get("/en/my/desk/register/RT4S7K/atrs")
    assert elsewhere.status_code == 404, "an entry of another body"


def test_everybody_may_have_it_once_the_body_says_that_it_goes_to_gov_uk(
    visitor: Visitor, register: Database, entry: dict[str, Any], now: datetime
) -> None:
    entry["record"] = complete(entry)
    take_in(register, now, entry)
    answer = visitor.get("/cy/s/DR7M2K/atrs.json")
    assert answer.json()["phase"] == "Pre-deployment" and answer.headers["content-language"] == "en"
    assert visitor.get("/cy/s/DR7M2K/atrs.html").status_code == 200
    assert visitor.get(DESK).status_code in {303, 401}


def test_the_demonstrations_lorries_are_exported_whole_and_its_lone_workers_are_not(register: Database) -> None:
    with register.reading() as session:
        lorries, alone = fill(get_system(session, "K7RT3M")), fill(get_system(session, "NW9D4V"))
    assert isinstance(lorries, Filled)
    assert lorries.title == "Dyffryn Cledwen County Council: Refuse lorry telematics"
    assert isinstance(alone, Incomplete)


def test_the_command_writes_a_file_or_lists_what_is_missing(
    register: Database, settings: Settings, entry: dict[str, Any], now: datetime, tmp_path: Path,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(export, "require_newest", lambda _database: None)  # the tables of tests have no revision
    take_in(register, now, entry)
    assert export.run(settings, "dr7m 2k", "json", None) == 1
    told = capsys.readouterr()
    assert "2.2.1  Detailed description (detailed_description)" in told.err and "nothing was exported" in told.err
    assert export.run(settings, "ZZZZZZ", "json", None) == 1
    entry["record"] = complete(entry)
    take_in(register, now, entry)
    out = tmp_path / "record.html"
    assert export.run(settings, "DR7M2K", "html", out) == 0
    assert "Dyffryn Cledwen" in out.read_text(encoding="utf-8")
    assert export.run(settings, "DR7M2K", "json", None) == 0
    assert '"standard": "ATRS v4.0"' in capsys.readouterr().out
