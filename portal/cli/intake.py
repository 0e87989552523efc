"""``porth import``: files become rows, or a list of faults; never half of it."""

import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from portal.core.db import Database
from portal.core.errors import Fault, ImportRefused
from portal.directory.intake import import_directory, read_directory
from portal.identity.service import follow_directory
from portal.migrations.newest import require_newest
from portal.register.atrs import import_atrs, read_atrs
from portal.register.importing import import_register
from portal.register.intake import read_register
from portal.register.responsible import link_responsible
from portal.settings.models import Settings

MOST_BYTES = 10 * 1024 * 1024
STEP = 20


def run(settings: Settings, what: str, file: Path, check_only: bool) -> int:
    """Read the file whole, list every fault or import everything, and say what became of it."""
    content = read_file(file)
    database = Database(settings.database)
    require_newest(database)
    try:
        if check_only:
            with database.reading() as session:
                take_in(session, what, content, now=settings.clock.now())
            print("No faults; nothing was imported.")
        else:
            with database.writing() as session:
                print(take_in(session, what, content, now=settings.clock.now()))
    finally:
        database.close()
    return 0


def read_file(file: Path) -> bytes:
    """The file's bytes; ImportRefused when it is missing or too large."""
    try:
        size = file.stat().st_size
        if size > MOST_BYTES:
            raise ImportRefused([Fault(file.name, f"the file has {size:,} bytes; the limit is {MOST_BYTES:,}")])
        return file.read_bytes()
    except OSError as error:
        raise ImportRefused([Fault(file.name, f"cannot be read: {error.strerror}")]) from None


def take_in(session: Session, what: str, content: bytes, *, now: datetime) -> str:
    """Import one file's content in the caller's transaction; returns a sentence about it."""
    if what == "directory":
        told = str(import_directory(session, read_directory(content), now=now, progress=tell))
        link_responsible(session)
        follow_directory(session)
        return told
    if what == "register":
        done = import_register(session, read_register(content), now=now, progress=tell)
    else:
        done = import_atrs(session, read_atrs(content), now=now, progress=tell)
    counts = ", ".join(f"{name} {count:,}" for name, count in asdict(done).items() if count)
    return f"Imported systems: {counts or 'nothing new'}."


def tell(done: int, of: int) -> None:
    """Progress on the error stream, where it is a terminal and the work is long."""
    if sys.stderr.isatty() and of >= STEP and (done % STEP == 0 or done == of):
        print(f"\r{done:,} of {of:,}", end="\n" if done == of else "", file=sys.stderr)
