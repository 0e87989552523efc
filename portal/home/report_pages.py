"""The quarterly report: a page, a file, paper, and the text that two people put beside its figures."""

from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission, permits
from portal.cases.periods import Quarter
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Bilingual
from portal.directory.models import Body
from portal.home.report_words import SECTIONS
from portal.register.counting import names_of
from portal.statistics.forms import FIELDS, read_asked, read_text
from portal.statistics.models import ReportText
from portal.statistics.queries import find_draft, find_report, find_text, list_bodies, list_quarters
from portal.statistics.rules import Report
from portal.statistics.service import TEXT_LIMIT, sign_text, write_text
from portal.statistics.sheet import as_csv
from portal.statistics.tables import rows_of
from portal.web.dependencies import Fields, Read, SignedIn, SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, form_id
from portal.web.rendering import redirect, render

router = APIRouter()

AT = "/my/report"
READS, SIGNS = [requires(Permission.REPORT_READ)], [requires(Permission.REPORT_SIGN)]


@router.get(AT, dependencies=READS)
def report(visit: SignedVisit, session: Read) -> Response:
    """One quarter of one body; only quarters that were frozen."""
    return _page(visit, session, "statistics/report.html")


@router.get(AT + "/print", dependencies=READS)
def printed(visit: SignedVisit, session: Read) -> Response:
    """The same for paper."""
    return _page(visit, session, "statistics/printed.html")


@router.get(AT + ".csv", dependencies=READS)
def file(visit: SignedVisit, session: Read) -> Response:
    """The same for a spreadsheet, in both languages at once."""
    body, quarter = _asked(visit, session, Problems())
    found = find_report(session, body.id, quarter) if quarter is not None else None
    if found is None:
        raise NotFound
    name = f"report-{body.slug}-{found.quarter.written}.csv"
    return Response(
        as_csv(found, SECTIONS, Bilingual(body.name_cy, body.name_en)),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"},
    )


@router.get(AT + "/text", dependencies=SIGNS)
def text(visit: SignedVisit, session: Read) -> Response:
    """What stands beside the figures: the draft to sign, and the form of a new one."""
    body, found = _to_sign(visit, session)
    return _text_page(visit, session, body, found)


@router.post(AT + "/text", dependencies=SIGNS)
def write(visit: SignedVisit, session: Read, fields: Fields) -> Response:
    """Write a text anew, or sign the one that waits."""
    body, found = _to_sign(visit, session)
    problems = Problems()
    try:
        _do(visit, body, found.quarter, fields, problems)
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    if problems:
        return _text_page(visit, session, body, found, fields, problems)
    onward = AT if fields.one("act") == "sign" else f"{AT}/text"
    return redirect(visit, f"{onward}?{_address(body, found.quarter)}")


def _do(visit: SignedIn, body: Body, quarter: Quarter, fields: FieldBag, problems: Problems) -> None:
    signs = fields.one("act") == "sign"
    new = None if signs else read_text(fields, problems)
    if problems:
        return
    if new is not None and not new.id:
        raise NotFound
    with visit.database.writing() as session:
        if new is None:
            sign_text(session, visit.actor, body.id, quarter, fields.one("text"), desk=desk_of(visit))
        else:
            write_text(session, visit.actor, body.id, quarter, new, desk=desk_of(visit))


def _page(visit: SignedIn, session: Session, template: str) -> Response:
    problems = Problems()
    body, quarter = _asked(visit, session, problems)
    found = find_report(session, body.id, quarter) if quarter is not None else None
    return render(
        visit,
        template,
        problems=problems or None,
        body=Bilingual(body.name_cy, body.name_en),
        slug=body.slug,
        bodies=[(one.slug, Bilingual(one.name_cy, one.name_en)) for one in list_bodies(session, visit.actor)],
        quarters=list_quarters(session, body.id),
        report=found,
        may_sign=found is not None and _may_sign(session, visit, body),
        **_shown(session, found),
    )


def _shown(session: Session, found: Report | None) -> dict[str, Any]:
    """The parts of a report with their lines, and the text beside them."""
    if found is None:
        return {"parts": (), "names": {}, "said": None, "draft": None}
    parts = [(kind, section, rows_of(found, kind, section)) for kind, section in SECTIONS.items()]
    codes = {code for _kind, _section, rows in parts for row in rows for code in row.names}
    return {
        "parts": parts,
        "names": names_of(session, codes),
        "said": find_text(session, found.body_id, found.quarter),
        "draft": find_draft(session, found.body_id, found.quarter),
    }


def _text_page(
    visit: SignedIn,
    session: Session,
    body: Body,
    found: Report,
    fields: FieldBag | None = None,
    problems: Problems | None = None,
) -> Response:
    draft: ReportText | None = find_draft(session, body.id, found.quarter)
    return render(
        visit,
        "statistics/text.html",
        problems=problems,
        body=Bilingual(body.name_cy, body.name_en),
        report=found,
        address=_address(body, found.quarter),
        said=find_text(session, body.id, found.quarter),
        draft=draft,
        is_mine=draft is not None and draft.written_by == visit.actor.person_id,
        typed=(fields or FieldBag([])).one,
        is_answer=fields is not None and fields.one("act") != "sign",
        standing=_standing(draft or find_text(session, body.id, found.quarter)),
        most=TEXT_LIMIT,
        form_id=(form_id(fields) if fields is not None else "") or ids.new_id(),
    )


def _standing(text: ReportText | None) -> dict[str, str]:
    """What stands now, to be written on from there."""
    return {name: getattr(text, name.replace("-", "_")) for name in FIELDS} if text is not None else {}


def _to_sign(visit: SignedIn, session: Session) -> tuple[Body, Report]:
    """The report of the address, for somebody who signs for its body; NotFound for everybody else."""
    body, quarter = _asked(visit, session, Problems())
    found = find_report(session, body.id, quarter) if quarter is not None else None
    if found is None or not _may_sign(session, visit, body):
        raise NotFound
    return body, found


def _may_sign(session: Session, visit: SignedIn, body: Body) -> bool:
    signed_for = {one.id for one in list_bodies(session, visit.actor, signing=True)}
    return permits(visit.actor, Permission.REPORT_SIGN) and body.id in signed_for


def _asked(visit: SignedIn, session: Session, problems: Problems) -> tuple[Body, Quarter | None]:
    """The body and the quarter of the address; without any, the first body and the newest quarter."""
    wanted = visit.request.query_params
    bodies = {body.slug: body for body in list_bodies(session, visit.actor)}
    slug = wanted.get("body") or next(iter(bodies), "")
    if slug not in bodies:
        raise NotFound
    told = list(list_quarters(session, bodies[slug].id))
    return bodies[slug], read_asked(wanted.get("quarter"), told, problems)


def _address(body: Body, quarter: Quarter) -> str:
    return f"body={body.slug}&quarter={quarter.written}"
