"""Sealed files on the disk: age files as they came, under names that say nothing, with the time of their week."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import BinaryIO

from portal.core import ids
from portal.core.clock import london_day
from portal.core.errors import NotFound
from portal.mailbox.rules import week_of

PIECE = 256 * 1024
PART = ".part"
ARRIVED, SETTLED = 0o600, 0o400
"""How a file lies there: as it arrived, or copied once more so that its place on the disk tells no hour."""


class Shelf:
    """One folder. A file is there whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(self) -> "Arriving":
        """A file that comes in pieces."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return Arriving(self._folder)

    def open(self, place: str) -> BinaryIO:
        """A file for reading; NotFound when it is gone."""
        try:
            return self._path(place).open("rb")
        except FileNotFoundError:
            raise NotFound from None

    def drop(self, place: str, *, today: date) -> None:
        """Remove a file; quiet when it is gone already."""
        self._path(place).unlink(missing_ok=True)
        with suppress(FileNotFoundError):
            _stamp(self._folder, today)

    def settle(self, place: str, *, today: date) -> str:
        """Copy a file to a new place on the disk and return that; the caller notes it, then drops the old one.

        NotFound when it was deleted meanwhile.
        """
        handle = self.open(place)
        arriving = Arriving(self._folder)
        try:
            for piece in pieces(handle):
                arriving.add(piece)
            return arriving.end(today=today, mode=SETTLED)
        finally:
            arriving.drop()

    def unsettled(self, *, came_before: date) -> list[str]:
        """The files of earlier days that still lie as they arrived."""
        return [
            name
            for name, status in self._listed()
            if stat.S_IMODE(status.st_mode) != SETTLED
            and not name.endswith(PART)
            and london_day(datetime.fromtimestamp(status.st_ctime, UTC)) < came_before
        ]

    def halves(self, *, before: datetime) -> list[str]:
        """What uploads left here that broke off before an instant because their process was killed."""
        return [name for name, status in self._listed() if name.endswith(PART) and status.st_ctime < before.timestamp()]

    def _listed(self) -> Iterator[tuple[str, os.stat_result]]:
        if self._folder.is_dir():
            for entry in os.scandir(self._folder):
                with suppress(FileNotFoundError):
                    yield entry.name, entry.stat()

    def _path(self, place: str) -> Path:
        if not place.removesuffix(PART).isalnum():
            raise NotFound
        return self._folder / place


class Arriving:
    """One file on its way in."""

    def __init__(self, folder: Path) -> None:
        self.place = ids.new_id()
        self._folder, self._part = folder, folder / f"{self.place}{PART}"
        self._handle = os.fdopen(os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ARRIVED), "wb", buffering=0)

    def add(self, piece: bytes) -> None:
        """Write what came."""
        rest = memoryview(piece)
        while rest:
            rest = rest[self._handle.write(rest) or 0 :]

    def end(self, *, today: date, mode: int = ARRIVED) -> str:
        """Finish: the file is whole on the disk, with the time of its week, before its place is told."""
        os.fchmod(self._handle.fileno(), mode)
        os.fsync(self._handle.fileno())
        self._handle.close()
        _stamp(self._part, today)
        self._part.rename(self._folder / self.place)
        _stamp(self._folder, today)
        return self.place

    def drop(self) -> None:
        """Forget the half that came."""
        self._handle.close()
        self._part.unlink(missing_ok=True)


def pieces(handle: BinaryIO) -> Iterator[bytes]:
    """A file's bytes, a little at a time; it is closed at the end, also of a reader who went away."""
    with handle:
        while piece := handle.read(PIECE):
            yield piece


def _stamp(path: Path, today: date) -> None:
    """Set the time of a file or folder to the start of the week: an hour says who was at their desk."""
    week = week_of(today)
    start = datetime(week.year, week.month, week.day, tzinfo=UTC).timestamp()
    os.utime(path, (start, start))
