"""What readers see in place of the register's code words. Each is said in the reader's language when shown."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from portal.core.text import Message, msg, pmsg
from portal.directory.rules import EngagementKind
from portal.register.desk_words import DESK_WORDS
from portal.register.rules import (
    AssessmentKind,
    Automation,
    ConsultationState,
    Position,
    Strength,
    SystemKind,
    SystemState,
)
from portal.register.term_words import TERM_WORDS


def words(value: StrEnum) -> Message:
    """The words of a code word; KeyError for a kind of code word that is never shown."""
    return _WORDS[type(value)][value]


_STATES = {
    SystemState.REPORTED: pmsg("state of a system", "Reported, not yet on the register"),
    SystemState.PROPOSED: pmsg("state of a system", "Proposed"),
    SystemState.READINESS: pmsg("state of a system", "Is it needed, and are we ready?"),
    SystemState.IN_CONSULTATION: pmsg("state of a system", "In consultation"),
    SystemState.ASSESSMENT: pmsg("state of a system", "Being assessed"),
    SystemState.REJECTED: pmsg("state of a system", "Turned down"),
    SystemState.APPROVED: pmsg("state of a system", "Approved, not yet in use"),
    SystemState.BUILD_OR_BUY: pmsg("state of a system", "Being built or bought"),
    SystemState.PILOT: pmsg("state of a system", "In trial"),
    SystemState.EMERGENCY: pmsg("state of a system", "In use in an emergency, for a short time"),
    SystemState.LIVE: pmsg("state of a system", "In use"),
    SystemState.CHANGE_PROPOSED: pmsg("state of a system", "In use, change proposed"),
    SystemState.UNDER_REVIEW: pmsg("state of a system", "In use, under review"),
    SystemState.SUSPENDED: pmsg("state of a system", "Switched off for now"),
    SystemState.RETIRING: pmsg("state of a system", "In use, being retired"),
    SystemState.RETIRED: pmsg("state of a system", "Retired"),
}

_SYSTEM_KINDS = {
    SystemKind.ROSTERING: pmsg("kind of system", "Rosters and shifts"),
    SystemKind.TASK_ALLOCATION: pmsg("kind of system", "Giving out work"),
    SystemKind.PERFORMANCE: pmsg("kind of system", "Watching how people do their work"),
    SystemKind.PRODUCTIVITY: pmsg("kind of system", "Targets and pace of work"),
    SystemKind.ABSENCE: pmsg("kind of system", "Attendance and absence"),
    SystemKind.RECRUITMENT: pmsg("kind of system", "Choosing whom to employ"),
    SystemKind.PROMOTION: pmsg("kind of system", "Promotion and pay"),
    SystemKind.DISCIPLINE: pmsg("kind of system", "Discipline and warning flags"),
    SystemKind.TRAINING: pmsg("kind of system", "Training"),
    SystemKind.LOCATION: pmsg("kind of system", "Where people are"),
    SystemKind.BIOMETRIC: pmsg("kind of system", "Doors and working time by face, finger or voice"),
    SystemKind.COMMUNICATIONS: pmsg("kind of system", "Watching messages and calls"),
    SystemKind.WELLBEING: pmsg("kind of system", "Working out how people feel"),
    SystemKind.GENERATIVE: pmsg("kind of system", "Writing and answering assistant"),
    SystemKind.TRANSLATION: pmsg("kind of system", "Translating and writing down speech"),
    SystemKind.FORECASTING: pmsg("kind of system", "Forecasting and planning"),
    SystemKind.OTHER: pmsg("kind of system", "Something else"),
}

_STRENGTHS = {
    Strength.DECIDES: pmsg("what a system does", "Makes decisions about you"),
    Strength.INFLUENCES: pmsg("what a system does", "Influences decisions about you"),
    Strength.MONITORS: pmsg("what a system does", "Monitors your work"),
    Strength.ASSISTS: pmsg("what a system does", "Helps you in your work"),
    Strength.SOURCE_ONLY: pmsg("what a system does", "Uses data about you"),
}

_KINDS = {
    EngagementKind.EMPLOYEE: pmsg("kind of contract", "Employee, permanent"),
    EngagementKind.FIXED_TERM: pmsg("kind of contract", "Employee, fixed term"),
    EngagementKind.BANK: pmsg("kind of contract", "Bank or casual worker"),
    EngagementKind.AGENCY: pmsg("kind of contract", "Agency worker"),
    EngagementKind.CONTRACTOR: pmsg("kind of contract", "Contractor"),
    EngagementKind.VOLUNTEER: pmsg("kind of contract", "Volunteer"),
    EngagementKind.TRAINEE: pmsg("kind of contract", "Trainee, apprentice or student on placement"),
    EngagementKind.APPLICANT: pmsg("kind of contract", "Applying for a job"),
    EngagementKind.FORMER: pmsg("kind of contract", "Used to work there"),
}

_AUTOMATION = {
    Automation.INFORMS: msg("It only advises: it shows information to a person, who decides."),
    Automation.RANKS_OR_FLAGS: msg("It only advises: it ranks or flags, and a person decides."),
    Automation.RECOMMENDS: msg("It only advises: it recommends an outcome, and a person decides."),
    Automation.DECIDES_UNLESS_STOPPED: msg("It decides: the outcome stands unless a person stops it."),
    Automation.DECIDES_ALONE: msg("It decides: no person looks before the outcome takes effect."),
}

_POSITIONS = {
    Position.AGREED: pmsg("position of a union", "Agreed"),
    Position.AGREED_WITH_CONDITIONS: pmsg("position of a union", "Agreed, with conditions"),
    Position.NOT_AGREED: pmsg("position of a union", "Did not agree"),
    Position.NO_RESPONSE: pmsg("position of a union", "Has not answered"),
    Position.NOT_ASKED: pmsg("position of a union", "Was not asked"),
}

_CONSULTATION = {
    ConsultationState.NOT_STARTED: pmsg("state of consultation", "Not started"),
    ConsultationState.OPEN: pmsg("state of consultation", "Under way"),
    ConsultationState.CLOSED: pmsg("state of consultation", "Finished"),
}

_ASSESSMENTS = {
    AssessmentKind.DPIA: msg("Data protection impact assessment"),
    AssessmentKind.EQUALITY: msg("Equality impact assessment"),
    AssessmentKind.WELSH: msg("Welsh-language impact assessment"),
    AssessmentKind.FAIR_WORK: msg("Fair work assessment"),
    AssessmentKind.HEALTH_SAFETY: msg("Health and safety assessment"),
    AssessmentKind.SECURITY: msg("Security assessment"),
    AssessmentKind.BIAS: msg("Audit of bias"),
    AssessmentKind.WORKPLACE_AI: msg("Assessment of the risks of AI at work"),
    AssessmentKind.FUNDAMENTAL_RIGHTS: msg("Fundamental rights impact assessment"),
    AssessmentKind.FUTURE_GENERATIONS: msg("Well-being of future generations assessment"),
}

_WORDS: Mapping[type[StrEnum], Mapping[Any, Message]] = {
    SystemState: _STATES,
    SystemKind: _SYSTEM_KINDS,
    Strength: _STRENGTHS,
    EngagementKind: _KINDS,
    Automation: _AUTOMATION,
    Position: _POSITIONS,
    ConsultationState: _CONSULTATION,
    AssessmentKind: _ASSESSMENTS,
    **TERM_WORDS,
    **DESK_WORDS,
}
