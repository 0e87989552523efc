"""What went wrong with a system: recorded for staff to read, a serious one brings a review; and what was put right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.errors import Conflict, NotAllowed, NotFound
from portal.core.text import msg
from portal.identity.actor import Actor
from portal.register.lifecycle import facts as gate_facts
from portal.register.lifecycle import telling
from portal.register.lifecycle.falling_due import is_lesson
from portal.register.lifecycle.models import SystemIncident
from portal.register.lifecycle.rules import Cause, Role
from portal.register.lifecycle.standing import roles_at
from portal.register.lifecycle.stepping import change_because, note, review_because
from portal.register.lifecycle.telling import Post
from portal.register.models import System, SystemStep
from portal.register.parts import EMPTY, Both
from portal.register.sending import sent_before

RECORDS = (Role.EDITOR, Role.MANAGER, Role.OFFICER, Role.OFF_SWITCH)
"""Whoever may have to pull the plug may say that something went wrong."""
MENDS = (Role.EDITOR, Role.MANAGER)
REVIEW_STEPS = ("open_review", "review_owed")


@dataclass(frozen=True, slots=True)
class NewIncident:
    """Something that went wrong, as its form gives it. The id came with the form: sending twice records once."""

    id: str
    is_serious: bool
    happened_on: date
    what: Both
    who: Both


def record_incident(
    session: Session, actor: Actor, system: System, new: NewIncident, *, post: Post, tells: bool = True
) -> SystemIncident:
    """Keep it, on the system's page at once. A serious one brings a review, with its day; of another the manager and
    the unions hear."""
    role = _role(session, actor, system, RECORDS)
    known = sent_before(session, SystemIncident, new.id)
    if known is not None:
        return known
    incident = SystemIncident(
        id=new.id,
        system_id=system.id,
        is_serious=new.is_serious,
        happened_on=new.happened_on,
        what_cy=new.what.cy,
        what_en=new.what.en,
        who_cy=new.who.cy,
        who_en=new.who.en,
        recorded_on=post.today,
        recorded_at=post.now,
        account_id=actor.account_id,
    )
    session.add(incident)
    session.flush()
    note(session, actor, system, "incident_recorded", role, post)
    reviewed = review_because(session, system, Cause.INCIDENT, post=post) if new.is_serious else None
    if reviewed is None and tells:
        telling.tell_managers(session, system, post)
        telling.tell_unions(session, system, post)
    return incident


def mend(
    session: Session,
    actor: Actor,
    system: System,
    incident: SystemIncident,
    fix: Both,
    *,
    post: Post,
    tells: bool = True,
) -> None:
    """Write what was put right. It is said once, and stays."""
    role = _role(session, actor, system, MENDS)
    session.refresh(incident, with_for_update=True)
    if incident.fixed_on is not None:
        raise Conflict(msg("What was put right was written on {date}", date=incident.fixed_on))
    incident.fix_cy, incident.fix_en, incident.fixed_on = fix.cy, fix.en, post.today
    session.flush()
    note(session, actor, system, "incident_mended", role, post)
    if tells:
        telling.tell_unions(session, system, post)


def lessons(
    session: Session, system: System, decision_point: str, overturned_on: Sequence[date], *, post: Post
) -> SystemStep | None:
    """Three decisions at one decision point that a person overturned within a year, none of them looked at before,
    propose a change of the system; a review, where none can be proposed. Returns the line of its life; None while there
    is nothing to learn yet.

    ``overturned_on`` holds the day of every such decision: of the cases the register learns nothing else.
    """
    reviewed_on = max((line.on for line in gate_facts.list_steps(session, system) if _looks(line)), default=None)
    if not is_lesson(overturned_on, reviewed_on=reviewed_on, today=post.today):
        return None
    record = gate_facts.record_of(session, system, gate_facts.current_version(session, system))
    points = record.decision_points if record else ()
    title = next((point.title for point in points if point.key == decision_point), EMPTY)
    return change_because(session, system, title, post=post)


def _looks(line: SystemStep) -> bool:
    """A review of the system, or a change that such decisions led to: what came before it has been learned."""
    return line.step in REVIEW_STEPS or (line.step == "propose_change" and "cause" in line.facts)


def list_incidents(session: Session, system_id: str, *, on: date | None = None) -> Sequence[SystemIncident]:
    """What went wrong, newest first; up to a day gone by."""
    asked = select(SystemIncident).where(SystemIncident.system_id == system_id)
    if on is not None:
        asked = asked.where(SystemIncident.recorded_on <= on)
    return session.scalars(asked.order_by(SystemIncident.happened_on.desc(), SystemIncident.id)).all()


def get_incident(session: Session, system: System, incident_id: str) -> SystemIncident:
    """An incident of this system; NotFound otherwise."""
    found = session.get(SystemIncident, incident_id)
    if found is None or found.system_id != system.id:
        raise NotFound
    return found


def _role(session: Session, actor: Actor, system: System, wanted: tuple[Role, ...]) -> Role:
    held = roles_at(session, actor, system) & frozenset(wanted)
    if not held:
        raise NotAllowed
    return next(role for role in Role if role in held)
