"""The national view as it was on a day gone by: which products versions in force then named, and where they stood."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.core.paging import PAGE, Cut
from portal.core.text import Locale
from portal.directory.models import Body
from portal.register import past
from portal.register.models import System, SystemVersion
from portal.register.products.models import Product, ProductName
from portal.register.products.queries import Line, Placed, find_product, in_order, lines_of, searched
from portal.register.products.rules import MADE, TURNED_OFF, product_mark
from portal.register.rules import SystemState


class _Named(NamedTuple):
    """One system whose version in force on the day names a product."""

    placed: Placed
    body_id: str


def list_products_on(
    session: Session, locale: Locale, on: date, *, search: str = "", cursor: str | None = None
) -> Cut[Line]:
    """The products that entries named on a day, by name, with how their employers stood then."""
    named = _named(session, locale, on)
    rows = [row for row in session.execute(searched(locale, search, cursor)) if row[0].id in named][: PAGE + 1]
    return lines_of(rows, {product.id: _counts(named[product.id]) for product, _sort in rows})


def get_placed_on(session: Session, code: str, locale: Locale, on: date) -> tuple[Product, list[Placed]]:
    """A product and every system made with it on a day. NotFound for one that no entry named then."""
    product = find_product(session, code)
    named = _named(session, locale, on).get(product.id) if product is not None else None
    if product is None or named is None:
        raise NotFound
    return product, in_order([one.placed for one in named], locale)


def _counts(named: list[_Named]) -> tuple[int, int]:
    off = {one.body_id for one in named if one.placed.state in TURNED_OFF}
    return len({one.body_id for one in named}), len(off)


def _named(session: Session, locale: Locale, on: date) -> Mapping[str, list[_Named]]:
    """By product, the systems whose version in force on the day names it."""
    known = {product_mark(name): product_id for name, product_id in session.execute(_NAMES)}
    body = Body.name_cy if locale is Locale.CY else Body.name_en
    state = past.state_on(System.__table__.c.id, SystemVersion.__table__.c.state, on)
    asked = (
        select(System.id, body, state, System.body_id, SystemVersion.words)
        .select_from(System)
        .join(SystemVersion, past.version_on(on))
        .join(Body, Body.id == System.body_id)
        .where(SystemVersion.words.contains(f" {MADE}", autoescape=True))
    )
    found: dict[str, list[_Named]] = {}
    with past.seat():
        rows = session.execute(asked).all()
    for system_id, name, stood, body_id, words in rows:
        one = _Named(Placed(system_id, name, SystemState(stood)), body_id)
        for product_id in {known[word] for word in words.split() if word in known}:
            found.setdefault(product_id, []).append(one)
    return found


_NAMES = select(ProductName.name, ProductName.product_id)
