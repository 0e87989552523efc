"""How far the work on a copy has come, for whoever asks while it goes on, in whatever process of the portal."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.core.db import Database
from portal.documents.pace import Heard, Progress
from portal.subject_access.material.models import Material, MaterialWork

LONGEST = timedelta(minutes=25)
"""No work takes longer (``documents.apart``): what stands for longer is of a process that has died."""


@contextmanager
def watched(database: Database, material_id: str, *, now: datetime) -> Iterator[Heard]:
    """Write down that work begins, how far it comes, and that it is over. Nothing else is held meanwhile."""
    with database.writing() as session:
        session.merge(MaterialWork(material_id=material_id, begun_at=now, stage="", page=0, pages=0))

    def heard(progress: Progress) -> None:
        told = {"stage": progress.stage.value, "page": progress.page, "pages": progress.pages}
        with suppress(DBAPIError), database.writing() as session:  # who works goes on where nobody can be told
            session.execute(update(MaterialWork).where(MaterialWork.material_id == material_id).values(**told))

    try:
        yield heard
    finally:
        with database.writing() as session:
            session.execute(delete(MaterialWork).where(MaterialWork.material_id == material_id))


def find_work(session: Session, item: Material, *, now: datetime) -> MaterialWork | None:
    """The work that goes on with an item, if any."""
    found = session.get(MaterialWork, item.id)
    return found if found is not None and now - found.begun_at < LONGEST else None
