"""Small worlds for the rule book: one that has a person for every office, and random ones; and who is barred in them,
said a second time and in another way.
"""

from dataclasses import replace
from functools import cache
from random import Random

from portal.cases.routing.exclusions import Affair, Conflict, Kind, Source
from portal.cases.routing.people import UNION_OFFICES, Office, Seat, Standing, World, people_of
from portal.cases.routing.units import Unit
from portal.core.text import Bilingual, Locale

BODY, HOST, LENDER, BRANCH, OTHER_BRANCH = "board", "host", "lender", "branch", "other-branch"
ROTA, CABS = "rota", "cabs"
BOTH = frozenset(Locale)


def seat(person_id: str, office: Office, home: str = BODY, **more: object) -> Seat:
    """A seat whose post is its office and home."""
    post = Bilingual(f"{office} {home} cy", f"{office} {home}")
    return replace(Seat(person_id, office, home, post), **more)  # type: ignore[arg-type]


SEATS = (
    seat("head", Office.SYSTEM_MANAGER, system_id=ROTA),
    seat("deputy", Office.SYSTEM_MANAGER, system_id=ROTA, is_deputy=True),
    seat("director", Office.SYSTEM_MANAGER),
    seat("safety", Office.MATTER_OFFICER, matter="safety"),
    seat("safety-deputy", Office.MATTER_OFFICER, matter="safety", is_deputy=True),
    seat("outside", Office.INDEPENDENT),
    seat("chair", Office.AUDIT_CHAIR),
    seat("risk", Office.INFORMATION_RISK),
    seat("dpo", Office.DATA_PROTECTION),
    seat("dpo-deputy", Office.DATA_PROTECTION, is_deputy=True),
    seat("clerk", Office.REQUEST_HANDLER),
    seat("named", Office.NAMED_HANDLER),
    seat("reviewer-1", Office.REVIEWER),
    seat("reviewer-2", Office.REVIEWER),
    seat("reviewer-3", Office.REVIEWER, LENDER),
    seat("editor", Office.REGISTER),
    seat("night", Office.ON_CALL, place=1),
    seat("day", Office.ON_CALL, place=0),
    seat("translator", Office.TRANSLATOR),
    seat("host-head", Office.SYSTEM_MANAGER, HOST, system_id=ROTA),
    seat("host-outside", Office.INDEPENDENT, HOST),
    seat("rep-1", Office.REPRESENTATIVE, BRANCH),
    seat("rep-2", Office.REPRESENTATIVE, BRANCH),
    seat("secretary", Office.BRANCH_SECRETARY, BRANCH),
    seat("officer", Office.FULL_TIME_OFFICER, BRANCH),
    seat("other-rep", Office.REPRESENTATIVE, OTHER_BRANCH),
)


def world(*standings: Standing, seats: tuple[Seat, ...] = SEATS, hosted: bool = True) -> World:
    """Everybody in their office; only what differs from the plain is named. The translator reads both languages."""
    known = {"translator": Standing("translator", reads=BOTH), **people_of(standings)}
    return World(seats, known, lenders={BODY: (LENDER,)}, hosts={BODY: HOST} if hosted else {})


def named(*person_ids: str, source: Source = Source.REPORTER) -> tuple[Conflict, ...]:
    return tuple(Conflict(person_id, source) for person_id in person_ids)


def concern(**more: object) -> Affair:
    return replace(Affair(Kind.CONCERN, BODY, system_id=ROTA), **more)  # type: ignore[arg-type]


PEOPLE = [f"p{number}" for number in range(9)]
AT_BODY = [one for one in Office if one not in UNION_OFFICES]
SUBJECTS = ((ROTA, None), (CABS, None), (None, "safety"), (None, "other"))
UNITS = (None, Unit(7, frozenset({"ward"})), Unit(8, frozenset({"depot"})))


class Drawn:
    """A random world and what is sent in it: the same for the same number, in every run."""

    def __init__(self, number: int) -> None:
        self._dice = Random(number)
        self.number = number
        self.world = self._world()
        self.affair = self._affair()
        self.owner = self._dice.choice([None, *PEOPLE])
        self.holders = self.some(9)
        self.who = self._dice.choice(PEOPLE)

    def some(self, most: int) -> frozenset[str]:
        return frozenset(self._dice.sample(PEOPLE, self._dice.randint(0, most)))

    def _one_in(self, number: int) -> bool:
        return self._dice.randrange(number) == 0

    def _world(self) -> World:
        seats = tuple(self._seat() for _ in range(self._dice.randint(4, 16)))
        hosts = {BODY: HOST} if self._one_in(2) else {}
        return World(seats, people_of(map(self._standing, PEOPLE)), lenders={BODY: (LENDER,)}, hosts=hosts)

    def _standing(self, person_id: str) -> Standing:
        return Standing(
            person_id,
            manager_ids=self.some(1) - {person_id},
            tied_to=(self.some(1) if self._one_in(3) else frozenset()) - {person_id},
            team_ids=frozenset(self._dice.sample(["ward", "depot"], self._dice.randint(0, 1))),
            reads=self._dice.choice([BOTH, frozenset({Locale.EN})]),
            open_items=self._dice.randint(0, 3),
            is_away=self._one_in(3),
            is_supplier=self._one_in(9),
            is_administrator=self._one_in(9),
            has_left=self._one_in(9),
        )

    def _seat(self) -> Seat:
        of_union = self._one_in(4)
        office = self._dice.choice(sorted(UNION_OFFICES) if of_union else AT_BODY)
        home = self._dice.choice([BRANCH, BRANCH, OTHER_BRANCH] if of_union else [BODY, BODY, BODY, HOST, LENDER])
        return seat(
            self._dice.choice(PEOPLE),
            office,
            home,
            system_id=self._dice.choice([None, ROTA, CABS]) if office is Office.SYSTEM_MANAGER else None,
            matter="safety" if office is Office.MATTER_OFFICER else None,
            is_deputy=self._one_in(2),
            place=self._dice.randint(0, 2),
        )

    def _affair(self) -> Affair:
        system_id, matter = self._dice.choice(SUBJECTS)
        has_branch = self._one_in(2)
        return Affair(
            kind=self._dice.choice(list(Kind)),
            body_id=BODY,
            system_id=system_id,
            matter=matter,
            sender_id=self._dice.choice([None, *PEOPLE]),
            conflicts=tuple(self.conflict() for _ in range(self._dice.randint(0, 2))),
            chain=self.some(1),
            about=frozenset(self._dice.choice([[], [], [Office.SYSTEM_MANAGER], [Office.DATA_PROTECTION]])),
            handled=self.some(2),
            looked=self.some(1),
            live_with=self.some(2),
            lang=self._dice.choice(list(Locale)),
            branch_id=BRANCH if has_branch else None,
            union_alone=has_branch and self._one_in(3),
            is_urgent=self._one_in(2),
            unit=self._dice.choice(UNITS),
        )

    def conflict(self) -> Conflict:
        source = self._dice.choice(list(Source))
        return Conflict(self._dice.choice(PEOPLE), source, self.some(3), reporter_agrees=self._one_in(2))


@cache
def drawn_worlds() -> tuple[Drawn, ...]:
    """Enough of them that every reason of the book bars somebody whom a chain would have reached (a test counts)."""
    return tuple(Drawn(number) for number in range(200))


def must_not(place: World, affair: Affair, person: str) -> bool:
    """Whether somebody must not receive it: routing.md D1 read aloud, sentence by sentence."""
    own = place.standing(person)
    feared = [one for one in PEOPLE if is_feared(place, affair, one)]
    near = person not in feared and any(
        person in place.standing(one).manager_ids or one in own.manager_ids for one in feared
    )
    close = [*feared, *([affair.sender_id] if affair.sender_id else [])]
    tied = person not in close and any(person in place.standing(one).tied_to or one in own.tied_to for one in close)
    representatives = [one.person_id for one in place.seats if one.home == affair.branch_id]
    return (
        person == affair.sender_id
        or any(is_said(one) and one.person_id == person for one in affair.conflicts)
        or person in feared
        or near
        or tied
        or person in affair.chain
        or (affair.kind is Kind.COMPLAINT and person in affair.handled)
        or any(person in place.standing(one).manager_ids for one in representatives)
        or (affair.unit is not None and affair.unit.size <= 7 and bool(own.team_ids & affair.unit.team_ids))
        or own.is_supplier
        or own.is_administrator
        or own.has_left
    )


def is_said(conflict: Conflict) -> bool:
    others = [one for one in conflict.lifted_by if one != conflict.person_id]
    return len(others) < 2 or not conflict.reporter_agrees


def is_feared(place: World, affair: Affair, person: str) -> bool:
    """Named by the reporter, or it is about them in their office."""
    if any(is_said(one) and one.source is Source.REPORTER and one.person_id == person for one in affair.conflicts):
        return True
    return any(
        one.person_id == person
        and one.home == BODY
        and not one.is_deputy
        and one.office in affair.about
        and one.system_id in {None, affair.system_id}
        for one in place.seats
    )
