"""The words of the register and its pure decisions: what decides, what is in use, what a live system may not lack."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from portal.directory.rules import EngagementKind


class SystemState(StrEnum):
    """Where a system stands in its life. The order of the values is the order of the life."""

    REPORTED = "reported_unregistered"
    PROPOSED = "proposed"
    READINESS = "readiness"
    IN_CONSULTATION = "in_consultation"
    ASSESSMENT = "assessment"
    REJECTED = "rejected"
    APPROVED = "approved"
    BUILD_OR_BUY = "build_or_buy"
    PILOT = "pilot"
    EMERGENCY = "live_emergency"
    LIVE = "live"
    CHANGE_PROPOSED = "change_proposed"
    UNDER_REVIEW = "under_review"
    SUSPENDED = "suspended"
    RETIRING = "retiring"
    RETIRED = "retired"


IN_USE = frozenset(
    {
        SystemState.PILOT,
        SystemState.EMERGENCY,
        SystemState.LIVE,
        SystemState.CHANGE_PROPOSED,
        SystemState.UNDER_REVIEW,
        SystemState.RETIRING,
    }
)
"""The states in which a system affects people today. A suspended one is on the register and affects nobody."""

BEFORE_USE = frozenset(
    {
        SystemState.REPORTED,
        SystemState.PROPOSED,
        SystemState.READINESS,
        SystemState.IN_CONSULTATION,
        SystemState.ASSESSMENT,
        SystemState.REJECTED,
        SystemState.APPROVED,
        SystemState.BUILD_OR_BUY,
    }
)
"""The states before anybody is affected."""


class Strength(StrEnum):
    """How strongly a system bears on a group of people. The order of the values is the order of "affects me"."""

    DECIDES = "decides"
    INFLUENCES = "influences"
    MONITORS = "monitors"
    ASSISTS = "assists"
    SOURCE_ONLY = "source_only"

    @property
    def rank(self) -> int:
        return _RANKS[self]


_RANKS = {strength: rank for rank, strength in enumerate(Strength)}


class Automation(StrEnum):
    """How much a system does at one decision point, from least to most."""

    INFORMS = "informs"
    RANKS_OR_FLAGS = "ranks_or_flags"
    RECOMMENDS = "recommends"
    DECIDES_UNLESS_STOPPED = "decides_unless_stopped"
    DECIDES_ALONE = "decides_alone"

    @property
    def decides(self) -> bool:
        """True where the outcome stands unless a person steps in; the others only advise a person who decides."""
        return self in {Automation.DECIDES_UNLESS_STOPPED, Automation.DECIDES_ALONE}


class Effect(StrEnum):
    """What a decision does to a worker, in the body's own view (UK GDPR Art 22A speaks of the first two)."""

    LEGAL = "legal"
    SIMILARLY_SIGNIFICANT = "similarly_significant"
    NOTICEABLE = "noticeable"
    NONE = "none"


class SystemKind(StrEnum):
    """What sort of thing a system does to work."""

    ROSTERING = "rostering_shift"
    TASK_ALLOCATION = "task_allocation"
    PERFORMANCE = "performance_monitoring"
    PRODUCTIVITY = "productivity_targets"
    ABSENCE = "attendance_absence"
    RECRUITMENT = "recruitment_selection"
    PROMOTION = "promotion_pay"
    DISCIPLINE = "discipline_risk_flag"
    TRAINING = "training_recommendation"
    LOCATION = "location_tracking"
    BIOMETRIC = "biometric_time_access"
    COMMUNICATIONS = "communications_monitoring"
    WELLBEING = "wellbeing_inference"
    GENERATIVE = "generative_assistant"
    TRANSLATION = "translation_transcription"
    FORECASTING = "forecasting_planning"
    OTHER = "other"


class DataCategory(StrEnum):
    """What sort of thing an item of data says about a worker."""

    IDENTITY = "identity"
    CONTACT = "contact"
    PAY = "pay"
    HOURS = "hours"
    LOCATION = "location"
    BIOMETRIC = "biometric"
    HEALTH = "health"
    COMMS_CONTENT = "comms_content"
    COMMS_METADATA = "comms_metadata"
    PERFORMANCE = "performance"
    BEHAVIOUR = "behaviour"
    SCORE = "score"
    DEMOGRAPHIC = "demographic"
    UNION = "union_related"
    OTHER = "other"


class ConsultationState(StrEnum):
    """How far the talk with the recognised unions has come."""

    NOT_STARTED = "not_started"
    OPEN = "open"
    CLOSED = "closed"


class Position(StrEnum):
    """Where a union stands. Silence is not agreement."""

    AGREED = "agreed"
    AGREED_WITH_CONDITIONS = "agreed_with_conditions"
    NOT_AGREED = "not_agreed"
    NO_RESPONSE = "no_response"
    NOT_ASKED = "not_asked"


class AssessmentKind(StrEnum):
    """The assessments that a body makes of a system."""

    DPIA = "dpia"
    EQUALITY = "equality"
    WELSH = "welsh_language"
    FAIR_WORK = "fair_work"
    HEALTH_SAFETY = "health_safety"
    SECURITY = "security"
    BIAS = "algorithmic_bias_audit"
    WORKPLACE_AI = "workplace_ai_risk"
    FUNDAMENTAL_RIGHTS = "fria"
    FUTURE_GENERATIONS = "wellbeing_of_future_generations"


class AssessmentState(StrEnum):
    """Whether an assessment has been made. Why one is not needed stands in its summary."""

    PLANNED = "planned"
    DONE = "done"
    NOT_NEEDED = "not_needed"


class ChangeClass(StrEnum):
    """Whether a new version changes something for the people it affects."""

    MATERIAL = "material"
    MINOR = "minor"


AT_WORK = frozenset(EngagementKind) - {EngagementKind.APPLICANT, EngagementKind.FORMER}
"""Everybody who works for a body now: what an affected group means when it names no kind of contract."""


def phase_of(state: SystemState) -> str:
    """The phase in the words of the Algorithmic Transparency Recording Standard, version 4."""
    if state in BEFORE_USE:
        return "Pre-deployment"
    if state is SystemState.PILOT:
        return "Private Beta"
    return "Retired" if state is SystemState.RETIRED else "Production"


def is_overdue(next_review_on: date | None, *, today: date) -> bool:
    """True when the day by which the entry had to be looked at again has passed. One that was never set has not."""
    return next_review_on is not None and next_review_on < today


def kinds_written(kinds: Iterable[EngagementKind]) -> str:
    """Kinds of contract as one column keeps them: each between commas, so that a search for one finds no other."""
    return f",{','.join(sorted(kinds))},"


def kinds_read(written: str) -> frozenset[EngagementKind]:
    """The kinds of contract in a column."""
    return frozenset(map(EngagementKind, written.strip(",").split(",")))
