"""A day gone by is answered alike by SQLite and PostgreSQL."""

from datetime import datetime, timedelta

from sqlalchemy import select

from portal.core.db import Database
from portal.core.text import Locale
from portal.directory.intake import import_directory, read_directory
from portal.register.finding.earlier import find_systems_on
from portal.register.finding.rules import Asked
from portal.register.importing import import_register
from portal.register.intake import read_register
from portal.register.models import System
from portal.register.origins import approved_on
from portal.register.products.earlier import get_placed_on, list_products_on
from portal.register.products.queries import list_uses
from portal.register.queries import get_system
from portal.register.rules import SystemState
from portal.register.service import add_step
from tests.register.conftest import DEMO
from tests.register.finding.test_finding import FILTERS, SEARCHES, codes


def test_searches_filters_and_products_of_a_day(either_database: Database, now: datetime) -> None:
    today = now.date()
    with either_database.writing() as session:
        import_directory(session, read_directory((DEMO / "directory.csv").read_bytes()), now=now)
        import_register(session, read_register((DEMO / "register.json").read_bytes()), now=now)
        system = session.scalars(select(System).where(System.short_code == "K7RT3M")).one()
        add_step(session, system, step="suspend", to=SystemState.SUSPENDED, role="portal", now=now)
    with either_database.reading() as session:
        yesterday = today - timedelta(days=1)
        for asked, found in [*((Asked(told), found) for told, found in SEARCHES), *FILTERS]:
            assert codes(find_systems_on(session, Locale.CY, asked, yesterday)) == found, asked
        suspended = Asked(state=SystemState.SUSPENDED)
        assert codes(find_systems_on(session, Locale.EN, suspended, today)) == {"K7RT3M"}
        for day, off in ((yesterday, 0), (today, 1)):
            (line,) = list_products_on(session, Locale.CY, day, search="llwybr").items
            _product, placed = get_placed_on(session, line.code, Locale.CY, day)
            uses = list_uses(session, placed, Locale.CY, on=day)
            assert (line.turned_off, [use.is_off for use in uses]) == (off, [bool(off)])
        assert approved_on(session, get_system(session, "K7RT3M").version_id) is None
