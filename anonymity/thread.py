"""Reading a thread: which items are genuine, and what became of the others (FORMAT.md section 8)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from anonymity.errors import CannotOpen
from anonymity.item import FIRST, Item, Kind, Opening, open_item
from anonymity.keys import Identity


class Verdict(StrEnum):
    """What is known of an item. Only a genuine one has text."""

    GENUINE = "genuine"
    CHANGED = "changed"
    FOREIGN = "foreign"
    REPLAYED = "replayed"
    REORDERED = "reordered"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Delivered:
    """A sealed item as the server hands it out, in the server's order."""

    epoch: int
    file: bytes = field(repr=False)


@dataclass(frozen=True, eq=False)
class Entry:
    """A line of the thread as shown: the item if it is genuine, else only what became of it.

    `place` counts the delivered items from 0; a dropped entry has the place of the item it stands before.
    """

    verdict: Verdict
    place: int
    item: Item | None = None


@dataclass(frozen=True, eq=False)
class Thread:
    """A thread as read: its entries, its opening if that is genuine, and the hash that the next item must name."""

    entries: tuple[Entry, ...]
    opening: Opening | None
    head: bytes

    @property
    def is_whole(self) -> bool:
        """Whether every entry is genuine. An item withheld at the end cannot be noticed yet."""
        return bool(self.entries) and all(entry.verdict is Verdict.GENUINE for entry in self.entries)


def read_thread(
    case: bytes, delivered: Sequence[Delivered], *, identities: Mapping[int, Identity], opener: bytes
) -> Thread:
    """Opens and checks a thread. Never raises for what was delivered: every item gets its verdict.

    `identities` are the case identities by epoch; `opener` is the Ed25519 public key that signs the first item.
    """
    opened = [_opened(one, identities) for one in delivered]
    hashes = [hashlib.sha256(one.file).digest() for one in delivered]
    authors = {opener}
    for one, item in zip(delivered, opened, strict=True):
        if item and _is_here(item, case, one.epoch) and item.author == opener and item.opening:
            authors |= {granted.sign_key for granted in item.opening.granted}
            break
    reading = _Reading(case, opener, frozenset(authors), hashes)
    for place, (one, item) in enumerate(zip(delivered, opened, strict=True)):
        reading.take(place, one.epoch, item)
    opening = next((entry.item.opening for entry in reading.entries if entry.item and entry.item.opening), None)
    return Thread(tuple(reading.entries), opening, hashes[-1] if hashes else FIRST)


def _opened(one: Delivered, identities: Mapping[int, Identity]) -> Item | None:
    identity = identities.get(one.epoch)
    if identity is None:
        return None
    try:
        return open_item(one.file, identity)
    except CannotOpen:
        return None


def _is_here(item: Item, case: bytes, epoch: int) -> bool:
    return item.case == case and item.epoch == epoch


@dataclass(eq=False)
class _Reading:
    """One pass over the items in the server's order; `head` is the last genuine one."""

    case: bytes
    opener: bytes
    authors: frozenset[bytes]
    hashes: list[bytes]
    head: bytes = FIRST
    entries: list[Entry] = field(default_factory=list)

    def take(self, place: int, epoch: int, item: Item | None) -> None:
        verdict = self._verdict(place, epoch, item)
        if verdict is Verdict.DROPPED:
            self.entries.append(Entry(Verdict.DROPPED, place))
            verdict = Verdict.GENUINE
        if verdict is Verdict.GENUINE:
            self.head = self.hashes[place]
            self.entries.append(Entry(verdict, place, item))
        else:
            self.entries.append(Entry(verdict, place))

    def _verdict(self, place: int, epoch: int, item: Item | None) -> Verdict:
        if self.hashes[place] in self.hashes[:place]:
            return Verdict.REPLAYED
        if item is None:
            return Verdict.CHANGED
        is_opening = item.kind is Kind.OPENING
        if not _is_here(item, self.case, epoch) or item.author not in self.authors:
            return Verdict.FOREIGN
        if is_opening and item.author != self.opener:
            return Verdict.FOREIGN
        if is_opening == (item.prev == FIRST) and self._follows(place, item.prev):
            return Verdict.GENUINE
        is_known = item.prev == FIRST or item.prev in self.hashes or is_opening
        return Verdict.REORDERED if is_known or self._has_gap() else Verdict.DROPPED

    def _has_gap(self) -> bool:
        """Whether something was already found missing: after one gap, the order of a second cannot be proved."""
        return any(entry.verdict is Verdict.DROPPED for entry in self.entries)

    def _follows(self, place: int, prev: bytes) -> bool:
        """Whether an item stands where it was written: after the last genuine one, or after a bad one it names."""
        if prev == self.head:
            return True
        before = self.entries[-1].verdict if self.entries else None
        return before in (Verdict.CHANGED, Verdict.FOREIGN) and prev == self.hashes[place - 1]
