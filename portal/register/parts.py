"""What a record is made of: texts in two languages with their limits, and the parts of the second standard.

Everything here may be left out of a draft: an empty text, an empty list and None all mean «not told yet».
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from portal.core.text import Bilingual, Locale
from portal.register import terms

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Mailbox = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]
Address = Annotated[str, StringConstraints(pattern=r"^https://\S+$", max_length=400)]
Count = Annotated[int, Field(ge=0, le=1_000_000_000)]
Percent = Annotated[int, Field(ge=0, le=100)]


class Part(BaseModel):
    """Any part of a record: unknown fields are faults, values are tidied, nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, hide_input_in_errors=True)


class Both(Part):
    """A text in both languages; in a draft one side may still be empty."""

    cy: str = ""
    en: str = ""

    def get(self, locale: Locale) -> str:
        return self.cy if locale is Locale.CY else self.en

    @property
    def bilingual(self) -> Bilingual:
        return Bilingual(self.cy, self.en)


def _at_most(limit: int) -> AfterValidator:
    def check(text: Both) -> Both:
        for language, words in (("cy", text.cy), ("en", text.en)):
            if len(words) > limit:
                raise PydanticCustomError("both_too_long", "{language}", {"language": language, "limit": limit})
        return text

    return AfterValidator(check)


def _said(limit: int) -> Any:
    """What the published JSON Schema says of a text: the most signs on each side."""
    return Field(json_schema_extra={"properties": {side: {"maxLength": limit} for side in ("cy", "en")}})


def _addresses(text: Both) -> Both:
    for language, address in (("cy", text.cy), ("en", text.en)):
        if address and (not address.startswith("https://") or any(sign.isspace() for sign in address)):
            raise PydanticCustomError("not_an_address", "{language}", {"language": language})
    return text


Line = Annotated[Both, _at_most(120), _said(120)]
Sentence = Annotated[Both, _at_most(160), _said(160)]
Paragraph = Annotated[Both, _at_most(600), _said(600)]
Text = Annotated[Both, _at_most(1500), _said(1500)]
Essay = Annotated[Both, _at_most(2500), _said(2500)]
Treatise = Annotated[Both, _at_most(5000), _said(5000)]
Title = Annotated[Both, _at_most(100), _said(100)]
BothAddresses = Annotated[Both, _at_most(400), AfterValidator(_addresses), _said(400)]
EMPTY = Both()


def _few(value: object) -> object:
    return "fewer_than_10" if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10 else value


People = Annotated[Annotated[int, Field(ge=10, le=2_000_000)] | Literal["fewer_than_10"], BeforeValidator(_few)]
"""A number of people; fewer than ten are never told apart."""


class Duration(Part):
    """A length of time."""

    amount: Annotated[int, Field(ge=0, le=1000)]
    unit: terms.TimeUnit


class JointController(Part):
    """Another body that answers for the data together with this one (UK GDPR Art 26)."""

    name: Line
    answers_for: Paragraph = EMPTY
    arrangement: Address | None = None


class Accountability(Part):
    """Who answers, beside the posts that every record names."""

    joint_controllers: tuple[JointController, ...] = ()
    operational_owner: Line = EMPTY


class LegalBasis(Part):
    """One law that the body relies on."""

    article: Line
    text: Paragraph = EMPTY
    link: BothAddresses = EMPTY


class Purpose(Part):
    """Why there is a system at all."""

    detailed_description: Treatise = EMPTY
    benefits: Essay = EMPTY
    previous_process: Essay = EMPTY
    alternatives_considered: Essay = EMPTY
    necessity: Essay = EMPTY
    proportionality: Essay = EMPTY
    less_intrusive_rejected_because: Essay = EMPTY
    legal_basis: tuple[LegalBasis, ...] = ()
    jobs_statement: Essay = EMPTY


class TrainingCoverage(Part):
    """How many of those who need training have had it, in per cent, on one day."""

    measured_on: date
    users: Percent
    managers: Percent
    representatives: Percent


class OffSwitch(Part):
    """Who can stop the system tonight, and how long that takes."""

    role: Line = EMPTY
    how: Paragraph = EMPTY
    within_minutes: Annotated[int, Field(ge=1, le=10_080)] | None = None


class Oversight(Part):
    """How people stand over a system, beside ``human_oversight``."""

    process_integration: Essay = EMPTY
    override_allowed_by: tuple[Line, ...] = ()
    overriders_are_protected: bool | None = None
    overrider_protection: Paragraph = EMPTY
    frequency_and_scale: Text = EMPTY
    decisions_per_month: Count | None = None
    people: People | None = None
    required_training: Text = EMPTY
    training: TrainingCoverage | None = None
    fallback: Paragraph = EMPTY
    off_switch: OffSwitch = OffSwitch()


class AgreedRight(Part):
    """A right beyond the statutory ones, agreed in this body for this system."""

    key: Slug
    text: Paragraph
    agreement: Line = EMPTY


class Rights(Part):
    """What a worker can do about a system."""

    appeals_and_review: Text = EMPTY
    service_standard_days: Annotated[int, Field(ge=1, le=60)] | None = None
    interim_relief: terms.InterimRelief | None = None
    interim_relief_words: Paragraph = EMPTY
    agreed: tuple[AgreedRight, ...] = ()
    explanation: terms.Explanation | None = None
    access_preset: tuple[Slug, ...] = ()
    objection_possible: bool | None = None
    objection_words: Paragraph = EMPTY
    opt_out_possible: bool | None = None
    opt_out_words: Paragraph = EMPTY


class Model(Part):
    """One model that a tool uses. Texts may stand in one language."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    version: Annotated[str, StringConstraints(max_length=60)] = ""
    task: Paragraph = EMPTY
    input: Paragraph = EMPTY
    output: Paragraph = EMPTY
    architecture: Paragraph = EMPTY
    performance: Text = EMPTY
    datasets_and_purposes: Text = EMPTY


class Tool(Part):
    """How it is built. Texts may stand in one language: English is never what keeps an entry back."""

    techniques: tuple[terms.Technique, ...] = ()
    off_the_shelf: bool | None = None
    architecture: Treatise = EMPTY
    input: Text = EMPTY
    output: Text = EMPTY
    maintenance: Text = EMPTY
    models: tuple[Model, ...] = ()
    source_code: Address | None = None


class DevelopmentData(Part):
    """What a tool was made from; blank for one bought off the shelf. Texts may stand in one language."""

    description: Text = EMPTY
    modality: Text = EMPTY
    quantities: Text = EMPTY
    sensitive_attributes: Text = EMPTY
    representativeness: Text = EMPTY
    cleaning: Text = EMPTY
    collection: Text = EMPTY
    access_and_storage: Text = EMPTY
    sharing_agreements: Text = EMPTY


class OperationalData(Part):
    """How the data at work is handled; what it is stands in the data items. Texts may stand in one language."""

    processing_methods: Text = EMPTY
    access_and_storage: Text = EMPTY
    sharing_agreements: Text = EMPTY


class Risk(Part):
    """One thing that can go wrong, who is hurt by it, and what is done about it."""

    key: Slug
    risk: Paragraph
    who_is_hurt: Line = EMPTY
    likelihood: terms.Level | None = None
    mitigation: Paragraph = EMPTY
    residual: terms.Level | None = None
    owner: Line = EMPTY
    review_on: date | None = None


class BiasAudit(Part):
    """One measurement of whether groups fare differently."""

    key: Slug
    done_on: date
    groups: Line = EMPTY
    metric: Line = EMPTY
    result: Paragraph = EMPTY
    action: Paragraph = EMPTY


class Measure(Part):
    """One thing about working life that is watched, before and now."""

    key: Slug
    aspect: terms.Aspect
    measure: Line
    baseline: Line = EMPTY
    latest: Line = EMPTY
    measured_on: date | None = None
    source: Line = EMPTY


class OverrideRate(Part):
    """How often people decide otherwise than the system says, in per cent."""

    percent: Percent
    measured_on: date


class Incident(Part):
    """Something that went wrong."""

    key: Slug
    happened_on: date
    what: Paragraph
    who_affected: Line = EMPTY
    fix: Paragraph = EMPTY
    told_staff_on: date | None = None


class Monitoring(Part):
    """How the effect on work is watched."""

    plan: Text = EMPTY
    measures: tuple[Measure, ...] = ()
    overrides: OverrideRate | None = None
    incidents: tuple[Incident, ...] = ()


class Clearance(Part):
    """Somebody was content with what goes to GOV.UK."""

    who: terms.Clearer
    on: date


class Publication(Part):
    """What publishing elsewhere needs, and where else to read about a system."""

    easy_read: BothAddresses = EMPTY
    website: BothAddresses = EMPTY
    atrs: terms.AtrsStatus | None = None
    atrs_reason: Paragraph = EMPTY
    atrs_url: Address | None = None
    functions: tuple[terms.Function, ...] = ()
    capabilities: tuple[terms.Capability, ...] = ()
    task: Annotated[str, StringConstraints(max_length=120)] = ""
    regions: tuple[terms.Region, ...] = (terms.Region.WALES,)
    organisation_type: terms.Organisation | None = None
    other_tags: tuple[Annotated[str, StringConstraints(min_length=1, max_length=60)], ...] = ()
    clearances: tuple[Clearance, ...] = ()


class Withheld(Part):
    """One field that is not shown, from whom, and why. Never a whole record."""

    field: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    audience: tuple[terms.Audience, ...] = (terms.Audience.PUBLIC, terms.Audience.STAFF)
    reason_code: terms.WithheldReason
    reason: Paragraph
    approved_by: Line
    review_by: date
