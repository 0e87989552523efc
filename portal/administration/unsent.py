"""To whom of one's own body or branch no letter could be delivered, and sending again what was for them.

Only such letters are told of as come with a duty or with the account (``notifications.dead``); by person, and never
which: that somebody was to get a letter about a case would tell of the case.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.core.clock import london_day
from portal.core.errors import NotFound
from portal.core.vault import Vault
from portal.directory.models import Person, RoleHolding
from portal.directory.queries import holding_is_current
from portal.directory.rules import RoleName
from portal.identity.actor import Actor
from portal.notifications.dead import Told, Unsent, list_dead, send_again, told_of
from portal.notifications.mailers import Failure


@dataclass(frozen=True, slots=True)
class Unreached:
    """Somebody whom letters did not reach: of which kinds, why the last of them did not, and on which days."""

    person: Person
    email: str
    kinds: tuple[Told, ...]
    failure: Failure
    code: int | None
    first_on: date
    last_on: date
    may_be_sent_again: bool


def list_unreached(session: Session, actor: Actor, vault: Vault, *, today: date) -> list[Unreached]:
    """Everybody of one's own body or branch whom a letter did not reach, the latest first."""
    unsent = [one for one in list_dead(session, vault) if one.person_id is not None]
    people = _own_people(session, actor, {one.person_id for one in unsent if one.person_id is not None})
    with_role = _holders(session, people, today)
    found: dict[str, list[tuple[Unsent, Told]]] = {}
    for one in unsent:
        told = told_of(one.template, has_role=one.person_id in with_role)
        if told is not None and one.person_id in people:
            found.setdefault(one.person_id, []).append((one, told))
    unreached = [_unreached(people[person_id], theirs) for person_id, theirs in found.items()]
    return sorted(unreached, key=lambda one: (-one.last_on.toordinal(), one.person.display_name, one.person.id))


def write_again(session: Session, actor: Actor, person_id: str, vault: Vault, *, now: datetime) -> None:
    """Whatever was for somebody waits again, for the address that the directory has now. How much it was is not told,
    here or in the audit."""
    unreached = list_unreached(session, actor, vault, today=london_day(now))
    found = next((one for one in unreached if one.person.id == person_id), None)
    if found is None:
        raise NotFound
    send_again(session, vault, found.person, now=now)
    record(session, actor=actor, event="letters.sent_again", subject=person_id, now=now, body_id=found.person.body_id)


def _own_people(session: Session, actor: Actor, person_ids: Collection[str]) -> dict[str, Person]:
    """Those of them who are people of the bodies, or representatives of the branches, that somebody administers."""
    bodies = sorted(actor.bodies_where(RoleName.ADMINISTRATOR))
    branches = sorted(actor.branches_where(RoleName.UNION_ADMINISTRATOR))
    reads_for_branch = select(RoleHolding.person_id).where(RoleHolding.branch_id.in_(branches))
    of_branch = Person.body_id.is_(None) & Person.id.in_(reads_for_branch)
    own = or_(Person.body_id.in_(bodies), of_branch)
    found = session.scalars(select(Person).where(Person.id.in_(sorted(person_ids)), own))
    return {person.id: person for person in found}


def _holders(session: Session, person_ids: Collection[str], today: date) -> frozenset[str]:
    held = select(RoleHolding.person_id).where(RoleHolding.person_id.in_(sorted(person_ids)), holding_is_current(today))
    return frozenset(session.scalars(held))


def _unreached(person: Person, unsent: list[tuple[Unsent, Told]]) -> Unreached:
    last = unsent[0][0]
    days = [london_day(one.given_up_at) for one, _told in unsent]
    kinds = tuple(kind for kind in Told if any(told is kind for _one, told in unsent))
    again = any(kind is not Told.INVITATION for kind in kinds)
    return Unreached(person, last.email, kinds, last.failure, last.code, min(days), max(days), again)
