"""One case as the rule book sees it (``cases.routing``), and the world around it: what the directory knows, with who
still has an account and who has how much to do. Rooms add what only they know, and ask the book."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.cases.models import Assignment, Case, Exclusion
from portal.cases.routing.exclusions import Affair, Barred, Conflict, Kind, Source, bans
from portal.cases.routing.people import Seat, World
from portal.cases.rules import CaseKind, Duty, ExclusionSource
from portal.cases.worlds import world_of
from portal.core.text import Locale
from portal.identity.models import Account

KINDS: Mapping[CaseKind, Kind] = {
    CaseKind.ACCESS: Kind.ACCESS,
    CaseKind.REVIEW: Kind.REVIEW,
    CaseKind.COMPLAINT: Kind.COMPLAINT,
}
SOURCES: Mapping[ExclusionSource, Source] = {
    ExclusionSource.REQUESTER: Source.REPORTER,
    ExclusionSource.SELF: Source.SELF,
    ExclusionSource.SYSTEM: Source.SYSTEM,
}
WORKS: Mapping[CaseKind, Duty] = {
    CaseKind.ACCESS: Duty.HANDLER,
    CaseKind.REVIEW: Duty.REVIEWER,
    CaseKind.COMPLAINT: Duty.HANDLER,
}
"""In which duty somebody has a case of a kind on their hands."""


def affair_of(session: Session, case: Case) -> Affair:
    """What every case says of itself: whose it is, where it went, and who was left out of it, by whom."""
    left_out = session.execute(
        select(Exclusion.person_id, Exclusion.source).where(Exclusion.case_id == case.id).order_by(Exclusion.person_id)
    )
    return Affair(
        KINDS[case.kind],
        case.body_id,
        system_id=case.system_id,
        sender_id=case.requester_person_id,
        conflicts=tuple(Conflict(person_id, SOURCES[source]) for person_id, source in left_out),
        lang=Locale(case.locale),
    )


def world_about(
    session: Session,
    affair: Affair,
    *,
    today: date,
    bodies: Collection[str] = (),
    near: Collection[str] = (),
    seats: Sequence[Seat] = (),
    counting: CaseKind | None = None,
) -> World:
    """The world around an affair: its body's offices and those of ``bodies``, whoever is left out of it, who sent it,
    and who is ``near``; with ``seats`` that only a room knows. ``counting``: how many open cases of that kind everybody
    has."""
    homes = [affair.body_id, *(one for one in bodies if one != affair.body_id)]
    close = {*close_to(affair), *near, *(seat.person_id for seat in seats)}
    world = world_of(session, homes, today=today, branch_id=affair.branch_id, near=close)
    world = replace(world, seats=(*world.seats, *seats))
    seated = {seat.person_id for seat in world.seats}
    opened = Account.person_id.in_(sorted(seated)), Account.closed_at.is_(None)
    living = set(session.scalars(select(Account.person_id).where(*opened)))
    busy = _loads(session, seated, counting) if counting is not None else {}
    people = {
        one: replace(standing, has_left=one in seated and one not in living, open_items=busy.get(one, 0))
        for one, standing in world.people.items()
    }
    return replace(world, people=people)


def close_to(affair: Affair) -> frozenset[str]:
    """Those whose line, household or team the rules ask about."""
    named = {one.person_id for one in affair.conflicts} | affair.chain
    return frozenset(named | {affair.sender_id} if affair.sender_id is not None else named)


def barred_from(session: Session, case: Case, *, today: date, near: Collection[str] = ()) -> Barred:
    """Everybody who must not receive anything of a case, with the reasons."""
    affair = affair_of(session, case)
    return bans(world_about(session, affair, today=today, near=near), affair)


def _loads(session: Session, people: Collection[str], kind: CaseKind) -> dict[str, int]:
    """How many open cases each has. One that a colleague among them is left out of does not count: an order by it,
    or who gets the next, would tell that colleague of a case that they must not know of."""
    left_out = select(Exclusion.case_id).where(Exclusion.person_id.in_(sorted(people)))
    counted = session.execute(
        select(Assignment.person_id, func.count())
        .join(Case, Case.id == Assignment.case_id)
        .where(
            Assignment.person_id.in_(sorted(people)),
            Assignment.duty == WORKS[kind],
            Assignment.ended_at.is_(None),
            Case.kind == kind,
            Case.is_open,
            Case.id.not_in(left_out),
        )
        .group_by(Assignment.person_id)
    )
    return {person_id: number for person_id, number in counted}
