"""What finds one version, kept beside it for good: a day gone by is searched as today is, and by nothing newer."""

from collections.abc import Callable

from sqlalchemy import func, null, select, update
from sqlalchemy.orm import Session

from portal.register.finding.rules import DISPUTED, index_of, mark
from portal.register.models import SystemVersion
from portal.register.openness import is_open
from portal.register.products.rules import named_suppliers, names_of, product_mark
from portal.register.record import Record, read_record
from portal.register.rules import Position

AT_ONCE = 200
AGAINST = mark("against", "")


def words_of_version(record: Record) -> str:
    """The words and filters of a version between spaces; whom it tells to be against it, and the products it names."""
    suppliers = named_suppliers(record)
    supplied = [text for one in suppliers for text in (one.name, one.product) if text]
    told = record.consultation.positions if is_open(record, "consultations.union_position") else ()
    against = {against_mark(one.union) for one in told if one.position is Position.NOT_AGREED}
    made = {product_mark(name) for one in suppliers for name in names_of(one)}
    return f" {' '.join(sorted((index_of(record, supplied) - {DISPUTED}) | against | made))} "


def against_mark(union: str) -> str:
    """That a version tells that a union, by its slug, does not agree."""
    return f"{AGAINST}{union}"


def forget_words(session: Session) -> None:
    """Let the words of every version be worked out again."""
    session.connection().execute(update(SystemVersion).values(words=null()))


def fill_words(session: Session, *, progress: Callable[[int, int], None] | None = None) -> int:
    """Keep the words of versions that have none yet; returns how many."""
    version = SystemVersion.__table__.c
    lacking = version.words.is_(None)
    asked = select(version.id, version.record).where(lacking).limit(AT_ONCE)
    connection = session.connection()
    count = connection.scalar(select(func.count()).where(lacking)) or 0
    done = 0
    while rows := connection.execute(asked).all():
        for version_id, stored in rows:
            words = words_of_version(read_record(stored))
            connection.execute(update(SystemVersion).where(version.id == version_id).values(words=words))
        done += len(rows)
        if progress is not None:
            progress(done, count)
    return done
