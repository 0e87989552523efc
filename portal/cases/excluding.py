"""What the rule book adds to whom somebody left out (routing.md D1.1, D5.21), kept as rows so that every list obeys it.

Left out as well are the line manager of whoever the person named, and those who answer to them; the household and
declared interests of both; and the line manager of a representative who stands beside the person. A row that follows
from something goes when that does.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from portal.cases.affairs import affair_of
from portal.cases.models import Assignment, Case, Exclusion, ExclusionLift
from portal.cases.routing.exclusions import Affair, Ban, Source, bans, feared
from portal.cases.routing.people import Standing, World
from portal.cases.rules import Duty, ExclusionSource
from portal.cases.turn import Turn
from portal.cases.worlds import standings

DERIVED = frozenset({Ban.LINE, Ban.TIED, Ban.OVER_REPRESENTATIVE})


def renew(turn: Turn) -> tuple[str, ...]:
    """Write down who is left out with somebody, and take back what follows from nothing any more. Gives who is new,
    for the room to pass on what they held."""
    session, case = turn.session, turn.case
    wanted = find_derived(session, case, turn)
    rows = {one.person_id: one for one in session.scalars(select(Exclusion).where(Exclusion.case_id == case.id))}
    known = {person_id for person_id, row in rows.items() if row.is_derived}
    over = known - wanted
    if over:
        gone = delete(Exclusion).where(Exclusion.case_id == case.id, Exclusion.person_id.in_(sorted(over)))
        session.execute(gone.where(Exclusion.is_derived))
    new = tuple(sorted(wanted - set(rows)))
    for person_id in new:
        session.add(
            Exclusion(
                case_id=case.id,
                person_id=person_id,
                source=ExclusionSource.SYSTEM,
                declared_at=turn.desk.now,
                is_derived=True,
            )
        )
        end_assignments(turn, person_id=person_id)
    if new or over:
        session.flush()
        turn.record("derived_exclusions")
    return new


def find_derived(session: Session, case: Case, turn: Turn) -> frozenset[str]:
    """Whom the rules keep away besides those whom somebody named; nobody whose exclusion was lifted, nor who asked."""
    affair = replace(affair_of(session, case), beside=_beside(session, case))
    core = feared(World(), affair) | affair.beside
    sender = {affair.sender_id} if affair.sender_id is not None else set()
    if not core | sender:
        return frozenset()
    people = standings(session, core | sender, today=turn.desk.today, core=core)
    barred = bans(World(people=people), affair)
    near = {person_id for person_id, reasons in barred.items() if reasons & DERIVED}
    return frozenset(near - sender - affair.beside - _said(affair) - _still_lifted(session, case, affair, people))


def end_assignments(turn: Turn, *, duty: Duty | None = None, person_id: str | None = None) -> None:
    """Whoever holds a duty in the case holds it no longer: all of one duty, or all of one person."""
    ending = update(Assignment).where(Assignment.case_id == turn.case.id, Assignment.ended_at.is_(None))
    if duty is not None:
        ending = ending.where(Assignment.duty == duty)
    if person_id is not None:
        ending = ending.where(Assignment.person_id == person_id)
    turn.session.flush()
    turn.session.execute(ending.values(ended_at=turn.desk.now))


def _said(affair: Affair) -> frozenset[str]:
    """Who is left out because somebody said so stays so by that."""
    return frozenset(one.person_id for one in affair.conflicts if one.source is not Source.SYSTEM)


def _beside(session: Session, case: Case) -> frozenset[str]:
    asked = select(Assignment.person_id).where(
        Assignment.case_id == case.id, Assignment.duty == Duty.REPRESENTATIVE, Assignment.ended_at.is_(None)
    )
    return frozenset(session.scalars(asked))


def list_lifted(session: Session, case: Case) -> frozenset[str]:
    """Whose exclusion two people and the person whose case it is lifted."""
    return frozenset(_lifts(session, case))


def _lifts(session: Session, case: Case) -> dict[str, datetime]:
    asked = select(ExclusionLift.person_id, func.max(ExclusionLift.lifted_at)).where(
        ExclusionLift.case_id == case.id, ExclusionLift.lifted_at.is_not(None), ExclusionLift.ended_at.is_(None)
    )
    return {person_id: at for person_id, at in session.execute(asked.group_by(ExclusionLift.person_id)) if at}


def _still_lifted(session: Session, case: Case, affair: Affair, people: Mapping[str, Standing]) -> frozenset[str]:
    """Those of them who are not near to somebody whom that person left out later: they agreed to nothing about that."""
    found: set[str] = set()
    for person_id, lifted_at in _lifts(session, case).items():
        since = select(Exclusion.person_id).where(Exclusion.case_id == case.id, Exclusion.declared_at > lifted_at)
        later = set(session.scalars(since))
        named = tuple(one for one in affair.conflicts if one.person_id in later)
        barred = bans(World(people=people), replace(affair, conflicts=named, beside=frozenset(), sender_id=None))
        if not barred.get(person_id, frozenset()) & DERIVED:
            found.add(person_id)
    return frozenset(found)
