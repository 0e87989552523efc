"""When two records mean the same product, and which states of a system mean that a body turned it off."""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import count

from portal.i18n.sorting import fold
from portal.register.openness import is_open
from portal.register.record import Record, Supplier
from portal.register.rules import SystemState

TURNED_OFF = frozenset({SystemState.SUSPENDED, SystemState.RETIRING, SystemState.RETIRED})
"""A body that is retiring a product has decided against it, though it may still run for some weeks."""

MADE = "made:"
"""Marks among the words of a version that it names a product."""
BY_ID, BY_NAMES = "id:", "names:"
LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"
"""As in every other code that people read out: no vowel, and nothing that looks like something else."""
CODE_LENGTH = 6


def named_suppliers(record: Record) -> tuple[Supplier, ...]:
    """The suppliers that a record names to everybody: none where a field that names them is withheld."""
    return record.suppliers if is_open(record, "third_parties.name", "product_id / version") else ()


def names_of(supplier: Supplier) -> list[str]:
    """What a record knows a product by, the surest first; nothing where it names no product."""
    if not supplier.product:
        return []
    by_names = f"{BY_NAMES}{_plain(supplier.name)}|{_plain(supplier.product)}"
    return [f"{BY_ID}{supplier.product_id}", by_names] if supplier.product_id else [by_names]


def product_mark(name: str) -> str:
    """That a version names a product so (``names_of``), in one word."""
    return MADE + hashlib.sha256(name.encode()).hexdigest()[:16]


def codes_of(name: str) -> Iterator[str]:
    """The codes that a product may get; the first that is free is its own. Made of its name, they are no accident."""
    for attempt in count():
        number = int.from_bytes(hashlib.sha256(f"{name}#{attempt}".encode()).digest()[:8])
        places = [number // len(LETTERS) ** place % len(LETTERS) for place in range(CODE_LENGTH)]
        yield "".join(LETTERS[place] for place in places)


def same_product(names: Sequence[str], known: dict[str, str], ids_of: dict[str, list[str]]) -> str | None:
    """Which known product a record's names mean. ``known``: product by name; ``ids_of``: its suppliers' ids.

    An id decides. Names alone decide as well, unless both sides have an id and the ids differ.
    """
    found = next((known[name] for name in names if name in known), None)
    if found is None or names[0] in known or not names[0].startswith(BY_ID):
        return found
    return None if ids_of.get(found) else found


def _plain(text: str) -> str:
    """Folded, with single spaces, and without what firms put behind their names."""
    words = fold(text).replace(".", " ").replace(",", " ").split()
    while len(words) > 1 and words[-1] in {"ltd", "limited", "cyf", "plc", "llp", "inc", "uk", "(uk)"}:
        words.pop()
    return " ".join(words)
