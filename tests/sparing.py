"""What one test after another would work out anew, although it comes out the same: kept for the whole process.

A server has one engine and one application, and works each of these out once. Tests open a database of their own
each, and many an application of their own: without this, a quarter of the time of the unit tests goes into writing the
same SQL and reading the same signatures again.
"""

from functools import partial
from pathlib import Path
from typing import Any

from fastapi.routing import _EffectiveRouteContext
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import create_engine
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

from portal.core import db
from portal.web import rendering

STATEMENTS: LRUCache[Any, Any] = LRUCache(4000)
PRAGMAS = db.PRAGMAS
"""How the portal prepares a connection to SQLite."""


def keep_statements() -> None:
    """Engines share what they wrote for SQLite: one function makes them all, so they speak one dialect."""
    db.create_engine = partial(create_engine, execution_options={"compiled_cache": STATEMENTS})
    SQLiteDialect_pysqlite.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]
    SQLiteDialect_pysqlite.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]


def keep_templates(folder: Path) -> None:
    """What the templates became as Python, for every process of the tests and for the next run of them."""
    folder.mkdir(parents=True, exist_ok=True)
    rendering._COMPILED = FileSystemBytecodeCache(str(folder))  # type: ignore[assignment]


def wait_for_no_disk() -> None:
    """Who loses power loses a test. Servers and commands that tests start wait, as they do at an employer's."""
    db.PRAGMAS = tuple(pragma.replace("synchronous=FULL", "synchronous=OFF") for pragma in PRAGMAS)  # type: ignore[assignment]


def keep_routes() -> None:
    """What FastAPI reads out of the signature of a route, for every application that has it at the same address."""
    read = _EffectiveRouteContext.from_api_route

    def kept(cls: Any, *, original_route: Any, include_context: Any) -> Any:
        known = original_route.__dict__.setdefault("known_to_tests", {})
        place = (include_context.prefix, include_context.max_body_size, *map(id, include_context.dependencies))
        if place not in known:
            known[place] = read(original_route=original_route, include_context=include_context)
        return known[place]

    _EffectiveRouteContext.from_api_route = classmethod(kept)  # type: ignore[assignment,method-assign]
