"""The pages of who is asked whether an effect waits: what is asked, by when, and what was done."""

from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.sent import Sent
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import Conflict, Refused
from portal.core.text import Words, pmsg
from portal.decision_review.holding import service
from portal.decision_review.holding.models import HoldQuestion
from portal.decision_review.holding.queries import (
    get_of_case,
    get_question,
    list_own,
    list_questions,
    open_reasons,
    read_words,
)
from portal.decision_review.holding.rules import ANSWERS, BECAUSE, SAFETY, Answer
from portal.decision_review.queries import get_for_desk, view_review
from portal.decision_review.rules import TEXT_LIMIT
from portal.directory.queries import get_person
from portal.register.queries import get_system_by_id
from portal.web.dependencies import Fields, Read, SignedIn, SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, choice, form_id, text
from portal.web.rendering import redirect, render

router = APIRouter()

HOLDS = "/my/holds"
MANAGE = [requires(Permission.REVIEW_HOLDS)]
ASSIGN = [requires(Permission.REVIEW_ASSIGN)]
CHOOSE_ANSWER = pmsg("error", "Choose whether the effect waits")


@router.get(HOLDS, dependencies=MANAGE)
def own_questions(visit: SignedVisit, session: Read) -> Response:
    """What waits for the actor as a responsible manager, soonest first."""
    rows = [_row(session, case, question) for case, question in list_own(session, visit.actor)]
    return render(visit, "decision_review/holds.html", rows=rows)


@router.get(HOLDS + "/{question_id}", dependencies=MANAGE)
def one_question(visit: SignedVisit, session: Read, question_id: str) -> Response:
    """One question, with what is needed to answer it and nothing else of the review."""
    return _page(visit, session, question_id)


@router.post(HOLDS + "/{question_id}", dependencies=MANAGE)
def answer(visit: SignedVisit, fields: Fields, question_id: str) -> Response:
    """Answer, or write down that it was done."""
    problems = Problems()
    try:
        with visit.database.writing() as session:
            _act(visit, session, question_id, fields, problems)
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    if not problems:
        return redirect(visit, f"{HOLDS}/{question_id}")
    with visit.database.reading() as session:
        return _page(visit, session, question_id, problems, fields)


@router.get("/my/desk/reviews/{reference}/hold", dependencies=ASSIGN)
def hold_page(visit: SignedVisit, session: Read, reference: str) -> Response:
    """The officer's view of it: every question of a review, and the form to ask once more."""
    return _desk(visit, session, get_for_desk(session, visit.actor, reference))


@router.post("/my/desk/reviews/{reference}/hold", dependencies=ASSIGN)
def ask_again(visit: SignedVisit, fields: Fields, reference: str) -> Response:
    """Ask although no rule says so, or write down that the effect was stopped."""
    problems = Problems()
    try:
        with visit.database.writing() as session:
            case = get_for_desk(session, visit.actor, reference)
            if fields.one("act") == "done":
                question = get_of_case(session, case, fields.one("question"))
                service.record_done(session, visit.actor, case, question, desk=desk_of(visit))
            else:
                sent = Sent(form_id(fields) or ids.new_id())
                service.ask(session, visit.actor, case, sent, desk=desk_of(visit))
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    if not problems:
        return redirect(visit, f"/my/desk/reviews/{reference}/hold")
    with visit.database.reading() as session:
        return _desk(visit, session, get_for_desk(session, visit.actor, reference), problems)


def _act(visit: SignedIn, session: Session, question_id: str, fields: FieldBag, problems: Problems) -> None:
    case, question = get_question(session, visit.actor, question_id)
    if fields.one("act") == "done":
        service.record_done(session, visit.actor, case, question, desk=desk_of(visit))
        return
    said = choice(fields, "answer", problems, allowed=list(Answer), required=CHOOSE_ANSWER)
    words = text(fields, "reasons", problems, most=TEXT_LIMIT)
    if said == Answer.GOES_ON and not words:
        problems["reasons"] = service.SAY_WHY
    if not problems:
        reasons = Words(words) if words else None
        service.answer(
            session, visit.actor, case, question, Answer(said), reasons, lang=visit.locale, desk=desk_of(visit)
        )


def _page(
    visit: SignedIn,
    session: Session,
    question_id: str,
    problems: Problems | None = None,
    fields: FieldBag | None = None,
) -> Response:
    case, question = get_question(session, visit.actor, question_id)
    review = view_review(session, case, visit.vault)
    person = get_person(session, case.requester_person_id) if case.requester_person_id else None
    name = person.display_name if person else review.who["name"].reveal() if "name" in review.who else ""
    return render(
        visit,
        "decision_review/hold.html",
        problems=problems,
        review=review,
        name=name,
        entry=read_words(session, case),
        answers=[(one.value, said) for one, said in ANSWERS.items()],
        typed=(fields or FieldBag([])).one,
        **_row(session, case, question),
        **_said(visit, question),
    )


def _row(session: Session, case: Case, question: HoldQuestion) -> dict[str, Any]:
    system = get_system_by_id(session, case.system_id) if case.system_id else None
    return {
        "question": question,
        "reference": case.reference,
        "system": system.name if system else None,
        "because": BECAUSE[question.because],
        "safety": SAFETY[question.safety],
    }


def _said(visit: SignedIn, question: HoldQuestion) -> dict[str, Any]:
    reasons = open_reasons(question, visit.vault)
    return {
        "said": ANSWERS[question.answer] if question.answer else None,
        "reasons": reasons.reveal() if reasons else "",
    }


def _desk(visit: SignedIn, session: Session, case: Case, problems: Problems | None = None) -> Response:
    rows = [_row(session, case, one) | _said(visit, one) for one in list_questions(session, case)]
    return render(
        visit,
        "decision_review/desk_hold.html",
        problems=problems,
        reference=case.reference,
        rows=rows,
        may_ask=service.may_ask(session, case),
        form_id=ids.new_id(),
    )
