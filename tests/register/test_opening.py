"""The record as anybody may read it: nothing of the desks, nothing withheld, everything else as it was."""

from typing import Any

import pytest
from pydantic import ValidationError

from portal.core.db import Database
from portal.register import queries
from portal.register.definitions import definitions
from portal.register.opening import open_record, read_open, withheld_in
from portal.register.parts import EMPTY, Both
from portal.register.record import Record
from portal.register.terms import Standard
from portal.register.walking import find_values, is_filled
from tests.register.test_completeness import full

__all__ = ["full"]


def withholding(record: Record, field: str, *audience: str) -> Record:
    told: dict[str, Any] = {"field": field, "reason_code": "security", "review_by": "2027-01-01"}
    both = {"cy": "Rheswm", "en": "Reason"}
    told |= {"reason": both, "approved_by": both} | ({"audience": audience} if audience else {})
    return Record.model_validate({**record.model_dump(), "withheld": [told]})


def test_what_is_for_union_and_desks_is_left_out(full: Record) -> None:
    shown = open_record(full)
    assert shown.oversight.off_switch.role == EMPTY and full.oversight.off_switch.role != EMPTY
    assert shown.suppliers[0].contract_ends_on is None and shown.suppliers[0].exit_plan == EMPTY
    assert shown.data_items[0].search_owner == EMPTY and shown.publication.clearances == ()
    assert shown.accountability.operational_owner == EMPTY
    assert shown.suppliers[0].name == full.suppliers[0].name and shown.rights == full.rights
    assert read_open(full.canonical()) == shown


@pytest.mark.parametrize("field", ["risks", "models.performance", "third_parties.name", "detailed_description"])
def test_a_withheld_field_is_left_out_with_its_reason(full: Record, field: str) -> None:
    told = withholding(full, field)
    shown = open_record(told)
    path = definitions(Standard.SECOND)[field].paths
    values = [[found.value for found in find_values(one, next(iter(path)))] for one in (full, shown)]
    assert any(map(is_filled, values[0])) and not any(map(is_filled, values[1])), "only the reason stands there"
    reason = withheld_in(shown, field)
    assert reason is not None and reason.reason == Both(cy="Rheswm", en="Reason")
    assert withheld_in(full, field) is None


def test_what_is_kept_from_the_union_alone_is_shown_to_everybody_else(full: Record) -> None:
    told = withholding(full, "detailed_description", "union")
    assert open_record(told).purpose == full.purpose and withheld_in(told, "detailed_description") is None


@pytest.mark.parametrize(
    "field",
    [
        "name",
        "one_sentence",
        "sro_role",
        "appeals_and_review",
        "affected_groups",
        "no_such_field",
        "change_log",
        "consultations",
    ],
)
def test_some_fields_may_not_be_withheld(full: Record, field: str) -> None:
    with pytest.raises(ValidationError):
        withholding(full, field)


@pytest.mark.parametrize(
    "update",
    [
        {"declared_none": ["risks"]},
        {"third_party_involved": False},
        {"rights": {"access_preset": ["no-such-item"]}},
        {"mailbox": "nobody"},
    ],
)
def test_what_does_not_agree_is_refused(full: Record, update: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Record.model_validate({**full.model_dump(), **update})


def test_a_system_is_read_open_and_its_desk_reads_the_whole(register: Database) -> None:
    with register.reading() as session:
        system = queries.get_system(session, "K7RT3M")
    assert system.record == open_record(system.whole) != system.whole
    with register.reading() as session:
        former = queries.get_system(session, "K7RT3M", number=1)
    assert former.record == former.whole
