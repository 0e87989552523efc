"""The pages of Find and of the national view, asked for as a browser does."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.db import Database
from portal.directory.models import Body
from portal.register import routes
from portal.register.models import System
from portal.register.products.rules import codes_of
from portal.register.rules import SystemState
from portal.register.service import add_step
from portal.settings.models import Settings, read_settings
from tests.prepared import TEST_KEY
from tests.visitors import Visitor, make_rooms, visiting


@pytest.fixture
def settings(tmp_path: Path, now: datetime) -> Settings:
    clock = tmp_path / "clock"
    clock.write_text(now.isoformat(), encoding="utf-8")
    told = {"MODE": "demonstration", "DATA_FOLDER": str(tmp_path), "VAULT_KEYS": TEST_KEY, "TEST_CLOCK": str(clock)}
    return read_settings({f"PORTAL_{name}": value for name, value in told.items()})


@pytest.fixture
def visitor(register: Database, settings: Settings) -> Iterator[Visitor]:
    with visiting(make_rooms(settings, register, routes.router)) as visitor:
        yield visitor


def status(page: str) -> str:
    found = re.search(r'role="status">(.*?)</div>', page, re.DOTALL)
    return re.sub(r"<[^>]+>", "", found[1]).strip() if found else ""


SAID = (
    ("/en/systems/all", "8 systems on the register", "8"),
    ("/cy/systems/all?q=fathodyn", "Cafwyd hyd i 1 system", "1"),
    ("/en/systems/all?q=fathodyn", "1 system found", "1"),
    ("/en/systems/all?q=score&disputed=yes&state=live", "1 system found", "1"),
    ("/en/systems/all?q=zzzz", "0 systems found", "0"),
    ("/en/systems/all?employer=nobody", "0 systems found", "0"),
    ("/en/systems/all?state=nonsense&kind=nonsense&does=nonsense&disputed=no", "8 systems on the register", "8"),
)


def test_how_many_were_found_is_announced_and_filters_stay_in_the_form(visitor: Visitor) -> None:
    for path, said, count in SAID:
        page = visitor.get(path)
        assert "set-cookie" not in page.headers and page.status_code == 200
        if path.startswith("/en"):
            assert status(page.text) == said, path
        else:
            assert count in status(page.text)
    page = visitor.get("/en/systems/all?q=score&employer=glannau-ogwen&state=live&does=decides&disputed=yes").text
    for kept in ('value="score"', 'value="glannau-ogwen" selected', 'value="live" selected', 'value="yes" checked'):
        assert kept in page
    assert "<details open>" in page and "<details>" in visitor.get("/en/systems/all?q=score").text
    assert 'lang="cy" hreflang="cy"' in page and "q=score&amp;employer=glannau-ogwen" in page


def test_hundreds_of_employers_are_typed_and_not_listed(visitor: Visitor, register: Database) -> None:
    with register.writing() as session:
        board = session.scalars(select(Body).where(Body.slug == "glannau-ogwen")).one()
        own = {column.key: getattr(board, column.key) for column in Body.__table__.columns if column.key != "id"}
        session.add_all(Body(**{**own, "id": f"body-{n}", "slug": f"body-{n}"}) for n in range(450))
    page = visitor.get("/en/systems/all?employer=cledwen", headers={"accept-encoding": "br"})
    assert int(page.headers["content-length"]) <= 10_000
    assert '<input id="employer" name="employer" type="text" value="cledwen"' in page.text
    assert status(page.text) == "4 systems found"


def test_nothing_found_says_what_would_be_there_and_one_way_on(visitor: Visitor) -> None:
    page = visitor.get("/en/systems/all?q=zzzz").text
    assert "would be listed here" in page and page.count('class="empty"') == 1


@pytest.fixture
def product() -> str:
    return next(codes_of("names:rotafa|rotafa 7"))


def test_a_products_page_says_who_when_and_what_the_unions_said(visitor: Visitor, product: str) -> None:
    assert f"/en/systems/products/{product}" in visitor.get("/en/systems/products?q=rotafa").text
    page = visitor.get(f"/en/systems/products/{product}").text
    for told in ("Rotafa Cyf", "Glannau Ogwen University Health Board", "/en/s/RT4S7K", "Agreed, with conditions"):
        assert told in page
    assert "Employers that switched it off" not in page
    assert visitor.get("/en/systems/products/ZZZZZZ").status_code == 404
    assert "would be listed here" in visitor.get("/en/systems/products?q=zzzz").text


def test_what_was_turned_off_says_why(visitor: Visitor, product: str, register: Database, now: Any) -> None:
    with register.writing() as session:
        system = session.scalars(select(System).where(System.short_code == "RT4S7K")).one()
        facts = {"cause": "harm"}
        add_step(session, system, step="suspend", to=SystemState.SUSPENDED, role="portal", now=now, facts=facts)
    page = visitor.get(f"/en/systems/products/{product}").text
    assert "Employers that switched it off" in page and "It may be harming people" in page
    assert "22 November 2026" in page


@pytest.mark.parametrize("locale", ["cy", "en"])
def test_a_page_weighs_at_most_ten_kilobytes_on_the_wire(visitor: Visitor, locale: str, product: str) -> None:
    for path in ("/systems/all?q=score&disputed=yes", "/systems/products", f"/systems/products/{product}"):
        page = visitor.get(f"/{locale}{path}", headers={"accept-encoding": "br"})
        assert page.status_code == 200 and int(page.headers["content-length"]) <= 10_000, path
