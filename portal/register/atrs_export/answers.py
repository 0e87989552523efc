"""What a record answers to each field of the template, in English. An empty answer means that the record has none."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from portal.core.text import Locale
from portal.i18n.catalogue import Catalogue
from portal.i18n.formats import date_long
from portal.register.parts import Both, Model, Risk
from portal.register.record import Assessment, Record
from portal.register.rules import AssessmentState
from portal.register.words import words

NOT_APPLICABLE = "N/A"


@dataclass(frozen=True, slots=True)
class Source:
    """What answers are made from."""

    record: Record
    organisation: str


Answer = Callable[[Source], str]


def answer(key: str, source: Source) -> str:
    """The answer to one field that is not asked of each model."""
    return _ANSWERS[key](source)


def answer_of_model(key: str, model: Model) -> str:
    """The answer to one field of the sheet about one model."""
    told = getattr(model, key.partition(".")[2])
    return _english(told) if isinstance(told, Both) else str(told)


def _english(text: Both) -> str:
    return text.en


def _suppliers(told: Callable[[Source], Iterable[tuple[str, str]]]) -> Answer:
    """One line a supplier, with its name where there are several; nothing while one of them has no answer."""

    def made(source: Source) -> str:
        if source.record.third_party_involved is False:
            return NOT_APPLICABLE
        lines = list(told(source))
        if not all(value for _name, value in lines):
            return ""
        return "\n".join(f"{name}: {value}" if len(lines) > 1 else value for name, value in lines)

    return made


def _names(source: Source) -> str:
    if source.record.third_party_involved is False:
        return NOT_APPLICABLE
    return "\n".join(supplier.name for supplier in source.record.suppliers)


def _company_number(source: Source) -> Iterable[tuple[str, str]]:
    has_none = "third_parties.companies_house_no" in source.record.declared_none
    return ((one.name, one.company_number or (NOT_APPLICABLE if has_none else "")) for one in source.record.suppliers)


def _of_supplier(field: str) -> Callable[[Source], Iterable[tuple[str, str]]]:
    return lambda source: ((one.name, getattr(one, field).en) for one in source.record.suppliers)


def _involved(source: Source) -> str:
    told = source.record.third_party_involved
    return "" if told is None else "Yes" if told else "No"


def _scale(source: Source) -> str:
    oversight = source.record.oversight
    if not oversight.frequency_and_scale.en:
        return ""
    lines = [oversight.frequency_and_scale.en]
    if oversight.decisions_per_month is not None:
        lines.append(f"Decisions a month: {oversight.decisions_per_month:,}")
    if oversight.people is not None:
        number = f"{oversight.people:,}" if isinstance(oversight.people, int) else "fewer than 10"
        lines.append(f"People: {number}")
    return "\n".join(lines)


def _models(source: Source) -> str:
    return "\n".join(" ".join(filter(None, (model.name, model.version))) for model in source.record.tool.models)


def _data_sources(source: Source) -> str:
    items = source.record.data_items
    if not all(item.label.en and item.source.en for item in items):
        return ""
    return "\n".join(f"{item.label.en}: {item.source.en}" for item in items)


def _sensitive_data(source: Source) -> str:
    items = source.record.data_items
    if not items:
        return ""
    lines = []
    for item in items:
        kinds = [kind.value.replace("_", " ") for kind in item.special_categories]
        if item.special_category or kinds:
            inferred = ", by inference" if item.special_by_inference else ""
            lines.append(
                f"{item.label.en}: special category data{inferred} ({', '.join(kinds) or item.category.value})"
            )
    return "\n".join(lines) or "No data item of this record is special category data."


def _assessments(source: Source) -> str:
    """Every assessment; one without a link needs its summary."""
    found = source.record.assessments
    if not all(one.summary.en or one.link for one in found):
        return ""
    return "\n\n".join(_assessment(one) for one in found)


def _assessment(one: Assessment) -> str:
    title = Catalogue.for_locale(Locale.EN).say(words(one.kind))
    when = f"completed on {_day(one.done_on)}" if one.done_on else "planned"
    lines = [f"{title}: {when if one.state is AssessmentState.DONE else 'planned'}"]
    lines += [f"Next review: {_day(one.review_on)}"] if one.review_on else []
    lines += [one.summary.en] if one.summary.en else []
    lines += [one.link] if one.link else []
    return "\n".join(lines)


def _risks(source: Source) -> str:
    found = source.record.risks
    return "\n\n".join(map(_risk, found)) if all(one.risk.en and one.mitigation.en for one in found) else ""


def _risk(one: Risk) -> str:
    lines = [f"Risk: {one.risk.en}"]
    lines += [f"Who is hurt: {one.who_is_hurt.en}"] if one.who_is_hurt.en else []
    lines += [f"Likelihood: {one.likelihood.value}"] if one.likelihood else []
    lines.append(f"Mitigation: {one.mitigation.en}")
    lines += [f"Residual risk: {one.residual.value}"] if one.residual else []
    return "\n".join(lines)


def _day(day: date) -> str:
    return date_long(day, Locale.EN)


_ANSWERS: Mapping[str, Answer] = {
    "name": lambda source: source.record.name.en,
    "summary_plain": lambda source: source.record.summary.en,
    "website_url": lambda source: source.record.publication.website.en or NOT_APPLICABLE,
    "contact_email": lambda source: source.record.mailbox or "",
    "organisation": lambda source: source.organisation,
    "team": lambda source: source.record.team.en,
    "sro_role": lambda source: source.record.responsible.en,
    "third_party_involved": _involved,
    "third_parties.name": _names,
    "third_parties.companies_house_no": _suppliers(_company_number),
    "third_parties.role": _suppliers(_of_supplier("role")),
    "third_parties.procurement_type": _suppliers(_of_supplier("procurement")),
    "third_parties.data_access_terms": _suppliers(_of_supplier("data_access")),
    "detailed_description": lambda source: source.record.purpose.detailed_description.en,
    "benefits": lambda source: source.record.purpose.benefits.en,
    "previous_process": lambda source: source.record.purpose.previous_process.en,
    "alternatives_considered": lambda source: source.record.purpose.alternatives_considered.en,
    "process_integration": lambda source: source.record.oversight.process_integration.en,
    "human_review": lambda source: source.record.human_oversight.en,
    "frequency_and_scale": _scale,
    "required_training": lambda source: source.record.oversight.required_training.en,
    "appeals_and_review": lambda source: source.record.rights.appeals_and_review.en,
    "system_architecture": lambda source: source.record.tool.architecture.en,
    "system_input": lambda source: source.record.tool.input.en,
    "system_output": lambda source: source.record.tool.output.en,
    "maintenance": lambda source: source.record.tool.maintenance.en,
    "models": _models,
    "dev_data.description": lambda source: source.record.development_data.description.en,
    "dev_data.modality": lambda source: source.record.development_data.modality.en,
    "dev_data.quantities": lambda source: source.record.development_data.quantities.en,
    "dev_data.sensitive_attributes": lambda source: source.record.development_data.sensitive_attributes.en,
    "dev_data.completeness_representativeness": lambda source: source.record.development_data.representativeness.en,
    "dev_data.cleaning": lambda source: source.record.development_data.cleaning.en,
    "dev_data.collection": lambda source: source.record.development_data.collection.en,
    "dev_data.access_and_storage": lambda source: source.record.development_data.access_and_storage.en,
    "dev_data.sharing_agreements": lambda source: source.record.development_data.sharing_agreements.en,
    "op_data.data_sources": _data_sources,
    "op_data.sensitive_attributes": _sensitive_data,
    "op_data.processing_methods": lambda source: source.record.operational_data.processing_methods.en,
    "op_data.access_and_storage": lambda source: source.record.operational_data.access_and_storage.en,
    "op_data.sharing_agreements": lambda source: source.record.operational_data.sharing_agreements.en,
    "assessments": _assessments,
    "risks": _risks,
}
"""By the register's name of the field."""
