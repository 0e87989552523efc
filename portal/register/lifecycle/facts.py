"""From rows to the facts of the gate: the record, the directory, what was noted of the unions, the notice to staff."""

from collections import Counter
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.core.text import Bilingual
from portal.directory.queries import list_recognised_branches, list_role_holders
from portal.directory.rules import RoleName
from portal.register import languages
from portal.register.completeness import gaps
from portal.register.lifecycle.gate_facts import Facts, Question, Trained, UnionFacts
from portal.register.lifecycle.models import RegisterLimits, RegisterReadiness, StaffNotice, SystemIncident
from portal.register.lifecycle.rules import Letter
from portal.register.models import System, SystemDraft, SystemStep, SystemVersion
from portal.register.parts import Both
from portal.register.positions import HEARD, UnionStatement, list_standing
from portal.register.record import Record, read_record
from portal.register.rules import AssessmentKind, AssessmentState, ChangeClass, ConsultationState, Position, SystemState
from portal.register.talks import TalkInvitation, UnionTalk

TALK_BEGINS = frozenset({"open_consultation", "propose_change"})
REMINDED, ESCALATED = "union_reminded", "union_escalated"
"""Lines of the log that move nothing: a branch that is silent was reminded; its silence was taken further up."""
ASKED_APART = ("jobs_statement", "decision_points", "data_items", "off_switch", "training_coverage", "assessments")
"""Fields of the record that the gate asks for by name; the others it counts."""


def get_facts(session: Session, system: System, *, today: date) -> Facts:
    """Everything that the gates ask about one system."""
    version = current_version(session, system)
    record = record_of(session, system, version)
    managers = list_role_holders(
        session, role=RoleName.RESPONSIBLE_MANAGER, body_id=system.body_id, today=today, system_id=system.id
    )
    steps = list_steps(session, system)
    answering = {person.id for _holding, person in managers}
    reviewers = list_role_holders(session, role=RoleName.REVIEWER, body_id=system.body_id, today=today)
    notice = notice_that_counts(session, system, steps)
    changed_on, is_material = _changed(session, system, steps)
    return Facts(
        today=today,
        is_published=version is not None,
        unapproved=unapproved(session, system),
        answered=answered(session.get(RegisterReadiness, system.id)),
        has_manager=any(not holding.is_deputy for holding, _person in managers),
        has_deputy=any(holding.is_deputy for holding, _person in managers),
        reviewers=len({person.id for _holding, person in reviewers} - answering),
        unions=_unions(session, system, steps),
        consultation_ends_on=system.state_until if system.state is SystemState.IN_CONSULTATION else None,
        training_percent=limits_of(session, system.body_id).training_percent,
        notice_on=notice.told_on if notice else None,
        begins_on=notice.begins_on if notice else None,
        was_in_use=_was_in_use(steps),
        emergencies=sum(step.to_state is SystemState.EMERGENCY and step.from_state is not step.to_state
                        for step in steps),
        changed_on=changed_on,
        is_material=is_material,
        unmended_on=_unmended(session, system),
        is_endless=system.state is SystemState.PILOT and system.state_until is None,
        has_end=system.state_until is not None,
        **_told(record, today),
    )  # fmt: skip


def current_version(session: Session, system: System) -> SystemVersion | None:
    """What is published now, if anything is."""
    asked = select(SystemVersion).where(
        SystemVersion.system_id == system.id, SystemVersion.number == system.current_number
    )
    return session.scalar(asked)


def record_of(session: Session, system: System, version: SystemVersion | None) -> Record | None:
    """What is published; of a system that is not published yet, the draft."""
    if version is not None:
        return read_record(version.record)
    draft = session.get(SystemDraft, system.id)
    return read_record(draft.record) if draft is not None else None


def list_steps(session: Session, system: System) -> list[SystemStep]:
    """The whole life of a system, oldest line first."""
    asked = select(SystemStep).where(SystemStep.system_id == system.id).order_by(SystemStep.number)
    return list(session.scalars(asked))


def limits_of(session: Session, body_id: str) -> RegisterLimits:
    """What a body has set for its gates, or the defaults (a row that is not stored)."""
    from_body = session.get(RegisterLimits, body_id)
    if from_body is not None:
        return from_body
    table = RegisterLimits.__table__.c
    return RegisterLimits(
        body_id=body_id,
        training_percent=table.training_percent.default.arg,
        consultation_days=table.consultation_days.default.arg,
    )


def answered(row: RegisterReadiness | None) -> frozenset[Question]:
    """The questions of the readiness check that are answered in both languages."""
    if row is None:
        return frozenset()
    return frozenset(
        question for question in Question if getattr(row, f"{question}_cy") and getattr(row, f"{question}_en")
    )


def notice_that_counts(session: Session, system: System, steps: list[SystemStep]) -> StaffNotice | None:
    """The last notice that it begins. Who was told of a trial has not been told that it stays: after a trial began,
    only a notice from then on counts."""
    asked = select(StaffNotice).where(StaffNotice.system_id == system.id, StaffNotice.letter == Letter.STARTS)
    trials = [line.on for line in steps if line.to_state is SystemState.PILOT and line.from_state is not line.to_state]
    if trials:
        asked = asked.where(StaffNotice.told_on >= trials[-1])
    return session.scalar(asked.order_by(StaffNotice.queued_at.desc(), StaffNotice.id).limit(1))


def unapproved(session: Session, system: System) -> dict[str, int]:
    """How many texts of the draft are not approved, by language. What is published is approved in both."""
    draft = session.get(SystemDraft, system.id)
    if draft is None:
        return {}
    waiting = Counter(text.locale.value for text in languages.unapproved(draft))
    return dict(waiting)


def _told(record: Record | None, today: date) -> dict[str, Any]:
    if record is None:
        return {}
    return {
        "is_described": bool(
            _both(record.name) and _both(record.one_sentence) and record.affected and _both(record.responsible)
        ),
        "lacking": sum(not gap.field.key.startswith(ASKED_APART) for gap in gaps(record, SystemState.LIVE)),
        "decision_points": len(record.decision_points),
        "data_items": len(record.data_items),
        "without_searcher": tuple(item.label.bilingual for item in record.data_items if not _any(item.search_owner)),
        "done_until": _assessed(record),
        "trained": _trained(record),
        "has_jobs_statement": _both(record.purpose.jobs_statement),
        "suppliers_without_exit": tuple(
            supplier.name
            for supplier in record.suppliers
            if supplier.contract_ends_on is None or not _both(supplier.exit_plan)
        ),
        "contracts_over": tuple(
            supplier.name
            for supplier in record.suppliers
            if supplier.contract_ends_on is not None and supplier.contract_ends_on < today
        ),
        "has_off_switch": _switch(record),
        "is_staff_asked": _staff_asked(record),
    }


def _switch(record: Record) -> bool:
    switch = record.oversight.off_switch
    return _both(switch.role) and _both(switch.how) and switch.within_minutes is not None


def _staff_asked(record: Record) -> bool:
    """Whether the entry tells of a consultation that ended: what stands in for the unions where there are none."""
    talk = record.consultation
    return talk.state is ConsultationState.CLOSED and talk.closed_on is not None and _both(talk.summary)


def _unmended(session: Session, system: System) -> tuple[date, ...]:
    """The days of serious incidents after which nobody has written what was put right."""
    asked = select(SystemIncident.happened_on).where(
        SystemIncident.system_id == system.id, SystemIncident.is_serious, SystemIncident.fixed_on.is_(None)
    )
    return tuple(session.scalars(asked.order_by(SystemIncident.happened_on, SystemIncident.id)))


def _both(text: Both) -> bool:
    return bool(text.cy and text.en)


def _any(text: Both) -> bool:
    return bool(text.cy or text.en)


def _assessed(record: Record) -> dict[AssessmentKind, date | None]:
    """Assessments that were made, with the day by which each has to be made again; the latest of a kind counts."""
    found: dict[AssessmentKind, date | None] = {}
    for assessment in record.assessments:
        if assessment.state is AssessmentState.DONE:
            before = found.get(assessment.kind)
            until = assessment.review_on
            is_later = assessment.kind not in found or until is None or (before is not None and until > before)
            found[assessment.kind] = until if is_later else before
    return found


def _trained(record: Record) -> dict[Trained, int]:
    figures = record.oversight.training
    if figures is None:
        return {}
    return {
        Trained.MANAGERS: figures.managers,
        Trained.REPRESENTATIVES: figures.representatives,
        Trained.STAFF: figures.users,
    }


def _unions(session: Session, system: System, steps: list[SystemStep]) -> tuple[UnionFacts, ...]:
    """Every branch that the body recognises, and how far it was heard: by what it signed here, and by nothing that the
    employer wrote. About a change, what was signed before it was proposed says nothing."""
    since = talk_began(steps)
    signed = list_standing(session, system.id)
    asked = list_asked(session, system, since)
    noted = silence_noted(steps)
    return tuple(
        _union(Bilingual(branch.name_cy, branch.name_en), branch.id, signed.get(branch.id), asked, noted, since)
        for branch, _union_of in list_recognised_branches(session, system.body_id)
    )


def _union(
    name: Bilingual,
    branch_id: str,
    statement: UnionStatement | None,
    asked: dict[str, UnionTalk],
    noted: dict[tuple[str, str], date],
    since: SystemStep | None,
) -> UnionFacts:
    talk = asked.get(branch_id)
    if statement is not None and since is not None and since.step == "propose_change":
        statement = statement if statement.recorded_at >= since.at else None
    position = statement.position if statement is not None else None
    if talk is None:
        return UnionFacts(name, has_answered=position in HEARD, says_not_asked=position is Position.NOT_ASKED)
    days = (noted.get((step, branch_id)) for step in (REMINDED, ESCALATED))
    reminded_on, escalated_on = (day if day is not None and day >= talk.opened_on else None for day in days)
    return UnionFacts(
        name,
        has_answered=position in HEARD,
        asked_on=talk.opened_on,
        answers_by=talk.answers_by,
        reminded_on=reminded_on,
        escalated_on=escalated_on,
        says_not_asked=statement is not None
        and statement.position is Position.NOT_ASKED
        and statement.signed_on >= talk.opened_on,
    )


def list_asked(session: Session, system: System, since: SystemStep | None) -> dict[str, UnionTalk]:
    """By branch, the last consultation that it was invited to, since the talk that is under way began."""
    asked = (
        select(TalkInvitation.branch_id, UnionTalk)
        .join(UnionTalk, UnionTalk.id == TalkInvitation.talk_id)
        .where(UnionTalk.system_id == system.id)
        .order_by(UnionTalk.opened_on, UnionTalk.id)
    )
    if since is not None:
        asked = asked.where(or_(UnionTalk.opened_on >= since.on, UnionTalk.answers_by >= since.on))
    return {branch_id: talk for branch_id, talk in session.execute(asked)}


def talk_began(steps: list[SystemStep]) -> SystemStep | None:
    """The line with which the talk that is under way began, if it began in the portal."""
    begun = [line for line in steps if line.step in TALK_BEGINS]
    return begun[-1] if begun else None


def silence_noted(steps: list[SystemStep]) -> dict[tuple[str, str], date]:
    """When each branch was reminded, and its silence taken further, in the talk that is under way: a reminder of an
    earlier consultation says nothing about this one."""
    since = talk_began(steps)
    begun = since.number if since is not None else 0
    return {
        (line.step, str(line.facts.get("branch"))): line.on
        for line in steps
        if line.number > begun and line.step in {REMINDED, ESCALATED}
    }


def _was_in_use(steps: list[SystemStep]) -> bool:
    """Whether the state that the last suspension ended was one that had passed the gate."""
    passed = {SystemState.LIVE, SystemState.UNDER_REVIEW, SystemState.CHANGE_PROPOSED}
    ended = [step for step in steps if step.to_state is SystemState.SUSPENDED and step.from_state is not step.to_state]
    return bool(ended) and ended[-1].from_state in passed


def _changed(session: Session, system: System, steps: list[SystemStep]) -> tuple[date | None, bool]:
    """The day of the version published since the change was proposed, and whether the change matters to staff: a small
    version that came after does not make a change that matters small, nor the fortnight begin before it was told."""
    proposed = [step for step in steps if step.step == "propose_change"]
    if not proposed:
        return None, False
    since = int(proposed[-1].facts.get("version", 0))
    asked = select(SystemVersion).where(SystemVersion.system_id == system.id, SystemVersion.number > since)
    versions = session.scalars(asked.order_by(SystemVersion.number.desc())).all()
    material = [version for version in versions if _is_material(read_record(version.record))]
    told = next(iter(material or versions), None)
    return (told.published_on if told else None), bool(material)


def _is_material(record: Record) -> bool:
    return record.change is not None and record.change.change_class is ChangeClass.MATERIAL
