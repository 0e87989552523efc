"""What reviews taught: the public page of a system, the board's figures, and the officer's pages of learning."""

import csv
from io import StringIO
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.rules import CaseKind, officer_bodies
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Bilingual, Locale, Message, Words, msg, pmsg
from portal.decision_review.learning import service
from portal.decision_review.learning.figures import tables_of_body, tables_of_system, titles_of
from portal.decision_review.learning.models import LookBack
from portal.decision_review.learning.queries import (
    get_look_back,
    list_lessons,
    list_look_backs,
    list_people,
    list_published,
    open_criteria,
    open_name,
)
from portal.decision_review.learning.rules import (
    CRITERIA_LIMIT,
    LESSON_LIMIT,
    MOST_LOOKED_AT,
    NAME_LIMIT,
    TOLD,
    Told,
)
from portal.decision_review.learning.service import NewLesson
from portal.decision_review.learning.tables import COLUMNS, EVERY_POINT, MEDIAN, SHARE, Line
from portal.decision_review.queries import get_for_desk
from portal.directory.models import Body
from portal.directory.queries import get_body
from portal.i18n.catalogue import say
from portal.register.opendata.writing import cell
from portal.register.queries import get_system, get_system_by_id
from portal.web.anonymous import PUBLIC, PlainVisit
from portal.web.dependencies import Fields, Read, SignedIn, SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, choice, day, form_id, text
from portal.web.rendering import redirect, render

router = APIRouter()

FIGURES = "/my/desk/reviews/figures"
LOOK_BACKS = "/my/desk/reviews/look-backs"
ASSIGN = [requires(Permission.REVIEW_ASSIGN)]
BOTH = pmsg("error", "Write the lesson in both languages")
SAY_BY_WHAT = pmsg("error", "Write by what you search")
WRITE_NAME = pmsg("error", "Write the name")
CHOOSE_TOLD = pmsg("error", "Say whether they were told")
WRITE_NUMBER = pmsg("error", "Enter how many decisions were looked at, as a number")
ALL_POINTS = msg("All decisions together")
NO_POINT = msg("No decision point was known")
HEADS = (msg("System"), msg("First day"), msg("Last day"), msg("Decision"))


@router.get("/reviews/{short_code}", dependencies=[PUBLIC])
def of_system(visit: PlainVisit, session: Read, short_code: str) -> Response:
    """How a system's decisions were reviewed, small numbers withheld, and what that taught."""
    system = get_system(session, short_code)
    return render(
        visit,
        "decision_review/figures_of_system.html",
        name=system.name,
        code=short_code,
        columns=COLUMNS,
        tables=list(reversed(tables_of_system(session, system.id, today=visit.today))),
        titles=titles_of(session, system.id),
        every=EVERY_POINT,
        lessons=list_published(session, system.id),
    )


@router.get(FIGURES, dependencies=ASSIGN)
def figures(visit: SignedVisit, session: Read) -> Response:
    """Every system of a body that has figures to tell: for the board."""
    body = _body(visit, session)
    return render(
        visit,
        "decision_review/figures.html",
        body=Bilingual(body.name_cy, body.name_en),
        slug=body.slug,
        bodies=[(one.slug, Bilingual(one.name_cy, one.name_en)) for one in _bodies(visit, session)],
        systems=[
            (one.short_code, get_system_by_id(session, one.id).name, tables)
            for one, tables in tables_of_body(session, body.id, today=visit.today)
        ],
    )


@router.get(FIGURES + ".csv", dependencies=ASSIGN)
def figures_file(visit: SignedVisit, session: Read) -> Response:
    """The same for a spreadsheet, in the language of the page: exactly what the public pages tell."""
    body = _body(visit, session)
    name = f"reviews-{body.slug}-{visit.today.isoformat()}-{visit.locale.value}.csv"
    return Response(
        _as_csv(visit, session, body),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"},
    )


@router.get(LOOK_BACKS, dependencies=ASSIGN)
def look_backs(visit: SignedVisit, session: Read) -> Response:
    """The searches for others whom a fault may have hit."""
    rows = [
        (one, get_system_by_id(session, one.system_id).name, len(list_people(session, one)))
        for one in list_look_backs(session, visit.actor)
    ]
    return render(visit, "decision_review/look_backs.html", rows=rows)


@router.get(LOOK_BACKS + "/{own_id}", dependencies=ASSIGN)
def look_back(visit: SignedVisit, session: Read, own_id: str) -> Response:
    """One search, its people and whether they were told."""
    return _look_back(visit, session, own_id)


@router.post(LOOK_BACKS + "/{own_id}", dependencies=ASSIGN)
def act_on_look_back(visit: SignedVisit, fields: Fields, own_id: str) -> Response:
    """Add somebody, write down whether they were told, or close the search."""
    problems = Problems()
    try:
        with visit.database.writing() as session:
            _ACTS.get(fields.one("act"), _none)(session, visit, own_id, fields, problems)
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    if not problems:
        return redirect(visit, f"{LOOK_BACKS}/{own_id}")
    with visit.database.reading() as session:
        return _look_back(visit, session, own_id, problems, fields)


@router.get("/my/desk/reviews/{reference}/learning", dependencies=ASSIGN)
def learning(visit: SignedVisit, session: Read, reference: str) -> Response:
    """What one review teaches, and the start of a search for others."""
    return _learning(visit, session, get_for_desk(session, visit.actor, reference))


@router.post("/my/desk/reviews/{reference}/learning", dependencies=ASSIGN)
def act_on_learning(visit: SignedVisit, fields: Fields, reference: str) -> Response:
    """Write or approve a lesson, or begin to look for others."""
    problems, onward = Problems(), ""
    try:
        with visit.database.writing() as session:
            case = get_for_desk(session, visit.actor, reference)
            onward = _act_on_learning(session, visit, case, fields, problems)
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    if not problems:
        return redirect(visit, onward or f"/my/desk/reviews/{reference}/learning")
    with visit.database.reading() as session:
        return _learning(visit, session, get_for_desk(session, visit.actor, reference), problems, fields)


def _act_on_learning(session: Session, visit: SignedIn, case: Case, fields: FieldBag, problems: Problems) -> str:
    own_id = form_id(fields) or ids.new_id()
    if fields.one("act") == "approve":
        service.approve_lesson(session, visit.actor, case, fields.one("lesson"), desk=desk_of(visit))
    elif fields.one("act") == "look_back":
        words = text(fields, "criteria", problems, most=CRITERIA_LIMIT, required=SAY_BY_WHAT)
        if not problems:
            row = service.open_look_back(
                session, visit.actor, case, Words(words), own_id, lang=visit.locale, desk=desk_of(visit)
            )
            return f"{LOOK_BACKS}/{row.id}"
    else:
        cy = text(fields, "text-cy", problems, most=LESSON_LIMIT, required=BOTH)
        en = text(fields, "text-en", problems, most=LESSON_LIMIT, required=BOTH)
        if not problems:
            service.write_lesson(session, visit.actor, case, NewLesson(own_id, cy, en), desk=desk_of(visit))
    return ""


def _add(session: Session, visit: SignedIn, own_id: str, fields: FieldBag, problems: Problems) -> None:
    name = text(fields, "name", problems, most=NAME_LIMIT, required=WRITE_NAME)
    if not problems:
        new_id = form_id(fields) or ids.new_id()
        service.add_person(session, visit.actor, own_id, Words(name), new_id, desk=desk_of(visit))


def _note(session: Session, visit: SignedIn, own_id: str, fields: FieldBag, problems: Problems) -> None:
    told = choice(fields, "told", problems, allowed=list(Told), required=CHOOSE_TOLD)
    on = day(fields, "on", problems, not_after=visit.today)
    if not problems:
        person_id = fields.one("person")
        service.note_person(session, visit.actor, own_id, person_id, Told(told), on, desk=desk_of(visit))


def _close(session: Session, visit: SignedIn, own_id: str, fields: FieldBag, problems: Problems) -> None:
    typed = fields.one("looked_at")
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 7 and int(typed) <= MOST_LOOKED_AT):
        problems["looked_at"] = WRITE_NUMBER
        return
    service.close_look_back(session, visit.actor, own_id, int(typed), desk=desk_of(visit))


def _none(*_given: Any) -> None:
    raise NotFound


_ACTS = {"add": _add, "note": _note, "close": _close}


def _look_back(
    visit: SignedIn, session: Session, own_id: str, problems: Problems | None = None, fields: FieldBag | None = None
) -> Response:
    row: LookBack = get_look_back(session, visit.actor, own_id)
    people = list_people(session, row)
    return render(
        visit,
        "decision_review/look_back.html",
        problems=problems,
        row=row,
        system=get_system_by_id(session, row.system_id).name,
        criteria=open_criteria(row, visit.vault).reveal(),
        people=[(one, open_name(one, visit.vault).reveal(), TOLD[one.told]) for one in people],
        choices=[(one.value, said) for one, said in TOLD.items() if one is not Told.NOT_YET],
        may_close=all(one.told is not Told.NOT_YET for one in people),
        typed=(fields or FieldBag([])).one,
        form_id=ids.new_id(),
    )


def _learning(
    visit: SignedIn, session: Session, case: Case, problems: Problems | None = None, fields: FieldBag | None = None
) -> Response:
    searches = [one for one in list_look_backs(session, visit.actor) if one.case_id == case.id]
    return render(
        visit,
        "decision_review/learning.html",
        problems=problems,
        reference=case.reference,
        lessons=[(one, one.written_by == visit.actor.account_id) for one in list_lessons(session, case)],
        searches=searches,
        most=LESSON_LIMIT,
        typed=(fields or FieldBag([])).one,
        form_id=ids.new_id(),
    )


def _bodies(visit: SignedIn, session: Session) -> list[Body]:
    return [get_body(session, body_id) for body_id in sorted(officer_bodies(visit.actor, CaseKind.REVIEW))]


def _body(visit: SignedIn, session: Session) -> Body:
    bodies = {one.slug: one for one in _bodies(visit, session)}
    slug = visit.request.query_params.get("body") or next(iter(bodies))
    if slug not in bodies:
        raise NotFound
    return bodies[slug]


def _as_csv(visit: SignedIn, session: Session, body: Body) -> bytes:
    """UTF-8 with its mark, days as ISO 8601, a star for what is withheld, and no cell that could be a formula."""
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([cell(say(head, visit.locale)) for head in (*HEADS, *COLUMNS.values(), SHARE, MEDIAN)])
    for system, tables in tables_of_body(session, body.id, today=visit.today):
        name = get_system_by_id(session, system.id).name.get(visit.locale)
        titles = {
            key: point.title_cy if visit.locale is Locale.CY else point.title_en
            for key, point in titles_of(session, system.id).items()
        }
        for table in tables:
            for line in table.lines:
                title = titles.get(line.point) or say(_point(line.point), visit.locale)
                days = [table.first.isoformat(), table.last.isoformat()]
                writer.writerow([cell(name), *days, cell(title), *_numbers(line)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _point(key: str) -> Message:
    return ALL_POINTS if key == EVERY_POINT else NO_POINT


def _numbers(line: Line) -> list[str]:
    return [_told(line.numbers[column]) for column in COLUMNS] + [_told(line.percent), _told(line.days)]


def _told(number: float | None) -> str:
    return "*" if number is None else f"{number:g}"
