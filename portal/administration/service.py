"""The verbs of administrators. Each asks who may, changes the directory or an account, and leaves an audit event."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.authz.permissions import Permission, Subject, permits
from portal.core.clock import london_day
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.ids import new_id
from portal.core.text import Locale, pmsg
from portal.core.vault import Vault
from portal.directory import queries
from portal.directory import service as directory
from portal.directory.models import Body, Engagement, Person, RoleHolding, UnionBranch
from portal.directory.rules import BODY_ROLES, EngagementKind, RoleName
from portal.directory.service import Contacts, RoleOffer
from portal.identity import queries as identity_queries
from portal.identity import service as identity
from portal.identity.actor import Actor
from portal.identity.rules import AccountKind, InvitationPurpose
from portal.notifications.letters import Addressee, Letter, write_letter
from portal.notifications.service import queue
from portal.register.responsible import link_responsible

INVITATION = "account_invitation"


@dataclass(frozen=True, slots=True)
class Works:
    """Where a newcomer works, as the form asked it."""

    workplace_id: str
    staff_group_id: str
    kind: EngagementKind


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody to be invited."""

    display_name: str
    email: str
    works: Works | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """How an invitation travels, and what writing it needs. ``form_id`` makes sending a form twice one invitation."""

    vault: Vault
    public_url: str
    purpose: InvitationPurpose
    form_id: str


@dataclass(frozen=True, slots=True)
class Invited:
    """The person, and for a printed slip the letter to print; a mailed one is in the outbox."""

    person: Person
    slip: Letter | None


def invite_person(
    session: Session, actor: Actor, body: Body, newcomer: Newcomer, post: Post, *, now: datetime
) -> Invited:
    """Invite somebody to a body's portal, adding them to the directory unless they are there without an account."""
    _require(actor, Permission.ADMINISTER, Subject(body_id=body.id))
    person = queries.find_person_by_email(session, newcomer.email)
    if person is None:
        person = directory.add_person(
            session, body_id=body.id, display_name=newcomer.display_name, email=newcomer.email
        )
        if newcomer.works is not None:
            _engage(session, body, person, newcomer.works, now)
    elif person.body_id != body.id:
        raise Conflict(pmsg("error", "This e-mail address cannot be used here. Give another one"))
    return _send_invitation(session, actor, person, AccountKind.STAFF, post, now)


def invite_again(session: Session, actor: Actor, person: Person, post: Post, *, now: datetime) -> Invited:
    """Another link for somebody of the administrator's body or branch who has not set a password yet."""
    require_person(session, actor, person, now=now)
    kind = AccountKind.REPRESENTATIVE if person.body_id is None else AccountKind.STAFF
    return _send_invitation(session, actor, person, kind, post, now)


def invite_representative(
    session: Session, actor: Actor, branch: UnionBranch, newcomer: Newcomer, post: Post, *, now: datetime
) -> Invited:
    """Invite a representative of a branch: an account of the union's, with an address that no staff account has."""
    _require(actor, Permission.ADMINISTER_BRANCH, Subject(branch_id=branch.id))
    person = queries.find_person_by_email(session, newcomer.email)
    if person is None:
        person = directory.add_person(session, body_id=None, display_name=newcomer.display_name, email=newcomer.email)
        offer = RoleOffer(RoleName.UNION_REPRESENTATIVE, branch_id=branch.id)
        directory.assign_role(session, person, offer, today=london_day(now))
    elif not _is_member(session, person, branch, now):
        raise Conflict(pmsg("error", "This e-mail address cannot be used here. Give another one"))
    return _send_invitation(session, actor, person, AccountKind.REPRESENTATIVE, post, now)


def rename(session: Session, actor: Actor, person: Person, display_name: str, *, now: datetime) -> Person:
    """Correct a name."""
    require_person(session, actor, person, now=now)
    directory.change_person(session, person, display_name=display_name, locale=_language(person))
    _note(session, actor, "administration.renamed", person, now)
    return person


def assign_role(session: Session, actor: Actor, person: Person, offer: RoleOffer, *, now: datetime) -> RoleHolding:
    """Give a role of the administrator's body, or of the union administrator's branch, to one of its people."""
    require_person(session, actor, person, now=now)
    _require_place(actor, offer.body_id, offer.branch_id)
    if (offer.role in BODY_ROLES) != (person.body_id is not None):
        raise Refused(pmsg("error", "A representative’s account is separate from a staff account"))
    holding = directory.assign_role(session, person, offer, today=london_day(now))
    link_responsible(session)
    _note(session, actor, "administration.role_given", person, now, role=offer.role.value, holding=holding.id)
    return holding


def end_role(session: Session, actor: Actor, holding: RoleHolding, *, now: datetime) -> RoleHolding:
    """End a role from today. The last administrator of a body or branch cannot be taken away."""
    _require_place(actor, holding.body_id, holding.branch_id)
    _refuse_last(session, holding, now)
    directory.end_role(session, holding, today=london_day(now))
    person = queries.get_person(session, holding.person_id)
    _note(session, actor, "administration.role_ended", person, now, role=holding.role.value, holding=holding.id)
    return holding


def close_leaver(session: Session, actor: Actor, person: Person, *, now: datetime) -> Sequence[RoleHolding]:
    """Somebody leaves: account closed, signed out, every role ended. Returns the roles that need new holders."""
    require_person(session, actor, person, now=now)
    if person.id == actor.person_id:
        raise Refused(pmsg("error", "You cannot close your own account. Ask another administrator"))
    today = london_day(now)
    mine = actor.branches_where(RoleName.UNION_ADMINISTRATOR)
    held = queries.list_holdings_of(session, person.id, today=today)
    if person.body_id is None and any(holding.branch_id not in mine for holding in held):
        raise Refused(pmsg("error", "They hold a role in another branch too. End their role in this one instead"))
    ended = identity.close(session, person, today=today, now=now)
    _note(session, actor, "administration.leaver_closed", person, now, roles=len(ended))
    return ended


def change_contacts(session: Session, actor: Actor, body: Body, contacts: Contacts, *, now: datetime) -> Body:
    """Change what the body's footer pages say about whom to ask."""
    _require(actor, Permission.ADMINISTER, Subject(body_id=body.id))
    directory.change_contacts(session, body, contacts)
    record(session, actor=actor, event="administration.contacts_changed", subject=body.id, now=now, body_id=body.id)
    return body


def change_networks(session: Session, actor: Actor, body: Body, networks: str, *, now: datetime) -> Body:
    """Change which address ranges are the body's own network. The audit notes that it happened, not the ranges."""
    _require(actor, Permission.ADMINISTER, Subject(body_id=body.id))
    if networks != body.networks:
        body.networks = networks
        record(session, actor=actor, event="administration.networks_changed", subject=body.id, now=now, body_id=body.id)
    return body


def require_person(session: Session, actor: Actor, person: Person, *, now: datetime) -> None:
    """NotFound unless the person is of a body, or holds a role in a branch, that the actor administers."""
    if person.body_id is not None:
        _require(actor, Permission.ADMINISTER, Subject(body_id=person.body_id))
        return
    held = queries.list_holdings_of(session, person.id, today=london_day(now))
    mine = actor.branches_where(RoleName.UNION_ADMINISTRATOR)
    if not any(holding.branch_id in mine for holding in held):
        raise NotFound


def _require_place(actor: Actor, body_id: str | None, branch_id: str | None) -> None:
    if body_id is not None:
        _require(actor, Permission.ADMINISTER, Subject(body_id=body_id))
    else:
        _require(actor, Permission.ADMINISTER_BRANCH, Subject(branch_id=branch_id))


def _require(actor: Actor, permission: Permission, subject: Subject) -> None:
    if not permits(actor, permission, subject):
        raise NotFound


def _send_invitation(
    session: Session, actor: Actor, person: Person, kind: AccountKind, post: Post, now: datetime
) -> Invited:
    account = identity_queries.find_account_of(session, person.id)
    if account is None:
        account = identity.open_account(session, person, kind, now=now)
    is_mail = post.purpose is InvitationPurpose.MAIL
    if is_mail and identity_queries.find_invitation_by_id(session, post.form_id) is not None:
        return Invited(person, None)
    token = identity.invite(session, account, post.purpose, now=now, invitation_id=post.form_id)
    inviter = queries.get_person(session, actor.person_id).display_name
    to = Addressee(account.email, _language(person))
    values = {"name": person.display_name, "inviter": inviter, "address": post.public_url, "token": token}
    if is_mail:
        queue(session, vault=post.vault, to=to, template=INVITATION, values=values, now=now)
    _note(session, actor, "administration.invited", person, now, by=post.purpose.value)
    return Invited(person, None if is_mail else write_letter(to, INVITATION, values))


def _is_member(session: Session, person: Person, branch: UnionBranch, now: datetime) -> bool:
    held = queries.list_holdings_of(session, person.id, today=london_day(now))
    return any(holding.branch_id == branch.id for holding in held)


def _engage(session: Session, body: Body, person: Person, works: Works, now: datetime) -> None:
    engagement = Engagement(
        id=new_id(),
        person_id=person.id,
        body_id=body.id,
        workplace_id=works.workplace_id,
        staff_group_id=works.staff_group_id,
        kind=works.kind,
        started_on=london_day(now),
    )
    directory.add_engagement(session, engagement)


def _refuse_last(session: Session, holding: RoleHolding, now: datetime) -> None:
    today = london_day(now)
    if holding.role is RoleName.ADMINISTRATOR and holding.body_id is not None:
        held = queries.list_role_holders(session, role=holding.role, body_id=holding.body_id, today=today)
        left = [other for other, _person in held]
    elif holding.role is RoleName.UNION_ADMINISTRATOR and holding.branch_id is not None:
        members = queries.list_branch_members(session, holding.branch_id, today=today)
        left = [other for other, _person in members if other.role is holding.role]
    else:
        return
    if all(other.id == holding.id for other in left):
        raise Refused(pmsg("error", "This is the last administrator. Give the role to somebody else first"))


def _language(person: Person) -> Locale | None:
    return Locale(person.locale) if person.locale else None


def _note(session: Session, actor: Actor, event: str, person: Person, now: datetime, **facts: str | int) -> None:
    record(session, actor=actor, event=event, subject=person.id, now=now, body_id=person.body_id, facts=facts)
