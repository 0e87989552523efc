"""Finding on a real database: every form, both languages, filters, pages, and an index that follows each version."""

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from portal.core.db import Database, Session
from portal.core.text import Locale
from portal.directory.models import Body
from portal.i18n.sorting import sort_key
from portal.register import service
from portal.register.finding import queries
from portal.register.finding.employers import Employer, employers_meant, list_employers, options
from portal.register.finding.models import IndexStanding, SystemListing
from portal.register.finding.queries import Found, find_systems
from portal.register.finding.rules import Asked
from portal.register.finding.service import is_behind, rebuild
from portal.register.importing import import_register
from portal.register.intake import read_register
from portal.register.models import System, SystemVersion
from portal.register.queries import get_system
from portal.register.rules import Strength, SystemKind, SystemState
from tests.register.changing import WITHOUT_SUPPLIERS, changed

ROTA, ABSENCE, CALLS, LORRIES, FOB, SIFTING = "RT4S7K", "BS5C8T", "CK8V2P", "K7RT3M", "NW9D4V", "HG2M9R"


def find(database: Database, asked: Asked, locale: Locale = Locale.EN, cursor: str | None = None) -> Found:
    with database.reading() as session:
        return find_systems(session, locale, asked, cursor=cursor)


def codes(found: Found) -> set[str]:
    return {system.short_code for system in found.cut.items}


SEARCHES: tuple[tuple[str, set[str]], ...] = (
    ("e-rostering", {ROTA}),
    ("ERostering", {ROTA}),
    ("rota electronig", {ROTA}),
    ("electronic", set()),
    ("rotafa", {ROTA}),
    ("ap rota", {ROTA}),
    ("y rota", {ROTA}),
    ("bathodyn", {FOB}),
    ("fathodyn", {FOB}),
    ("mathodyn", {FOB}),
    ("phathodyn", {FOB}),
    ("ceisiadau", {SIFTING}),
    ("nghais", set()),
    ("ngheisiadau", {SIFTING}),
    ("geisi", {SIFTING}),
    ("bocs du", {LORRIES}),
    ("focs ddu", {LORRIES}),
    ("Llwybr 360", {LORRIES}),
    ("llwybr fleet lorry", {LORRIES}),
    ("nghasglu", {LORRIES}),
    ("trothwy absenoldeb", {ABSENCE}),
    ("drothwy", {ABSENCE}),
    ("habsenoldeb", {ABSENCE}),
    ("score", {ABSENCE, CALLS}),
    ("score handling", {CALLS}),
    ("telemateg zzz", set()),
    ("‘", {ROTA, ABSENCE, CALLS, LORRIES, FOB, SIFTING, "FW6N3D", "GN3W7X"}),
)


@pytest.mark.parametrize("locale", list(Locale))
def test_a_search_finds_in_both_languages_whatever_the_page(register: Database, locale: Locale) -> None:
    assert {told: codes(find(register, Asked(told), locale)) for told, _found in SEARCHES} == dict(SEARCHES)


FILTERS: tuple[tuple[Asked, set[str]], ...] = (
    (Asked(kind=SystemKind.LOCATION), {LORRIES, FOB}),
    (Asked(state=SystemState.PILOT), {"GN3W7X"}),
    (Asked(strength=Strength.MONITORS, kind=SystemKind.COMMUNICATIONS), {CALLS}),
    (Asked(is_disputed=True), {ABSENCE, CALLS, LORRIES}),
    (Asked("score", is_disputed=True, state=SystemState.LIVE), {ABSENCE}),
    (Asked(bodies=()), set()),
    (Asked("rota", bodies=()), set()),
)


def test_filters_narrow_and_count(register: Database) -> None:
    for asked, found in FILTERS:
        answer = find(register, asked)
        assert (codes(answer), answer.count) == (found, len(found)), asked


def test_the_state_is_the_one_of_today(register: Database, now: datetime) -> None:
    with register.writing() as session:
        system = session.scalars(select(System).where(System.short_code == ROTA)).one()
        service.add_step(session, system, step="suspend", to=SystemState.SUSPENDED, role="portal", now=now)
    found = find(register, Asked(state=SystemState.SUSPENDED))
    assert codes(found) == {ROTA} and found.cut.items[0].state is SystemState.SUSPENDED


@pytest.mark.parametrize("locale", list(Locale))
def test_the_list_follows_the_alphabet_of_its_language(register: Database, locale: Locale) -> None:
    names = [row.name for row in find(register, Asked(), locale).cut.items]
    assert names == sorted(names, key=lambda name: sort_key(name, locale)) and len(names) == 8


def test_pages_of_the_list_follow_one_another(register: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 3)
    for asked, total in ((Asked(), 8), (Asked("cyf"), 7), (Asked(state=SystemState.LIVE), 6), (Asked("y cyf"), 7)):
        seen: list[str] = []
        cursor = None
        for _page in range(4):
            found = find(register, asked, Locale.CY, cursor)
            seen += [row.name for row in found.cut.items]
            cursor = found.cut.next_cursor
            if cursor is None:
                break
        assert cursor is None and len(seen) == len(set(seen)) == total
        assert seen == sorted(seen, key=lambda name: sort_key(name, Locale.CY))
        assert found.count == total


def test_a_broken_cursor_shows_the_first_page(register: Database) -> None:
    first = find(register, Asked()).cut.items
    for broken in ("x", "WyJ6eiIsImEiXQ", "é" * 40):
        assert find(register, Asked(), cursor=broken).cut.items == first


def test_a_new_version_is_found_by_its_own_words_only(register: Database, now: datetime) -> None:
    with register.writing() as session:
        system = get_system(session, ROTA)
        row = session.get(System, system.id)
        assert row is not None
        none = ("also_known_as", *system.whole.declared_none)
        record = changed(system.whole, also_known_as=(), declared_none=none, **WITHOUT_SUPPLIERS)
        renamed = record.model_copy(update={"name": record.name.model_copy(update={"cy": "Sifftiau", "en": "Shifts"})})
        service.publish(session, None, row, renamed, published_on=date(2026, 11, 22), now=now)
    assert codes(find(register, Asked("rotafa"))) == set()
    assert codes(find(register, Asked("nifftiau"))) == set()
    assert codes(find(register, Asked("sifftiau"))) == {ROTA}


def test_a_draft_is_not_found(directory: Database, entry: dict[str, Any], as_file: Any, now: datetime) -> None:
    with directory.writing() as session:
        import_register(session, read_register(as_file({**entry, "draft": True})), now=now)
    assert codes(find(directory, Asked("drws"))) == set() and find(directory, Asked()).count == 0


def words_of_versions(session: Session) -> dict[str, str | None]:
    return {one: words for one, words in session.execute(select(SystemVersion.id, SystemVersion.words))}


def test_the_index_can_be_made_again(register: Database) -> None:
    with register.reading() as session:
        before = words_of_versions(session)
    with register.writing() as session:
        session.execute(update(SystemVersion).values(words=None))
        for table in (SystemListing, IndexStanding):
            session.execute(delete(table))
        assert is_behind(session)
    assert find(register, Asked()).count == 0
    seen: list[tuple[int, int]] = []
    with register.writing() as session:
        assert rebuild(session, progress=lambda done, of: seen.append((done, of))) == 8
    with register.reading() as session:
        assert words_of_versions(session) == before
        assert all(before.values()) and not is_behind(session)
    assert seen[-1] == (8, 8) and find(register, Asked()).count == 8


COUNCIL = Employer("c", "cyngor-mon", "Cyngor Ynys Môn", "Isle of Anglesey County Council")
BOARD = Employer("b", "bwrdd", "Bwrdd Iechyd Caerdydd", "Cardiff Health Board")


MEANT: tuple[tuple[str, tuple[str, ...] | None], ...] = (
    ("", None),
    ("bwrdd", ("b",)),
    ("caerdydd", ("b",)),
    ("Nghaerd", ("b",)),
    ("mon", ("c",)),
    ("anglesey council", ("c",)),
    ("council anglesey", ("c",)),
    ("leeds", ()),
    ("–", ()),
)


def test_an_employer_is_meant_by_its_short_name_or_by_words_of_its_names(database: Database) -> None:
    with database.reading() as session:
        for told, meant in MEANT:
            assert employers_meant(session, [COUNCIL, BOARD], told) == meant, told


def test_a_few_employers_are_listed_and_hundreds_are_not(register: Database) -> None:
    with register.writing() as session:
        listed = list_employers(session)
        assert listed is not None and len(options(tuple(listed), Locale.CY)) == 2
        board = session.scalars(select(Body).where(Body.slug == "glannau-ogwen")).one()
        for number in range(60):
            own = {column.key: getattr(board, column.key) for column in Body.__table__.columns if column.key != "id"}
            session.add(Body(**{**own, "id": f"body-{number}", "slug": f"body-{number}", "name_en": f"Body {number}"}))
        session.flush()
        assert list_employers(session) is None
        assert employers_meant(session, None, "Body 33") == ("body-33",)
        assert employers_meant(session, None, "glannau-ogwen") == (board.id,)
