"""The other way round from ``affecting``: who works where a system affects them, as the directory knows them today."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Select, String, and_, bindparam, literal, or_, select, type_coerce
from sqlalchemy.orm import Session

from portal.directory.models import Engagement, Workplace
from portal.register.matching import DEEPEST
from portal.register.models import AffectedGroup, System, SystemVersion

_TODAY: BindParameter[date] = bindparam("today")
MOST = 50
"""No more engagements than these are read: it is asked whether people are few, and never how many they are."""


class AtWork(NamedTuple):
    """One engagement: whose, in which team, and to whom they answer in it."""

    person_id: str
    workplace_id: str
    staff_group_id: str
    manager_person_id: str | None


def list_affected(session: Session, system_id: str, *, today: date) -> Sequence[AtWork]:
    """Engagements whose people a system affects today, ``MOST`` at the most."""
    return _read(session, _AFFECTED, {"system": system_id, "today": today})


def list_at_work(session: Session, body_id: str, *, today: date) -> Sequence[AtWork]:
    """Engagements with a body today, ``MOST`` at the most."""
    return _read(session, _OF_BODY, {"body": body_id, "today": today})


def _read(session: Session, statement: Select[Any], asked: dict[str, Any]) -> Sequence[AtWork]:
    return [AtWork(*row) for row in session.connection().execute(statement, asked)]


def _at_work() -> Select[Any]:
    work = Engagement.__table__.c
    return (
        select(work.person_id, work.workplace_id, work.staff_group_id, work.manager_person_id)
        .where(work.started_on <= _TODAY, or_(work.ended_on.is_(None), work.ended_on > _TODAY))
        .limit(MOST)
    )


def _affected() -> Select[Any]:
    """As ``matching.affects`` has it: body, place or one above it, staff group, kind and day fit."""
    work, group, version = Engagement.__table__.c, AffectedGroup.__table__.c, SystemVersion.__table__.c
    system = System.__table__.c
    own = (
        select(group.body_id, group.workplace_id, group.staff_group_id, group.kinds)
        .join(SystemVersion.__table__, version.id == group.version_id)
        .join(System.__table__, and_(system.id == version.system_id, system.current_number == version.number))
        .where(system.id == bindparam("system"), group.since <= _TODAY)
        .where(or_(group.until.is_(None), group.until >= _TODAY))
        .cte("own")
    )
    top = select(own.c.workplace_id.label("top"), own.c.workplace_id.label("id"), literal(0).label("depth"))
    places = top.where(own.c.workplace_id.is_not(None)).cte("places", recursive=True)
    below = Workplace.__table__.alias()
    places = places.union_all(
        select(places.c.top, below.c.id, places.c.depth + 1)
        .join(places, below.c.parent_id == places.c.id)
        .where(places.c.depth < DEEPEST)
    )
    lies_in = select(places.c.id).where(places.c.top == own.c.workplace_id, places.c.id == work.workplace_id)
    fits = select(own.c.body_id).where(
        own.c.body_id == work.body_id,
        or_(own.c.workplace_id.is_(None), lies_in.correlate(own, Engagement.__table__).exists()),
        or_(own.c.staff_group_id.is_(None), own.c.staff_group_id == work.staff_group_id),
        own.c.kinds.contains(literal(",") + type_coerce(work.kind, String) + literal(",")),
    )
    return _at_work().where(work.body_id.in_(select(own.c.body_id)), fits.correlate(Engagement.__table__).exists())


_AFFECTED = _affected()
_OF_BODY = _at_work().where(Engagement.__table__.c.body_id == bindparam("body"))
