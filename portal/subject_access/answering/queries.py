"""Reads of answering: what waits for a second person, who that may be, packs, and who took them."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.queries import facts_of
from portal.core.errors import NotFound
from portal.core.text import Words
from portal.core.vault import Vault
from portal.directory.models import Person
from portal.directory.queries import list_role_holders
from portal.directory.rules import RoleName
from portal.identity.models import Account
from portal.subject_access.answering.models import Download, Pack, SignOff
from portal.subject_access.answering.rules import Outcome

# Those whom the policy lets into the queue.
OFFICERS = (RoleName.DATA_PROTECTION_OFFICER, RoleName.REQUEST_HANDLER)


def list_sign_offs(session: Session, case: Case) -> Sequence[SignOff]:
    """Everything that was ever proposed for a case, newest first."""
    asked = select(SignOff).where(SignOff.case_id == case.id)
    return session.scalars(asked.order_by(SignOff.proposed_at.desc(), SignOff.id)).all()


def find_waiting(session: Session, case: Case, *, is_extension: bool = False) -> SignOff | None:
    """The answer, or the notice of more time, that waits for the second person."""
    waiting = [one for one in list_sign_offs(session, case) if one.decided_by is None]
    return next((one for one in waiting if (one.outcome is Outcome.EXTENSION) is is_extension), None)


def get_sign_off(session: Session, case: Case, sign_off_id: str) -> SignOff:
    """One proposal of a case."""
    found = session.get(SignOff, sign_off_id)
    if found is None or found.case_id != case.id:
        raise NotFound
    return found


def who_answered_before(session: Session, case: Case) -> frozenset[str]:
    """The accounts that proposed or approved an answer of this case: reopened, it is for others."""
    ended = [one for one in list_sign_offs(session, case) if one.is_approved and one.outcome is not Outcome.EXTENSION]
    return frozenset(account for one in ended for account in (one.proposed_by, one.decided_by) if account)


def when_answered_before(session: Session, case: Case) -> datetime | None:
    """When an answer of this case was approved last."""
    ended = [one for one in list_sign_offs(session, case) if one.is_approved and one.outcome is not Outcome.EXTENSION]
    return max((one.decided_at for one in ended if one.decided_at is not None), default=None)


def list_second_people(session: Session, case: Case, account_id: str, *, today: date) -> Sequence[Person]:
    """Who could approve what this account proposes: other officers of the body who may work on the case."""
    facts = facts_of(session, case)
    barred = who_answered_before(session, case) | {account_id}
    people = {
        person.id: person
        for role in OFFICERS
        for _holding, person in list_role_holders(session, role=role, body_id=case.body_id, today=today)
    }
    accounts = session.scalars(
        select(Account).where(
            Account.person_id.in_(people), Account.closed_at.is_(None), Account.password_hash.is_not(None)
        )
    )
    may = [
        people[account.person_id]
        for account in accounts
        if account.id not in barred
        and account.person_id != facts.requester_person_id
        and account.person_id not in facts.excluded
    ]
    return sorted(may, key=lambda person: person.display_name)


def find_pack(session: Session, sign_off: SignOff) -> Pack | None:
    """The pack of a proposal to release."""
    return session.scalars(select(Pack).where(Pack.sign_off_id == sign_off.id)).one_or_none()


def get_pack(session: Session, sign_off: SignOff) -> Pack:
    """The pack of a proposal to release; NotFound for other proposals."""
    found = find_pack(session, sign_off)
    if found is None:
        raise NotFound
    return found


def list_downloads(session: Session, case: Case) -> Sequence[Download]:
    """Every time that somebody took the answer or looked into it, newest first."""
    asked = select(Download).where(Download.case_id == case.id)
    return session.scalars(asked.order_by(Download.at.desc(), Download.id)).all()


def open_words(sign_off: SignOff, column: str, vault: Vault) -> Words:
    """``words``, ``supplementary``, ``glossary`` or ``comment``; empty where nothing was written."""
    sealed: bytes | None = getattr(sign_off, column)
    return Words("") if sealed is None else vault.open_words(sealed, context=words_context(column, sign_off.id))


def words_context(column: str, sign_off_id: str) -> str:
    """What a sealed column is bound to."""
    return f"access_sign_offs.{column}:{sign_off_id}"
