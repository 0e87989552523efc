"""Holds on a case that any room may set: while one stands, no room deletes anything of it."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.cases.models import Case, CaseHold
from portal.cases.turn import Desk
from portal.core import ids
from portal.core.text import Words
from portal.core.vault import Vault

CaseId = ColumnElement[str] | InstrumentedAttribute[str] | InstrumentedAttribute[str | None]


def is_held(case_id: CaseId) -> ColumnElement[bool]:
    """Whether a hold stands."""
    return exists().where(CaseHold.case_id == case_id, CaseHold.lifted_at.is_(None))


def was_ever_held(case_id: CaseId) -> ColumnElement[bool]:
    """Whether there was one, standing or lifted."""
    return exists().where(CaseHold.case_id == case_id)


def keep_for(session: Session, case_id: str, for_case: Case, *, desk: Desk) -> CaseHold:
    """Keep everything of a case while another one, about it, goes on. A second time gives the first hold."""
    known = session.scalars(
        select(CaseHold).where(
            CaseHold.case_id == case_id, CaseHold.for_case_id == for_case.id, CaseHold.lifted_at.is_(None)
        )
    ).one_or_none()
    if known is not None:
        return known
    hold = CaseHold(id=ids.new_id(), case_id=case_id, for_case_id=for_case.id, set_at=desk.now)
    session.add(hold)
    session.flush()
    return hold


def let_go_for(session: Session, for_case: Case, *, desk: Desk) -> int:
    """The matter is over: what was kept for it follows its own periods again."""
    lifted = session.scalars(
        update(CaseHold)
        .where(CaseHold.for_case_id == for_case.id, CaseHold.lifted_at.is_(None))
        .values(lifted_at=desk.now)
        .returning(CaseHold.id)
    )
    return len(lifted.all())


def set_hold(
    session: Session, case: Case, because: Words, review_on: date, *, hold_id: str, by: str, desk: Desk
) -> CaseHold:
    """Keep everything of a case for a reason, until somebody lifts it. The room asked who may."""
    hold = CaseHold(
        id=hold_id,
        case_id=case.id,
        because=desk.vault.seal(because, context=_context(hold_id)),
        set_by=by,
        set_at=desk.now,
        review_on=review_on,
    )
    session.add(hold)
    session.flush()
    return hold


def lift_hold(hold: CaseHold, *, by: str, desk: Desk) -> None:
    """Let the periods run out again. A hold that stands for another case goes with that case alone."""
    if hold.lifted_at is None and hold.for_case_id is None:
        hold.lifted_at, hold.lifted_by = desk.now, by


def list_own_holds(session: Session, case: Case) -> Sequence[CaseHold]:
    """The holds that somebody set for a reason, those that stand first."""
    found = select(CaseHold).where(CaseHold.case_id == case.id, CaseHold.because.is_not(None))
    return session.scalars(found.order_by(CaseHold.lifted_at.is_not(None), CaseHold.set_at.desc())).all()


def open_reason(hold: CaseHold, vault: Vault) -> Words:
    """Why a hold was set."""
    return vault.open_words(hold.because, context=_context(hold.id)) if hold.because is not None else Words("")


def _context(hold_id: str) -> str:
    return f"case_holds.because:{hold_id}"
