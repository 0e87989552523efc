"""Every public page of the register as it stood on a day gone by, asked for as a browser does."""

import re
from collections.abc import Iterator
from datetime import date, datetime

import pytest
from sqlalchemy import select, update

from portal.core.db import Database
from portal.core.ids import new_id
from portal.core.text import Locale
from portal.directory.models import Body
from portal.register import past, routes, service
from portal.register.finding.earlier import find_systems_on
from portal.register.finding.kept_words import fill_words
from portal.register.finding.rules import Asked
from portal.register.lifecycle.models import SystemIncident
from portal.register.models import System, SystemVersion
from portal.register.parts import Both
from portal.register.products.earlier import list_products_on
from portal.register.queries import get_system
from portal.register.rules import Strength, SystemKind, SystemState
from portal.register.voices import rights
from portal.register.voices.models import BodyRight
from portal.settings.models import Settings
from tests.register.changing import WITHOUT_SUPPLIERS, changed
from tests.register.finding.test_finding import FILTERS, SEARCHES, codes
from tests.visitors import Visitor, make_rooms, visiting

BEFORE, CHANGED, TODAY = date(2026, 11, 10), date(2026, 11, 12), date(2026, 11, 22)
PAGES = (
    "/en/systems?employer=dyffryn-cledwen&workplace=none&staff_group=none&kind=employee",
    "/en/systems/all",
    "/en/systems/products",
    "/en/s/K7RT3M",
    "/en/s/K7RT3M/record",
    "/en/s/K7RT3M/history",
    "/en/rights?employer=dyffryn-cledwen",
)


@pytest.fixture
def reader(register: Database, stopped: Settings) -> Iterator[Visitor]:
    """A browser on the register's pages and on that of rights."""
    with visiting(make_rooms(stopped, register, routes.router, rights.router)) as visitor:
        yield visitor


@pytest.fixture
def renamed(register: Database, now: datetime) -> Database:
    """One system got another name, and lost its product, on the twelfth; another was switched off."""
    with register.writing() as session:
        system = session.scalars(select(System).where(System.short_code == "K7RT3M")).one()
        old = get_system(session, "K7RT3M").whole
        name = Both(cy="Zebra newydd", en="Zebra watch")
        record = changed(old, CHANGED, name=name, **WITHOUT_SUPPLIERS)
        service.publish(session, None, system, record, published_on=CHANGED, now=now)
        service.add_step(session, system, step="suspend", to=SystemState.SUSPENDED, role="portal", now=now, on=CHANGED)
    return register


def found(database: Database, asked: Asked, day: date, cursor: str | None = None) -> set[str]:
    with database.reading() as session:
        return codes(find_systems_on(session, Locale.EN, asked, day, cursor=cursor))


def with_day(page: str, day: str) -> str:
    return f"{page}{'&' if '?' in page else '?'}on={day}"


def test_a_search_of_a_day_finds_what_one_of_today_finds(register: Database) -> None:
    assert {told: found(register, Asked(told), TODAY) for told, _found in SEARCHES} == dict(SEARCHES)
    for asked, expected in FILTERS:
        assert found(register, asked, TODAY) == expected, asked


def test_a_search_finds_what_stood_there_on_the_day(renamed: Database) -> None:
    for told, day, expected in (
        ("zebra", BEFORE, set()),
        ("zebra", CHANGED, {"K7RT3M"}),
        ("llwybr 360", BEFORE, {"K7RT3M"}),
        ("llwybr 360", CHANGED, set()),
    ):
        assert found(renamed, Asked(told), day) == expected, (told, day)
    assert "K7RT3M" in found(renamed, Asked(state=SystemState.LIVE), BEFORE)
    assert found(renamed, Asked(state=SystemState.SUSPENDED), BEFORE) == set()
    assert found(renamed, Asked(state=SystemState.SUSPENDED), CHANGED) == {"K7RT3M"}
    assert found(renamed, Asked(kind=SystemKind.LOCATION, strength=Strength.MONITORS), date(2020, 1, 1)) == set()
    with renamed.reading() as session:
        old = get_system(session, "K7RT3M", number=1)
        body = session.scalars(select(Body.id).where(Body.id == old.body_id)).one()
    assert "K7RT3M" in found(renamed, Asked("llwybr", bodies=(body,)), BEFORE)
    assert found(renamed, Asked("llwybr", bodies=()), BEFORE) == set()


def test_pages_of_a_day_follow_one_another(register: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.register.finding.earlier.PAGE", 3)
    seen: list[str] = []
    cursor = None
    with register.reading() as session:
        while not seen or cursor:
            page = find_systems_on(session, Locale.CY, Asked(), TODAY, cursor=cursor)
            seen += [one.short_code for one in page.cut.items]
            cursor = page.cut.next_cursor
            assert page.count == 8
    assert len(seen) == len(set(seen)) == 8


def test_words_of_versions_from_before_they_were_kept_are_filled_in(renamed: Database) -> None:
    with renamed.writing() as session:
        session.connection().execute(update(SystemVersion.__table__).values(words=None))
        assert fill_words(session) == len(session.scalars(select(SystemVersion.id)).all())
        assert fill_words(session) == 0
    assert found(renamed, Asked("llwybr 360"), BEFORE) == {"K7RT3M"}


def test_a_product_is_counted_where_it_was_used_on_the_day(renamed: Database, reader: Visitor) -> None:
    with renamed.reading() as session:
        (line,) = list_products_on(session, Locale.EN, BEFORE, search="llwybr").items
        assert (line.employers, line.turned_off) == (1, 0)
        assert list_products_on(session, Locale.EN, CHANGED, search="llwybr").items == []
    page = reader.get(f"/en/systems/products/{line.code}?on={BEFORE}").text
    assert f"/en/s/K7RT3M?on={BEFORE}" in page and "In use" in page
    assert reader.get(f"/en/systems/products/{line.code}").status_code == 404
    assert reader.get(f"/en/systems/products/{line.code}?on={CHANGED}").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_which_day_it_shows_and_leads_back(renamed: Database, reader: Visitor, page: str) -> None:
    today = reader.get(page).text
    assert "This is not how the register stands today" not in today and "on=2026" not in today
    past = reader.get(with_day(page, str(BEFORE))).text
    assert "As of 10 November 2026" in past
    ways = re.findall(r'href="(/en/(?:s/|systems|rights)[^"]*)"', past.split("<main")[1].replace("&amp;", "&"))
    beside = ("/unlisted", "/questions", "/poster", "/corrections", "/systems/imported", ".html", "?version=")
    beside += ("/systems/correction",)
    unasked = [way for way in ways if "on=2026-11-10" not in way and not any(one in way for one in beside)]
    assert [way.split("?")[0] for way in unasked] == [page.split("?")[0]]


@pytest.mark.parametrize("page", PAGES)
def test_a_day_that_cannot_be_is_refused_in_words(reader: Visitor, page: str) -> None:
    for day, said in (
        ("2026-02-31", "Enter a real date"),
        ("yesterday", "Enter a real date"),
        ("2026-11-23", "The date must be today or in the past"),
        ("1999-01-01", "The date must be on or after"),
    ):
        refused = reader.get(with_day(page, day))
        assert refused.status_code == 422 and said in refused.text, (page, day)
    assert reader.get(with_day(page, str(TODAY))).status_code == 200


def test_two_versions_are_compared_on_a_day_when_both_were_there(renamed: Database, reader: Visitor) -> None:
    newest = reader.get("/en/s/K7RT3M/history").text
    last = int(re.findall(r"\?version=(\d+)", newest)[0])
    pair = f"/en/s/K7RT3M/history/{last - 1}/{last}"
    assert "Zebra watch" in newest or "Change" in newest
    assert f"?version={last}" not in reader.get(f"/en/s/K7RT3M/history?on={BEFORE}").text
    assert reader.get(f"{pair}?on={CHANGED}").status_code == 200
    assert reader.get(f"{pair}?on={BEFORE}").status_code == 404


def test_a_right_agreed_later_is_not_on_the_page_of_the_day(register: Database, reader: Visitor) -> None:
    with register.writing() as session:
        body = session.scalars(select(Body).where(Body.slug == "dyffryn-cledwen")).one()
        told = {
            name: "Hawl newydd" if name.endswith("cy") else "A new right"
            for name in ("agreement_cy", "agreement_en", "text_cy", "text_en", "partner_cy", "partner_en")
        }
        session.add(BodyRight(id="r" * 26, body_id=body.id, link="", since=CHANGED, account_id="a" * 26, **told))
    assert "A new right" in reader.get("/en/rights?employer=dyffryn-cledwen").text
    assert "A new right" not in reader.get(f"/en/rights?employer=dyffryn-cledwen&on={BEFORE}").text


def test_who_asks_for_one_day_after_another_keeps_no_reader_of_today_waiting(reader: Visitor) -> None:
    whole = ("/en/systems/all", "/en/systems/products")
    with past.seat(), past.seat():
        late = [reader.get(f"{page}?on=2026-11-10") for page in whole]
        assert [page.status_code for page in late] == [429, 429]
        assert all(int(page.headers["retry-after"]) > 0 for page in late)
        assert all(reader.get(page).status_code == 200 for page in (*whole, "/en/s/K7RT3M?on=2026-11-10"))
    assert all(reader.get(f"{page}?on=2026-11-10").status_code == 200 for page in whole)


def test_what_was_put_right_later_was_not_put_right_yet(register: Database, reader: Visitor, now: datetime) -> None:
    with register.writing() as session:
        told = {"what_cy": "Oedd", "what_en": "It broke", "who_cy": "Pawb", "who_en": "All"}
        told |= {"fix_cy": "Trwsiwyd", "fix_en": "Mended well"}
        system_id = session.scalars(select(System.id).where(System.short_code == "K7RT3M")).one()
        session.add(
            SystemIncident(
                id=new_id(),
                system_id=system_id,
                is_serious=False,
                happened_on=BEFORE,
                recorded_on=BEFORE,
                recorded_at=now,
                account_id=new_id(),
                fixed_on=CHANGED,
                **told,
            )
        )
    for day, is_mended in ((BEFORE, False), (CHANGED, True)):
        page = reader.get(f"/en/s/K7RT3M?on={day}").text
        assert "It broke" in page and ("Mended well" in page, "Not put right yet" in page) == (is_mended, not is_mended)


@pytest.mark.usefixtures("renamed")
def test_a_systems_page_is_that_of_the_version_and_the_state_of_the_day(reader: Visitor) -> None:
    for day, is_new in ((BEFORE, False), (CHANGED, True)):
        page = reader.get(f"/en/s/K7RT3M?on={day}").text
        assert ("Zebra watch" in page, "Switched off for now" in page) == (is_new, is_new), day
