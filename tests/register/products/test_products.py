"""The same product across employers: when two records mean one, and what of each is shown."""

from copy import deepcopy
from datetime import date, datetime
from itertools import islice
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.db import Database
from portal.core.errors import NotFound
from portal.core.text import Locale
from portal.register import service
from portal.register.importing import import_register
from portal.register.intake import read_register
from portal.register.models import System
from portal.register.products import queries
from portal.register.products.models import Product
from portal.register.products.rules import LETTERS, codes_of, named_suppliers, names_of, same_product
from portal.register.queries import get_system
from portal.register.record import Record, Supplier
from portal.register.rules import SystemState
from tests.register.changing import WITHOUT_SUPPLIERS, changed


def supplier(name: str = "Rotafa Cyf", product: str = "Rotafa 7", product_id: str | None = None) -> Supplier:
    return Supplier(name=name, product=product, product_id=product_id)


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        (supplier(), supplier(), True),
        (supplier("ROTAFA"), supplier("Rotafa Cyf."), True),
        (supplier("Rotafa (UK) Ltd"), supplier("Rotafa Limited"), True),
        (supplier("Rótafa", "Rotafa  7"), supplier(), True),
        (supplier(product="Rotafa 8"), supplier(), False),
        (supplier("Arall Cyf"), supplier(), False),
    ],
)
def test_names_fold_to_one(one: Supplier, other: Supplier, are_one: bool) -> None:
    assert (names_of(one) == names_of(other)) is are_one


@pytest.mark.parametrize(
    ("names", "known", "ids_of", "found"),
    [
        (["names:a|b"], {}, {}, None),
        (["names:a|b"], {"names:a|b": "p"}, {"p": ["id:x"]}, "p"),
        (["id:x", "names:a|b"], {"id:x": "p"}, {}, "p"),
        (["id:x", "names:a|b"], {"id:x": "p", "names:a|b": "q"}, {}, "p"),
        (["id:x", "names:a|b"], {"names:a|b": "q"}, {}, "q"),
        (["id:x", "names:a|b"], {"names:a|b": "q"}, {"q": ["id:y"]}, None),
    ],
)
def test_an_id_decides_and_names_do_where_ids_do_not_differ(
    names: list[str], known: dict[str, str], ids_of: dict[str, list[str]], found: str | None
) -> None:
    assert same_product(names, known, ids_of) == found


def test_a_supplier_without_a_product_and_a_withheld_one_are_none(entry: dict[str, Any]) -> None:
    both = {"cy": "Gair", "en": "Word"}
    told = {"reason_code": "security", "reason": both, "approved_by": both, "review_by": "2027-01-01"}
    suppliers = [{"name": "Rotafa", "product": "Rotafa 7", "role": both}]
    record = Record.model_validate({**entry["record"], "suppliers": suppliers})
    assert named_suppliers(record) == record.suppliers
    for field in ("third_parties", "third_parties.name", "product_id / version"):
        hidden = {**entry["record"], "suppliers": suppliers, "withheld": [{"field": field, **told}]}
        assert named_suppliers(Record.model_validate(hidden)) == ()
    assert names_of(supplier(product="")) == []


def test_a_code_is_made_of_the_name_and_the_next_one_differs() -> None:
    first, second = islice(codes_of("names:rotafa|rotafa 7"), 2)
    assert first == next(codes_of("names:rotafa|rotafa 7")) and first != second
    assert len(first) == 6 and set(first + second) <= set(LETTERS)


@pytest.fixture
def shared(register: Database, entry: dict[str, Any], as_file: Any, now: datetime) -> Database:
    """The demonstration, and the council using the board's rota as well, with another spelling of its supplier."""
    second = deepcopy(entry)
    second["record"]["suppliers"] = [
        {"name": "ROTAFA Limited", "product": "Rotafa 7", "role": {"cy": "Gwneuthurwr", "en": "Maker"}}
    ]
    with register.writing() as session:
        import_register(session, read_register(as_file(second)), now=now)
    return register


def product_of(database: Database, code: str) -> str:
    """The code of the one product that a system shares with another."""
    with database.reading() as session:
        (shared,) = queries.list_products_of(session, get_system(session, code).id)
        return shared.code


def test_two_employers_with_one_product_meet_under_one_code(shared: Database) -> None:
    code = product_of(shared, "RT4S7K")
    assert product_of(shared, "DR7M2K") == code
    with shared.reading() as session:
        assert queries.list_products_of(session, get_system(session, "K7RT3M").id) == []
        product = queries.get_product(session, code.lower())
        placed = queries.list_placed(session, product.id, Locale.EN)
        assert [one.body.split()[0] for one in placed] == ["Dyffryn", "Glannau"]
        uses = queries.list_uses(session, placed, Locale.CY)
        assert [use.name for use in uses] == ["Amserau’r drysau", "Rota electronig"]
        (line,) = [one for one in queries.list_products(session, Locale.CY).items if one.code == code]
        assert (line.employers, line.turned_off) == (2, 0)


def test_a_product_that_was_turned_off_stands_first_and_is_counted(shared: Database) -> None:
    code = product_of(shared, "RT4S7K")
    with shared.writing() as session:
        session.scalars(select(System).where(System.short_code == "RT4S7K")).one().state = SystemState.RETIRED
    with shared.reading() as session:
        product = queries.get_product(session, code)
        placed = queries.list_placed(session, product.id, Locale.EN)
        assert [one.state for one in placed] == [SystemState.RETIRED, SystemState.LIVE]
        (line,) = queries.list_products(session, Locale.EN, search="rotafa 7").items
        assert (line.employers, line.turned_off) == (2, 1)


def test_a_version_that_names_the_product_no_more_leaves_it(shared: Database, now: datetime) -> None:
    code = product_of(shared, "RT4S7K")
    for short_code in ("RT4S7K", "DR7M2K"):
        with shared.writing() as session:
            found = get_system(session, short_code)
            row = session.get(System, found.id)
            assert row is not None
            record = changed(found.whole, **WITHOUT_SUPPLIERS)
            service.publish(session, None, row, record, published_on=date(2026, 11, 22), now=now)
    with shared.reading() as session:
        with pytest.raises(NotFound):
            queries.get_product(session, code)
        assert code not in {line.code for line in queries.list_products(session, Locale.EN).items}
        assert session.scalar(select(Product.code).where(Product.code == code)) == code


def test_an_id_given_later_keeps_the_code(shared: Database, now: datetime) -> None:
    code = product_of(shared, "RT4S7K")
    for short_code in ("RT4S7K", "DR7M2K"):
        with shared.writing() as session:
            found = get_system(session, short_code)
            row = session.get(System, found.id)
            assert row is not None
            made = tuple(one.model_copy(update={"product_id": "rotafa"}) for one in found.whole.suppliers)
            renamed = tuple(one.model_copy(update={"product": "Rotafa Eight"}) for one in made)
            for day, suppliers in ((22, made), (23, renamed)):
                record = changed(found.whole, date(2026, 11, day), suppliers=suppliers)
                service.publish(session, None, row, record, published_on=date(2026, 11, day), now=now)
    assert product_of(shared, "RT4S7K") == code


@pytest.mark.parametrize("code", ["ZZZZZZ", "", "x'", "../../etc"])
def test_an_unknown_code_is_not_found(register: Database, code: str) -> None:
    with register.reading() as session, pytest.raises(NotFound):
        queries.get_product(session, code)


def test_pages_go_on_after_a_system() -> None:
    placed = [queries.Placed(f"s{number:03}", "Body", SystemState.LIVE) for number in range(60)]
    seen: list[str] = []
    cursor = None
    for _page in range(3):
        cut = queries.cut_placed(placed, cursor)
        seen += [one.system_id for one in cut.items]
        cursor = cut.next_cursor
    assert cursor is None and seen == [one.system_id for one in placed]
    assert queries.cut_placed(placed, "nonsense").items == queries.cut_placed(placed, None).items
    assert queries.cut_placed([], None).items == []
