"""Reads of access requests. Which cases somebody may read, ``cases.queries`` says."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.cases import holding
from portal.cases.models import Case
from portal.cases.queries import facts_of, get_case
from portal.cases.rules import CaseKind, Relation, relations
from portal.core.errors import NotFound
from portal.core.text import Words
from portal.core.vault import Vault
from portal.identity.actor import Actor
from portal.subject_access.models import Disclosure, LegalHold, SubjectAccessRequest

MOST_AT_ONCE = 200


def get_own(session: Session, actor: Actor, reference: str) -> Case:
    """The actor's own access request."""
    case = get_case(session, actor, reference)
    if case.kind is not CaseKind.ACCESS or case.requester_person_id != actor.person_id:
        raise NotFound
    return case


def get_for_desk(session: Session, actor: Actor, reference: str) -> Case:
    """An access request that the actor works on as an officer. Their own and another body's are NotFound."""
    case = get_case(session, actor, reference)
    if case.kind is not CaseKind.ACCESS or Relation.OFFICER not in relations(actor, facts_of(session, case)):
        raise NotFound
    return case


def get_request(session: Session, case: Case) -> SubjectAccessRequest:
    """What the case asks for."""
    found = session.get(SubjectAccessRequest, case.id)
    if found is None:
        raise NotFound
    return found


def find_disclosure(session: Session, case: Case) -> Disclosure | None:
    """The answer with the data, if it was released; of a reopened case the newest."""
    newest = select(Disclosure).where(Disclosure.case_id == case.id)
    return session.scalars(newest.order_by(Disclosure.released_at.desc(), Disclosure.id).limit(1)).one_or_none()


def get_disclosure(session: Session, case: Case) -> Disclosure:
    """The answer with the data. NotFound before it was released."""
    found = find_disclosure(session, case)
    if found is None:
        raise NotFound
    return found


def list_expired(session: Session, *, today: date, case_id: str | None = None) -> Sequence[Disclosure]:
    """Released files whose time is over and that no hold keeps, some at once; of every request, or of one."""
    due = select(Disclosure).where(
        Disclosure.blob_id.is_not(None), Disclosure.remove_on <= today, ~is_held(Disclosure.case_id)
    )
    if case_id is not None:
        due = due.where(Disclosure.case_id == case_id)
    return session.scalars(due.order_by(Disclosure.remove_on).limit(MOST_AT_ONCE)).all()


def is_held(case_id: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether a hold stands, its own or one that another matter set, so that nothing of the case may be deleted."""
    return or_(exists().where(LegalHold.case_id == case_id, LegalHold.lifted_at.is_(None)), holding.is_held(case_id))


def list_holds(session: Session, case: Case) -> Sequence[LegalHold]:
    """Every hold of a case, those that stand first."""
    found = select(LegalHold).where(LegalHold.case_id == case.id)
    return session.scalars(found.order_by(LegalHold.lifted_at.is_not(None), LegalHold.set_at.desc())).all()


def hold_context(hold_id: str) -> str:
    """What the reason of a hold is bound to."""
    return f"access_legal_holds.because:{hold_id}"


def open_words(request: SubjectAccessRequest, column: str, vault: Vault) -> Words | None:
    """One sealed column of a request: wanted, name, reach, recognition or late_reason."""
    sealed: bytes | None = getattr(request, column)
    return None if sealed is None else vault.open_words(sealed, context=words_context(column, request.case_id))


def open_file_name(disclosure: Disclosure, vault: Vault) -> Words:
    """The name of a released file, which may say something about a person."""
    if disclosure.file_name is None:
        raise NotFound
    return vault.open_words(disclosure.file_name, context=f"disclosures.file_name:{disclosure.id}")


def words_context(column: str, case_id: str) -> str:
    """What a sealed column is bound to."""
    return f"subject_access_requests.{column}:{case_id}"


def blob_context(disclosure_id: str) -> str:
    """What a released file is bound to."""
    return f"disclosures.blob_id:{disclosure_id}"
