"""Reads of the national view: products, who uses them, and what the same product's users have published."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, bindparam, case, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from portal.core.errors import NotFound
from portal.core.paging import PAGE, Cut, read_cursor, write_cursor
from portal.core.text import Locale
from portal.directory.models import Body, Union
from portal.i18n.sorting import fold, sort_key
from portal.register import past
from portal.register.models import System, SystemStep, SystemVersion
from portal.register.opening import read_open
from portal.register.positions import Said, list_said
from portal.register.products.models import Product, ProductUse
from portal.register.products.rules import TURNED_OFF
from portal.register.queries import IS_CURRENT, place_of
from portal.register.record import Record
from portal.register.rules import SystemState

_CODE = re.compile(r"[0-9A-Za-z]{6}")
_MINE, _THEIRS = aliased(ProductUse), aliased(ProductUse)
_SHARED = (
    select(Product.code, Product.name, Product.supplier)
    .join(_MINE, _MINE.product_id == Product.id)
    .where(_MINE.system_id == bindparam("system"))
    .where(exists().where(_THEIRS.product_id == Product.id, _THEIRS.system_id != _MINE.system_id))
    .order_by(Product.sort_en)
)
_alphabetical = lru_cache(maxsize=4096)(sort_key)


class Line(NamedTuple):
    """One product of the list, with how many employers have an entry about it and how many turned it off."""

    code: str
    name: str
    supplier: str
    employers: int
    turned_off: int


class Shared(NamedTuple):
    """A product that more than one system is made with."""

    code: str
    name: str
    supplier: str


class Placed(NamedTuple):
    """One system made with a product: enough to put it in its place."""

    system_id: str
    body: str
    state: SystemState


@dataclass(frozen=True, slots=True)
class Use:
    """One system made with a product, as its body has published it."""

    short_code: str
    body: str
    name: str
    state: SystemState
    state_since: date
    record: Record
    facts: dict[str, Any]
    said: Said
    union_names: dict[str, str]

    @property
    def is_off(self) -> bool:
        return self.state in TURNED_OFF


def list_products(session: Session, locale: Locale, *, search: str = "", cursor: str | None = None) -> Cut[Line]:
    """The products that entries name, by name; with ``search``, those that hold every word of it."""
    in_use = Product.id.in_(select(ProductUse.product_id))
    rows = session.execute(searched(locale, search, cursor).where(in_use).limit(PAGE + 1)).all()
    return lines_of(rows, _counts(session, [product.id for product, _sort in rows[:PAGE]]))


def searched(locale: Locale, search: str, cursor: str | None) -> Select[Product, bytes]:
    """The products whose names hold every word, by name, after a cursor; each with its place in the alphabet."""
    sort = Product.sort_cy if locale is Locale.CY else Product.sort_en
    asked = select(Product, sort).order_by(sort, Product.id)
    for word in fold(search).split():
        asked = asked.where(Product.folded.contains(word, autoescape=True))
    after = place_of(cursor)
    return asked if after is None else asked.where(tuple_(sort, Product.id) > tuple_(*after))


def lines_of(rows: Sequence[Row[Product, bytes]], counts: Mapping[str, tuple[int, int]]) -> Cut[Line]:
    """One page of the list."""
    lines = [Line(one.code, one.name, one.supplier, *counts[one.id]) for one, _sort in rows[:PAGE]]
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Cut(lines, write_cursor(last[1].hex(), last[0].id) if last else None)


def get_product(session: Session, code: str) -> Product:
    """A product by its code. NotFound for one that no entry names now: what is withheld is not there to be counted."""
    found = find_product(session, code)
    if found is None or session.scalar(select(ProductUse.system_id).where(ProductUse.product_id == found.id)) is None:
        raise NotFound
    return found


def find_product(session: Session, code: str) -> Product | None:
    """A product that an entry names, or once named."""
    return session.scalar(select(Product).where(Product.code == code.upper())) if _CODE.fullmatch(code) else None


def list_placed(session: Session, product_id: str, locale: Locale) -> list[Placed]:
    """Every system made with a product: those turned off first, then by employer in the alphabet of the language."""
    body = Body.name_cy if locale is Locale.CY else Body.name_en
    asked = (
        select(System.id, body, System.state)
        .join(ProductUse, ProductUse.system_id == System.id)
        .join(Body, Body.id == System.body_id)
        .where(ProductUse.product_id == product_id)
    )
    return in_order([Placed(*row) for row in session.execute(asked)], locale)


def in_order(placed: Iterable[Placed], locale: Locale) -> list[Placed]:
    """Those turned off first, then by employer in the alphabet of the language."""
    return sorted(placed, key=lambda one: (one.state not in TURNED_OFF, _alphabetical(one.body, locale), one.system_id))


def cut_placed(placed: Sequence[Placed], cursor: str | None) -> Cut[Placed]:
    """One page of them, going on after the system that a cursor names."""
    values = read_cursor(cursor, 1)
    ids = [one.system_id for one in placed]
    start = ids.index(str(values[0])) + 1 if values is not None and values[0] in ids else 0
    page = placed[start : start + PAGE]
    return Cut(page, write_cursor(page[-1].system_id) if start + PAGE < len(placed) else None)


def list_uses(session: Session, placed: Sequence[Placed], locale: Locale, *, on: date | None = None) -> list[Use]:
    """What the bodies have published about these systems, or had by a day gone by, in the order given."""
    ids = [one.system_id for one in placed]
    is_shown = IS_CURRENT if on is None else past.version_on(on)
    asked = select(System.id, System.short_code, System.state_since, SystemVersion.record)
    found = {row.id: row for row in session.execute(asked.join(SystemVersion, is_shown).where(System.id.in_(ids)))}
    steps, said = _last_steps(session, placed, on), list_said(session, ids, on=on)
    names: dict[str, str] = {slug: name for slug, name in session.execute(select(Union.slug, Union.name))}
    return [
        _use(one, found[one.system_id], steps.get(one.system_id), said.get(one.system_id, {}), names, locale)
        for one in placed
    ]


def list_products_of(session: Session, system_id: str) -> list[Shared]:
    """The products that a system is made with and that another system on the register is made with too."""
    return [Shared(*row) for row in session.connection().execute(_SHARED, {"system": system_id})]


def _counts(session: Session, product_ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Employers with an entry about each product, and those with one that is turned off."""
    rows = session.execute(_counting().where(ProductUse.product_id.in_(product_ids)))
    return {product_id: (employers, turned_off) for product_id, employers, turned_off in rows}


def _counting() -> Select[str, int, int]:
    off: ColumnElement[Any] = case((System.state.in_(TURNED_OFF), System.body_id))
    return (
        select(ProductUse.product_id, func.count(System.body_id.distinct()), func.count(off.distinct()))
        .join(System, System.id == ProductUse.system_id)
        .group_by(ProductUse.product_id)
    )


def _last_steps(session: Session, placed: Sequence[Placed], on: date | None) -> dict[str, SystemStep]:
    """The step that brought each system to where it stands, or stood on the day."""
    states = {one.system_id: one.state for one in placed}
    asked = (
        select(SystemStep)
        .where(SystemStep.system_id.in_(states), SystemStep.on <= (on or date.max))
        .where(or_(SystemStep.from_state.is_(None), SystemStep.from_state != SystemStep.to_state))
        .order_by(SystemStep.number)
    )
    return {step.system_id: step for step in session.scalars(asked) if step.to_state is states[step.system_id]}


def _use(
    placed: Placed, row: Any, step: SystemStep | None, said: Said, union_names: dict[str, str], locale: Locale
) -> Use:
    read = read_open(row.record)
    return Use(
        short_code=row.short_code,
        body=placed.body,
        name=read.name.get(locale),
        state=placed.state,
        state_since=step.on if step else row.state_since,
        record=read,
        facts=step.facts if step else {},
        said=said,
        union_names=union_names,
    )
