"""A complaint as its desk shows it: where it stands, both days, and what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.cases.models import Assignment, Case
from portal.cases.rules import Duty
from portal.cases.turn import Desk
from portal.complaints.models import Complaint, ComplaintDecision, ComplaintRemedy, Enquiry, RegulatorMatter
from portal.complaints.opening import role_of
from portal.complaints.queries import get_complaint, list_matters
from portal.complaints.rules import State, progress_due
from portal.core.text import Bilingual, Message, msg
from portal.identity.actor import Actor
from portal.timelimits.events import Event, EventKind
from portal.timelimits.rules import DEFAULT_TARGETS, acknowledgement


@dataclass(frozen=True, slots=True)
class Standing:
    """All that the offers and the next step depend on."""

    state: str
    is_open: bool
    is_about_office: bool
    acknowledged_on: date | None
    is_introduced: bool
    has_handler: bool
    is_mine: bool
    is_second: bool
    has_second: bool
    waits: bool  # an outcome waits for the second person
    wrote_it: bool  # and this actor wrote it
    open_questions: int  # to people of the body
    open_remedies: int
    news_on: date
    at_the_ico: bool


@dataclass(frozen=True, slots=True)
class Days:
    """Both days of a complaint: the law's for the acknowledgement, and the portal's own."""

    acknowledge_by: date  # law: within 30 days, counted as the ICO counts
    acknowledge_target: date  # the strictest reading of the law, and our own target
    acknowledged_on: date | None
    outcome_target: date
    outcome_ceiling: date


def role_line(session: Session, case: Case, desk: Desk) -> Bilingual:
    """The post of who answers for complaints at this body."""
    return role_of(session, case, get_complaint(session, case), desk)


def days_of(case: Case, complaint: Complaint, desk: Desk) -> Days:
    """Both days, whether the complaint is acknowledged or not."""
    limit = acknowledgement([Event(EventKind.RECEIVED, case.received_on)], desk.calendar)
    target = desk.calendar.later(case.received_on, DEFAULT_TARGETS.complaint_outcome_working_days)
    is_told = complaint.acknowledged_on is not None
    return Days(
        acknowledge_by=limit.due_on,
        acknowledge_target=limit.target_on,
        acknowledged_on=complaint.acknowledged_on,
        outcome_target=case.target_on if is_told else target,
        outcome_ceiling=case.due_on if is_told else limit.due_on,
    )


def read_standing(session: Session, case: Case, actor: Actor, desk: Desk) -> Standing:
    """Where a complaint stands for one who works on it."""
    return read_standings(session, [case], actor, desk)[case.id]


def read_standings(session: Session, cases: Sequence[Case], actor: Actor, desk: Desk) -> dict[str, Standing]:
    """The same for a whole list, with a few questions to the database."""
    ids = [case.id for case in cases]
    complaints = {one.case_id: one for one in session.scalars(select(Complaint).where(Complaint.case_id.in_(ids)))}
    found = _Found(
        handlers=_assigned(session, ids, Duty.HANDLER),
        seconds=_assigned(session, ids, Duty.REVIEWER),
        decisions=_last_decisions(session, ids),
        questions=_count(session, Enquiry.case_id, ids, Enquiry.answered_at.is_(None)),
        remedies=_count(
            session,
            ComplaintRemedy.case_id,
            ids,
            and_(ComplaintRemedy.given_at.is_not(None), ComplaintRemedy.done_on.is_(None)),
        ),
        matters=_count(session, RegulatorMatter.case_id, ids, RegulatorMatter.ended_on.is_(None)),
    )
    return {case.id: _standing(case, complaints[case.id], found, actor, desk) for case in cases}


@dataclass(frozen=True, slots=True)
class _Found:
    """What the database says of several complaints, by the id of the case."""

    handlers: Mapping[str, str]
    seconds: Mapping[str, str]
    decisions: Mapping[str, ComplaintDecision]
    questions: Mapping[str, int]
    remedies: Mapping[str, int]
    matters: Mapping[str, int]


def _standing(case: Case, complaint: Complaint, found: _Found, actor: Actor, desk: Desk) -> Standing:
    last = found.decisions.get(case.id)
    waits = last is not None and last.decided_by is None
    return Standing(
        state=case.state,
        is_open=case.is_open,
        is_about_office=complaint.is_about_office,
        acknowledged_on=complaint.acknowledged_on,
        is_introduced=complaint.introduced_on is not None,
        has_handler=case.id in found.handlers,
        is_mine=found.handlers.get(case.id) == actor.person_id,
        is_second=found.seconds.get(case.id) == actor.person_id,
        has_second=case.id in found.seconds,
        waits=waits,
        wrote_it=waits and last is not None and last.proposed_by == actor.account_id,
        open_questions=found.questions.get(case.id, 0),
        open_remedies=found.remedies.get(case.id, 0),
        news_on=progress_due(complaint.told_on, desk.calendar),
        at_the_ico=case.id in found.matters,
    )


def _assigned(session: Session, ids: Sequence[str], duty: Duty) -> dict[str, str]:
    rows = session.execute(
        select(Assignment.case_id, Assignment.person_id)
        .where(Assignment.case_id.in_(ids), Assignment.duty == duty, Assignment.ended_at.is_(None))
        .order_by(Assignment.assigned_at)
    )
    return {case_id: person_id for case_id, person_id in rows}


def _last_decisions(session: Session, ids: Sequence[str]) -> dict[str, ComplaintDecision]:
    rows = session.scalars(
        select(ComplaintDecision).where(ComplaintDecision.case_id.in_(ids)).order_by(ComplaintDecision.proposed_at)
    )
    return {one.case_id: one for one in rows}


def _count(
    session: Session, case_id: InstrumentedAttribute[str], ids: Sequence[str], which: ColumnElement[bool]
) -> dict[str, int]:
    rows = session.execute(select(case_id, func.count()).where(case_id.in_(ids), which).group_by(case_id))
    return {one: number for one, number in rows}


def find_matter(session: Session, case: Case) -> RegulatorMatter | None:
    """The matter that is open with the Information Commission."""
    return next((one for one in list_matters(session, case) if one.ended_on is None), None)


def next_of(standing: Standing, today: date) -> Message:
    """What comes next, in one line."""
    if not standing.is_open:
        return _next_after(standing)
    if not standing.has_handler:
        return msg("Find somebody who had no hand in the matter")
    if standing.acknowledged_on is None:
        return msg("Acknowledge it, by letter or by telephone")
    return _next_in_hand(standing, today)


def _next_in_hand(standing: Standing, today: date) -> Message:
    """What comes next for a complaint that is acknowledged and in somebody's hands."""
    if standing.is_about_office and not standing.has_second:
        return msg("Name the second person")
    if standing.waits:
        return msg("Change it or wait for the second person") if standing.wrote_it else msg("Sign or send back")
    if not standing.is_introduced:
        return msg("Write to the person with your name")
    if standing.news_on <= today:
        return msg("Tell the person how far it has come")
    if standing.open_questions:
        return msg("Wait for the answers of the body, or chase them")
    return msg("Ask further, or write the outcome")


def _next_after(standing: Standing) -> Message:
    if standing.state == State.REMEDY and standing.open_remedies:
        return msg("See that what was promised is done")
    return msg("With the Information Commission (ICO)") if standing.at_the_ico else msg("Nothing more")
