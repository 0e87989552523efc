"""Keeping the index in step with what is published: one system at a time, or all of them anew."""

from collections.abc import Callable

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from portal.core.text import Locale
from portal.i18n.sorting import sort_key
from portal.register.finding.models import SystemListing, SystemSearchWord
from portal.register.finding.rules import index_of
from portal.register.models import System, SystemVersion
from portal.register.products.rules import named_suppliers
from portal.register.products.service import keep_products
from portal.register.record import Record

Progress = Callable[[int, int], None]

_WORDS, _LISTED = SystemSearchWord.__table__, SystemListing.__table__
_KEPT_WORDS = select(_WORDS.c.word).where(_WORDS.c.system_id == bindparam("system"))
_ADD_WORDS = insert(SystemSearchWord)
_DROP_WORDS = delete(SystemSearchWord).where(
    _WORDS.c.system_id == bindparam("system"), _WORDS.c.word.in_(bindparam("words", expanding=True))
)
_MOVE = update(SystemListing).where(_LISTED.c.system_id == bindparam("system"))
_ADD = insert(SystemListing)


def index(session: Session, system_id: str, version_id: str, record: Record) -> None:
    """Make a system findable by its current version, and by nothing that only an earlier one said.

    Only what differs is written, so a version that changes no word of its list costs one look.
    """
    connection = session.connection()
    _place(connection, system_id, version_id, record)
    keep_products(session, system_id, record)
    supplied = [text for one in named_suppliers(record) for text in (one.name, one.product) if text]
    wanted = index_of(record, supplied)
    before = set(connection.scalars(_KEPT_WORDS, {"system": system_id}))
    if gone := before - wanted:
        connection.execute(_DROP_WORDS, {"system": system_id, "words": sorted(gone)})
    if new := wanted - before:
        connection.execute(_ADD_WORDS, [{"word": word, "system_id": system_id} for word in sorted(new)])


def rebuild(session: Session, *, progress: Progress | None = None) -> int:
    """The whole index anew, from the current version of every system; returns how many systems it holds."""
    session.execute(delete(SystemListing))
    session.execute(delete(SystemSearchWord))
    current = (SystemVersion.system_id == System.id) & (SystemVersion.number == System.current_number)
    systems = session.execute(select(System.id, SystemVersion.id).join(SystemVersion, current)).all()
    for done, (system_id, version_id) in enumerate(systems, start=1):
        stored = session.scalars(select(SystemVersion.record).where(SystemVersion.id == version_id)).one()
        index(session, system_id, version_id, Record.model_validate_json(stored))
        if progress is not None:
            progress(done, len(systems))
    return len(systems)


def _place(connection: Connection, system_id: str, version_id: str, record: Record) -> None:
    placed = {"version_id": version_id}
    sorts = {f"sort_{locale}": sort_key(record.name.get(locale), locale) for locale in Locale}
    if connection.execute(_MOVE, {"system": system_id, **placed, **sorts}).rowcount == 0:
        connection.execute(_ADD, {"system_id": system_id, **placed, **sorts})
