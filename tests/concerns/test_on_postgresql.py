"""The sealed channel on PostgreSQL, from the first item to the last byte."""

import json
from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from anonymity.item import SealedBy
from anonymity.notes import locate_notes
from anonymity.plaintext import Plaintext
from anonymity.readership import start_epoch
from anonymity.receipt import Lane, lane_locator
from anonymity.submission import look_up_json
from portal.cli import demonstration
from portal.concerns.duties import forget_expired_concerns, hide_order_of_arrival
from portal.core.db import Database
from portal.migrations.tables import METADATA
from portal.settings.models import read_settings
from tests.concerns.raised import TODAY, delivery_of, open_box, post_json, put, raised, read, texts
from tests.concerns.seats import IDRIS, SPOKEN, at_box, hold, notes_of, readers_seat, reporters_seat, status_of, stay_in
from tests.concerns.test_sealed_files import look_up, raised_with_file
from tests.demonstrated import CARYS, DYLAN, ELIN, LLINOS, Demonstrated
from tests.mailbox.test_physical import found_in, raw_files
from tests.prepared import START_OF_TESTS

pytestmark = pytest.mark.postgres

SEALED = ("sealed_cases", "sealed_grants", "sealed_items", "sealed_files")
TOGETHER = {*SEALED, "used_tickets", "mailbox_upkeep"}


@pytest.fixture
def world(postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demonstrated]:
    """The demonstration on PostgreSQL."""
    clock = tmp_path / "clock"
    clock.write_text(START_OF_TESTS.isoformat(), encoding="utf-8")
    values = {"PORTAL_DATABASE_URL": postgres_url, "PORTAL_TEST_CLOCK": str(clock), "PORTAL_ARGON2_MEMORY_KIB": "64",
              "PORTAL_ARGON2_PASSES": "1"}  # fmt: skip
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    demonstration.run(Namespace(folder=tmp_path, reset=False, serve=False))
    secrets = json.loads((tmp_path / "secrets.json").read_text(encoding="utf-8"))
    fixed = {"PORTAL_MODE": "demonstration", "PORTAL_DATA_FOLDER": str(tmp_path), "PORTAL_MAILER": "console",
             "PORTAL_VAULT_KEYS": secrets["vault_keys"], "PORTAL_UNREVIEWED_WELSH": "true"}  # fmt: skip
    settings = read_settings(values | fixed)
    opened = Database(postgres_url)
    with opened.writing() as session:
        for name in SEALED:
            session.execute(text(f"DELETE FROM {name}"))
    for file in settings.sealed_folder.iterdir():  # a sweep would look at when the disk says that they came
        file.unlink()
    yield Demonstrated(settings, opened, secrets)
    opened.close()


def transactions(world: Demonstrated, name: str) -> set[str]:
    with world.database.reading() as session:
        return set(session.execute(text(f'SELECT DISTINCT xmin::text FROM "{name}"')).scalars())


def sealed_transactions(world: Demonstrated) -> set[str]:
    return set().union(*(transactions(world, name) for name in SEALED))


def test_the_whole_story_and_what_it_leaves_in_the_files(world: Demonstrated) -> None:
    with world.visiting() as reporter:
        made, attachment, file = raised_with_file(world, reporter)
        assert look_up(reporter, made, attachment.blob).content == file
        with world.signed_in(CARYS) as carys:
            seat, notes = notes_of(world, carys, CARYS, made, Lane.UNION_NOTES, IDRIS)
            assert post_json(carys, "/en/my/concerns/notes", notes.to_json()).status_code == 201
            asked = look_up_json(locate_notes(seat, Lane.UNION_NOTES))
            assert post_json(carys, "/en/my/concerns/lookup", asked).status_code == 200
            assert hold(carys, made).json()["held"] is True
        with world.signed_in(DYLAN) as dylan:
            seat, found = readers_seat(world, dylan, DYLAN, made)
            said = seat.write(read(seat, found), Plaintext("ie"), lang="cy", day=TODAY, sealed_by=SealedBy.DEVICE)
            path = f"/en/my/concerns/{made.case}/items"
            assert post_json(dylan, path, seat.reply(said).to_json()).status_code == 201
            assert dylan.get("/en/my/concerns/waiting").status_code == 200
        seat, found = reporters_seat(reporter, made)
        assert at_box(reporter, start_epoch(seat, read(seat, found), stay_in(world, made, ELIN), SPOKEN)) == 201
        others = {table.name for table in METADATA.sorted_tables} - TOGETHER
        assert transactions(world, "audit_events"), "something was recorded meanwhile"
        for name in sorted(others):
            assert transactions(world, name) & sealed_transactions(world) == set(), name
        assert hide_order_of_arrival(world.database, world.settings, START_OF_TESTS + timedelta(days=1)) > 0
        assert len(sealed_transactions(world) | transactions(world, "used_tickets")) == 1
        seat, found = reporters_seat(reporter, made)
        assert texts(read(seat, found))[1:] == ["", "ie", ""]
        assert look_up(reporter, made, attachment.blob).content == file
    assert status_of(world, ELIN, made) == 404
    with world.signed_in(LLINOS) as llinos:
        assert hold(llinos, made, "false").json()["held"] is False
        seat, found = readers_seat(world, llinos, LLINOS, made)
    items = [one.file for one in delivery_of(found).items]
    assert all(found_in(raw_files(world.database), one) for one in items)
    late = datetime(2034, 1, 1, tzinfo=UTC)
    assert forget_expired_concerns(world.database, world.settings, late) == 2
    left = raw_files(world.database)
    for one in (*items, *(grant.file for grant in delivery_of(found).grants), notes.item.file):
        assert found_in(left, one) == []
    assert list(world.settings.sealed_folder.iterdir()) == []
    with world.visiting() as reporter:
        assert open_box(reporter, lane_locator(made.code, Lane.JOINT)).status_code == 404


def test_of_two_who_drop_each_other_at_once_one_has_to_read_again(world: Demonstrated) -> None:
    made = raised(world)
    with world.visiting() as reporter:
        put(reporter, made.sent.to_json())
        seat, found = reporters_seat(reporter, made)
        first, second = (
            start_epoch(seat, read(seat, found), stay_in(world, made, email), SPOKEN) for email in (ELIN, DYLAN)
        )
        assert [at_box(reporter, first), at_box(reporter, second)] == [201, 409]
    assert status_of(world, DYLAN, made) == 200
