"""What is done in a system's life beside its steps: answers, notices, measurements, confirmations, limits."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.service import record as audit
from portal.core.errors import NotAllowed, Refused
from portal.core.text import msg
from portal.directory.models import BranchRecognition
from portal.identity.actor import Actor
from portal.register.lifecycle import facts as gate_facts
from portal.register.lifecycle import telling
from portal.register.lifecycle.gate_facts import Question
from portal.register.lifecycle.models import RegisterLimits, RegisterReadiness, StaffNotice, WorkMeasurement
from portal.register.lifecycle.rules import NOTICE_DAYS, Letter, Role
from portal.register.lifecycle.standing import roles_at
from portal.register.lifecycle.stepping import note
from portal.register.lifecycle.telling import Post
from portal.register.models import System, SystemStep
from portal.register.parts import Both
from portal.register.sending import sent_before
from portal.register.service import add_step
from portal.register.terms import Aspect


def tell_staff(
    session: Session, actor: Actor, system: System, text: Both, begins_on: date, *, notice_id: str, post: Post
) -> StaffNotice:
    """Tell everybody whom a system will affect that it begins: on its page at once, by letter with the next sweep."""
    role = _role(session, actor, system, Role.MANAGER, Role.EDITOR)
    before = sent_before(session, StaffNotice, notice_id)
    if before is not None:
        return before
    if system.current_number is None:
        raise Refused(msg("The entry is not published: staff cannot read it yet"))
    if begins_on < post.today + timedelta(days=NOTICE_DAYS):
        raise Refused(msg("Staff must be told at least 14 days before it begins"))
    notice = telling.add_notice(
        session, actor, system, Letter.STARTS, text, post, begins_on=begins_on, notice_id=notice_id
    )
    _log(session, actor, system, "staff_told", role, post, reason=text)
    return notice


def answer_readiness(
    session: Session, actor: Actor, system: System, answers: dict[Question, Both], *, post: Post
) -> RegisterReadiness:
    """Keep the four answers; one language may still be missing, the gate asks for both."""
    role = _role(session, actor, system, Role.EDITOR, Role.MANAGER)
    row = session.get(RegisterReadiness, system.id) or RegisterReadiness(system_id=system.id)
    for question, answer in answers.items():
        setattr(row, f"{question}_cy", answer.cy)
        setattr(row, f"{question}_en", answer.en)
    row.answered_on, row.account_id = post.today, actor.account_id
    session.add(row)
    session.flush()
    note(session, actor, system, "readiness_answered", role, post)
    return row


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement as its form gives it."""

    aspect: Aspect
    measure: Both
    baseline: Both
    latest: Both
    source: Both
    measured_on: date


def add_measurement(
    session: Session, actor: Actor, system: System, measured: Measured, *, measurement_id: str, post: Post
) -> WorkMeasurement:
    """One more measurement of what a system does to work; an earlier one stays as it is."""
    role = _role(session, actor, system, Role.EDITOR, Role.MANAGER)
    before = sent_before(session, WorkMeasurement, measurement_id)
    if before is not None:
        return before
    row = WorkMeasurement(
        id=measurement_id,
        system_id=system.id,
        aspect=measured.aspect,
        measured_on=measured.measured_on,
        recorded_at=post.now,
        account_id=actor.account_id,
    )
    for name in ("measure", "baseline", "latest", "source"):
        text: Both = getattr(measured, name)
        setattr(row, f"{name}_cy", text.cy)
        setattr(row, f"{name}_en", text.en)
    session.add(row)
    session.flush()
    note(session, actor, system, "measured", role, post)
    return row


def confirm(session: Session, actor: Actor, system: System, *, post: Post) -> None:
    """«Still right»: the responsible manager, or the acting deputy, stands by the entry as it is published."""
    role = _role(session, actor, system, Role.MANAGER)
    if system.confirmed_on == post.today:
        return
    _log(session, actor, system, "confirmed", role, post)
    system.confirmed_on = post.today


def remind_union(session: Session, actor: Actor, system: System, branch_id: str, *, post: Post) -> SystemStep:
    """Ask a silent branch again, by letter to its representatives, and keep that it was asked."""
    role = _role(session, actor, system, Role.MANAGER, Role.EDITOR)
    _branch(session, system, branch_id)
    began = gate_facts.talk_began(gate_facts.list_steps(session, system))
    if branch_id not in gate_facts.list_asked(session, system, began):
        raise Refused(msg("Ask the branch first: open a consultation"))
    line = _log(session, actor, system, gate_facts.REMINDED, role, post, facts={"branch": branch_id})
    telling.tell_unions(session, system, post, only_branch=branch_id)
    return line


def escalate_silence(
    session: Session, actor: Actor, system: System, branch_id: str, to_whom: Both, *, post: Post
) -> SystemStep:
    """Keep to whom in the union a branch's silence was taken. Refused before the branch was reminded."""
    role = _role(session, actor, system, Role.MANAGER, Role.EDITOR)
    _branch(session, system, branch_id)
    if (gate_facts.REMINDED, branch_id) not in gate_facts.silence_noted(gate_facts.list_steps(session, system)):
        raise Refused(msg("Remind the branch first"))
    facts: dict[str, str | int] = {"branch": branch_id}
    return _log(session, actor, system, gate_facts.ESCALATED, role, post, reason=to_whom, facts=facts)


def set_limits(session: Session, actor: Actor, body_id: str, *, training: int, consultation: int, post: Post) -> None:
    """A body's own limits, which its administrator sets; every change is on the audit trail."""
    row = session.get(RegisterLimits, body_id) or RegisterLimits(body_id=body_id)
    row.training_percent, row.consultation_days = training, consultation
    session.add(row)
    session.flush()
    audit(
        session,
        actor=actor,
        event="register.limits_set",
        subject=body_id,
        now=post.now,
        body_id=body_id,
        facts={"training_percent": training, "consultation_days": consultation},
    )


def _branch(session: Session, system: System, branch_id: str) -> None:
    asked = select(BranchRecognition.branch_id).where(
        BranchRecognition.body_id == system.body_id, BranchRecognition.branch_id == branch_id
    )
    if session.scalar(asked) is None:
        raise NotAllowed


def _role(session: Session, actor: Actor, system: System, *wanted: Role) -> Role:
    held = roles_at(session, actor, system) & frozenset(wanted)
    if not held:
        raise NotAllowed
    return next(role for role in Role if role in held)


def _log(
    session: Session,
    actor: Actor,
    system: System,
    name: str,
    role: Role,
    post: Post,
    *,
    reason: Both | None = None,
    facts: dict[str, str | int] | None = None,
) -> SystemStep:
    """A line that moves nothing."""
    line = add_step(
        session,
        system,
        step=name,
        to=system.state,
        role=role,
        now=post.now,
        actor=actor,
        reason=reason,
        facts=facts,
    )
    note(session, actor, system, name, role, post)
    return line
