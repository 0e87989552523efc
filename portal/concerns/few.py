"""Whom a concern could come from, for the small-unit guard (routing.md D1.7): asked anew each time, kept nowhere.

Two numbers are known of a system, and each only says «at least so many»: those in the directory whose work it affects,
and what its record tells of one of its groups. The larger of them counts, so that a directory that holds only those
with a duty does not make every unit a small one. Of a matter the whole body counts. Whoever works where these people
work is of their unit, whatever their staff group: they know them.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from portal.cases.routing.people import Standing
from portal.cases.routing.units import MOST_OF_A_SMALL_UNIT, Unit, is_small
from portal.cases.worlds import place_of
from portal.concerns.rules import Few
from portal.register.affected import AtWork, list_affected, list_at_work


def unit_of(
    session: Session,
    body_id: str,
    system_id: str | None,
    told: int,
    people: Mapping[str, Standing],
    *,
    today: date,
) -> Unit:
    """``told`` is the largest group that the system's record tells of: who is in a large unit is not asked. ``people``
    may be in it."""
    if told > MOST_OF_A_SMALL_UNIT:
        return Unit(told)
    if system_id is None:
        return known_unit(list_at_work(session, body_id, today=today), people)
    return known_unit(list_affected(session, system_id, today=today), people)


def known_unit(found: Sequence[AtWork], people: Mapping[str, Standing]) -> Unit:
    """Those whose engagements these are, the teams at their workplaces as far as somebody of ``people`` is in one, and
    who is over them there."""
    size = len({one.person_id for one in found})
    places = {one.workplace_id for one in found}
    teams = {team for one in people.values() for team in one.team_ids if place_of(team) in places}
    over = {one.manager_person_id for one in found if one.manager_person_id is not None}
    return Unit(size, frozenset(teams), frozenset(over))


def few_of(unit: Unit, system_id: str | None) -> Few:
    """What the page says of it. An employer of whose people nothing is known is not called small for that; of a system
    it is said that nobody knows."""
    if not is_small(unit):
        return Few.NO
    if unit.size:
        return Few.YES
    return Few.UNKNOWN if system_id is not None else Few.NO
