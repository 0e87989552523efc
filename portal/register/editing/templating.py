"""Templates of a supplier’s product: made from a published entry, offered to every body, followed field by field."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.service import record as audit
from portal.core.clock import london_day
from portal.core.errors import NotFound, Refused
from portal.core.ids import new_id
from portal.core.text import Bilingual, msg
from portal.core.vault import Vault
from portal.directory.models import Body
from portal.directory.queries import list_role_holders
from portal.directory.rules import RoleName
from portal.identity.actor import Actor
from portal.notifications.letters import to_person
from portal.notifications.service import queue
from portal.register.editing.models import RegisterTemplate, TemplateUse
from portal.register.editing.queries import find_published
from portal.register.editing.shape import STANDARD
from portal.register.models import System
from portal.register.opening import read_open
from portal.register.record import Record, read_record

LOCAL = frozenset(
    {
        "name",
        "affected",
        "responsible",
        "deputy",
        "team",
        "mailbox",
        "in_use_since",
        "retired_on",
        "consultation",
        "assessments",
        "last_confirmed_on",
        "next_review_on",
        "change",
        "accountability",
        "collective_agreement",
        "bias_audits",
        "monitoring",
        "publication",
        "withheld",
    }
)
"""What each body tells for itself; a template leaves it open."""


@dataclass(frozen=True, slots=True)
class Followed:
    """The template that an entry began with, and whether it changed since its editors last looked."""

    template: RegisterTemplate
    record: Record
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """A template on offer, with the body that made it."""

    id: str
    product: str
    supplier: str
    body: Bilingual


def template_record(record: Record) -> Record:
    """An entry as everybody may read it, without what is local."""
    told = record.model_dump(exclude=set(LOCAL))
    return Record.model_validate({**told, "standard": STANDARD})


def offer(
    session: Session, actor: Actor, system: System, *, vault: Vault, address: str, now: datetime
) -> RegisterTemplate:
    """Make the template of a system’s product, or renew it; those who follow it are told when it changed."""
    version = find_published(session, system)
    if version is None:
        raise NotFound
    record = template_record(read_open(version.record))
    if not record.suppliers:
        raise Refused(msg("The entry names no supplier, so there is no product to make a template of"))
    first = record.suppliers[0]
    row = find_offer(session, system)
    if row is not None and row.record == record.canonical():
        return row
    if row is None:
        row = RegisterTemplate(id=new_id(), source_system_id=system.id, body_id=system.body_id, edition=0)
        session.add(row)
    row.product, row.supplier = first.product or first.name, first.name
    row.record, row.edition, row.updated_at = record.canonical(), row.edition + 1, now
    session.flush()
    _tell_followers(session, row, vault, address, now)
    facts = {"edition": row.edition}
    audit(
        session,
        actor=actor,
        event="register.template_offered",
        subject=row.id,
        now=now,
        body_id=row.body_id,
        facts=facts,
    )
    return row


def begin_with(session: Session, system: System, template_id: str) -> Record:
    """Note that a system’s entry begins with a template; returns what it begins with."""
    row = session.get(RegisterTemplate, template_id)
    if row is None:
        raise NotFound
    session.add(TemplateUse(system_id=system.id, template_id=row.id, edition=row.edition))
    session.flush()
    return read_record(row.record)


def mark_seen(session: Session, actor: Actor, system: System, *, now: datetime) -> None:
    """The editors have looked at what the template says now."""
    use = session.get(TemplateUse, system.id)
    if use is None:
        raise NotFound
    use.edition = session.get_one(RegisterTemplate, use.template_id).edition
    session.flush()
    audit(session, actor=actor, event="register.template_seen", subject=system.id, now=now, body_id=system.body_id)


def find_offer(session: Session, system: System) -> RegisterTemplate | None:
    """The template that was made from a system."""
    return session.scalar(select(RegisterTemplate).where(RegisterTemplate.source_system_id == system.id))


def find_followed(session: Session, system: System) -> Followed | None:
    """The template that a system’s entry began with."""
    use = session.get(TemplateUse, system.id)
    if use is None:
        return None
    row = session.get_one(RegisterTemplate, use.template_id)
    return Followed(row, read_record(row.record), row.edition > use.edition)


def list_offers(session: Session) -> list[Offered]:
    """Every template, by product."""
    asked = select(RegisterTemplate, Body).join(Body, Body.id == RegisterTemplate.body_id)
    rows = session.execute(asked.order_by(RegisterTemplate.product, Body.name_en)).all()
    return [Offered(row.id, row.product, row.supplier, Bilingual(body.name_cy, body.name_en)) for row, body in rows]


def _tell_followers(session: Session, row: RegisterTemplate, vault: Vault, address: str, now: datetime) -> None:
    asked = select(System).join(TemplateUse, TemplateUse.system_id == System.id)
    for system in session.scalars(asked.where(TemplateUse.template_id == row.id, TemplateUse.edition < row.edition)):
        holders = list_role_holders(
            session, role=RoleName.REGISTER_EDITOR, body_id=system.body_id, today=london_day(now)
        )
        for person in {person.id: person for _holding, person in holders}.values():
            to = to_person(person)
            values = {"code": system.short_code, "address": address}
            queue(session, vault=vault, to=to, template="template_changed", values=values, now=now)
