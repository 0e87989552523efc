"""The national view: products by name, and one product across every employer that has published an entry about it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from fastapi import APIRouter, Response

from portal.core.text import Locale, Message, msg, nmsg
from portal.i18n.formats import date_long
from portal.register import pages
from portal.register.as_of import AsOf, address, answer_first
from portal.register.forms import read_search
from portal.register.lifecycle.rules import CAUSES, Cause
from portal.register.openness import is_open
from portal.register.past import as_of_register
from portal.register.products.earlier import get_placed_on, list_products_on
from portal.register.products.queries import (
    Placed,
    Use,
    cut_placed,
    get_product,
    list_placed,
    list_products,
    list_uses,
)
from portal.register.products.rules import CODE_LENGTH, TURNED_OFF
from portal.register.rules import IN_USE, Position, SystemState
from portal.register.words import words
from portal.web.anonymous import PUBLIC, PlainVisit, Read, Visit
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
    query, here = visit.request.query_params, "/systems/products"
    search = read_search(query)
    kept = {"q": search} if search else {}
    as_of = as_of_register(query, session, today=visit.today)
    instead = answer_first(visit, as_of, here, list(kept.items()), here)
    if instead is not None:
        return instead
    after = query.get("after")
    if as_of.is_past:
        cut = list_products_on(session, visit.locale, as_of.day, search=search, cursor=after)
    else:
        cut = list_products(session, visit.locale, search=search, cursor=after)
    return render(
        visit,
        "register/products.html",
        cut=cut,
        search=search,
        **_frame(visit, as_of, here, kept, cut.next_cursor),
    )


@router.get("/systems/products/{code}", dependencies=[PUBLIC])
def product(visit: PlainVisit, session: Read, code: str) -> Response:
    """Who uses a product, since when, what their unions said of it, and who switched it off."""
    query, back = visit.request.query_params, "/systems/products"
    as_of = as_of_register(query, session, today=visit.today)
    here = f"{back}/{code[:CODE_LENGTH].upper()}"
    instead = answer_first(visit, as_of, here, [], back)
    if instead is not None:
        return instead
    if as_of.is_past:
        found, placed = get_placed_on(session, code, visit.locale, as_of.day)
    else:
        found = get_product(session, code)
        placed = list_placed(session, found.id, visit.locale)
    cut = cut_placed(placed, query.get("after"))
    uses = list_uses(session, cut.items, visit.locale, on=as_of.past_day)

    def say(message: Message) -> str:
        return in_words(visit, message)

    return render(
        visit,
        "register/product.html",
        product=found,
        counts=[(say(label), say(count)) for label, count in _counts(placed)],
        off=[_shown(use, say, visit.locale) for use in uses if use.is_off],
        others=[_shown(use, say, visit.locale) for use in uses if not use.is_off],
        **_frame(visit, as_of, here, {}, cut.next_cursor),
    )


def _frame(visit: Visit, as_of: AsOf, here: str, kept: Mapping[str, str], cursor: str | None) -> dict[str, Any]:
    """What stands around a list: the day that it shows, the way back to today, the next page."""
    asked = {**kept, **dict(as_of.pairs)}
    return {
        "as_of": as_of,
        "here": here,
        "kept": kept,
        "today_href": in_page(visit.locale, address(here, list(kept.items()))),
        "next_href": in_page(visit.locale, pages.following(here, cursor, **asked)) if cursor else None,
    }


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
    """What each union said, in the order of agreement: as its branches signed it, or else, and marked so, as the
    employer's entry tells it."""
    told = use.record.consultation.positions if is_open(use.record, "consultations.union_position") else ()
    names = use.union_names | {one.union: one.name.get(locale) for one in told}
    signed = [
        (position, names[union], words(position)) for union, positions in use.said.items() for position in positions
    ]
    unsigned = [
        (
            one.position,
            names[one.union],
            msg("{position} (says the employer’s entry; not signed here)", position=words(one.position)),
        )
        for one in told
        if one.union not in use.said
    ]
    heard = sorted([*signed, *unsigned], key=lambda one: _ORDER.index(one[0]))
    return [(name, say(message)) for _position, name, message in heard]


_ORDER: list[Any] = list(Position)
