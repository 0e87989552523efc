"""The index in memory: what is found, in which order, and how it keeps up with the database."""

from datetime import datetime
from pathlib import Path
from random import Random
from shutil import copyfile

import pytest
from sqlalchemy import select

from portal.core.db import Database
from portal.core.text import Locale
from portal.register import service
from portal.register.finding import catalogue
from portal.register.finding.catalogue import Catalogue, Line
from portal.register.finding.queries import find_systems
from portal.register.finding.rules import Asked, Sought, next_after
from portal.register.finding.service import RECENT, rebuild
from portal.register.models import System
from portal.register.rules import SystemState

TREES = ("afal", "bedw", "celyn", "derw", "eirin")
ROTA, FOB = "RT4S7K", "NW9D4V"


def lines(count: int, drawn: Random) -> list[Line]:
    return [
        Line(
            f"s{number:04}",
            drawn.randbytes(3),
            drawn.randbytes(3),
            " ".join({drawn.choice(TREES), drawn.choice(TREES), f"n{number}"}),
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("locale", list(Locale))
def test_what_is_found_and_in_which_order(locale: Locale) -> None:
    drawn = Random(4)
    every, kept = lines(120, drawn), Catalogue()
    kept.take(every)
    replaced = [line._replace(place_cy=b"zz", words="afal new") for line in every[::7]]
    kept.take(replaced)
    now = {line.system_id: line for line in (*every, *replaced)}.values()
    for sought in ((), (Sought(("afal",)),), (Sought(("afal", "bedw")), Sought(("c", "n1"), is_begun=True))):
        fits = [one for one in now if all(_has(one, condition) for condition in sought)]
        order = sorted(fits, key=lambda one: (one.place_cy if locale is Locale.CY else one.place_en, one.system_id))
        ids: list[str] = []
        after = None
        while True:
            page, count = kept.find(locale, sought, after, 10)
            assert count == len(fits)
            ids += [place.system_id for place in page]
            if len(page) < 10:
                break
            after = page[-1]
        assert ids == [one.system_id for one in order] and ids
    assert kept.find(locale, (Sought(("afal",)), Sought(("unknown",))), None, 10) == ([], 0)


def _has(line: Line, sought: Sought) -> bool:
    words = line.words.split()
    if sought.is_begun:
        return any(form <= word < next_after(form) for form in sought.forms for word in words)
    return any(word in sought.forms for word in words)


def test_nothing_is_found_on_an_empty_register(database: Database) -> None:
    with database.reading() as session:
        assert find_systems(session, Locale.CY, Asked()).count == 0


def count(database: Database, asked: Asked) -> int:
    with database.reading() as session:
        return find_systems(session, Locale.EN, asked).count


def suspend(database: Database, short_code: str, now: datetime, *, fails: bool = False) -> None:
    with database.writing() as session:
        system = session.scalars(select(System).where(System.short_code == short_code)).one()
        service.add_step(session, system, step="suspend", to=SystemState.SUSPENDED, role="portal", now=now)
        session.flush()
        assert find_systems(session, Locale.EN, SUSPENDED).count >= 1
        if fails:
            session.rollback()


SUSPENDED = Asked(state=SystemState.SUSPENDED)


def test_a_change_is_found_at_once_and_only_what_changed_is_read(
    register: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert count(register, SUSPENDED) == 0
    monkeypatch.setattr(catalogue, "_EVERY", None)
    monkeypatch.setattr(Catalogue, "is_worn", False)
    with register.reading() as session:
        kept = catalogue._KEPT[session.connection().engine].catalogue
    for number, code in enumerate((ROTA, FOB), start=1):
        _suspend_unlooked(register, code, now)
        assert count(register, SUSPENDED) == number
    with register.reading() as session:
        assert catalogue._KEPT[session.connection().engine].catalogue is kept


def _suspend_unlooked(database: Database, short_code: str, now: datetime) -> None:
    with database.writing() as session:
        system = session.scalars(select(System).where(System.short_code == short_code)).one()
        service.add_step(session, system, step="suspend", to=SystemState.SUSPENDED, role="portal", now=now)


def test_what_was_undone_is_not_found(register: Database, now: datetime) -> None:
    suspend(register, ROTA, now, fails=True)
    assert count(register, SUSPENDED) == 0
    suspend(register, FOB, now)
    assert count(register, SUSPENDED) == 1


def test_a_database_put_back_is_found_as_it_is(
    register: Database, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = Path(register.url.removeprefix("sqlite:///"))
    with register.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    copyfile(file, tmp_path / "before")
    suspend(register, ROTA, now)
    assert count(register, SUSPENDED) == 1
    other = Database(f"sqlite:///{tmp_path / 'before'}")
    with register.reading() as session:
        engine = session.connection().engine
    with other.reading() as session:
        monkeypatch.setitem(catalogue._KEPT, session.connection().engine, catalogue._KEPT[engine])
    assert count(other, SUSPENDED) == 0
    for code in (FOB, "K7RT3M"):
        suspend(other, code, now)
    assert count(other, SUSPENDED) == 2
    other.close()


def test_after_many_changes_and_after_the_index_was_made_anew_it_is_read_anew(
    register: Database, now: datetime
) -> None:
    assert count(register, Asked()) == 8
    for number in range(RECENT + 1):
        with register.writing() as session:
            system = session.scalars(select(System).where(System.short_code == ROTA)).one()
            to = SystemState.LIVE if number % 2 else SystemState.SUSPENDED
            service.add_step(session, system, step="suspend", to=to, role="portal", now=now)
    assert count(register, SUSPENDED) == 1
    with register.writing() as session:
        rebuild(session)
    assert (count(register, SUSPENDED), count(register, Asked())) == (1, 8)
