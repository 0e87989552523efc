"""The verbs that change the directory. The rooms above ask who may, and record who did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.core.errors import Conflict, Refused
from portal.core.ids import new_id
from portal.core.text import Bilingual, Locale, msg
from portal.directory import queries
from portal.directory.models import Absence, Body, Engagement, Person, RoleHolding
from portal.directory.rules import AwaySource, RoleName, fits_role

NO_WORDS = Bilingual("", "")


@dataclass(frozen=True, slots=True)
class RoleOffer:
    """A role to be given: for a body or for a branch, a responsible manager's perhaps for one system."""

    role: RoleName
    body_id: str | None = None
    branch_id: str | None = None
    system_slug: str | None = None
    post: Bilingual = NO_WORDS
    is_deputy: bool = False
    shown_by_name: bool = False


@dataclass(frozen=True, slots=True)
class Contacts:
    """What a body's footer pages say about whom to ask, each text in both languages."""

    accessibility: Bilingual
    data_protection: Bilingual
    welsh_language: Bilingual


def add_person(
    session: Session, *, body_id: str | None, display_name: str, email: str, locale: Locale | None = None
) -> Person:
    """A new person of a body, or of no body when they represent a union. An e-mail address belongs to one person."""
    address = email.strip().lower()
    if queries.find_person_by_email(session, address) is not None:
        raise Conflict(msg("Somebody with this e-mail address is already in the directory."))
    person = Person(id=new_id(), body_id=body_id, display_name=display_name, email=address, locale=locale)
    session.add(person)
    session.flush()
    return person


def change_person(session: Session, person: Person, *, display_name: str, locale: Locale | None) -> Person:
    """What people may change about themselves."""
    person.display_name, person.locale = display_name, locale
    session.flush()
    return person


def assign_role(session: Session, person: Person, offer: RoleOffer, *, today: date) -> RoleHolding:
    """Give a role from today. The same role twice for the same body, branch and system is a Conflict."""
    if not fits_role(offer.role, body_id=offer.body_id, branch_id=offer.branch_id, system_slug=offer.system_slug):
        raise Refused(msg("A union’s roles belong to a branch, every other role to a body."))
    if _holds_already(session, person.id, offer, today):
        raise Conflict(msg("They already hold this role."))
    holding = RoleHolding(
        id=new_id(),
        person_id=person.id,
        role=offer.role,
        body_id=offer.body_id,
        branch_id=offer.branch_id,
        system_slug=offer.system_slug,
        post_cy=offer.post.cy,
        post_en=offer.post.en,
        is_deputy=offer.is_deputy,
        shown_by_name=offer.shown_by_name,
        started_on=today,
    )
    session.add(holding)
    session.flush()
    return holding


def end_role(session: Session, holding: RoleHolding, *, today: date) -> RoleHolding:
    """The role is theirs no longer, from today. Ending what has ended changes nothing."""
    if holding.ended_on is None:
        holding.ended_on = max(today, holding.started_on)
        session.flush()
    return holding


def end_all(session: Session, person: Person, *, today: date) -> Sequence[RoleHolding]:
    """Somebody leaves: every role and engagement ends today. Returns the roles that need new holders."""
    held = queries.list_holdings_of(session, person.id, today=today)
    for holding in held:
        holding.ended_on = max(today, holding.started_on)
    for engagement in queries.list_engagements(session, person.id, today=today):
        engagement.ended_on = max(today, engagement.started_on)
    session.flush()
    return held


def add_engagement(session: Session, engagement: Engagement) -> Engagement:
    """A person works for a body, at one workplace, in one staff group."""
    session.add(engagement)
    session.flush()
    return engagement


def change_contacts(session: Session, body: Body, contacts: Contacts) -> Body:
    """Replace what the body's footer pages say."""
    body.accessibility_contact_cy, body.accessibility_contact_en = contacts.accessibility.cy, contacts.accessibility.en
    body.dpo_contact_cy, body.dpo_contact_en = contacts.data_protection.cy, contacts.data_protection.en
    body.welsh_contact_cy, body.welsh_contact_en = contacts.welsh_language.cy, contacts.welsh_language.en
    session.flush()
    return body


def link_systems(session: Session, systems: Mapping[tuple[str, str], str]) -> None:
    """The register has new systems, by body and slug: tie the roles to them that named them before."""
    asked = select(RoleHolding.body_id, RoleHolding.system_slug).distinct()
    asked = asked.where(
        RoleHolding.body_id.in_({body_id for body_id, _slug in systems}),
        RoleHolding.system_slug.in_({slug for _body_id, slug in systems}),
    )
    for body_id, slug in session.execute(asked).all():
        if body_id is not None and slug is not None and (body_id, slug) in systems:
            session.execute(
                update(RoleHolding)
                .where(RoleHolding.body_id == body_id, RoleHolding.system_slug == slug)
                .values(system_id=systems[body_id, slug])
            )


def _holds_already(session: Session, person_id: str, offer: RoleOffer, today: date) -> bool:
    return any(
        (held.role, held.body_id, held.branch_id, held.system_slug)
        == (offer.role, offer.body_id, offer.branch_id, offer.system_slug)
        for held in queries.list_holdings_of(session, person_id, today=today)
    )


def infer_absence(session: Session, person_id: str, *, from_on: date, today: date) -> Absence:
    """Somebody is not seen although something is due: away until they come, a day at a time."""
    known = session.scalars(
        select(Absence)
        .where(Absence.person_id == person_id, Absence.source == AwaySource.INFERRED, Absence.until_on >= from_on)
        .order_by(Absence.until_on.desc())
        .limit(1)
    ).one_or_none()
    if known is None:
        known = Absence(id=new_id(), person_id=person_id, from_on=from_on, until_on=today, source=AwaySource.INFERRED)
        session.add(known)
    known.until_on = today
    session.flush()
    return known


def end_inferred_absence(session: Session, person_id: str, *, today: date) -> None:
    """They are here again: what was only inferred is taken back, and what somebody said stays."""
    session.execute(
        delete(Absence).where(
            Absence.person_id == person_id, Absence.source == AwaySource.INFERRED, Absence.until_on >= today
        )
    )
