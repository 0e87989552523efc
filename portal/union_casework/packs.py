"""The list of what was handed over. A device makes the pack and seals it; the portal keeps that it was made."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.concerns.casework.rules import Side
from portal.concerns.casework.told import get_told, tellable
from portal.concerns.desk.duty import side_of
from portal.concerns.desk.holding import subject_of
from portal.core import ids
from portal.core.db import Database
from portal.core.errors import NotFound
from portal.directory.models import Person
from portal.directory.rules import BRANCH_READERS
from portal.identity.actor import Actor
from portal.mailbox.models import SealedCase
from portal.settings.models import Settings
from portal.union_casework.models import HandoverPack

MOST_SHOWN, AT_A_TIME = 100, 500
DIGEST_BYTES = hashlib.sha256().digest_size


@dataclass(frozen=True, slots=True)
class Made:
    """A pack as the device tells of it."""

    case_id: bytes
    recipients: int
    files: int
    is_redacted: bool
    digest: bytes


def note_pack(session: Session, actor: Actor, made: Made, *, today: date, now: datetime) -> HandoverPack:
    """Keep that a pack was made. NotFound for a thread that the actor does not hold, and for the employer's side."""
    branches = sorted(actor.branches_where(*BRANCH_READERS))
    if Side(side_of(actor)) is not Side.UNION or not branches:
        raise NotFound
    told = get_told(session, actor, made.case_id)
    pack = HandoverPack(
        id=ids.new_id(),
        branch_id=told.side.home_id if told.side is not None else branches[0],
        case_id=made.case_id,
        made_by=actor.person_id,
        on_day=today,
        recipients=made.recipients,
        files=made.files,
        is_redacted=made.is_redacted,
        digest=made.digest,
    )
    session.add(pack)
    session.flush()
    record(session, actor=actor, event="union.pack_made", subject=subject_of(made.case_id), now=now)
    return pack


def list_packs(session: Session, actor: Actor) -> Sequence[tuple[HandoverPack, str]]:
    """The packs of the actor's branches from threads that the actor can open today, and who made them; newest first."""
    rows = session.execute(
        select(HandoverPack, Person.display_name)
        .join(Person, Person.id == HandoverPack.made_by)
        .where(HandoverPack.branch_id.in_(sorted(actor.branches_where(*BRANCH_READERS))))
        .where(tellable(actor, HandoverPack.case_id))
        .order_by(HandoverPack.on_day.desc(), HandoverPack.id)
        .limit(MOST_SHOWN)
    )
    return [(pack, name) for pack, name in rows]


def forget_packs(database: Database, _settings: Settings, _now: datetime) -> int:
    """What is kept of a pack goes with its thread."""
    with database.writing() as session:
        living = select(SealedCase.case_id)
        gone = session.scalars(
            select(HandoverPack.id).where(HandoverPack.case_id.not_in(living)).limit(AT_A_TIME)
        ).all()
        if gone:
            session.execute(delete(HandoverPack).where(HandoverPack.id.in_(gone)))
    return len(gone)
