"""Holds: while one stands, nothing of a request is deleted."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.queries import facts_of, workable
from portal.cases.rules import By, CaseKind, Relation
from portal.cases.turn import Desk, Turn, take_turn
from portal.core.errors import NotFound, Refused
from portal.core.text import Words, msg, pmsg
from portal.core.vault import Vault
from portal.directory.models import Person
from portal.directory.queries import list_role_holders
from portal.identity.actor import Actor
from portal.identity.models import Account
from portal.subject_access.after.rules import LONGEST_HOLD
from portal.subject_access.answering.queries import OFFICERS as OFFICER_ROLES
from portal.subject_access.models import LegalHold
from portal.subject_access.queries import hold_context
from portal.subject_access.searching.seconds import tell_seconds

OFFICERS = {Relation.OFFICER}
LOOK_AGAIN = pmsg("error", "The day to look at it again must be after today and within a year")


def set_hold(
    session: Session, by: By, case: Case, because: Words, review_on: date, form_id: str, *, desk: Desk
) -> LegalHold:
    """Keep everything of a request, for a reason. The form's id is that of the hold: a second POST gives the first."""
    turn = take_turn(session, by, case, OFFICERS, desk=desk)
    known = session.get(LegalHold, form_id)
    if known is not None:
        if known.case_id != case.id:
            raise NotFound
        return known
    if not desk.today < review_on <= desk.today + LONGEST_HOLD:
        raise Refused(LOOK_AGAIN)
    hold = LegalHold(
        id=form_id,
        case_id=case.id,
        because=desk.vault.seal(because, context=hold_context(form_id)),
        set_by=turn.account_id or "",
        set_at=desk.now,
        review_on=review_on,
    )
    session.add(hold)
    session.flush()
    turn.tell("hold_set", msg("Nothing of this request is deleted until further notice"), visible=False)
    return hold


def lift_hold(session: Session, by: By, case: Case, hold_id: str, *, desk: Desk) -> LegalHold:
    """Let the periods run out again; what is due is deleted with the next pass.

    Whoever set it lifts it alone. Of a colleague's hold the first officer only proposes that, and the second lifts it;
    whoever proposed it and was left out of the request since does not count.
    """
    turn, hold = _held(session, by, case, hold_id, desk)
    if hold.lifted_at is not None:
        return hold
    if turn.account_id == hold.set_by or _is_second(session, case, hold, turn.account_id):
        hold.lifted_at, hold.lifted_by = desk.now, turn.account_id
        turn.tell("hold_lifted", msg("A hold on deleting was lifted"), visible=False)
    elif hold.lift_by != turn.account_id:
        hold.lift_by, hold.lift_at = turn.account_id, desk.now
        turn.tell("propose_lift", msg("To lift a hold on deleting was proposed to a second person"), visible=False)
        tell_seconds(session, case, turn.account_id, desk=desk)
    return hold


def keep_hold(session: Session, by: By, case: Case, hold_id: str, *, desk: Desk) -> LegalHold:
    """Say no to lifting it, or take back that one proposed it."""
    turn, hold = _held(session, by, case, hold_id, desk)
    if hold.lifted_at is None and hold.lift_by is not None:
        hold.lift_by = hold.lift_at = None
        turn.tell("hold_kept", msg("A hold on deleting stays"), visible=False)
    return hold


def is_proposed(session: Session, case: Case, hold: LegalHold) -> bool:
    """Whether somebody who may still work on the request proposed to lift it."""
    if hold.lift_by is None:
        return False
    return session.get_one(Account, hold.lift_by).person_id not in facts_of(session, case).excluded


def list_standing(session: Session, actor: Actor) -> list[tuple[Case, LegalHold]]:
    """The holds of the requests that somebody works on, those to look at again soonest first."""
    found = (
        select(Case, LegalHold)
        .join(LegalHold, LegalHold.case_id == Case.id)
        .where(Case.kind == CaseKind.ACCESS, LegalHold.lifted_at.is_(None), workable(actor))
        .order_by(LegalHold.review_on, Case.reference)
    )
    return [(case, hold) for case, hold in session.execute(found)]


def open_reason(hold: LegalHold, vault: Vault) -> Words:
    """Why a hold was set."""
    return vault.open_words(hold.because, context=hold_context(hold.id))


def list_hold_listeners(session: Session, case: Case, hold: LegalHold, *, today: date) -> list[Person]:
    """Who set it while they may still work on the request, and the deputies; where nobody of them is left, the team."""
    facts = facts_of(session, case)
    kept_away = facts.excluded | {facts.requester_person_id}
    holders = [
        (holding, person)
        for role in OFFICER_ROLES
        for holding, person in list_role_holders(session, role=role, body_id=case.body_id, today=today)
        if person.id not in kept_away
    ]
    setter = session.get_one(Account, hold.set_by).person_id
    team = {person.id: person for _holding, person in holders}
    heard = {person.id: person for holding, person in holders if holding.is_deputy or person.id == setter}
    return sorted((heard or team).values(), key=lambda person: person.display_name)


def _held(session: Session, by: By, case: Case, hold_id: str, desk: Desk) -> tuple[Turn, LegalHold]:
    turn = take_turn(session, by, case, OFFICERS, desk=desk)
    hold = session.get(LegalHold, hold_id)
    if hold is None or hold.case_id != case.id:
        raise NotFound
    session.refresh(hold)
    return turn, hold


def _is_second(session: Session, case: Case, hold: LegalHold, account_id: str | None) -> bool:
    return hold.lift_by != account_id and is_proposed(session, case, hold)
