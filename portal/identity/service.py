"""The verbs of accounts. The caller hashes, outside the transaction that writes: hashing takes long on purpose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.core.clock import london_day
from portal.core.errors import Conflict, NotFound, Refused, TooMany
from portal.core.ids import new_id, new_token, token_hash
from portal.core.text import pmsg
from portal.directory import service as directory
from portal.directory.models import Person, RoleHolding
from portal.identity import queries, rules
from portal.identity.models import Account, Invitation, PasswordReset, SignInSession, SignInThrottle
from portal.identity.passwords import Passwords
from portal.identity.queries import LinkOwner
from portal.identity.rules import AccountKind, InvitationPurpose, SessionTimes

HAS_ACCOUNT = pmsg("error", "This person has an account already")


@dataclass(frozen=True, slots=True)
class PasswordCheck:
    """What checking a password found; ``sign_in`` writes it down. ``account_id`` is None unless it was right."""

    throttle_key: str
    account_id: str | None
    checked_hash: str | None
    better_hash: str | None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session. The token goes into the cookie and is kept nowhere."""

    token: str
    session: SignInSession


@dataclass(frozen=True, slots=True)
class ResetAsked:
    """The answer to "I forgot": to be mailed when there is an account, and else to be thrown away."""

    token: str
    account: Account | None


def check_password(
    session: Session, passwords: Passwords, email: str, password: str, *, now: datetime
) -> PasswordCheck:
    """Check a password in a reading session, with the same work whether or not the account exists.

    Raises TooMany while the bucket of the address has to wait. Nobody is locked out.
    """
    address = email.strip().lower()
    account = queries.find_account(session, address)
    is_open = account is not None and account.closed_at is None
    key = rules.throttle_key(address)
    _refuse_while_waiting(session, key, now)
    stored = account.password_hash if account and is_open else None
    is_right = passwords.matches(stored, password[: rules.PASSWORD_MAX + 1])
    if account is None or stored is None or not is_right:
        return PasswordCheck(key, None, None, None)
    better = passwords.hash(password) if passwords.is_outdated(stored) else None
    return PasswordCheck(key, account.id, stored, better)


def check_present_password(
    session: Session, passwords: Passwords, account_id: str, password: str, *, now: datetime
) -> PasswordCheck:
    """The same for somebody who is signed in, counted apart: whoever sits at an unlocked screen guesses no faster than
    at the door, and keeps the owner out of nothing."""
    account = queries.get_account(session, account_id)
    key = rules.throttle_key(f"present:{account.id}")
    _refuse_while_waiting(session, key, now)
    if not passwords.matches(account.password_hash, password[: rules.PASSWORD_MAX + 1]):
        return PasswordCheck(key, None, None, None)
    return PasswordCheck(key, account.id, account.password_hash, None)


def note_check(session: Session, check: PasswordCheck, *, now: datetime) -> None:
    """Write down what ``check_present_password`` found: a failure is counted, and forgotten when it was right."""
    if check.account_id is None:
        _count_failure(session, check.throttle_key, now)
    else:
        session.execute(delete(SignInThrottle).where(SignInThrottle.key == check.throttle_key))


def sign_in(
    session: Session, check: PasswordCheck, times: SessionTimes, *, now: datetime, old_token: str | None = None
) -> SignedIn | None:
    """Write down what ``check_password`` found: a failure (None, for every reason alike) or a new session.

    A session that the browser still had ends here, so that a token from before sign-in is never one from after.
    """
    account = session.get(Account, check.account_id) if check.account_id else None
    if account is None or account.closed_at is not None or account.password_hash != check.checked_hash:
        _count_failure(session, check.throttle_key, now)
        return None
    session.execute(delete(SignInThrottle).where(SignInThrottle.key == check.throttle_key))
    if check.better_hash is not None:
        account.password_hash = check.better_hash
    if old_token:
        session.execute(delete(SignInSession).where(SignInSession.token_hash == token_hash(old_token)))
    return start_session(session, account, times, now=now)


def start_session(session: Session, account: Account, times: SessionTimes, *, now: datetime) -> SignedIn:
    """A new session with a new token and a new secret for its forms."""
    token = new_token()
    started = SignInSession(
        id=new_id(),
        account_id=account.id,
        token_hash=token_hash(token),
        csrf_secret=new_token(),
        started_at=now,
        last_used_at=now,
        idle_until=now + times.idle,
        expires_at=now + times.absolute,
    )
    session.add(started)
    account.last_seen_on = london_day(now)
    directory.end_inferred_absence(session, account.person_id, today=account.last_seen_on)
    session.flush()
    return SignedIn(token, started)


def is_due_for_touch(last_used_at: datetime, *, now: datetime) -> bool:
    """Last use is written at most once a minute."""
    return now - last_used_at >= rules.LAST_USE_GRAIN


def touch(session: Session, session_id: str, times: SessionTimes, *, now: datetime) -> None:
    """The session was used: it stays for another idle time, never past its absolute end, and never ends sooner."""
    session.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id, SignInSession.last_used_at < now, SignInSession.idle_until > now)
        .values(last_used_at=now, idle_until=now + times.idle)
    )


def revoke_token(session: Session, token: str) -> None:
    """Sign out: the session of this cookie ends."""
    session.execute(delete(SignInSession).where(SignInSession.token_hash == token_hash(token)))


def revoke_sessions(session: Session, account_id: str, *, only: str | None = None, but: str | None = None) -> None:
    """End an account's sessions: all, only one, or all but one. Another account's are out of reach."""
    ending = delete(SignInSession).where(SignInSession.account_id == account_id)
    if only is not None:
        ending = ending.where(SignInSession.id == only)
    if but is not None:
        ending = ending.where(SignInSession.id != but)
    session.execute(ending)


def open_account(session: Session, person: Person, kind: AccountKind, *, now: datetime) -> Account:
    """An account without a password yet, for somebody who is about to be invited. A Conflict if they have one."""
    if (person.body_id is None) != (kind is AccountKind.REPRESENTATIVE):
        raise Refused(pmsg("error", "A representative’s account is separate from a staff account"))
    if queries.find_account_of(session, person.id) or queries.find_account(session, person.email):
        raise Conflict(HAS_ACCOUNT)
    account = Account(id=new_id(), person_id=person.id, kind=kind, email=person.email, created_at=now)
    session.add(account)
    session.flush()
    return account


def invite(
    session: Session, account: Account, purpose: InvitationPurpose, *, now: datetime, invitation_id: str | None = None
) -> str:
    """A single-use link's token. An earlier link stops working; somebody who left and comes back has no role yet."""
    if account.password_hash is not None:
        raise Conflict(HAS_ACCOUNT)
    account.closed_at = None
    session.execute(delete(Invitation).where(Invitation.account_id == account.id))
    token = new_token()
    session.add(
        Invitation(
            id=invitation_id or new_id(),
            account_id=account.id,
            purpose=purpose,
            token_hash=token_hash(token),
            made_at=now,
            expires_at=now + rules.INVITATION_LIFE,
        )
    )
    session.flush()
    return token


def accept_invitation(session: Session, token: str, password_hash: str, *, now: datetime) -> Account:
    """Set the first password. Raises NotFound when the link was used, has expired or never was."""
    return _use_link(session, queries.find_invitation(session, token, now=now), password_hash)


def ask_reset(session: Session, email: str, *, now: datetime) -> ResetAsked:
    """Note a request for a new password: one row, for a known address and an unknown one alike."""
    account = queries.find_account(session, email)
    asked_just_now = _asked_just_now(session, account.id if account else "", now)
    if account is not None and (account.closed_at is not None or asked_just_now):
        account = None
    token = new_token()
    session.add(
        PasswordReset(
            id=new_id(),
            account_id=account.id if account else None,
            token_hash=token_hash(token),
            made_at=now,
            expires_at=now + rules.RESET_LIFE,
        )
    )
    session.flush()
    return ResetAsked(token, account)


def finish_reset(session: Session, token: str, password_hash: str, *, now: datetime) -> Account:
    """Set a new password. Every session ends and every other link stops working. Raises NotFound as above."""
    return _use_link(session, queries.find_reset(session, token, now=now), password_hash)


def change_password(session: Session, account: Account, password_hash: str, *, keep_session_id: str) -> Account:
    """A signed-in person's new password; they stay signed in here and nowhere else."""
    account.password_hash = password_hash
    revoke_sessions(session, account.id, but=keep_session_id)
    session.execute(delete(PasswordReset).where(PasswordReset.account_id == account.id))
    session.flush()
    return account


def close(session: Session, person: Person, *, today: date, now: datetime) -> Sequence[RoleHolding]:
    """Somebody leaves: account closed, sessions and links gone, roles and engagements ended.

    Returns the roles they held, so that the features can find who does their duties now.
    """
    account = queries.find_account_of(session, person.id)
    if account is not None and account.closed_at is None:
        account.closed_at, account.password_hash = now, None
        revoke_sessions(session, account.id)
        _void_links(session, account.id)
    return directory.end_all(session, person, today=today)


def follow_directory(session: Session) -> None:
    """People sign in with the address that the directory has for them, also after it has changed there."""
    current = select(Person.email).where(Person.id == Account.person_id).scalar_subquery()
    moved = list(session.scalars(select(Account.id).where(Account.email != current)))
    for address in (Account.id, current):  # by way of the id, so that two people may swap addresses
        session.execute(
            update(Account)
            .where(Account.id.in_(moved))
            .values(email=address)
            .execution_options(synchronize_session=False)
        )


def purge_expired(session: Session, *, now: datetime) -> int:
    """Delete sessions, links and counts of failures whose time is over; a duty of the sweep. Returns how many.

    An ended session stays a day, so that what was typed into it can come back after signing in.
    """
    ended = now - rules.SESSION_KEPT
    over = (
        delete(SignInSession).where((SignInSession.expires_at <= ended) | (SignInSession.idle_until <= ended)),
        delete(Invitation).where(Invitation.expires_at <= now),
        delete(PasswordReset).where(PasswordReset.expires_at <= now),
        delete(SignInThrottle).where(SignInThrottle.last_failed_at <= now - rules.FAILURES_FORGOTTEN_AFTER),
    )
    return sum(session.connection().execute(statement).rowcount for statement in over)


def _refuse_while_waiting(session: Session, key: str, now: datetime) -> None:
    throttle = session.get(SignInThrottle, key)
    if throttle is not None and throttle.wait_until > now:
        raise TooMany(rules.seconds_left(throttle.wait_until, now=now))


def _count_failure(session: Session, key: str, now: datetime) -> None:
    throttle = session.get(SignInThrottle, key)
    if throttle is None:
        throttle = SignInThrottle(key=key, failures=0, last_failed_at=now, wait_until=now)
        session.add(throttle)
    throttle.failures = rules.failures_now(throttle.failures, throttle.last_failed_at, now=now) + 1
    throttle.last_failed_at, throttle.wait_until = now, now + rules.wait_after(throttle.failures)
    session.flush()


def _asked_just_now(session: Session, account_id: str, now: datetime) -> bool:
    last = queries.find_last_reset(session, account_id)
    return last is not None and now - last.made_at < rules.RESET_AGAIN_AFTER


def _use_link(session: Session, owner: LinkOwner | None, password_hash: str) -> Account:
    if owner is None:
        raise NotFound
    account = queries.get_account(session, owner.account_id)
    account.password_hash = password_hash
    revoke_sessions(session, account.id)
    _void_links(session, account.id)
    session.execute(delete(SignInThrottle).where(SignInThrottle.key == rules.throttle_key(account.email)))
    session.flush()
    return account


def _void_links(session: Session, account_id: str) -> None:
    session.execute(delete(Invitation).where(Invitation.account_id == account_id))
    session.execute(delete(PasswordReset).where(PasswordReset.account_id == account_id))
