"""To whom a review may be offered (routing.md D2.11): the body's own pool, and lent reviewers where it is too small."""

from portal.cases.routing.exclusions import Affair, bans
from portal.cases.routing.given import Given, Why, once_each
from portal.cases.routing.independence import Candidate, Matter, why_not_independent
from portal.cases.routing.people import OFFICERS, Office, Seat, World

ENOUGH_REVIEWERS = 2
"""A pool of fewer is helped out by the bodies with which that was agreed."""


def reviewers(world: World, affair: Affair) -> tuple[Given, ...]:
    """Everybody to whom it may be offered; with too few of them, those of bodies that lend theirs."""
    own = [Given(seat, Why.POOL) for seat in _pool(world, affair, affair.body_id)]
    if len({one.person_id for one in own}) >= ENOUGH_REVIEWERS:
        return once_each(own)
    lenders = world.lenders.get(affair.body_id, ())
    return once_each([*own, *(Given(seat, Why.LENT) for body in lenders for seat in _pool(world, affair, body))])


def _pool(world: World, affair: Affair, body_id: str) -> list[Seat]:
    """Those of one body who stand apart; whoever is barred does not, whatever their seat."""
    matter = matter_of(world, affair)
    return [
        seat
        for seat in world.seats_of([Office.REVIEWER], body_id)
        if why_not_independent(candidate_of(world, affair, seat.person_id), matter) is None
    ]


def candidate_of(world: World, affair: Affair, person_id: str) -> Candidate:
    """A reviewer, with what decides whether they stand apart."""
    standing = world.standing(person_id)
    held = [seat for seat in world.seats if seat.person_id == person_id]
    managed = [seat for seat in held if seat.office is Office.SYSTEM_MANAGER]
    with_sender = {affair.sender_id} if affair.sender_id is not None and person_id in affair.live_with else set()
    return Candidate(
        person_id=person_id,
        system_ids=frozenset(seat.system_id for seat in managed if seat.system_id is not None),
        has_all_systems=any(seat.system_id is None for seat in managed)
        or any(seat.office is Office.REGISTER for seat in held),
        team_ids=standing.team_ids,
        is_officer=any(seat.office in OFFICERS and seat.home == affair.body_id for seat in held),
        is_supplier=standing.is_supplier,
        live_with=frozenset(with_sender),
        manager_ids=standing.manager_ids,
    )


def matter_of(world: World, affair: Affair) -> Matter:
    """What a review is about, as far as independence goes."""
    sender = world.standing(affair.sender_id) if affair.sender_id is not None else None
    return Matter(
        system_id=affair.system_id,
        requester_person_id=affair.sender_id,
        requester_team_ids=sender.team_ids if sender else frozenset(),
        decision_chain=affair.chain,
        excluded=frozenset(bans(world, affair)) - affair.chain - {affair.sender_id or ""},
        looked=affair.looked,
        requester_manager_ids=sender.manager_ids if sender else frozenset(),
        chain_team_ids=frozenset().union(*(world.standing(one).team_ids for one in affair.chain)),
        handled=affair.handled,
    )
