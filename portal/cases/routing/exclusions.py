"""Who must not receive something, before anybody asks who should (routing.md D1). Nothing later weighs against it.

Whoever is barred here gets no row, count, letter or search hit; nobody tells them that they are. Who said that there is
a conflict makes no difference. A conflict is lifted by two other people together, and only if the reporter agrees.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.cases.routing.people import UNION_OFFICES, Office, World
from portal.cases.routing.units import Unit, is_small
from portal.core.text import Locale

ENOUGH_TO_LIFT = 2


class Kind(StrEnum):
    """What is sent."""

    CONCERN = "concern"
    UNLISTED = "unlisted"  # a tool that is in no register
    ACCESS = "access"
    REVIEW = "review"
    COMPLAINT = "complaint"


class Source(StrEnum):
    """Who said that somebody has a conflict."""

    REPORTER = "reporter"
    SELF = "self"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody must not be near this, because somebody said so."""

    person_id: str
    source: Source
    lifted_by: frozenset[str] = frozenset()
    reporter_agrees: bool = False

    @property
    def stands(self) -> bool:
        """Two people lift it, neither of them the person themself, and the reporter has to agree."""
        return not (self.reporter_agrees and len(self.lifted_by - {self.person_id}) >= ENOUGH_TO_LIFT)


@dataclass(frozen=True, slots=True)
class Affair:
    """One thing that goes somewhere, as far as that matters. ``body_id`` is accountable for the decision it is about.

    ``about`` are offices: a concern about the responsible manager is never theirs. ``handled`` had a hand in what a
    complaint is about, or worked on the review of a decision. ``branch_id``: a union was chosen; ``union_alone``: and
    nobody else reads it.
    """

    kind: Kind
    body_id: str
    system_id: str | None = None
    matter: str | None = None
    sender_id: str | None = None
    conflicts: tuple[Conflict, ...] = ()
    chain: frozenset[str] = frozenset()  # took, approved, configured or reviewed the decision
    about: frozenset[Office] = frozenset()
    handled: frozenset[str] = frozenset()
    looked: frozenset[str] = frozenset()  # looked at it before, in another seat
    live_with: frozenset[str] = frozenset()  # stand in another open case with who sent it, on either side
    lang: Locale = Locale.EN
    branch_id: str | None = None
    beside: frozenset[str] = frozenset()  # representatives who stand beside the sender by name
    union_alone: bool = False
    is_urgent: bool = False
    unit: Unit | None = None  # whom it could come from


class Ban(StrEnum):
    """Why somebody must not receive something."""

    OWN = "own"
    NAMED = "named"  # the reporter left them out
    DECLARED = "declared"  # they said so themselves
    FOUND = "found"  # the portal, or an officer, saw it
    LINE = "line"  # directly above or below somebody whom it concerns
    TIED = "tied"  # of their household, or with a declared interest
    OVER_REPRESENTATIVE = "over_representative"  # a representative who reads it works under them elsewhere
    CHAIN = "chain"
    SUBJECT = "subject"  # it is about them in their office
    HANDLED = "handled"
    UNIT = "unit"  # in the team of the few whom it could come from, or over them
    SUPPLIER = "supplier"
    ADMINISTRATOR = "administrator"
    LEFT = "left"


OF_SOURCE: Mapping[Source, Ban] = {
    Source.REPORTER: Ban.NAMED,
    Source.SELF: Ban.DECLARED,
    Source.SYSTEM: Ban.FOUND,
}
Barred = Mapping[str, frozenset[Ban]]


def bans(world: World, affair: Affair) -> Barred:
    """Everybody who must not receive it, with every reason."""
    found: dict[str, set[Ban]] = {}
    for person_id, ban in _all(world, affair):
        found.setdefault(person_id, set()).add(ban)
    return {person_id: frozenset(reasons) for person_id, reasons in found.items()}


def _all(world: World, affair: Affair) -> Iterator[tuple[str, Ban]]:
    yield from _own(affair)
    yield from _said(affair)
    yield from _at_hand(world, affair)
    yield from _near(world, affair)
    yield from _over_representatives(world, affair)
    yield from _never(world, affair)


def _own(affair: Affair) -> Iterator[tuple[str, Ban]]:
    if affair.sender_id is not None:
        yield affair.sender_id, Ban.OWN


def _said(affair: Affair) -> Iterator[tuple[str, Ban]]:
    """D1.1 and D1.6: what was said, by whomever."""
    for one in affair.conflicts:
        if one.stands:
            yield one.person_id, OF_SOURCE[one.source]


def _at_hand(world: World, affair: Affair) -> Iterator[tuple[str, Ban]]:
    """D1.2, and of a complaint who handled the matter (D2.12)."""
    for person_id in affair.chain:
        yield person_id, Ban.CHAIN
    for person_id in subjects(world, affair):
        yield person_id, Ban.SUBJECT
    if affair.kind is Kind.COMPLAINT:
        for person_id in affair.handled:
            yield person_id, Ban.HANDLED


def subjects(world: World, affair: Affair) -> frozenset[str]:
    """Whom it is about in their office. The deputies are not: one of them may have to answer it."""
    held = world.seats_of(affair.about, affair.body_id, system_id=affair.system_id, matter=affair.matter)
    return frozenset(seat.person_id for seat in held if not seat.is_deputy)


def feared(world: World, affair: Affair) -> frozenset[str]:
    """Those whose line and household are kept away with them: who was named by the reporter, and whom it is about."""
    named = {one.person_id for one in affair.conflicts if one.stands and one.source is Source.REPORTER}
    return subjects(world, affair) | named


def _near(world: World, affair: Affair) -> Iterator[tuple[str, Ban]]:
    """D1.1: their manager and who reports to them, one level; their household and declared interests, and the
    sender's own."""
    core = feared(world, affair)
    for person_id in _around(core, {one: world.standing(one).manager_ids for one in world.person_ids | core}):
        yield person_id, Ban.LINE
    tied = core | ({affair.sender_id} if affair.sender_id is not None else set())
    for person_id in _around(tied, {one: world.standing(one).tied_to for one in world.person_ids | tied}):
        yield person_id, Ban.TIED


def _around(core: frozenset[str], near: Mapping[str, frozenset[str]]) -> set[str]:
    """Who is one step away from somebody of the core, in either direction, whoever wrote the step down."""
    found = {other for one in core for other in near[one]}
    found |= {one for one, others in near.items() if others & core}
    return found - core


def _over_representatives(world: World, affair: Affair) -> Iterator[tuple[str, Ban]]:
    """D5.21: a representative is somebody's colleague as well, and who is over them there is over them in this."""
    branch = world.seats_of(UNION_OFFICES, affair.branch_id) if affair.branch_id is not None else []
    for person_id in {*affair.beside, *(seat.person_id for seat in branch)}:
        for manager_id in world.standing(person_id).manager_ids:
            yield manager_id, Ban.OVER_REPRESENTATIVE


def _never(world: World, affair: Affair) -> Iterator[tuple[str, Ban]]:
    """D1.7 and D1.8: the few whom it could come from, suppliers, administrators; and whoever has left."""
    unit = affair.unit if affair.unit is not None and is_small(affair.unit) else Unit(0)
    for person_id in world.person_ids:
        standing = world.standing(person_id)
        if standing.team_ids & unit.team_ids or person_id in unit.manager_ids:
            yield person_id, Ban.UNIT
        if standing.is_supplier:
            yield person_id, Ban.SUPPLIER
        if standing.is_administrator:
            yield person_id, Ban.ADMINISTRATOR
        if standing.has_left:
            yield person_id, Ban.LEFT


KEEPERS = frozenset({Ban.SUPPLIER, Ban.ADMINISTRATOR})
"""They receive nothing of a case. To be asked for the records that one keeps oneself is not to receive one."""


def may_search(person_id: str, barred: Barred, *, accused: frozenset[str]) -> bool:
    """D1.4: an accused manager searches nothing, and neither does anybody who is barred from what it is about."""
    return person_id not in accused and not barred.get(person_id, frozenset()) - KEEPERS
