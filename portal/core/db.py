"""The engine, and the two ways to use it: ``reading()`` never commits, ``writing()`` is the only place that does."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from time import sleep
from typing import Any

from sqlalchemy import MetaData, create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, sessionmaker
from sqlalchemy.orm import Session as Session

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The root of every table."""

    metadata = MetaData(naming_convention=NAMING)


class Database:
    """One database: SQLite in a file, or PostgreSQL, by its URL alone."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = make_engine(url)
        self._writer = self.engine.execution_options(begin="BEGIN IMMEDIATE")
        self._session = sessionmaker(self.engine, expire_on_commit=False)
        event.listen(self._session, "after_flush", _note_flushed)
        event.listen(self._session, "do_orm_execute", _note_statement)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that is always rolled back."""
        with self._session() as session:
            yield session
            session.rollback()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session, a transaction, and the one commit of the portal. On SQLite its first statement takes the lock.

        Not before: a request that held the lock and waited for a thread, while those who wait for the lock had all
        threads, would stop the process until somebody gives up.
        """
        with self._session(bind=self._writer) as session:
            try:
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                raise
            for table in session.info.pop(WRITTEN, ()):
                _WRITES[self.url, table] += 1

    def let_others_in(self) -> None:
        """A pause between the transactions of somebody who has many to make.

        Who waits for SQLite's lock looks every tenth of a second at most, so they find it free in a pause that long;
        without one, whoever writes again and again keeps people from signing in for as long as it takes.
        """
        if self.is_sqlite:
            sleep(OTHERS_LOOK_EVERY)

    def writes_to(self, tables: Iterable[str]) -> int:
        """How often this process committed something to one of these tables; nothing else moves the number."""
        return sum(_WRITES[self.url, table] for table in tables)

    def session(self) -> Session:
        """A session for reads that its owner closes; it takes a connection when it is first asked something."""
        return self._session()

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


NO_KEY: dict[str, bool] = {"key_share": True}
"""``with_for_update``: a row held against every change but not against rows that refer to it (FOR NO KEY UPDATE)."""
OTHERS_LOOK_EVERY = 0.11
"""Seconds: the longest pause of SQLite's busy handler is a tenth."""
WRITTEN = "tables written to"
_WRITES: Counter[tuple[str, str]] = Counter()


def _note_flushed(session: Session, _context: object) -> None:
    changed = (*session.new, *session.dirty, *session.deleted)
    session.info.setdefault(WRITTEN, set()).update(one.__tablename__ for one in changed)


def _note_statement(asked: ORMExecuteState) -> None:
    if asked.is_insert or asked.is_update or asked.is_delete:
        table = getattr(asked.statement, "table", None)
        asked.session.info.setdefault(WRITTEN, set()).add(str(getattr(table, "name", "")))


def make_engine(url: str) -> Engine:
    """An engine whose errors never show bound values (traps.md), tuned for the database at hand."""
    if not url.startswith("sqlite"):
        return create_engine(
            url, hide_parameters=True, pool_size=8, max_overflow=8, pool_pre_ping=True, connect_args=SHORT_QUESTIONS
        )
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=8,
        max_overflow=8,
        connect_args={"timeout": 15, "check_same_thread": False, "isolation_level": None},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


SHORT_QUESTIONS = {"options": "-c jit=off"}
"""PostgreSQL would compile a question that it takes for a long one: a quarter of a second for an answer of one."""
WRITERS_WAIT, CHECKPOINT_WAITS = "PRAGMA busy_timeout=15000", "PRAGMA busy_timeout=500"
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    WRITERS_WAIT,
    "PRAGMA cache_size=-16000",
    "PRAGMA temp_store=MEMORY",
)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """pysqlite opens no transaction before a SELECT (traps.md), so we begin; writers take the lock at once."""
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


def checkpoint(engine: Engine) -> bool:
    """Fold SQLite's write-ahead log into the file and empty it, so that deleted content is nowhere (traps.md).

    False when somebody was reading all the while; nothing is lost, it has to be asked again. Whoever wants to write
    waits as long as this does, so it does not wait long.
    """
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            raw = connection.connection.driver_connection
            if raw is not None:
                connection.rollback()
                raw.execute(CHECKPOINT_WAITS)
                try:
                    return bool(raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
                finally:
                    raw.execute(WRITERS_WAIT)
    return True
