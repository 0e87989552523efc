"""The verbs of the desk: views, visits, reminders, handing over, the calendar's secret address, missed days."""

import base64
import hashlib
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.authz.permissions import Permission, Subject, permits
from portal.cases import handing_over
from portal.cases.board import BoardAddress
from portal.cases.handing_over import Given, assign
from portal.cases.locking import hold_all
from portal.cases.models import Case, CaseEvent
from portal.cases.officers import list_officers, write_to
from portal.cases.queries import facts_of
from portal.cases.rules import Relation
from portal.cases.turn import Desk, take_turn
from portal.core import ids
from portal.core.errors import NotFound, Refused
from portal.core.text import Message, Words, msg, pmsg
from portal.directory.models import Person
from portal.identity.actor import Actor
from portal.subject_access.after.reopening import may_handle
from portal.subject_access.officer.models import DeskVisit, MissedDay
from portal.subject_access.officer.queries import get_address, list_to_remind
from portal.subject_access.officer.rules import MOST_ADDRESSES

OFFICER = {Relation.OFFICER}
HANDED_OVER = "access_handed_over"
NOT_AN_OFFICER = pmsg("error", "This person does not work on access requests of this employer")
NOT_FOR_THEM = pmsg("error", "This person cannot be given this request")
ANSWERED_BEFORE = pmsg("error", "This person worked on the answer before. Somebody else has to look again")
KNOWN_ADDRESS = pmsg("error", "This address is on the list already")
TOO_MANY_ADDRESSES = pmsg("error", "The list is full. Take an address off it first")


def note_visit(session: Session, actor: Actor, case: Case, *, desk: Desk) -> None:
    """The actor has the request open now."""
    known = session.get(DeskVisit, (case.id, actor.account_id))
    if known is None:
        session.add(DeskVisit(case_id=case.id, account_id=actor.account_id, at=desk.now))
    else:
        known.at = desk.now


def remind(session: Session, actor: Actor, chosen: Sequence[Case], form_id: str, *, desk: Desk) -> int:
    """One letter to each person who still has to search for these requests. The same form again sends nothing."""
    hold_all(session, chosen)
    wanted = list_to_remind(session, [case.id for case in chosen])
    told: dict[str, Person] = {}
    for case in chosen:
        people = [person for case_id, person, _number in wanted if case_id == case.id]
        event_id = _event_id(form_id, case)
        if not people or session.get(CaseEvent, event_id) is not None:
            continue
        turn = take_turn(session, actor, case, OFFICER, desk=desk)
        turn.tell("chase_search", msg("A reminder of a search was sent"), visible=False, event_id=event_id)
        told |= {person.id: person for person in people}
    for person in told.values():
        write_to(session, person, "search_reminder", desk)
    return len(told)


def hand_over(session: Session, actor: Actor, chosen: Sequence[Case], to: Person, *, desk: Desk) -> list[Given]:
    """Give requests to a colleague, or take them on; each says what came of it. The colleague gets one letter."""
    why_not, letter = why_not_theirs, HANDED_OVER
    return handing_over.hand_over(session, actor, chosen, to, why_not=why_not, give=assign, letter=letter, desk=desk)


def why_not_theirs(session: Session, case: Case, to: Person, desk: Desk) -> Message | None:
    """Why somebody cannot have a request; None if they can."""
    if to.id not in {person.id for person in list_officers(session, {case.body_id}, today=desk.today)}:
        return NOT_AN_OFFICER
    facts = facts_of(session, case)
    if to.id in facts.excluded or to.id == facts.requester_person_id:
        return NOT_FOR_THEM
    return None if may_handle(session, case, to.id) else ANSWERED_BEFORE


def add_address(session: Session, actor: Actor, body_id: str, email: str, *, desk: Desk) -> BoardAddress:
    """Tell this address too when a request of the body is about to be late."""
    if not permits(actor, Permission.ADMINISTER, Subject(body_id=body_id)):
        raise NotFound
    known = session.scalars(select(BoardAddress.email).where(BoardAddress.body_id == body_id)).all()
    if email in known:
        raise Refused(KNOWN_ADDRESS)
    if len(known) >= MOST_ADDRESSES:
        raise Refused(TOO_MANY_ADDRESSES)
    added = BoardAddress(id=ids.new_id(), body_id=body_id, email=email)
    session.add(added)
    session.flush()
    record(session, actor=actor, event="access.board_added", subject=added.id, now=desk.now, body_id=body_id)
    return added


def remove_address(session: Session, actor: Actor, body_ids: frozenset[str], address_id: str, *, desk: Desk) -> None:
    """Tell this address no longer."""
    found = get_address(session, body_ids, address_id)
    if not permits(actor, Permission.ADMINISTER, Subject(body_id=found.body_id)):
        raise NotFound
    session.delete(found)
    record(session, actor=actor, event="access.board_removed", subject=address_id, now=desk.now, body_id=found.body_id)


def explain_missed(
    session: Session, actor: Actor, case: Case, missed: MissedDay, because: Words, *, desk: Desk
) -> None:
    """Write down why a day was missed, and what follows. That closes the incident; a second time changes nothing."""
    turn = take_turn(session, actor, case, OFFICER, desk=desk)
    if missed.case_id != case.id:
        raise NotFound
    if missed.closed_at is None:
        missed.because = desk.vault.seal(because, context=because_context(missed))
        missed.closed_at, missed.closed_by = desk.now, actor.account_id
        turn.tell("explain_missed", msg("It was written down why the day was missed"), visible=False)


def because_context(missed: MissedDay) -> str:
    """What the sealed reason is bound to."""
    return f"access_missed_days.because:{missed.case_id}:{missed.due_on.isoformat()}"


def _event_id(form_id: str, case: Case) -> str:
    """The id of the line that one form writes into one case: the same form makes the same line."""
    digest = hashlib.sha256(f"{form_id}:{case.id}".encode()).digest()[:16]
    return base64.b32encode(digest).decode().rstrip("=").lower()
