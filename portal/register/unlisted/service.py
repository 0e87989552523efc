"""Asking about a tool, wording the question for everybody, answering it, and the second person's yes."""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.audit.service import record as audit
from portal.core.errors import Conflict, NotAllowed, TooMany
from portal.core.text import Bilingual, Locale, Words, msg
from portal.core.vault import Vault
from portal.directory.rules import RoleName
from portal.identity.actor import Actor
from portal.register.corrections.rules import MOST_A_DAY
from portal.register.corrections.service import A_DAY
from portal.register.queries import PublishedSystem
from portal.register.unlisted.models import ToolQuestion
from portal.register.unlisted.queries import SECOND, contact_context, seen_mark, told_context
from portal.register.unlisted.rules import BY_TWO, Account, Finding, Silence, blurred_day, due_day
from portal.register.unlisted.telling import Post, tell_asker, tell_second
from portal.timelimits.calendar import WorkingDays


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A question as it was asked. The id came with the form, so that sending twice asks once."""

    id: str
    account: Account
    locale: Locale
    contact: Words | None = None


@dataclass(frozen=True, slots=True)
class NewFinding:
    """What the body answers, for everybody to read."""

    finding: Finding
    text: Bilingual
    reason: Silence | None = None
    system: PublishedSystem | None = None


def ask(
    session: Session, body_id: str, new: NewQuestion, *, vault: Vault, calendar: WorkingDays, today: date
) -> ToolQuestion:
    """Ask without an account. Nothing is put into the audit chain: it would keep the hour."""
    return _put(session, body_id, new, vault=vault, calendar=calendar, received_on=today)


def ask_signed_in(
    session: Session, body_id: str, new: NewQuestion, *, vault: Vault, calendar: WorkingDays, today: date
) -> ToolQuestion:
    """Ask as somebody who is signed in. The row says nothing of it; but however many came without an account, there is
    room for as many again from people who work here."""
    return _put(session, body_id, new, vault=vault, calendar=calendar, received_on=today, is_known=True)


def ask_for_reader(
    session: Session, body_id: str, new: NewQuestion, *, vault: Vault, calendar: WorkingDays, today: date
) -> ToolQuestion:
    """Ask for a reader of a sealed concern, in the reader's own words: as if it had come openly on the Sunday to come.

    Who asked is not told here, so nothing can keep it: neither the row nor the audit chain.
    """
    return _put(session, body_id, new, vault=vault, calendar=calendar, received_on=blurred_day(today), is_known=True)


def _put(
    session: Session,
    body_id: str,
    new: NewQuestion,
    *,
    vault: Vault,
    calendar: WorkingDays,
    received_on: date,
    is_known: bool = False,
) -> ToolQuestion:
    known = session.get(ToolQuestion, new.id)
    if known is not None:
        return known
    counted = select(func.count()).where(ToolQuestion.body_id == body_id, ToolQuestion.received_on == received_on)
    if (session.scalar(counted) or 0) >= (2 * MOST_A_DAY if is_known else MOST_A_DAY):
        raise TooMany(A_DAY)
    told = json.dumps(asdict(new.account), ensure_ascii=False)
    question = ToolQuestion(
        id=new.id,
        body_id=body_id,
        locale=new.locale.value,
        sealed=vault.seal(Words(told), context=told_context(new.id)),
        contact=vault.seal(new.contact, context=contact_context(new.id)) if new.contact else None,
        received_on=received_on,
        due_on=due_day(calendar, received_on),
    )
    try:
        with session.begin_nested():
            session.add(question)
    except IntegrityError:
        return session.get_one(ToolQuestion, new.id, populate_existing=True)  # the same form, sent twice at once
    return question


def word(session: Session, actor: Actor, question: ToolQuestion, asked: Bilingual, *, now: datetime) -> ToolQuestion:
    """Say in both languages what was asked, in the words of the register's office, for everybody."""
    _lock_for_editor(session, actor, question)
    question.asked_cy, question.asked_en = asked.cy, asked.en
    _audit(session, actor, question, "register.question_worded", now)
    return question


def answer(
    session: Session, actor: Actor, question: ToolQuestion, new: NewFinding, *, post: Post, vault: Vault
) -> ToolQuestion:
    """Answer for everybody. An answer after which nothing comes into the register waits for a second person."""
    _lock_for_editor(session, actor, question)
    if not question.is_worded:
        raise Conflict(msg("Put the question into words for everybody first. Your answer was not saved."))
    if question.answered_on is not None and new.finding in BY_TWO:
        raise Conflict(msg("The answer is already public: that it will be entered. Choose that it is in the register."))
    question.finding, question.reason = new.finding, new.reason
    question.system_id = new.system.id if new.system else None
    question.answer_cy, question.answer_en = new.text.cy, new.text.en
    question.answered_by, question.approved_by = actor.account_id, None
    _audit(session, actor, question, "register.question_answered", post.now)
    if new.finding in BY_TWO:
        tell_second(session, question, actor.person_id, vault=vault, post=post)
    else:
        _publish(session, question, post=post, vault=vault)
    session.flush()
    return question


def approve(
    session: Session, actor: Actor, question: ToolQuestion, seen: str, *, post: Post, vault: Vault
) -> ToolQuestion:
    """The second person's yes to the answer that they have read (``seen``)."""
    if not any(actor.holds(role, body_id=question.body_id) for role in SECOND):
        raise NotAllowed
    session.refresh(question, with_for_update=True)
    if not question.waits_for_second or seen != seen_mark(question):
        raise Conflict(msg("Somebody changed this answer in the meantime. Read it again."))
    if question.answered_by == actor.account_id:
        raise Conflict(msg("You wrote this answer. Somebody else must read it before it is published."))
    _audit(session, actor, question, "register.question_approved", post.now)
    question.approved_by = actor.account_id
    _publish(session, question, post=post, vault=vault)
    session.flush()
    return question


def _publish(session: Session, question: ToolQuestion, *, post: Post, vault: Vault) -> None:
    """From here on everybody reads it. What was told goes now, and so does the address to write to."""
    if question.contact is not None:
        to = vault.open_words(question.contact, context=contact_context(question.id))
        tell_asker(session, question, to, vault=vault, post=post)
    question.answered_on, question.sealed, question.contact = post.today, None, None


def _lock_for_editor(session: Session, actor: Actor, question: ToolQuestion) -> None:
    """What may still be changed: all that is not answered, and what was to be entered and is now."""
    if not actor.holds(RoleName.REGISTER_EDITOR, body_id=question.body_id):
        raise NotAllowed
    session.refresh(question, with_for_update=True)
    if question.answered_on is not None and question.finding is not Finding.TO_BE_ENTERED:
        raise Conflict(msg("Somebody answered this on {date}. Your answer was not saved.", date=question.answered_on))


def _audit(session: Session, actor: Actor, question: ToolQuestion, event: str, now: datetime) -> None:
    facts = {"finding": question.finding.value} if question.finding else {}
    audit(session, actor=actor, event=event, subject=question.id, now=now, body_id=question.body_id, facts=facts)
