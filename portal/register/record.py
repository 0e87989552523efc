"""The record of one version: what a body writes about a system, typed and checked, and its canonical JSON.

A draft may lack a language or a part. ``completeness.gaps`` lists what publishing still needs; a published record has
none. Every field is of a standard (``definitions``): what was published under the first stays as it is and readable.
"""

import hashlib
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Annotated, Self

from pydantic import StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from portal.directory.rules import EngagementKind
from portal.register import rules, terms
from portal.register.definitions import definitions, never_withheld
from portal.register.parts import (
    EMPTY,
    Accountability,
    Address,
    BiasAudit,
    Count,
    DevelopmentData,
    Duration,
    Essay,
    Line,
    Mailbox,
    Monitoring,
    OperationalData,
    Oversight,
    Paragraph,
    Part,
    People,
    Publication,
    Purpose,
    Rights,
    Risk,
    Sentence,
    Slug,
    Text,
    Title,
    Tool,
    Withheld,
)


class Supplier(Part):
    """Who made or runs the system, what for, and on what terms."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    product: Annotated[str, StringConstraints(max_length=120)] = ""
    role: Sentence = EMPTY
    company_number: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{8}$")] | None = None
    procurement: Paragraph = EMPTY
    data_access: Paragraph = EMPTY
    contract_ends_on: date | None = None
    exit_plan: Paragraph = EMPTY
    data_role: terms.DataRole | None = None
    hosting_country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None
    product_id: Slug | None = None
    product_version: Annotated[str, StringConstraints(max_length=60)] = ""


class DecisionPoint(Part):
    """One thing that gets decided about a worker, and where in it a person stands."""

    key: Slug
    title: Line
    automation: rules.Automation
    effect: rules.Effect
    solely_automated: bool
    what_happens: Text = EMPTY
    main_factors: tuple[Paragraph, ...] = ()
    human_point: Paragraph = EMPTY
    inputs_used: tuple[Slug, ...] = ()
    output_shown: Paragraph = EMPTY
    who_acts: Line = EMPTY
    time_to_stop: Duration | None = None
    notice: terms.Notice | None = None
    notice_words: Paragraph = EMPTY

    @model_validator(mode="after")
    def _alone_means_solely(self) -> Self:
        if self.solely_automated and not self.automation.decides:
            raise PydanticCustomError("advice_is_not_solely_automated", "")
        return self


class DataItem(Part):
    """One thing the system holds about a worker, and who finds it when a copy is asked for."""

    key: Slug
    label: Line
    category: rules.DataCategory
    special_category: bool = False
    inferred: bool = False
    source: Paragraph = EMPTY
    kept: Paragraph = EMPTY
    seen_by: Paragraph = EMPTY
    special_categories: tuple[terms.SpecialCategory, ...] = ()
    special_by_inference: bool = False
    where_held: Line = EMPTY
    search_owner: Line = EMPTY
    search_minutes: Count | None = None
    export_method: terms.ExportMethod | None = None
    export_words: Paragraph = EMPTY
    last_verified_on: date | None = None


class Affected(Part):
    """Whom it affects. What is left out means everybody: every place, every staff group, everybody at work."""

    body: Slug
    workplace: Slug | None = None
    staff_group: Slug | None = None
    contract_kinds: tuple[EngagementKind, ...] = ()
    strength: rules.Strength
    since: date
    until: date | None = None
    people: People | None = None
    role_codes: tuple[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9./-]{1,20}$")], ...] = ()

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.until is not None and self.until < self.since:
            raise PydanticCustomError("until_before_since", "")
        return self

    @property
    def kinds(self) -> frozenset[EngagementKind]:
        return frozenset(self.contract_kinds) or rules.AT_WORK


class UnionPosition(Part):
    """Where one union stands, in its own words."""

    union: Slug
    name: Line
    position: rules.Position
    given_on: date | None = None
    statement: Text | None = None
    employer_response: Text | None = None


class Consultation(Part):
    """The talk with the recognised unions about this version."""

    state: rules.ConsultationState
    opened_on: date | None = None
    closed_on: date | None = None
    summary: Paragraph = EMPTY
    positions: tuple[UnionPosition, ...] = ()
    stage: terms.TalkStage | None = None
    expert_support: Paragraph = EMPTY


NOT_STARTED = Consultation(state=rules.ConsultationState.NOT_STARTED)


class Assessment(Part):
    """An assessment, made or planned."""

    kind: rules.AssessmentKind
    state: rules.AssessmentState
    done_on: date | None = None
    review_on: date | None = None
    summary: Paragraph = EMPTY
    link: Address | None = None

    @model_validator(mode="after")
    def _done_has_a_day(self) -> Self:
        if (self.state is rules.AssessmentState.DONE) != (self.done_on is not None):
            raise PydanticCustomError("done_needs_its_day", "")
        return self


class Change(Part):
    """What this version changed, in plain words: before, now, and what it means for the people it affects."""

    change_class: rules.ChangeClass
    effective_on: date
    headline: Line
    before: Paragraph
    now: Paragraph
    what_changes_for_you: Paragraph


class Record(Part):
    """Everything a body says about a system in one version. What has a default may be missing from a draft."""

    name: Title = EMPTY
    also_known_as: tuple[Title, ...] = ()
    kinds: tuple[rules.SystemKind, ...] = ()
    state: rules.SystemState
    in_use_since: date | None = None
    one_sentence: Sentence = EMPTY
    summary: Paragraph = EMPTY
    what_it_does_to_you: Text = EMPTY
    what_it_never_does: tuple[Paragraph, ...] = ()
    how_you_will_know: Paragraph = EMPTY
    responsible: Line = EMPTY
    deputy: Line = EMPTY
    team: Line = EMPTY
    mailbox: Mailbox | None = None
    suppliers: tuple[Supplier, ...] = ()
    decision_points: tuple[DecisionPoint, ...] = ()
    data_items: tuple[DataItem, ...] = ()
    affected: tuple[Affected, ...] = ()
    human_oversight: Text = EMPTY
    consultation: Consultation = NOT_STARTED
    assessments: tuple[Assessment, ...] = ()
    last_confirmed_on: date | None = None
    next_review_on: date | None = None
    change: Change | None = None
    affects_scope: terms.AffectsScope | None = None
    third_party_involved: bool | None = None
    risk_class: terms.RiskClass | None = None
    accountability: Accountability = Accountability()
    purpose: Purpose = Purpose()
    oversight: Oversight = Oversight()
    rights: Rights = Rights()
    tool: Tool = Tool()
    development_data: DevelopmentData = DevelopmentData()
    operational_data: OperationalData = OperationalData()
    risks: tuple[Risk, ...] = ()
    bias_audits: tuple[BiasAudit, ...] = ()
    monitoring: Monitoring = Monitoring()
    collective_agreement: Line = EMPTY
    retired_on: date | None = None
    retirement_plan: Essay = EMPTY
    publication: Publication = Publication()
    withheld: tuple[Withheld, ...] = ()
    declared_none: tuple[str, ...] = ()
    standard: terms.Standard = terms.Standard.FIRST

    @model_validator(mode="after")
    def _parts_have_their_own_keys(self) -> Self:
        for name, keys in _keys(self):
            if len(keys) != len(set(keys)):
                raise PydanticCustomError("same_key_twice", "{part}", {"part": name})
        return self

    @model_validator(mode="after")
    def _data_items_named_elsewhere_exist(self) -> Self:
        known = {item.key for item in self.data_items}
        named = {key for point in self.decision_points for key in point.inputs_used} | set(self.rights.access_preset)
        if named - known:
            raise PydanticCustomError("no_such_data_item", "")
        return self

    @model_validator(mode="after")
    def _withheld_and_declared_fields_may_be(self) -> Self:
        told = definitions(self.standard)
        for withheld in self.withheld:
            if withheld.field not in told or never_withheld(told[withheld.field]):
                raise PydanticCustomError("may_not_be_withheld", "")
        for key in self.declared_none:
            if key not in told or not told[key].may_be_none:
                raise PydanticCustomError("may_not_be_none", "")
        return self

    @model_validator(mode="after")
    def _suppliers_and_the_answer_about_them_agree(self) -> Self:
        if self.third_party_involved is False and self.suppliers:
            raise PydanticCustomError("suppliers_but_no_third_party", "")
        return self

    def canonical(self) -> str:
        """The record as JSON, the same characters for the same record."""
        return self.model_dump_json(exclude_defaults=True)

    def for_next_version(self) -> Self:
        """What a new draft begins with: the newest standard, and its own change still to be told."""
        return self.model_copy(update={"change": None, "standard": terms.Standard.SECOND})

    def digest(self) -> bytes:
        """SHA-256 of the canonical JSON."""
        return digest_of(self.canonical())


@lru_cache(maxsize=256)
def read_record(canonical: str) -> Record:
    """A stored record; it was checked when it was stored. It never changes, so it is read once for the process."""
    return Record.model_validate_json(canonical)


def digest_of(canonical: str) -> bytes:
    """What a stored record must still hash to."""
    return hashlib.sha256(canonical.encode()).digest()


def _keys(record: Record) -> Iterator[tuple[str, list[str]]]:
    yield "decision_points", [point.key for point in record.decision_points]
    yield "data_items", [item.key for item in record.data_items]
    yield "rights.agreed", [right.key for right in record.rights.agreed]
    yield "risks", [risk.key for risk in record.risks]
    yield "bias_audits", [audit.key for audit in record.bias_audits]
    yield "monitoring.measures", [measure.key for measure in record.monitoring.measures]
    yield "monitoring.incidents", [incident.key for incident in record.monitoring.incidents]
    yield "tool.models", [model.name for model in record.tool.models]
