"""Before a request, a review or a complaint is sent: to whom it goes and to whom not, in words (routing.md).

Everybody who could open it is named by their post. Whoever the sender left out is named as long as they hold an office
here; whether anybody else works at the employer, the page does not tell.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from portal.cases.affairs import world_about
from portal.cases.offices import OFFICES
from portal.cases.routing.destinations import candidates, in_charge, translator_of
from portal.cases.routing.exclusions import Affair, Conflict, Kind, Source, bans
from portal.cases.routing.given import Given, Route, Why, once_each
from portal.cases.routing.people import Seat, World
from portal.cases.routing.pool import reviewers
from portal.cases.routing.preview import LOST, preview
from portal.core.text import Bilingual, Locale, Message, msg
from portal.directory.models import Body
from portal.directory.titles import role_title
from portal.i18n.catalogue import Catalogue

WAITS = msg(
    "Nobody at this employer may receive it now. It counts from the day you send it all the same, and somebody outside "
    "the data protection team is asked to name a person for it"
)
WORDS_STAY = msg(
    "You wrote who must not see it. Somebody who works on it reads that, and leaves out whoever else you mean"
)
LOOK_AGAIN = frozenset({Why.POOL, Why.LENT})
ONE_OF_THEM = msg("Of those who look at decisions again, one is chosen. The others see nothing of it")


@dataclass(frozen=True, slots=True)
class Goes:
    """What one employer's part of what is sent says about itself, each sentence for itself."""

    body: Bilingual
    goes_to: tuple[Message, ...]
    not_to: tuple[Message, ...]
    notes: tuple[Message, ...]


def named(person_ids: Iterable[str]) -> tuple[Conflict, ...]:
    """Whom the sender left out."""
    return tuple(Conflict(one, Source.REPORTER) for one in sorted(set(person_ids)))


def preview_of(
    session: Session,
    body: Body,
    affair: Affair,
    *,
    today: date,
    seats: Sequence[Seat] = (),
    lenders: Collection[str] = (),
    wrote_names: bool = False,
) -> Goes:
    """Whom the rule book lets receive it today. ``wrote_names``: words of the sender say who must not see it."""
    world = world_about(session, affair, today=today, seats=seats, bodies=lenders)
    world = replace(world, lenders={body.id: tuple(lenders)})
    given = _given(world, affair)
    barred = bans(world, affair)
    found = preview(world, affair, Route(given, barred, translator_of(world, affair, given, barred)), _names(world))
    notes = [WAITS if one is LOST else one for one in found.notes]
    notes += [ONE_OF_THEM] if sum(one.why in LOOK_AGAIN for one in given) > 1 else []
    return Goes(
        Bilingual(body.name_cy, body.name_en),
        tuple(dict.fromkeys(found.goes_to)),
        tuple(dict.fromkeys(found.not_to)),
        (*notes, WORDS_STAY) if wrote_names else tuple(notes),
    )


def _given(world: World, affair: Affair) -> tuple[Given, ...]:
    """Everybody who could open it. A review is read by the officers first, and by whoever answers for the system; then
    by one of those who stand apart."""
    if affair.kind is Kind.REVIEW:
        officers = candidates(world, replace(affair, kind=Kind.ACCESS))
        managers = in_charge(world, affair) if affair.system_id is not None else ()
        given = once_each([*officers, *managers, *reviewers(world, affair)])
    else:
        given = candidates(world, affair)
    nobody_is_here = all(world.standing(one.person_id).is_away for one in given)
    return tuple(replace(one, is_away=nobody_is_here) for one in given)


def _names(world: World) -> dict[str, Bilingual]:
    """Posts as the body wrote them, else the names of the offices; nobody's own name."""
    titles = {office: role_title(role) for role, office in OFFICES.items()}
    found: dict[str, Bilingual] = {}
    for seat in world.seats:
        if seat.office in titles:
            said = [Catalogue.for_locale(locale).say(titles[seat.office]) for locale in (Locale.CY, Locale.EN)]
            found.setdefault(seat.person_id, Bilingual(seat.post.cy or said[0], seat.post.en or said[1]))
        else:
            found.setdefault(seat.person_id, seat.post)
    return found
