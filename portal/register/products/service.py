"""Keeping products in step with what is published; called in the transaction that publishes a version."""

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.core.ids import new_id
from portal.core.text import Locale
from portal.i18n.sorting import fold, sort_key
from portal.register.products.models import Product, ProductName, ProductUse
from portal.register.products.rules import BY_ID, codes_of, named_suppliers, names_of, same_product
from portal.register.record import Record, Supplier

_USE = ProductUse.__table__.c
_NAMED = select(ProductName.__table__.c.name, ProductName.__table__.c.product_id).where(
    ProductName.__table__.c.name.in_(bindparam("names", expanding=True))
)
_DROP = delete(ProductUse).where(_USE.system_id == bindparam("system"), _USE.product_id == bindparam("product"))


def keep_products(session: Session, told: Mapping[str, Sequence[Record]]) -> None:
    """Note which products the last record of each system names, and no others; those that an earlier one of these
    records names become known as well."""
    found: dict[tuple[str, ...], str] = {}
    wanted: dict[str, set[str]] = {}
    for system_id, records in told.items():
        for record in records:
            wanted[system_id] = {_product_id(session, one, found) for one in named_suppliers(record) if names_of(one)}
    connection = session.connection()
    kept = connection.execute(select(_USE.system_id, _USE.product_id).where(_USE.system_id.in_(told)))
    before = {(system_id, product_id) for system_id, product_id in kept}
    after = {(system_id, product_id) for system_id, ids in wanted.items() for product_id in ids}
    if gone := sorted(before - after):
        connection.execute(_DROP, [{"system": system_id, "product": product_id} for system_id, product_id in gone])
    if new := sorted(after - before):
        rows = [{"product_id": product_id, "system_id": system_id} for system_id, product_id in new]
        connection.execute(insert(ProductUse), rows)


def _product_id(session: Session, supplier: Supplier, found: dict[tuple[str, ...], str]) -> str:
    """The product that a supplier's entry means, made if nobody named it before. ``found``: asked already."""
    names = names_of(supplier)
    if tuple(names) not in found:
        found[tuple(names)] = _known(session, names) or _made(session, supplier, names)
    return found[tuple(names)]


def _made(session: Session, supplier: Supplier, names: list[str]) -> str:
    try:
        with session.begin_nested():
            return _add(session, supplier, names)
    except IntegrityError:  # somebody else published the same product at the same moment
        found = _known(session, names)
        if found is None:
            raise
        return found


def _known(session: Session, names: list[str]) -> str | None:
    rows = session.connection().execute(_NAMED, {"names": names})
    known: dict[str, str] = {name: product_id for name, product_id in rows}
    if not known:
        return None
    ids_of: dict[str, list[str]] = {}
    if len(names) > 1 and names[0] not in known:
        asked = select(ProductName.product_id, ProductName.name).where(ProductName.product_id.in_(known.values()))
        for product_id, name in session.execute(asked.where(ProductName.name.startswith(BY_ID))):
            ids_of.setdefault(product_id, []).append(name)
    found = same_product(names, known, ids_of)
    if found is not None:
        _learn(session, found, [name for name in names if name not in known])
    return found


def _learn(session: Session, product_id: str, names: list[str]) -> None:
    session.add_all(ProductName(name=name, product_id=product_id) for name in names)
    session.flush()


def _add(session: Session, supplier: Supplier, names: list[str]) -> str:
    order = f"{supplier.product} {supplier.name}"
    product = Product(
        id=new_id(),
        code=_free_code(session, names[-1]),
        name=supplier.product,
        supplier=supplier.name,
        folded=fold(order),
        sort_cy=sort_key(order, Locale.CY),
        sort_en=sort_key(order, Locale.EN),
    )
    session.add(product)
    session.flush()
    taken = set(session.scalars(select(ProductName.name).where(ProductName.name.in_(names))))
    _learn(session, product.id, [name for name in names if name not in taken])
    return product.id


def _free_code(session: Session, name: str) -> str:
    return next(
        code for code in codes_of(name) if session.scalar(select(Product.id).where(Product.code == code)) is None
    )
