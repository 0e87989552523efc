"""Everything on the register: searched, filtered, in alphabetical order. A form by GET, renewed by htmx; no cookie."""

from enum import StrEnum

from fastapi import APIRouter, Response

from portal.core.text import Message, nmsg
from portal.register import pages
from portal.register.as_of import address, answer_first
from portal.register.finding.earlier import find_systems_on
from portal.register.finding.employers import employers_meant, list_employers, options
from portal.register.finding.forms import Typed, read_typed
from portal.register.finding.queries import Found, find_systems
from portal.register.finding.rules import Asked
from portal.register.past import as_of_register
from portal.register.rules import Strength, SystemKind, SystemState
from portal.register.words import words
from portal.web.anonymous import PUBLIC, PlainVisit, Read, Visit
from portal.web.rendering import in_page, in_words, render

router = APIRouter()

Options = list[tuple[str, str]]


@router.get("/systems/all", dependencies=[PUBLIC])
def everything(visit: PlainVisit, session: Read) -> Response:
    """Every published system, or those that were looked for, and how many they are."""
    typed = read_typed(visit.request.query_params)
    here, kept = "/systems/all", list(typed.pairs.items())
    as_of = as_of_register(visit.request.query_params, session, today=visit.today)
    instead = answer_first(visit, as_of, here, kept, here)
    if instead is not None:
        return instead
    employers = list_employers(session)
    asked = Asked(
        text=typed.q,
        bodies=employers_meant(session, employers, typed.employer),
        kind=typed.kind,
        state=typed.state,
        strength=typed.does,
        is_disputed=typed.disputed,
    )
    filters = _filters(visit)
    cursor = visit.request.query_params.get("after")
    if as_of.is_past:
        found = find_systems_on(session, visit.locale, asked, as_of.day, cursor=cursor)
    else:
        found = find_systems(session, visit.locale, asked, cursor=cursor)
    return render(
        visit,
        "register/all.html",
        fragment="results",
        htmx=True,
        cut=found.cut,
        typed=typed,
        counted=in_words(visit, counted(found, typed, is_past=as_of.is_past)),
        employers=options(tuple(employers), visit.locale) if employers is not None else None,
        filters=filters,
        states=dict(filters["state"]),
        next_href=_following(visit, here, found.cut.next_cursor, [*kept, *as_of.pairs]),
        as_of=as_of,
        here=here,
        kept=typed.pairs,
        today_href=in_page(visit.locale, address(here, kept)),
    )


def _following(visit: Visit, here: str, cursor: str | None, kept: list[tuple[str, str]]) -> str | None:
    return in_page(visit.locale, pages.following(here, cursor, **dict(kept))) if cursor else None


def counted(found: Found, typed: Typed, *, is_past: bool = False) -> Message:
    """How many there are, as the page says it and a screen reader announces it."""
    if typed.pairs:
        return nmsg("{n} system found", "{n} systems found", found.count)
    if is_past:
        return nmsg("{n} system was on the register", "{n} systems were on the register", found.count)
    return nmsg("{n} system on the register", "{n} systems on the register", found.count)


def _filters(visit: Visit) -> dict[str, Options]:
    """What there is to choose from, in the words of the register."""
    kinds: tuple[type[StrEnum], ...] = (SystemKind, SystemState, Strength)
    names = ("kind", "state", "does")
    return {
        name: [(value.value, in_words(visit, words(value))) for value in kind]
        for name, kind in zip(names, kinds, strict=True)
    }
