"""Taking a step of a system's life: checked here, written to the log, told to whom it concerns."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from portal.audit.service import record as audit
from portal.audit.service import wait_turn
from portal.core.db import NO_KEY
from portal.core.errors import Conflict, NotAllowed, Refused
from portal.core.text import msg
from portal.identity.actor import Actor
from portal.register.lifecycle import facts as gate_facts
from portal.register.lifecycle import talking, telling
from portal.register.lifecycle.asked import Asked
from portal.register.lifecycle.facts import limits_of
from portal.register.lifecycle.gate import missing
from portal.register.lifecycle.gate_facts import Missing
from portal.register.lifecycle.rules import (
    BY_NAME,
    EMERGENCY_DAYS,
    PORTAL_STEPS,
    REVIEW_DAYS,
    SIGNATURE_DAYS,
    Cause,
    Letter,
    Role,
    Step,
)
from portal.register.lifecycle.standing import roles_at
from portal.register.lifecycle.telling import Post
from portal.register.models import System, SystemStep
from portal.register.parts import EMPTY, Both
from portal.register.rules import IN_USE, SystemState
from portal.register.service import add_step
from portal.register.terms import RiskClass
from portal.timelimits.calendar import months_later


class GateClosed(Refused):
    """A step whose check lacks something; carries the list."""

    def __init__(self, found: list[Missing]) -> None:
        super().__init__(msg("This cannot be done yet. See what is missing"))
        self.missing = found


CHECKED_BY = frozenset({"go_live", "close_review"})
"""Steps in which somebody has gone through the whole system."""
OWES_REVIEW = (IN_USE | {SystemState.SUSPENDED}) - {SystemState.UNDER_REVIEW, SystemState.RETIRING}
"""Where a review waits until it can begin; one that is under way looks at what happens meanwhile as well."""
MOVED_ON = msg("Somebody has moved this system on since you opened the page. Check it again before you go on")
SAME_PERSON = msg("Two different people have to sign. The other role’s signature has to be somebody else’s")


def take_step(session: Session, actor: Actor, system: System, name: str, asked: Asked, *, post: Post) -> SystemStep:
    """Take one step of the table. NotAllowed for whom it is not; Conflict if the system stands elsewhere by now;
    GateClosed with the list while anything is missing: there is no way past it.

    A step that two roles sign is noted with the first signature and taken with the second.
    """
    wait_turn(session)
    session.refresh(system, with_for_update=NO_KEY)
    step = BY_NAME.get(name)
    roles = roles_at(session, actor, system)
    if step is None or not step.who & roles:
        raise NotAllowed
    if system.state is not asked.seen or system.state not in step.froms:
        raise Conflict(MOVED_ON)
    found = missing(step.check, gate_facts.get_facts(session, system, today=post.today))
    if found:
        raise GateClosed(found)
    _refuse_second_extension(session, system, step)
    latest = last_day_of(session, system, step)
    if latest is not None and asked.until is not None and asked.until > latest:
        raise Refused(msg("The last possible day is {date}", date=latest))
    if step.signed_by:
        return _sign(session, actor, system, step, roles, asked, post)
    role = next(role for role in Role if role in step.who & roles)
    line = _move(session, actor, system, step, role, asked, post)
    if step.name == "drop_change":
        _look_instead(session, system, post)
    return line


def first_signature(session: Session, system: System, step: Step, *, today: date) -> SystemStep | None:
    """The signature that a step waits for another one beside, if it has not lapsed and nothing has moved since."""
    for line in reversed(gate_facts.list_steps(session, system)):
        if line.from_state is not line.to_state:
            return None
        if line.step == step.name and today - line.on <= timedelta(days=SIGNATURE_DAYS):
            return line
    return None


def _sign(
    session: Session, actor: Actor, system: System, step: Step, roles: frozenset[Role], asked: Asked, post: Post
) -> SystemStep:
    first = first_signature(session, system, step, today=post.today)
    mine = step.signed_by & roles
    if first is None:
        role = next(role for role in Role if role in mine)
        line = add_step(
            session, system, step=step.name, to=system.state, role=role, now=post.now, actor=actor, reason=asked.reason
        )
        note(session, actor, system, f"{step.name}_signed", role, post)
        telling.ask_for_signature(session, system, step.signed_by - {role}, post)
        return line
    left = mine - {Role(first.role)}
    if first.account_id == actor.account_id or not left:
        raise Conflict(SAME_PERSON)
    told = Asked(asked.seen, Both(cy=first.reason_cy, en=first.reason_en), asked.until, asked.cause)
    return _move(session, actor, system, step, next(iter(left)), told, post)


def _move(
    session: Session, actor: Actor | None, system: System, step: Step, role: Role, asked: Asked, post: Post
) -> SystemStep:
    """Write the line, set the days that follow from the new state, carry the talk on, tell whom it concerns."""
    facts: dict[str, str | int] = {"cause": asked.cause.value} if asked.cause else {}
    if system.current_number:
        facts["version"] = system.current_number
    line = add_step(
        session,
        system,
        step=step.name,
        to=step.to,
        role=role,
        now=post.now,
        actor=actor,
        reason=asked.reason,
        facts=facts,
    )
    _set_days(session, system, step, asked, post.today)
    talking.carry_on(session, actor, system, line, asked, post)
    note(session, actor, system, step.name, role, post)
    _tell(session, actor, system, line, post)
    return line


def move_by_itself(
    session: Session, system: System, name: str, cause: Cause, *, post: Post, reason: Both = EMPTY
) -> SystemStep:
    """What the portal itself does (``rules.PORTAL_STEPS``): switch off what has ended, open a review that is due."""
    step = BY_NAME[name]
    asked = Asked(system.state, reason, cause=cause)
    return _move(session, None, system, step, Role.PORTAL, asked, post)


def review_because(
    session: Session, system: System, cause: Cause, *, post: Post, reason: Both = EMPTY
) -> SystemStep | None:
    """Bring a system under review because of what happened. Where no review can begin, because it is on trial, being
    changed or off, its check is due today, which the page of staff says from tomorrow; the sweep opens the review as
    soon as it can. Manager, deputy and the recognised unions are told either way; None where nothing is new."""
    wait_turn(session)
    session.refresh(system, with_for_update=NO_KEY)
    if system.state in PORTAL_STEPS["open_review"]:
        return move_by_itself(session, system, "open_review", cause, post=post, reason=reason)
    is_owed = system.review_due_on is not None and system.review_due_on <= post.today
    if system.state not in OWES_REVIEW or is_owed:
        return None
    line = add_step(
        session,
        system,
        step="review_owed",
        to=system.state,
        role=Role.PORTAL,
        now=post.now,
        reason=reason,
        facts={"cause": cause.value},
    )
    system.review_due_on = post.today
    note(session, None, system, "review_owed", Role.PORTAL, post)
    telling.tell_managers(session, system, post)
    telling.tell_unions(session, system, post)
    return line


def change_because(session: Session, system: System, reason: Both, *, post: Post) -> SystemStep | None:
    """Propose a change because a person overturned three decisions of the same kind: ``reason`` says which kind. Where
    no change can be proposed, because the system is not simply in use, the review comes instead."""
    wait_turn(session)
    session.refresh(system, with_for_update=NO_KEY)
    if system.state in PORTAL_STEPS["propose_change"]:
        return move_by_itself(session, system, "propose_change", Cause.OVERTURNED, post=post, reason=reason)
    return review_because(session, system, Cause.OVERTURNED, post=post, reason=reason)


def _look_instead(session: Session, system: System, post: Post) -> None:
    """A change that the portal proposed was dropped: what led to it is looked at in a review, and does not go away."""
    proposed = [line for line in gate_facts.list_steps(session, system) if line.step == "propose_change"]
    cause = proposed[-1].facts.get("cause") if proposed else None
    if cause is not None:
        reason = Both(cy=proposed[-1].reason_cy, en=proposed[-1].reason_en)
        review_because(session, system, Cause(cause), post=post, reason=reason)


def _set_days(session: Session, system: System, step: Step, asked: Asked, today: date) -> None:
    """The next check counts from the day a system came into use or a review of it ended, and from no other step."""
    if asked.until is not None:
        system.state_until = asked.until
    if system.state is SystemState.EMERGENCY:
        system.state_until = today + timedelta(days=EMERGENCY_DAYS)
    if system.state is SystemState.UNDER_REVIEW:
        system.state_until = today + timedelta(days=REVIEW_DAYS)
    if step.name in CHECKED_BY:
        system.confirmed_on = today
        system.review_due_on = months_later(today, _risk(session, system).months_between_reviews)


def _risk(session: Session, system: System) -> RiskClass:
    """How much the system can hurt, as its entry says; what says nothing is looked at as often as the worst."""
    record = gate_facts.record_of(session, system, gate_facts.current_version(session, system))
    return (record.risk_class if record else None) or RiskClass.HIGH


def last_day_of(session: Session, system: System, step: Step) -> date | None:
    """The last day to which a consultation can be extended: as many days more as the body gives one at least."""
    if step.name != "extend_consultation" or system.state_until is None:
        return None
    return system.state_until + timedelta(days=limits_of(session, system.body_id).consultation_days)


def _refuse_second_extension(session: Session, system: System, step: Step) -> None:
    """The unions may extend a consultation once."""
    if step.name != "extend_consultation":
        return
    for line in reversed(gate_facts.list_steps(session, system)):
        if line.step == "open_consultation":
            return
        if line.step == step.name:
            raise Refused(msg("The consultation has been extended before. That is possible once"))


def note(session: Session, actor: Actor | None, system: System, name: str, role: Role, post: Post) -> None:
    audit(
        session,
        actor=actor,
        event=f"register.{name}",
        subject=system.id,
        now=post.now,
        body_id=system.body_id,
        facts={"role": role.value, "state": system.state.value},
    )


def _tell(session: Session, actor: Actor | None, system: System, line: SystemStep, post: Post) -> None:
    """Staff hear the same day that a system is off or is used in an emergency; the unions of every review and talk, and
    of whatever the portal does."""
    letter = {SystemState.SUSPENDED: Letter.SUSPENDED, SystemState.EMERGENCY: Letter.EMERGENCY}.get(line.to_state)
    if letter is not None:
        telling.add_notice(session, actor, system, letter, telling.words_of_step(line), post)
    if line.to_state in telling.TOLD_TO_UNIONS or actor is None:
        telling.tell_unions(session, system, post)
    if actor is None:
        telling.tell_managers(session, system, post)
