"""Asking for a correction, answering it, and telling the editors on the day after."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.audit.service import record as audit
from portal.core.errors import Conflict, NotAllowed, TooMany
from portal.core.text import Bilingual, Locale, Words, msg
from portal.core.vault import Vault
from portal.directory.models import Person
from portal.directory.queries import list_role_holders
from portal.directory.rules import RoleName
from portal.i18n.formats import date_long
from portal.identity.actor import Actor
from portal.identity.queries import get_account
from portal.notifications.letters import to_person
from portal.notifications.service import queue
from portal.register.corrections.models import Correction
from portal.register.corrections.queries import text_context
from portal.register.corrections.rules import (
    ANSWER_WITHIN,
    MOST_A_DAY,
    MOST_A_DAY_OF_ONE,
    CorrectionKind,
    Outcome,
)
from portal.register.models import System
from portal.register.queries import PublishedSystem
from portal.timelimits.calendar import WorkingDays

A_DAY = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class NewCorrection:
    """A correction as it was asked for. The id came with the form, so that sending twice asks once."""

    id: str
    kind: CorrectionKind
    text: Words
    locale: Locale


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """What the body answers, for everybody to read."""

    outcome: Outcome
    text: Bilingual


def ask(
    session: Session,
    actor: Actor | None,
    system: PublishedSystem,
    new: NewCorrection,
    *,
    vault: Vault,
    calendar: WorkingDays,
    today: date,
    now: datetime,
) -> Correction:
    """Ask for a correction, signed in or not. Nothing is put into the audit chain: it would keep the hour."""
    known = session.get(Correction, new.id)
    if known is not None:
        return known
    _within_bounds(session, actor, system, today)
    correction = Correction(
        id=new.id,
        system_id=system.id,
        kind=new.kind,
        version_number=system.number,
        locale=new.locale.value,
        sealed=vault.seal(new.text, context=text_context(new.id)),
        account_id=actor.account_id if actor else None,
        received_on=today,
        received_at=now if actor else None,
        due_on=calendar.later(today, ANSWER_WITHIN),
    )
    try:
        with session.begin_nested():
            session.add(correction)
    except IntegrityError:
        return session.get_one(Correction, new.id, populate_existing=True)  # the same form, sent twice at once
    return correction


def answer(
    session: Session, actor: Actor, correction: Correction, new: NewAnswer, *, vault: Vault, today: date, now: datetime
) -> Correction:
    """Answer in both languages, for everybody. What was written goes then; whoever asked signed in is told."""
    system = session.get_one(System, correction.system_id)
    if not actor.holds(RoleName.REGISTER_EDITOR, body_id=system.body_id):
        raise NotAllowed
    session.refresh(correction, with_for_update=True)
    if correction.answered_on is not None:
        raise Conflict(msg("Somebody answered this on {date}. Your answer was not saved.", date=correction.answered_on))
    correction.outcome, correction.answered_on, correction.answered_by = new.outcome, today, actor.account_id
    correction.answer_cy, correction.answer_en = new.text.cy, new.text.en
    correction.sealed = None
    session.flush()
    if correction.account_id is not None:
        _tell_asker(session, vault, correction.account_id, now)
    audit(
        session,
        actor=actor,
        event="register.correction_answered",
        subject=correction.id,
        now=now,
        body_id=system.body_id,
        facts={"outcome": new.outcome.value},
    )
    return correction


def tell_editors(session: Session, *, vault: Vault, address: str, today: date, now: datetime) -> int:
    """One letter a body and editor about what came before today: a letter at once would tell the hour."""
    asked = (
        select(Correction, System.body_id)
        .join(System, System.id == Correction.system_id)
        .where(Correction.told_on.is_(None), Correction.answered_on.is_(None), Correction.received_on < today)
    )
    new: dict[str, list[Correction]] = {}
    for correction, body_id in session.execute(asked):
        new.setdefault(body_id, []).append(correction)
    letters = 0
    for body_id, corrections in new.items():
        holders = list_role_holders(session, role=RoleName.REGISTER_EDITOR, body_id=body_id, today=today)
        for person in {person.id: person for _holding, person in holders}.values():
            _tell_editor(session, vault, person, corrections, address, now)
            letters += 1
        for correction in corrections:
            correction.told_on = today
    session.flush()
    return letters


def _within_bounds(session: Session, actor: Actor | None, system: PublishedSystem, today: date) -> None:
    counted = select(func.count()).select_from(Correction).where(Correction.received_on == today)
    if actor is not None:
        counted, most = counted.where(Correction.account_id == actor.account_id), MOST_A_DAY_OF_ONE
    else:
        counted = counted.join(System, System.id == Correction.system_id)
        counted = counted.where(System.body_id == system.body_id, Correction.account_id.is_(None))
        most = MOST_A_DAY
    if (session.scalar(counted) or 0) >= most:
        raise TooMany(A_DAY)


def _tell_asker(session: Session, vault: Vault, account_id: str, now: datetime) -> None:
    account = get_account(session, account_id)
    if account.closed_at is not None:
        return
    person = session.get_one(Person, account.person_id)
    to = replace(to_person(person), email=account.email)
    queue(session, vault=vault, to=to, template="correction_answered", values={}, now=now)


def _tell_editor(
    session: Session, vault: Vault, person: Person, corrections: Sequence[Correction], address: str, now: datetime
) -> None:
    first = min(correction.due_on for correction in corrections)
    locale = Locale(person.locale) if person.locale else None
    due = " | ".join(date_long(first, one) for one in ((locale,) if locale else Locale))
    values = {"count": str(len(corrections)), "due": due, "address": address}
    queue(session, vault=vault, to=to_person(person), template="corrections_asked", values=values, now=now)
