"""``porth export``: the register as it is imported, or an entry in somebody else's format, or what that lacks."""

import gzip
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cli.progress import Progress
from portal.core.db import Database
from portal.core.errors import NotFound
from portal.directory.models import Body
from portal.migrations.newest import require_newest
from portal.register.atrs_export.filling import Incomplete, fill
from portal.register.atrs_export.writing import as_html, as_json
from portal.register.exporting import write_lines, write_register
from portal.register.posters.codes import read_code
from portal.register.queries import get_system
from portal.settings.models import Settings


def run(settings: Settings, code: str, kind: str, out: Path | None) -> int:
    """Write the record to a file or to the output; 1 with every missing field on the error stream."""
    database = Database(settings.database)
    try:
        require_newest(database)
        with database.reading() as session:
            made = fill(get_system(session, read_code(code)))
    except NotFound:
        print(f"porth: no published system has the code {code}", file=sys.stderr)
        return 1
    finally:
        database.close()
    if isinstance(made, Incomplete):
        for one in made.missing:
            print(f"{one.number or '-'}  {one.name} ({one.key})", file=sys.stderr)
        print(f"porth: {len(made.missing)} fields are missing; nothing was exported", file=sys.stderr)
        return 1
    text = as_json(made) if kind == "json" else as_html(made)
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_text(text, encoding="utf-8")
        print(f"Exported: {made.title}")
    return 0


def run_register(settings: Settings, employer: str | None, out: Path | None, lines: bool = False) -> int:
    """Write the register to a file that only its owner may read, or to the output."""
    database = Database(settings.database)
    try:
        require_newest(database)
        with database.reading() as session:
            if employer is not None and session.scalar(select(Body.id).where(Body.slug == employer)) is None:
                print(f"porth: the directory has no employer {employer}", file=sys.stderr)
                return 1
            if out is None:
                _write(session, sys.stdout, employer, lines=lines)
                return 0
            with _written(out) as file:
                count = _write(session, file, employer, lines=lines or ".jsonl" in out.suffixes)
    finally:
        database.close()
    print(f"Exported systems: {count:,}.")
    return 0


def _write(session: Session, out: TextIO, employer: str | None, *, lines: bool) -> int:
    if not lines:
        return write_register(session, out, employer=employer)
    progress = Progress()

    def tell(done: int) -> None:
        if progress.is_due:
            progress.tell(f"{done:,} systems")

    count = write_lines(session, out, employer=employer, progress=tell)
    progress.end()
    return count


@contextmanager
def _written(out: Path) -> Iterator[TextIO]:
    """A file that only its owner may read, packed if its name says so."""
    with ExitStack() as stack:
        file: BinaryIO = stack.enter_context(
            os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
        )
        if out.suffix == ".gz":
            file = cast(BinaryIO, stack.enter_context(gzip.GzipFile("", "wb", 6, file)))
        yield stack.enter_context(TextIOWrapper(file, encoding="utf-8", newline="\n"))
