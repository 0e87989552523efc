"""``porth import register`` of JSON Lines: some systems in each transaction, so that what is in stays in, whatever
becomes of the rest; a line with a fault is told and left out.
"""

import gc
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.exc import IntegrityError

from portal.cli.progress import Progress, in_words
from portal.cli.source import BROKEN, Source, open_source
from portal.core.db import Database
from portal.core.errors import Fault, ImportRefused
from portal.migrations.newest import require_newest
from portal.register.importing import Intake
from portal.register.lines import HEADER, LINE, Line, in_batches, is_lines, read_lines
from portal.settings.models import Settings

PARTLY = 3
"""The exit status when something was refused, and everything else is in."""
_A_LOOK = 4096
_CLASH = "names what somebody else has just published under; import the file again"


def has_lines(path: Path) -> bool:
    """Whether a file has one entry on each line."""
    with open_source(path) as source:
        return is_lines(source.text.readline(_A_LOOK))


def run(settings: Settings, path: Path, *, check_only: bool, refused: Path | None = None) -> int:
    """Import every line that has no fault; the others are told, and kept in a file if one is named."""
    database = Database(settings.database)
    try:
        require_newest(database)
        return import_file(settings, database, path, check_only=check_only, refused=refused)
    finally:
        database.close()


def import_file(
    settings: Settings, database: Database, path: Path, *, check_only: bool = False, refused: Path | None = None
) -> int:
    """The same on a database that is ready; returns the exit status."""
    with open_source(path) as source, _kept(refused, path) as kept:
        return _Import(settings, database, source, kept, check_only=check_only).run()


def _tidied(batches: Iterable[list[Line]]) -> Iterator[list[Line]]:
    """The batches, with what one left behind cleared away after it. Python would look for it in the middle of the work,
    time and again, among everything that is still needed: a fifth of the whole time."""
    gc.freeze()
    gc.disable()
    try:
        for batch in batches:
            yield batch
            gc.collect()
    finally:
        gc.enable()
        gc.unfreeze()


class _Import:
    """One run over one file."""

    def __init__(
        self, settings: Settings, database: Database, source: Source, kept: "_Kept", *, check_only: bool
    ) -> None:
        self._settings = settings
        self._database = database
        self._source = source
        self._kept = kept
        self._check_only = check_only
        self._progress = Progress()
        self._counts: Counter[str] = Counter()
        self._versions = 0

    def run(self) -> int:
        try:
            for batch in _tidied(in_batches(read_lines(self._source.text))):
                self._take(batch)
                if self._progress.is_due:
                    self._progress.tell(self._standing())
        except BROKEN as error:
            return self._stop(f"The file cannot be unpacked from here on: {error}.")
        except KeyboardInterrupt:
            return self._stop("Stopped.")
        self._progress.end()
        print(self._told())
        return PARTLY if self._counts["refused"] else 0

    def _stop(self, why: str) -> int:
        self._progress.say(f"{why} What is imported stays; the same command goes on from there.")
        print(self._told())
        return 1

    def _take(self, batch: list[Line]) -> None:
        """One transaction. Where somebody else was quicker, each of its lines has its own, and only theirs is told."""
        try:
            with self._database.reading() if self._check_only else self._database.writing() as session:
                intake = Intake(
                    session, [line.entry for line in batch if line.entry is not None], now=self._settings.clock.now()
                )
                for line in batch:
                    if line.entry is not None:
                        line.faults = intake.take(line.entry)
                if not self._check_only:
                    intake.write()
        except IntegrityError:
            self._take_one_by_one(batch)
            return
        self._counts.update(asdict(intake.result))
        self._versions += intake.versions
        self._refuse(batch)
        if intake.versions:
            self._database.let_others_in()

    def _take_one_by_one(self, batch: list[Line]) -> None:
        if len(batch) > 1:
            for line in batch:
                self._take([line])
            return
        batch[0].faults = [Fault(f"{LINE} {batch[0].number}", _CLASH)]
        self._refuse(batch)

    def _refuse(self, batch: list[Line]) -> None:
        for line in batch:
            for fault in line.faults:
                self._progress.say(f"{fault.where}: {fault.what}")
            if line.faults:
                self._counts["refused"] += 1
                self._kept.add(line.text)

    def _standing(self) -> str:
        """How many, how fast, how much is left."""
        done, seconds, share = sum(self._counts.values()), self._progress.seconds, self._source.share
        left = f", about {in_words(seconds * (1 - share) / share)} left" if share else ""
        rate = f"{self._versions / seconds:,.0f} a second"
        return f"{done:,} systems, {self._versions:,} new versions ({rate}); {share:.0%} of the file{left}"

    def _told(self) -> str:
        counts = ", ".join(f"{name} {count:,}" for name, count in self._counts.items() if count)
        if self._check_only:
            return f"Nothing was imported. Systems that would be: {counts or 'none'}."
        seconds = self._progress.seconds
        rate = f" in {in_words(seconds)}, {self._versions / seconds:,.0f} a second" if self._versions else ""
        return f"Imported systems: {counts or 'nothing new'}. New versions: {self._versions:,}{rate}."


class _Kept:
    """The refused lines as they stood, in a file that is made for the first of them and is read as any other."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: BinaryIO | None = None

    def add(self, text: bytes) -> None:
        if self._path is None or not text:
            return
        if self._file is None:
            self._file = os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
            self._file.write(HEADER.encode())
        self._file.write(text if text.endswith(b"\n") else text + b"\n")

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


@contextmanager
def _kept(path: Path | None, source: Path) -> Iterator[_Kept]:
    if path is not None and path.exists() and path.samefile(source):
        raise ImportRefused([Fault(path.name, "is the file that is imported; name another for the refused lines")])
    kept = _Kept(path)
    try:
        yield kept
    finally:
        kept.close()
