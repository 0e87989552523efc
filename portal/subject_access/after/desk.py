"""The officer's pages of what comes after: figures, what will be deleted, and holds."""

import csv
from collections.abc import Sequence
from io import StringIO

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.periods import told_quarters, told_years
from portal.cases.queries import workable
from portal.cases.rules import CaseKind, officer_bodies
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import NotFound, Refused
from portal.core.text import Bilingual
from portal.directory.models import Body
from portal.directory.queries import get_body
from portal.i18n.catalogue import say
from portal.register.opendata.writing import cell
from portal.subject_access.after import holds
from portal.subject_access.after.erasing import Asked, list_going, list_tombstones
from portal.subject_access.after.figures import count_year, first_day
from portal.subject_access.after.forms import read_hold
from portal.subject_access.after.keeping import keeping_of
from portal.subject_access.after.rules import LOOKED_AHEAD, RULES, SETTLED, WHATS, Rule
from portal.subject_access.after.tables import COLUMNS, FIRST_DAY, HOURS, LAST_DAY, MEDIAN, SHARE, Line, table_of
from portal.subject_access.queries import get_for_desk, list_holds
from portal.subject_access.terms import terms_of
from portal.web.dependencies import Fields, Read, SignedVisit, Write, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems, form_id
from portal.web.rendering import redirect, render

router = APIRouter()

QUEUE = [requires(Permission.ACCESS_QUEUE)]
FIGURES = "/my/desk/access/figures"


@router.get("/my/desk/access/figures", dependencies=QUEUE)
def figures(visit: SignedVisit, session: Read) -> Response:
    """One financial year of one body, small numbers withheld: for the board, and for who asks in public."""
    body, years, year = _asked(visit, session)
    return render(
        visit,
        "subject_access/figures.html",
        body=Bilingual(body.name_cy, body.name_en),
        bodies=[(one.slug, Bilingual(one.name_cy, one.name_en)) for one in _bodies(visit, session)],
        slug=body.slug,
        years=years,
        year=year,
        columns=COLUMNS,
        lines=_lines(visit, session, body, year) if year else (),
    )


@router.get("/my/desk/access/figures.csv", dependencies=QUEUE)
def figures_file(visit: SignedVisit, session: Read) -> Response:
    """The same for a spreadsheet, in the language of the page."""
    body, _years, year = _asked(visit, session)
    if year is None:
        raise NotFound
    name = f"access-requests-{body.slug}-{year}-{visit.locale.value}.csv"
    return Response(
        _as_csv(visit, _lines(visit, session, body, year)),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"},
    )


@router.get("/my/desk/access/retention", dependencies=QUEUE)
def retention(visit: SignedVisit, session: Read) -> Response:
    """What will be deleted in the next thirty days, what a hold keeps, and what was deleted."""
    asked = Asked(visit.today + LOOKED_AHEAD, among=workable(visit.actor), with_held=True)
    bodies = officer_bodies(visit.actor, CaseKind.ACCESS)
    return render(
        visit,
        "subject_access/retention.html",
        rows=[(one, WHATS[one.what], RULES[one.rule]) for one in list_going(session, asked)],
        until=asked.by,
        holds=holds.list_standing(session, visit.actor),
        periods=[
            (Bilingual(one.name_cy, one.name_en), keeping_of(session, one.id), terms_of(session, one.id))
            for one in _bodies(visit, session)
        ],
        stones=[(one, RULES[Rule(one.rule)]) for one in list_tombstones(session, bodies, reader=visit.actor.person_id)],
    )


@router.get("/my/desk/access/{reference}/hold", dependencies=QUEUE)
def hold(visit: SignedVisit, session: Read, reference: str) -> Response:
    """The holds of a request, and the form of a new one."""
    return _hold_page(visit, session, get_for_desk(session, visit.actor, reference), FieldBag([]))


@router.post("/my/desk/access/{reference}/hold", dependencies=QUEUE)
def set_hold(visit: SignedVisit, session: Read, fields: Fields, reference: str) -> Response:
    """Keep everything of a request."""
    problems = Problems()
    because, review_on = read_hold(fields, problems, visit.today)
    own = form_id(fields)
    if not own:
        raise NotFound
    try:
        if not problems:
            with visit.database.writing() as writing:
                case = get_for_desk(writing, visit.actor, reference)
                holds.set_hold(writing, visit.actor, case, because, review_on, own, desk=desk_of(visit))
    except Refused as refusal:
        problems["review"] = refusal.message
    if problems:
        return _hold_page(visit, session, get_for_desk(session, visit.actor, reference), fields, problems)
    return redirect(visit, f"/my/desk/access/{reference}/hold")


@router.post("/my/desk/access/{reference}/hold/{hold_id}/lift", dependencies=QUEUE)
def lift_hold(visit: SignedVisit, session: Write, reference: str, hold_id: str) -> Response:
    """Let the periods run out again."""
    case = get_for_desk(session, visit.actor, reference)
    holds.lift_hold(session, visit.actor, case, hold_id, desk=desk_of(visit))
    return redirect(visit, f"/my/desk/access/{reference}/hold")


@router.post("/my/desk/access/{reference}/hold/{hold_id}/keep", dependencies=QUEUE)
def keep_hold(visit: SignedVisit, session: Write, reference: str, hold_id: str) -> Response:
    """It stays."""
    case = get_for_desk(session, visit.actor, reference)
    holds.keep_hold(session, visit.actor, case, hold_id, desk=desk_of(visit))
    return redirect(visit, f"/my/desk/access/{reference}/hold")


def _bodies(visit: Visit, session: Session) -> list[Body]:
    return [get_body(session, body_id) for body_id in sorted(officer_bodies(visit.actor, CaseKind.ACCESS))]


def _asked(visit: Visit, session: Session) -> tuple[Body, list[int], int | None]:
    """The body and the financial year of the address; without any, the first body and the newest year."""
    wanted = visit.request.query_params
    bodies = {body.slug: body for body in _bodies(visit, session)}
    slug = wanted.get("body") or next(iter(bodies))
    if slug not in bodies:
        raise NotFound
    years = told_years(first_day(session, bodies[slug].id), visit.today, SETTLED)
    chosen = wanted.get("year")
    if chosen is None:
        return bodies[slug], years, years[0] if years else None
    if chosen not in {str(year) for year in years}:
        raise NotFound
    return bodies[slug], years, int(chosen)


def _lines(visit: Visit, session: Session, body: Body, year: int) -> tuple[Line, ...]:
    return table_of(told_quarters(year, visit.today, SETTLED), count_year(session, body.id, year))


def _as_csv(visit: Visit, lines: Sequence[Line]) -> bytes:
    """UTF-8 with its mark, days as ISO 8601, a star for what is withheld, and no cell that could be a formula."""
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    heads = (FIRST_DAY, LAST_DAY, *COLUMNS.values(), SHARE, MEDIAN, HOURS)
    writer.writerow([cell(say(head, visit.locale)) for head in heads])
    for line in lines:
        of_answers = ["" if line.is_empty else _told(value) for value in (line.percent, line.days, line.hours)]
        numbers = [_told(line.numbers[column]) for column in COLUMNS]
        writer.writerow([line.first.isoformat(), line.last.isoformat(), *numbers, *of_answers])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _told(number: float | None) -> str:
    return "*" if number is None else f"{number:g}"


def _hold_page(
    visit: Visit, session: Session, case: Case, fields: FieldBag, problems: Problems | None = None
) -> Response:
    standing = [
        (one, holds.open_reason(one, visit.vault).reveal(), holds.is_proposed(session, case, one))
        for one in list_holds(session, case)
    ]
    return render(
        visit,
        "subject_access/hold.html",
        problems=problems,
        reference=case.reference,
        form_id=form_id(fields) or ids.new_id(),
        typed=fields.one,
        holds=standing,
    )
