"""The reviewer's page: declare, write one's own view, see what the system gave out, decide issue by issue, conclude.

Each part is shown when the one before is done. What comes after a view is not in the answer of the server before it.
"""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.correspondence import Writing
from portal.cases.models import Case
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Locale, Words
from portal.decision_review.evidence.files import hand_out
from portal.decision_review.evidence.queries import get_item, list_items, list_shared
from portal.decision_review.outcome.queries import list_approved
from portal.decision_review.outcome.rules import Purpose
from portal.decision_review.reviewing import blind, chasing, concluding, deciding, forms, questions, seating
from portal.decision_review.reviewing.models import ReviewSeat
from portal.decision_review.reviewing.queries import get_issue, get_seat, sees_output
from portal.decision_review.reviewing.rules import Source
from portal.decision_review.reviewing.showing import show
from portal.decision_review.rules import TEXT_LIMIT
from portal.web.dependencies import Fields, Read, SignedIn, SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, form_id, text
from portal.web.rendering import redirect, render

router = APIRouter()

DECIDE = [requires(Permission.REVIEW_DECIDE)]
AT = "/my/desk/reviews/{reference}/look"

Act = Callable[[SignedIn, Session, Case, ReviewSeat, FieldBag, Problems], None]


@router.get(AT, dependencies=DECIDE)
def look(visit: SignedVisit, session: Read, reference: str) -> Response:
    """The review, as far as its reviewer has come."""
    return _page(visit, session, reference)


@router.post(AT, dependencies=DECIDE)
def act(visit: SignedVisit, fields: Fields, reference: str) -> Response:
    """The next thing that a reviewer does."""
    verb = _VERBS.get(fields.one("act"))
    if verb is None:
        raise NotFound
    problems = Problems()
    try:
        with visit.database.writing() as session:
            case, seat = get_seat(session, visit.actor, reference, today=visit.today)
            verb(visit, session, case, seat, fields, problems)
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    if not problems:
        gone = fields.one("act") == "hand_back"
        return redirect(visit, "/my/desk/reviews" if gone else f"/my/desk/reviews/{reference}/look")
    with visit.database.reading() as session:
        return _page(visit, session, reference, problems, fields)


@router.get(AT + "/{item_id}", dependencies=DECIDE)
def one_file(visit: SignedVisit, session: Read, reference: str, item_id: str) -> Response:
    """A file of the records, within what this reviewer may see."""
    case, seat = get_seat(session, visit.actor, reference, today=visit.today)
    item = get_item(session, case, item_id, with_output=sees_output(session, seat), shared_only=True)
    return hand_out(visit, item, shared=True)


def _begin(
    visit: SignedIn, session: Session, case: Case, _seat: ReviewSeat, fields: FieldBag, problems: Problems
) -> None:
    declared = forms.read_declaration(fields, problems, today=visit.today)
    if declared is not None:
        seating.begin(session, visit.actor, case, declared, desk=desk_of(visit))


def _hand_back(
    visit: SignedIn, session: Session, case: Case, _seat: ReviewSeat, fields: FieldBag, problems: Problems
) -> None:
    words = text(fields, "because", problems, most=TEXT_LIMIT)
    if not problems:
        seating.hand_back(session, visit.actor, case, Words(words) if words else None, desk=desk_of(visit))


def _view(
    visit: SignedIn, session: Session, case: Case, _seat: ReviewSeat, fields: FieldBag, problems: Problems
) -> None:
    read = forms.read_view(fields, problems)
    if read is not None:
        blind.write_view(session, visit.actor, case, read[0], read[1], visit.locale, desk=desk_of(visit))


def _reveal(
    visit: SignedIn, session: Session, case: Case, _seat: ReviewSeat, _fields: FieldBag, _problems: Problems
) -> None:
    blind.reveal(session, visit.actor, case, desk=desk_of(visit))


def _issue(
    visit: SignedIn, session: Session, case: Case, _seat: ReviewSeat, fields: FieldBag, problems: Problems
) -> None:
    words = text(fields, "issue", problems, most=TEXT_LIMIT, required=forms.WRITE_ISSUE)
    if not problems:
        own_id = form_id(fields) or ids.new_id()
        deciding.add_issue(session, visit.actor, case, own_id, Words(words), visit.locale, desk=desk_of(visit))


def _dispose(
    visit: SignedIn, session: Session, case: Case, _seat: ReviewSeat, fields: FieldBag, problems: Problems
) -> None:
    issue = get_issue(session, case, fields.one("which"))
    read = forms.read_disposition(fields, issue.number, Locale(case.locale), problems)
    if read is not None:
        deciding.dispose(session, visit.actor, case, issue, read, desk=desk_of(visit))


def _consider(
    visit: SignedIn, session: Session, case: Case, seat: ReviewSeat, fields: FieldBag, problems: Problems
) -> None:
    offered = {one.value for one in Source} | {
        item.id
        for pack in list_shared(session, case)
        for item in list_items(session, pack, with_output=sees_output(session, seat))
    }
    ticked = offered & set(fields.many("sources"))
    if ticked:
        deciding.consider(session, visit.actor, case, ticked, desk=desk_of(visit))
    else:
        problems["sources"] = deciding.NO_SOURCE


def _conclude(
    visit: SignedIn, session: Session, case: Case, _seat: ReviewSeat, fields: FieldBag, problems: Problems
) -> None:
    read = _ending(visit, session, case, fields, problems)
    if read is not None:
        concluding.conclude(session, visit.actor, case, read, desk=desk_of(visit))


def _settle(
    visit: SignedIn, session: Session, case: Case, _seat: ReviewSeat, fields: FieldBag, problems: Problems
) -> None:
    read = _ending(visit, session, case, fields, problems)
    if read is not None:
        concluding.settle(session, visit.actor, case, read, desk=desk_of(visit))


def _ending(
    visit: SignedIn, session: Session, case: Case, fields: FieldBag, problems: Problems
) -> concluding.Ending | None:
    return forms.read_ending(
        session,
        fields,
        Locale(case.locale),
        problems,
        paragraphs={one.id for one in list_approved(session, case.body_id, list(Purpose))},
        public_url=visit.settings.public_url,
        today=visit.today,
    )


def _ask_worker(
    visit: SignedIn, session: Session, case: Case, _seat: ReviewSeat, fields: FieldBag, problems: Problems
) -> None:
    words = text(fields, "worker-question", problems, most=TEXT_LIMIT, required=forms.WRITE_QUESTION)
    if not problems:
        writing = Writing(form_id(fields) or ids.new_id(), Words(words), Locale(case.locale))
        questions.ask_worker(session, visit.actor, case, writing, desk=desk_of(visit))


def _ask_other(
    visit: SignedIn, session: Session, case: Case, _seat: ReviewSeat, fields: FieldBag, problems: Problems
) -> None:
    new = forms.read_question(session, fields, Locale(case.locale), visit.locale, problems)
    if new is not None:
        questions.ask_other(session, visit.actor, case, new, desk=desk_of(visit))


def _go_on(
    visit: SignedIn, session: Session, case: Case, _seat: ReviewSeat, fields: FieldBag, _problems: Problems
) -> None:
    chasing.go_on_without(session, visit.actor, case, fields.one("question-id"), desk=desk_of(visit))


_VERBS: dict[str, Act] = {
    "begin": _begin,
    "hand_back": _hand_back,
    "view": _view,
    "reveal": _reveal,
    "issue": _issue,
    "dispose": _dispose,
    "consider": _consider,
    "conclude": _conclude,
    "settle": _settle,
    "ask_worker": _ask_worker,
    "ask_other": _ask_other,
    "go_on": _go_on,
}


def _page(
    visit: SignedIn,
    session: Session,
    reference: str,
    problems: Problems | None = None,
    typed: FieldBag | None = None,
) -> Response:
    case, seat = get_seat(session, visit.actor, reference, today=visit.today)
    values: dict[str, Any] = show(visit, session, case, seat, typed or FieldBag([]))
    return render(
        visit,
        "decision_review/look.html",
        problems=problems,
        typed=(typed or FieldBag([])).one,
        ticked=(typed or FieldBag([])).many,
        form_id=ids.new_id(),
        most=TEXT_LIMIT,
        **values,
    )
