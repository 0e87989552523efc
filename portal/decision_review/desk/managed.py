"""What is put right in the systems that somebody is responsible for, on one page; and whose answer a reviewer awaits.

It names who has to do it, never the worker; what exactly has to be done, its owner alone reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from fastapi import APIRouter
from sqlalchemy import ColumnElement, and_, select, tuple_
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.queries import managed
from portal.core.errors import NotFound
from portal.core.paging import PAGE, Cut, read_cursor, write_cursor
from portal.core.text import Bilingual, Message, pmsg
from portal.decision_review.outcome.models import RemedyTask
from portal.decision_review.outcome.rules import REMEDIES, WorkerSays
from portal.decision_review.reviewing.models import ReviewerQuestion
from portal.decision_review.reviewing.waiting import answer_by
from portal.decision_review.steps import WITH_REVIEWER
from portal.directory.queries import get_person
from portal.identity.actor import Actor
from portal.register.queries import get_system_by_id
from portal.web.dependencies import Read, SignedIn, SignedVisit, requires
from portal.web.rendering import render

router = APIRouter()

MANAGES = [requires(Permission.REVIEW_HOLDS)]
MANAGED = "/my/managed"


class Show(StrEnum):
    """Which of them the page shows; it stands in the address."""

    OPEN = "open"
    LATE = "late"
    DID_NOT = "did_not"
    DONE = "done"
    ALL = "all"


SHOWN: Mapping[Show, Message] = {
    Show.OPEN: pmsg("what is put right", "Not done yet"),
    Show.LATE: pmsg("what is put right", "Late"),
    Show.DID_NOT: pmsg("what is put right", "The worker says that it did not happen"),
    Show.DONE: pmsg("what is put right", "Done"),
    Show.ALL: pmsg("what is put right", "Everything"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One remedy as its manager reads it."""

    id: str
    reference: str
    kind: Message
    system: Bilingual | None
    owner: str
    due_on: date
    state: Show
    is_mine: bool


@router.get(MANAGED, dependencies=MANAGES)
def list_managed(visit: SignedVisit, session: Read) -> Response:
    """All of them, soonest first, filtered by where they stand; and the questions that wait."""
    asked = visit.request.query_params
    show = Show(asked["show"]) if asked.get("show") in set(Show) else Show.OPEN
    cut = list_remedies(session, visit.actor, show, cursor=asked.get("after"), today=visit.today)
    return render(
        visit,
        "decision_review/managed.html",
        show=show,
        shown=[(one.value, said) for one, said in SHOWN.items()],
        said_of=SHOWN,
        lines=[_line(visit, session, case, row) for case, row in cut.items],
        more=f"{MANAGED}?show={show.value}&after={cut.next_cursor}" if cut.next_cursor else None,
        questions=list_late_questions(visit, session),
    )


@router.get(MANAGED + "/{remedy_id}", dependencies=MANAGES)
def one_managed(visit: SignedVisit, session: Read, remedy_id: str) -> Response:
    """Where one of them stands."""
    case, row = get_managed(session, visit.actor, remedy_id)
    return render(
        visit,
        "decision_review/managed_remedy.html",
        line=_line(visit, session, case, row),
        row=row,
        said_of=SHOWN,
    )


def list_remedies(
    session: Session, actor: Actor, show: Show, *, cursor: str | None = None, today: date
) -> Cut[tuple[Case, RemedyTask]]:
    """The remedies of the actor's systems, one keyset page."""
    found = (
        select(Case, RemedyTask)
        .join(RemedyTask, RemedyTask.case_id == Case.id)
        .where(managed(actor), *_shown(show, today))
        .order_by(RemedyTask.due_on, RemedyTask.id)
        .limit(PAGE + 1)
    )
    place = read_cursor(cursor, 2)
    if place is not None:
        found = found.where(tuple_(RemedyTask.due_on, RemedyTask.id) > tuple_(_day(place[0]), str(place[1])))
    rows = [(case, row) for case, row in session.execute(found)]
    last = rows[PAGE - 1][1] if len(rows) > PAGE else None
    return Cut(rows[:PAGE], write_cursor(last.due_on.isoformat(), last.id) if last else None)


def get_managed(session: Session, actor: Actor, remedy_id: str) -> tuple[Case, RemedyTask]:
    """One of them; NotFound for everybody else, and for who was left out of its review."""
    found = select(Case, RemedyTask).join(RemedyTask, RemedyTask.case_id == Case.id)
    row = session.execute(found.where(managed(actor), RemedyTask.id == remedy_id)).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


def list_late_questions(visit: SignedIn, session: Session) -> list[tuple[str, str, date]]:
    """Whose answer to a reviewer is late in the reviews of the actor's systems: reference, who was asked, by when."""
    found = (
        select(Case.reference, ReviewerQuestion)
        .join(ReviewerQuestion, ReviewerQuestion.case_id == Case.id)
        .where(
            managed(visit.actor),
            Case.state.in_(sorted(WITH_REVIEWER)),
            ReviewerQuestion.answer.is_(None),
            ReviewerQuestion.ended_at.is_(None),
        )
        .order_by(ReviewerQuestion.asked_at, ReviewerQuestion.id)
    )
    rows = [(reference, row, answer_by(row.asked_at, visit.calendar)) for reference, row in session.execute(found)]
    return [
        (reference, get_person(session, row.person_id).display_name if row.person_id else "", due_on)
        for reference, row, due_on in rows
        if due_on < visit.today
    ]


def _shown(show: Show, today: date) -> list[ColumnElement[bool]]:
    not_done = RemedyTask.done_at.is_(None)
    wanted = {
        Show.OPEN: not_done,
        Show.LATE: and_(not_done, RemedyTask.due_on < today),
        Show.DID_NOT: and_(not_done, RemedyTask.worker_says == WorkerSays.DID_NOT),
        Show.DONE: RemedyTask.done_at.is_not(None),
    }
    return [wanted[show]] if show in wanted else []


def _line(visit: SignedIn, session: Session, case: Case, row: RemedyTask) -> Line:
    return Line(
        id=row.id,
        reference=case.reference,
        kind=REMEDIES[row.kind],
        system=get_system_by_id(session, case.system_id).name if case.system_id else None,
        owner=get_person(session, row.owner_id).display_name,
        due_on=row.due_on,
        state=_state(row, visit.today),
        is_mine=row.owner_id == visit.actor.person_id,
    )


def _state(row: RemedyTask, today: date) -> Show:
    if row.done_at is not None:
        return Show.DONE
    if row.worker_says is WorkerSays.DID_NOT:
        return Show.DID_NOT
    return Show.LATE if row.due_on < today else Show.OPEN


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return date.min
