"""A record of the second standard with every field that the template asks for, and one published version of it."""

from datetime import date
from typing import Any

from portal.core.text import Bilingual
from portal.register.queries import PublishedSystem
from portal.register.record import Record
from portal.register.rules import SystemState

PUBLISHED = date(2026, 11, 2)


def words(text: str) -> dict[str, str]:
    return {"cy": f"Cymraeg: {text}", "en": text}


def complete(entry: dict[str, Any]) -> dict[str, Any]:
    """The entry of FORMAT.md with the rest of what the template asks for."""
    purpose = ("detailed_description", "benefits", "previous_process", "alternatives_considered")
    tool = ("architecture", "input", "output", "maintenance")
    model = ("task", "input", "output", "architecture", "performance", "datasets_and_purposes")
    development = (
        "description", "modality", "quantities", "sensitive_attributes", "representativeness", "cleaning", "collection",
        "access_and_storage", "sharing_agreements",
    )  # fmt: skip
    operation = ("processing_methods", "access_and_storage", "sharing_agreements")
    cleared = [{"who": who, "on": "2026-10-20"} for who in ("team", "sro", "comms")]
    return {
        **entry["record"],
        "standard": "porth-fields/2",
        "affects_scope": "staff_only",
        "third_party_involved": True,
        "suppliers": [
            {"name": "Drysau Cyf", "role": words("makes it"), "company_number": "01234567",
             "procurement": words("open"), "data_access": words("none")},
            {"name": "Cardiau Cyf", "role": words("hosts it"), "company_number": "SC123456",
             "procurement": words("framework"), "data_access": words("read only")},
        ],
        "purpose": {name: words(f"purpose {name}") for name in purpose},
        "oversight": {
            "process_integration": words("integration"), "frequency_and_scale": words("each day"),
            "decisions_per_month": 1200, "people": "fewer_than_10", "required_training": words("two hours"),
        },
        "rights": {"appeals_and_review": words("ask a person")},
        "tool": {
            **{name: words(f"tool {name}") for name in tool},
            "off_the_shelf": False,
            "models": [
                {"name": "Rules", "version": "1", **{name: words(f"rules {name}") for name in model}},
                {"name": "Counter", "version": "2", **{name: words(f"counter {name}") for name in model}},
            ],
        },
        "development_data": {name: words(f"made from {name}") for name in development},
        "operational_data": {name: words(f"at work {name}") for name in operation},
        "risks": [{"key": "wrong-list", "risk": words("a wrong list"), "mitigation": words("a warden looks"),
                   "likelihood": "low", "who_is_hurt": words("people inside")}],
        "publication": {
            "atrs": "planned", "organisation_type": "local-authority", "functions": ["general-public-services"],
            "capabilities": ["management"], "task": "door times", "clearances": cleared,
        },
    }  # fmt: skip


def published(record: dict[str, Any], *, state: SystemState = SystemState.LIVE) -> PublishedSystem:
    """The record as the register reads it."""
    whole = Record.model_validate(record)
    return PublishedSystem(
        id="s" * 26,
        slug="door-times",
        short_code="DR7M2K",
        body_id="b" * 26,
        body=Bilingual("Cyngor Dyffryn Cledwen", "Dyffryn Cledwen Council"),
        version_id="v" * 26,
        number=3,
        published_on=PUBLISHED,
        is_current=True,
        record=whole,
        stored=whole.canonical(),
        state=state,
        state_since=PUBLISHED,
    )
