"""The hot reads behind "which systems affect me": three statements, built once, on Core rows (speed.md P2)."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Row,
    Select,
    String,
    and_,
    bindparam,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import CompoundSelect

from portal.core.text import Bilingual, Locale
from portal.directory.models import Body, Engagement, StaffGroup, Workplace
from portal.directory.queries import get_body, list_engagements, list_workplace_and_parents
from portal.register import past
from portal.register.choosing import Choice, Facts, Named
from portal.register.matching import DEEPEST, Group, Match, Names, Work, matches, merged
from portal.register.models import AffectedGroup, DecisionPoint, System, SystemVersion
from portal.register.rules import IN_USE, Strength, kinds_read, kinds_written


class Card(NamedTuple):
    """What a list says about one system, in one language; titles of decision points are joined by semicolons."""

    short_code: str
    name: str
    one_sentence: str
    responsible: str
    decides: str
    advises: str


class Hit(NamedTuple):
    """A system that affects the reader, with the reason."""

    match: Match
    card: Card


def _facts_statement() -> CompoundSelect[str, str, str, str, str, int]:
    body = Body.__table__.alias()
    work = Workplace.__table__.alias()
    places = (
        select(work.c.id, work.c.parent_id, work.c.slug, work.c.name_cy, work.c.name_en, literal(0).label("depth"))
        .join(body, body.c.id == work.c.body_id)
        .where(body.c.slug == bindparam("employer"), work.c.slug == bindparam("workplace"))
        .cte("places", recursive=True)
    )
    above = Workplace.__table__.alias()
    places = places.union_all(
        select(above.c.id, above.c.parent_id, above.c.slug, above.c.name_cy, above.c.name_en, places.c.depth + 1)
        .join(places, places.c.parent_id == above.c.id)
        .where(places.c.depth < DEEPEST)
    )
    group = StaffGroup.__table__
    bodies = Body.__table__
    return union_all(
        select(
            literal("body").label("what"), bodies.c.id, bodies.c.slug, bodies.c.name_cy, bodies.c.name_en, literal(0)
        ).where(bodies.c.slug == bindparam("employer")),
        select(literal("group"), group.c.id, group.c.code, group.c.name_cy, group.c.name_en, literal(0))
        .join(bodies, bodies.c.id == group.c.body_id)
        .where(bodies.c.slug == bindparam("employer"), group.c.code == bindparam("staff_group")),
        select(literal("place"), places.c.id, places.c.slug, places.c.name_cy, places.c.name_en, places.c.depth),
    )


def _groups_statement(locale: Locale, *, is_past: bool) -> Select[*tuple[Any, ...]]:
    """``is_past``: of the version that was in force on the day asked about, in the state of that day."""
    group, version, system = AffectedGroup.__table__.c, SystemVersion.__table__.c, System.__table__.c
    number = past.number_on(system.id, bindparam("on")) if is_past else system.current_number
    state = past.state_on(system.id, version.state, bindparam("on")) if is_past else system.state
    return (
        select(
            system.id,
            system.short_code,
            version.id.label("version_id"),
            version[f"name_{locale}"].label("name"),
            version[f"one_sentence_{locale}"].label("one_sentence"),
            version[f"responsible_{locale}"].label("responsible"),
            group.workplace_id,
            group.staff_group_id,
            group.kinds,
            type_coerce(group.strength, String).label("strength"),
            group.since,
            group.until,
        )
        .select_from(AffectedGroup.__table__)
        .join(SystemVersion.__table__, version.id == group.version_id)
        .join(System.__table__, and_(system.id == version.system_id, version.number == number))
        .where(
            group.body_id == bindparam("body"),
            state.in_(sorted(IN_USE)),
            group.since <= bindparam("on"),
            or_(group.until == null(), group.until >= bindparam("on")),
            or_(group.workplace_id == null(), group.workplace_id.in_(bindparam("places", expanding=True))),
            or_(group.staff_group_id == null(), group.staff_group_id == bindparam("staff_group")),
            group.kinds.contains(bindparam("kind")),
        )
    )


def _points_statement(locale: Locale) -> Select[*tuple[Any, ...]]:
    point = DecisionPoint.__table__.c
    return (
        select(point.version_id, point[f"title_{locale}"].label("title"), point.is_decided)
        .where(point.version_id.in_(bindparam("versions", expanding=True)))
        .order_by(point.version_id, point.position)
    )


_FACTS = _facts_statement()
_GROUPS = {
    (locale, is_past): _groups_statement(locale, is_past=is_past) for locale in Locale for is_past in (False, True)
}
_POINTS = {locale: _points_statement(locale) for locale in Locale}


def read_facts(session: Session, choice: Choice) -> Facts:
    """What the directory knows of a choice, in one query. What is unknown there is simply not there."""
    if not choice.employer:
        return Facts()
    asked = {"employer": choice.employer, "workplace": choice.workplace, "staff_group": choice.staff_group}
    rows = session.connection().execute(_FACTS, asked).all()
    named = [(row[0], row[5], Named(row[1], row[2], Bilingual(row[3], row[4]))) for row in rows]
    return Facts(
        body=next((thing for what, _depth, thing in named if what == "body"), None),
        places=tuple(thing for what, _depth, thing in sorted(named, key=lambda one: one[1]) if what == "place"),
        staff_group=next((thing for what, _depth, thing in named if what == "group"), None),
    )


def affecting(
    session: Session, works: Sequence[tuple[Work, Names]], locale: Locale, *, is_past: bool = False
) -> list[Hit]:
    """The systems that affect somebody with these engagements, strongest first, each once, with the reasons."""
    connection = session.connection()
    shown: dict[str, Any] = {}
    found = []
    for work, names in works:
        rows = connection.execute(_GROUPS[locale, is_past], _asked(work)).all()
        shown.update((row[0], row) for row in rows)
        found.append((names, matches(work, [_group(row, work.body_id) for row in rows], names)))
    hits = merged(found) if len(found) != 1 else found[0][1]
    if not hits:
        return []
    points = _points(connection, [shown[match.system_id][2] for match in hits], locale)
    return [Hit(match, _card(shown[match.system_id], points)) for match in hits]


def affecting_by(
    session: Session, works: Sequence[tuple[Work, Names]], system_id: str, locale: Locale, *, is_past: bool = False
) -> Match | None:
    """Whether, how and why one system affects somebody with these engagements."""
    connection = session.connection()
    found = []
    for work, names in works:
        rows = connection.execute(_GROUPS[locale, is_past], _asked(work)).all()
        groups = [_group(row, work.body_id) for row in rows if row[0] == system_id]
        found.append((names, matches(work, groups, names)))
    return next(iter(merged(found)), None)


def _asked(work: Work) -> dict[str, Any]:
    return {
        "body": work.body_id,
        "on": work.on,
        "places": work.places,
        "staff_group": work.staff_group_id,
        "kind": kinds_written({work.kind}),
    }


def works_of(session: Session, person_id: str, *, today: date) -> list[tuple[Work, Names]]:
    """A person's current engagements as matching sees them."""
    return [_work_of(session, engagement, today) for engagement in list_engagements(session, person_id, today=today)]


def _work_of(session: Session, engagement: Engagement, today: date) -> tuple[Work, Names]:
    body = get_body(session, engagement.body_id)
    places = list_workplace_and_parents(session, engagement.workplace_id)
    group = session.get(StaffGroup, engagement.staff_group_id)
    work = Work(
        body_id=engagement.body_id,
        places=tuple(place.id for place in places),
        staff_group_id=engagement.staff_group_id,
        kind=engagement.kind,
        on=today,
        began_on=engagement.started_on,
    )
    names = Names(
        body=Bilingual(body.name_cy, body.name_en),
        places={place.id: Bilingual(place.name_cy, place.name_en) for place in places},
        staff_group=Bilingual(group.name_cy, group.name_en) if group else None,
    )
    return work, names


def _points(connection: Connection, versions: Sequence[str], locale: Locale) -> dict[tuple[str, bool], str]:
    """The titles of what each version decides (True) and only advises on (False)."""
    titles: dict[tuple[str, bool], str] = {}
    for version_id, title, is_decided in connection.execute(_POINTS[locale], {"versions": versions}).all():
        before = titles.get((version_id, is_decided))
        titles[version_id, is_decided] = f"{before}; {title}" if before else title
    return titles


def _card(row: Row[*tuple[Any, ...]], points: dict[tuple[str, bool], str]) -> Card:
    _system, code, version, name, sentence, responsible = row[:6]
    return Card(code, name, sentence, responsible, points.get((version, True), ""), points.get((version, False), ""))


def _group(row: Row[*tuple[Any, ...]], body_id: str) -> Group:
    place, staff_group, kinds, strength, since, until = row[6:]
    return Group(row[0], body_id, place, staff_group, _kinds(kinds), _STRENGTHS[strength], since, until)


_STRENGTHS = {strength.value: strength for strength in Strength}
_kinds = lru_cache(maxsize=512)(kinds_read)
