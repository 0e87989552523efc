"""Approved paragraphs of a body's letters: written by one officer in both languages, approved by another, ended by any.

An approved paragraph never changes: what should read otherwise is written anew.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.audit import service as audit
from portal.authz.permissions import Permission, Subject, permits
from portal.cases.turn import Desk
from portal.core.errors import NotFound, Refused
from portal.core.text import pmsg
from portal.decision_review.outcome.models import Paragraph
from portal.decision_review.outcome.rules import Purpose
from portal.identity.actor import Actor

ANOTHER = pmsg("error", "You wrote this. Another officer has to approve it")


@dataclass(frozen=True, slots=True)
class NewParagraph:
    """One paragraph as typed. The id came with the form: sending twice writes once."""

    id: str
    body_id: str
    purpose: Purpose
    text_cy: str
    text_en: str


def write(session: Session, actor: Actor, new: NewParagraph, *, desk: Desk) -> Paragraph:
    """Write a paragraph. No letter holds it until somebody else has approved it."""
    _check(actor, new.body_id)
    known = session.get(Paragraph, new.id)
    if known is not None:
        if known.written_by != actor.account_id:
            raise NotFound
        return known
    row = Paragraph(
        id=new.id,
        body_id=new.body_id,
        purpose=new.purpose,
        text_cy=new.text_cy,
        text_en=new.text_en,
        written_by=actor.account_id,
        written_at=desk.now,
    )
    session.add(row)
    session.flush()
    _record(session, actor, row, "review.paragraph_written", desk)
    return row


def approve(session: Session, actor: Actor, paragraph_id: str, *, desk: Desk) -> Paragraph:
    """Approve as another officer: from now on letters can hold it."""
    row = _get(session, actor, paragraph_id)
    if row.approved_at is None:
        if row.written_by == actor.account_id:
            raise Refused(ANOTHER)
        row.approved_by, row.approved_at = actor.account_id, desk.now
        session.flush()
        _record(session, actor, row, "review.paragraph_approved", desk)
    return row


def end(session: Session, actor: Actor, paragraph_id: str, *, desk: Desk) -> None:
    """No new letter holds it. Letters that went out keep their words."""
    row = _get(session, actor, paragraph_id)
    row.ended_at = desk.now
    session.flush()
    _record(session, actor, row, "review.paragraph_ended", desk)


def _get(session: Session, actor: Actor, paragraph_id: str) -> Paragraph:
    row = session.get(Paragraph, paragraph_id)
    if row is None or row.ended_at is not None:
        raise NotFound
    _check(actor, row.body_id)
    session.refresh(row, with_for_update=True)
    return row


def _check(actor: Actor, body_id: str) -> None:
    if not permits(actor, Permission.REVIEW_ASSIGN, Subject(body_id=body_id)):
        raise NotFound


def _record(session: Session, actor: Actor, row: Paragraph, event: str, desk: Desk) -> None:
    audit.record(session, actor=actor, event=event, subject=row.id, now=desk.now, body_id=row.body_id)
