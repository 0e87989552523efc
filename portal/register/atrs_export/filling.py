"""Filling the template from one published version, or the list of what stands in the way."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.core.text import Locale
from portal.register.atrs_export.answers import Source, answer, answer_of_model
from portal.register.atrs_export.template import LEFT_BLANK, MODELS, Row, Section, phase_label, sections, standard
from portal.register.definitions import definitions
from portal.register.openness import READERS
from portal.register.queries import PublishedSystem
from portal.register.record import Record
from portal.register.terms import AtrsStatus, Clearer

FORMAT = "porth-atrs/4"
ON_GOVUK = frozenset({AtrsStatus.PLANNED, AtrsStatus.SENT, AtrsStatus.PUBLISHED})
_OF_SUPPLIERS = ("companies_house_no", "role", "procurement_type", "data_access_terms")
MADE_FROM: Mapping[str, Sequence[str]] = {
    **{f"third_parties.{field}": ("third_parties.name",) for field in _OF_SUPPLIERS},
    "models": ("models.name", "models.version"),
    "op_data.data_sources": ("data_items.label", "data_items.source"),
    "op_data.sensitive_attributes": ("data_items.label", "data_items.category", "data_items.special_category"),
    "assessments": (
        "assessments.kind",
        "assessments.summary / date / review_due",
        "assessments.link / file",
        "assessments.status",
    ),
}
"""Fields of the template that repeat other fields of the register, and are withheld with any of these."""
NEEDED_CLEARANCES = (Clearer.TEAM, Clearer.RESPONSIBLE, Clearer.COMMUNICATIONS)


@dataclass(frozen=True, slots=True)
class Entry:
    """One filled field of the template."""

    row: Row
    value: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One filled section; one without entries is left blank, as the guidance asks for tools off the shelf."""

    section: Section
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """One field that is needed and empty: the template's number and name, or what it is for; the register's key."""

    number: str
    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A whole record of the standard."""

    organisation: str
    tool_name: str
    one_sentence: str
    phase: str
    finder: Mapping[str, Sequence[str]]
    sheets: tuple[Sheet, ...]
    published_on: date
    version: int

    @property
    def title(self) -> str:
        """The title as the list on GOV.UK has it."""
        return f"{self.organisation}: {self.tool_name}"

    @property
    def standard(self) -> str:
        return standard()


@dataclass(frozen=True, slots=True)
class Incomplete:
    """The template cannot be filled yet."""

    missing: tuple[Missing, ...]


def fill(system: PublishedSystem) -> Filled | Incomplete:
    """The template filled from a published version, in English, or everything that is missing in its order."""
    record = system.whole
    source = Source(record, system.body.get(Locale.EN))
    sheets = tuple(_sheet(section, source) for section in sections())
    phase = phase_label(system.state, record.affects_scope)
    missing = (*_missing_head(record, phase), *_missing_answers(sheets), *_missing_for_govuk(record))
    if missing or phase is None:
        return Incomplete(missing)
    return Filled(
        organisation=source.organisation,
        tool_name=record.name.en,
        one_sentence=record.one_sentence.en,
        phase=phase,
        finder=_finder(record, phase),
        sheets=sheets,
        published_on=system.published_on,
        version=system.number,
    )


def may_be_linked(record: Record) -> bool:
    """Whether the body has said that the record goes to GOV.UK, so that everybody may have the export."""
    return record.publication.atrs in ON_GOVUK


def is_for_everybody(system: PublishedSystem) -> bool:
    """Whether the export has a public address: it goes to GOV.UK, and nothing is missing."""
    return may_be_linked(system.whole) and isinstance(fill(system), Filled)


def _sheet(section: Section, source: Source) -> Sheet:
    if section.number in LEFT_BLANK and source.record.tool.off_the_shelf:
        return Sheet(section, ())
    if section.number == MODELS:
        models = source.record.tool.models
        asked = [(row, answer_of_model(row.key, model)) for model in models for row in section.rows]
        asked = asked or [(row, "") for row in section.rows]
    else:
        asked = [(row, answer(row.key, source)) for row in section.rows]
    return Sheet(section, tuple(Entry(row, _withheld(source.record, row.key) or value) for row, value in asked))


def _withheld(record: Record, key: str) -> str:
    """What stands in place of a field that the body keeps from the public, or that is made from one."""
    told = (key, *MADE_FROM.get(key, ()))
    for one in record.withheld:
        if READERS.intersection(one.audience) and any(
            name == one.field or name.startswith(f"{one.field}.") for name in told
        ):
            return f"Withheld: {one.reason.en}"
    return ""


def _missing_answers(sheets: Sequence[Sheet]) -> Iterator[Missing]:
    seen: set[str] = set()
    for sheet in sheets:
        for entry in sheet.entries:
            if not entry.value and entry.row.number not in seen:
                seen.add(entry.row.number)
                yield Missing(entry.row.number, entry.row.name, entry.row.key)


def _missing_head(record: Record, phase: str | None) -> Iterator[Missing]:
    if not record.one_sentence.en:
        yield Missing("", "One sentence description", "one_sentence")
    if phase is None:
        yield Missing("", "Phase", "phase")


def _missing_for_govuk(record: Record) -> Iterator[Missing]:
    """What is sent along with the template: how GOV.UK lists it, and who was content."""
    publication = record.publication
    told = _export_key(record)
    for name, value in (
        ("Organisation type", publication.organisation_type),
        ("Function", publication.functions),
        ("Capability", publication.capabilities),
        ("Region", publication.regions),
    ):
        if not value:
            yield Missing("", name, told)
    content = {clearance.who for clearance in publication.clearances}
    for who in NEEDED_CLEARANCES:
        if who not in content:
            yield Missing("", f"Clearance: {_CLEARERS[who]}", "clearances")


def _export_key(record: Record) -> str:
    return next((key for key in definitions(record.standard) if key.startswith("atrs_function")), "atrs_function")


def _finder(record: Record, phase: str) -> Mapping[str, Sequence[str]]:
    publication = record.publication
    return {
        "organisation_type": [publication.organisation_type] if publication.organisation_type else [],
        "function": list(publication.functions),
        "capability": list(publication.capabilities),
        "task": [publication.task] if publication.task else [],
        "phase": [phase.lower().replace(" ", "-")],
        "region": list(publication.regions),
        "other_tags": list(publication.other_tags),
    }


_CLEARERS = {
    Clearer.TEAM: "the team that is responsible",
    Clearer.RESPONSIBLE: "the senior responsible owner",
    Clearer.COMMUNICATIONS: "communications",
}
