"""Who is signed in, and which links still work. ``find_actor`` runs on every signed-in page: one Core query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Row, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from portal.core.clock import london_day
from portal.core.errors import NotFound
from portal.core.ids import token_hash
from portal.core.text import Locale
from portal.directory.models import Person, RoleHolding
from portal.identity.actor import Actor, Holding
from portal.identity.models import Account, Invitation, PasswordReset, SignInSession

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SignedSession:
    """The session behind a signed-in page. It ends at ``ends_at`` unless it is used before."""

    id: str
    account_id: str
    csrf_secret: str
    last_used_at: datetime
    idle_until: datetime
    expires_at: datetime
    display_name: str

    @property
    def ends_at(self) -> datetime:
        return min(self.idle_until, self.expires_at)


@dataclass(frozen=True, slots=True)
class LinkOwner:
    """Whose single-use link it is."""

    account_id: str
    email: str
    display_name: str


_ROLE_TODAY = and_(
    RoleHolding.person_id == Account.person_id,
    RoleHolding.started_on <= bindparam("today"),
    or_(RoleHolding.ended_on.is_(None), RoleHolding.ended_on > bindparam("today")),
)

_FIND_ACTOR = (
    select(
        SignInSession.id,
        SignInSession.csrf_secret,
        SignInSession.last_used_at,
        SignInSession.idle_until,
        SignInSession.expires_at,
        Account.id.label("account_id"),
        Account.kind,
        Person.id.label("person_id"),
        Person.body_id,
        Person.locale,
        Person.display_name,
        RoleHolding.role,
        RoleHolding.body_id.label("role_body_id"),
        RoleHolding.branch_id,
        RoleHolding.system_id,
        RoleHolding.system_slug,
        RoleHolding.is_deputy,
    )
    .join(Account, Account.id == SignInSession.account_id)
    .join(Person, Person.id == Account.person_id)
    .outerjoin(RoleHolding, _ROLE_TODAY)
    .where(
        SignInSession.token_hash == bindparam("token_hash"),
        SignInSession.idle_until > bindparam("now"),
        SignInSession.expires_at > bindparam("now"),
        Account.closed_at.is_(None),
    )
)


def find_actor(session: Session, token: str, *, now: datetime) -> tuple[Actor, SignedSession] | None:
    """The actor of a session cookie with the roles held today, or None for an unknown, ended or closed one."""
    asked = {"token_hash": token_hash(token), "now": now, "today": london_day(now)}
    rows = session.connection().execute(_FIND_ACTOR, asked).all()
    if not rows:
        return None
    return _actor(rows), _signed(rows[0])


def find_session_owner(session: Session, token: str) -> str | None:
    """The account of a session, also of one that has ended lately: what was typed then is kept for it alone."""
    return session.scalar(select(SignInSession.account_id).where(SignInSession.token_hash == token_hash(token)))


def get_actor_of(session: Session, person_id: str, *, today: date) -> Actor:
    """Somebody as they would act today, without a session: for commands and tests."""
    account = _found(find_account_of(session, person_id))
    person = _found(session.get(Person, person_id))
    held = session.scalars(
        select(RoleHolding).where(
            RoleHolding.person_id == person_id,
            RoleHolding.started_on <= today,
            or_(RoleHolding.ended_on.is_(None), RoleHolding.ended_on > today),
        )
    )
    holdings = frozenset(
        Holding(one.role, one.body_id, one.branch_id, one.system_id, one.is_deputy, one.system_slug) for one in held
    )
    locale = Locale(person.locale) if person.locale else None
    return Actor(account.id, person_id, account.kind, person.body_id, holdings, locale)


def find_account(session: Session, email: str) -> Account | None:
    """The account that signs in with this address, closed ones too."""
    return session.scalar(select(Account).where(Account.email == email.strip().lower()))


def get_account(session: Session, account_id: str) -> Account:
    return _found(session.get(Account, account_id))


def find_account_of(session: Session, person_id: str) -> Account | None:
    return session.scalar(select(Account).where(Account.person_id == person_id))


def list_accounts_of(session: Session, person_ids: Sequence[str]) -> dict[str, Account]:
    """The accounts of several people, by person."""
    found = session.scalars(select(Account).where(Account.person_id.in_(person_ids)))
    return {account.person_id: account for account in found}


def list_sessions(session: Session, account_id: str, *, now: datetime) -> Sequence[SignInSession]:
    """An account's live sessions, the last used first."""
    asked = select(SignInSession).where(
        SignInSession.account_id == account_id, SignInSession.idle_until > now, SignInSession.expires_at > now
    )
    return session.scalars(asked.order_by(SignInSession.last_used_at.desc())).all()


def find_invitation(session: Session, token: str, *, now: datetime) -> LinkOwner | None:
    """Whose invitation this is, while it still works."""
    return _link_owner(session, Invitation, token, now)


def find_invitation_by_id(session: Session, invitation_id: str) -> Invitation | None:
    """An invitation made from a form of this id, so that sending the form twice makes one."""
    return session.get(Invitation, invitation_id)


def find_reset(session: Session, token: str, *, now: datetime) -> LinkOwner | None:
    """Whose reset link this is, while it still works."""
    return _link_owner(session, PasswordReset, token, now)


def find_last_reset(session: Session, account_id: str) -> PasswordReset | None:
    """The reset that was asked for last."""
    asked = select(PasswordReset).where(PasswordReset.account_id == account_id)
    return session.scalar(asked.order_by(PasswordReset.made_at.desc()).limit(1))


def _link_owner(
    session: Session, link: type[Invitation] | type[PasswordReset], token: str, now: datetime
) -> LinkOwner | None:
    row = session.execute(
        select(Account.id, Account.email, Person.display_name)
        .join(link, link.account_id == Account.id)
        .join(Person, Person.id == Account.person_id)
        .where(link.token_hash == token_hash(token), link.expires_at > now, Account.closed_at.is_(None))
    ).first()
    return None if row is None else LinkOwner(*row)


def _actor(rows: Sequence[Row[*tuple[Any, ...]]]) -> Actor:
    first = rows[0]
    held = (
        Holding(row.role, row.role_body_id, row.branch_id, row.system_id, row.is_deputy, row.system_slug)
        for row in rows
        if row.role is not None
    )
    locale = Locale(first.locale) if first.locale else None
    return Actor(first.account_id, first.person_id, first.kind, first.body_id, frozenset(held), locale)


def _signed(row: Row[*tuple[Any, ...]]) -> SignedSession:
    return SignedSession(
        id=row.id,
        account_id=row.account_id,
        csrf_secret=row.csrf_secret,
        last_used_at=row.last_used_at,
        idle_until=row.idle_until,
        expires_at=row.expires_at,
        display_name=row.display_name,
    )


def _found(row: T | None) -> T:
    if row is None:
        raise NotFound
    return row
