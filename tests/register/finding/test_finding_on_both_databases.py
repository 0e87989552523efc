"""Searches, filters, pages and products are answered alike by SQLite and PostgreSQL."""

from datetime import datetime

import pytest
from sqlalchemy import select

from portal.core.db import Database
from portal.core.text import Locale
from portal.directory.intake import import_directory, read_directory
from portal.register.finding import queries
from portal.register.finding.queries import find_systems
from portal.register.finding.rules import Asked
from portal.register.finding.service import rebuild
from portal.register.importing import import_register
from portal.register.intake import read_register
from portal.register.models import System
from portal.register.products.queries import get_product, list_placed, list_products, list_products_of, list_uses
from portal.register.rules import SystemState
from portal.register.service import add_step
from tests.register.conftest import DEMO
from tests.register.finding.test_finding import FILTERS, SEARCHES


def test_finding_and_products(either_database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    with either_database.writing() as session:
        import_directory(session, read_directory((DEMO / "directory.csv").read_bytes()), now=now)
        import_register(session, read_register((DEMO / "register.json").read_bytes()), now=now)
        assert rebuild(session) == 8
    monkeypatch.setattr(queries, "PAGE", 3)
    with either_database.reading() as session:
        for asked, found in [*((Asked(told), found) for told, found in SEARCHES), *FILTERS]:
            seen: list[str] = []
            cursor = None
            while not seen or cursor:
                page = find_systems(session, Locale.CY, asked, cursor=cursor)
                seen += [one.short_code for one in page.cut.items] or [""]
                cursor = page.cut.next_cursor
            assert set(seen) - {""} == found and len(seen) == max(len(found), 1), asked
    with either_database.writing() as session:
        system = session.scalars(select(System).where(System.short_code == "K7RT3M")).one()
        add_step(session, system, step="suspend", to=SystemState.SUSPENDED, role="portal", now=now)
    with either_database.reading() as session:
        today = find_systems(session, Locale.EN, Asked(state=SystemState.SUSPENDED))
        assert [one.short_code for one in today.cut.items] == ["K7RT3M"]
        (line,) = list_products(session, Locale.CY, search="llwybr").items
        product = get_product(session, line.code)
        uses = list_uses(session, list_placed(session, product.id, Locale.CY), Locale.CY)
        assert (line.turned_off, [use.short_code for use in uses], uses[0].is_off) == (1, ["K7RT3M"], True)
        assert list_products_of(session, system.id) == []
