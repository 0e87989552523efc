"""The last day to ask for the second stage: a body's own rule and no law's, so who asks later is heard all the same.

The letter of the first stage says the day, and keeps it: what a body sets later changes no day that was told. Whom no
letter told a day is never late.
"""

from datetime import date

from sqlalchemy.orm import Session

from portal.audit import service as audit
from portal.authz.permissions import Permission, Subject, permits
from portal.cases.models import Case
from portal.cases.turn import Desk
from portal.core.errors import NotFound, Refused
from portal.core.text import pmsg
from portal.decision_review.outcome.models import StageTwoDays
from portal.decision_review.outcome.queries import list_letters
from portal.decision_review.outcome.rules import DAYS_TO_ASK, LEAST_DAYS_TO_ASK, MOST_DAYS_TO_ASK
from portal.identity.actor import Actor

OUT_OF_RANGE = pmsg(
    "error",
    "Enter a number of working days from {least} to {most}",
    least=LEAST_DAYS_TO_ASK,
    most=MOST_DAYS_TO_ASK,
)


def days_of(session: Session, body_id: str) -> int:
    """In how many working days after its letter a body asks people to ask."""
    found = session.get(StageTwoDays, body_id)
    return found.days if found is not None else DAYS_TO_ASK


def set_days(session: Session, actor: Actor, body_id: str, days: int, *, desk: Desk) -> StageTwoDays:
    """An officer of the body sets it, for the letters that go out from now on."""
    if not permits(actor, Permission.REVIEW_ASSIGN, Subject(body_id=body_id)):
        raise NotFound
    if not LEAST_DAYS_TO_ASK <= days <= MOST_DAYS_TO_ASK:
        raise Refused(OUT_OF_RANGE)
    row = session.get(StageTwoDays, body_id, with_for_update=True)
    if row is None:
        row = StageTwoDays(body_id=body_id)
        session.add(row)
    row.days, row.set_by, row.set_at = days, actor.account_id, desk.now
    session.flush()
    audit.record(
        session,
        actor=actor,
        event="review.days_to_ask_set",
        subject=body_id,
        now=desk.now,
        body_id=body_id,
        facts={"days": days},
    )
    return row


def next_last_day(session: Session, case: Case, *, desk: Desk) -> date:
    """The last day that a letter of today says."""
    return desk.calendar.later(desk.today, days_of(session, case.body_id))


def find_last_day(session: Session, case: Case) -> date | None:
    """The last day that the worker was told, if they were told one."""
    told = [one.ask_by for one in list_letters(session, case) if one.ask_by is not None]
    return told[-1] if told else None


def is_late(session: Session, case: Case, *, today: date) -> bool:
    """Whether the day that the worker was told is gone by."""
    last = find_last_day(session, case)
    return last is not None and today > last
