"""The code words that a record of the second standard may use, beside those in ``rules``."""

from enum import StrEnum


class Standard(StrEnum):
    """Which definitions of fields a record was written to. A later standard never changes what an earlier one meant."""

    FIRST = "porth-fields/1"
    SECOND = "porth-fields/2"

    @property
    def rank(self) -> int:
        return _STANDARDS.index(self)


_STANDARDS = tuple(Standard)


class Audience(StrEnum):
    """Who may read a field. The portal's public pages are read by staff without signing in."""

    PUBLIC = "public"
    STAFF = "staff"
    UNION = "union"
    INTERNAL = "internal"


class DiffClass(StrEnum):
    """Whether a changed field changes something for the people a system affects."""

    MATERIAL = "material"
    MINOR = "minor"


class Stage(StrEnum):
    """From where in a system's life a field is needed."""

    PROPOSED = "proposed"
    CONSULTATION = "consultation"
    LIVE = "live"
    RETIRED = "retired"
    OPTIONAL = "optional"
    AUTO = "auto"
    AT_EXPORT = "at export"
    EACH_PUBLISH = "each publish"


class LanguageState(StrEnum):
    """How far one text of a draft has come in one language. What a machine wrote is never approved of itself."""

    NONE = "none"
    MACHINE = "machine"
    DRAFT = "draft"
    APPROVED = "approved"


class Origin(StrEnum):
    """What one language of a text was taken from when it was written."""

    PERSON = "person"
    TEMPLATE = "template"
    IMPORT = "import"
    MACHINE = "machine"


class AffectsScope(StrEnum):
    """Whether a system bears on people at work, on the public, or on both."""

    STAFF_ONLY = "staff_only"
    STAFF_AND_PUBLIC = "staff_and_public"
    PUBLIC_ONLY = "public_only"


class Technique(StrEnum):
    """How a system works out what it says."""

    RULES = "rules"
    STATISTICS = "statistics"
    MACHINE_LEARNING = "machine_learning"
    LANGUAGE_MODEL = "large_language_model"
    OPTIMISATION = "optimisation"
    VISION = "computer_vision"
    SPEECH = "speech"
    OTHER = "other"


class RiskClass(StrEnum):
    """How much a system can hurt; it sets how often the entry is looked at again."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def months_between_reviews(self) -> int:
        return {RiskClass.HIGH: 6, RiskClass.MEDIUM: 12, RiskClass.LOW: 24}[self]


class DataRole(StrEnum):
    """What a supplier is in the law of data protection (UK GDPR Art 4, 26, 28)."""

    CONTROLLER = "controller"
    PROCESSOR = "processor"
    JOINT = "joint"
    NONE = "none"


class Notice(StrEnum):
    """When a worker is told that a decision was made with a system."""

    BEFORE = "before"
    WITH_OUTCOME = "with_outcome"
    REGISTER_ONLY = "register_only"


class InterimRelief(StrEnum):
    """Whether a decision waits while a person looks at it again."""

    ON_REQUEST = "effect_paused_on_request"
    IF_SERIOUS = "paused_if_serious"
    NOT_POSSIBLE = "not_possible_because"


class Explanation(StrEnum):
    """How close to one person's case an explanation comes."""

    PER_DECISION = "per_decision"
    PER_GROUP = "per_group"
    GENERAL_ONLY = "general_only"


class SpecialCategory(StrEnum):
    """The kinds of data that UK GDPR Art 9 and 10 guard most."""

    RACE = "racial_or_ethnic_origin"
    POLITICS = "political_opinions"
    BELIEF = "religious_or_philosophical_beliefs"
    UNION = "trade_union_membership"
    GENETIC = "genetic"
    BIOMETRIC = "biometric_identification"
    HEALTH = "health"
    SEX_LIFE = "sex_life_or_orientation"
    OFFENCES = "criminal_offences"


class ExportMethod(StrEnum):
    """How a copy of an item of data is made for an access request."""

    SELF_SERVE = "self_serve"
    REPORT = "report"
    API = "api"
    MANUAL = "manual"


class Level(StrEnum):
    """How likely or how large something is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Aspect(StrEnum):
    """What about working life a measure watches."""

    PACE = "pace"
    HOURS = "hours"
    BREAKS = "breaks"
    WELLBEING = "wellbeing"
    ABSENCE = "sickness_absence"
    ERRORS = "errors"
    OVERRIDES = "overrides"
    OTHER = "other"


class TalkStage(StrEnum):
    """What a consultation with the unions was about."""

    PROPOSAL = "proposal"
    PROCUREMENT = "procurement"
    PILOT = "pilot"
    GO_LIVE = "go_live"
    CHANGE = "change"
    ANNUAL_REVIEW = "annual_review"
    RETIREMENT = "retirement"


class TimeUnit(StrEnum):
    """The unit of a length of time."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


class AtrsStatus(StrEnum):
    """How far publishing on GOV.UK has come."""

    NOT_IN_SCOPE = "not_in_scope_because"
    PLANNED = "planned"
    SENT = "sent"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Clearer(StrEnum):
    """Who has to be content before an entry goes to GOV.UK."""

    TEAM = "team"
    RESPONSIBLE = "sro"
    COMMUNICATIONS = "comms"
    UNION = "union"


class WithheldReason(StrEnum):
    """Why a field is not shown; each has its own words beside it."""

    SECURITY = "security"
    CRIME = "crime_prevention"
    COMMERCIAL = "commercial_confidence"
    PERSONAL = "personal_data"
    LEGAL = "legal_privilege"
    GAMING = "could_be_gamed"


class Organisation(StrEnum):
    """GOV.UK's kinds of organisation."""

    MINISTERIAL = "ministerial-department"
    NON_MINISTERIAL = "non-ministerial-department"
    AGENCY = "agency-or-public-body"
    LOCAL = "local-authority"
    DEVOLVED = "devolved-administration"
    HIGH_PROFILE = "high-profile-group"
    CORPORATION = "public-corporation"


class Function(StrEnum):
    """GOV.UK's functions of government."""

    GENERAL = "general-public-services"
    DEFENCE = "defence"
    ORDER = "public-order-and-safety"
    ECONOMY = "economic-affairs"
    ENVIRONMENT = "environmental-protection"
    HOUSING = "housing-and-community-amenities"
    HEALTH = "health"
    CULTURE = "recreation-culture-and-religion"
    EDUCATION = "education"
    SOCIAL = "social-protection"
    REGULATION = "regulation"


class Capability(StrEnum):
    """GOV.UK's capabilities of a tool."""

    VISION = "computer-vision"
    AUDITION = "computer-audition"
    LINGUISTICS = "computer-linguistics"
    ROBOTICS = "robotics"
    FORECASTING = "forecasting"
    DISCOVERY = "discovery"
    PLANNING = "planning"
    CREATION = "creation"
    ANALYSIS = "analysis"
    MANAGEMENT = "management"
    OTHER = "other"


class Region(StrEnum):
    """GOV.UK's regions that an entry of a Welsh body may name."""

    INTERNATIONAL = "international"
    UK = "uk"
    GREAT_BRITAIN = "great-britain"
    ENGLAND_AND_WALES = "england-and-wales"
    WALES = "wales"
