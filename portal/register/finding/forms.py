"""What somebody looks for, read from the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from portal.register.forms import read_choice, read_search
from portal.register.rules import Strength, SystemKind, SystemState

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Typed:
    """The search and the filters as they stand in the address; what is no value of a filter is no filter."""

    q: str = ""
    employer: str = ""
    kind: SystemKind | None = None
    state: SystemState | None = None
    does: Strength | None = None
    disputed: bool = False

    @property
    def pairs(self) -> dict[str, str]:
        """The same for an address, without what was not asked."""
        told = {
            "q": self.q,
            "employer": self.employer,
            "kind": self.kind or "",
            "state": self.state or "",
            "does": self.does or "",
            "disputed": "yes" if self.disputed else "",
        }
        return {name: str(value) for name, value in told.items() if value}

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is set beside the words."""
        return bool(self.pairs.keys() - {"q"})


def read_typed(query: Mapping[str, str]) -> Typed:
    """The search and the filters of an address."""
    return Typed(
        q=read_search(query),
        employer=read_choice(query).employer,
        kind=_one_of(SystemKind, query.get("kind", "")),
        state=_one_of(SystemState, query.get("state", "")),
        does=_one_of(Strength, query.get("does", "")),
        disputed=query.get("disputed", "") == "yes",
    )


def _one_of(kind: type[E], told: str) -> E | None:
    return kind(told) if told in kind._value2member_map_ else None
