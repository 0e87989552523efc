"""Any record that the model allows, drawn from the types of its fields: for properties that hold of every one."""

import enum
import types
from datetime import date
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from hypothesis import strategies as st
from pydantic.fields import FieldInfo

from portal.register import rules, terms
from portal.register.parts import Both, Part
from portal.register.record import Assessment, DecisionPoint, Record

WORDS = st.sampled_from(["", "Môn", "a “b”", "y\nz", "’r", "0.40 g", "🙂"])
TOLD = {
    "key": ["one", "two-2", "three"],
    "mailbox": ["tim@example.org"],
    "company_number": ["99000001"],
    "hosting_country": ["GB"],
    "name": ["Rotafa", "Llwybr"],
    "role_codes": ["AB/1"],
    "other_tags": ["tag"],
    "product": ["", "P 7"],
    "product_version": ["", "7.4"],
    "version": ["", "2"],
    "task": ["", "Planning"],
}
LINKS = {"easy_read", "website", "link", "arrangement", "atrs_url", "source_code"}
ELSEWHERE = {"withheld", "declared_none", "access_preset", "inputs_used", "standard", "third_party_involved"}
"""What has to agree with other fields; ``records`` sets it."""


@st.composite
def records(draw: st.DrawFn) -> Record:
    """A record of the second standard, in any state, as full or as empty as a draft may be."""
    told = draw(part(Record))
    keys = sorted(item["key"] for item in told.get("data_items", ()))
    if keys:
        told["rights"] = {**told.get("rights", {}), "access_preset": keys}
        for point in told.get("decision_points", ()):
            point["inputs_used"] = keys[:1]
    told["declared_none"] = draw(st.sampled_from([(), ("also_known_as",), ("joint_controllers", "override_rate")]))
    told["withheld"] = draw(st.sampled_from([[], [_withheld("maintenance")], [_withheld("risks")]]))
    return Record.model_validate({**told, "standard": "porth-fields/2"})


def part(model: type[Part]) -> st.SearchStrategy[dict[str, Any]]:
    """The fields of a part; what has a default may be left out."""
    needed, free = {}, {}
    for name, field in model.model_fields.items():
        if name not in ELSEWHERE:
            (needed if field.is_required() else free)[name] = _field(name, field)
    made = st.fixed_dictionaries(needed, optional=free)
    return made.map(_agreeing(model))


def _agreeing(model: type[Part]) -> Any:
    def agree(told: dict[str, Any]) -> dict[str, Any]:
        if model is Assessment:
            told.pop("done_on", None)
            if told["state"] == rules.AssessmentState.DONE:
                told["done_on"] = date(2026, 1, 2)
        if model is DecisionPoint and not rules.Automation(told["automation"]).decides:
            told["solely_automated"] = False
        if "until" in told and told["until"] is not None:
            told["until"] = max(told["until"], told["since"])
        return told

    return agree


def _field(name: str, field: FieldInfo) -> st.SearchStrategy[Any]:
    if name in LINKS:
        return st.just({"cy": "https://a.example/cy"} if field.annotation is Both else "https://a.example/x")
    return _of(name, field.annotation)


def _of(name: str, annotation: Any) -> st.SearchStrategy[Any]:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _of(name, inner[0])
    if origin in (Union, types.UnionType):
        return st.one_of(*(_of(name, one) for one in inner))
    if origin is Literal:
        return st.sampled_from(inner)
    if origin is tuple:
        return _list(name, inner[0])
    return _plain(name, annotation)


def _list(name: str, inner: Any) -> st.SearchStrategy[Any]:
    model = inner if isinstance(inner, type) and issubclass(inner, Part) else None
    if model and "key" in model.model_fields:
        return st.lists(_of(name, inner), max_size=2, unique_by=lambda child: child["key"])
    return st.lists(_of(name, inner), max_size=1)


def _plain(name: str, annotation: Any) -> st.SearchStrategy[Any]:
    if annotation is Both:
        return st.fixed_dictionaries({}, optional={"cy": WORDS, "en": WORDS})
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return part(annotation)
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return st.sampled_from(annotation)
    if annotation is str:
        return st.sampled_from(TOLD.get(name, ["aa", "bb-1"]))
    kinds = {
        int: st.sampled_from([10, 42, 60]),
        bool: st.booleans(),
        date: st.dates(date(2020, 1, 1), date(2030, 1, 1)),
        type(None): st.none(),
    }
    return kinds[annotation]


def _withheld(field: str) -> dict[str, Any]:
    return {
        "field": field,
        "reason_code": terms.WithheldReason.SECURITY,
        "reason": {"cy": "Diogelwch", "en": "Security"},
        "approved_by": {"cy": "Pennaeth", "en": "Head"},
        "review_by": date(2027, 1, 1),
    }
