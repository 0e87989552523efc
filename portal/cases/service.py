"""The verbs on a case: open it, take a step, assign, leave somebody out. Each asks ``cases.rules`` itself who may."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit import service as audit
from portal.cases import excluding, rules
from portal.cases.excluding import end_assignments
from portal.cases.models import Assignment, Case, CaseEvent, Exclusion
from portal.cases.queries import facts_of
from portal.cases.reasons import ASKED, CHOSEN, TAKEN_ON, Reason
from portal.cases.rules import By, CaseKind, Duty, ExclusionSource, Relation, Step
from portal.cases.timekeeping import set_days
from portal.cases.turn import Desk, Turn, count, take_turn
from portal.core import ids
from portal.core.errors import NotFound, Refused
from portal.core.text import Locale, Message, Words, msg, pmsg
from portal.directory.models import Person
from portal.identity.actor import Actor
from portal.timelimits.events import Event, EventKind


@dataclass(frozen=True, slots=True)
class NewCase:
    """What a feature knows when a request comes in. ``case_id`` is the form's id: a second POST finds the first."""

    case_id: str
    kind: CaseKind
    body_id: str
    state: str
    received_on: date
    locale: Locale
    said: Message  # the first line of the timeline
    requester_person_id: str | None = None
    locator_hash: bytes | None = None
    contact_email: Words | None = None
    system_id: str | None = None
    exclusions: tuple[str, ...] = ()  # ids of persons
    target_working_days: int = 0  # a promise of its own; 0 is the portal’s. Of an access request they are calendar days


def open_case(session: Session, by: By, new: NewCase, *, desk: Desk) -> Case:
    """Open a case, or give the one that the same form opened before. Raises Refused for a day that has not come.

    ``by`` is who fills in the form: the requester, or an officer who logs what came in another way. Somebody without
    an account acts as ``Relation.REQUESTER``. Whether they may, the feature's route has asked.
    """
    known = session.get(Case, new.case_id)
    if known is None:
        audit.wait_turn(session)  # whoever pressed twice in one moment: the second waits here, and finds the first
        known = session.get(Case, new.case_id)
    if known is not None:
        if not _is_same(session, known, by, new):
            raise NotFound
        return known
    if new.received_on > desk.today:
        raise Refused(pmsg("error", "The day it was received must be today or in the past"))
    case = _new_row(new, desk)
    session.add(case)
    count(session, case, 1)
    turn = Turn(session, by, case, _opener(by, new), desk)
    turn.clock(EventKind.RECEIVED, on=new.received_on, working_days=new.target_working_days)
    for person_id in new.exclusions:
        _exclude(turn, person_id, ExclusionSource.REQUESTER)
    excluding.renew(turn)
    turn.tell("open", new.said)
    return case


def take_step(
    session: Session,
    by: By,
    case: Case,
    step: Step,
    *,
    desk: Desk,
    said: Message | None = None,
    form_id: str | None = None,
    seen_version: int | None = None,
) -> Case:
    """Take one step of a feature's table. ``said`` replaces the step's own line of the timeline.

    Raises NotFound for who may not even read, NotAllowed for who may not act, Conflict if the case has moved on since
    the page was made. With the form's id a second POST changes nothing.
    """
    if form_id is not None and _was_taken(session, case, form_id):
        return case
    turn = take_turn(session, by, case, step.who, desk=desk, seen_version=seen_version)
    turn.move(step, said=said, event_id=form_id)
    return case


def assign(
    session: Session,
    by: By,
    case: Case,
    person: Person,
    duty: Duty,
    *,
    desk: Desk,
    step: Step | None = None,
    beside: bool = False,
    said: Message | None = None,
    why: Reason | None = None,
) -> Assignment:
    """Give somebody a duty in a case. Officers assign; the requester alone brings a representative in.

    A handler or reviewer takes the place of the one before, unless they sit ``beside`` them. ``why`` is the rule book's
    answer, where it was asked; else it says who chose. Raises Refused for the requester and for people left out.
    """
    turn = take_turn(session, by, case, _WHO_ASSIGNS[duty], desk=desk)
    facts = facts_of(session, case)
    if person.id in facts.excluded or person.id == facts.requester_person_id:
        raise Refused(pmsg("error", "This person cannot be given this request"))
    if (person.id, duty) not in facts.assigned:
        if duty is not Duty.REPRESENTATIVE and not beside:
            end_assignments(turn, duty=duty)
        _add_assignment(turn, person, duty, why or _who_chose(by, person, duty))
        if duty is Duty.REPRESENTATIVE:
            excluding.renew(turn)
        turn.move_or_tell(step, f"assign_{duty}", said or _ASSIGNED[duty])
    return session.scalars(
        select(Assignment).where(
            Assignment.case_id == case.id,
            Assignment.person_id == person.id,
            Assignment.duty == duty,
            Assignment.ended_at.is_(None),
        )
    ).one()


def end_assignment(
    session: Session,
    by: By,
    case: Case,
    person_id: str,
    duty: Duty,
    *,
    desk: Desk,
    step: Step | None = None,
    said: Message | None = None,
) -> None:
    """End a duty: who gives it may take it away, and who holds it may hand it back. ``said`` replaces the line."""
    own = isinstance(by, Actor) and by.person_id == person_id
    turn = take_turn(session, by, case, frozenset(Relation) if own else _WHO_ASSIGNS[duty], desk=desk)
    end_assignments(turn, duty=duty, person_id=person_id)
    turn.move_or_tell(step, f"end_{duty}", said or _ENDED[duty])


def exclude(session: Session, by: By, case: Case, person_id: str, *, source: ExclusionSource, desk: Desk) -> Exclusion:
    """Keep somebody away from a case; what they hold in it ends, and so it does for those who are left out with them.
    Anybody may declare their own conflict."""
    own = source is ExclusionSource.SELF and isinstance(by, Actor) and by.person_id == person_id
    turn = take_turn(session, by, case, frozenset(Relation) if own else _WHO_EXCLUDES, desk=desk)
    if person_id == case.requester_person_id:
        raise Refused(pmsg("error", "The person who asked cannot be left out"))
    return leave_out(turn, person_id, source)


def leave_out(turn: Turn, person_id: str, source: ExclusionSource) -> Exclusion:
    """The same for a verb that holds the case already and knows that it may."""
    found = _exclude(turn, person_id, source)
    end_assignments(turn, person_id=person_id)
    turn.record("exclude")
    excluding.renew(turn)
    return found


_WHO_EXCLUDES = frozenset({Relation.REQUESTER, Relation.OFFICER, Relation.PORTAL})
_WHO_ASSIGNS: Mapping[Duty, Iterable[Relation]] = {
    Duty.HANDLER: frozenset({Relation.OFFICER, Relation.PORTAL}),
    Duty.REVIEWER: frozenset({Relation.OFFICER, Relation.PORTAL}),
    Duty.REPRESENTATIVE: frozenset({Relation.REQUESTER}),
}
_ASSIGNED = {
    Duty.HANDLER: msg("An officer took on the request"),
    Duty.REVIEWER: msg("The request was given to a reviewer"),
    Duty.REPRESENTATIVE: msg("A representative was brought in"),
}
_ENDED = {
    Duty.HANDLER: msg("The officer handed the request back"),
    Duty.REVIEWER: msg("The reviewer handed the request back"),
    Duty.REPRESENTATIVE: msg("The representative no longer takes part"),
}


def _opener(by: By, new: NewCase) -> Relation:
    if isinstance(by, Relation):
        return by
    return Relation.REQUESTER if by.person_id == new.requester_person_id else Relation.OFFICER


def _is_same(session: Session, known: Case, by: By, new: NewCase) -> bool:
    """Whether a form comes from who sent it before: the same requester, or the same officer for who has no account."""
    asks = (new.kind, new.body_id, new.requester_person_id, new.locator_hash)
    if (known.kind, known.body_id, known.requester_person_id, known.locator_hash) != asks:
        return False
    if new.requester_person_id is not None or new.locator_hash is not None:
        return True
    if by is Relation.REPRESENTATIVE and new.kind is not CaseKind.ACCESS:
        return True  # the id of a case that somebody opens for another person comes of their ten words
    opened = select(CaseEvent.actor_account_id).where(CaseEvent.case_id == known.id, CaseEvent.number == 1)
    return isinstance(by, Actor) and session.scalar(opened) == by.account_id


def _new_row(new: NewCase, desk: Desk) -> Case:
    case = Case(
        id=new.case_id,
        body_id=new.body_id,
        kind=new.kind,
        reference=ids.new_reference(rules.PREFIXES[new.kind]),
        state=new.state,
        opened_at=desk.now,
        locale=new.locale.value,
        requester_person_id=new.requester_person_id,
        locator_hash=new.locator_hash,
        system_id=new.system_id,
        version=1,
        event_count=0,
    )
    if new.contact_email is not None:
        case.contact_email = desk.vault.seal(new.contact_email, context=f"cases.contact_email:{new.case_id}")
    received = Event(EventKind.RECEIVED, new.received_on, working_days=new.target_working_days)
    set_days(case, rules.time_limit(new.kind, [received], desk.calendar))
    return case


def _was_taken(session: Session, case: Case, form_id: str) -> bool:
    event = session.get(CaseEvent, form_id)
    if event is not None and event.case_id != case.id:
        raise NotFound
    return event is not None


def _who_chose(by: By, person: Person, duty: Duty) -> Reason:
    if duty is Duty.REPRESENTATIVE:
        return ASKED
    return TAKEN_ON if isinstance(by, Actor) and by.person_id == person.id else CHOSEN


def _add_assignment(turn: Turn, person: Person, duty: Duty, why: Reason) -> None:
    turn.session.add(
        Assignment(
            id=ids.new_id(),
            case_id=turn.case.id,
            person_id=person.id,
            duty=duty,
            assigned_at=turn.desk.now,
            assigned_by=turn.account_id,
            why=why.to_json(),
            in_place_of=why.in_place_of,
        )
    )


def _exclude(turn: Turn, person_id: str, source: ExclusionSource) -> Exclusion:
    known = turn.session.get(Exclusion, (turn.case.id, person_id))
    if known is None:
        known = Exclusion(case_id=turn.case.id, person_id=person_id, source=source, declared_at=turn.desk.now)
        turn.session.add(known)
        turn.session.flush()
    elif known.is_derived:  # now somebody says so: it follows from nothing any more, and stays
        known.source, known.is_derived = source, False
        turn.session.flush()
    return known
