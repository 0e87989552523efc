"""«As of 3 May 2026»: the day that an address asks for, or what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from starlette.responses import Response

from portal.web.anonymous import Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems, day
from portal.web.rendering import in_page, redirect, render

PARAMETER = "on"
BOXES = tuple(f"{PARAMETER}-{part}" for part in ("day", "month", "year"))
LONGEST = 10


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day that a page shows. ``typed`` and ``problems`` are for the form that asks for another one."""

    day: date
    today: date
    is_from_boxes: bool = False
    problems: Problems = field(default_factory=Problems)
    typed: tuple[str, str, str] = ("", "", "")

    @property
    def is_past(self) -> bool:
        return self.day < self.today

    @property
    def past_day(self) -> date | None:
        """The day where it is gone by; None for today, which lists have ready."""
        return self.day if self.is_past else None

    @property
    def query(self) -> str:
        """The same as the end of an address: ``?on=2026-05-03``, or nothing."""
        return f"?{urlencode(self.pairs)}" if self.pairs else ""

    @property
    def further(self) -> str:
        """The same behind an address that has asked for something already."""
        return f"&{urlencode(self.pairs)}" if self.pairs else ""

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The day for an address; nothing for today."""
        return [(PARAMETER, self.day.isoformat())] if self.is_past else []


def names_a_day(query: Mapping[str, str]) -> bool:
    """Whether an address asks for a day at all: only then is the first one looked up."""
    return any(name in query for name in (PARAMETER, *BOXES))


def read_as_of(query: Mapping[str, str], *, today: date, first: date | None) -> AsOf:
    """The day in an address: ``?on=2026-05-03``, or the three boxes of the form. Neither is today."""
    from_boxes = any(name in query for name in BOXES)
    typed = tuple(query.get(name, "")[:LONGEST] for name in BOXES) if from_boxes else _parts(query.get(PARAMETER, ""))
    problems = Problems()
    bag = FieldBag(list(zip(BOXES, typed, strict=True)))
    found = day(bag, PARAMETER, problems, not_after=today, not_before=first)
    return AsOf(found or today, today, from_boxes, problems, (typed[0], typed[1], typed[2]))


def _parts(told: str) -> tuple[str, ...]:
    parts = told.strip()[: 2 * LONGEST].split("-")
    return (parts[2], parts[1], parts[0]) if len(parts) == len(BOXES) else (told[:LONGEST], "", "")


def address(path: str, pairs: list[tuple[str, str]]) -> str:
    """A path with what it was asked for."""
    return f"{path}?{urlencode(pairs)}" if pairs else path


def answer_first(visit: Visit, as_of: AsOf, path: str, pairs: list[tuple[str, str]], back: str) -> Response | None:
    """What is answered instead of the page: its own address for a day out of the boxes, or what is wrong with it."""
    if as_of.problems:
        return render(
            visit,
            "register/no_such_day.html",
            problems=as_of.problems,
            as_of=as_of,
            here=path,
            kept=dict(pairs),
            today_href=in_page(visit.locale, address(path, pairs)),
            back=back,
        )
    if as_of.is_from_boxes:
        return redirect(visit, address(path, [*pairs, *as_of.pairs]))
    return None
