"""Reads of asking: who speaks for whom, which requests belong together, which papers came, who looked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.queries import find_by_code
from portal.cases.rules import CaseKind, Relation
from portal.core.errors import NotFound
from portal.core.text import Bilingual, Message, Words, pmsg
from portal.core.vault import Vault
from portal.directory.models import Person, RoleHolding
from portal.directory.rules import RoleName
from portal.identity.models import Account
from portal.subject_access.asking.models import AskedSystem, Authority, Enclosure, LinkedRequest, Reading
from portal.subject_access.asking.rules import LOOKED, AuthorityScope, Looked

DESK_ROLES = (RoleName.DATA_PROTECTION_OFFICER, RoleName.REQUEST_HANDLER)
TEAM = pmsg("who looked at a request", "Data protection team")
SEARCHER = pmsg("who looked at a request", "A person who searches")


@dataclass(frozen=True, slots=True)
class Opened:
    """The case that ten words open, as whom, and with whose authority if they are a representative's."""

    case: Case
    by: Relation
    authority: Authority | None = None

    @property
    def may_receive(self) -> bool:
        """Whether who holds these words may have the answer itself."""
        held = self.authority
        return held is None or (held.scope is AuthorityScope.RECEIVE and held.shown_on is not None)


@dataclass(frozen=True, slots=True)
class Look:
    """One line of who looked: the day, who in plain words, a name only where the post is shown by name, and at what."""

    on_day: date
    role: Message
    post: Bilingual | None
    name: str
    parts: tuple[Message, ...]


def find_opened(session: Session, locator_hash: bytes, *, today: date) -> Opened | None:
    """The case of these ten words: the person's own, or those of a representative whose authority lives."""
    case = find_by_code(session, locator_hash)
    if case is not None:
        return Opened(case, Relation.REQUESTER)
    authority = session.scalars(select(Authority).where(Authority.locator_hash == locator_hash)).one_or_none()
    if authority is None or not is_living(authority, today):
        return None
    case = session.get(Case, authority.case_id)
    if case is None or case.kind is not CaseKind.ACCESS:
        return None
    return Opened(case, Relation.REPRESENTATIVE, authority)


def is_living(authority: Authority, today: date) -> bool:
    """Not taken back, and its last day not over."""
    return authority.revoked_at is None and today <= authority.until_on


def has_receiver(session: Session, case: Case, *, today: date) -> bool:
    """Whether somebody who speaks for the person may receive the answer with ten words and a code."""
    return any(
        is_living(one, today) and one.scope is AuthorityScope.RECEIVE and one.shown_on is not None
        for one in list_authorities(session, case)
    )


def list_authorities(session: Session, case: Case) -> Sequence[Authority]:
    """Who may speak or might, newest first."""
    found = select(Authority).where(Authority.case_id == case.id)
    return session.scalars(found.order_by(Authority.given_at.desc(), Authority.id)).all()


def get_authority(session: Session, case: Case, authority_id: str) -> Authority:
    """One of a case."""
    found = session.get(Authority, authority_id)
    if found is None or found.case_id != case.id:
        raise NotFound
    return found


def list_enclosures(session: Session, case: Case) -> Sequence[Enclosure]:
    """The papers of a case, oldest first."""
    found = select(Enclosure).where(Enclosure.case_id == case.id)
    return session.scalars(found.order_by(Enclosure.added_at, Enclosure.id)).all()


def get_enclosure(session: Session, case: Case, enclosure_id: str) -> Enclosure:
    """One of a case."""
    found = session.get(Enclosure, enclosure_id)
    if found is None or found.case_id != case.id:
        raise NotFound
    return found


def list_asked_systems(session: Session, case: Case) -> Sequence[AskedSystem]:
    """The systems that were ticked."""
    return session.scalars(select(AskedSystem).where(AskedSystem.case_id == case.id)).all()


def list_linked(session: Session, case: Case) -> Sequence[Case]:
    """Every case of the same asking, this one too, for its requester alone; nothing if it stands for itself."""
    own = session.get(LinkedRequest, case.id)
    if own is None or case.requester_person_id is None:
        return []
    return session.scalars(
        select(Case)
        .join(LinkedRequest, LinkedRequest.case_id == Case.id)
        .where(LinkedRequest.group_id == own.group_id, Case.requester_person_id == case.requester_person_id)
        .order_by(Case.due_on, Case.id)
    ).all()


def list_looks(session: Session, case: Case) -> Sequence[Look]:
    """Who opened the request, latest day first, in roles and posts."""
    rows = session.execute(
        select(Reading, Person)
        .join(Account, Account.id == Reading.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(Reading.case_id == case.id)
        .order_by(Reading.on_day.desc(), Person.id, Reading.part)
    ).all()
    lines: dict[tuple[date, str, bool], list[Looked]] = {}
    people = {person.id: person for _reading, person in rows}
    for reading, person in rows:
        lines.setdefault((reading.on_day, person.id, reading.part is Looked.TASK), []).append(reading.part)
    posts = _posts(session, case, list(people))
    return [
        _look(on_day, people[person_id], posts.get(person_id), parts)
        for (on_day, person_id, _is_task), parts in lines.items()
    ]


def _look(on_day: date, person: Person, holding: RoleHolding | None, parts: Sequence[Looked]) -> Look:
    said = tuple(LOOKED[part] for part in Looked if part in parts)
    if Looked.TASK in parts:
        return Look(on_day, SEARCHER, None, "", said)
    post = Bilingual(holding.post_cy, holding.post_en) if holding is not None and holding.post_cy else None
    name = person.display_name if holding is not None and holding.shown_by_name else ""
    return Look(on_day, TEAM, post, name, said)


def _posts(session: Session, case: Case, person_ids: Sequence[str]) -> dict[str, RoleHolding]:
    found = session.scalars(
        select(RoleHolding)
        .where(
            RoleHolding.person_id.in_(person_ids),
            RoleHolding.body_id == case.body_id,
            RoleHolding.role.in_(DESK_ROLES),
        )
        .order_by(RoleHolding.started_on, RoleHolding.id)
    )
    return {holding.person_id: holding for holding in found}


def open_speaker(authority: Authority, column: str, vault: Vault) -> Words:
    """``name`` or ``reach`` of a representative."""
    sealed: bytes = getattr(authority, column)
    return vault.open_words(sealed, context=authority_context(column, authority.id))


def open_paper_name(enclosure: Enclosure, vault: Vault) -> Words:
    """The name of a paper."""
    return vault.open_words(enclosure.file_name, context=enclosure_context("file_name", enclosure.id))


def authority_context(column: str, authority_id: str) -> str:
    """What a sealed column of an authority is bound to."""
    return f"access_authorities.{column}:{authority_id}"


def enclosure_context(column: str, enclosure_id: str) -> str:
    """What a paper's name, and its file as ``blob_id``, are bound to."""
    return f"access_enclosures.{column}:{enclosure_id}"
