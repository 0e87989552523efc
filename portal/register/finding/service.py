"""Keeping the index in step with what is published: one system at a time, or all of them anew."""

from collections.abc import Callable

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from portal.core.text import Locale
from portal.i18n.sorting import sort_key
from portal.register.finding.models import SystemListing, SystemSearchWord
from portal.register.finding.rules import DISPUTED, index_of, mark
from portal.register.models import System, SystemVersion
from portal.register.positions import is_disputed, list_said
from portal.register.products.rules import named_suppliers
from portal.register.products.service import keep_products
from portal.register.record import Record, read_record
from portal.register.rules import SystemState

Progress = Callable[[int, int], None]

_WORDS, _LISTED = SystemSearchWord.__table__, SystemListing.__table__
_KEPT_WORDS = select(_WORDS.c.word).where(_WORDS.c.system_id == bindparam("system"))
_KEPT_PLACES = select(_LISTED.c.place_cy, _LISTED.c.place_en).where(_LISTED.c.system_id == bindparam("system"))
_ADD_WORDS = insert(SystemSearchWord)
_DROP_WORDS = delete(SystemSearchWord).where(
    _WORDS.c.system_id == bindparam("system"), _WORDS.c.word.in_(bindparam("words", expanding=True))
)
_MOVE = update(SystemListing).where(_LISTED.c.system_id == bindparam("system"))
_ADD = insert(SystemListing)


def index(session: Session, system: System, version_id: str, record: Record) -> None:
    """Make a system findable by its current version, and by nothing that only an earlier one said.

    Only what differs is written, so a version that changes no word of its list costs one look.
    """
    connection = session.connection()
    places = {f"place_{locale}": place_of_name(record.name.get(locale), locale) for locale in Locale}
    has_moved = _place(connection, system.id, version_id, places)
    keep_products(session, system.id, record)
    supplied = [text for one in named_suppliers(record) for text in (one.name, one.product) if text]
    wanted = index_of(record, supplied) | {mark("body", system.body_id), mark("state", system.state)}
    wanted = (wanted - {DISPUTED}) | _dispute(session, system.id, record)
    before = set(connection.scalars(_KEPT_WORDS, {"system": system.id}))
    if gone := before if has_moved else before - wanted:
        connection.execute(_DROP_WORDS, {"system": system.id, "words": sorted(gone)})
    if new := wanted if has_moved else wanted - before:
        connection.execute(_ADD_WORDS, [{"word": word, "system_id": system.id, **places} for word in sorted(new)])


def restate(session: Session, system: System) -> None:
    """Let the filter follow a published system to where it stands now."""
    connection = session.connection()
    places = connection.execute(_KEPT_PLACES, {"system": system.id}).one_or_none()
    if places is None:
        return
    states = [mark("state", state) for state in SystemState]
    connection.execute(_DROP_WORDS, {"system": system.id, "words": states})
    now = {"word": mark("state", system.state), "system_id": system.id}
    connection.execute(_ADD_WORDS, {**now, "place_cy": places[0], "place_en": places[1]})


def follow_dispute(session: Session, system: System) -> None:
    """Let the filter follow what a union has just signed about a published system."""
    connection = session.connection()
    places = connection.execute(_KEPT_PLACES, {"system": system.id}).one_or_none()
    if places is None:
        return
    asked = select(SystemVersion.record).where(
        SystemVersion.system_id == system.id, SystemVersion.number == system.current_number
    )
    record = read_record(session.scalars(asked).one())
    connection.execute(_DROP_WORDS, {"system": system.id, "words": [DISPUTED]})
    for word in _dispute(session, system.id, record):
        now = {"word": word, "system_id": system.id}
        connection.execute(_ADD_WORDS, {**now, "place_cy": places[0], "place_en": places[1]})


def place_of_name(name: str, locale: Locale) -> bytes:
    """Where a name stands among others: by its letters alone, which is all that an index needs."""
    return sort_key(name, locale).partition(b"\x00")[0]


def rebuild(session: Session, *, progress: Progress | None = None) -> int:
    """The whole index anew, from the current version of every system; returns how many systems it holds."""
    session.execute(delete(SystemListing))
    session.execute(delete(SystemSearchWord))
    current = (SystemVersion.system_id == System.id) & (SystemVersion.number == System.current_number)
    systems = session.execute(select(System, SystemVersion.id).join(SystemVersion, current)).all()
    for done, (system, version_id) in enumerate(systems, start=1):
        stored = session.scalars(select(SystemVersion.record).where(SystemVersion.id == version_id)).one()
        index(session, system, version_id, Record.model_validate_json(stored))
        if progress is not None:
            progress(done, len(systems))
    return len(systems)


def _dispute(session: Session, system_id: str, record: Record) -> set[str]:
    said = list_said(session, [system_id]).get(system_id, {})
    return {DISPUTED} if is_disputed(record, said) else set()


def _place(connection: Connection, system_id: str, version_id: str, places: dict[str, bytes]) -> bool:
    """Keep the line of a system; True where its words have to be written at another place, or for the first time."""
    kept = connection.execute(_KEPT_PLACES, {"system": system_id}).one_or_none()
    if kept is None:
        connection.execute(_ADD, {"system_id": system_id, "version_id": version_id, **places})
    else:
        connection.execute(_MOVE, {"system": system_id, "version_id": version_id, **places})
    return kept is None or (kept.place_cy, kept.place_en) != (places["place_cy"], places["place_en"])
