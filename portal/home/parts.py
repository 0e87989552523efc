"""What each kind of case adds to its requester's page: joined here, because features do not know each other."""

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Protocol

from sqlalchemy.orm import Session

import portal.complaints.page_parts as complaint
import portal.complaints.sharing as complaint_sharing
import portal.decision_review.page_parts as review
import portal.decision_review.sharing as review_sharing
import portal.subject_access.page_parts as access
from portal.cases.models import Case
from portal.cases.rules import By, CaseKind, OwnAct, Step
from portal.cases.speaking import Lines, Shared
from portal.cases.turn import Desk
from portal.web.anonymous import Visit


@dataclass(frozen=True, slots=True)
class Part:
    """A template to include and its values."""

    template: str
    values: dict[str, Any]


class PageParts(Protocol):
    """What a feature gives for the requester's page of its cases."""

    def requester_part(
        self, session: Session, visit: Visit, case: Case, by: By, may_receive: bool
    ) -> tuple[str, dict[str, Any]] | None:
        """Outcome, download, letter: a template and its values, or nothing yet. A representative may see less."""

    def reply_step(self, case: Case) -> Step | None:
        """The step that an answer takes, if it moves the case."""

    def withdraw_step(self, case: Case) -> Step | None:
        """The step of withdrawing, if it is open from here."""

    def own_acts(self, case: Case, today: date) -> tuple[OwnAct, ...]:
        """What else the requester can do with one press now."""

    def do_own_act(self, session: Session, by: By, case: Case, name: str, desk: Desk) -> None:
        """Do it. NotFound for what is not on offer."""


PARTS: MappingProxyType[CaseKind, Any] = MappingProxyType(
    {CaseKind.ACCESS: access, CaseKind.REVIEW: review, CaseKind.COMPLAINT: complaint}
)


SHARING: MappingProxyType[CaseKind, Any] = MappingProxyType(
    {CaseKind.REVIEW: review_sharing, CaseKind.COMPLAINT: complaint_sharing}
)
"""What a representative sees of a case; access requests have it on their own page."""


def shared_of(session: Session, visit: Visit, case: Case, parts: frozenset[Shared]) -> Part:
    """The feature's part of a representative's page: of what is shared and nothing else."""
    template, values = SHARING[case.kind].shared_part(session, visit, case, parts)
    return Part(template, values)


def lines_of(case: Case) -> Lines:
    """What the lines of its timeline tell of."""
    lines: Lines = SHARING[case.kind].LINES
    return lines


def shares_of(case: Case) -> tuple[Shared, ...]:
    """The parts that its person can share."""
    shares: tuple[Shared, ...] = SHARING[case.kind].SHARES
    return shares


def part_of(session: Session, visit: Visit, case: Case, by: By, may_receive: bool) -> Part | None:
    """The feature's part of a requester's page."""
    found = PARTS[case.kind].requester_part(session, visit, case, by, may_receive)
    return Part(*found) if found is not None else None


def reply_step(case: Case) -> Step | None:
    step: Step | None = PARTS[case.kind].reply_step(case)
    return step


def withdraw_step(case: Case) -> Step | None:
    step: Step | None = PARTS[case.kind].withdraw_step(case)
    return step


def own_acts(case: Case, today: date) -> tuple[OwnAct, ...]:
    acts: tuple[OwnAct, ...] = PARTS[case.kind].own_acts(case, today)
    return acts


def do_own_act(session: Session, by: By, case: Case, name: str, desk: Desk) -> None:
    PARTS[case.kind].do_own_act(session, by, case, name, desk)
