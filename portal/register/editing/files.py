"""A draft as a file: download it or what is published, and bring a file in, with every fault listed."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from fastapi import APIRouter, Request
from pydantic import ValidationError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.core import ids
from portal.core.blobs import BlobStore
from portal.core.errors import ImportRefused, NotFound
from portal.core.text import Message, msg, pmsg
from portal.directory.queries import get_body
from portal.register.editing import queries, service
from portal.register.editing.sections import AT, EDITS, edit_of
from portal.register.editing.shape import STANDARD
from portal.register.editing.typed import said_of
from portal.register.intake import FORMAT, FORMATS, MOST_BYTES, read_json
from portal.register.lifecycle.rules import Role
from portal.register.lifecycle.standing import get_as
from portal.register.models import System
from portal.register.placing import place
from portal.register.record import Record, read_record
from portal.register.terms import Origin
from portal.web.arriving import FILE_TOO_LARGE, JSON_ENDING, WRONG_TYPE
from portal.web.dependencies import Read, SignedVisit, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.forms import Problems
from portal.web.rendering import redirect, render
from portal.web.uploads import read_upload

router = APIRouter()

UPLOADS = [requires(Permission.REGISTER_EDIT, takes_file=True)]
CHOOSE_JSON = pmsg("error", "Choose a JSON file")
NO_REGISTER = msg("This is not a file of the register: it needs a format and entries, as the JSON Schema says")
NOT_ONE = msg("The file has several entries, and none of them is of this system")
TICK = pmsg("error", "Tick the box: the draft is replaced as a whole")
MOST_MB = MOST_BYTES // (1024 * 1024)
TOO_LARGE = pmsg(
    "error",
    "The file is too large. The limit is {max} MB. Whoever runs the portal imports larger ones with this command: "
    "{command}",
    max=MOST_MB,
    command="porth import register",
)
_MORE: Mapping[str, Message] = {
    "missing": msg("This is missing"),
    "extra_forbidden": msg("There is no such field. Is it spelled correctly?"),
    "enum": msg("This is none of the words that can stand here"),
    "may_not_be_none": msg("A field is declared empty that does not exist or may not be"),
}


class Faulty(NamedTuple):
    """One fault of a file: its place in the record as the file names it, and what is wrong."""

    where: str
    what: Message


@router.get(f"{AT}/file", dependencies=EDITS)
def ask_file(visit: SignedVisit, session: Read, short_code: str) -> Response:
    """What can be downloaded, and the form that takes a file."""
    return _page(visit, session, get_as(session, visit.actor, short_code, Role.EDITOR))


@router.get(f"{AT}/file/{{name}}", dependencies=EDITS)
def download(visit: SignedVisit, session: Read, short_code: str, name: str) -> Response:
    """The draft, or the version that is published now, as a file that the register reads."""
    system = get_as(session, visit.actor, short_code, Role.EDITOR)
    entry: dict[str, Any] = {
        "body": get_body(session, system.body_id).slug,
        "slug": system.slug,
        "short_code": system.short_code,
    }
    version = queries.find_published(session, system)
    if name == "draft.json":
        told = queries.record_of(queries.get_draft(session, system)).canonical()
        entry |= {"draft": True, "published_on": visit.today.isoformat()}
    elif name == "published.json" and version is not None:
        told = version.record
        entry |= {"published_on": version.published_on.isoformat()}
    else:
        raise NotFound
    file = {"format": FORMAT, "entries": [{**entry, "record": json.loads(told)}]}
    headers = {"Content-Disposition": f'attachment; filename="{system.short_code}-{name}"'}
    text = json.dumps(file, ensure_ascii=False, indent=1) + "\n"
    return Response(text.encode(), media_type="application/json", headers=headers)


@router.post(f"{AT}/file", dependencies=UPLOADS)
async def bring_in(request: Request, visit: SignedVisit, short_code: str) -> Response:
    """Take a file in place of the draft: all of it, or nothing and a list of every fault."""
    await run_in_threadpool(_check_may_write, visit, short_code)
    context = f"draft_file:{ids.new_id()}"
    upload = await read_upload(request, visit, context=context, endings=JSON_ENDING)
    request.state.fields = upload.fields
    problem = CHOOSE_JSON if upload.problem is WRONG_TYPE else upload.problem
    data = b""
    if upload.blob_id is not None:
        data = await run_in_threadpool(_taken, visit.blobs, upload.blob_id, context)
    if len(data) > MOST_BYTES or upload.problem is FILE_TOO_LARGE:
        problem = TOO_LARGE
    is_sure = upload.fields.one("sure") == "yes"
    return await run_in_threadpool(_bring_in, visit, short_code, data, problem, is_sure)


def read_entry(session: Session, system: System, data: bytes) -> tuple[Record | None, list[Faulty]]:
    """The record of a file for one system, or every fault of it."""
    try:
        told = read_json(data)
    except ImportRefused:
        return None, [Faulty("", msg("This cannot be read as JSON in UTF-8 in which each field stands once"))]
    if not isinstance(told, dict) or told.get("format") not in FORMATS or not isinstance(told.get("entries"), list):
        return None, [Faulty("", NO_REGISTER)]
    rows = [row for row in told["entries"] if isinstance(row, dict) and isinstance(row.get("record"), dict)]
    row = rows[0] if len(rows) == 1 else next((row for row in rows if row.get("slug") == system.slug), None)
    if row is None:
        return None, [Faulty("", NOT_ONE)]
    try:
        record = Record.model_validate(row["record"])
        record = Record.model_validate({**record.model_dump(), "standard": STANDARD})
    except ValidationError as error:
        return None, [_fault(found) for found in error.errors(include_url=False, include_input=False)]
    faults = _unknown_places(session, record)
    return (None if faults else record), faults


def _fault(found: Any) -> Faulty:
    path = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in found["loc"]).lstrip(".")
    context = found.get("ctx") or {}
    if "language" in context:
        path = f"{path}.{context['language']}"
    return Faulty(path, _MORE.get(found["type"]) or said_of(found["type"], path, context))


def _unknown_places(session: Session, record: Record) -> list[Faulty]:
    found = []
    for number, group in enumerate(record.affected, start=1):
        unknown = place(session, group)
        if isinstance(unknown, str):
            found.append(Faulty(f"affected[{number}].{unknown}", msg("The directory does not know this")))
    return found


def _check_may_write(visit: Visit, short_code: str) -> None:
    """Before a byte of the file is read."""
    with visit.database.reading() as session:
        get_as(session, visit.actor, short_code, Role.EDITOR)


def _taken(blobs: BlobStore, blob_id: str, context: str) -> bytes:
    """The bytes of the file, of which nothing is kept; one byte too many shows that it is too large."""
    data = bytearray()
    try:
        for piece in blobs.read(blob_id, context=context):
            data += piece
            if len(data) > MOST_BYTES:
                break
    finally:
        blobs.delete(blob_id)
    return bytes(data)


def _bring_in(visit: Visit, short_code: str, data: bytes, problem: Message | None, is_sure: bool) -> Response:
    problems = Problems()
    if problem is not None:
        problems["file"] = problem
    if not is_sure:
        problems["sure"] = TICK
    with visit.database.writing() as session:
        system = get_as(session, visit.actor, short_code, Role.EDITOR)
        if problems:
            return _page(visit, session, system, problems)
        record, faults = read_entry(session, system, data)
        if record is None:
            return _page(visit, session, system, faults=faults)
        before = queries.find_draft(session, system)
        if before is None:
            service.begin_next(session, visit.actor, system, now=visit.now)
        record = record.model_copy(update={"state": system.state})
        service.keep(session, visit.actor, system, record, "file", now=visit.now, origin=Origin.IMPORT)
    return redirect(visit, edit_of(system))


def _page(
    visit: Visit,
    session: Session,
    system: System,
    problems: Problems | None = None,
    faults: list[Faulty] | None = None,
) -> Response:
    draft, version = queries.find_draft(session, system), queries.find_published(session, system)
    record = queries.record_of(draft) if draft else read_record(version.record) if version else None
    if record is None:
        raise NotFound
    return render(
        visit,
        "register/editing/file.html",
        status=422 if faults else 200,
        problems=problems,
        name=record.name,
        faults=faults or [],
        has_draft=draft is not None,
        has_version=version is not None,
        most=MOST_MB,
        at=edit_of(system),
    )
