"""The template of the standard: sections, numbers and names in their order, and the values that GOV.UK filters by."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from portal.register.rules import SystemState
from portal.register.terms import AffectsScope

TEMPLATE = Path(__file__).resolve().parents[1] / "data" / "atrs-4.json"
MODELS, DEVELOPMENT = "2.4.2", "2.4.3"
LEFT_BLANK = frozenset({MODELS, DEVELOPMENT})
"""The sections that the standard's guidance asks to leave blank for a tool that was bought off the shelf."""


@dataclass(frozen=True, slots=True)
class Row:
    """One field of the template; ``key`` is the register's own name of it."""

    number: str
    name: str
    key: str

    @property
    def printed(self) -> str:
        """The number as the pages of GOV.UK print it: without the number of the tier."""
        return self.number.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Section:
    """One sheet of the template."""

    number: str
    title: str
    rows: tuple[Row, ...]


@cache
def sections() -> Sequence[Section]:
    """The whole template, in its order."""
    return tuple(
        Section(one["number"], one["title"], tuple(Row(**row) for row in one["fields"])) for one in _told()["sections"]
    )


@cache
def finder() -> Mapping[str, frozenset[str]]:
    """The values that GOV.UK's list of records can be filtered by."""
    return {name: frozenset(values) for name, values in _told()["finder"].items()}


def standard() -> str:
    """The standard's name and version."""
    return str(_told()["standard"])


def phase_label(state: SystemState, scope: AffectsScope | None) -> str | None:
    """The phase in the words of the standard; None for a state that it has no word for.

    A trial is public when it is open to the public; one among staff is private.
    """
    is_open_trial = state is SystemState.PILOT and scope not in {None, AffectsScope.STAFF_ONLY}
    found: str | None = _told()["phases"].get("pilot_open" if is_open_trial else state.value)
    return found


@cache
def _told() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(TEMPLATE.read_text(encoding="utf-8"))
    return read
