"""A register of 200 systems made one of 20,000, row by row in the database: an import of that size takes minutes.

Every copy has the rows of its model with ids, code, body and name of its own, and the words of its own name in place of
its model's. What a page of a copy costs is therefore what the page of an imported system costs.
"""

import json
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from portal.core.db import Database
from portal.core.ids import new_id
from portal.core.text import Locale
from portal.directory.models import Body, StaffGroup, Workplace
from portal.i18n.mutation import radicals, spellings, tokens
from portal.i18n.sorting import sort_key
from portal.register.finding.models import IndexStanding, SystemListing
from portal.register.finding.service import place_of_name
from portal.register.models import (
    AffectedGroup,
    DataItem,
    DecisionPoint,
    System,
    SystemStep,
    SystemVersion,
)
from portal.register.products.models import ProductUse
from portal.register.record import digest_of
from tests.bench.register import body_of, named, short_code

PREFIX = "system-"
Row = dict[str, Any]


class Copier:
    """The models' rows, and where in the directory their copies go."""

    def __init__(self, connection: Connection, models: int) -> None:
        self.models = models
        self._connection = connection
        self._bodies = {slug: row_id for slug, row_id in connection.execute(select(Body.slug, Body.id))}
        self._at = self._directory(Workplace.__table__, "slug") | self._directory(StaffGroup.__table__, "code")
        self._slugs = {row_id: slug for (_body, slug), row_id in self._at.items()}
        rows = self._rows(System.__table__, System.__table__.c.slug.startswith(PREFIX))
        self.systems = {int(row["slug"].removeprefix(PREFIX)): row for row in rows}
        ids = [row["id"] for row in rows]
        self._number = {row["id"]: number for number, row in self.systems.items()}
        self._versions = self._rows(SystemVersion.__table__, SystemVersion.__table__.c.system_id.in_(ids))
        self._system_of = {row["id"]: row["system_id"] for row in self._versions}
        self._names = {row["id"]: {locale: row[f"name_{locale}"] for locale in Locale} for row in self._versions}
        versions = list(self._system_of)
        self._parts = {
            table: self._rows(table, table.c.version_id.in_(versions))
            for table in (AffectedGroup.__table__, DecisionPoint.__table__, DataItem.__table__)
        }
        self._kept = {
            table: self._rows(table, table.c.system_id.in_(ids))
            for table in (SystemStep.__table__, SystemListing.__table__, ProductUse.__table__)
        }

    def _rows(self, table: Any, where: Any) -> list[Row]:
        return [dict(row) for row in self._connection.execute(select(table).where(where)).mappings()]

    def _directory(self, table: Any, column: str) -> dict[tuple[str, str], str]:
        asked = select(table.c.body_id, table.c[column], table.c.id)
        return {(body_id, slug): row_id for body_id, slug, row_id in self._connection.execute(asked)}

    def copy(self, connection: Connection, times: int) -> None:
        """The whole register once more, as the systems that follow."""
        self._connection = connection
        self._insert(System.__table__, list(self.systems.values()), lambda row: self._system(row, times))
        self._insert(SystemVersion.__table__, self._versions, lambda row: self._version(row, times))
        self._insert(AffectedGroup.__table__, self._parts[AffectedGroup.__table__], lambda row: self._group(row, times))
        for table in (DecisionPoint.__table__, DataItem.__table__):
            self._insert(table, self._parts[table], lambda row: _of_version(row, times))
        self._insert(SystemStep.__table__, self._kept[SystemStep.__table__], lambda row: _of_system(row, times))
        self._insert(ProductUse.__table__, self._kept[ProductUse.__table__], lambda row: _of_system(row, times))
        self._insert(
            SystemListing.__table__, self._kept[SystemListing.__table__], lambda row: self._listing(row, times)
        )

    def _insert(self, table: Any, rows: Sequence[Row], change: Callable[[Row], Row]) -> None:
        if rows:
            write(self._connection, table, [change(row) for row in rows])

    def _body_of(self, number: int) -> str:
        return self._bodies[body_of(number)]

    def _system(self, row: Row, times: int) -> Row:
        number = times * self.models + self._number[row["id"]]
        own = {"slug": f"{PREFIX}{number}", "short_code": short_code(number), "body_id": self._body_of(number)}
        return {**row, **own, "id": _copied(row["id"], times)}

    def _version(self, row: Row, times: int) -> Row:
        number = times * self.models + self._number[row["system_id"]]
        names = {f"name_{locale}": self._renamed(row[f"name_{locale}"], number) for locale in Locale}
        record, words = row["record"], set(row["words"].split())
        for locale in Locale:
            record = record.replace(row[f"name_{locale}"], names[f"name_{locale}"])
            words -= _words_of(row[f"name_{locale}"])
        words = words.union(*(_words_of(name) for name in names.values()))
        sorts = {f"sort_{locale}": sort_key(names[f"name_{locale}"], locale) for locale in Locale}
        made = {"record": record, "digest": digest_of(record), "words": f" {' '.join(sorted(words))} "}
        return {**_of_system(row, times), **names, **sorts, **made}

    def _group(self, row: Row, times: int) -> Row:
        number = times * self.models + self._number[self._system_of[row["version_id"]]]
        to = self._body_of(number)
        moved = {name: self._at[to, self._slugs[row[name]]] if row[name] else None for name in _PLACED}
        return {**_of_version(row, times), **moved, "body_id": to}

    def _listing(self, row: Row, times: int) -> Row:
        number = times * self.models + self._number[row["system_id"]]
        names = self._names[row["version_id"]]
        places = {f"place_{locale}": place_of_name(self._renamed(names[locale], number), locale) for locale in Locale}
        return {**_of_system(row, times), "version_id": _copied(row["version_id"], times), **places}

    def _renamed(self, name: str, number: int) -> str:
        return named(name.rsplit(" ", 3)[0], number)


_PLACED = ("workplace_id", "staff_group_id")


def _copied(row_id: str, times: int) -> str:
    return f"{row_id[:22]}{times:04d}"


def _of_system(row: Row, times: int) -> Row:
    own = {"id": _copied(row["id"], times)} if "id" in row else {}
    return {**row, **own, "system_id": _copied(row["system_id"], times)}


def _of_version(row: Row, times: int) -> Row:
    return {**row, "id": _copied(row["id"], times), "version_id": _copied(row["version_id"], times)}


def _words_of(name: str) -> set[str]:
    return {radical for token in tokens(name) for word in spellings(token) for radical in radicals(word)}


def write(connection: Connection, table: Any, rows: Sequence[Row]) -> None:
    """Many rows at once: on PostgreSQL by COPY, which takes a tenth of the time."""
    if connection.dialect.name != "postgresql":
        connection.execute(insert(table), rows)
        return
    names = list(rows[0])
    columns = ", ".join(f'"{name}"' for name in names)
    raw: Any = connection.connection.driver_connection
    with raw.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row([_plain(row[name]) for name in names])


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return json.dumps(value) if isinstance(value, dict) else value


def multiply(database: Database, models: int, systems: int) -> None:
    """Make a register of ``models`` imported systems one of ``systems``."""
    with database.reading() as session:
        copier = Copier(session.connection(), models)
    for times in range(1, systems // models):
        with database.writing() as session:
            copier.copy(session.connection(), times)
    with database.writing() as session:  # whoever holds the index in memory reads it anew
        session.execute(delete(IndexStanding))
        session.execute(insert(IndexStanding).values(number=1, recent=new_id()))
