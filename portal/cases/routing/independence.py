"""Who may be given a review: pure rules of independence (routing.md D1.3)."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.core.text import Message, msg


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reviewer with what decides whether they stand apart from a decision."""

    person_id: str
    system_ids: frozenset[str] = frozenset()  # systems they are responsible for, or whose register entry they write
    has_all_systems: bool = False  # responsible for every system of their body
    team_ids: frozenset[str] = frozenset()  # the teams of their engagements
    is_officer: bool = False  # works on the requests of the body, and so reads the whole record of a decision
    is_supplier: bool = False  # engaged for another firm alone
    live_with: frozenset[str] = frozenset()  # persons with whom they stand in another open case, on either side
    manager_ids: frozenset[str] = frozenset()  # who is directly over them


@dataclass(frozen=True, slots=True)
class Matter:
    """What a review is about, as far as independence goes."""

    system_id: str | None
    requester_person_id: str | None
    requester_team_ids: frozenset[str] = frozenset()
    decision_chain: frozenset[str] = frozenset()  # persons who took, approved, configured or reviewed the decision
    excluded: frozenset[str] = frozenset()
    looked: frozenset[str] = frozenset()  # persons who looked at it before, in another seat
    requester_manager_ids: frozenset[str] = frozenset()  # who is directly over the one who asked
    chain_team_ids: frozenset[str] = frozenset()  # the teams of who took part in the decision
    handled: frozenset[str] = frozenset()  # worked on the review itself, for the body


def why_not_independent(candidate: Candidate, matter: Matter) -> Message | None:
    """The first reason why somebody is too close, or None. Who was left out is not told that they were."""
    if candidate.person_id == matter.requester_person_id:
        return msg("This is your own request")
    if candidate.person_id in matter.excluded:
        return msg("This review cannot be given to you")
    if candidate.person_id in matter.decision_chain | matter.handled:
        return msg("You took part in the decision")
    if matter.system_id is not None and (candidate.has_all_systems or matter.system_id in candidate.system_ids):
        return msg("You are responsible for the system")
    if candidate.team_ids & matter.requester_team_ids:
        return msg("You work in the same team as the person who asked")
    return _why_in_a_line(candidate, matter) or _why_too_close(candidate, matter)


def _why_in_a_line(candidate: Candidate, matter: Matter) -> Message | None:
    if candidate.team_ids & matter.chain_team_ids or candidate.manager_ids & matter.decision_chain:
        return msg("You work with, or for, somebody who took part in the decision")
    if candidate.person_id in matter.requester_manager_ids:
        return msg("You are the line manager of the person who asked")
    return None


def _why_too_close(candidate: Candidate, matter: Matter) -> Message | None:
    if candidate.person_id in matter.looked:
        return msg("You have looked at this review before")
    if candidate.is_officer:
        return msg("You work on such requests as an officer, and can read the records before a reviewer may")
    if candidate.is_supplier:
        return msg("You work here for another firm")
    if matter.requester_person_id is not None and matter.requester_person_id in candidate.live_with:
        return msg("You stand in another open case with the person who asked")
    return None


def independent(candidates: Iterable[Candidate], matter: Matter) -> list[Candidate]:
    """Those who may be offered the review, in the order given."""
    return [candidate for candidate in candidates if why_not_independent(candidate, matter) is None]
