"""All that a gate looks at, and one thing that it finds missing. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from portal.core.text import Bilingual, Message
from portal.register.lifecycle.rules import REMINDED_DAYS, TRAINING_PERCENT
from portal.register.rules import AssessmentKind


class Question(StrEnum):
    """What is asked before anybody builds or buys (law.md 1.3: is it needed, is there another way, ready, secure)."""

    NEEDED = "needed"
    ALTERNATIVES = "alternatives"
    READY = "ready"
    SECURE = "secure"


class Trained(StrEnum):
    """Who has to have been trained before a system is used."""

    MANAGERS = "managers"
    REPRESENTATIVES = "representatives"
    STAFF = "staff"


class Where(StrEnum):
    """Where something that is missing is put right."""

    ENTRY = "entry"
    READINESS = "readiness"
    ROLES = "roles"
    UNIONS = "unions"
    NOTICE = "notice"
    STEPS = "steps"
    INCIDENTS = "incidents"


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing: what, in words, and where it is put right."""

    message: Message
    where: Where


@dataclass(frozen=True, slots=True)
class UnionFacts:
    """How far one recognised branch was heard: what it signed itself counts, and nothing that the employer wrote.

    Silence counts only with its evidence: asked on a day, with days to answer that are over, reminded, taken further
    in the union, and still without an answer. A branch that signs that it was not asked is not silent.
    """

    name: Bilingual
    has_answered: bool = False
    asked_on: date | None = None
    answers_by: date | None = None
    reminded_on: date | None = None
    escalated_on: date | None = None
    says_not_asked: bool = False

    @property
    def waits_until(self) -> date | None:
        """The last day on which an answer is waited for; None for a branch that was never asked."""
        if self.asked_on is None or self.answers_by is None:
            return None
        if self.reminded_on is None:
            return self.answers_by
        return max(self.answers_by, self.reminded_on + timedelta(days=REMINDED_DAYS))

    def is_silent(self, today: date) -> bool:
        """Asked, no answer, and everything done so that there could be one."""
        until = self.waits_until
        was_pressed = self.reminded_on is not None and self.escalated_on is not None
        return until is not None and until < today and was_pressed and not self.says_not_asked

    def is_recorded(self, today: date) -> bool:
        """Whether a gate may take it as recorded where this branch stands."""
        return self.has_answered or self.is_silent(today)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a gate looks at, as it stands on ``today``."""

    today: date
    is_published: bool = False
    unapproved: Mapping[str, int] = field(default_factory=dict)
    is_described: bool = False
    answered: frozenset[Question] = frozenset()
    has_manager: bool = False
    has_deputy: bool = False
    reviewers: int = 0
    lacking: int = 0
    decision_points: int = 0
    data_items: int = 0
    without_searcher: tuple[Bilingual, ...] = ()
    done_until: Mapping[AssessmentKind, date | None] = field(default_factory=dict)
    unions: tuple[UnionFacts, ...] = ()
    is_staff_asked: bool = False
    consultation_ends_on: date | None = None
    trained: Mapping[Trained, int] = field(default_factory=dict)
    training_percent: int = TRAINING_PERCENT
    has_jobs_statement: bool = False
    suppliers_without_exit: tuple[str, ...] = ()
    contracts_over: tuple[str, ...] = ()
    notice_on: date | None = None
    begins_on: date | None = None
    has_off_switch: bool = False
    was_in_use: bool = False
    emergencies: int = 0
    changed_on: date | None = None
    is_material: bool = False
    unmended_on: tuple[date, ...] = ()
    is_endless: bool = False
    has_end: bool = False
