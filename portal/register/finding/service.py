"""Keeping the index in step with what is published: one system at a time, or all of them anew."""

from collections.abc import Callable

from sqlalchemy import delete, insert, select, update
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
_WORDS = SystemSearchWord.__table__


def index(session: Session, system_id: str, version_id: str, record: Record) -> None:
    """Make a system findable by its current version, and by nothing that only an earlier one said.

    Only what differs is written, so a version that changes no word of its list costs one look.
    """
    _place(session, system_id, version_id, record)
    keep_products(session, system_id, record)
    supplied = [text for one in named_suppliers(record) for text in (one.name, one.product) if text]
    wanted = index_of(record, supplied)
    connection = session.connection()
    before = set(connection.scalars(select(_WORDS.c.word).where(_WORDS.c.system_id == system_id)))
    if gone := before - wanted:
        connection.execute(delete(SystemSearchWord).where(_WORDS.c.system_id == system_id, _WORDS.c.word.in_(gone)))
    if new := wanted - before:
        rows = [{"word": word, "system_id": system_id} for word in sorted(new)]
        connection.execute(insert(SystemSearchWord), rows)


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


def _place(session: Session, system_id: str, version_id: str, record: Record) -> None:
    placed = {
        "version_id": version_id,
        "sort_cy": sort_key(record.name.cy, Locale.CY),
        "sort_en": sort_key(record.name.en, Locale.EN),
    }
    connection = session.connection()
    at = SystemListing.__table__.c.system_id == system_id
    if connection.execute(update(SystemListing).where(at).values(placed)).rowcount == 0:
        connection.execute(insert(SystemListing).values(system_id=system_id, **placed))
