"""What a step does to the talk with the unions: one act opens both, so that no branch is forgotten."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.ids import new_id
from portal.directory.models import Body
from portal.directory.queries import list_recognised_branches
from portal.identity.actor import Actor
from portal.register.lifecycle.asked import Asked
from portal.register.lifecycle.telling import Post
from portal.register.models import System, SystemStep
from portal.register.parts import Both
from portal.register.rules import SystemState
from portal.register.terms import TalkStage
from portal.register.voices import offers, service
from portal.register.voices.models import TalkInvitation, UnionTalk
from portal.register.voices.offers import NewOffer
from portal.register.voices.service import NewTalk


def carry_on(session: Session, actor: Actor | None, system: System, line: SystemStep, asked: Asked, post: Post) -> None:
    """Opening the consultation invites every recognised branch and offers each what the step names; more time for the
    unions is more time to sign; with the state the talk ends."""
    if actor is None:
        return
    if line.step == "open_consultation":
        _open(session, actor, system, asked, post)
    elif line.step == "extend_consultation" and asked.until is not None:
        for talk in _open_talks(session, system):
            talk.answers_by = max(talk.answers_by, asked.until)
    elif line.from_state is SystemState.IN_CONSULTATION and line.to_state is not SystemState.IN_CONSULTATION:
        for talk in _open_talks(session, system):
            talk.closed_on, talk.closed_by = post.today, actor.account_id
    session.flush()


def _open(session: Session, actor: Actor, system: System, asked: Asked, post: Post) -> None:
    """A talk that is under way already goes on, with every branch in it and as much time as the step gives."""
    if asked.until is None:
        return
    under_way = _open_talks(session, system)
    for talk in under_way:
        talk.answers_by = max(talk.answers_by, asked.until)
        _invite_the_rest(session, system, talk, post)
    if not under_way:
        new = NewTalk(new_id(), TalkStage.PROPOSAL, asked.about, asked.until)
        service.open_talk(session, actor, system, new, post=post, tells=False)
    if asked.offer is not None and list_recognised_branches(session, system.body_id):
        body = session.get_one(Body, system.body_id)
        who = Both(cy=body.name_cy, en=body.name_en)
        offer = NewOffer(new_id(), asked.offer, asked.reason, who, post.today)
        offers.offer(session, actor, system, offer, post=post, tells=False)


def _open_talks(session: Session, system: System) -> Sequence[UnionTalk]:
    asked = select(UnionTalk).where(UnionTalk.system_id == system.id, UnionTalk.closed_on.is_(None))
    return session.scalars(asked.order_by(UnionTalk.opened_on)).all()


def _invite_the_rest(session: Session, system: System, talk: UnionTalk, post: Post) -> None:
    invited = set(session.scalars(select(TalkInvitation.branch_id).where(TalkInvitation.talk_id == talk.id)))
    for branch, _union in list_recognised_branches(session, system.body_id):
        if branch.id not in invited:
            session.add(TalkInvitation(talk_id=talk.id, branch_id=branch.id, invited_on=post.today))
