"""Who is in the tests of administration, where its pages are, and what is read of what they did."""

from dataclasses import dataclass

from sqlalchemy import func, select

from portal.audit.models import AuditEvent
from portal.core.db import Database
from tests.people import Member

ADMIN, UNION_ADMIN = "heledd@taran.example", "carys@unison.example"
HERE = "/en/my/admin/bodies/taran"
BRANCH = "/en/my/admin/branches/unison-taran"


@dataclass(frozen=True)
class World:
    """Two bodies and a branch, with an administrator each (but the second body)."""

    heledd: Member
    sian: Member
    stranger: Member
    carys: Member
    place_id: str
    group_id: str


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def last_event(database: Database) -> str:
    with database.reading() as session:
        return session.scalars(select(AuditEvent.event).order_by(AuditEvent.number.desc()).limit(1)).one()
