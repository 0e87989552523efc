"""Files: they come before their item, take up no more than they may, and tell no hour by where or when they lie."""

import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from portal.concerns.duties import forget_expired_concerns, forget_unnamed_files, hide_order_of_arrival
from portal.core.db import Database
from portal.core.errors import Conflict, NotFound, Refused, TooLarge, TooMany
from portal.core.ids import random_bytes
from portal.mailbox import filing, service
from portal.mailbox.filing import IncomingFile
from portal.mailbox.models import SealedCase, SealedFile
from portal.mailbox.rules import MOST_CASE_FILES
from portal.mailbox.shelf import SETTLED, Shelf, pieces
from portal.settings.models import Settings
from tests.mailbox.test_service import TODAY, a_case, an_item, head, put

PLENTY = 10**12


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def lay(settings: Settings, content: bytes, today: date = TODAY) -> str:
    arriving = Shelf(settings.sealed_folder).begin()
    arriving.add(content[:7])
    arriving.add(content[7:])
    return arriving.end(today=today)


def file_one(database: Database, settings: Settings, case_id: bytes, content: bytes = b"sealed file") -> bytes:
    incoming = IncomingFile(random_bytes(16), case_id, len(content))
    place = lay(settings, content)
    with database.writing() as session:
        filing.file_away(session, incoming, place, most_waiting=PLENTY, today=TODAY)
    return incoming.blob_id


def read_back(database: Database, settings: Settings, case_id: bytes, blob_id: bytes) -> bytes:
    with database.reading() as session:
        place = filing.get_file(session, case_id, blob_id).place
    return b"".join(pieces(Shelf(settings.sealed_folder).open(place)))


def rows(database: Database) -> list[SealedFile]:
    with database.reading() as session:
        found = list(session.scalars(select(SealedFile)))
        session.expunge_all()
        return found


def test_a_file_is_handed_out_once_an_item_has_named_it(either_database: Database, settings: Settings) -> None:
    case = a_case()
    blob = file_one(either_database, settings, case.case_id)
    with pytest.raises(NotFound):
        read_back(either_database, settings, case.case_id, blob)
    first = an_item()
    put(either_database, a_case(case_id=case.case_id, item=first))
    with pytest.raises(NotFound):
        read_back(either_database, settings, case.case_id, blob)
    with either_database.writing() as session:
        stored = session.get_one(SealedCase, case.case_id)
        item = service.IncomingItem(random_bytes(16), head(first), random_bytes(300), (blob,))
        service.append_item(session, stored, item, today=TODAY)
    assert read_back(either_database, settings, case.case_id, blob) == b"sealed file"
    assert [row.waiting_since for row in rows(either_database)] == [None]
    with pytest.raises(NotFound):
        read_back(either_database, settings, random_bytes(16), blob)


def test_an_item_that_names_a_file_which_is_not_there_is_refused_whole(
    either_database: Database, settings: Settings
) -> None:
    case, other = a_case(), a_case()
    blob = file_one(either_database, settings, case.case_id)
    foreign = file_one(either_database, settings, other.case_id)
    for named in ((random_bytes(16),), (blob, foreign)):
        item = service.IncomingItem(random_bytes(16), case.item.prev, random_bytes(300), named)
        with pytest.raises(Refused):
            put(either_database, a_case(item=item, case_id=case.case_id))
    with either_database.reading() as session:
        assert session.scalars(select(SealedCase)).all() == []
    assert {row.waiting_since for row in rows(either_database)} == {TODAY}


def test_a_thread_holds_so_many_bytes_of_files_and_no_more(either_database: Database) -> None:
    case_id, half = random_bytes(16), MOST_CASE_FILES // 2
    for n in range(2):
        with either_database.writing() as session:
            one = IncomingFile(random_bytes(16), case_id, half)
            filing.file_away(session, one, f"place{n}", most_waiting=PLENTY, today=TODAY)
    with either_database.writing() as session:
        more = IncomingFile(random_bytes(16), case_id, 1)
        filing.require_room(session, more, most_waiting=PLENTY)  # what waits fills no thread
        session.execute(update(SealedFile).values(waiting_since=None))
    with pytest.raises(TooLarge), either_database.writing() as session:
        filing.file_away(session, IncomingFile(random_bytes(16), case_id, 1), "more", most_waiting=PLENTY, today=TODAY)
    with either_database.writing() as session:
        other = IncomingFile(random_bytes(16), random_bytes(16), half)
        filing.file_away(session, other, "other", most_waiting=PLENTY, today=TODAY)


def test_while_too_much_lies_unnamed_the_next_is_asked_to_come_later(either_database: Database) -> None:
    with either_database.writing() as session:
        first = IncomingFile(random_bytes(16), random_bytes(16), 700)
        filing.file_away(session, first, "first", most_waiting=1000, today=TODAY)
    with pytest.raises(TooMany), either_database.reading() as session:
        filing.require_room(session, IncomingFile(random_bytes(16), random_bytes(16), 400), most_waiting=1000)


def test_a_blob_that_is_there_is_a_conflict(either_database: Database, settings: Settings) -> None:
    case_id = random_bytes(16)
    blob = file_one(either_database, settings, case_id)
    with pytest.raises(Conflict), either_database.writing() as session:
        filing.file_away(session, IncomingFile(blob, case_id, 5), "again", most_waiting=PLENTY, today=TODAY)


def test_what_no_item_names_within_a_day_is_deleted(either_database: Database, settings: Settings) -> None:
    file_one(either_database, settings, random_bytes(16))
    assert forget_unnamed_files(either_database, settings, _noon(TODAY + timedelta(days=1))) == 0
    assert forget_unnamed_files(either_database, settings, _noon(TODAY + timedelta(days=2))) == 1
    assert rows(either_database) == []
    assert list(settings.sealed_folder.iterdir()) == []


def test_a_half_that_a_killed_process_left_is_deleted(database: Database, settings: Settings) -> None:
    arriving = Shelf(settings.sealed_folder).begin()
    arriving.add(b"half")
    assert forget_unnamed_files(database, settings, datetime.now(UTC)) == 0
    assert forget_unnamed_files(database, settings, datetime.now(UTC) + timedelta(days=1, minutes=1)) == 1
    assert list(settings.sealed_folder.iterdir()) == []
    arriving.drop()


def test_files_of_a_forgotten_thread_go_with_it(either_database: Database, settings: Settings) -> None:
    case = a_case()
    blob = file_one(either_database, settings, case.case_id, b"sentinel of a file")
    put(either_database, a_case(case_id=case.case_id, item=service.IncomingItem(
        random_bytes(16), case.item.prev, random_bytes(300), (blob,))), date(2020, 1, 1))  # fmt: skip
    assert forget_expired_concerns(either_database, settings, _noon(TODAY)) == 1
    assert rows(either_database) == []
    assert list(settings.sealed_folder.iterdir()) == []


def test_names_say_nothing_and_times_are_those_of_the_week(settings: Settings) -> None:
    wednesday = date(2026, 11, 25)
    place = lay(settings, b"content", wednesday)
    path = settings.sealed_folder / place
    monday = datetime(2026, 11, 23, tzinfo=UTC).timestamp()
    assert len(place) == 26 and place.isalnum()
    assert (path.stat().st_mtime, path.stat().st_atime) == (monday, monday)
    assert settings.sealed_folder.stat().st_mtime == monday
    Shelf(settings.sealed_folder).drop(place, today=wednesday)
    assert settings.sealed_folder.stat().st_mtime == monday
    assert stat.S_IMODE(settings.sealed_folder.stat().st_mode) == 0o700


def test_once_a_day_files_are_copied_so_that_nothing_tells_their_order(
    either_database: Database, settings: Settings
) -> None:
    case = a_case()
    contents = {file_one(either_database, settings, case.case_id, body): body for body in (b"one", b"two!", b"three")}
    item = service.IncomingItem(random_bytes(16), case.item.prev, random_bytes(300), tuple(contents))
    put(either_database, a_case(case_id=case.case_id, item=item))
    before = {row.place for row in rows(either_database)}
    today = datetime.now(UTC)
    assert hide_order_of_arrival(either_database, settings, today) == 0
    assert {row.place for row in rows(either_database)} == before
    assert hide_order_of_arrival(either_database, settings, today + timedelta(days=1)) >= len(contents)
    after = rows(either_database)
    assert not {row.place for row in after} & before
    assert {path.name for path in settings.sealed_folder.iterdir()} == {row.place for row in after}
    assert {stat.S_IMODE(path.stat().st_mode) for path in settings.sealed_folder.iterdir()} == {SETTLED}
    for blob, body in contents.items():
        assert read_back(either_database, settings, case.case_id, blob) == body
    assert hide_order_of_arrival(either_database, settings, today + timedelta(days=2)) == 0


def test_a_file_without_a_row_does_not_outlive_the_night(database: Database, settings: Settings) -> None:
    lay(settings, b"the process was killed before it could note this")
    hide_order_of_arrival(database, settings, datetime.now(UTC) + timedelta(days=1))
    assert list(settings.sealed_folder.iterdir()) == []


@pytest.mark.parametrize("place", ["", "..", "../secrets", "a/b", "x.part.part/..", "\x00"])
def test_a_place_is_a_name_and_no_path(tmp_path: Path, place: str) -> None:
    with pytest.raises(NotFound):
        Shelf(tmp_path).open(place)
