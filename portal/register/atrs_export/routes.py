"""The export of an entry: on the editor's desk, and for everybody once the body has said that it goes to GOV.UK."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from fastapi import APIRouter, Response

from portal.authz.permissions import Permission, Subject, permits
from portal.core.errors import NotFound
from portal.core.text import Locale
from portal.register import queries
from portal.register.atrs_export.filling import Filled, Incomplete, Missing, fill, may_be_linked
from portal.register.atrs_export.writing import as_html, as_json
from portal.register.definitions import definitions
from portal.register.queries import PublishedSystem
from portal.register.terms import Standard
from portal.web.anonymous import PUBLIC, PlainVisit, Read
from portal.web.dependencies import SignedIn, SignedVisit, requires
from portal.web.rendering import render

router = APIRouter()

DESK = "/my/desk/register/{short_code}/atrs"


class Kind(NamedTuple):
    """How an export is written, and what kind of file that is."""

    write: Callable[[Filled], str]
    media_type: str


KINDS: Mapping[str, Kind] = {
    "json": Kind(as_json, "application/json"),
    "html": Kind(as_html, "text/html; charset=utf-8"),
}


@router.get(DESK, dependencies=[requires(Permission.REGISTER_EDIT)])
def desk(visit: SignedVisit, session: Read, short_code: str) -> Response:
    """What would be exported, or the list of what is missing."""
    system = _own(visit, session, short_code)
    made = fill(system)
    return render(
        visit,
        "register/atrs_desk.html",
        system=system,
        filled=made if isinstance(made, Filled) else None,
        missing=_told(made, visit.locale) if isinstance(made, Incomplete) else [],
        is_linked=may_be_linked(system.whole),
    )


@router.get(DESK + ".{kind}", dependencies=[requires(Permission.REGISTER_EDIT)])
def desk_file(visit: SignedVisit, session: Read, short_code: str, kind: str) -> Response:
    """The export as a file, for somebody who edits the body's register."""
    return _file(_own(visit, session, short_code), kind)


@router.get("/s/{short_code}/atrs.{kind}", dependencies=[PUBLIC])
def public_file(_visit: PlainVisit, session: Read, short_code: str, kind: str) -> Response:
    """The export as a file, for everybody, if the record is planned for GOV.UK, sent there or published."""
    system = queries.get_system(session, short_code)
    if not may_be_linked(system.whole):
        raise NotFound
    return _file(system, kind)


def _own(visit: SignedIn, session: Read, short_code: str) -> PublishedSystem:
    system = queries.get_system(session, short_code)
    if not permits(visit.actor, Permission.REGISTER_EDIT, Subject(body_id=system.body_id)):
        raise NotFound
    return system


def _file(system: PublishedSystem, kind: str) -> Response:
    made = fill(system)
    if kind not in KINDS or isinstance(made, Incomplete):
        raise NotFound
    headers = {"content-disposition": f'inline; filename="atrs-{system.short_code}.{kind}"', "content-language": "en"}
    return Response(KINDS[kind].write(made), media_type=KINDS[kind].media_type, headers=headers)


def _told(made: Incomplete, locale: Locale) -> list[tuple[Missing, str]]:
    """Each missing field with the register's label, in the reader's language."""
    told = definitions(Standard.SECOND)
    return [(one, told[one.key].label.get(locale) if one.key in told else "") for one in made.missing]
