"""What each kind of case adds to its requester's page: joined here, because features do not know each other."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

from sqlalchemy.orm import Session

import portal.decision_review.page_parts as review
import portal.subject_access.page_parts as access
from portal.cases.models import Case
from portal.cases.rules import CaseKind, Step
from portal.web.anonymous import Visit


@dataclass(frozen=True, slots=True)
class Part:
    """A template to include and its values."""

    template: str
    values: dict[str, Any]


class PageParts(Protocol):
    """What a feature gives for the requester's page of its cases."""

    def requester_part(self, session: Session, visit: Visit, case: Case) -> tuple[str, dict[str, Any]] | None:
        """Outcome, download, letter: a template and its values, or nothing yet."""

    def reply_step(self, case: Case) -> Step | None:
        """The step that an answer takes, if it moves the case."""

    def withdraw_step(self, case: Case) -> Step | None:
        """The step of withdrawing, if it is open from here."""


PARTS: MappingProxyType[CaseKind, Any] = MappingProxyType({CaseKind.ACCESS: access, CaseKind.REVIEW: review})


def part_of(session: Session, visit: Visit, case: Case) -> Part | None:
    """The feature's part of a requester's page."""
    found = PARTS[case.kind].requester_part(session, visit, case)
    return Part(*found) if found is not None else None


def reply_step(case: Case) -> Step | None:
    step: Step | None = PARTS[case.kind].reply_step(case)
    return step


def withdraw_step(case: Case) -> Step | None:
    step: Step | None = PARTS[case.kind].withdraw_step(case)
    return step
