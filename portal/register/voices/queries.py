"""Reads of the talk between union and employer: one system's two sides, what waits for a branch, rights agreed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.core.text import Bilingual, Locale
from portal.directory.models import UnionBranch
from portal.directory.queries import list_recognised_branches
from portal.register.lifecycle.facts import ESCALATED, REMINDED
from portal.register.models import System, SystemStep
from portal.register.openness import is_open
from portal.register.positions import UnionStatement, list_standing
from portal.register.record import Record, UnionPosition
from portal.register.rules import Position
from portal.register.talks import TalkInvitation, UnionOffer, UnionTalk
from portal.register.voices.models import BodyRight, EmployerResponse, TalkEntry, UnionCondition
from portal.register.voices.rules import ConditionState


@dataclass(frozen=True, slots=True)
class Silence:
    """What was done so that a branch that has signed nothing could answer; all of it is public."""

    asked_on: date
    answers_by: date
    reminded_on: date | None = None
    escalated_on: date | None = None


@dataclass(frozen=True, slots=True)
class BranchVoice:
    """One branch's side and the employer's answer. ``told`` is what only the published version says of it."""

    branch_id: str | None
    slug: str
    name: Bilingual
    position: Position
    statement: UnionStatement | None = None
    earlier: Sequence[UnionStatement] = ()
    response: EmployerResponse | None = None
    told: UnionPosition | None = None
    conditions: Sequence[UnionCondition] = ()
    silence: Silence | None = None

    @property
    def has_signed(self) -> bool:
        return self.statement is not None

    @property
    def on(self) -> date | None:
        if self.statement is not None:
            return self.statement.signed_on
        return self.told.given_on if self.told else None

    @property
    def is_older_answer(self) -> bool:
        """Whether the employer answered an earlier statement and not the one that stands."""
        return (
            self.response is not None and self.statement is not None and self.response.statement_id != self.statement.id
        )


@dataclass(frozen=True, slots=True)
class Talk:
    """One consultation with everything that was put into it."""

    row: UnionTalk
    invited: Sequence[Bilingual]
    entries: Sequence[tuple[TalkEntry, Bilingual | None]]
    reminders: Sequence[tuple[str, date, Bilingual]] = ()

    @property
    def is_open(self) -> bool:
        return self.row.closed_on is None


@dataclass(frozen=True, slots=True)
class Voices:
    """Both sides of one system."""

    branches: Sequence[BranchVoice] = ()
    talks: Sequence[Talk] = ()
    offers: Sequence[tuple[UnionOffer, Bilingual]] = ()
    is_signed: bool = False
    on: date = date.max

    @property
    def taken(self) -> int:
        return sum(is_taken_by(one, self.on) for one, _name in self.offers)


def name_of(branch: UnionBranch) -> Bilingual:
    """What a branch is called."""
    return Bilingual(branch.name_cy, branch.name_en)


def is_taken_by(offer: UnionOffer, on: date) -> bool:
    """Whether a branch had taken an offer up by a day."""
    return offer.is_taken is True and offer.answered_on is not None and offer.answered_on <= on


def get_voices(session: Session, system: System, record: Record | None, *, on: date) -> Voices:
    """Everything that both sides said about a system, as it stood on a day."""
    standing = list_standing(session, system.id, on=on)
    branches = [(branch, union.slug) for branch, union in list_recognised_branches(session, system.body_id)]
    known = {branch.id for branch, _slug in branches}
    branches += [
        (session.get_one(UnionBranch, branch_id), "") for branch_id in sorted(standing) if branch_id not in known
    ]
    names = {branch.id: name_of(branch) for branch, _slug in branches}
    talks = _talks(session, system, names, on)
    conditions = list_conditions(session, system.id, on=on)
    voices = [
        _voice(session, system, record, branch, slug, standing.get(branch.id), talks, conditions, on)
        for branch, slug in branches
    ]
    offers = [
        (one, names.get(one.branch_id, Bilingual("", "")))
        for one in list_offers(session, system.id)
        if one.offered_on <= on
    ]
    return Voices(voices, talks, offers, bool(standing), on)


def list_conditions(session: Session, system_id: str, *, on: date) -> Sequence[UnionCondition]:
    """What branches set by a day, the first due first."""
    asked = select(UnionCondition).where(UnionCondition.system_id == system_id, UnionCondition.set_on <= on)
    return session.scalars(asked.order_by(UnionCondition.due_on, UnionCondition.id)).all()


def list_offers(session: Session, system_id: str) -> Sequence[UnionOffer]:
    """Training and expert help offered about a system, newest first."""
    asked = select(UnionOffer).where(UnionOffer.system_id == system_id)
    return session.scalars(asked.order_by(UnionOffer.offered_on.desc(), UnionOffer.id)).all()


def get_talk(session: Session, system: System, talk_id: str) -> UnionTalk:
    """A consultation of this system; NotFound otherwise."""
    return _of(system, session.get(UnionTalk, talk_id))


def get_condition(session: Session, system: System, condition_id: str) -> UnionCondition:
    """A condition of this system; NotFound otherwise."""
    return _of(system, session.get(UnionCondition, condition_id))


def get_offer(session: Session, system: System, offer_id: str) -> UnionOffer:
    """An offer about this system; NotFound otherwise."""
    return _of(system, session.get(UnionOffer, offer_id))


def list_rights(session: Session, body_id: str, *, today: date) -> Sequence[BodyRight]:
    """What is agreed for a body's staff beyond the law, as it stands on a day."""
    is_current = or_(BodyRight.ended_on.is_(None), BodyRight.ended_on > today)
    asked = select(BodyRight).where(BodyRight.body_id == body_id, BodyRight.since <= today, is_current)
    return session.scalars(asked.order_by(BodyRight.since, BodyRight.id)).all()


def get_right(session: Session, right_id: str, bodies: frozenset[str]) -> BodyRight:
    """A right of one of these bodies; NotFound otherwise."""
    right = session.get(BodyRight, right_id)
    if right is None or right.body_id not in bodies:
        raise NotFound
    return right


def text_of(row: Any, name: str, locale: Locale) -> tuple[str, Locale]:
    """What a union wrote, in the reader's language or, where it wrote in one only, in that one; and which it is."""
    mine = str(getattr(row, f"{name}_{locale.value}"))
    return (mine, locale) if mine else (str(getattr(row, f"{name}_{locale.other.value}")), locale.other)


def _voice(
    session: Session,
    system: System,
    record: Record | None,
    branch: UnionBranch,
    union: str,
    statement: UnionStatement | None,
    talks: Sequence[Talk],
    conditions: Sequence[UnionCondition],
    on: date,
) -> BranchVoice:
    told = None if statement is not None else _told(record, union)
    position = statement.position if statement else told.position if told else _unheard(branch, talks)
    return BranchVoice(
        branch_id=branch.id,
        slug=branch.slug,
        name=name_of(branch),
        position=position,
        statement=statement,
        earlier=_earlier(session, system, statement),
        response=_response(session, system.id, branch.id, on),
        told=told,
        conditions=[one for one in conditions if one.branch_id == branch.id],
        silence=None if statement is not None else _silence(branch, talks),
    )


def _told(record: Record | None, union: str) -> UnionPosition | None:
    """What the published version says of a union that has not signed here, unless it is withheld."""
    if record is None or not is_open(record, "consultations.union_position", "consultations.union_statement"):
        return None
    return next((one for one in record.consultation.positions if one.union == union), None)


def _unheard(branch: UnionBranch, talks: Sequence[Talk]) -> Position:
    """Silence is said as silence: no branch agrees by not answering."""
    return Position.NOT_ASKED if _silence(branch, talks) is None else Position.NO_RESPONSE


def _silence(branch: UnionBranch, talks: Sequence[Talk]) -> Silence | None:
    """The evidence of the newest consultation that a branch was invited to."""
    name = name_of(branch)
    talk = next((one for one in talks if name in one.invited), None)
    if talk is None:
        return None
    noted = {step: on for step, on, whom in talk.reminders if whom == name}
    return Silence(talk.row.opened_on, talk.row.answers_by, noted.get(REMINDED), noted.get(ESCALATED))


def _earlier(session: Session, system: System, statement: UnionStatement | None) -> Sequence[UnionStatement]:
    if statement is None or statement.number == 1:
        return ()
    asked = select(UnionStatement).where(
        UnionStatement.system_id == system.id,
        UnionStatement.branch_id == statement.branch_id,
        UnionStatement.number < statement.number,
    )
    return session.scalars(asked.order_by(UnionStatement.number.desc())).all()


def _response(session: Session, system_id: str, branch_id: str, on: date) -> EmployerResponse | None:
    asked = select(EmployerResponse).where(
        EmployerResponse.system_id == system_id,
        EmployerResponse.branch_id == branch_id,
        EmployerResponse.signed_on <= on,
    )
    return session.scalar(asked.order_by(EmployerResponse.number.desc()).limit(1))


def _talks(session: Session, system: System, names: dict[str, Bilingual], on: date) -> list[Talk]:
    asked = select(UnionTalk).where(UnionTalk.system_id == system.id, UnionTalk.opened_on <= on)
    rows = session.scalars(asked.order_by(UnionTalk.opened_on.desc(), UnionTalk.id)).all()
    return [_talk(session, row, names, on) for row in rows]


def _talk(session: Session, row: UnionTalk, names: dict[str, Bilingual], on: date) -> Talk:
    invited = session.scalars(select(TalkInvitation.branch_id).where(TalkInvitation.talk_id == row.id)).all()
    entries = session.scalars(
        select(TalkEntry)
        .where(TalkEntry.talk_id == row.id, TalkEntry.happened_on <= on)
        .order_by(TalkEntry.happened_on, TalkEntry.id)
    ).all()
    steps = select(SystemStep).where(
        SystemStep.system_id == row.system_id,
        SystemStep.step.in_((REMINDED, ESCALATED)),
        SystemStep.on >= row.opened_on,
        SystemStep.on <= on,
    )
    if row.closed_on is not None:
        steps = steps.where(SystemStep.on <= row.closed_on)
    reminders = [
        (step.step, step.on, names[step.facts["branch"]])
        for step in session.scalars(steps.order_by(SystemStep.number))
        if step.facts.get("branch") in names
    ]
    return Talk(
        row,
        [names[branch_id] for branch_id in invited if branch_id in names],
        [(entry, names.get(entry.branch_id) if entry.branch_id else None) for entry in entries],
        reminders,
    )


Owned = TypeVar("Owned", UnionTalk, UnionCondition, UnionOffer)


def _of(system: System, row: Owned | None) -> Owned:
    if row is None or row.system_id != system.id:
        raise NotFound
    return row


def is_overdue(condition: UnionCondition, *, today: date) -> bool:
    """A condition that is not met after its day."""
    return state_on(condition, today) is not ConditionState.MET and condition.due_on < today


def state_on(condition: UnionCondition, on: date) -> ConditionState:
    """How far a condition was on a day gone by; it is kept as it stands now."""
    if condition.closed_on is not None and condition.closed_on <= on:
        return ConditionState.MET
    if condition.done_on is not None and condition.done_on <= on:
        return ConditionState.SAID_DONE
    return ConditionState.TAKEN_ON if condition.owner_en else ConditionState.OPEN
