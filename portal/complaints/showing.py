"""A complaint as its desk shows it: where it stands, both days, and what comes next."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.queries import find_assigned
from portal.cases.rules import Duty
from portal.cases.timekeeping import list_clock_events
from portal.cases.turn import Desk
from portal.complaints.models import Complaint, RegulatorMatter
from portal.complaints.opening import role_of
from portal.complaints.queries import (
    find_waiting,
    get_complaint,
    list_decisions,
    list_enquiries,
    list_matters,
    list_remedies,
)
from portal.complaints.rules import State, progress_due
from portal.core.text import Bilingual, Message, msg
from portal.directory.models import Person
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
    was_sent_back: bool
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


def days_of(session: Session, case: Case, complaint: Complaint, desk: Desk) -> Days:
    """Both days, whether the complaint is acknowledged or not."""
    limit = acknowledgement(list_clock_events(session, case), desk.calendar)
    target = desk.calendar.later(case.received_on, DEFAULT_TARGETS.complaint_outcome_working_days)
    is_told = complaint.acknowledged_on is not None
    return Days(
        acknowledge_by=limit.due_on,
        acknowledge_target=limit.target_on,
        acknowledged_on=complaint.acknowledged_on,
        outcome_target=case.target_on if is_told else target,
        outcome_ceiling=case.due_on if is_told else limit.due_on,
    )


def read_standing(session: Session, case: Case, person_id: str, account_id: str, desk: Desk) -> Standing:
    """Where a complaint stands for one who works on it."""
    complaint = get_complaint(session, case)
    handler = find_assigned(session, case, Duty.HANDLER)
    second = find_assigned(session, case, Duty.REVIEWER)
    waiting = find_waiting(session, case)
    decisions = list_decisions(session, case)
    return Standing(
        state=case.state,
        is_open=case.is_open,
        is_about_office=complaint.is_about_office,
        acknowledged_on=complaint.acknowledged_on,
        is_introduced=complaint.introduced_on is not None,
        has_handler=handler is not None,
        is_mine=_is(handler, person_id),
        is_second=_is(second, person_id),
        has_second=second is not None,
        waits=waiting is not None,
        wrote_it=waiting is not None and waiting.proposed_by == account_id,
        was_sent_back=bool(decisions) and decisions[0].is_approved is False,
        open_questions=sum(one.answered_at is None for one in list_enquiries(session, case)),
        open_remedies=sum(one.given_at is not None and one.done_on is None for one in list_remedies(session, case)),
        news_on=progress_due(complaint.told_on, desk.calendar),
        at_the_ico=find_matter(session, case) is not None,
    )


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


def _is(person: Person | None, person_id: str) -> bool:
    return person is not None and person.id == person_id
