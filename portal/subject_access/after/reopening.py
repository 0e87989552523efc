"""Something is missing: the requester asks that somebody else looks again."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.cases import correspondence
from portal.cases.correspondence import Writing
from portal.cases.models import Assignment, Case, CaseMessage
from portal.cases.officers import addressee_of
from portal.cases.queries import facts_of
from portal.cases.rules import By, CaseKind, Duty, Relation
from portal.cases.turn import Desk, take_turn
from portal.core.errors import NotFound, Refused
from portal.core.text import Locale, Words, msg, pmsg
from portal.directory.models import Person
from portal.directory.queries import list_role_holders
from portal.identity.models import Account
from portal.notifications.service import queue
from portal.subject_access.after.figures import freeze
from portal.subject_access.after.rules import may_reopen, may_review
from portal.subject_access.answering.queries import OFFICERS, list_second_people, who_answered_before
from portal.subject_access.steps import STEPS

TOO_LATE = pmsg("error", "This request can no longer be reopened. You can make a new one at any time")


def reopen(session: Session, by: By, case: Case, words: Words, form_id: str, *, lang: Locale, desk: Desk) -> Case:
    """Say what is missing. The law's clock has ended; the portal promises a second look within 20 working days.

    Who worked on the answer no longer handles the request, and the body's other officers hear of it. A second POST
    changes nothing. Refused when more than 12 months have passed.
    """
    if was_reopened_by(session, case, form_id):
        return case
    take_turn(session, by, case, STEPS["reopen"].who, desk=desk)
    if case.kind is not CaseKind.ACCESS:
        raise NotFound
    if not may_reopen(case.state, case.finished_on, desk.today):
        raise Refused(TOO_LATE)
    freeze(session, case, desk.calendar)
    correspondence.reply(session, by, case, Writing(form_id, words, lang), desk=desk, step=STEPS["reopen"])
    _hand_back(session, case, desk)
    for person in who_hears(session, case, desk=desk):
        to = addressee_of(person)
        queue(session, vault=desk.vault, to=to, template="access_reopened", values={}, now=desk.now)
    return case


def was_reopened_by(session: Session, case: Case, form_id: str) -> bool:
    """Whether this form did its work before."""
    found = session.get(CaseMessage, form_id)
    if found is not None and found.case_id != case.id:
        raise NotFound
    return found is not None


def who_hears(session: Session, case: Case, *, desk: Desk) -> list[Person]:
    """The officers who may look again; where there is none, all of them, for somebody else has to be appointed."""
    others = list_second_people(session, case, "", today=desk.today)
    if others:
        return list(others)
    people = {
        person.id: person
        for role in OFFICERS
        for _holding, person in list_role_holders(session, role=role, body_id=case.body_id, today=desk.today)
    }
    facts = facts_of(session, case)
    kept_away = facts.excluded | {facts.requester_person_id}
    return [person for person in people.values() if person.id not in kept_away]


def may_handle(session: Session, case: Case, person_id: str) -> bool:
    """Whether somebody may be given the case: once reopened, nobody who proposed or approved an answer of it."""
    before = who_answered_before(session, case) if case.is_open else frozenset()
    own = session.scalars(select(Account.id).where(Account.person_id == person_id))
    return all(may_review(account_id, before) for account_id in own)


def _hand_back(session: Session, case: Case, desk: Desk) -> None:
    """Whoever handled it does so no longer."""
    ended = session.execute(
        update(Assignment)
        .where(Assignment.case_id == case.id, Assignment.duty == Duty.HANDLER, Assignment.ended_at.is_(None))
        .values(ended_at=desk.now)
        .returning(Assignment.id)
    ).all()
    if ended:
        turn = take_turn(session, Relation.PORTAL, case, {Relation.PORTAL}, desk=desk)
        turn.tell("hand_back", msg("The request goes to somebody who did not work on the answer"))
