"""Reading drafts for those who write them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.core.text import Bilingual, Words
from portal.core.vault import Vault
from portal.directory.models import Person
from portal.directory.queries import list_role_holders
from portal.directory.rules import RoleName
from portal.identity.actor import Actor
from portal.identity.models import Account
from portal.register.definitions import groups
from portal.register.editing.models import DraftComment, DraftHandover, UnfinishedEntry
from portal.register.editing.shape import STANDARD
from portal.register.models import System, SystemDraft, SystemVersion
from portal.register.record import Record, read_record


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment, opened, with who wrote it."""

    id: str
    section: str
    words: Words
    by: str
    written_at: datetime
    is_resolved: bool


def find_draft(session: Session, system: System) -> SystemDraft | None:
    """What is being written about a system."""
    return session.get(SystemDraft, system.id)


def get_draft(session: Session, system: System, *, lock: bool = False) -> SystemDraft:
    """The same, or NotFound; locked for a save, so that two saves follow one another."""
    found = session.get(SystemDraft, system.id, with_for_update=True if lock else None, populate_existing=lock)
    if found is None:
        raise NotFound
    return found


def record_of(draft: SystemDraft) -> Record:
    """The draft’s record under the newest standard, which every draft is written to."""
    return read_record(draft.record).model_copy(update={"standard": STANDARD})


def find_published(session: Session, system: System) -> SystemVersion | None:
    """The version that is published now."""
    return session.scalar(
        select(SystemVersion).where(SystemVersion.system_id == system.id, SystemVersion.number == system.current_number)
    )


def list_unfinished(session: Session, system: System, section: str | None = None) -> Sequence[UnfinishedEntry]:
    """What was typed and is not whole yet, oldest first."""
    asked = select(UnfinishedEntry).where(UnfinishedEntry.system_id == system.id)
    if section is not None:
        asked = asked.where(UnfinishedEntry.section == section)
    return session.scalars(asked.order_by(UnfinishedEntry.updated_at, UnfinishedEntry.id)).all()


def list_comments(session: Session, system: System, vault: Vault, section: str | None = None) -> list[Comment]:
    """The comments on a draft or on one of its sections, oldest first; resolved ones last."""
    asked = (
        select(DraftComment, Person.display_name)
        .join(Account, Account.id == DraftComment.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(DraftComment.system_id == system.id)
    )
    if section is not None:
        asked = asked.where(DraftComment.section == section)
    rows = session.execute(asked.order_by(DraftComment.resolved_at.is_not(None), DraftComment.written_at)).all()
    return [
        Comment(
            row.id,
            row.section,
            vault.open_words(row.sealed, context=comment_context(row.id)),
            name,
            row.written_at,
            row.resolved_at is not None,
        )
        for row, name in rows
    ]


def comment_context(comment_id: str) -> str:
    """What a comment’s seal is bound to."""
    return f"draft_comments.sealed:{comment_id}"


def names_of_accounts(session: Session, accounts: Sequence[str]) -> dict[str, str]:
    """The names of those who wrote or approved something."""
    asked = select(Account.id, Person.display_name).join(Person, Person.id == Account.person_id)
    return {account: name for account, name in session.execute(asked.where(Account.id.in_(accounts)))}


def last_handover(session: Session, system: System) -> tuple[DraftHandover, str] | None:
    """Whom somebody last asked to go on with the draft."""
    asked = (
        select(DraftHandover, Person.display_name)
        .join(Person, Person.id == DraftHandover.to_person)
        .where(DraftHandover.system_id == system.id)
        .order_by(DraftHandover.at.desc())
        .limit(1)
    )
    row = session.execute(asked).first()
    return (row[0], row[1]) if row else None


def list_colleagues(session: Session, actor: Actor, system: System, *, today: date) -> list[Person]:
    """Who else can go on with a draft: the body’s editors, and the system’s responsible managers."""
    found: dict[str, Person] = {}
    for role in (RoleName.REGISTER_EDITOR, RoleName.RESPONSIBLE_MANAGER):
        of_system = system.id if role is RoleName.RESPONSIBLE_MANAGER else None
        holders = list_role_holders(session, role=role, body_id=system.body_id, today=today, system_id=of_system)
        found |= {person.id: person for _holding, person in holders}
    found.pop(actor.person_id, None)
    return sorted(found.values(), key=lambda person: person.display_name)


def label_of_section(key: str) -> Bilingual:
    """What a section is called."""
    return groups(STANDARD)[key]
