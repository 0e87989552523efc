"""``porth import``: files become rows, or a list of faults; never half of it."""

import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from portal.cli import register_lines
from portal.cli.source import open_source
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
LARGER = "; a larger register is imported as JSON Lines, one entry on each line (portal/register/FORMAT.md)"
STEP = 20


def run(settings: Settings, what: str, file: Path, check_only: bool, refused: Path | None = None) -> int:
    """Read the file whole, list every fault or import everything, and say what became of it.

    A register of JSON Lines is read a line at a time (``register_lines``), and may be of any size.
    """
    if what == "register" and register_lines.has_lines(file):
        return register_lines.run(settings, file, check_only=check_only, refused=refused)
    content = read_file(file, LARGER if what == "register" else "")
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


def read_file(file: Path, larger: str = "") -> bytes:
    """The file's bytes, unpacked; ImportRefused when it is missing or too large, with what can be done about that."""
    with open_source(file) as source:
        content = source.text.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ImportRefused([Fault(file.name, f"has more bytes than the limit of {MOST_BYTES:,}{larger}")])
    return content


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
