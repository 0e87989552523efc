"""Differences between two versions, field by field, children by their keys."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from portal.register.differing import differences, material
from portal.register.parts import Both
from portal.register.record import Record
from portal.register.terms import DiffClass, Standard
from tests.register.records import records
from tests.register.test_completeness import full

__all__ = ["full"]
HUMBLE = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def places(old: Record, new: Record) -> list[str]:
    return [difference.place for difference in differences(old, new)]


@HUMBLE
@given(one=records(), other=records())
def test_only_what_differs_is_told_and_the_way_back_tells_the_same(one: Record, other: Record) -> None:
    assert differences(one, one) == []
    there = {(told.place, told.field.key) for told in differences(one, other)}
    assert there == {(told.place, told.field.key) for told in differences(other, one)}


def test_a_field_is_told_with_before_and_after(full: Record) -> None:
    new = full.model_copy(update={"summary": Both(cy="Newydd", en="New")})
    (told,) = differences(full, new)
    assert (told.field.key, told.before, told.after) == ("summary_plain", full.summary, new.summary)
    assert told.diff_class is DiffClass.MATERIAL


def child(record: Record, name: str, place: int, **update: Any) -> Record:
    children = list(getattr(record, name))
    children[place] = children[place].model_copy(update=update)
    return record.model_copy(update={name: tuple(children)})


def test_a_child_is_found_by_its_key_wherever_it_stands(full: Record) -> None:
    turned = full.model_copy(update={"data_items": full.data_items[::-1], "affected": full.affected[::-1]})
    assert differences(full, turned) == []
    assert places(full, child(turned, "data_items", 0, kept=Both(cy="2", en="2"))) == ["data_items[driver-number].kept"]


def test_a_child_that_came_or_went_is_one_difference(full: Record) -> None:
    fewer = full.model_copy(update={"risks": full.risks[1:]})
    (told,) = differences(full, fewer)
    assert (told.place, told.before, told.after) == ("risks[needless-talks]", full.risks[0], None)
    (back,) = differences(fewer, full)
    assert (back.before, back.after) == (None, full.risks[0])


@pytest.mark.parametrize(
    ("update", "is_material"),
    [
        ({"team": Both(cy="Tîm", en="Team")}, False),
        ({"responsible": Both(cy="Pennaeth", en="Head")}, True),
        ({"also_known_as": ()}, False),
        ({"last_confirmed_on": None}, False),
        ({"change": None}, False),
    ],
)
def test_whether_it_matters_is_the_tables_to_say(full: Record, update: dict[str, Any], is_material: bool) -> None:
    assert bool(material(differences(full, full.model_copy(update=update)))) is is_material


def test_what_the_older_standard_did_not_know_is_no_change(full: Record) -> None:
    told = full.model_dump(mode="json")
    new_to_it = {"purpose", "oversight", "rights", "tool", "risks", "bias_audits", "monitoring", "withheld"}
    thin = full.model_copy(
        update={name: Record.model_fields[name].get_default() for name in new_to_it} | {"standard": Standard.FIRST}
    )
    assert told["standard"] == "porth-fields/2"
    found = differences(thin, full)
    assert {"purpose.necessity", "risks[used-for-more]", "standard"} - {one.place for one in found} == {"standard"}
    assert material(found) == []
    assert material(differences(full, thin)) != []
