"""People for tests: a body, and accounts with passwords, made by the services themselves."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.core.ids import new_id
from portal.core.text import Locale
from portal.directory import service as directory
from portal.directory.models import Body, Person, Union, UnionBranch
from portal.directory.rules import BodyKind, RoleName
from portal.directory.service import RoleOffer
from portal.identity import service as identity
from portal.identity.models import Account
from portal.identity.passwords import Passwords, passwords_for
from portal.identity.rules import AccountKind, InvitationPurpose, SessionTimes
from portal.settings.models import Settings

PASSWORD = "pedwar gair digon hir"


@dataclass(frozen=True)
class Member:
    """Somebody with an account."""

    person: Person
    account: Account


def passwords_of(settings: Settings) -> Passwords:
    return passwords_for(settings.argon2_memory_kib, settings.argon2_passes)


def add_body(session: Session, slug: str = "taran") -> Body:
    body = Body(id=new_id(), slug=slug, name_cy="Cyngor Taran", name_en="Taran Council", kind=BodyKind.COUNCIL)
    session.add(body)
    session.flush()
    return body


def add_branch(session: Session, slug: str = "unison-taran") -> UnionBranch:
    union = Union(id=new_id(), slug=f"union-of-{slug}", name="UNISON")
    branch = UnionBranch(id=new_id(), union_id=union.id, slug=slug, name_cy="Cangen Taran", name_en="Taran Branch")
    session.add_all([union, branch])
    session.flush()
    return branch


def add_member(
    session: Session,
    settings: Settings,
    now: datetime,
    *,
    email: str,
    body: Body | None = None,
    branch: UnionBranch | None = None,
    roles: tuple[RoleName, ...] = (),
    locale: Locale | None = None,
) -> Member:
    """Somebody who has accepted their invitation with PASSWORD, and holds the roles."""
    person = directory.add_person(
        session, body_id=body.id if body else None, display_name=email.partition("@")[0], email=email, locale=locale
    )
    account = identity.open_account(session, person, AccountKind.STAFF if body else AccountKind.REPRESENTATIVE, now=now)
    token = identity.invite(session, account, InvitationPurpose.MAIL, now=now)
    identity.accept_invitation(session, token, passwords_of(settings).hash(PASSWORD), now=now)
    for role in roles:
        offer = RoleOffer(role, body_id=body.id if body else None, branch_id=branch.id if branch else None)
        directory.assign_role(session, person, offer, today=date(2026, 11, 1))
    return Member(person, account)


def times_of(settings: Settings) -> SessionTimes:
    from portal.web.dependencies import session_times

    return session_times(settings)
