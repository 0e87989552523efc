"""The verbs of writing: begin, save a section or a row, comment, hand over, publish, discard."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.audit.service import record as audit
from portal.core.clock import london_day
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.ids import new_id
from portal.core.text import Words, msg, nmsg
from portal.core.vault import Vault
from portal.directory.models import Person
from portal.identity.actor import Actor
from portal.notifications.letters import to_person
from portal.notifications.service import queue
from portal.register import service as register
from portal.register.editing.models import DraftComment, DraftHandover, UnfinishedEntry
from portal.register.editing.naming import slug_of
from portal.register.editing.queries import (
    comment_context,
    find_published,
    get_draft,
    list_colleagues,
    list_unfinished,
    record_of,
)
from portal.register.editing.shape import STANDARD
from portal.register.editing.templating import begin_with
from portal.register.editing.typed import Pairs
from portal.register.models import System, SystemDraft, SystemVersion
from portal.register.origins import keep_origins
from portal.register.parts import Both
from portal.register.record import Record, read_record
from portal.register.rules import SystemState
from portal.register.terms import Origin

UNCHANGED = msg("Nothing in the draft differs from the published version")


@dataclass(frozen=True, slots=True)
class Publishing:
    """What is published: the draft as somebody saw it."""

    seen: str
    now: datetime


def begin_system(
    session: Session, actor: Actor, *, body_id: str, name: Both, now: datetime, template_id: str = ""
) -> System:
    """A new system with its draft: nothing but a name yet, or what a template of the product says."""
    slug = slug_of(name)
    if session.scalar(select(System.id).where(System.body_id == body_id, System.slug == slug)):
        raise Conflict(msg("There is a system of this name already. Look for it in the list"))
    system = register.add_system(session, body_id=body_id, slug=slug, short_code=None, now=now)
    record = Record(name=name, state=SystemState.PROPOSED, standard=STANDARD)
    register.save_draft(session, system, record, now=now, actor=actor)
    if template_id:
        told = begin_with(session, system, template_id)
        record = told.model_copy(update={"name": name, "state": SystemState.PROPOSED})
        register.save_draft(session, system, record, now=now, actor=actor, origin=Origin.TEMPLATE)
    _note(session, actor, system, "register.draft_begun", now)
    return system


def begin_next(session: Session, actor: Actor, system: System, *, now: datetime) -> SystemDraft:
    """The draft of the next version of a published system; the one that is there if somebody has begun it."""
    known = session.get(SystemDraft, system.id)
    if known is not None:
        return known
    version = find_published(session, system)
    if version is None:
        raise NotFound
    _clear(session, system)
    draft = register.save_draft(session, system, read_record(version.record).for_next_version(), now=now)
    _note(session, actor, system, "register.draft_begun", now)
    return draft


def keep(
    session: Session,
    actor: Actor,
    system: System,
    record: Record,
    section: str,
    *,
    now: datetime,
    origin: Origin = Origin.PERSON,
) -> None:
    """Keep a section of the draft. What is as it was makes nobody an author."""
    draft = get_draft(session, system, lock=True)
    if record.canonical() != draft.record:
        register.save_draft(session, system, record, now=now, actor=actor, origin=origin)
        _note(session, actor, system, "register.draft_saved", now, section=section)


def keep_unfinished(
    session: Session,
    actor: Actor,
    system: System,
    section: str,
    typed: Pairs,
    *,
    now: datetime,
    list_path: str = "",
    entry_id: str = "",
) -> UnfinishedEntry | None:
    """Keep what is not whole yet as it was typed; nothing typed takes what was kept away."""
    entry = _entry_of(session, system, section, list_path, entry_id)
    if not typed:
        if entry is not None:
            session.delete(entry)
            session.flush()
        return None
    if entry is None:
        entry = UnfinishedEntry(id=new_id(), system_id=system.id, section=section, list_path=list_path)
        session.add(entry)
    entry.typed, entry.account_id, entry.updated_at = [list(pair) for pair in typed], actor.account_id, now
    draft = get_draft(session, system)
    draft.authors = sorted({*draft.authors, actor.account_id})
    session.flush()
    return entry


def comment(
    session: Session, actor: Actor, system: System, section: str, words: Words, *, vault: Vault, now: datetime
) -> DraftComment:
    """Comment on a section, for those who write the register only."""
    get_draft(session, system)
    comment_id = new_id()
    row = DraftComment(
        id=comment_id,
        system_id=system.id,
        section=section,
        sealed=vault.seal(words, context=comment_context(comment_id)),
        account_id=actor.account_id,
        written_at=now,
    )
    session.add(row)
    session.flush()
    _note(session, actor, system, "register.draft_commented", now, section=section)
    return row


def resolve(session: Session, actor: Actor, system: System, comment_id: str, *, now: datetime) -> DraftComment:
    """Say that a comment is dealt with; a second time changes nothing."""
    row = session.get(DraftComment, comment_id)
    if row is None or row.system_id != system.id:
        raise NotFound
    if row.resolved_at is None:
        row.resolved_at, row.resolved_by = now, actor.account_id
        session.flush()
        _note(session, actor, system, "register.draft_comment_resolved", now, section=row.section)
    return row


def hand_over(
    session: Session, actor: Actor, system: System, person_id: str, *, vault: Vault, address: str, now: datetime
) -> DraftHandover:
    """Ask another to go on with the draft, by a letter without a word of it."""
    get_draft(session, system)
    colleagues = {person.id: person for person in list_colleagues(session, actor, system, today=london_day(now))}
    person: Person | None = colleagues.get(person_id)
    if person is None:
        raise NotFound
    row = DraftHandover(id=new_id(), system_id=system.id, from_account=actor.account_id, to_person=person.id, at=now)
    session.add(row)
    session.flush()
    to = to_person(person)
    values = {"code": system.short_code, "address": address}
    queue(session, vault=vault, to=to, template="draft_handed_over", values=values, now=now)
    _note(session, actor, system, "register.draft_handed_over", now)
    return row


def publish_draft(session: Session, actor: Actor, system: System, publishing: Publishing) -> SystemVersion:
    """Publish the draft as it was seen, by somebody who did not write it."""
    draft = get_draft(session, system, lock=True)
    record = record_of(draft)
    if record.digest().hex() != publishing.seen:
        raise Conflict(msg("The draft has changed since you looked at it. Look at it again before you publish it"))
    waiting = len(list_unfinished(session, system))
    if waiting:
        raise Refused(
            nmsg(
                "{n} part of the draft was begun and is not whole yet. Finish it or remove it first",
                "{n} parts of the draft were begun and are not whole yet. Finish them or remove them first",
                waiting,
            )
        )
    if is_unchanged(find_published(session, system), record):
        raise Refused(UNCHANGED)
    if record.canonical() != draft.record:
        register.save_draft(session, system, record, now=publishing.now)
    day, entries = london_day(publishing.now), dict(draft.languages)
    version = register.publish(session, actor, system, record, published_on=day, now=publishing.now)
    keep_origins(session, version, record, entries)
    _clear(session, system)
    return version


def is_unchanged(published: SystemVersion | None, record: Record) -> bool:
    """Whether a draft says nothing that the published version does not say."""
    if published is None:
        return False
    begun = read_record(published.record).for_next_version().model_copy(update={"standard": record.standard})
    return begun.canonical() == record.canonical()


def discard(session: Session, actor: Actor, system: System, *, now: datetime) -> None:
    """Throw the draft away. A system that was never published keeps its code and its name, and nothing else."""
    draft = get_draft(session, system, lock=True)
    _clear(session, system)
    name = record_of(draft).name
    session.delete(draft)
    session.flush()
    _note(session, actor, system, "register.draft_discarded", now)
    if system.current_number is None:
        record = Record(name=name, state=system.state, standard=STANDARD)
        register.save_draft(session, system, record, now=now, actor=actor)


def _entry_of(session: Session, system: System, section: str, list_path: str, entry_id: str) -> UnfinishedEntry | None:
    found: Sequence[UnfinishedEntry] = [
        one for one in list_unfinished(session, system, section) if one.list_path == list_path
    ]
    if list_path:
        return next((one for one in found if one.id == entry_id), None)
    return found[0] if found else None


def _clear(session: Session, system: System) -> None:
    for table in (UnfinishedEntry, DraftComment, DraftHandover):
        session.execute(delete(table).where(table.system_id == system.id))
    session.flush()


def _note(session: Session, actor: Actor, system: System, event: str, now: datetime, **facts: Any) -> None:
    audit(session, actor=actor, event=event, subject=system.id, now=now, body_id=system.body_id, facts=facts)
