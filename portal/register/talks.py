"""Consultations with the unions as the register keeps them: opened, for every branch that the body recognises, and what
the employer offered so that the branches can judge. Read by the gate; both sides' pages write into them."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, event, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core.columns import Id
from portal.core.db import Base
from portal.core.ids import new_id
from portal.core.text import Message, pmsg
from portal.directory.models import words_of
from portal.directory.queries import list_recognised_branches
from portal.register.models import System
from portal.register.parts import Both
from portal.register.positions import refuse_change
from portal.register.terms import TalkStage

LONGEST_NOTE = 600


class OfferKind(StrEnum):
    """What the employer offered a branch so that it can judge a system."""

    TRAINING = "training"
    EXPERT = "expert"


OFFER_KINDS: dict[OfferKind, Message] = {
    OfferKind.TRAINING: pmsg("offer to a union", "Training"),
    OfferKind.EXPERT: pmsg("offer to a union", "Expert help"),
}


class UnionTalk(Base):
    """One consultation about one system: the stage it is about, and the days between which it ran."""

    __tablename__ = "union_talks"
    __table_args__ = (
        CheckConstraint("answers_by > opened_on", name="time_to_answer"),
        CheckConstraint("closed_on IS NULL OR closed_on >= opened_on", name="closed_after_opened"),
        CheckConstraint("summary_cy <> '' AND summary_en <> ''", name="summary_in_both_languages"),
    )

    id: Mapped[Id]
    system_id: Mapped[str] = mapped_column(ForeignKey("systems.id"), index=True)
    stage: Mapped[TalkStage] = mapped_column(words_of(TalkStage, "stage"))
    summary_cy: Mapped[str] = mapped_column(String(600))
    summary_en: Mapped[str] = mapped_column(String(600))
    opened_on: Mapped[date] = mapped_column(Date, index=True)
    answers_by: Mapped[date] = mapped_column(Date)
    closed_on: Mapped[date | None] = mapped_column(Date, default=None)
    opened_by: Mapped[str] = mapped_column(String(26))
    closed_by: Mapped[str | None] = mapped_column(String(26), default=None)


class TalkInvitation(Base):
    """A branch was invited to a consultation: every branch recognised on the day it opened."""

    __tablename__ = "union_talk_invitations"

    talk_id: Mapped[str] = mapped_column(ForeignKey("union_talks.id"), primary_key=True)
    branch_id: Mapped[str] = mapped_column(ForeignKey("union_branches.id"), primary_key=True, index=True)
    invited_on: Mapped[date] = mapped_column(Date)


class UnionOffer(Base):
    """Training or expert help that the employer offered a branch, and whether the branch took it up."""

    __tablename__ = "union_offers"
    __table_args__ = (
        CheckConstraint("what_cy <> '' AND what_en <> ''", name="what_in_both_languages"),
        CheckConstraint("who_cy <> '' AND who_en <> ''", name="who_in_both_languages"),
        CheckConstraint("(is_taken IS NULL) = (answered_on IS NULL)", name="answer_has_its_day"),
    )

    id: Mapped[Id]
    system_id: Mapped[str] = mapped_column(ForeignKey("systems.id"), index=True)
    branch_id: Mapped[str] = mapped_column(ForeignKey("union_branches.id"), index=True)
    kind: Mapped[OfferKind] = mapped_column(words_of(OfferKind, "kind"))
    what_cy: Mapped[str] = mapped_column(String(600))
    what_en: Mapped[str] = mapped_column(String(600))
    who_cy: Mapped[str] = mapped_column(String(120))
    who_en: Mapped[str] = mapped_column(String(120))
    offered_on: Mapped[date] = mapped_column(Date)
    is_taken: Mapped[bool | None] = mapped_column(default=None)
    answered_on: Mapped[date | None] = mapped_column(Date, default=None)
    account_id: Mapped[str] = mapped_column(String(26))


for _change in ("before_update", "before_delete"):
    event.listen(TalkInvitation, _change, refuse_change)


def list_open_talks(session: Session, system: System) -> Sequence[UnionTalk]:
    """The consultations about a system that are under way, the oldest first."""
    asked = select(UnionTalk).where(UnionTalk.system_id == system.id, UnionTalk.closed_on.is_(None))
    return session.scalars(asked.order_by(UnionTalk.opened_on, UnionTalk.id)).all()


def begin_talk(
    session: Session,
    system: System,
    stage: TalkStage,
    summary: Both,
    answers_by: date,
    *,
    talk_id: str,
    account_id: str,
    today: date,
) -> UnionTalk:
    """A consultation that opens today, with every recognised branch in it."""
    talk = UnionTalk(
        id=talk_id,
        system_id=system.id,
        stage=stage,
        summary_cy=summary.cy,
        summary_en=summary.en,
        opened_on=today,
        answers_by=answers_by,
        opened_by=account_id,
    )
    session.add(talk)
    session.flush()
    invite_all(session, system, talk, today=today)
    return talk


def invite_all(session: Session, system: System, talk: UnionTalk, *, today: date) -> None:
    """Invite every branch that the body recognises today and that has not been invited yet."""
    invited = set(session.scalars(select(TalkInvitation.branch_id).where(TalkInvitation.talk_id == talk.id)))
    for branch, _union in list_recognised_branches(session, system.body_id):
        if branch.id not in invited:
            session.add(TalkInvitation(talk_id=talk.id, branch_id=branch.id, invited_on=today))
    session.flush()


def add_offers(
    session: Session,
    system: System,
    branches: Sequence[str],
    kind: OfferKind,
    what: Both,
    who: Both,
    *,
    offer_id: str,
    account_id: str,
    on: date,
) -> list[UnionOffer]:
    """A line for each branch, so that each says for itself whether it took the offer up."""
    made = [
        UnionOffer(
            id=offer_id if place == 0 else new_id(),
            system_id=system.id,
            branch_id=branch_id,
            kind=kind,
            what_cy=what.cy,
            what_en=what.en,
            who_cy=who.cy,
            who_en=who.en,
            offered_on=on,
            account_id=account_id,
        )
        for place, branch_id in enumerate(branches)
    ]
    session.add_all(made)
    session.flush()
    return made
