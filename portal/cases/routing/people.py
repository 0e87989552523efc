"""The world that the rules look at: who holds which office, who is near to whom, who is away. Plain values.

Sealed concerns are looked at with the same rules: the server knows the offices, not what was written or who wrote it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from portal.core.text import Bilingual, Locale


class Office(StrEnum):
    """What somebody does for a body, or for a union's branch, as far as it decides where something goes."""

    SYSTEM_MANAGER = "system_manager"  # responsible for a system, or for all of the body's
    INDEPENDENT = "independent"  # outside the line of management
    AUDIT_CHAIR = "audit_chair"  # chairs the audit committee: the last named human of a body
    INFORMATION_RISK = "information_risk"  # answers for information at the top of the body
    DATA_PROTECTION = "data_protection"
    REQUEST_HANDLER = "request_handler"
    NAMED_HANDLER = "named_handler"  # named for complaints about the data protection officers themselves
    REVIEWER = "reviewer"
    REGISTER = "register"
    MATTER_OFFICER = "matter_officer"  # receives concerns about one matter, by the body's own table
    ON_CALL = "on_call"
    TRANSLATOR = "translator"
    REPRESENTATIVE = "representative"
    BRANCH_SECRETARY = "branch_secretary"
    FULL_TIME_OFFICER = "full_time_officer"


UNION_OFFICES = frozenset({Office.REPRESENTATIVE, Office.BRANCH_SECRETARY, Office.FULL_TIME_OFFICER})
"""Held for a branch; every other office is held for a body."""
OFFICERS = (Office.DATA_PROTECTION, Office.REQUEST_HANDLER)
"""Who works on a body's requests."""
OUTSIDE_THE_CHAIN = frozenset({Office.INDEPENDENT, Office.AUDIT_CHAIR, Office.FULL_TIME_OFFICER})
"""Who stands outside the management that a concern may be about, and outside the branch that was silent."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody holds an office. ``home`` is the body's id, or the branch's.

    A deputy belongs to the office and not to its holder: they act in it whatever keeps the holder away.
    """

    person_id: str
    office: Office
    home: str
    post: Bilingual
    system_id: str | None = None  # None: for every system
    matter: str | None = None  # of a matter's officer
    is_deputy: bool = False
    place: int = 0  # in an order that the body or the branch gave

    @property
    def is_of_union(self) -> bool:
        return self.office in UNION_OFFICES

    def covers(self, system_id: str | None, matter: str | None) -> bool:
        """Whether the office is for this system and this matter. What is in no register has who answers for all."""
        if self.office is Office.MATTER_OFFICER:
            return self.matter == matter
        return self.system_id is None or self.system_id == system_id


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides about one person wherever they would come in."""

    person_id: str
    manager_ids: frozenset[str] = frozenset()  # one level up, in any of their engagements
    tied_to: frozenset[str] = frozenset()  # of one household, or with a declared interest in each other
    team_ids: frozenset[str] = frozenset()
    reads: frozenset[Locale] = frozenset({Locale.EN})
    open_items: int = 0
    is_away: bool = False
    is_supplier: bool = False  # engaged for another firm alone
    is_administrator: bool = False
    has_left: bool = False


@dataclass(frozen=True, slots=True)
class World:
    """Everybody who could come in. Who is named by a seat and has no standing stands plainly."""

    seats: tuple[Seat, ...] = ()
    people: Mapping[str, Standing] = field(default_factory=dict)
    lenders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # of a body: who lends it reviewers
    hosts: Mapping[str, str] = field(default_factory=dict)  # of a body: who runs its systems for it

    def standing(self, person_id: str) -> Standing:
        return self.people.get(person_id) or Standing(person_id)

    @property
    def person_ids(self) -> frozenset[str]:
        return frozenset(self.people) | {seat.person_id for seat in self.seats}

    def seats_of(
        self, offices: Collection[Office], home: str, *, system_id: str | None = None, matter: str | None = None
    ) -> list[Seat]:
        """Who holds one of these offices there: first holders before deputies, who is named for it before who answers
        for everything, then in the order that was given."""
        found = [seat for seat in self.seats if seat.office in offices and seat.home == home]
        return sorted(
            (seat for seat in found if seat.covers(system_id, matter)),
            key=lambda seat: (seat.is_deputy, seat.system_id is None, seat.place, seat.person_id, seat.office),
        )

    def without(self, person_id: str) -> "World":
        """The same world once somebody has left: they hold nothing, from this moment on."""
        left = replace(self.standing(person_id), has_left=True)
        seats = tuple(seat for seat in self.seats if seat.person_id != person_id)
        return replace(self, seats=seats, people={**self.people, person_id: left})


def people_of(standings: Iterable[Standing]) -> Mapping[str, Standing]:
    """Standings by person."""
    return {one.person_id: one for one in standings}
