"""Lifting an exclusion (routing.md D1.6): one officer proposes it with a reason, another approves it, and the person
whose case it is agrees. Only then may somebody who was left out see the case again. Any of them can end it; nothing
follows from silence. What the rule book or the portal itself keeps away is not lifted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.cases.excluding import renew
from portal.cases.models import Case, Exclusion, ExclusionLift
from portal.cases.rules import By, CaseKind, ExclusionSource, Relation
from portal.cases.sent import tell
from portal.cases.turn import Desk, Turn, take_turn
from portal.core.errors import NotFound, Refused
from portal.core.text import Locale, Message, Words, msg, pmsg
from portal.core.vault import Vault
from portal.directory.models import Person
from portal.identity.actor import Actor

KINDS = frozenset({CaseKind.REVIEW, CaseKind.COMPLAINT})
"""Requests for a copy have a way of their own to let somebody in."""
SAID_BY_A_PERSON = frozenset({ExclusionSource.REQUESTER, ExclusionSource.SELF})
OFFICER, ASKER = frozenset({Relation.OFFICER}), frozenset({Relation.REQUESTER})
SOURCES: dict[ExclusionSource, Message] = {
    ExclusionSource.REQUESTER: msg("The person whose case it is left them out"),
    ExclusionSource.SELF: msg("They said so themselves"),
}
IS_ASKED = pmsg("error", "It was proposed already")
ANOTHER = pmsg("error", "Somebody else has to approve it: two people lift an exclusion")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody who is left out because a person said so, and the proposal to lift it, if there is one."""

    person: Person
    source: Message
    lift: ExclusionLift | None


def list_left_out(session: Session, case: Case) -> Sequence[LeftOut]:
    """Whom a person left out, by name."""
    open_lifts = {one.person_id: one for one in list_open(session, case)}
    rows = session.execute(
        select(Exclusion.source, Person)
        .join(Person, Person.id == Exclusion.person_id)
        .where(
            Exclusion.case_id == case.id,
            Exclusion.source.in_(sorted(SAID_BY_A_PERSON)),
            Exclusion.is_derived.is_(False),
        )
        .order_by(Person.display_name, Person.id)
    )
    return [LeftOut(person, SOURCES[source], open_lifts.get(person.id)) for source, person in rows]


def list_open(session: Session, case: Case) -> Sequence[ExclusionLift]:
    """What is proposed and neither done nor ended."""
    asked = select(ExclusionLift).where(
        ExclusionLift.case_id == case.id, ExclusionLift.lifted_at.is_(None), ExclusionLift.ended_at.is_(None)
    )
    return session.scalars(asked.order_by(ExclusionLift.proposed_at, ExclusionLift.id)).all()


def propose(
    session: Session,
    actor: Actor,
    case: Case,
    person_id: str,
    because: Words,
    lift_id: str,
    *,
    lang: Locale,
    desk: Desk,
) -> ExclusionLift:
    """An officer asks the person, in words that they read. The same form again changes nothing."""
    turn = take_turn(session, actor, case, OFFICER, desk=desk)
    known = session.get(ExclusionLift, lift_id)
    if known is not None and known.case_id == case.id:
        return known
    found = next((one for one in list_left_out(session, case) if one.person.id == person_id), None)
    if case.kind not in KINDS or found is None or known is not None:
        raise NotFound
    if found.lift is not None:
        raise Refused(IS_ASKED)
    row = ExclusionLift(
        id=lift_id,
        case_id=case.id,
        person_id=person_id,
        because=desk.vault.seal(because, context=_context(lift_id)),
        lang=lang.value,
        proposed_by=actor.account_id,
        proposed_at=desk.now,
    )
    session.add(row)
    session.flush()
    turn.tell("lift_proposed", msg("It was asked whether somebody who is left out may see it again"))
    tell(session, case, desk, "case_news")
    return row


def approve(session: Session, actor: Actor, case: Case, lift_id: str, *, desk: Desk) -> None:
    """The second of two officers. Refused for the first."""
    turn = take_turn(session, actor, case, OFFICER, desk=desk)
    lift = _get(session, case, lift_id)
    if actor.account_id == lift.proposed_by:
        raise Refused(ANOTHER)
    if lift.approved_at is None:
        lift.approved_by, lift.approved_at = actor.account_id, desk.now
        session.flush()
        turn.record("lift_approved")
    _settle(turn, lift)


def answer(session: Session, by: By, case: Case, lift_id: str, *, agrees: bool, desk: Desk) -> None:
    """The person whose case it is agrees, or does not: then it is ended."""
    turn = take_turn(session, by, case, ASKER, desk=desk)
    lift = _get(session, case, lift_id)
    if agrees:
        lift.consent_at = lift.consent_at or desk.now
        session.flush()
        turn.record("lift_agreed")
        _settle(turn, lift)
    else:
        _end(turn, lift)


def end(session: Session, actor: Actor, case: Case, lift_id: str, *, desk: Desk) -> None:
    """An officer takes the proposal back."""
    turn = take_turn(session, actor, case, OFFICER, desk=desk)
    _end(turn, _get(session, case, lift_id))


def open_because(lift: ExclusionLift, vault: Vault) -> Words:
    """Why, in the officer's words."""
    return vault.open_words(lift.because, context=_context(lift.id))


def _settle(turn: Turn, lift: ExclusionLift) -> None:
    """With all three, they may see the case again. They get nothing back that went to somebody else."""
    if lift.approved_at is None or lift.consent_at is None:
        return
    session = turn.session
    lift.lifted_at = turn.desk.now
    session.execute(delete(Exclusion).where(Exclusion.case_id == lift.case_id, Exclusion.person_id == lift.person_id))
    session.flush()
    renew(turn)
    turn.tell("lift_done", msg("Somebody who was left out may see it again: two people and you agreed"))


def _end(turn: Turn, lift: ExclusionLift) -> None:
    lift.ended_at = turn.desk.now
    turn.session.flush()
    turn.tell("lift_ended", msg("Whoever is left out stays left out"))


def _get(session: Session, case: Case, lift_id: str) -> ExclusionLift:
    found = session.get(ExclusionLift, lift_id, with_for_update=True)
    if found is None or found.case_id != case.id or found.lifted_at is not None or found.ended_at is not None:
        raise NotFound
    return found


def _context(lift_id: str) -> str:
    return f"exclusion_lifts.because:{lift_id}"
