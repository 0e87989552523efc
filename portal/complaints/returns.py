"""The yearly return, as a page and as a file, and what will be deleted: for the officers of a body."""

import csv
from collections.abc import Sequence
from io import StringIO

from fastapi import APIRouter
from sqlalchemy import and_
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.queries import workable
from portal.cases.rules import CaseKind, officer_bodies
from portal.complaints.editions import Edition, read_editions
from portal.complaints.erasing import list_going, list_tombstones
from portal.complaints.figures import HEADS, MEDIAN, span_of, told_years
from portal.complaints.queries import open_to
from portal.complaints.rules import KEPT, Kept
from portal.core.errors import NotFound
from portal.core.text import Bilingual, msg
from portal.directory.models import Body
from portal.directory.queries import get_body
from portal.i18n.catalogue import say
from portal.register.opendata.writing import cell
from portal.timelimits.calendar import months_later
from portal.web.dependencies import Read, SignedVisit, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.rendering import render

router = APIRouter()

TOLD_ON = msg("As told on")
QUEUE = [requires(Permission.COMPLAINT_QUEUE)]


@router.get("/my/desk/complaints/return", dependencies=QUEUE)
def yearly(visit: SignedVisit, session: Read) -> Response:
    """One financial year of one body, each complaint once, small numbers withheld."""
    body, years, year = _asked(visit, session)
    return render(
        visit,
        "complaints/return.html",
        body=Bilingual(body.name_cy, body.name_en),
        bodies=[(one.slug, Bilingual(one.name_cy, one.name_en)) for one in _bodies(visit, session)],
        slug=body.slug,
        years=years,
        year=year,
        span=span_of(year) if year else None,
        heads=HEADS,
        median=MEDIAN,
        editions=read_editions(session, body.id, year, visit.today) if year else [],
    )


@router.get("/my/desk/complaints/return.csv", dependencies=QUEUE)
def yearly_file(visit: SignedVisit, session: Read) -> Response:
    """The same for a spreadsheet, in the language of the page."""
    body, _years, year = _asked(visit, session)
    if year is None:
        raise NotFound
    name = f"complaints-{body.slug}-{year}-{visit.locale.value}.csv"
    return Response(
        _as_csv(visit, read_editions(session, body.id, year, visit.today)),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"},
    )


@router.get("/my/desk/complaints/retention", dependencies=QUEUE)
def retention(visit: SignedVisit, session: Read) -> Response:
    """What will be deleted in the next month, what a hold keeps, and what was deleted."""
    until = months_later(visit.today, 1)
    bodies = officer_bodies(visit.actor, CaseKind.COMPLAINT)
    return render(
        visit,
        "complaints/retention.html",
        rows=list_going(session, until, among=and_(workable(visit.actor), open_to(visit.actor))),
        until=until,
        rule=KEPT[Kept.YEARS_3],
        stones=list_tombstones(session, bodies, reader=visit.actor.person_id),
    )


def _bodies(visit: Visit, session: Session) -> list[Body]:
    return [get_body(session, body_id) for body_id in sorted(officer_bodies(visit.actor, CaseKind.COMPLAINT))]


def _asked(visit: Visit, session: Session) -> tuple[Body, list[int], int | None]:
    """The body and the financial year of the address; without any, the first body and the newest year."""
    wanted = visit.request.query_params
    bodies = {body.slug: body for body in _bodies(visit, session)}
    slug = wanted.get("body") or next(iter(bodies), "")
    if slug not in bodies:
        raise NotFound
    years = told_years(session, bodies[slug].id, visit.today)
    chosen = wanted.get("year")
    if chosen is None:
        return bodies[slug], years, years[0] if years else None
    if chosen not in {str(year) for year in years}:
        raise NotFound
    return bodies[slug], years, int(chosen)


def _as_csv(visit: Visit, editions: Sequence[Edition]) -> bytes:
    """A column for each day on which the year was told, newest first. UTF-8 with its mark, a star for what is withheld,
    and no cell that could be a formula."""
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([cell(say(TOLD_ON, visit.locale)), *(one.told_on.isoformat() for one in editions)])
    for key, head in HEADS.items():
        writer.writerow([cell(say(head, visit.locale)), *(_number(one.found.numbers[key]) for one in editions)])
    writer.writerow([cell(say(MEDIAN, visit.locale)), *(_number(one.found.days) for one in editions)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _number(value: float | None) -> str:
    return "*" if value is None else f"{value:g}"
