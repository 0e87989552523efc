"""Reading a thread: which items are genuine, and what became of the others (FORMAT.md section 8)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from anonymity.errors import CannotOpen
from anonymity.item import FIRST, Granted, Item, Kind, Opening, Readers, open_item
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
    """A thread as read: its entries, its opening if that is genuine, and the hash that the next item must name.

    `epoch` is the one that its authors made, which a writer compares with the one delivered. `granted` are the readers
    let in now, ascending; `left_out` everybody whom the opener ever left out; `known` the public keys of all who are or
    were let in.
    """

    entries: tuple[Entry, ...]
    opening: Opening | None
    head: bytes
    epoch: int = 0
    granted: tuple[Granted, ...] = field(default=(), repr=False)
    left_out: frozenset[str] = field(default=frozenset(), repr=False)
    known: frozenset[bytes] = field(default=frozenset(), repr=False)

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
    found = (_as_opening(one, item, case, opener) for one, item in zip(delivered, opened, strict=True))
    reading = _Reading(case, opener, identities, hashes, next((one for one in found if one), None))
    for place, (one, item) in enumerate(zip(delivered, opened, strict=True)):
        reading.take(place, one.epoch, item)
    return reading.thread()


def _opened(one: Delivered, identities: Mapping[int, Identity]) -> Item | None:
    identity = identities.get(one.epoch)
    if identity is None:
        return None
    try:
        return open_item(one.file, identity)
    except CannotOpen:
        return None


def _as_opening(one: Delivered, item: Item | None, case: bytes, opener: bytes) -> Opening | None:
    """What the item opens the thread with, if it is the opener's first word in this case."""
    if item is None or item.author != opener or not _is_here(item, case, one.epoch) or item.epoch != 0:
        return None
    return item.opening


def _is_here(item: Item, case: bytes, epoch: int) -> bool:
    return item.case == case and item.epoch == epoch


class _Reading:
    """One pass over the items in the server's order; `head` is the last genuine one."""

    def __init__(
        self,
        case: bytes,
        opener: bytes,
        identities: Mapping[int, Identity],
        hashes: list[bytes],
        opening: Opening | None,
    ) -> None:
        self.case, self.opener, self.identities, self.hashes = case, opener, identities, hashes
        self.head, self.epoch, self.entries = FIRST, 0, list[Entry]()
        self.granted = opening.granted if opening else ()
        self.left_out = set(opening.left_out if opening else ())
        self.ever = set(self.granted)
        # a reporter; the opener of a notes lane is a reader like others
        self.opener_stays = opener not in {one.sign_key for one in self.granted}

    def take(self, place: int, epoch: int, item: Item | None) -> None:
        verdict = self._verdict(place, epoch, item)
        if verdict is Verdict.DROPPED:
            self.entries.append(Entry(Verdict.DROPPED, place))
            verdict = Verdict.GENUINE
        if verdict is not Verdict.GENUINE or item is None:
            self.entries.append(Entry(verdict, place))
            return
        self.head = self.hashes[place]
        self.entries.append(Entry(verdict, place, item))
        if item.readers:
            self.epoch, self.granted = item.epoch, item.readers.granted
            self.left_out |= set(item.readers.left_out)
            self.ever |= set(self.granted)

    def thread(self) -> Thread:
        """What was read."""
        opening = next((entry.item.opening for entry in self.entries if entry.item and entry.item.opening), None)
        head = self.hashes[-1] if self.hashes else FIRST
        left_out, known = frozenset(self.left_out), frozenset(one.sign_key for one in self.ever)
        return Thread(tuple(self.entries), opening, head, self.epoch, self.granted, left_out, known)

    def _verdict(self, place: int, epoch: int, item: Item | None) -> Verdict:
        if self.hashes[place] in self.hashes[:place]:
            return Verdict.REPLAYED
        if item is None:
            return Verdict.CHANGED
        if not _is_here(item, self.case, epoch) or not self._may_say(item):
            return Verdict.FOREIGN
        is_opening = item.kind is Kind.OPENING
        if is_opening == (item.prev == FIRST) and self._follows(place, item.prev):
            return Verdict.GENUINE
        is_known = item.prev == FIRST or item.prev in self.hashes or is_opening
        return Verdict.REORDERED if is_known or self._has_gap() else Verdict.DROPPED

    def _may_say(self, item: Item) -> bool:
        """Whether this author may say this now."""
        is_opener = item.author == self.opener
        is_author = (is_opener and self.opener_stays) or any(item.author == one.sign_key for one in self.granted)
        if not is_author or (item.opening and not is_opener):
            return False
        return self._may_change(item, item.readers, is_opener) if item.readers else item.epoch == self.epoch

    def _may_change(self, item: Item, said: Readers, is_opener: bool) -> bool:
        """In the epoch that is current people are only added, in the next one only removed. A reporter may pass over
        epochs that somebody else began, with anybody who ever was in."""
        now, then = set(self.granted), set(said.granted)
        if item.epoch == self.epoch:
            fits = now <= then
        elif is_opener and self.opener_stays:
            fits = item.epoch > self.epoch and then <= self.ever
        else:
            fits = item.epoch == self.epoch + 1 and then <= now
        held = hashlib.sha256(self.identities[item.epoch].recipient.octets).digest()
        return fits and (is_opener or not said.left_out) and said.recipient_hash == held

    def _has_gap(self) -> bool:
        """Whether something was already found missing: after one gap, the order of a second cannot be proved."""
        return any(entry.verdict is Verdict.DROPPED for entry in self.entries)

    def _follows(self, place: int, prev: bytes) -> bool:
        """Whether an item stands where it was written: after the last genuine one, or after a bad one it names."""
        if prev == self.head:
            return True
        before = self.entries[-1].verdict if self.entries else None
        return before in (Verdict.CHANGED, Verdict.FOREIGN) and prev == self.hashes[place - 1]
