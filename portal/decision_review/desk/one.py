"""The page of one review at the desk: for who assigns it, who decides it, and who is responsible for the system.

Each sees what is theirs. The output of the system is on no page here: the reviewer's own pages show it, and last.
"""

from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.holding import list_own_holds, open_reason
from portal.cases.models import Case
from portal.cases.queries import facts_of, find_assigned
from portal.cases.representing import view_living
from portal.cases.rules import Duty, Relation, relations
from portal.cases.speaking import Work
from portal.cases.standing_in import written_for
from portal.cases.view import view_case
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Words, pmsg
from portal.decision_review.asking.queries import list_papers, open_paper_name
from portal.decision_review.asking.rules import PROPOSED
from portal.decision_review.desk import queries, service
from portal.decision_review.desk.rules import next_of
from portal.decision_review.holding.queries import list_questions
from portal.decision_review.queries import find_class, get_for_desk, get_for_work, view_review
from portal.decision_review.reviewing.models import ReviewerQuestion
from portal.decision_review.reviewing.queries import find_decision
from portal.decision_review.reviewing.waiting import list_waiting
from portal.decision_review.rules import CLASSES, OUTCOMES, STATES, WANTED, State, is_under_old_rules
from portal.directory.queries import get_person
from portal.register.queries import get_system_by_id
from portal.web.dependencies import Fields, Read, SignedIn, SignedVisit, Write, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, day, form_id, text
from portal.web.rendering import redirect, render

router = APIRouter()

DESK = [requires(Permission.REVIEW_DESK)]
ASSIGN = [requires(Permission.REVIEW_ASSIGN)]
AT = "/my/desk/reviews/{reference}"
LONGEST_REASON = 2000
WRITE_WHY = pmsg("error", "Write why the day was missed, and what follows")
WRITE_KEEP = pmsg("error", "Write why nothing may be deleted")
ENTER_DAY = pmsg("error", "Enter the day on which somebody looks at it again")


@router.get(AT, dependencies=DESK)
def one_review(visit: SignedVisit, session: Read, reference: str) -> Response:
    """Where the review stands, what comes next, and the words that the reader may read. Who reviews it reads it on a
    page of their own, step by step."""
    case = get_for_work(session, visit.actor, reference)
    if Relation.REVIEWER in relations(visit.actor, facts_of(session, case)):
        return redirect(visit, f"/my/desk/reviews/{case.reference}/look")
    return case_page(visit, session, case)


@router.post(AT + "/take", dependencies=ASSIGN)
def take(visit: SignedVisit, session: Write, reference: str) -> Response:
    """Work on it as an officer from now on."""
    case = get_for_desk(session, visit.actor, reference)
    service.take_on(session, visit.actor, case, desk=desk_of(visit))
    return redirect(visit, f"/my/desk/reviews/{reference}")


@router.post(AT + "/missed", dependencies=ASSIGN)
def explain(visit: SignedVisit, fields: Fields, reference: str) -> Response:
    """Write down why a day was missed, and what follows."""
    problems = Problems()
    words = text(fields, "because", problems, most=LONGEST_REASON, required=WRITE_WHY)
    with visit.database.writing() as session:
        case = get_for_desk(session, visit.actor, reference)
        if problems:
            return case_page(visit, session, case, problems, fields)
        open_ones = [one for one in queries.list_missed(session, case) if one.closed_at is None]
        for missed in open_ones:
            service.explain_missed(session, visit.actor, case, missed.due_on, Words(words), desk=desk_of(visit))
    return redirect(visit, f"/my/desk/reviews/{reference}")


@router.get(AT + "/keep", dependencies=ASSIGN)
def holds(visit: SignedVisit, session: Read, reference: str) -> Response:
    """What keeps this review from being deleted."""
    return _holds_page(visit, session, get_for_desk(session, visit.actor, reference))


@router.post(AT + "/keep", dependencies=ASSIGN)
def set_hold(visit: SignedVisit, fields: Fields, reference: str) -> Response:
    """Set a hold, or lift one."""
    problems = Problems()
    try:
        with visit.database.writing() as session:
            case = get_for_desk(session, visit.actor, reference)
            if fields.one("lift"):
                service.lift_hold(session, visit.actor, case, fields.one("lift"), desk=desk_of(visit))
            else:
                _set(visit, session, case, fields, problems)
    except (Refused, Conflict) as refusal:
        problems["review"] = refusal.message
    if not problems:
        return redirect(visit, f"/my/desk/reviews/{reference}/keep")
    with visit.database.reading() as session:
        return _holds_page(visit, session, get_for_desk(session, visit.actor, reference), problems, fields)


def _set(visit: SignedIn, session: Session, case: Case, fields: FieldBag, problems: Problems) -> None:
    own = form_id(fields)
    if not own:
        raise NotFound
    because = text(fields, "because", problems, most=LONGEST_REASON, required=WRITE_KEEP)
    review_on = day(fields, "review", problems, required=ENTER_DAY)
    if not problems and review_on is not None:
        service.set_hold(session, visit.actor, case, Words(because), review_on, own, desk=desk_of(visit))


def _holds_page(
    visit: SignedIn, session: Session, case: Case, problems: Problems | None = None, fields: FieldBag | None = None
) -> Response:
    return render(
        visit,
        "decision_review/keep.html",
        problems=problems,
        reference=case.reference,
        holds=[(one, open_reason(one, visit.vault).reveal()) for one in list_own_holds(session, case)],
        typed=(fields or FieldBag([])).one,
        form_id=ids.new_id(),
    )


def case_page(
    visit: SignedIn, session: Session, case: Case, problems: Problems | None = None, typed: FieldBag | None = None
) -> Response:
    """The page, for whoever reads it: a manager reads no word of the worker here."""
    held = relations(visit.actor, facts_of(session, case))
    if Relation.OFFICER not in held:
        return render(visit, "decision_review/managed_case.html", **_managed(visit, session, case, held))
    standing = find_class(session, case)
    return render(
        visit,
        "decision_review/desk_case.html",
        problems=problems,
        typed=typed or FieldBag([]),
        decision=find_decision(session, case, visit.vault, visit.locale),
        outcomes=OUTCOMES,
        review_class=CLASSES[standing.review_class] if standing else None,
        proposals=[(kind.value, said) for kind, said in PROPOSED.items()] if case.is_open else [],
        represented=view_living(session, case, desk_of(visit)),
        **_standing(visit, session, case, held),
        **_said(visit, session, case),
        **_kept(visit, session, case),
    )


def _standing(visit: SignedIn, session: Session, case: Case, held: frozenset[Relation]) -> dict[str, Any]:
    waiting = queries.read_standings(session, [case.id], today=visit.today)[case.id]
    return {
        "case": view_case(session, case, desk=desk_of(visit), for_requester=False, reader=visit.actor.person_id),
        "state": STATES[State(case.state)],
        "next": next_of(State(case.state), waiting, held),
        "standing": waiting,
        "system": get_system_by_id(session, case.system_id) if case.system_id else None,
    }


def _said(visit: SignedIn, session: Session, case: Case) -> dict[str, Any]:
    """What the worker wrote, and the papers they gave."""
    review = view_review(session, case, visit.vault)
    return {
        "review": review,
        "wanted": [WANTED[one] for one in review.wanted],
        "old_rules": is_under_old_rules(review.decided_on),
        "given": written_for(session, case, Work.FILE),
        "papers": [(one.id, open_paper_name(one, visit.vault).reveal()) for one in list_papers(session, case)],
    }


def _kept(visit: SignedIn, session: Session, case: Case) -> dict[str, Any]:
    missed = queries.list_missed(session, case)
    handler = find_assigned(session, case, Duty.HANDLER)
    reviewer = find_assigned(session, case, Duty.REVIEWER)
    return {
        "handler": handler.display_name if handler else None,
        "is_mine": handler is not None and handler.id == visit.actor.person_id,
        "reviewer": reviewer.display_name if reviewer else None,
        "holds": [one for one in list_own_holds(session, case) if one.lifted_at is None],
        "missed": [
            (
                one,
                visit.vault.open_words(one.because, context=service.because_context(one)).reveal()
                if one.because
                else "",
            )
            for one in missed
        ],
    }


def _managed(visit: SignedIn, session: Session, case: Case, held: frozenset[Relation]) -> dict[str, Any]:
    waiting = list_waiting(session, case, visit.calendar, today=visit.today)
    asked = [(one.of, one.due_on) for one in waiting if isinstance(one.of, ReviewerQuestion)]
    return _standing(visit, session, case, held) | {
        "questions": list_questions(session, case),
        "asked": [
            (get_person(session, row.person_id).display_name if row.person_id else "", due_on) for row, due_on in asked
        ],
    }
