"""Where a poster may hang: the workplaces of the groups that one version affects."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.text import Bilingual
from portal.directory.models import Body, Workplace
from portal.register.models import AffectedGroup


@dataclass(frozen=True, slots=True)
class Place:
    """A workplace that a version affects. ``key`` names it in an address."""

    key: str
    name: Bilingual
    around: Bilingual | None


def list_places(session: Session, version_id: str, own_body_id: str) -> Sequence[Place]:
    """The workplaces that a version affects, with all that lies in them.

    One of the system's own body goes by its slug, one of another body by the body's slug and its own.
    """
    groups = session.execute(
        select(AffectedGroup.body_id, AffectedGroup.workplace_id).where(AffectedGroup.version_id == version_id)
    ).all()
    bodies = {body_id for body_id, _workplace in groups}
    slugs = {body_id: slug for body_id, slug in session.execute(select(Body.id, Body.slug).where(Body.id.in_(bodies)))}
    workplaces = {place.id: place for place in session.scalars(select(Workplace).where(Workplace.body_id.in_(bodies)))}
    whole = {body_id for body_id, workplace_id in groups if workplace_id is None}
    named = {workplace_id for _body, workplace_id in groups if workplace_id is not None}
    return [
        Place(
            key=place.slug if place.body_id == own_body_id else f"{slugs[place.body_id]}/{place.slug}",
            name=_name(place),
            around=_name(workplaces[place.parent_id]) if place.parent_id in workplaces else None,
        )
        for place in workplaces.values()
        if place.body_id in whole or not named.isdisjoint(_upwards(place, workplaces))
    ]


def _upwards(place: Workplace, workplaces: Mapping[str, Workplace]) -> Iterable[str]:
    """A workplace's id, that of the one it lies in, and so on."""
    trail: list[str] = []
    at: Workplace | None = place
    while at is not None and at.id not in trail:
        trail.append(at.id)
        at = workplaces.get(at.parent_id or "")
    return trail


def _name(place: Workplace) -> Bilingual:
    return Bilingual(place.name_cy, place.name_en)
