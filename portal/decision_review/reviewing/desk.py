"""The officer's pages of reviewers: who can be given a review, training, and the bodies that lend each other some."""

from datetime import date

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.rules import CaseKind, officer_bodies
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Message, pmsg
from portal.decision_review.evidence.queries import find_side, is_side_over, last_day
from portal.decision_review.queries import get_for_desk
from portal.decision_review.reviewing import lending, seating
from portal.decision_review.reviewing.leaving import find_gone
from portal.decision_review.reviewing.models import ReviewSeat
from portal.decision_review.reviewing.pool import list_reviewers
from portal.decision_review.reviewing.queries import list_ended_seats, list_seats, seat_wanted
from portal.decision_review.reviewing.rules import SEAT_ENDS, SEATS, Seat, SeatEnd
from portal.decision_review.reviewing.waiting import list_waiting
from portal.decision_review.steps import STEPS, WITH_REVIEWER
from portal.directory.queries import find_body_by_slug, get_body, get_person, list_bodies
from portal.register.queries import get_system_by_id
from portal.web.dependencies import Fields, Read, SignedIn, SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, day
from portal.web.rendering import redirect, render

router = APIRouter()

ASSIGN = [requires(Permission.REVIEW_ASSIGN)]
AT = "/my/desk/reviews/{reference}/reviewers"
POOLS = "/my/desk/reviews/pools"
CHOOSE_REVIEWER = pmsg("error", "Choose a reviewer")
ENTER_DAY = pmsg("error", "Enter the day of the training")
CHOOSE_BODY = pmsg("error", "Choose a body")


@router.get(POOLS, dependencies=ASSIGN)
def pools(visit: SignedVisit, session: Read) -> Response:
    """With which bodies reviewers are lent, and what waits for an answer."""
    return _pools_page(visit, session)


@router.post(POOLS, dependencies=ASSIGN)
def act_on_pools(visit: SignedVisit, fields: Fields) -> Response:
    """Offer, agree, end."""
    problems = Problems()
    try:
        with visit.database.writing() as session:
            _act_on_pools(visit, session, fields, problems)
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    if not problems:
        return redirect(visit, POOLS)
    with visit.database.reading() as session:
        return _pools_page(visit, session, problems)


@router.get(AT, dependencies=ASSIGN)
def reviewers(visit: SignedVisit, session: Read, reference: str) -> Response:
    """Who can be given this review, and who has it."""
    return _page(visit, session, get_for_desk(session, visit.actor, reference))


@router.post(AT, dependencies=ASSIGN)
def act(visit: SignedVisit, fields: Fields, reference: str) -> Response:
    """Give it, or write down that somebody was trained."""
    problems = Problems()
    try:
        with visit.database.writing() as session:
            case = get_for_desk(session, visit.actor, reference)
            _act(visit, session, case, fields, problems)
    except (Refused, Conflict) as refusal:
        problems["reviewer"] = refusal.message
    if not problems:
        return redirect(visit, f"/my/desk/reviews/{reference}/reviewers")
    with visit.database.reading() as session:
        return _page(visit, session, get_for_desk(session, visit.actor, reference), problems, fields)


def _act(visit: SignedIn, session: Session, case: Case, fields: FieldBag, problems: Problems) -> None:
    named = "who" if fields.one("act") == "train" else "reviewer"
    if not fields.one(named):
        problems[named] = CHOOSE_REVIEWER
        return
    pool = {one.person.id for one in list_reviewers(session, case, today=visit.today)}
    if fields.one(named) not in pool:
        raise NotFound
    person = get_person(session, fields.one(named))
    if fields.one("act") == "give":
        seating.give(session, visit.actor, case, person, desk=desk_of(visit))
        return
    on = day(fields, "trained", problems, required=ENTER_DAY, not_after=visit.today)
    if on is not None:
        lending.record_training(session, visit.actor, case, person, on, desk=desk_of(visit))


def _page(
    visit: SignedIn, session: Session, case: Case, problems: Problems | None = None, typed: FieldBag | None = None
) -> Response:
    side = find_side(session, case)
    wanted = seat_wanted(session, case, today=visit.today)
    may_give = case.state in STEPS["assign"].froms or (case.state in WITH_REVIEWER and wanted is not None)
    return render(
        visit,
        "decision_review/reviewers.html",
        problems=problems,
        reference=case.reference,
        pool=list_reviewers(session, case, today=visit.today),
        seats=[
            (SEATS[one.seat], get_person(session, one.person_id), one.given_at, _gone(session, one, visit.today))
            for one in list_seats(session, case)
        ],
        ended=[
            (SEATS[one.seat], get_person(session, one.person_id), one.ended_at, _said(one.ended_why))
            for one in list_ended_seats(session, case)
        ],
        wanted=SEATS[wanted] if wanted else None,
        choose_by=_choose_by(visit, session, case),
        may_give=may_give and is_side_over(session, case, today=visit.today),
        side_until=last_day(side) if side and not is_side_over(session, case, today=visit.today) else None,
        system=get_system_by_id(session, case.system_id).name if case.system_id else None,
        typed=(typed or FieldBag([])).one,
    )


def _gone(session: Session, seat: ReviewSeat, today: date) -> Message | None:
    """Why somebody can sit no longer; the next round of duties ends their time."""
    return _said(find_gone(session, seat, today=today))


def _said(end: SeatEnd | None) -> Message | None:
    return SEAT_ENDS[end] if end is not None else None


def _choose_by(visit: SignedIn, session: Session, case: Case) -> date | None:
    """The last day for a second reviewer or a panel: the portal's own promise."""
    waiting = list_waiting(session, case, visit.calendar, today=visit.today)
    return next((one.due_on for one in waiting if isinstance(one.of, Seat)), None)


def _act_on_pools(visit: SignedIn, session: Session, fields: FieldBag, problems: Problems) -> None:
    if fields.one("act") == "offer":
        other = find_body_by_slug(session, fields.one("other"))
        own = find_body_by_slug(session, fields.one("own"))
        if other is None or own is None:
            problems["other"] = CHOOSE_BODY
            return
        lending.offer(session, visit.actor, own.id, other.id, desk=desk_of(visit))
    elif fields.one("act") == "agree":
        lending.agree(session, visit.actor, fields.one("agreement"), desk=desk_of(visit))
    else:
        lending.end(session, visit.actor, fields.one("agreement"), desk=desk_of(visit))


def _pools_page(visit: SignedIn, session: Session, problems: Problems | None = None) -> Response:
    own = officer_bodies(visit.actor, CaseKind.REVIEW)
    rows = [
        (row, get_body(session, row.body_id), get_body(session, row.other_body_id), row.other_body_id in own)
        for row in lending.list_agreements(session, own)
    ]
    bodies = list_bodies(session)
    return render(
        visit,
        "decision_review/pools.html",
        problems=problems,
        rows=rows,
        own=[one for one in bodies if one.id in own],
        others=bodies,
        form_id=ids.new_id(),
    )
