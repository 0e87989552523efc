"""Tickets of the anonymous area: signed, good for a while, used once. They say nothing about whoever asked for them.

Two kinds. A *work* ticket goes to a script, which has to find a nonce for it; a *form* ticket goes out with a page
without script, which has to be some seconds old. Nothing is stored to give one out. Of a used one the database keeps
a hash and the last day on which it would have been good, so that it is used once in all processes together.

A ticket is 48 letters: base64url of ``kind (1) | bits (1) | issued (4) | random (14) | mac (16)``. ``issued`` counts
windows of five minutes for work, and of five seconds for a form: no finer than the rule about it needs.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from math import ceil, log2
from struct import Struct

from portal.core import ids

PAYLOAD = Struct(">BBI14s")
MAC_BYTES = 16
TICKET_LETTERS = 48
RANDOM_BYTES = 14
NONCE = re.compile(r"[0-9a-z]{1,7}", re.ASCII)
"""With a ticket of 48 letters it fits one block of SHA-256."""
MOST_LEVEL = 6
LONGEST_WAIT = 120
PATIENCE = 300
"""Seconds for which a form ticket stays good after its wait while a lot is sent: tickets cost nothing, and whoever had
saved up some from before would otherwise pass the wait that everybody else has."""
MOST_FILE_LEVEL = 8
FREE_FILE = 1024 * 1024
HASH_BITS = 256


class Kind(IntEnum):
    """What a ticket is for, and so how it is paid for."""

    WORK = 1
    FORM = 2


WINDOW: dict[Kind, int] = {Kind.WORK: 300, Kind.FORM: 5}
WINDOWS_GOOD: dict[Kind, int] = {Kind.WORK: 3, Kind.FORM: 12 * 60 * 60 // 5}


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket of ours, as it was given out. Whether it is still good is another question."""

    text: str
    kind: Kind
    bits: int
    issued: int

    @property
    def hash(self) -> bytes:
        """What is kept of it once it is used."""
        return hashlib.sha256(self.text.encode()).digest()

    @property
    def last_day(self) -> date:
        """The last day (UTC) on which it is good; afterwards nobody needs to remember that it was used."""
        return _instant(self.kind, self.issued + WINDOWS_GOOD[self.kind] + 1).date()

    def age(self, now: datetime) -> int:
        """Windows begun since the one in which it was given out."""
        return window_of(self.kind, now) - self.issued

    def is_good(self, now: datetime) -> bool:
        """Neither too old nor from a time to come (two machines' clocks may differ by one window)."""
        return -1 <= self.age(now) <= WINDOWS_GOOD[self.kind]

    def is_fresh(self, seconds: int, now: datetime) -> bool:
        """It was given out no longer ago than this wait and the time in which people press a button after it."""
        return self.age(now) * WINDOW[self.kind] <= seconds + PATIENCE

    def has_waited(self, seconds: int, now: datetime) -> bool:
        """It was given out at least so long ago."""
        return seconds == 0 or (self.age(now) - 1) * WINDOW[self.kind] >= seconds


def issue(keys: Sequence[bytes], kind: Kind, *, now: datetime, bits: int = 0) -> str:
    """A fresh ticket."""
    payload = PAYLOAD.pack(kind, bits, window_of(kind, now), ids.random_bytes(RANDOM_BYTES))
    return base64.urlsafe_b64encode(payload + _mac(keys[0], payload)).decode()


def read_ticket(keys: Sequence[bytes], kind: Kind, text: str) -> Ticket | None:
    """The ticket, if one of our keys signed it for this use."""
    if len(text) != TICKET_LETTERS or not text.isascii():
        return None
    try:
        octets = base64.b64decode(text, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if base64.urlsafe_b64encode(octets).decode() != text:
        return None  # "+" is read as "-" is: in a second spelling one ticket would count twice
    payload, mac = octets[: PAYLOAD.size], octets[PAYLOAD.size :]
    if not any(ids.same(mac, _mac(key, payload)) for key in keys):
        return None
    said, bits, issued, _random = PAYLOAD.unpack(payload)
    return Ticket(text, kind, bits, issued) if said == kind else None


def is_solved(challenge: str, nonce: str, bits: int) -> bool:
    """SHA-256 of both begins with so many zero bits."""
    if NONCE.fullmatch(nonce) is None:
        return False
    digest = hashlib.sha256(f"{challenge}{nonce}".encode()).digest()
    return int.from_bytes(digest) >> (HASH_BITS - bits) == 0


def level_of(recent: int, calm: int) -> int:
    """How many times the calm number of a minute has to double to reach the recent one; 0 while it is calm."""
    return 0 if recent <= calm else min(MOST_LEVEL, ceil(log2(recent / calm)))


def bits_at(level: int, base: int) -> int:
    """The work at a level: each level doubles it. Never so much that a slow phone could not do it."""
    return base + level


def wait_at(level: int, base: int) -> int:
    """The seconds a page must be old at a level: each level doubles them, up to two minutes."""
    return min(LONGEST_WAIT, base << level) if base else 0


def file_level(size: int, waiting: int, most: int) -> int:
    """How many times the work for a file doubles: none until half of what may wait is full, then with each doubling of
    its size beyond a mebibyte, and each halving of what is still free."""
    if 2 * (waiting + size) <= most:
        return 0
    free = max(1, most - waiting)
    by_size = ceil(log2(max(1.0, size / FREE_FILE)))
    return min(MOST_FILE_LEVEL, 1 + by_size + max(0, int(log2(most / free)) - 1))


def window_of(kind: Kind, now: datetime) -> int:
    return int(now.timestamp()) // WINDOW[kind]


def _instant(kind: Kind, window: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(seconds=window * WINDOW[kind])


def _mac(key: bytes, payload: bytes) -> bytes:
    return hmac.digest(key, payload, "sha256")[:MAC_BYTES]
