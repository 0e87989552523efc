"""The officer's pages of outcomes: approved paragraphs, what is put right, and who decides the second stage."""

from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.rules import CaseKind, officer_bodies
from portal.cases.speaking import Work
from portal.cases.standing_in import written_for
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import BadRequest, Conflict, Refused
from portal.core.text import Bilingual, Words, pmsg
from portal.decision_review.outcome import chairs, lastday, paragraphs, service
from portal.decision_review.outcome.composing import NewRemedy
from portal.decision_review.outcome.models import StageTwo
from portal.decision_review.outcome.paragraphs import NewParagraph
from portal.decision_review.outcome.queries import (
    find_second,
    list_letters,
    list_paragraphs,
    list_remedies,
    open_letter,
    open_second,
)
from portal.decision_review.outcome.rules import (
    CHAIRS,
    LEAST_DAYS_TO_ASK,
    MOST_DAYS_TO_ASK,
    PARAGRAPH_LIMIT,
    PURPOSES,
    REMEDIES,
    WAYS,
    Chair,
    Purpose,
    RemedyKind,
)
from portal.decision_review.outcome.worker import remedy_row
from portal.decision_review.queries import get_for_desk
from portal.decision_review.rules import TEXT_LIMIT, State
from portal.directory.models import Person
from portal.directory.queries import find_body_by_slug, find_person_by_email, get_body, get_person, list_bodies
from portal.web.dependencies import Fields, Read, SignedIn, SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, choice, day, email, form_id, text
from portal.web.rendering import redirect, render

router = APIRouter()

PARAGRAPHS = "/my/desk/reviews/paragraphs"
ASSIGN = [requires(Permission.REVIEW_ASSIGN)]
MOST_DIGITS = 4
CHOOSE_BODY = pmsg("error", "Choose a body")
CHOOSE_PURPOSE = pmsg("error", "Choose what the paragraph is for")
BOTH = pmsg("error", "Write the paragraph in both languages")
CHOOSE_KIND = pmsg("error", "Choose what is put right")
ENTER_OWNER = pmsg("error", "Enter the work address of the person who does it")
ENTER_DUE = pmsg("error", "Enter by which day")
WRITE_WHAT = pmsg("error", "Write what has to be done")
ENTER_CHAIR = pmsg("error", "Enter the work address of each chair")


@router.get(PARAGRAPHS, dependencies=ASSIGN)
def list_page(visit: SignedVisit, session: Read) -> Response:
    """The approved paragraphs of one's bodies, and those that wait for a second person."""
    return _paragraphs(visit, session)


@router.post(PARAGRAPHS, dependencies=ASSIGN)
def act_on_paragraphs(visit: SignedVisit, fields: Fields) -> Response:
    """Write one, approve one that somebody else wrote, or end one."""
    problems = Problems()
    try:
        with visit.database.writing() as session:
            _act_on_paragraphs(session, visit, fields, problems)
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    if not problems:
        return redirect(visit, PARAGRAPHS)
    with visit.database.reading() as session:
        return _paragraphs(visit, session, problems, fields)


@router.get("/my/desk/reviews/{reference}/outcome", dependencies=ASSIGN)
def outcome(visit: SignedVisit, session: Read, reference: str) -> Response:
    """The letters of a review, what is put right, and the second stage."""
    return _outcome(visit, session, get_for_desk(session, visit.actor, reference))


@router.post("/my/desk/reviews/{reference}/outcome", dependencies=ASSIGN)
def act(visit: SignedVisit, fields: Fields, reference: str) -> Response:
    """Add something to put right, or say who decides the second stage."""
    problems = Problems()
    try:
        with visit.database.writing() as session:
            case = get_for_desk(session, visit.actor, reference)
            _ACTS.get(fields.one("act"), _none)(session, visit, case, fields, problems)
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    if not problems:
        return redirect(visit, f"/my/desk/reviews/{reference}/outcome")
    with visit.database.reading() as session:
        return _outcome(visit, session, get_for_desk(session, visit.actor, reference), problems, fields)


def _act_on_paragraphs(session: Session, visit: SignedIn, fields: FieldBag, problems: Problems) -> None:
    if fields.one("act") == "days":
        _set_days(session, visit, fields, problems)
        return
    if fields.one("act") == "approve":
        paragraphs.approve(session, visit.actor, fields.one("paragraph"), desk=desk_of(visit))
        return
    if fields.one("act") == "end":
        paragraphs.end(session, visit.actor, fields.one("paragraph"), desk=desk_of(visit))
        return
    bodies = officer_bodies(visit.actor, CaseKind.REVIEW)
    body = choice(fields, "body", problems, allowed=bodies, required=CHOOSE_BODY)
    purpose = choice(fields, "purpose", problems, allowed=list(Purpose), required=CHOOSE_PURPOSE)
    cy = text(fields, "text-cy", problems, most=PARAGRAPH_LIMIT, required=BOTH)
    en = text(fields, "text-en", problems, most=PARAGRAPH_LIMIT, required=BOTH)
    if not problems:
        new = NewParagraph(form_id(fields) or ids.new_id(), body, Purpose(purpose), cy, en)
        paragraphs.write(session, visit.actor, new, desk=desk_of(visit))


def _add_remedy(session: Session, visit: SignedIn, case: Case, fields: FieldBag, problems: Problems) -> None:
    kind = choice(fields, "kind", problems, allowed=list(RemedyKind), required=CHOOSE_KIND)
    words = text(fields, "words", problems, most=TEXT_LIMIT, required=WRITE_WHAT)
    address = email(fields, "owner", problems, required=ENTER_OWNER)
    due_on = day(fields, "due", problems, required=ENTER_DUE, not_before=visit.today)
    person = find_person_by_email(session, address) if address else None
    if address and person is None:
        problems["owner"] = service.NO_OWNER
    if problems or person is None or due_on is None:
        return
    own_id = form_id(fields) or ids.new_id()
    new = NewRemedy(own_id, RemedyKind(kind), Words(words), visit.locale, person.id, due_on)
    service.add_remedies(session, visit.actor, case, (new,), desk=desk_of(visit))


def _name_panel(session: Session, visit: SignedIn, case: Case, fields: FieldBag, problems: Problems) -> None:
    employer = _chair(session, fields, "employer", problems)
    union = _chair(session, fields, "union", problems)
    if not problems and employer is not None and union is not None:
        chairs.give_to_panel(session, visit.actor, case, employer, union, desk=desk_of(visit))


def _chair(session: Session, fields: FieldBag, name: str, problems: Problems) -> Person | None:
    address = email(fields, name, problems, required=ENTER_CHAIR)
    found = find_person_by_email(session, address) if address else None
    if address and found is None and name not in problems:
        problems[name] = chairs.NOT_EMPLOYER if name == "employer" else chairs.NOT_UNION
    return found


def _name_body(session: Session, visit: SignedIn, case: Case, fields: FieldBag, problems: Problems) -> None:
    other = find_body_by_slug(session, fields.one("body"))
    if other is None:
        problems["body"] = chairs.NOT_BODY
    else:
        chairs.give_to_body(session, visit.actor, case, other, desk=desk_of(visit))


def _set_days(session: Session, visit: SignedIn, fields: FieldBag, problems: Problems) -> None:
    body = choice(fields, "body", problems, allowed=officer_bodies(visit.actor, CaseKind.REVIEW), required=CHOOSE_BODY)
    name = f"days-{body}"
    typed = fields.one(name)
    if not (typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS):
        problems[name] = lastday.OUT_OF_RANGE
    if problems:
        return
    try:
        lastday.set_days(session, visit.actor, body, int(typed), desk=desk_of(visit))
    except Refused as refusal:
        problems[name] = refusal.message


def _none(*_given: Any) -> None:
    raise BadRequest


_ACTS = {"remedy": _add_remedy, "panel": _name_panel, "body": _name_body}


def _paragraphs(
    visit: SignedIn, session: Session, problems: Problems | None = None, fields: FieldBag | None = None
) -> Response:
    bodies = sorted(officer_bodies(visit.actor, CaseKind.REVIEW))
    rows = list_paragraphs(session, bodies)
    return render(
        visit,
        "decision_review/paragraphs.html",
        problems=problems,
        rows=[(row, PURPOSES[row.purpose], row.written_by == visit.actor.account_id) for row in rows],
        bodies=[(one, _name(session, one)) for one in bodies],
        purposes=[(one.value, said) for one, said in PURPOSES.items()],
        days=[(one, _name(session, one), lastday.days_of(session, one)) for one in bodies],
        least_days=LEAST_DAYS_TO_ASK,
        most_days=MOST_DAYS_TO_ASK,
        most=PARAGRAPH_LIMIT,
        typed=(fields or FieldBag([])).one,
        form_id=ids.new_id(),
    )


def _outcome(
    visit: SignedIn, session: Session, case: Case, problems: Problems | None = None, fields: FieldBag | None = None
) -> Response:
    row = find_second(session, case)
    why = open_second(row, "why", visit.vault) if row else None
    return render(
        visit,
        "decision_review/desk_outcome.html",
        problems=problems,
        case=case,
        letters=[(one, open_letter(one, visit.vault).reveal()) for one in list_letters(session, case)],
        remedies=[
            remedy_row(one, visit) | {"owner": get_person(session, one.owner_id).display_name}
            for one in list_remedies(session, case)
        ],
        may_add=case.state in {State.DECIDED, State.IMPLEMENTING},
        kinds=[(one.value, said) for one, said in REMEDIES.items()],
        second=row,
        why=why.reveal() if why else "",
        asked_beside=bool(written_for(session, case, Work.AGAIN)),
        way=WAYS[row.way] if row and row.way else None,
        may_name=row is not None and chairs.may_name(session, case, row, today=visit.today),
        **_who_decides(visit, session, case, row),
        others=[
            (one.slug, Bilingual(one.name_cy, one.name_en)) for one in list_bodies(session) if one.id != case.body_id
        ],
        typed=(fields or FieldBag([])).one,
        form_id=ids.new_id(),
    )


def _who_decides(visit: SignedIn, session: Session, case: Case, row: StageTwo | None) -> dict[str, Any]:
    """Who was named, who of them can decide no longer and why, and whether it was asked for late."""
    if row is None:
        return {"named": [], "late": "", "last_day": None, "has_draft": False, "addresses": {}}
    gone = chairs.find_gone(session, case, row, today=visit.today) if case.state == State.STAGE_TWO else {}
    people = {
        chair: get_person(session, person_id)
        for chair, person_id in ((Chair.EMPLOYER, row.employer_chair_id), (Chair.UNION, row.union_chair_id))
        if person_id is not None
    }
    named = [
        (CHAIRS[chair], Bilingual(person.display_name, person.display_name), gone.get(chair))
        for chair, person in people.items()
    ]
    if row.other_body_id is not None:
        named.append((CHAIRS[Chair.OTHER_BODY], _name(session, row.other_body_id), gone.get(Chair.OTHER_BODY)))
    late = open_second(row, "late_because", visit.vault)
    return {
        "named": named,
        "late": late.reveal() if late else "",
        "last_day": lastday.find_last_day(session, case),
        "has_draft": row.outcome is not None and case.state == State.STAGE_TWO,
        "addresses": {chair.value: person.email for chair, person in people.items() if chair not in gone},
    }


def _name(session: Session, body_id: str) -> Bilingual:
    body = get_body(session, body_id)
    return Bilingual(body.name_cy, body.name_en)
