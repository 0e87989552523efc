"""Several employers (routing.md D6): a person is not an employment, and each case binds to one accountable body.

Who else hears of it is a matter of arrangements between bodies, written down before, and never of the person's other
jobs: that somebody also works elsewhere is nobody's business there.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.cases.routing.exclusions import Kind
from portal.core.text import Bilingual, Message, msg
from portal.timelimits.events import Event


class Tie(StrEnum):
    """How two bodies stand to each other in something they share."""

    HOST = "host"  # the other runs the system for this body: tasks go there, cases do not
    JOINT = "joint"  # both are controllers: the one that is named answers, the other is informed
    AGENCY = "agency"  # this body is where the work is done, the other pays for it


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Something two bodies agreed: for one system, or for all (None). ``leads``: this body answers for both."""

    tie: Tie
    body_id: str
    other_id: str
    system_id: str | None = None
    leads: bool = True

    def covers(self, body_id: str, system_id: str | None) -> bool:
        return body_id == self.body_id and (self.system_id is None or self.system_id == system_id)


class Part(StrEnum):
    """What a body has to do with a case."""

    ACCOUNTABLE = "accountable"
    INFORMED = "informed"
    TASKS = "tasks"  # is asked for records, and sees no case
    CHILD = "child"  # a linked case of its own: what this body alone answers for


@dataclass(frozen=True, slots=True)
class Binding:
    """One body and its part in a case."""

    body_id: str
    part: Part


def bind(
    kind: Kind, body_ids: Sequence[str], arrangements: Iterable[Arrangement], system_id: str | None = None
) -> tuple[Binding, ...]:
    """The bodies of what somebody sends. ``body_ids`` is the body accountable for the decision; of an access request
    each employer that was asked, and each of them answers for itself.

    A joint controller that does not lead hands the case to the one that does.
    """
    ties = list(arrangements)
    found: dict[str, Part] = {}
    for body_id in body_ids:
        leader = _leader(body_id, system_id, ties)
        found[leader] = Part.ACCOUNTABLE
        for other_id, part in _others(kind, leader, system_id, ties):
            found.setdefault(other_id, part)
        if leader != body_id and kind is not Kind.CONCERN:
            found.setdefault(body_id, Part.INFORMED)
    return tuple(Binding(body_id, part) for body_id, part in found.items())


def _leader(body_id: str, system_id: str | None, ties: Iterable[Arrangement]) -> str:
    for tie in ties:
        if tie.tie is Tie.JOINT and not tie.leads and tie.covers(body_id, system_id):
            return tie.other_id
    return body_id


def _others(kind: Kind, body_id: str, system_id: str | None, ties: Iterable[Arrangement]) -> Iterator[tuple[str, Part]]:
    for tie in ties:
        if not tie.covers(body_id, system_id):
            continue
        if tie.tie is Tie.HOST and kind in {Kind.ACCESS, Kind.REVIEW}:
            yield tie.other_id, Part.TASKS
        if tie.tie is Tie.JOINT and kind is not Kind.CONCERN:
            yield tie.other_id, Part.INFORMED
        if tie.tie is Tie.AGENCY and kind in {Kind.ACCESS, Kind.REVIEW}:
            yield tie.other_id, Part.CHILD


@dataclass(frozen=True, slots=True)
class Moved:
    """An open case that goes to another body because people, or a whole body, did: its clock is the same."""

    case_id: str
    from_body_id: str
    to_body_id: str
    events: tuple[Event, ...]
    notice: Message


def move(
    case_id: str, events: Iterable[Event], from_body: tuple[str, Bilingual], to_body: tuple[str, Bilingual]
) -> Moved:
    """A transfer: no event is added or taken away, so every day stays, and the person is told."""
    notice = msg(
        "Your case moves with your work. Answered until now by: {old}. From now on by: {new}. No day of it changes",
        old=from_body[1],
        new=to_body[1],
    )
    return Moved(case_id, from_body[0], to_body[0], tuple(events), notice)


@dataclass(frozen=True, slots=True)
class Employment:
    """One of a person's engagements, as «who employs me?» explains it."""

    body: Bilingual
    paid_by: Bilingual | None = None


def who_employs(employments: Iterable[Employment]) -> tuple[Message, ...]:
    """Each engagement in a sentence: where the work is done answers for its systems, who pays for the pay."""
    return tuple(
        msg("You work at: {body}. It answers for the systems used there", body=one.body)
        if one.paid_by is None
        else msg(
            "You work at: {body}. It answers for the systems used there. Paid by, and asked about pay: {payer}",
            body=one.body,
            payer=one.paid_by,
        )
        for one in employments
    )
