"""The people of my side, whose keys I may confirm: the representatives of my branch, or the readers of my body.

A new key counts as new until another reader of the same side has compared its six words with its owner. Being an
administrator gives no say in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.concerns.models import RecipientKey
from portal.concerns.queries import SIDE, find_live_key, post_of
from portal.core.errors import NotFound, Refused
from portal.core.text import Bilingual, pmsg
from portal.core.vault import Vault
from portal.directory.models import Person, RoleHolding
from portal.directory.rules import BODY_READERS, BRANCH_READERS
from portal.identity.actor import Actor
from portal.notifications.letters import to_person
from portal.notifications.service import queue

OWN_IS_NEW = pmsg(
    "error", "Your own key is still new. Somebody of your side whose key is confirmed has to compare it with you first"
)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of my side with a live key, known by post, and by name where they agreed to be."""

    person: Person
    key: RecipientKey
    side: str
    post: Bilingual
    name: str | None

    @property
    def is_confirmed(self) -> bool:
        """Whether this side has compared the key."""
        return self.key.is_confirmed_for(self.side)


def list_colleagues(session: Session, actor: Actor, *, today: date) -> list[Colleague]:
    """Everybody else of the actor's side who has a live key; those whose key is new first."""
    asked = (
        select(RoleHolding, Person, RecipientKey)
        .join(Person, Person.id == RoleHolding.person_id)
        .join(RecipientKey, RecipientKey.person_id == RoleHolding.person_id)
        .where(
            RecipientKey.ended_on.is_(None),
            RoleHolding.person_id != actor.person_id,
            RoleHolding.started_on <= today,
            or_(RoleHolding.ended_on.is_(None), RoleHolding.ended_on > today),
            or_(
                RoleHolding.role.in_(BODY_READERS) & RoleHolding.body_id.in_(sorted(actor.bodies_where(*BODY_READERS))),
                RoleHolding.role.in_(BRANCH_READERS)
                & RoleHolding.branch_id.in_(sorted(actor.branches_where(*BRANCH_READERS))),
            ),
        )
        .order_by(
            RecipientKey.confirmed_for.is_not_distinct_from(SIDE),
            RoleHolding.is_deputy,
            Person.display_name,
            RoleHolding.role.desc(),
        )
    )
    found: dict[str, Colleague] = {}
    for holding, person, key in session.execute(asked):
        name = person.display_name if holding.shown_by_name else None
        side = holding.branch_id or holding.body_id or ""
        found.setdefault(person.id, Colleague(person, key, side, post_of(holding), name))
    return list(found.values())


def get_colleague(session: Session, actor: Actor, key_id: bytes, *, today: date) -> Colleague:
    """The colleague with this live key; NotFound for one's own, for anybody else's and for nonsense."""
    for colleague in list_colleagues(session, actor, today=today):
        if colleague.key.key_id == key_id:
            return colleague
    raise NotFound


def may_confirm(session: Session, actor: Actor, *, today: date) -> bool:
    """Whoever's own key is new confirms nobody while the side has a confirmed key.

    Two accounts that somebody made up could confirm each other otherwise.
    """
    own = find_live_key(session, actor.person_id)
    if own is None:
        return False
    others = list_colleagues(session, actor, today=today)
    return is_own_confirmed(actor, own) or not any(one.is_confirmed for one in others)


def is_own_confirmed(actor: Actor, own: RecipientKey) -> bool:
    """Whether a side for which the actor reads has compared their key."""
    sides = actor.bodies_where(*BODY_READERS) | actor.branches_where(*BRANCH_READERS)
    return any(own.is_confirmed_for(side) for side in sides)


def confirm_key(session: Session, actor: Actor, key_id: bytes, *, today: date, now: datetime) -> Colleague:
    """A reader has compared the six words with the key's owner. Only who has keys of their own can say so."""
    if find_live_key(session, actor.person_id) is None:
        raise NotFound
    colleague = get_colleague(session, actor, key_id, today=today)
    if not may_confirm(session, actor, today=today):
        raise Refused(OWN_IS_NEW)
    if not colleague.is_confirmed:
        colleague.key.confirmed_for = colleague.side
        record(session, actor=actor, event="concerns.key_confirmed", subject=colleague.person.id, now=now)
    return colleague


def announce_key(
    session: Session, actor: Actor, *, event: str, vault: Vault, address: str, today: date, now: datetime
) -> None:
    """A key was made: its owner and their whole side are told, so that nobody's key is exchanged in silence."""
    record(session, actor=actor, event=event, subject=actor.person_id, now=now)
    owner = session.get_one(Person, actor.person_id)
    people: Sequence[Person] = [owner, *(one.person for one in list_colleagues(session, actor, today=today))]
    for person in people:
        template = "key_made_own" if person is owner else "key_made"
        to = to_person(person)
        queue(session, vault=vault, to=to, template=template, values={"address": address}, now=now)
