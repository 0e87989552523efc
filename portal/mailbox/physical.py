"""Where rows lie. A database keeps them in the order they came, and what was deleted until something lies upon it.

PostgreSQL numbers transactions and fills its files from front to back; SQLite appends the pages of long values. So once
a day what came before today is written anew in random order, and after a deletion PostgreSQL's files are made anew.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import CheckConstraint, ColumnElement, Integer, bindparam, exists, literal_column, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core import ids
from portal.core.db import Base, Database, checkpoint
from portal.mailbox.models import SealedItem

TABLES = ("sealed_cases", "sealed_grants", "sealed_items", "sealed_files")
AT_A_TIME = 200
LONG_AGO = date(2000, 1, 1)
LONG_VALUES = (("sealed_grants", "file"), ("sealed_cases", "recipient"))
"""What the rows of one thread keep outside their tree on SQLite, its items aside."""


class MailboxUpkeep(Base):
    """One row: the last day on which rows were written anew, and whether deleted ones still lie in the files."""

    __tablename__ = "mailbox_upkeep"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    rewritten_on: Mapped[date]
    is_owed: Mapped[bool] = mapped_column(default=False)


def owe_clearing(session: Session) -> None:
    """Note, in the transaction that deletes, that deleted rows still lie in the files."""
    _upkeep(session).is_owed = True


def clear_deleted(database: Database, beside: Sequence[str] = ()) -> bool:
    """Make the files such that nothing deleted is in them; False when somebody was reading and it has to wait.

    ``beside`` are other tables that rows are put into together with sealed ones: theirs would tell the same.
    """
    done = checkpoint(database.engine) if database.is_sqlite else _rewrite_on_postgresql(database, beside)
    if done:
        with database.writing() as session:
            _upkeep(session).is_owed = False
    return done


def rewrite_if_due(database: Database, *, today: date, beside: Sequence[str] = ()) -> int:
    """Write anew, once a day, what came before today; 1 when that was done now, else 0. ``beside`` as above.

    Whoever reads or writes goes first: when a lock cannot be had quickly, the next sweep tries again.
    """
    with database.reading() as session:
        upkeep = session.get(MailboxUpkeep, 1)
        last, is_owed = (upkeep.rewritten_on, upkeep.is_owed) if upkeep else (LONG_AGO, False)
        came = SealedItem.day >= last, SealedItem.day < today
        is_due = last < today and bool(session.scalar(select(exists().where(*came))))
    if is_owed and not clear_deleted(database, beside):
        return 0
    if last >= today:
        return 0
    if is_due and database.is_sqlite:
        _rewrite_on_sqlite(database, last, today)
    elif is_due and not _rewrite_on_postgresql(database, beside):
        return 0
    with database.writing() as session:
        upkeep = _upkeep(session)
        upkeep.rewritten_on, upkeep.is_owed = today, is_due and database.is_sqlite
    if is_due and database.is_sqlite:
        clear_deleted(database)  # the log still holds in its order what came
    return int(is_due)


def _upkeep(session: Session) -> MailboxUpkeep:
    found = session.get(MailboxUpkeep, 1)
    if found is None:
        found = MailboxUpkeep(id=1, rewritten_on=LONG_AGO, is_owed=False)
        session.add(found)
    return found


def _rewrite_on_postgresql(database: Database, beside: Sequence[str]) -> bool:
    """Every row into fresh files in random order, in one transaction; the old files go with all that was deleted.

    Everybody waits meanwhile. It gives up at once where it would have to wait itself: it could be for somebody who
    waits for it.
    """
    tables = (*TABLES, *beside)
    names = ", ".join(tables)
    steps = ["SET LOCAL lock_timeout = '500ms'", f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"]
    steps += [f"CREATE TEMP TABLE kept_{name} ON COMMIT DROP AS SELECT * FROM {name}" for name in tables]  # noqa: S608 - our own names
    steps += [f"TRUNCATE {names}"]
    steps += [f"INSERT INTO {name} SELECT * FROM kept_{name} ORDER BY random()" for name in tables]  # noqa: S608
    try:
        with database.writing() as session:
            for step in steps:
                session.execute(text(step))
    except OperationalError:
        return False
    return True


def _rewrite_on_sqlite(database: Database, last: date, today: date) -> None:
    """The long values of what came since last time are taken out and put back in random order, some at a time."""
    came = SealedItem.day >= last, SealedItem.day < today
    with database.reading() as session:
        items = session.scalars(select(SealedItem.item_id).where(*came)).all()
        cases = session.scalars(select(SealedItem.case_id).where(*came).distinct()).all()
    for some in _handfuls(items):
        _put_back(database, "sealed_items", "file", SealedItem.item_id.in_(some))
    for some in _handfuls(cases):
        for name, column in LONG_VALUES:
            _put_back(database, name, column, Base.metadata.tables[name].c.case_id.in_(some))


def _put_back(database: Database, name: str, column: str, which: ColumnElement[bool]) -> None:
    table = Base.metadata.tables[name]
    keys = list(table.primary_key)
    one = update(table).where(*(key == bindparam(f"of_{key.name}") for key in keys)).values({column: bindparam("kept")})
    with database.writing() as session:
        rows = session.execute(select(*keys, table.c[column].label("kept")).where(which)).all()
        session.execute(update(table).where(which).values({column: literal_column("''")}))
        for row in ids.in_random_order(rows):
            values = row._mapping
            session.execute(one, {"kept": values["kept"], **{f"of_{key.name}": values[key.name] for key in keys}})


def _handfuls(keys: Sequence[bytes]) -> list[list[bytes]]:
    shuffled = ids.in_random_order(keys)
    return [shuffled[start : start + AT_A_TIME] for start in range(0, len(shuffled), AT_A_TIME)]
