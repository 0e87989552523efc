"""Who looked: every address that names a review, a question about its effect, its records, something to put right or
a second stage writes down once a day who opened which part. ``routes`` hands all of its addresses through ``NOTES``.
"""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import Depends, Request
from fastapi.params import Depends as DependsParam
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases.locking import hold
from portal.cases.models import Case
from portal.cases.queries import facts_of
from portal.cases.rules import Relation, relations
from portal.decision_review.desk.managed import get_managed
from portal.decision_review.desk.models import ReviewReading
from portal.decision_review.desk.rules import Looked, Looker
from portal.decision_review.evidence.queries import get_own_pack
from portal.decision_review.holding.queries import get_question
from portal.decision_review.outcome.chairs import get_panel
from portal.decision_review.outcome.queries import get_own_remedy
from portal.decision_review.queries import get_for_work
from portal.decision_review.reviewing.queries import get_own_question
from portal.web.dependencies import SignedIn, SignedVisit

Found = tuple[Case, Looker, Looked]
Finder = Callable[[Session, SignedIn, str, str], Found]

PARTS = {
    "who": Looked.WHO,
    "papers": Looked.PAPERS,
    "records": Looked.RECORDS,
    "hold": Looked.HOLD,
    "outcome": Looked.OUTCOME,
    "look": Looked.REVIEW,
}
"""The first word of an address after the review's reference; everything else is the review itself."""
CAPACITIES = {
    Relation.OFFICER: Looker.OFFICER,
    Relation.REVIEWER: Looker.REVIEWER,
    Relation.RESPONSIBLE_MANAGER: Looker.MANAGER,
    Relation.REPRESENTATIVE: Looker.REPRESENTATIVE,
}


def _at_desk(session: Session, visit: SignedIn, reference: str, rest: str) -> Found:
    case = get_for_work(session, visit.actor, reference)
    held = relations(visit.actor, facts_of(session, case))
    looker = next(said for relation, said in CAPACITIES.items() if relation in held)
    return case, looker, PARTS.get(rest.strip("/").split("/")[0], Looked.REVIEW)


def _of_hold(session: Session, visit: SignedIn, question_id: str, _rest: str) -> Found:
    return get_question(session, visit.actor, question_id)[0], Looker.MANAGER, Looked.HOLD


def _of_records(session: Session, visit: SignedIn, pack_id: str, _rest: str) -> Found:
    return get_own_pack(session, visit.actor, pack_id)[0], Looker.OWNER, Looked.RECORDS


def _of_question(session: Session, visit: SignedIn, question_id: str, _rest: str) -> Found:
    return get_own_question(session, visit.actor, question_id)[0], Looker.ASKED, Looked.QUESTION


def _of_remedy(session: Session, visit: SignedIn, remedy_id: str, _rest: str) -> Found:
    return get_own_remedy(session, visit.actor, remedy_id)[0], Looker.REMEDY, Looked.REMEDY


def _of_panel(session: Session, visit: SignedIn, case_id: str, _rest: str) -> Found:
    return get_panel(session, visit.actor, case_id, today=visit.today)[0], Looker.PANEL, Looked.SECOND


def _of_managed(session: Session, visit: SignedIn, remedy_id: str, _rest: str) -> Found:
    return get_managed(session, visit.actor, remedy_id)[0], Looker.MANAGER, Looked.REMEDY


FINDERS: Mapping[str, Finder] = {
    "/my/desk/reviews/{reference}": _at_desk,
    "/my/holds/{question_id}": _of_hold,
    "/my/records/{pack_id}": _of_records,
    "/my/questions/{question_id}": _of_question,
    "/my/remedies/{remedy_id}": _of_remedy,
    "/my/managed/{remedy_id}": _of_managed,
    "/my/panels/{case_id}": _of_panel,
}


def _note(start: str, finder: Finder) -> DependsParam:
    name = start[start.index("{") + 1 : start.index("}")]

    def note(request: Request, visit: SignedVisit) -> None:
        """Somebody who may not read it meets the common 404, and is not written down."""
        own_id = request.path_params[name]
        with visit.database.reading() as session:
            case, looker, part = finder(session, visit, own_id, visit.path.partition(f"/{own_id}")[2])
            session.expunge(case)
        write_look(visit, case, looker, part)

    noting: Any = Depends(note)
    return noting  # type: ignore[no-any-return]


NOTES: Mapping[str, DependsParam] = {start: _note(start, finder) for start, finder in FINDERS.items()}


def write_look(visit: SignedIn, case: Case, looker: Looker, part: Looked) -> None:
    """Write it down, and into the audit, if it is the first time today."""
    key = (case.id, visit.actor.account_id, visit.today, part)
    with visit.database.reading() as session:
        if session.get(ReviewReading, key) is not None:
            return
    with visit.database.writing() as session:
        hold(session, session.get_one(Case, case.id))
        if session.get(ReviewReading, key) is not None:
            return
        session.add(
            ReviewReading(
                case_id=case.id, account_id=visit.actor.account_id, on_day=visit.today, part=part, looker=looker
            )
        )
        session.flush()
        record(
            session,
            actor=visit.actor,
            event="review.read",
            subject=case.id,
            now=visit.now,
            body_id=case.body_id,
            facts={"part": part.value},
        )
