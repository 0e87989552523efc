"""Keeping the index in step with what is published: one system at a time, or all of them anew."""

from collections.abc import Callable, Sequence

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from portal.audit.service import wait_turn
from portal.core.ids import new_id
from portal.core.text import Locale
from portal.i18n.sorting import sort_key
from portal.register.finding.kept_words import fill_words, forget_words
from portal.register.finding.models import IndexStanding, SystemListing
from portal.register.models import System, SystemVersion
from portal.register.positions import is_disputed, list_said
from portal.register.products.service import keep_products
from portal.register.record import Record, read_record

Progress = Callable[[int, int], None]

RECENT = 32
"""Changes of the index that a copy in memory may be behind without being read anew."""
_SIGN = len(new_id())
_CHANGE = "change of the index"

_LISTED, _STANDING = SystemListing.__table__.c, IndexStanding.__table__.c
_IS_LISTED = select(_LISTED.system_id).where(_LISTED.system_id == bindparam("system"))
_KEEP = update(SystemListing).where(_LISTED.system_id == bindparam("system"))
_ADD = insert(SystemListing)
_NUMBER = select(_STANDING.number)
_STEP = update(IndexStanding).values(
    number=_STANDING.number + 1,
    recent=func.substr(bindparam("sign") + " " + _STANDING.recent, 1, RECENT * (_SIGN + 1) - 1),
)


def index(session: Session, published: Sequence[tuple[System, Sequence[tuple[str, Record]]]]) -> None:
    """Make each system findable by the last of its versions, given by id in their order, and by nothing that only an
    earlier one said."""
    ids = [system.id for system, _versions in published]
    keep_products(session, {system.id: [record for _id, record in versions] for system, versions in published})
    said = list_said(session, ids)
    connection, change = session.connection(), _change_number(session)
    listed = set(connection.scalars(select(_LISTED.system_id).where(_LISTED.system_id.in_(ids))))
    lines = []
    for system, versions in published:
        version_id, record = versions[-1]
        line = {
            "system": system.id,
            "version_id": version_id,
            "change": change,
            "is_disputed": is_disputed(record, said.get(system.id, {})),
            **{f"place_{locale}": place_of_name(record.name.get(locale), locale) for locale in Locale},
        }
        lines.append(line)
    if kept := [line for line in lines if line["system"] in listed]:
        connection.execute(_KEEP.values({name: bindparam(name) for name in kept[0] if name != "system"}), kept)
    if new := [{"system_id": line.pop("system"), **line} for line in lines if line["system"] not in listed]:
        connection.execute(_ADD, new)


def restate(session: Session, system: System) -> None:
    """Let the filter follow a published system to where it stands now."""
    _keep(session, system.id)


def follow_dispute(session: Session, system: System) -> None:
    """Let the filter follow what a union has just signed about a published system."""
    asked = select(SystemVersion.record).where(
        SystemVersion.system_id == system.id, SystemVersion.number == system.current_number
    )
    stored = session.scalars(asked).one_or_none()
    if stored is not None:
        _keep(session, system.id, is_disputed=_is_disputed(session, system.id, read_record(stored)))


def place_of_name(name: str, locale: Locale) -> bytes:
    """Where a name stands among others: by its letters alone, which is all that an index needs."""
    return sort_key(name, locale).partition(b"\x00")[0]


def is_behind(session: Session) -> bool:
    """Whether some version was published before its words were kept, so that the index has to be made anew."""
    return session.scalar(select(SystemVersion.id).where(SystemVersion.words.is_(None)).limit(1)) is not None


def rebuild(session: Session, *, progress: Progress | None = None) -> int:
    """The whole index anew, from the versions of every system; returns how many systems it holds."""
    for table in (IndexStanding, SystemListing):
        session.execute(delete(table))
    session.info.pop(_CHANGE, None)
    forget_words(session)
    fill_words(session, progress=progress)
    current = (SystemVersion.system_id == System.id) & (SystemVersion.number == System.current_number)
    systems = session.execute(select(System, SystemVersion.id).join(SystemVersion, current)).all()
    for done, (system, version_id) in enumerate(systems, start=1):
        stored = session.scalars(select(SystemVersion.record).where(SystemVersion.id == version_id)).one()
        index(session, [(system, [(version_id, Record.model_validate_json(stored))])])
        if progress is not None:
            progress(done, len(systems))
    return len(systems)


def _is_disputed(session: Session, system_id: str, record: Record) -> bool:
    return is_disputed(record, list_said(session, [system_id]).get(system_id, {}))


def _keep(session: Session, system_id: str, **line: object) -> bool:
    """Change what the index says of a system, and let copies know; False where it is not listed."""
    connection = session.connection()
    if connection.execute(_IS_LISTED, {"system": system_id}).one_or_none() is None:
        return False
    connection.execute(_KEEP, {"system": system_id, "change": _change_number(session), **line})
    return True


def _change_number(session: Session) -> int:
    """The number of the change that this transaction makes to the index; others that change it wait for its end."""
    if _CHANGE not in session.info:
        wait_turn(session)
        connection, sign = session.connection(), new_id()
        if not connection.execute(_STEP, {"sign": sign}).rowcount:
            connection.execute(insert(IndexStanding), {"number": 1, "recent": sign})
        session.info[_CHANGE] = connection.scalars(_NUMBER).one()
    number: int = session.info[_CHANGE]
    return number
