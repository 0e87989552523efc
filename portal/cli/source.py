"""A file that is imported: read once, from its beginning, and unpacked on the way if it was packed by gzip."""

import gzip
import os
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from portal.core.errors import Fault, ImportRefused

_GZIP = b"\x1f\x8b"
BROKEN = (EOFError, zlib.error, gzip.BadGzipFile)
"""What unpacking says of a file that breaks off, or is none."""


@dataclass(frozen=True, slots=True)
class Source:
    """The text, the file that it comes from, and how many bytes that has."""

    text: BinaryIO
    file: BinaryIO
    size: int

    @property
    def share(self) -> float:
        """How much of the file was read."""
        return self.file.tell() / self.size if self.size else 1.0


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """The file while it is read. ImportRefused if it cannot be read, or unpacked to its end."""
    with ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("rb"))
            is_packed = file.read(len(_GZIP)) == _GZIP
            file.seek(0)
            size = os.fstat(file.fileno()).st_size
        except OSError as error:
            raise ImportRefused([Fault(path.name, f"cannot be read: {error.strerror}")]) from None
        text = stack.enter_context(gzip.open(file)) if is_packed else file
        try:
            yield Source(cast(BinaryIO, text), file, size)
        except BROKEN as error:
            raise ImportRefused([Fault(path.name, f"cannot be unpacked: {error}")]) from None
