"""Who stands how to a case, what they may read, and which steps they may take. Plain values in and out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.authz.permissions import Permission, Subject, permits
from portal.core.text import Message
from portal.directory.rules import RoleName
from portal.identity.actor import Actor
from portal.identity.rules import AccountKind
from portal.timelimits.calendar import WorkingDays
from portal.timelimits.events import Event, EventKind
from portal.timelimits.rules import TimeLimit, access_request, complaint_case, review


class CaseKind(StrEnum):
    """What is asked for."""

    ACCESS = "access"
    REVIEW = "review"
    COMPLAINT = "complaint"


class Duty(StrEnum):
    """In which duty somebody is assigned."""

    HANDLER = "handler"
    REVIEWER = "reviewer"
    REPRESENTATIVE = "representative"


class ExclusionSource(StrEnum):
    """Who said that somebody must not be near a case; all have equal force (routing.md D1.6)."""

    REQUESTER = "requester"
    SELF = "self"
    SYSTEM = "system"  # the portal, or an officer of the body


class MessageKind(StrEnum):
    """What words in a case are."""

    QUESTION = "question"  # to the requester, waiting for a reply
    REPLY = "reply"  # from the requester or the representative
    LETTER = "letter"  # to the requester, asking nothing
    NOTE = "note"  # for the people who work on the case


class Relation(StrEnum):
    """How somebody stands to one case. The timeline shows it instead of a name."""

    REQUESTER = "requester"
    REPRESENTATIVE = "representative"
    OFFICER = "officer"  # data protection officer or request handler of the body
    REVIEWER = "reviewer"  # assigned to it
    RESPONSIBLE_MANAGER = "responsible_manager"  # of the system it is about
    OWNER = "owner"  # of a system: asked for the records of one decision, and nothing else of the review
    SEARCHER = "searcher"  # given one search of an access request, and nothing else of it
    PORTAL = "portal"  # because time passed


By = Actor | Relation
"""Who acts: a signed-in actor; ``Relation.REQUESTER`` who showed the ten words; ``Relation.PORTAL`` the sweep."""

PREFIXES: Mapping[CaseKind, str] = {CaseKind.ACCESS: "AC", CaseKind.REVIEW: "RV", CaseKind.COMPLAINT: "CP"}
OFFICERS: Mapping[CaseKind, Permission] = {
    CaseKind.ACCESS: Permission.ACCESS_QUEUE,
    CaseKind.REVIEW: Permission.REVIEW_ASSIGN,
    CaseKind.COMPLAINT: Permission.COMPLAINT_QUEUE,
}
"""With which permission for its body somebody is an officer of a case."""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """All that reading and acting depend on."""

    kind: CaseKind
    body_id: str
    system_id: str | None = None
    requester_person_id: str | None = None
    assigned: frozenset[tuple[str, Duty]] = frozenset()
    excluded: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a feature's step table.

    ``said`` is the line of the timeline; ``label`` is the words of its button. ``clock`` is what the step does to the
    clock on its day: in practice ``FINISHED``, for ``cases.correspondence`` writes the events of questions itself.
    """

    name: str
    froms: frozenset[str]
    to: str
    who: frozenset[Relation]
    said: Message
    label: Message | None = None
    clock: EventKind | None = None
    is_visible: bool = True

    @property
    def finishes(self) -> bool:
        """True if the clock stops for good."""
        return self.clock is EventKind.FINISHED


Steps = Mapping[str, Step]


@dataclass(frozen=True, slots=True)
class OwnAct:
    """What a requester can do with one press: its name in the form, what it does in words, its button."""

    name: str
    text: Message
    label: Message


def time_limit(
    kind: CaseKind, events: Sequence[Event], calendar: WorkingDays, *, as_at: date | None = None
) -> TimeLimit:
    """The clock of that kind of case. ``as_at`` counts an open question up to that day, where questions stop it."""
    if kind is CaseKind.ACCESS:
        return access_request(events, calendar, as_at=as_at)
    if kind is CaseKind.COMPLAINT:
        return complaint_case(events, calendar)
    return review(events, calendar)


def steps_of(*steps: Step) -> Steps:
    """A step table; two steps of one name are a mistake."""
    table = {step.name: step for step in steps}
    if len(table) != len(steps):
        raise ValueError("two steps have the same name")
    return table


def allowed(table: Steps, state: str, relations: Iterable[Relation]) -> tuple[Step, ...]:
    """The steps that somebody in these relations may take now. Pages make their buttons from this."""
    held = frozenset(relations)
    return tuple(step for step in table.values() if state in step.froms and step.who & held)


def officer_bodies(actor: Actor, kind: CaseKind) -> frozenset[str]:
    """The bodies whose cases of that kind the actor works on as an officer."""
    bodies = {held.body_id for held in actor.holdings if held.body_id is not None}
    return frozenset(body for body in bodies if permits(actor, OFFICERS[kind], Subject(body_id=body)))


def reviews_as_reviewer(actor: Actor) -> bool:
    """True if the actor may decide reviews at all; which ones, their assignments say."""
    return permits(actor, Permission.REVIEW_DECIDE)


def relations(by: By, facts: CaseFacts) -> frozenset[Relation]:
    """Every way in which somebody stands to a case.

    Somebody excluded stands in none. A requester is nothing but the requester, whatever roles they hold: nobody
    works on their own case.
    """
    if isinstance(by, Relation):
        return frozenset({by})
    if by.person_id in facts.excluded:
        return frozenset()
    if by.person_id == facts.requester_person_id:
        return frozenset({Relation.REQUESTER})
    held = {
        Relation.OFFICER: facts.body_id in officer_bodies(by, facts.kind) or works_on_complaint(by, facts),
        Relation.REVIEWER: is_reviewer(by, facts),
        Relation.RESPONSIBLE_MANAGER: is_responsible_manager(by, facts),
        Relation.REPRESENTATIVE: is_representative(by, facts),
    }
    return frozenset(relation for relation, holds in held.items() if holds)


ON_A_COMPLAINT = (Duty.HANDLER, Duty.REVIEWER)
"""Who handles a complaint, and who reads its outcome as the second person."""


def works_on_complaint(actor: Actor, facts: CaseFacts) -> bool:
    """Given this complaint by name, whatever roles they hold: about the officers of a body, somebody else decides."""
    is_theirs = any((actor.person_id, duty) in facts.assigned for duty in ON_A_COMPLAINT)
    return facts.kind is CaseKind.COMPLAINT and actor.kind is AccountKind.STAFF and is_theirs


def is_reviewer(actor: Actor, facts: CaseFacts) -> bool:
    """Assigned to this review, and still a reviewer."""
    return (
        facts.kind is CaseKind.REVIEW
        and (actor.person_id, Duty.REVIEWER) in facts.assigned
        and reviews_as_reviewer(actor)
    )


def is_responsible_manager(actor: Actor, facts: CaseFacts) -> bool:
    """Responsible for the system that a review is about; a review of no known system has none."""
    return (
        facts.kind is CaseKind.REVIEW
        and facts.system_id is not None
        and actor.holds(RoleName.RESPONSIBLE_MANAGER, body_id=facts.body_id, system_id=facts.system_id)
    )


def is_representative(actor: Actor, facts: CaseFacts) -> bool:
    """Signed in with a union's account and asked by the requester to stand beside them in this case."""
    return actor.kind is AccountKind.REPRESENTATIVE and (actor.person_id, Duty.REPRESENTATIVE) in facts.assigned


def may_read(by: By, facts: CaseFacts) -> bool:
    """The rule that ``cases.queries.readable`` says in SQL; a test compares the two in random worlds."""
    return bool(relations(by, facts))
