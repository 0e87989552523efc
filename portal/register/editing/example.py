"""A draft's preview is that of a worker whom it affects: somebody of its first affected group, who reads why."""

from datetime import date

from sqlalchemy.orm import Session

from portal.core.text import Bilingual
from portal.directory.models import StaffGroup
from portal.directory.queries import get_body, list_workplace_and_parents
from portal.register.matching import Group, Match, Names, Work, matches
from portal.register.placing import Placed, Places
from portal.register.record import Affected, Record


def example_of(session: Session, record: Record, *, today: date) -> Match | None:
    """Why the draft affects somebody of its first group; None where there is none, or at no place we know."""
    if not record.affected:
        return None
    first, places = record.affected[0], Places(session)
    placed = [(affected, places.find(affected)) for affected in record.affected]
    groups = [_group(affected, at) for affected, at in placed if isinstance(at, Placed)]
    at = placed[0][1]
    if not isinstance(at, Placed):
        return None
    work, names = _work(session, first, at, today)
    return next(iter(matches(work, groups, names)), None)


def _group(affected: Affected, at: Placed) -> Group:
    kinds = frozenset(affected.kinds)
    return Group(
        "", at.body_id, at.workplace_id, at.staff_group_id, kinds, affected.strength, affected.since, affected.until
    )


def _work(session: Session, affected: Affected, at: Placed, today: date) -> tuple[Work, Names]:
    body = get_body(session, at.body_id)
    places = list_workplace_and_parents(session, at.workplace_id) if at.workplace_id else []
    group = session.get(StaffGroup, at.staff_group_id) if at.staff_group_id else None
    work = Work(
        body_id=at.body_id,
        places=tuple(place.id for place in places),
        staff_group_id=at.staff_group_id,
        kind=sorted(affected.kinds)[0],
        on=min(max(today, affected.since), affected.until or date.max),
    )
    names = Names(
        body=Bilingual(body.name_cy, body.name_en),
        places={place.id: Bilingual(place.name_cy, place.name_en) for place in places},
        staff_group=Bilingual(group.name_cy, group.name_en) if group else None,
    )
    return work, names
