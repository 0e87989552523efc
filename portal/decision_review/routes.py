"""Pages of reviews: asking (with and without an account), the desk, the reviewer's page."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.correspondence import Writing
from portal.cases.models import Case
from portal.cases.queries import QueueFilter, facts_of, find_assigned, get_case, list_queue
from portal.cases.rules import CaseKind, Duty, Relation, allowed, relations
from portal.cases.view import view_case
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.db import Session
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Locale, Words
from portal.decision_review import asking, service
from portal.decision_review.asking import CODE_BYTES
from portal.decision_review.forms import CHOOSE_REVIEWER, WRITE_QUESTION, read_decision
from portal.decision_review.queries import find_decision, find_independence, list_reviewers, view_review
from portal.decision_review.rules import OUTCOMES, STATES, STEPS, TEXT_LIMIT, WANTED, is_under_old_rules
from portal.directory.queries import get_person
from portal.register.queries import get_system_by_id
from portal.web.anonymous import PUBLIC, Fields, PlainVisit, Read, Visit, Write
from portal.web.dependencies import SignedIn, SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, form_id, text
from portal.web.questions import Next, Page, carried, first, follow
from portal.web.rendering import redirect, render

router = APIRouter()

ASK = [requires(Permission.MAKE_REQUEST)]
DESK = [requires(Permission.REVIEW_DESK)]
DECIDE = [requires(Permission.REVIEW_DECIDE)]
ASSIGN = [requires(Permission.REVIEW_ASSIGN)]


@router.get("/review/start", dependencies=[PUBLIC])
def start_without_account(visit: PlainVisit, session: Read) -> Response:
    """What the review is, and the first question."""
    return _begin(visit, session, None)


@router.post("/review/ask", dependencies=[PUBLIC])
def ask_without_account(visit: PlainVisit, fields: Fields, session: Write) -> Response:
    """The next question, the check page, or the case."""
    return _go_on(visit, session, fields, None)


@router.get("/my/review/start", dependencies=ASK)
def start(visit: SignedVisit, session: Read) -> Response:
    """The first question, for somebody signed in."""
    return _begin(visit, session, visit)


@router.post("/my/review/ask", dependencies=ASK)
def ask(visit: SignedVisit, session: Write, fields: Fields) -> Response:
    """The next question, the check page, or the case, for somebody signed in."""
    return _go_on(visit, session, fields, visit)


@router.get("/my/review/sent/{reference}", dependencies=ASK)
def sent(visit: SignedVisit, session: Read, reference: str) -> Response:
    """The confirmation of one's own request."""
    case = get_case(session, visit.actor, reference)
    if case.requester_person_id != visit.actor.person_id or case.kind is not CaseKind.REVIEW:
        raise NotFound
    return _sent(visit, session, case, None)


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
        states=STATES,
    )


@router.get("/my/desk/reviews/{reference}", dependencies=DESK)
def desk_case(visit: SignedVisit, session: Read, reference: str) -> Response:
    """One review at the desk: for who assigns it, and for who decides it."""
    return _desk_page(visit, session, _case(session, visit, reference))


@router.post("/my/desk/reviews/{reference}/give", dependencies=ASSIGN)
def give(visit: SignedVisit, session: Write, reference: str, fields: Fields) -> Response:
    """Give the review to an independent reviewer."""
    case = _case(session, visit, reference)
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
    case = _case(session, visit, reference)
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
    service.hand_back(session, visit.actor, _case(session, visit, reference), desk=desk_of(visit))
    return redirect(visit, "/my/desk/reviews")


@router.post("/my/desk/reviews/{reference}/ask", dependencies=DECIDE)
def ask_worker(visit: SignedVisit, session: Write, reference: str, fields: Fields) -> Response:
    """Put a question to the worker. The clock runs on: nothing stops it in a review."""
    case = _case(session, visit, reference)
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
    case = _case(session, visit, reference)
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


def _begin(visit: Visit, session: Session, signed: SignedIn | None) -> Response:
    given = asking.preset(session, visit.request.query_params.get("system", ""))
    fields = FieldBag([*given, ("form_id", ids.new_id() if signed else ids.random_bytes(CODE_BYTES).hex())])
    found = asking.choices(session, visit, fields, signed.actor if signed else None)
    asked = first(found.questions)
    if given and found.system is not None:
        asked = follow(FieldBag([*fields.pairs(), ("step", "system")]), found.questions)
    return _question(visit, fields, found, asked, signed)


def _go_on(visit: Visit, session: Session, fields: FieldBag, signed: SignedIn | None) -> Response:
    actor = signed.actor if signed else None
    found = asking.choices(session, visit, fields, actor)
    step = follow(fields, found.questions)
    if step.page is Page.QUESTION:
        return _question(visit, fields, found, step, signed)
    if step.page is Page.CHECK:
        return _check(visit, fields, found, signed)
    case, code = asking.send(session, visit, fields, found, actor)
    if signed is not None:
        return redirect(visit, f"/my/review/sent/{case.reference}")
    return _sent(visit, session, case, code)


def _question(visit: Visit, fields: FieldBag, found: Any, step: Next, signed: SignedIn | None) -> Response:
    hidden = dict(carried(fields, found.questions, besides=step.question))
    name = step.question.name if step.question else ""
    hidden |= {"form_id": [fields.one("form_id")], "step": [name]}
    if step.returns:
        hidden["returns"] = ["yes"]
    return render(
        visit,
        "decision_review/question.html",
        problems=step.problems,
        secret=signed is None,
        question=name,
        number=step.number,
        total=step.total,
        typed=fields,
        options=asking.options(visit, found),
        hidden=hidden,
        action="/my/review/ask" if signed else "/review/ask",
        is_first=step.number == 1,
    )


def _check(visit: Visit, fields: FieldBag, found: Any, signed: SignedIn | None) -> Response:
    hidden = dict(carried(fields, found.questions, besides=None)) | {"form_id": [fields.one("form_id")]}
    return render(
        visit,
        "decision_review/check.html",
        secret=signed is None,
        answers=asking.answers(visit, fields, found),
        hidden=hidden,
        action="/my/review/ask" if signed else "/review/ask",
    )


def _sent(visit: Visit, session: Session, case: Case, code: Any) -> Response:
    view = view_case(session, case, desk=desk_of(visit), for_requester=True)
    return render(
        visit,
        "decision_review/sent.html",
        secret=code is not None,
        case=view,
        words=code.words(visit.locale.value) if code else None,
        other_words=" ".join(code.words(visit.locale.other.value)) if code else None,
    )


def _case(session: Session, visit: SignedIn, reference: str) -> Case:
    case = get_case(session, visit.actor, reference)
    if case.kind is not CaseKind.REVIEW or case.requester_person_id == visit.actor.person_id:
        raise NotFound
    return case


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
        state=STATES[case.state],
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
    )
