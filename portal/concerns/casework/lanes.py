"""What the desk's list is asked, as it stands in the address: read, and written again. It names no thread."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from portal.concerns.casework.rules import SOON, WITHIN, Severity, Shown, Sort, Theme
from portal.core.text import Locale

LONGEST_QUERY = 400
ME, NOBODY = "me", "nobody"
E = TypeVar("E", Theme, Severity, Locale, Shown, Sort)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which threads to show. ``mine`` is ME, NOBODY or nothing; ``within`` counts for the lane of what is due soon."""

    lane: Shown = Shown.ALL
    within: int = SOON
    theme: Theme | None = None
    severity: Severity | None = None
    system: str = ""
    label: str = ""
    lang: Locale | None = None
    mine: str = ""
    sort: Sort = Sort.DUE

    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of the address, without what says nothing."""
        told = [
            ("lane", "" if self.lane is Shown.ALL else self.lane.value),
            ("within", "" if self.within == SOON else str(self.within)),
            ("theme", self.theme or ""),
            ("severity", self.severity or ""),
            ("system", self.system),
            ("label", self.label),
            ("lang", self.lang or ""),
            ("mine", self.mine),
            ("sort", "" if self.sort is Sort.DUE else self.sort.value),
        ]
        return [(name, str(value)) for name, value in told if value]

    def address(self, *more: tuple[str, str]) -> str:
        """The query, with a question mark where there is one."""
        pairs = [*self.pairs(), *more]
        return f"?{urlencode(pairs)}" if pairs else ""

    def in_lane(self, lane: Shown) -> "Asked":
        """The same choice in another lane."""
        return replace(self, lane=lane)

    def due_by(self, today: date) -> date:
        """The last day that counts as soon."""
        return today + timedelta(days=self.within)

    @property
    def chooses(self) -> bool:
        """Whether it asks for less than a whole lane."""
        return bool(self.theme or self.severity or self.system or self.label or self.lang or self.mine)


EVERYTHING = Asked()


def read_asked(pairs: Iterable[tuple[str, str]]) -> Asked:
    """From the parameters of an address; what is not known asks nothing."""
    told = dict(pairs)
    within, mine = told.get("within", ""), told.get("mine", "")
    return Asked(
        lane=_one(Shown, told.get("lane")) or Shown.ALL,
        within=int(within) if within in {str(days) for days in WITHIN} else SOON,
        theme=_one(Theme, told.get("theme")),
        severity=_one(Severity, told.get("severity")),
        system=_id(told.get("system")),
        label=_id(told.get("label")),
        lang=_one(Locale, told.get("lang")),
        mine=mine if mine in (ME, NOBODY) else ME if mine == "1" else "",
        sort=_one(Sort, told.get("sort")) or Sort.DUE,
    )


def read_query(query: str) -> Asked:
    """From the query of an address, as a saved view or a form carries it."""
    return read_asked(parse_qsl(query.lstrip("?")[:LONGEST_QUERY], keep_blank_values=True))


def _one(words: type[E], value: str | None) -> E | None:
    return words(value) if value in set(words) else None


def _id(value: str | None) -> str:
    is_id = value is not None and len(value) == 26 and value.isascii() and value.isalnum() and value == value.lower()
    return value if value is not None and is_id else ""
