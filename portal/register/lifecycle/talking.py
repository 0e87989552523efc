"""What a step does to the talk with the unions: one act opens both, so that no branch is forgotten."""

from sqlalchemy.orm import Session

from portal.audit.service import record as audit
from portal.core.ids import new_id
from portal.directory.models import Body
from portal.directory.queries import list_recognised_branches
from portal.identity.actor import Actor
from portal.register.lifecycle.asked import Asked
from portal.register.lifecycle.telling import Post
from portal.register.models import System, SystemStep
from portal.register.parts import Both
from portal.register.rules import SystemState
from portal.register.talks import add_offers, begin_talk, invite_all, list_open_talks
from portal.register.terms import TalkStage


def carry_on(session: Session, actor: Actor | None, system: System, line: SystemStep, asked: Asked, post: Post) -> None:
    """Opening the consultation invites every recognised branch and offers each what the step names; more time for the
    unions is more time to sign; with the state the talk ends."""
    if actor is None:
        return
    if line.step == "open_consultation":
        _open(session, actor, system, asked, post)
    elif line.step == "extend_consultation" and asked.until is not None:
        for talk in list_open_talks(session, system):
            talk.answers_by = max(talk.answers_by, asked.until)
    elif line.from_state is SystemState.IN_CONSULTATION and line.to_state is not SystemState.IN_CONSULTATION:
        for talk in list_open_talks(session, system):
            talk.closed_on, talk.closed_by = post.today, actor.account_id
    session.flush()


def _open(session: Session, actor: Actor, system: System, asked: Asked, post: Post) -> None:
    """A talk that is under way already goes on, with every branch in it and as much time as the step gives."""
    if asked.until is None:
        return
    under_way = list_open_talks(session, system)
    for talk in under_way:
        talk.answers_by = max(talk.answers_by, asked.until)
        invite_all(session, system, talk, today=post.today)
    if not under_way:
        begin_talk(
            session,
            system,
            TalkStage.PROPOSAL,
            asked.about,
            asked.until,
            talk_id=new_id(),
            account_id=actor.account_id,
            today=post.today,
        )
    _offer(session, actor, system, asked, post)


def _offer(session: Session, actor: Actor, system: System, asked: Asked, post: Post) -> None:
    branches = [branch.id for branch, _union in list_recognised_branches(session, system.body_id)]
    if asked.offer is None or not branches:
        return
    body = session.get_one(Body, system.body_id)
    who, made = Both(cy=body.name_cy, en=body.name_en), new_id()
    add_offers(
        session,
        system,
        branches,
        asked.offer,
        asked.reason,
        who,
        offer_id=made,
        account_id=actor.account_id,
        on=post.today,
    )
    audit(session, actor=actor, event="register.union_offer_made", subject=made, now=post.now, body_id=system.body_id)
