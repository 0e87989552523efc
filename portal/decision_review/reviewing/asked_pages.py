"""The pages of who is asked by a reviewer: the question, and nothing else of the review."""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.visits import desk_of
from portal.core.errors import Conflict, Refused
from portal.core.text import Words, pmsg
from portal.decision_review.reviewing import questions
from portal.decision_review.reviewing.queries import get_own_question, list_own_questions, open_question
from portal.decision_review.reviewing.waiting import answer_by
from portal.decision_review.rules import TEXT_LIMIT
from portal.register.queries import get_system_by_id
from portal.web.dependencies import Fields, Read, SignedIn, SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, text
from portal.web.rendering import redirect, render

router = APIRouter()

QUESTIONS = "/my/questions"
OWN = [requires(Permission.MAKE_REQUEST)]
WRITE_ANSWER = pmsg("error", "Write your answer")


@router.get(QUESTIONS, dependencies=OWN)
def own_questions(visit: SignedVisit, session: Read) -> Response:
    """What reviewers want to know from the actor."""
    rows = [
        (case.reference, row, answer_by(row.asked_at, visit.calendar))
        for case, row in list_own_questions(session, visit.actor)
    ]
    return render(visit, "decision_review/questions.html", rows=rows)


@router.get(QUESTIONS + "/{question_id}", dependencies=OWN)
def one_question(visit: SignedVisit, session: Read, question_id: str) -> Response:
    """One question, with its system and the day of the decision."""
    return _page(visit, session, question_id)


@router.post(QUESTIONS + "/{question_id}", dependencies=OWN)
def answer(visit: SignedVisit, fields: Fields, question_id: str) -> Response:
    """Answer it."""
    problems = Problems()
    words = text(fields, "answer", problems, most=TEXT_LIMIT, required=WRITE_ANSWER)
    try:
        if not problems:
            with visit.database.writing() as session:
                questions.answer(session, visit.actor, question_id, Words(words), desk=desk_of(visit))
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    if not problems:
        return redirect(visit, QUESTIONS)
    with visit.database.reading() as session:
        return _page(visit, session, question_id, problems, fields)


def _page(
    visit: SignedIn, session: Session, question_id: str, problems: Problems | None = None, typed: FieldBag | None = None
) -> Response:
    case, row = get_own_question(session, visit.actor, question_id)
    words = open_question(row, "words", visit.vault)
    return render(
        visit,
        "decision_review/question_asked.html",
        problems=problems,
        reference=case.reference,
        system=get_system_by_id(session, case.system_id).name if case.system_id else None,
        row=row,
        due_on=answer_by(row.asked_at, visit.calendar),
        words=words.reveal() if words else "",
        typed=(typed or FieldBag([])).one,
        most=TEXT_LIMIT,
    )
