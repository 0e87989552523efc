"""The index in memory: searches, filters and pages of 20,000 systems cost what those of 200 do.

Each word has the set of its systems as the bits of one whole number, so that conditions are met by ``&``, the forms of
a word by ``|``, and the count is exact: 20,000 systems are 2.5 kB. Only words of the register are kept here, never what
somebody typed.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from threading import Lock
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Row, String, bindparam, select, type_coerce
from sqlalchemy.orm import Session

from portal.core.text import Locale
from portal.register.finding.models import IndexStanding, SystemListing
from portal.register.finding.rules import DISPUTED, IS_MARK, Sought, mark, next_after
from portal.register.models import System, SystemVersion

FEW = 16
"""The set of a word that has no more systems is made when it is asked for; those of others are kept from then on."""
SIGN_APART = " "
MOST_DAYS = 2
"""Days gone by that are kept: whoever looks at one goes on looking at it."""

_LISTED, _STANDING = SystemListing.__table__.c, IndexStanding.__table__.c
_EVERY = (
    select(
        _LISTED.system_id,
        _LISTED.place_cy,
        _LISTED.place_en,
        SystemVersion.__table__.c.words,
        type_coerce(System.__table__.c.state, String),
        System.__table__.c.body_id,
        _LISTED.is_disputed,
    )
    .select_from(SystemListing.__table__)
    .join(SystemVersion.__table__, SystemVersion.__table__.c.id == _LISTED.version_id)
    .join(System.__table__, System.__table__.c.id == _LISTED.system_id)
)
_SINCE = _EVERY.where(_LISTED.change > bindparam("number"))
_STANDS = select(_STANDING.number, _STANDING.recent)


class Standing(NamedTuple):
    """How often the index was changed, and the signs of its last changes."""

    number: int
    recent: str


class Place(NamedTuple):
    """Where a system stands in an alphabet; of a day gone by it is known by its version."""

    letters: bytes
    system_id: str


class Line(NamedTuple):
    """A system as the index lists it."""

    system_id: str
    place_cy: bytes
    place_en: bytes
    words: str


_PLACE_OF: dict[Locale, Callable[[Line], Place]] = {
    Locale.CY: lambda line: Place(line.place_cy, line.system_id),
    Locale.EN: lambda line: Place(line.place_en, line.system_id),
}


class Alphabet:
    """Every system in the order of one language. The bits of sets are in that order: a page is the first of them."""

    def __init__(self, lines: Sequence[Line], current: Iterable[int], place: Callable[[Line], Place]) -> None:
        numbered = sorted((place(lines[number]), number) for number in current)
        self.places = [one for one, _number in numbered]
        self.everything = (1 << len(numbered)) - 1
        self.bits: dict[str, int] = {}
        self.bit_of = array("I", [len(numbered)]) * len(lines)
        for bit, (_place, number) in enumerate(numbered):
            self.bit_of[number] = bit

    def set_of(self, numbers: Iterable[int]) -> int:
        """The lines of these numbers as bits; of a line that another has replaced, a bit beyond everything."""
        octets = bytearray(len(self.places) // 8 + 1)
        for number in numbers:
            bit = self.bit_of[number]
            octets[bit >> 3] |= 1 << (bit & 7)
        return int.from_bytes(octets, "little")

    def page(self, found: int, after: tuple[bytes, str] | None, most: int) -> list[Place]:
        """The first of the systems found after a place, whether or not a system still stands there."""
        bit = 0 if after is None else bisect_right(self.places, after)
        page: list[Place] = []
        rest = found >> bit
        while rest and len(page) < most:
            passed = (rest & -rest).bit_length()
            bit, rest = bit + passed, rest >> passed
            page.append(self.places[bit - 1])
        return page


class Catalogue:
    """Everything that can be found, as of one change of the index."""

    def __init__(self) -> None:
        self.number, self.sign = 0, ""
        self._lines: list[Line] = []
        self._current: dict[str, int] = {}
        self._holders: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        self._words: list[str] = []
        self._alphabets: dict[Locale, Alphabet] = {}

    @property
    def is_worn(self) -> bool:
        """Whether so many lines were replaced that it is better read anew."""
        return len(self._lines) > 2 * len(self._current) + FEW

    def take(self, lines: Iterable[Line]) -> None:
        """List systems, in place of what was listed of them before."""
        for line in lines:
            number = self._current[line.system_id] = len(self._lines)
            self._lines.append(line._replace(words=""))
            for word in line.words.split():
                self._holders[word].append(number)
        self._words = sorted(word for word in self._holders if IS_MARK not in word)
        self._alphabets = {
            locale: Alphabet(self._lines, self._current.values(), place) for locale, place in _PLACE_OF.items()
        }

    def find(
        self, locale: Locale, conditions: Sequence[Sought], after: tuple[bytes, str] | None, most: int
    ) -> tuple[list[Place], int]:
        """One page of the systems that have all of this, and how many have it."""
        alphabet = self._alphabets[locale]
        found = alphabet.everything
        for sought in conditions:
            words = self._begun(sought.forms) if sought.is_begun else sought.forms
            found &= self._holding(alphabet, words)
            if not found:
                return [], 0
        return alphabet.page(found, after, most), found.bit_count()

    def _begun(self, beginnings: Iterable[str]) -> Iterator[str]:
        """The words that begin so: they stand together."""
        for beginning in beginnings:
            first = bisect_left(self._words, beginning)
            yield from self._words[first : bisect_left(self._words, next_after(beginning), lo=first)]

    def _holding(self, alphabet: Alphabet, words: Iterable[str]) -> int:
        """The systems that have one of these words."""
        found = 0
        few: list[int] = []
        for word in words:
            holders = self._holders.get(word, ())
            if len(holders) <= FEW:
                few += holders
                continue
            if word not in alphabet.bits:
                alphabet.bits[word] = alphabet.set_of(holders)
            found |= alphabet.bits[word]
        return found | alphabet.set_of(few) if few else found


class Kept:
    """The copies of one database, today's and those of days gone by, and whose turn it is to use them."""

    def __init__(self) -> None:
        self.lock, self.past_lock = Lock(), Lock()
        self.catalogue = Catalogue()
        self.past: OrderedDict[tuple[date, Standing], Catalogue] = OrderedDict()


_KEPT: "WeakKeyDictionary[Engine, Kept]" = WeakKeyDictionary()
_FIRST = Lock()


def find(
    session: Session, locale: Locale, conditions: Sequence[Sought], after: tuple[bytes, str] | None, most: int
) -> tuple[list[Place], int]:
    """One page of the systems that have all of this, and how many have it, as the database stands."""
    connection = session.connection()
    kept = _kept(connection)
    with kept.lock:
        return _as_it_stands(connection, kept).find(locale, conditions, after, most)


def find_on(
    session: Session,
    day: date,
    lines: Callable[[], Iterable[Line]],
    locale: Locale,
    conditions: Sequence[Sought],
    after: tuple[bytes, str] | None,
    most: int,
) -> tuple[list[Place], int]:
    """The same of a day gone by. ``lines`` reads it; the days asked for last are kept until the index changes."""
    connection = session.connection()
    kept = _kept(connection)
    with kept.past_lock:
        standing = _standing(connection)
        found = kept.past.get((day, standing)) if standing else None
        if found is None:
            found = Catalogue()
            found.take(lines())
        if standing:
            kept.past[day, standing] = found
            kept.past.move_to_end((day, standing))
            if len(kept.past) > MOST_DAYS:
                kept.past.popitem(last=False)
        return found.find(locale, conditions, after, most)


def _kept(connection: Connection) -> Kept:
    with _FIRST:
        return _KEPT.setdefault(connection.engine, Kept())


def _standing(connection: Connection) -> Standing | None:
    """How the index stands; None for whoever is writing, since what they wrote may yet be undone."""
    standing = connection.execute(_STANDS).one_or_none()
    if standing is None or "begin" in connection.get_execution_options():
        return None
    return Standing(standing.number, standing.recent)


def _as_it_stands(connection: Connection, kept: Kept) -> Catalogue:
    """The copy, brought up to date; one of their own for whoever is writing."""
    standing = _standing(connection)
    if standing is None:
        own = Catalogue()
        own.take(map(_line, connection.execute(_EVERY)))
        return own
    number, signs = standing.number, standing.recent.split(SIGN_APART)
    old = kept.catalogue
    if (old.number, old.sign) == (number, signs[0]):
        return old
    behind = number - old.number
    if not old.is_worn and 0 < behind < len(signs) and signs[behind] == old.sign:
        old.take(map(_line, connection.execute(_SINCE, {"number": old.number})))
    else:
        old = kept.catalogue = Catalogue()
        old.take(map(_line, connection.execute(_EVERY)))
    old.number, old.sign = number, signs[0]
    return old


def _line(row: Row[Any, Any, Any, Any, Any, Any, Any]) -> Line:
    """A row of the index with all that finds its system: the words of its version, and what only today says."""
    system_id, place_cy, place_en, words, state, body_id, is_disputed = row
    today = f"{mark('state', state)} {mark('body', body_id)} {DISPUTED if is_disputed else ''}"
    return Line(system_id, place_cy, place_en, f"{words or ''} {today}")
