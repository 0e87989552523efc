"""The hot reads behind "which systems affect me": three statements, built once, on Core rows (speed.md P2)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

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
from portal.directory.rules import EngagementKind
from portal.register.choosing import Choice, Facts, Named
from portal.register.matching import Group, Match, Names, Work, matches, merged
from portal.register.models import AffectedGroup, DecisionPoint, System, SystemVersion
from portal.register.rules import IN_USE, Strength

DEEPEST = 12
"""Places within places that are looked at; a loop in the directory cannot make the query run for ever."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a list says about one system, in one language."""

    system_id: str
    short_code: str
    name: str
    one_sentence: str
    responsible: str
    decides: tuple[str, ...] = ()
    advises: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
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


def _groups_statement(locale: Locale) -> Select[*tuple[Any, ...]]:
    group, version, system = AffectedGroup.__table__.c, SystemVersion.__table__.c, System.__table__.c
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
        .join(System.__table__, and_(system.id == version.system_id, system.current_number == version.number))
        .where(
            group.body_id == bindparam("body"),
            version.state.in_(sorted(IN_USE)),
            group.since <= bindparam("on"),
            or_(group.until == null(), group.until >= bindparam("on")),
            or_(group.workplace_id == null(), group.workplace_id.in_(bindparam("places", expanding=True))),
            or_(group.staff_group_id == null(), group.staff_group_id == bindparam("staff_group")),
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
_GROUPS = {locale: _groups_statement(locale) for locale in Locale}
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


def affecting(session: Session, works: Sequence[tuple[Work, Names]], locale: Locale) -> list[Hit]:
    """The systems that affect somebody with these engagements, strongest first, each once, with the reason."""
    connection = session.connection()
    cards: dict[str, tuple[str, Card]] = {}
    found = []
    for work, names in works:
        asked = {"body": work.body_id, "on": work.on, "places": work.places, "staff_group": work.staff_group_id}
        rows = connection.execute(_GROUPS[locale], asked).all()
        cards.update((row.id, (row.version_id, _card(row))) for row in rows)
        found.append(matches(work, (_group(row, work.body_id) for row in rows), names))
    hits = merged(found)
    pointed = _with_points(connection, [cards[match.system_id] for match in hits], locale)
    return [Hit(match, card) for match, card in zip(hits, pointed, strict=True)]


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


def _with_points(connection: Connection, cards: Sequence[tuple[str, Card]], locale: Locale) -> list[Card]:
    if not cards:
        return []
    decides: dict[str, list[str]] = defaultdict(list)
    advises: dict[str, list[str]] = defaultdict(list)
    rows = connection.execute(_POINTS[locale], {"versions": [version_id for version_id, _card in cards]})
    for version_id, title, is_decided in rows:
        (decides if is_decided else advises)[version_id].append(title)
    return [
        replace(card, decides=tuple(decides[version_id]), advises=tuple(advises[version_id]))
        for version_id, card in cards
    ]


def _card(row: Row[*tuple[Any, ...]]) -> Card:
    return Card(row.id, row.short_code, row.name, row.one_sentence, row.responsible)


def _group(row: Row[*tuple[Any, ...]], body_id: str) -> Group:
    kinds = frozenset(map(EngagementKind, row.kinds.split(" ")))
    return Group(
        row.id, body_id, row.workplace_id, row.staff_group_id, kinds, Strength(row.strength), row.since, row.until
    )
