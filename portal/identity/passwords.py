"""Argon2id. Two hashes at once in a process: the rest wait a little, then are told to come back (traps.md)."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.core.errors import TooMany
from portal.core.ids import new_token, random_bytes

AT_ONCE = 2
WAIT_SECONDS = 3.0
COME_BACK_AFTER = 5
SALT_BYTES = 16

_seats = BoundedSemaphore(AT_ONCE)


class Passwords:
    """Hashes and checks with one set of parameters. Ask ``passwords_for`` for it, so that it is made once."""

    def __init__(self, *, memory_kib: int, passes: int, wait_seconds: float = WAIT_SECONDS) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)
        self._wait_seconds = wait_seconds
        self._nobodys = self.hash(new_token())

    def hash(self, password: str) -> str:
        """The hash to be stored, salt and parameters within; raises TooMany when the machine is busy hashing."""
        with self._seat():
            return self._hasher.hash(password, salt=random_bytes(SALT_BYTES))

    def matches(self, stored: str | None, password: str) -> bool:
        """True for the right password. Without a stored hash the same work is done on nobody's, and it is False."""
        with self._seat():
            try:
                self._hasher.verify(self._nobodys if stored is None else stored, password)
            except (VerificationError, InvalidHashError):
                return False
        return stored is not None

    def is_outdated(self, stored: str) -> bool:
        """True when the settings have changed since this hash was made: hash again while the password is at hand."""
        return self._hasher.check_needs_rehash(stored)

    @contextmanager
    def _seat(self) -> Iterator[None]:
        if not _seats.acquire(timeout=self._wait_seconds):
            raise TooMany(COME_BACK_AFTER)
        try:
            yield
        finally:
            _seats.release()


@lru_cache(maxsize=8)
def passwords_for(memory_kib: int, passes: int) -> Passwords:
    """The process's one ``Passwords`` for these settings."""
    return Passwords(memory_kib=memory_kib, passes=passes)
