"""What each side does: the union signs, sets conditions and says that they are met; the employer invites, answers,
offers and acts. Every verb checks who speaks."""

from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.audit.service import record as audit
from portal.core.errors import Conflict, Refused
from portal.core.text import msg
from portal.identity.actor import Actor
from portal.register.finding.service import follow_dispute
from portal.register.lifecycle.telling import Post, tell_managers, tell_unions
from portal.register.models import System, SystemVersion
from portal.register.parts import Both
from portal.register.positions import UnionStatement
from portal.register.rules import Position
from portal.register.sending import sent_before
from portal.register.talks import TalkInvitation, UnionTalk, begin_talk, list_open_talks
from portal.register.terms import TalkStage
from portal.register.voices.models import EmployerResponse, TalkEntry, UnionCondition
from portal.register.voices.rules import ConditionState, EntryKind
from portal.register.voices.standing import must_answer, must_speak


@dataclass(frozen=True, slots=True)
class NewStatement:
    """What a branch signs. The id came with the form, so that sending twice signs once."""

    id: str
    position: Position
    text: Both
    effects: dict[str, Both] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewTalk:
    """A consultation as it opens."""

    id: str
    stage: TalkStage
    summary: Both
    answers_by: date


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A line of the log."""

    id: str
    kind: EntryKind
    happened_on: date
    text: Both
    link: Both


def sign(
    session: Session, actor: Actor, system: System, branch_id: str, new: NewStatement, *, post: Post, tells: bool = True
) -> UnionStatement:
    """Sign where a branch stands. It is on the system's page and in the search at once."""
    must_speak(session, actor, system, branch_id)
    known = sent_before(session, UnionStatement, new.id)
    if known is not None:
        return known
    statement = UnionStatement(
        id=new.id,
        system_id=system.id,
        branch_id=branch_id,
        number=_next(session, UnionStatement, system.id, branch_id),
        position=new.position,
        text_cy=new.text.cy,
        text_en=new.text.en,
        effects={key: {"cy": told.cy, "en": told.en} for key, told in new.effects.items() if told.cy or told.en},
        version_number=_version_on(session, system, post.today),
        signed_on=post.today,
        recorded_at=post.now,
        account_id=actor.account_id,
    )
    session.add(statement)
    session.flush()
    follow_dispute(session, system)
    if tells:
        tell_managers(session, system, post)
    _note(session, actor, system, "register.union_statement_signed", statement.id, post, branch=branch_id)
    return statement


def respond(
    session: Session,
    actor: Actor,
    system: System,
    branch_id: str,
    text: Both,
    *,
    response_id: str,
    post: Post,
    tells: bool = True,
) -> EmployerResponse:
    """Answer what a branch signed, beside it."""
    must_answer(actor, system)
    known = sent_before(session, EmployerResponse, response_id)
    if known is not None:
        return known
    to_what = (
        select(UnionStatement.id)
        .where(UnionStatement.system_id == system.id, UnionStatement.branch_id == branch_id)
        .order_by(UnionStatement.number.desc())
        .limit(1)
    )
    response = EmployerResponse(
        id=response_id,
        system_id=system.id,
        branch_id=branch_id,
        statement_id=session.scalar(to_what),
        number=_next(session, EmployerResponse, system.id, branch_id),
        text_cy=text.cy,
        text_en=text.en,
        signed_on=post.today,
        recorded_at=post.now,
        account_id=actor.account_id,
    )
    session.add(response)
    session.flush()
    if tells:
        tell_unions(session, system, post, only_branch=branch_id)
    _note(session, actor, system, "register.employer_responded", response.id, post, branch=branch_id)
    return response


def open_talk(
    session: Session, actor: Actor, system: System, new: NewTalk, *, post: Post, tells: bool = True
) -> UnionTalk:
    """Open a consultation: every branch that the body recognises is invited, by a letter without content."""
    must_answer(actor, system)
    known = sent_before(session, UnionTalk, new.id)
    if known is not None:
        return known
    if list_open_talks(session, system):
        raise Refused(msg("A consultation about this system is open. Close it before you open another"))
    talk = begin_talk(
        session,
        system,
        new.stage,
        new.summary,
        new.answers_by,
        talk_id=new.id,
        account_id=actor.account_id,
        today=post.today,
    )
    if tells:
        tell_unions(session, system, post)
    _note(session, actor, system, "register.talk_opened", talk.id, post)
    return talk


def close_talk(session: Session, actor: Actor, system: System, talk: UnionTalk, *, post: Post) -> None:
    """Close a consultation. The branches can sign and change where they stand afterwards as well."""
    must_answer(actor, system)
    session.refresh(talk, with_for_update=True)
    if talk.closed_on is not None:
        return
    if post.today < talk.answers_by and not _all_answered(session, talk):
        raise Refused(msg("The branches can answer until {date}. Close it after that", date=talk.answers_by))
    talk.closed_on, talk.closed_by = post.today, actor.account_id
    session.flush()
    _note(session, actor, system, "register.talk_closed", talk.id, post)


def add_entry(
    session: Session,
    actor: Actor,
    system: System,
    talk: UnionTalk,
    new: NewEntry,
    *,
    branch_id: str | None,
    post: Post,
    tells: bool = True,
) -> TalkEntry:
    """Put a paper, a meeting or a note into the log, for a branch or, without one, for the employer."""
    if branch_id is None:
        must_answer(actor, system)
    else:
        must_speak(session, actor, system, branch_id)
    known = sent_before(session, TalkEntry, new.id)
    if known is not None:
        return known
    entry = TalkEntry(
        id=new.id,
        talk_id=talk.id,
        branch_id=branch_id,
        kind=new.kind,
        happened_on=new.happened_on,
        text_cy=new.text.cy,
        text_en=new.text.en,
        link_cy=new.link.cy,
        link_en=new.link.en,
        recorded_at=post.now,
        account_id=actor.account_id,
    )
    session.add(entry)
    session.flush()
    if tells and branch_id is None:
        tell_unions(session, system, post)
    elif tells:
        tell_managers(session, system, post)
    _note(session, actor, system, "register.talk_entry_added", entry.id, post)
    return entry


def set_condition(
    session: Session,
    actor: Actor,
    system: System,
    branch_id: str,
    text: Both,
    due_on: date,
    *,
    condition_id: str,
    post: Post,
    tells: bool = True,
) -> UnionCondition:
    """Set what a branch's agreement depends on, and by when."""
    must_speak(session, actor, system, branch_id)
    known = sent_before(session, UnionCondition, condition_id)
    if known is not None:
        return known
    condition = UnionCondition(
        id=condition_id,
        system_id=system.id,
        branch_id=branch_id,
        text_cy=text.cy,
        text_en=text.en,
        set_on=post.today,
        due_on=due_on,
        state=ConditionState.OPEN,
        set_by=actor.account_id,
    )
    session.add(condition)
    session.flush()
    if tells:
        tell_managers(session, system, post)
    _note(session, actor, system, "register.condition_set", condition.id, post, branch=branch_id)
    return condition


def act_on(
    session: Session,
    actor: Actor,
    system: System,
    condition: UnionCondition,
    owner: Both,
    done: Both,
    *,
    post: Post,
    tells: bool = True,
) -> None:
    """Say who does what a condition asks and, with ``done``, that it is done. The branch judges that."""
    must_answer(actor, system)
    session.refresh(condition, with_for_update=True)
    if condition.state is ConditionState.MET:
        raise Conflict(msg("The union said on {date} that this condition is met", date=condition.closed_on))
    condition.owner_cy, condition.owner_en = owner.cy, owner.en
    condition.done_cy, condition.done_en = done.cy, done.en
    condition.done_on = post.today if done.cy else None
    condition.state = ConditionState.SAID_DONE if done.cy else ConditionState.TAKEN_ON
    session.flush()
    if tells:
        tell_unions(session, system, post, only_branch=condition.branch_id)
    _note(session, actor, system, "register.condition_acted_on", condition.id, post, state=condition.state.value)


def judge(
    session: Session,
    actor: Actor,
    system: System,
    condition: UnionCondition,
    *,
    is_met: bool,
    post: Post,
    tells: bool = True,
) -> None:
    """Only the branch that set a condition says that it is met, or that it is not."""
    must_speak(session, actor, system, condition.branch_id)
    session.refresh(condition, with_for_update=True)
    if condition.state is ConditionState.MET:
        return
    if is_met:
        condition.state, condition.closed_on, condition.closed_by = ConditionState.MET, post.today, actor.account_id
    else:
        condition.state = ConditionState.TAKEN_ON if condition.owner_cy else ConditionState.OPEN
        condition.done_cy, condition.done_en, condition.done_on = "", "", None
    session.flush()
    if tells:
        tell_managers(session, system, post)
    _note(session, actor, system, "register.condition_judged", condition.id, post, met="yes" if is_met else "no")


def _version_on(session: Session, system: System, on: date) -> int | None:
    """The version that stood when a branch signed; None before anything was published."""
    asked = select(func.max(SystemVersion.number)).where(
        SystemVersion.system_id == system.id, SystemVersion.published_on <= on
    )
    return session.scalar(asked)


def _all_answered(session: Session, talk: UnionTalk) -> bool:
    invited = set(session.scalars(select(TalkInvitation.branch_id).where(TalkInvitation.talk_id == talk.id)))
    asked = select(UnionStatement.branch_id).where(
        UnionStatement.system_id == talk.system_id, UnionStatement.signed_on >= talk.opened_on
    )
    return invited <= set(session.scalars(asked))


Numbered = TypeVar("Numbered", UnionStatement, EmployerResponse)


def _next(session: Session, table: type[Numbered], system_id: str, branch_id: str) -> int:
    asked = select(func.max(table.number)).where(table.system_id == system_id, table.branch_id == branch_id)
    return (session.scalar(asked) or 0) + 1


def _note(session: Session, actor: Actor, system: System, event: str, subject: str, post: Post, **facts: str) -> None:
    audit(session, actor=actor, event=event, subject=subject, now=post.now, body_id=system.body_id, facts=facts)
