"""Files at rest: sealed by the vault while they stream in, kept in a local folder under opaque ids."""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from portal.core import ids
from portal.core.errors import NotFound
from portal.core.vault import Vault

PART, LIVES = ".part", ".lives"
A_DAY = 24 * 60 * 60
LOOKED_FOR_EVERY = A_DAY / 4


class BlobStore:
    """Sealed files. Nothing of a file is ever on the disk in clear; a half-written one is removed."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._folder, self._vault = folder, vault

    def put(self, chunks: Iterable[bytes], *, context: str) -> str:
        """Seal and store what arrives; returns the blob's id. The id is part of what is bound."""
        blob = self.begin(context=context)
        try:
            for chunk in chunks:
                blob.add(chunk)
            return blob.end()
        except BaseException:
            blob.drop()
            raise

    def begin(self, *, context: str, blob_id: str | None = None) -> "Incoming":
        """For callers whose bytes come by call, such as an upload parser.

        Who must survive their own death notes down a new ``blob_id`` first: whoever comes after ``clear``s it away.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return Incoming(self._folder, self._vault, context, blob_id or ids.new_id())

    @contextmanager
    def living(self) -> Iterator[str]:
        """A new id that ``is_alive`` while its holder is: the system lets go of the lock of whoever dies, at once."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        blob_id = ids.new_id()
        sign = self._path(blob_id).with_suffix(LIVES)
        with os.fdopen(os.open(sign, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            os.write(handle.fileno(), b".")
            try:
                yield blob_id
            finally:
                sign.unlink(missing_ok=True)

    def is_alive(self, blob_id: str) -> bool:
        """Whether who took this id with ``living`` still holds it, in whatever process."""
        try:
            with self._path(blob_id).with_suffix(LIVES).open("rb") as handle:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    def clear(self, blob_id: str) -> None:
        """Remove what a writer who died left behind under this id, finished or not."""
        self.delete(blob_id)
        for ending in (PART, LIVES):
            self._path(blob_id).with_suffix(ending).unlink(missing_ok=True)

    def list_untouched(self, *, of_days: int) -> list[str]:
        """Finished files that nobody wrote for so many days. The disk says what time it is: no test clock ages them.

        Looked for a few times a day: a folder may hold very many files.
        """
        if not self._folder.exists():
            return []
        mark = self._folder.with_suffix(".looked")
        before = mark.stat().st_mtime if mark.exists() else 0.0
        mark.touch()
        now = mark.stat().st_mtime
        if 0 <= now - before < LOOKED_FOR_EVERY:
            return []
        with os.scandir(self._folder) as found:
            names = [one.name for one in found if "." not in one.name and now - one.stat().st_mtime > of_days * A_DAY]
        return sorted(names)

    def read(self, blob_id: str, *, context: str) -> Iterator[bytes]:
        """The bytes of a file, in pieces; NotFound when there is none."""
        path = self._path(blob_id)
        try:
            handle = path.open("rb")
        except FileNotFoundError:
            raise NotFound from None
        with handle:
            yield from self._vault.open_stream(handle, context=f"{context}|{blob_id}")

    def delete(self, blob_id: str) -> None:
        """Remove a file; quiet when it is gone already."""
        self._path(blob_id).unlink(missing_ok=True)

    def drop_broken(self) -> int:
        """Remove what a killed process left half-written. A file on its way in is held by a lock, so it stays."""
        dropped = 0
        for part in (*self._folder.glob(f"*{PART}"), *self._folder.glob(f"*{LIVES}")):
            with suppress(FileNotFoundError, BlockingIOError), part.open("rb") as handle:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if part.stat().st_size > 0:  # an empty one may have been made this instant, before its lock
                    part.unlink()
                    dropped += 1
        return dropped

    def _path(self, blob_id: str) -> Path:
        if len(blob_id) != 26 or not blob_id.isalnum():
            raise NotFound
        return self._folder / blob_id


class Incoming:
    """One file on its way in."""

    def __init__(self, folder: Path, vault: Vault, context: str, blob_id: str) -> None:
        self._id = blob_id
        self._part, self._final = folder / f"{self._id}{PART}", folder / self._id
        self._seal = vault.seal_stream(f"{context}|{self._id}")
        self._handle = os.fdopen(os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        fcntl.flock(self._handle, fcntl.LOCK_EX)

    def add(self, piece: bytes) -> None:
        self._handle.write(self._seal.add(piece))

    def end(self) -> str:
        """Finish: the file is on the disk before its id is given out."""
        self._handle.write(self._seal.end())
        self._handle.flush()
        os.utime(self._handle.fileno())  # who wrote slowly has finished now all the same
        os.fsync(self._handle.fileno())
        self._handle.close()
        self._part.rename(self._final)
        return self._id

    def drop(self) -> None:
        self._handle.close()
        self._part.unlink(missing_ok=True)
