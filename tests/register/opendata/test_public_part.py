"""What the public may read of a record."""

import json
from typing import Any

import pytest

from portal.register.definitions import definitions, field_at
from portal.register.opendata.public_part import public_part
from portal.register.record import Record
from portal.register.terms import Audience, Standard

WORDS = {"cy": "gair", "en": "word"}


def leaves(value: Any, path: str = "") -> set[str]:
    """The paths at which something stands."""
    if isinstance(value, dict) and not value.keys() <= {"cy", "en"}:
        return {leaf for name, inner in value.items() for leaf in leaves(inner, f"{path}.{name}".lstrip("."))}
    if isinstance(value, list):
        return {leaf for inner in value for leaf in leaves(inner, path)}
    return {path}


@pytest.fixture
def record(entry: dict[str, Any]) -> dict[str, Any]:
    """A record of the second standard with something for every audience."""
    told: dict[str, Any] = entry["record"]
    told["standard"] = "porth-fields/2"
    told["oversight"] = {"off_switch": {"role": WORDS}, "fallback": WORDS, "required_training": WORDS}
    told["monitoring"] = {"plan": WORDS}
    told["accountability"] = {"operational_owner": WORDS}
    told["data_items"][0] |= {"where_held": WORDS, "search_owner": WORDS}
    told["suppliers"] = [{"name": "Drysau Cyf", "role": WORDS}]
    told["risk_class"] = "high"
    return told


def canonical(record: dict[str, Any]) -> str:
    return Record.model_validate(record).canonical()


def test_only_what_the_standard_calls_public_is_told(record: dict[str, Any]) -> None:
    shown, withheld, standard = public_part(canonical(record))
    assert standard == "porth-fields/2" and not withheld
    for path in leaves(shown):
        field = field_at(Standard.SECOND, path)
        assert field is not None and Audience.PUBLIC in field.audience, path
    text = json.dumps(shown)
    assert shown["oversight"] == {"required_training": WORDS}
    assert shown["risk_class"] == "high"
    for hidden in ("affected", "how_you_will_know", "seen_by", "where_held", "monitoring", "operational_owner"):
        assert f'"{hidden}"' not in text


def test_a_withheld_field_is_named_with_its_reason_and_none_of_it_is_told(record: dict[str, Any]) -> None:
    reason = {"reason_code": "security", "reason": WORDS, "approved_by": WORDS, "review_by": "2027-05-01"}
    record["withheld"] = [
        {"field": "third_parties", **reason},
        {"field": "risk_class", "audience": ["union"], **reason},
        {"field": "benefits", "audience": ["staff"], **reason},
    ]
    shown, withheld, _standard = public_part(canonical(record))
    assert [one["field"] for one in withheld] == ["third_parties", "benefits"], "staff read open data"
    assert withheld[0]["reason"] == WORDS and "approved_by" not in withheld[0]
    assert "suppliers" not in shown and "Drysau" not in json.dumps(shown)
    assert shown["risk_class"] == "high"


def test_every_public_field_of_a_record_has_a_place_that_can_be_told() -> None:
    for field in definitions(Standard.SECOND).values():
        if Audience.PUBLIC in field.audience:
            for path in field.paths:
                found = field_at(Standard.SECOND, path)
                assert found is not None and Audience.PUBLIC in found.audience, path
