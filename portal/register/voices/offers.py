"""What the employer gives beyond the law: training and expert help offered to branches, rights agreed for its staff."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.audit.service import record as audit
from portal.authz.permissions import Permission, Subject, permits
from portal.core.errors import NotAllowed
from portal.directory.queries import list_recognised_branches
from portal.identity.actor import Actor
from portal.register.lifecycle.telling import Post, tell_unions
from portal.register.models import System
from portal.register.parts import Both
from portal.register.sending import sent_before
from portal.register.talks import OfferKind, UnionOffer, add_offers
from portal.register.voices.models import BodyRight
from portal.register.voices.standing import must_answer, must_speak


@dataclass(frozen=True, slots=True)
class NewOffer:
    """Training or expert help; without a branch for every one that the body recognises."""

    id: str
    kind: OfferKind
    what: Both
    who: Both
    offered_on: date
    branch_id: str | None = None


@dataclass(frozen=True, slots=True)
class NewRight:
    """A right agreed for the staff of a body."""

    id: str
    agreement: Both
    text: Both
    partner: Both
    link: str
    since: date
    review_working_days: int | None = None


def offer(
    session: Session, actor: Actor, system: System, new: NewOffer, *, post: Post, tells: bool = True
) -> list[UnionOffer]:
    """Record what was offered, a line for each branch, so that each says for itself whether it took it up."""
    must_answer(actor, system)
    if sent_before(session, UnionOffer, new.id) is not None:
        return []
    recognised = [branch.id for branch, _union in list_recognised_branches(session, system.body_id)]
    wanted = [branch_id for branch_id in recognised if new.branch_id in {None, branch_id}]
    if not wanted:
        raise NotAllowed
    made = add_offers(
        session,
        system,
        wanted,
        new.kind,
        new.what,
        new.who,
        offer_id=new.id,
        account_id=actor.account_id,
        on=new.offered_on,
    )
    if tells:
        tell_unions(session, system, post, only_branch=new.branch_id)
    audit(session, actor=actor, event="register.union_offer_made", subject=new.id, now=post.now, body_id=system.body_id)
    return made


def answer_offer(
    session: Session, actor: Actor, system: System, offered: UnionOffer, *, is_taken: bool, post: Post
) -> None:
    """A branch says whether it took an offer up; it may say otherwise later."""
    must_speak(session, actor, system, offered.branch_id)
    offered.is_taken, offered.answered_on = is_taken, post.today
    session.flush()
    facts = {"taken": "yes" if is_taken else "no"}
    audit(
        session,
        actor=actor,
        event="register.union_offer_answered",
        subject=offered.id,
        now=post.now,
        body_id=system.body_id,
        facts=facts,
    )


def add_right(session: Session, actor: Actor, body_id: str, new: NewRight, *, post: Post) -> BodyRight:
    """Publish a right that was agreed for the staff of a body."""
    _must_write(actor, body_id)
    known = sent_before(session, BodyRight, new.id)
    if known is not None:
        return known
    right = BodyRight(
        id=new.id,
        body_id=body_id,
        agreement_cy=new.agreement.cy,
        agreement_en=new.agreement.en,
        text_cy=new.text.cy,
        text_en=new.text.en,
        partner_cy=new.partner.cy,
        partner_en=new.partner.en,
        link=new.link,
        since=new.since,
        account_id=actor.account_id,
        review_working_days=new.review_working_days,
    )
    session.add(right)
    session.flush()
    audit(session, actor=actor, event="register.right_agreed", subject=right.id, now=post.now, body_id=body_id)
    return right


def end_right(session: Session, actor: Actor, right: BodyRight, *, post: Post) -> None:
    """An agreement has ended: the right is no longer listed."""
    _must_write(actor, right.body_id)
    if right.ended_on is None:
        right.ended_on = max(post.today, right.since)
        session.flush()
        audit(session, actor=actor, event="register.right_ended", subject=right.id, now=post.now, body_id=right.body_id)


def _must_write(actor: Actor, body_id: str) -> None:
    if not permits(actor, Permission.REGISTER_EDIT, Subject(body_id=body_id)):
        raise NotAllowed
