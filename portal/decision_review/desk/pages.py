"""The queue of reviews and the page of one, with the acts of who assigns it and of who decides it."""

from fastapi import APIRouter
from starlette.responses import Response

from portal.authz.permissions import Permission, permits
from portal.cases.correspondence import Writing
from portal.cases.models import Case
from portal.cases.queries import QueueFilter, facts_of, find_assigned, list_queue
from portal.cases.rules import CaseKind, Duty, Relation, allowed, relations
from portal.cases.view import view_case
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.db import Session
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Locale, Words
from portal.decision_review.asking.queries import list_papers, open_paper_name
from portal.decision_review.asking.rules import PROPOSED
from portal.decision_review.queries import get_for_work, view_review
from portal.decision_review.reviewing import service
from portal.decision_review.reviewing.forms import CHOOSE_REVIEWER, WRITE_QUESTION, read_decision
from portal.decision_review.reviewing.queries import find_decision, find_independence, list_reviewers
from portal.decision_review.rules import OUTCOMES, STATES, TEXT_LIMIT, WANTED, State, is_under_old_rules
from portal.decision_review.steps import STEPS
from portal.directory.queries import get_person
from portal.register.queries import get_system_by_id
from portal.web.anonymous import Fields, Read, Write
from portal.web.dependencies import SignedIn, SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, form_id, text
from portal.web.rendering import redirect, render

router = APIRouter()

DESK = [requires(Permission.REVIEW_DESK)]
DECIDE = [requires(Permission.REVIEW_DECIDE)]
ASSIGN = [requires(Permission.REVIEW_ASSIGN)]


@router.get("/my/desk/reviews", dependencies=DESK)
def queue(visit: SignedVisit, session: Read) -> Response:
    """The reviews one may assign or decide, by due date."""
    query = visit.request.query_params
    shows_finished = query.get("show") == "finished"
    cut = list_queue(
        session,
        visit.actor,
        CaseKind.REVIEW,
        cursor=query.get("after"),
        filters=QueueFilter(is_open=not shows_finished),
    )
    return render(
        visit,
        "decision_review/queue.html",
        rows=cut.items,
        next_cursor=cut.next_cursor,
        shows_finished=shows_finished,
        may_log=permits(visit.actor, Permission.REVIEW_ASSIGN),
        states={state.value: said for state, said in STATES.items()},
    )


@router.get("/my/desk/reviews/{reference}", dependencies=DESK)
def desk_case(visit: SignedVisit, session: Read, reference: str) -> Response:
    """One review at the desk: for who assigns it, and for who decides it."""
    return _desk_page(visit, session, get_for_work(session, visit.actor, reference))


@router.post("/my/desk/reviews/{reference}/give", dependencies=ASSIGN)
def give(visit: SignedVisit, session: Write, reference: str, fields: Fields) -> Response:
    """Give the review to an independent reviewer."""
    case = get_for_work(session, visit.actor, reference)
    if not fields.one("reviewer"):
        return _desk_page(visit, session, case, Problems(reviewer=CHOOSE_REVIEWER))
    pool = list_reviewers(session, case, today=visit.today)
    chosen = next((one for one in pool if one.person.id == fields.one("reviewer")), None)
    if chosen is None:
        raise NotFound
    try:
        service.give(session, visit.actor, case, get_person(session, chosen.person.id), desk=desk_of(visit))
    except (Refused, Conflict) as refusal:
        return _desk_page(visit, session, case, Problems(reviewer=refusal.message))
    return redirect(visit, f"/my/desk/reviews/{case.reference}")


@router.post("/my/desk/reviews/{reference}/begin", dependencies=DECIDE)
def begin(visit: SignedVisit, session: Write, reference: str, fields: Fields) -> Response:
    """Declare independence and begin."""
    case = get_for_work(session, visit.actor, reference)
    if fields.one("declared") != "yes":
        return _desk_page(visit, session, case, Problems(declared=service.DECLARE_FIRST))
    try:
        service.begin(session, visit.actor, case, desk=desk_of(visit))
    except (Refused, Conflict) as refusal:
        return _desk_page(visit, session, case, Problems(page=refusal.message))
    return redirect(visit, f"/my/desk/reviews/{case.reference}")


@router.post("/my/desk/reviews/{reference}/hand-back", dependencies=DECIDE)
def hand_back(visit: SignedVisit, session: Write, reference: str) -> Response:
    """Hand the review back; it does not come again."""
    service.hand_back(session, visit.actor, get_for_work(session, visit.actor, reference), desk=desk_of(visit))
    return redirect(visit, "/my/desk/reviews")


@router.post("/my/desk/reviews/{reference}/ask", dependencies=DECIDE)
def ask_worker(visit: SignedVisit, session: Write, reference: str, fields: Fields) -> Response:
    """Put a question to the worker. The clock runs on: nothing stops it in a review."""
    case = get_for_work(session, visit.actor, reference)
    problems = Problems()
    words = text(fields, "question", problems, most=TEXT_LIMIT, required=WRITE_QUESTION)
    if problems:
        return _desk_page(visit, session, case, problems, fields)
    writing = Writing(form_id(fields) or ids.new_id(), Words(words), Locale(case.locale))
    service.ask_worker(session, visit.actor, case, writing, desk=desk_of(visit))
    return redirect(visit, f"/my/desk/reviews/{case.reference}")


@router.post("/my/desk/reviews/{reference}/decide", dependencies=DECIDE)
def decide(visit: SignedVisit, session: Write, reference: str, fields: Fields) -> Response:
    """Decide with reasons."""
    case = get_for_work(session, visit.actor, reference)
    read = read_decision(fields, Locale(case.locale))
    if isinstance(read, Problems):
        return _desk_page(visit, session, case, read, fields)
    seen = fields.one("version")
    try:
        service.decide(
            session,
            visit.actor,
            case,
            read,
            desk=desk_of(visit),
            public_url=visit.settings.public_url,
            seen_version=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 8 else 0,
        )
    except (Refused, Conflict) as refusal:
        return _desk_page(visit, session, case, Problems(page=refusal.message), fields)
    return redirect(visit, f"/my/desk/reviews/{case.reference}")


def _desk_page(
    visit: SignedIn, session: Session, case: Case, problems: Problems | None = None, typed: FieldBag | None = None
) -> Response:
    held = relations(visit.actor, facts_of(session, case))
    review = view_review(session, case, visit.vault)
    steps = {step.name for step in allowed(STEPS, case.state, held)}
    language = Locale(case.locale)
    return render(
        visit,
        "decision_review/desk_case.html",
        problems=problems,
        case=view_case(session, case, desk=desk_of(visit), for_requester=False),
        state=STATES[State(case.state)],
        review=review,
        wanted=[WANTED[one] for one in review.wanted],
        old_rules=is_under_old_rules(review.decided_on),
        system=get_system_by_id(session, case.system_id) if case.system_id else None,
        steps=steps,
        reviewers=list_reviewers(session, case, today=visit.today) if "assign" in steps else [],
        assigned=find_assigned(session, case, Duty.REVIEWER),
        is_reviewer=Relation.REVIEWER in held,
        independence=find_independence(session, case, visit.actor.person_id, today=visit.today),
        decision=find_decision(session, case, visit.vault, visit.locale),
        outcomes=OUTCOMES,
        languages=[language, language.other],
        typed=typed or FieldBag([]),
        form_id=ids.new_id(),
        is_officer=Relation.OFFICER in held,
        proposals=[(kind.value, said) for kind, said in PROPOSED.items()] if case.is_open else [],
        papers=[(one.id, open_paper_name(one, visit.vault).reveal()) for one in list_papers(session, case)],
    )
