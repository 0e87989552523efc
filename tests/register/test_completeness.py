"""What a record lacks for its state, by its own standard; and how that is said."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.register.completeness import completeness, gaps, whole_completeness
from portal.register.intake import read_register
from portal.register.parts import Both
from portal.register.record import Record
from portal.register.rules import SystemState
from portal.register.terms import Standard
from tests.register.conftest import DEMO

DATA = (DEMO / "register.json").read_bytes()


@pytest.fixture(scope="module")
def full() -> Record:
    """The lorries' telematics: a whole record of the second standard."""
    return next(entry.latest for entry in read_register(DATA) if entry.short_code == "K7RT3M")


def paths(record: Record, at: SystemState | None = None) -> list[str]:
    return [gap.path for gap in gaps(record, at)]


def without(record: Record, *path: str) -> Record:
    """The record with the field at the path as if it had never been told."""
    if len(path) == 1:
        default = type(record).model_fields[path[0]].get_default()
        return record.model_copy(update={path[0]: default})
    return record.model_copy(update={path[0]: without(getattr(record, path[0]), *path[1:])})


def test_the_full_record_lacks_nothing(full: Record) -> None:
    assert paths(full) == []
    assert {message.msgid for _group, message in completeness(full)} == {"Complete"}
    assert whole_completeness(full).msgid == "Complete"


@pytest.mark.parametrize(
    ("path", "lacking"),
    [
        (("purpose", "benefits"), ["purpose.benefits.cy", "purpose.benefits.en"]),
        (("risk_class",), ["risk_class"]),
        (("tool", "maintenance"), ["tool.maintenance"]),
        (("oversight", "off_switch", "within_minutes"), ["oversight.off_switch.within_minutes"]),
        (("rights", "objection_possible"), ["rights.objection_possible"]),
        (("suppliers",), ["suppliers"]),
        (("withheld",), ["operational_data.access_and_storage"]),
        (("declared_none",), ["accountability.joint_controllers"]),
        (("deputy",), ["deputy.cy", "deputy.en"]),
        (("publication", "easy_read"), []),
        (("retirement_plan",), []),
    ],
)
def test_a_field_that_is_missing_is_named(full: Record, path: tuple[str, ...], lacking: list[str]) -> None:
    assert paths(without(full, *path)) == lacking


def test_a_childs_field_is_named_by_its_place(full: Record) -> None:
    items = (full.data_items[0].model_copy(update={"kept": Both(en="A year")}), *full.data_items[1:])
    assert paths(full.model_copy(update={"data_items": items})) == ["data_items[1].kept.cy"]


def test_half_a_text_is_a_gap_even_where_none_is_needed(full: Record) -> None:
    half = full.model_copy(update={"retirement_plan": Both(en="Sell the boxes")})
    assert paths(half) == ["retirement_plan.cy"]


def test_a_technical_text_may_stand_in_one_language(full: Record) -> None:
    tool = full.tool.model_copy(update={"maintenance": Both(en="Every quarter")})
    assert paths(full.model_copy(update={"tool": tool})) == []


def test_what_is_made_here_tells_its_models_and_development_data(full: Record) -> None:
    made = full.model_copy(update={"tool": full.tool.model_copy(update={"off_the_shelf": False})})
    assert "development_data.cleaning" in paths(made)
    assert "tool.models[1].datasets_and_purposes" in paths(made)


@pytest.mark.parametrize(
    ("state", "needs", "does_not"),
    [
        (SystemState.PROPOSED, {"name.cy", "kinds", "responsible.en", "affected"}, {"risk_class", "mailbox"}),
        (SystemState.IN_CONSULTATION, {"risk_class", "purpose.necessity.cy", "data_items"}, {"mailbox"}),
        (SystemState.LIVE, {"mailbox", "in_use_since", "tool.architecture"}, {"retired_on", "publication.functions"}),
        (SystemState.SUSPENDED, {"risk_class"}, {"mailbox"}),
        (SystemState.RETIRED, {"mailbox", "retired_on", "retirement_plan.cy"}, {"publication.functions"}),
    ],
)
def test_more_is_needed_as_a_system_goes_on(state: SystemState, needs: set[str], does_not: set[str]) -> None:
    empty = Record(state=state, standard=Standard.SECOND)
    assert needs <= set(paths(empty)) and not does_not & set(paths(empty))


def test_the_first_standard_asks_what_it_always_asked(entry: dict[str, Any], as_file: Callable[..., bytes]) -> None:
    record = read_register(as_file(entry))[0].latest
    assert paths(record) == []
    bare = record.model_copy(update={"data_items": (), "in_use_since": None, "summary": Both(cy="Un")})
    assert paths(bare) == ["summary.en", "data_items", "in_use_since"]
    assert paths(bare, SystemState.PROPOSED) == ["summary.en"]


def test_completeness_is_said_in_words(full: Record) -> None:
    said = dict(completeness(full.model_copy(update={"purpose": type(full.purpose)()})))
    assert said["purpose"].msgid == "Not started" and said["rights"].msgid == "Complete"
    most = dict(completeness(without(full, "purpose", "benefits")))["purpose"]
    assert most.msgid.startswith("Nearly complete") and most.values == {"n": 1}
    assert whole_completeness(Record(state=SystemState.PROPOSED, standard=Standard.SECOND)).msgid.startswith("Begun")
