"""The verbs of the account pages: identity's, with their audit events and letters."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.core.text import Locale
from portal.core.vault import Vault
from portal.directory import queries as directory_queries
from portal.directory import service as directory
from portal.identity import queries as identity_queries
from portal.identity import service as identity
from portal.identity.actor import Actor
from portal.identity.models import Account
from portal.identity.rules import SessionTimes
from portal.identity.service import PasswordCheck, SignedIn
from portal.notifications.letters import Addressee
from portal.notifications.models import LetterWish
from portal.notifications.quiet import Wish
from portal.notifications.service import queue


def sign_in(
    session: Session, check: PasswordCheck, times: SessionTimes, *, old_token: str, now: datetime
) -> SignedIn | None:
    """Write down what checking the password found: a new session, or nothing for every failure alike."""
    signed = identity.sign_in(session, check, times, now=now, old_token=old_token)
    if signed is not None:
        _note(session, None, "account.signed_in", signed.session.account_id, now)
    return signed


def sign_out(session: Session, actor: Actor, token: str, *, now: datetime) -> None:
    identity.revoke_token(session, token)
    _note(session, actor, "account.signed_out", actor.account_id, now)


def stay(session: Session, session_id: str, times: SessionTimes, *, now: datetime) -> None:
    """The person asked to stay signed in for another while."""
    identity.touch(session, session_id, times, now=now)


def ask_reset(session: Session, vault: Vault, email: str, *, public_url: str, now: datetime) -> None:
    """Send a link to a new password, if there is an account; the answer and the work are the same if there is none.

    For an unknown address a letter is written too, in a savepoint that is then undone.
    """
    asked = identity.ask_reset(session, email, now=now)
    savepoint = session.begin_nested()
    person = directory_queries.get_person(session, asked.account.person_id) if asked.account else None
    to = Addressee(asked.account.email if asked.account else email, _language(person.locale if person else None))
    values = {"name": person.display_name if person else "", "address": public_url, "token": asked.token}
    queue(session, vault=vault, to=to, template="account_reset", values=values, now=now)
    session.flush()
    if asked.account is None:
        savepoint.rollback()


def finish_reset(session: Session, vault: Vault, token: str, password_hash: str, *, now: datetime) -> Account:
    """Set the new password, end every session, and tell the person by letter; NotFound when the link is over."""
    account = identity.finish_reset(session, token, password_hash, now=now)
    _tell_changed(session, vault, account, now)
    _note(session, None, "account.password_reset", account.id, now)
    return account


def accept_invitation(
    session: Session, token: str, password_hash: str, times: SessionTimes, *, locale: Locale | None, now: datetime
) -> SignedIn:
    """Set the first password, record the language asked for, and sign in; NotFound when the link is over."""
    account = identity.accept_invitation(session, token, password_hash, now=now)
    person = directory_queries.get_person(session, account.person_id)
    directory.change_person(session, person, display_name=person.display_name, locale=locale)
    _note(session, None, "account.invitation_accepted", account.id, now)
    return identity.start_session(session, account, times, now=now)


def change_password(
    session: Session, vault: Vault, actor: Actor, password_hash: str, *, keep_session_id: str, now: datetime
) -> Account:
    """A new password; the person stays signed in here, nowhere else, and is told by letter."""
    account = identity_queries.get_account(session, actor.account_id)
    identity.change_password(session, account, password_hash, keep_session_id=keep_session_id)
    _tell_changed(session, vault, account, now)
    _note(session, actor, "account.password_changed", account.id, now)
    return account


def choose_language(session: Session, actor: Actor, locale: Locale | None, *, now: datetime) -> None:
    """The language of messages to this person; None means both."""
    person = directory_queries.get_person(session, actor.person_id)
    directory.change_person(session, person, display_name=person.display_name, locale=locale)
    _note(session, actor, "account.language_chosen", actor.account_id, now)


def choose_letters(session: Session, actor: Actor, wish: Wish, *, now: datetime) -> None:
    """When this person wants to hear of news. What waits for a digest already follows the new wish."""
    row = session.get(LetterWish, actor.person_id) or LetterWish(person_id=actor.person_id)
    row.digest, row.weekday = wish.digest.value, wish.weekday
    row.quiet_from, row.quiet_to = wish.quiet_from, wish.quiet_to
    session.add(row)
    _note(session, actor, "account.letters_chosen", actor.account_id, now)


def end_other_sessions(session: Session, actor: Actor, *, keep_session_id: str, now: datetime) -> None:
    identity.revoke_sessions(session, actor.account_id, but=keep_session_id)
    _note(session, actor, "account.other_sessions_ended", actor.account_id, now)


def _tell_changed(session: Session, vault: Vault, account: Account, now: datetime) -> None:
    person = directory_queries.get_person(session, account.person_id)
    to = Addressee(account.email, _language(person.locale))
    values = {"name": person.display_name}
    queue(session, vault=vault, to=to, template="account_password_changed", values=values, now=now)


def _language(locale: str | None) -> Locale | None:
    return Locale(locale) if locale else None


def _note(session: Session, actor: Actor | None, event: str, account_id: str, now: datetime) -> None:
    record(session, actor=actor, event=event, subject=account_id, now=now)
