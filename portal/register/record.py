"""The record of one version: what a body writes about a system, typed and checked, and its canonical JSON.

A draft may lack a language or a part. ``gaps`` lists what publishing still needs; a published record has none.
"""

import hashlib
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from portal.core.text import Bilingual, Locale
from portal.directory.rules import EngagementKind
from portal.register import rules

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Mailbox = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]
Address = Annotated[str, StringConstraints(pattern=r"^https://\S+$", max_length=400)]


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


Line = Annotated[Both, _at_most(120)]
Sentence = Annotated[Both, _at_most(160)]
Paragraph = Annotated[Both, _at_most(600)]
Text = Annotated[Both, _at_most(1500)]
Title = Annotated[Both, _at_most(100)]


class Supplier(Part):
    """Who made or runs the system, and what for."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    product: Annotated[str, StringConstraints(max_length=120)] = ""
    role: Sentence


class DecisionPoint(Part):
    """One thing that gets decided about a worker, and where in it a person stands."""

    key: Slug
    title: Line
    automation: rules.Automation
    effect: rules.Effect
    solely_automated: bool
    what_happens: Text
    main_factors: tuple[Paragraph, ...] = ()
    human_point: Paragraph

    @model_validator(mode="after")
    def _alone_means_solely(self) -> Self:
        if self.solely_automated and not self.automation.decides:
            raise PydanticCustomError("advice_is_not_solely_automated", "")
        return self


class DataItem(Part):
    """One thing the system holds about a worker."""

    key: Slug
    label: Line
    category: rules.DataCategory
    special_category: bool = False
    inferred: bool = False
    source: Paragraph
    kept: Paragraph
    seen_by: Paragraph


class Affected(Part):
    """Whom it affects. What is left out means everybody: every place, every staff group, everybody at work."""

    body: Slug
    workplace: Slug | None = None
    staff_group: Slug | None = None
    contract_kinds: tuple[EngagementKind, ...] = ()
    strength: rules.Strength
    since: date
    until: date | None = None

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
    summary: Paragraph
    positions: tuple[UnionPosition, ...] = ()


class Assessment(Part):
    """An assessment, made or planned."""

    kind: rules.AssessmentKind
    state: rules.AssessmentState
    done_on: date | None = None
    review_on: date | None = None
    summary: Paragraph
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
    """Everything a body says about a system in one version."""

    name: Title
    also_known_as: tuple[Title, ...] = ()
    kinds: Annotated[tuple[rules.SystemKind, ...], Field(min_length=1)]
    state: rules.SystemState
    in_use_since: date | None = None
    one_sentence: Sentence
    summary: Paragraph
    what_it_does_to_you: Text
    what_it_never_does: tuple[Paragraph, ...] = ()
    how_you_will_know: Paragraph
    responsible: Line
    deputy: Line
    team: Line
    mailbox: Mailbox
    suppliers: tuple[Supplier, ...] = ()
    decision_points: tuple[DecisionPoint, ...] = ()
    data_items: tuple[DataItem, ...] = ()
    affected: tuple[Affected, ...] = ()
    human_oversight: Text
    consultation: Consultation
    assessments: tuple[Assessment, ...] = ()
    last_confirmed_on: date
    next_review_on: date
    change: Change | None = None

    @model_validator(mode="after")
    def _parts_have_their_own_keys(self) -> Self:
        for name, keys in (
            ("decision_points", [point.key for point in self.decision_points]),
            ("data_items", [item.key for item in self.data_items]),
        ):
            if len(keys) != len(set(keys)):
                raise PydanticCustomError("same_key_twice", "{part}", {"part": name})
        return self

    def canonical(self) -> str:
        """The record as JSON, the same characters for the same record."""
        return self.model_dump_json(exclude_defaults=True)

    def digest(self) -> bytes:
        """SHA-256 of the canonical JSON."""
        return digest_of(self.canonical())

    def gaps(self) -> list[str]:
        """Where the record lacks what publishing needs, as paths such as ``summary.cy``."""
        return [*_missing_words(self, ""), *_missing_parts(self)]


@lru_cache(maxsize=256)
def read_record(canonical: str) -> Record:
    """A stored record; it was checked when it was stored. It never changes, so it is read once for the process."""
    return Record.model_validate_json(canonical)


def digest_of(canonical: str) -> bytes:
    """What a stored record must still hash to."""
    return hashlib.sha256(canonical.encode()).digest()


def _missing_words(part: object, path: str) -> Iterator[str]:
    if isinstance(part, Both):
        yield from (f"{path}.{language}" for language in ("cy", "en") if not getattr(part, language))
    elif isinstance(part, Part):
        for name in type(part).model_fields:
            yield from _missing_words(getattr(part, name), f"{path}.{name}".lstrip("."))
    elif isinstance(part, tuple):
        for place, inner in enumerate(part, start=1):
            yield from _missing_words(inner, f"{path}[{place}]")


def _missing_parts(record: Record) -> Iterator[str]:
    """A system that is in use says what it decides, what it holds, whom it affects, what it never does, since when."""
    if record.state not in rules.IN_USE:
        return
    for name in ("what_it_never_does", "decision_points", "data_items", "affected", "assessments", "in_use_since"):
        if not getattr(record, name):
            yield name
