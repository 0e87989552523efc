"""What readers see in place of the code words of the full record, and of yes and no, each field in its own words."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

from portal.core.text import Message, nmsg, pmsg
from portal.register import terms
from portal.register.parts import Duration
from portal.register.rules import AssessmentState, ChangeClass, DataCategory, Effect


def duration_words(length: Duration) -> Message:
    """A length of time in words."""
    return replace(_UNITS[length.unit], values={"n": length.amount}, n=length.amount)


def yes_or_no(field: str, *, answer: bool) -> Message:
    """The answer to a yes-or-no field, in a whole statement; ``field`` is the last step of its path."""
    return _ANSWERS[field][0 if answer else 1]


_CATEGORIES = {
    DataCategory.IDENTITY: pmsg("category of data", "Identity"),
    DataCategory.CONTACT: pmsg("category of data", "Contact details"),
    DataCategory.PAY: pmsg("category of data", "Pay"),
    DataCategory.HOURS: pmsg("category of data", "Hours of work"),
    DataCategory.LOCATION: pmsg("category of data", "Location"),
    DataCategory.BIOMETRIC: pmsg("category of data", "Biometric data"),
    DataCategory.HEALTH: pmsg("category of data", "Health"),
    DataCategory.COMMS_CONTENT: pmsg("category of data", "What was said or written"),
    DataCategory.COMMS_METADATA: pmsg("category of data", "Who was in touch with whom, and when"),
    DataCategory.PERFORMANCE: pmsg("category of data", "Performance"),
    DataCategory.BEHAVIOUR: pmsg("category of data", "Behaviour"),
    DataCategory.SCORE: pmsg("category of data", "Score"),
    DataCategory.DEMOGRAPHIC: pmsg("category of data", "Age, sex and the like"),
    DataCategory.UNION: pmsg("category of data", "To do with a union"),
    DataCategory.OTHER: pmsg("category of data", "Other data"),
}

_EFFECTS = {
    Effect.LEGAL: pmsg("effect of a decision", "Changes what somebody is entitled to in law"),
    Effect.SIMILARLY_SIGNIFICANT: pmsg("effect of a decision", "As serious as a change in law would be"),
    Effect.NOTICEABLE: pmsg("effect of a decision", "Noticeable in daily work"),
    Effect.NONE: pmsg("effect of a decision", "No effect on the worker"),
}

_ASSESSMENT_STATES = {
    AssessmentState.PLANNED: pmsg("state of an assessment", "Planned"),
    AssessmentState.DONE: pmsg("state of an assessment", "Done"),
    AssessmentState.NOT_NEEDED: pmsg("state of an assessment", "Not needed"),
}

_CHANGE_CLASSES = {
    ChangeClass.MATERIAL: pmsg("class of change", "Changes something for the people it affects"),
    ChangeClass.MINOR: pmsg("class of change", "Changes nothing for the people it affects"),
}

_SCOPES = {
    terms.AffectsScope.STAFF_ONLY: pmsg("whom it affects", "People at work only"),
    terms.AffectsScope.STAFF_AND_PUBLIC: pmsg("whom it affects", "People at work and the public"),
    terms.AffectsScope.PUBLIC_ONLY: pmsg("whom it affects", "The public only"),
}

_TECHNIQUES = {
    terms.Technique.RULES: pmsg("technique", "Fixed rules"),
    terms.Technique.STATISTICS: pmsg("technique", "Statistics"),
    terms.Technique.MACHINE_LEARNING: pmsg("technique", "Machine learning"),
    terms.Technique.LANGUAGE_MODEL: pmsg("technique", "Large language model"),
    terms.Technique.OPTIMISATION: pmsg("technique", "Optimisation"),
    terms.Technique.VISION: pmsg("technique", "Computer vision"),
    terms.Technique.SPEECH: pmsg("technique", "Speech recognition"),
    terms.Technique.OTHER: pmsg("technique", "Another technique"),
}

_RISK_CLASSES = {
    terms.RiskClass.HIGH: pmsg("class of risk", "High: checked every six months"),
    terms.RiskClass.MEDIUM: pmsg("class of risk", "Medium: checked every year"),
    terms.RiskClass.LOW: pmsg("class of risk", "Low: checked every two years"),
}

_DATA_ROLES = {
    terms.DataRole.CONTROLLER: pmsg("role in data protection", "Controller: decides what the data is used for"),
    terms.DataRole.PROCESSOR: pmsg("role in data protection", "Processor: handles the data for the employer"),
    terms.DataRole.JOINT: pmsg("role in data protection", "Joint controller with the employer"),
    terms.DataRole.NONE: pmsg("role in data protection", "Handles no data about workers"),
}

_NOTICES = {
    terms.Notice.BEFORE: pmsg("when told", "Before the decision takes effect"),
    terms.Notice.WITH_OUTCOME: pmsg("when told", "With the outcome"),
    terms.Notice.REGISTER_ONLY: pmsg("when told", "In this register only"),
}

_RELIEFS = {
    terms.InterimRelief.ON_REQUEST: pmsg("interim relief", "The decision waits if you ask"),
    terms.InterimRelief.IF_SERIOUS: pmsg("interim relief", "The decision waits if its effect is serious"),
    terms.InterimRelief.NOT_POSSIBLE: pmsg("interim relief", "The decision cannot wait"),
}

_EXPLANATIONS = {
    terms.Explanation.PER_DECISION: pmsg("explanation", "For each decision"),
    terms.Explanation.PER_GROUP: pmsg("explanation", "For each group of people"),
    terms.Explanation.GENERAL_ONLY: pmsg("explanation", "In general only"),
}

_SPECIAL = {
    terms.SpecialCategory.RACE: pmsg("special category", "Racial or ethnic origin"),
    terms.SpecialCategory.POLITICS: pmsg("special category", "Political opinions"),
    terms.SpecialCategory.BELIEF: pmsg("special category", "Religious or philosophical beliefs"),
    terms.SpecialCategory.UNION: pmsg("special category", "Trade union membership"),
    terms.SpecialCategory.GENETIC: pmsg("special category", "Genetic data"),
    terms.SpecialCategory.BIOMETRIC: pmsg("special category", "Biometric data that identifies somebody"),
    terms.SpecialCategory.HEALTH: pmsg("special category", "Health"),
    terms.SpecialCategory.SEX_LIFE: pmsg("special category", "Sex life or sexual orientation"),
    terms.SpecialCategory.OFFENCES: pmsg("special category", "Criminal offences"),
}

_LEVELS = {
    terms.Level.HIGH: pmsg("level of risk", "High"),
    terms.Level.MEDIUM: pmsg("level of risk", "Medium"),
    terms.Level.LOW: pmsg("level of risk", "Low"),
}

_ASPECTS = {
    terms.Aspect.PACE: pmsg("aspect of work", "Pace of work"),
    terms.Aspect.HOURS: pmsg("aspect of work", "Hours"),
    terms.Aspect.BREAKS: pmsg("aspect of work", "Breaks"),
    terms.Aspect.WELLBEING: pmsg("aspect of work", "Wellbeing"),
    terms.Aspect.ABSENCE: pmsg("aspect of work", "Sickness absence"),
    terms.Aspect.ERRORS: pmsg("aspect of work", "Errors"),
    terms.Aspect.OVERRIDES: pmsg("aspect of work", "Decisions that people changed"),
    terms.Aspect.OTHER: pmsg("aspect of work", "Something else"),
}

_STAGES = {
    terms.TalkStage.PROPOSAL: pmsg("stage of consultation", "The proposal"),
    terms.TalkStage.PROCUREMENT: pmsg("stage of consultation", "Buying it"),
    terms.TalkStage.PILOT: pmsg("stage of consultation", "The trial"),
    terms.TalkStage.GO_LIVE: pmsg("stage of consultation", "Going live"),
    terms.TalkStage.CHANGE: pmsg("stage of consultation", "A change"),
    terms.TalkStage.ANNUAL_REVIEW: pmsg("stage of consultation", "The yearly review"),
    terms.TalkStage.RETIREMENT: pmsg("stage of consultation", "Retiring it"),
}

_WITHHELD_REASONS = {
    terms.WithheldReason.SECURITY: pmsg("reason to withhold", "Security"),
    terms.WithheldReason.CRIME: pmsg("reason to withhold", "Preventing crime"),
    terms.WithheldReason.COMMERCIAL: pmsg("reason to withhold", "Commercial confidence"),
    terms.WithheldReason.PERSONAL: pmsg("reason to withhold", "Personal data"),
    terms.WithheldReason.LEGAL: pmsg("reason to withhold", "Legal privilege"),
    terms.WithheldReason.GAMING: pmsg("reason to withhold", "The system could be gamed"),
}

_STANDARDS = {
    terms.Standard.FIRST: pmsg("standard of fields", "First standard"),
    terms.Standard.SECOND: pmsg("standard of fields", "Second standard"),
}

TERM_WORDS: Mapping[type[StrEnum], Mapping[Any, Message]] = {
    DataCategory: _CATEGORIES,
    Effect: _EFFECTS,
    AssessmentState: _ASSESSMENT_STATES,
    ChangeClass: _CHANGE_CLASSES,
    terms.AffectsScope: _SCOPES,
    terms.Technique: _TECHNIQUES,
    terms.RiskClass: _RISK_CLASSES,
    terms.DataRole: _DATA_ROLES,
    terms.Notice: _NOTICES,
    terms.InterimRelief: _RELIEFS,
    terms.Explanation: _EXPLANATIONS,
    terms.SpecialCategory: _SPECIAL,
    terms.Level: _LEVELS,
    terms.Aspect: _ASPECTS,
    terms.TalkStage: _STAGES,
    terms.WithheldReason: _WITHHELD_REASONS,
    terms.Standard: _STANDARDS,
}

_ANSWERS: Mapping[str, tuple[Message, Message]] = {
    "off_the_shelf": (
        pmsg("answer", "Bought as it is, off the shelf"),
        pmsg("answer", "Made or adapted for this employer"),
    ),
    "third_party_involved": (
        pmsg("answer", "Somebody from outside is involved"),
        pmsg("answer", "Nobody from outside is involved"),
    ),
    "solely_automated": (
        pmsg("answer", "It is solely automated"),
        pmsg("answer", "It is not solely automated"),
    ),
    "overriders_are_protected": (
        pmsg("answer", "Nobody may be blamed for deciding otherwise"),
        pmsg("answer", "Nothing protects those who decide otherwise"),
    ),
    "objection_possible": (pmsg("answer", "You can object"), pmsg("answer", "You cannot object")),
    "opt_out_possible": (pmsg("answer", "You can opt out"), pmsg("answer", "You cannot opt out")),
    "special_category": (
        pmsg("answer", "Special category data"),
        pmsg("answer", "Not special category data"),
    ),
    "special_by_inference": (
        pmsg("answer", "Something of a special category can be worked out from it"),
        pmsg("answer", "Nothing of a special category can be worked out from it"),
    ),
    "inferred": (
        pmsg("answer", "Worked out by the system"),
        pmsg("answer", "Not worked out by the system"),
    ),
}

_UNITS = {
    terms.TimeUnit.MINUTES: nmsg("{n} minute", "{n} minutes", 1),
    terms.TimeUnit.HOURS: nmsg("{n} hour", "{n} hours", 1),
    terms.TimeUnit.DAYS: nmsg("{n} day", "{n} days", 1),
    terms.TimeUnit.WORKING_DAYS: nmsg("{n} working day", "{n} working days", 1),
    terms.TimeUnit.WEEKS: nmsg("{n} week", "{n} weeks", 1),
    terms.TimeUnit.MONTHS: nmsg("{n} month", "{n} months", 1),
    terms.TimeUnit.YEARS: nmsg("{n} year", "{n} years", 1),
}
