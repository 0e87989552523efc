"""A thread that must outlive its week, because a court or a tribunal may ask for it.

Somebody outside the line of management sets and ends a hold: a union representative or the body's independent officer,
who holds the thread. The reporter is told on return. The record of it names no thread that could be read from it.
"""

import base64
import hashlib
from datetime import datetime

from portal.audit.service import record
from portal.concerns.cards import UNIONS_SIDE
from portal.concerns.desk.duty import side_of
from portal.concerns.desk.service import open_thread
from portal.core.db import Database
from portal.core.errors import Refused
from portal.core.text import msg
from portal.directory.rules import RoleName
from portal.identity.actor import Actor
from portal.mailbox.models import SealedCase

NOT_YOURS = msg("A representative or the independent officer decides how long this is kept.")


def may_hold(actor: Actor, case: SealedCase) -> bool:
    """Whether it is theirs to decide."""
    return side_of(actor) == UNIONS_SIDE or actor.holds(RoleName.INDEPENDENT_OFFICER, body_id=case.body_id)


def hold(database: Database, actor: Actor, case_id: bytes, *, held: bool, now: datetime) -> bool:
    """Set or end the hold; whether it is held now.

    It is recorded first, in a transaction of its own: a row of the sealed channel never shares one with the record.
    """
    with database.reading() as session:
        case = open_thread(session, actor, case_id)
        if not may_hold(actor, case):
            raise Refused(NOT_YOURS)
        if case.held == held:
            return held
        body_id = case.body_id if side_of(actor) != UNIONS_SIDE else None
    event = "concern.held" if held else "concern.released"
    with database.writing() as session:
        record(session, actor=actor, event=event, subject=subject_of(case_id), now=now, body_id=body_id)
    with database.writing() as session:
        open_thread(session, actor, case_id).held = held
    return held


def subject_of(case_id: bytes) -> str:
    """One thread's events belong together; which one it was, only who has its id can tell."""
    digest = hashlib.sha256(b"porth:v1:hold\0" + case_id).digest()[:16]
    return base64.b32encode(digest).decode().rstrip("=").lower()
