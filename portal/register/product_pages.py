"""The national view: products by name, and one product across every employer that has published an entry about it."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from fastapi import APIRouter, Response

from portal.core.text import Locale, Message, msg, nmsg
from portal.i18n.formats import date_long
from portal.register import pages
from portal.register.forms import read_search
from portal.register.lifecycle.rules import CAUSES, Cause
from portal.register.openness import is_open
from portal.register.products.queries import (
    Placed,
    Use,
    cut_placed,
    get_product,
    list_placed,
    list_products,
    list_uses,
)
from portal.register.products.rules import TURNED_OFF
from portal.register.rules import IN_USE, Position, SystemState
from portal.register.words import words
from portal.web.anonymous import PUBLIC, PlainVisit, Read
from portal.web.rendering import in_page, in_words, render

router = APIRouter()

Say = Callable[[Message], str]


class Shown(NamedTuple):
    """One employer's use of the product, finished."""

    short_code: str
    body: str
    name: str
    state: str
    tone: str
    rows: Sequence[tuple[str, str]]
    unions: Sequence[tuple[str, str]]


@router.get("/systems/products", dependencies=[PUBLIC])
def products(visit: PlainVisit, session: Read) -> Response:
    """Every product that an entry names, with how many employers have one."""
    search = read_search(visit.request.query_params)
    cut = list_products(session, visit.locale, search=search, cursor=visit.request.query_params.get("after"))
    cursor = cut.next_cursor
    following = in_page(visit.locale, pages.following("/systems/products", cursor, q=search)) if cursor else None
    return render(visit, "register/products.html", cut=cut, search=search, next_href=following)


@router.get("/systems/products/{code}", dependencies=[PUBLIC])
def product(visit: PlainVisit, session: Read, code: str) -> Response:
    """Who uses a product, since when, what their unions said of it, and who switched it off."""
    found = get_product(session, code)
    placed = list_placed(session, found.id, visit.locale)
    cut = cut_placed(placed, visit.request.query_params.get("after"))
    uses = list_uses(session, cut.items, visit.locale)

    def say(message: Message) -> str:
        return in_words(visit, message)

    at, cursor = f"/systems/products/{found.code}", cut.next_cursor
    return render(
        visit,
        "register/product.html",
        product=found,
        counts=[(say(label), say(count)) for label, count in _counts(placed)],
        off=[_shown(use, say, visit.locale) for use in uses if use.is_off],
        others=[_shown(use, say, visit.locale) for use in uses if not use.is_off],
        next_href=in_page(visit.locale, pages.following(at, cursor)) if cursor else None,
    )


def _counts(placed: Sequence[Placed]) -> list[tuple[Message, Message]]:
    """How many systems stand where; what is neither in use nor turned off is planned or was dropped."""
    in_use = sum(one.state in IN_USE - TURNED_OFF for one in placed)
    off = sum(one.state in TURNED_OFF for one in placed)
    return [
        (msg("In use"), _systems(in_use)),
        (msg("Switched off or being retired"), _systems(off)),
        (msg("Planned, or not going ahead"), _systems(len(placed) - in_use - off)),
    ]


def _systems(count: int) -> Message:
    return nmsg("{n} system", "{n} systems", count)


def _shown(use: Use, say: Say, locale: Locale) -> Shown:
    return Shown(
        use.short_code,
        use.body,
        use.name,
        say(words(use.state)),
        "late" if use.is_off else "good" if use.state is SystemState.LIVE else "info",
        [(say(label), told) for label, told in _rows(use, say, locale)],
        _unions(use, say, locale),
    )


def _rows(use: Use, say: Say, locale: Locale) -> list[tuple[Message, str]]:
    record = use.record
    began = record.in_use_since
    rows = []
    if is_open(record, "go_live_date / retired_date"):
        rows.append((msg("In use since"), date_long(began, locale) if began else say(msg("Not yet in use"))))
    if use.is_off:
        rows.append((msg("Switched off or being retired since"), date_long(use.state_since, locale)))
        rows += [(msg("Why"), why) for why in _why(use, say, locale)]
    if record.affected:
        strongest = min((group.strength for group in record.affected), key=lambda strength: strength.rank)
        rows.append((msg("What it does to people at work"), say(words(strongest))))
    return rows


def _why(use: Use, say: Say, locale: Locale) -> list[str]:
    """Why it was turned off, as far as that was made public."""
    cause = use.facts.get("cause")
    told = [say(CAUSES[Cause(cause)])] if cause in {known.value for known in Cause} else []
    plan = use.record.retirement_plan.get(locale) if is_open(use.record, "retirement_plan") else ""
    return told + ([plan] if plan and use.state is not SystemState.SUSPENDED else [])


def _unions(use: Use, say: Say, locale: Locale) -> list[tuple[str, str]]:
    """What each union said, in the order of agreement: as its branches signed it, or else as the entry tells it."""
    told = use.record.consultation.positions if is_open(use.record, "consultations.union_position") else ()
    names = use.union_names | {one.union: one.name.get(locale) for one in told}
    signed = [(names[union], position) for union, positions in use.said.items() for position in positions]
    unsigned = [(names[one.union], one.position) for one in told if one.union not in use.said]
    heard = sorted([*signed, *unsigned], key=lambda one: _ORDER.index(one[1]))
    return [(name, say(words(position))) for name, position in heard]


_ORDER: list[Any] = list(Position)
