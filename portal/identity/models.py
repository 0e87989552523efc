"""Accounts and the secrets around them. No token is kept, only its hash; no network address is kept at all."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id, UtcInstant
from portal.core.db import Base
from portal.directory.models import words_of
from portal.identity.rules import AccountKind, InvitationPurpose


class Account(Base):
    """The right to sign in as one person; ``email`` is what they sign in with.

    ``password_hash`` is None until the invitation has been accepted. ``last_seen_on`` is the day of their last sign-in,
    and no hour: whoever has work that is due and is not seen for days counts as away.
    """

    __tablename__ = "accounts"

    id: Mapped[Id]
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("persons.id"), unique=True)
    kind: Mapped[AccountKind] = mapped_column(words_of(AccountKind, "kind"))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    closed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    last_seen_on: Mapped[date | None]


class SignInSession(Base):
    """One signed-in browser. It ends at ``idle_until`` unless it is used before, and at ``expires_at`` in any case."""

    __tablename__ = "sign_in_sessions"

    id: Mapped[Id]
    account_id: Mapped[str] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    csrf_secret: Mapped[str] = mapped_column(String(43))
    started_at: Mapped[datetime] = mapped_column(UtcInstant)
    last_used_at: Mapped[datetime] = mapped_column(UtcInstant)
    idle_until: Mapped[datetime] = mapped_column(UtcInstant)
    expires_at: Mapped[datetime] = mapped_column(UtcInstant, index=True)


class Invitation(Base):
    """A link with which somebody sets their first password; the row goes when it has been used."""

    __tablename__ = "invitations"

    id: Mapped[Id]
    account_id: Mapped[str] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    purpose: Mapped[InvitationPurpose] = mapped_column(words_of(InvitationPurpose, "purpose"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    expires_at: Mapped[datetime] = mapped_column(UtcInstant, index=True)


class PasswordReset(Base):
    """A link to a new password; the row goes when it has been used.

    A request for an unknown address leaves a row too, with no account.
    """

    __tablename__ = "password_resets"

    id: Mapped[Id]
    account_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    expires_at: Mapped[datetime] = mapped_column(UtcInstant, index=True)


class SignInThrottle(Base):
    """Failed attempts of a bucket of e-mail addresses, known and unknown alike; no address is kept."""

    __tablename__ = "sign_in_throttles"
    __table_args__ = (CheckConstraint("failures > 0", name="failures"),)

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    failures: Mapped[int]
    last_failed_at: Mapped[datetime] = mapped_column(UtcInstant, index=True)
    wait_until: Mapped[datetime] = mapped_column(UtcInstant)


class CalendarLink(Base):
    """The secret address of somebody's own calendar, as its hash. A new one takes the place of the one before."""

    __tablename__ = "access_calendar_links"
    __table_args__ = (CheckConstraint("length(token_hash) = 32", name="token_hash_length"),)

    account_id: Mapped[str] = mapped_column(String(26), ForeignKey("accounts.id"), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
