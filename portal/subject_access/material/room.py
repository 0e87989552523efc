"""How much one request, and one search of it, may hold: looked at before a file comes in, while it does, and once more
with the row of the request held, so that two uploads at once do not pass it together."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.cases.locking import hold
from portal.cases.models import Case
from portal.core.errors import Refused
from portal.core.text import Message, pmsg
from portal.settings.models import Settings
from portal.subject_access.material.models import Material
from portal.subject_access.material.service import NewFile
from portal.web.arriving import MEGABYTE, Room


def room_of(session: Session, case: Case, task_id: str | None, settings: Settings) -> Room:
    """What still fits, of a search where the files come from one."""
    kept = select(func.count(), func.coalesce(func.sum(Material.size), 0)).where(Material.blob_id.is_not(None))
    files, octets = session.execute(kept.where(Material.case_id == case.id)).one()
    room = Room(
        max(settings.request_files - files, 0),
        max(settings.request_files_mib * MEGABYTE - octets, 0),
        _no_more_files(settings),
        _no_more_octets(settings),
    )
    if task_id is None:
        return room
    _files, of_task = session.execute(kept.where(Material.task_id == task_id, Material.case_id == case.id)).one()
    left = max(settings.search_files_mib * MEGABYTE - of_task, 0)
    return room if left >= room.octets else Room(room.files, left, room.no_more_files, _no_more_of_search(settings))


def require_room(
    session: Session, case: Case, task_id: str | None, files: Sequence[NewFile], settings: Settings
) -> None:
    """Hold the request and look again. Refused with what to do, when somebody else has filled it meanwhile."""
    hold(session, case)
    room = room_of(session, case, task_id, settings)
    if len(files) > room.files:
        raise Refused(room.no_more_files)
    if sum(file.size for file in files) > room.octets:
        raise Refused(room.no_more_octets)


def _no_more_files(settings: Settings) -> Message:
    return pmsg(
        "error",
        "One request can hold this many files, and these would be more: {max}. Add those that matter most, or ask who "
        "runs the portal to raise the limit",
        max=settings.request_files,
    )


def _no_more_octets(settings: Settings) -> Message:
    return pmsg(
        "error",
        "The files of one request can take {max} MB, and these would take more. Add those that matter most, or ask who "
        "runs the portal to raise the limit",
        max=settings.request_files_mib,
    )


def _no_more_of_search(settings: Settings) -> Message:
    return pmsg(
        "error",
        "The files of one search can take {max} MB, and these would take more. Add those that matter most, and answer "
        "that there is too much: the data protection officer then narrows the search",
        max=settings.search_files_mib,
    )
