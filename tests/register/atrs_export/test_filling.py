"""An entry in the template of the ATRS, version 4."""

import json
import re
from copy import deepcopy
from html.parser import HTMLParser
from typing import Any

import pytest

from portal.register.atrs import AtrsRecord
from portal.register.atrs_export.filling import Filled, Incomplete, fill, may_be_linked
from portal.register.atrs_export.template import finder, phase_label, sections
from portal.register.atrs_export.writing import as_html, as_json
from portal.register.definitions import definitions
from portal.register.record import Record
from portal.register.rules import SystemState, phase_of
from portal.register.terms import AffectsScope, Capability, Function, Organisation, Region, Standard
from tests.register.atrs_export.complete import complete, published, words
from tests.register.conftest import DATA

ROWS = [row for section in sections() for row in section.rows]


@pytest.fixture
def record(entry: dict[str, Any]) -> dict[str, Any]:
    return complete(entry)


def filled(record: dict[str, Any], state: SystemState = SystemState.LIVE) -> Filled:
    made = fill(published(record, state=state))
    assert isinstance(made, Filled), made
    return made


def missing(record: dict[str, Any], state: SystemState = SystemState.LIVE) -> list[tuple[str, str]]:
    made = fill(published(record, state=state))
    assert isinstance(made, Incomplete)
    return [(one.number, one.name) for one in made.missing]


def values(made: Filled) -> dict[str, str]:
    """The first answer to each field by its number."""
    found: dict[str, str] = {}
    for sheet in made.sheets:
        for entry in sheet.entries:
            found.setdefault(entry.row.number, entry.value)
    return found


def test_the_template_asks_for_what_the_register_defines_in_the_same_numbers() -> None:
    told = {field.key: field.atrs for field in definitions(Standard.SECOND).values() if field.atrs}
    assert {row.key: row.number for row in ROWS} == told
    assert len(ROWS) == 51
    assert [row.printed for row in ROWS[:6]] == ["1", "2", "3", "4", "1.1", "1.2"]


def test_the_values_that_gov_uk_filters_by_are_those_of_a_record() -> None:
    for name, words_of in (("organisation_type", Organisation), ("function", Function), ("capability", Capability)):
        assert finder()[name] == {one.value for one in words_of}
    assert {one.value for one in Region} <= finder()["region"]


@pytest.mark.parametrize("state", [state for state in SystemState if phase_label(state, None)])
def test_every_state_has_one_of_the_five_phases(state: SystemState) -> None:
    assert phase_label(state, AffectsScope.STAFF_ONLY) == phase_of(state)
    assert str(phase_label(state, None)).lower().replace(" ", "-") in finder()["phase"]


def test_a_trial_that_is_open_to_the_public_is_a_public_beta() -> None:
    assert phase_label(SystemState.PILOT, AffectsScope.STAFF_AND_PUBLIC) == "Public Beta"
    assert phase_label(SystemState.PILOT, AffectsScope.STAFF_ONLY) == "Private Beta"
    assert phase_label(SystemState.REJECTED, None) is None


def test_a_complete_record_fills_every_field_in_the_templates_order(record: dict[str, Any]) -> None:
    made = filled(record)
    numbers = [entry.row.number for sheet in made.sheets for entry in sheet.entries]
    model = [row.number for row in ROWS if row.number.startswith("2.4.2.")]
    at = [row.number for row in ROWS].index("2.4.3.1")
    assert numbers == [row.number for row in ROWS[:at]] + model + [row.number for row in ROWS[at:]]
    told = values(made)
    assert all(told.values())
    assert "Cymraeg" not in "".join(told.values())
    assert told["2.1.4.2"] == "Drysau Cyf: 01234567\nCardiau Cyf: SC123456"
    assert told["2.3.3"] == "each day\nDecisions a month: 1,200\nPeople: fewer than 10"
    assert told["2.4.1.5"] == "Rules 1\nCounter 2"
    assert told["1.3"] == "N/A"
    assert told["2.5.1"].startswith("Data protection impact assessment: completed on 22 June 2026")
    assert made.phase == "Production" and made.finder["phase"] == ["production"]


def test_each_empty_field_is_named_once_and_nothing_is_exported(record: dict[str, Any]) -> None:
    spoilt = deepcopy(record)
    spoilt["purpose"]["benefits"]["en"] = ""
    spoilt["tool"]["models"][1]["task"]["en"] = ""
    spoilt["suppliers"][1]["company_number"] = None
    spoilt["publication"]["clearances"] = []
    spoilt["publication"]["organisation_type"] = None
    assert missing(spoilt) == [
        ("2.1.4.2", "Companies House Number"),
        ("2.2.2", "Benefits"),
        ("2.4.2.3", "Model task"),
        ("", "Organisation type"),
        ("", "Clearance: the team that is responsible"),
        ("", "Clearance: the senior responsible owner"),
        ("", "Clearance: communications"),
    ]


def test_a_record_of_the_first_standard_lacks_most_of_it(entry: dict[str, Any]) -> None:
    lacking = [number for number, _name in missing(entry["record"]) if number]
    assert {"2.1.4", "2.2.1", "2.4.1.1", "2.5.2"} <= set(lacking)
    assert not {"1.1", "1.2", "1.4", "2.1.1", "2.1.2", "2.1.3"} & set(lacking)
    assert ("", "Phase") in missing(entry["record"], SystemState.REJECTED)


def test_a_tool_off_the_shelf_leaves_two_sections_blank_and_no_supplier_is_not_applicable(
    record: dict[str, Any],
) -> None:
    record |= {"third_party_involved": False, "suppliers": [], "development_data": {}}
    record["tool"] |= {"off_the_shelf": True, "models": [{"name": "Rules"}]}
    made = filled(record)
    assert [sheet.section.number for sheet in made.sheets if not sheet.entries] == ["2.4.2", "2.4.3"]
    assert {values(made)[number] for number in ("2.1.4.1", "2.1.4.2", "2.1.4.5")} == {"N/A"}
    told = json.loads(as_json(made))["sections"]
    assert told[5]["left_blank"][0] == "2.4.2.1" and told[5]["fields"] == []
    assert "Left blank: 4.3.1 to 4.3.9" in as_html(made)


def test_what_is_withheld_from_the_public_stands_there_with_its_reason_only(record: dict[str, Any]) -> None:
    reason = {"reason_code": "security", "reason": words("it could be broken into"), "approved_by": words("A post"),
              "review_by": "2027-05-01"}  # fmt: skip
    record["tool"]["architecture"] = {"cy": "", "en": ""}
    record["withheld"] = [{"field": "system_architecture", **reason}, {"field": "data_items.source", **reason},
                          {"field": "op_data.sensitive_attributes", **reason},
                          {"field": "benefits", "audience": ["union"], **reason}]  # fmt: skip
    told = values(filled(record))
    assert told["2.4.1.1"] == told["2.4.4.1"] == told["2.4.4.2"] == "Withheld: it could be broken into"
    assert told["2.2.2"] == "purpose benefits"


def test_only_a_record_that_goes_to_gov_uk_is_for_everybody(record: dict[str, Any]) -> None:
    for status, is_for_all in (("planned", True), ("sent", True), ("published", True), ("withdrawn", False),
                               ("not_in_scope_because", False), (None, False)):  # fmt: skip
        record["publication"]["atrs"] = status
        assert may_be_linked(Record.model_validate(record)) is is_for_all


def test_the_listing_has_the_shape_of_real_published_records(record: dict[str, Any]) -> None:
    """A few of the records that GOV.UK has published: ours is titled, named and described as they are."""
    listing = json.loads(as_json(filled(record)))["listing"]
    real = json.loads((DATA / "atrs_excerpt.json").read_text(encoding="utf-8"))["records"]
    assert len(real) > 3
    for one in real:
        assert listing.keys() <= one.keys()
        if one["publishing_body"]:
            assert one["title"] == f"{one['publishing_body']}: {one['tool_name']}"
    assert listing["title"] == f"{listing['publishing_body']}: {listing['tool_name']}"
    assert (
        len(listing["description"]) <= max(len(one["description"]) for one in real)
        or len(listing["description"]) <= 160
    )
    beside = {"url": "https://www.gov.uk/algorithmic-transparency-records/x", "published": "2026-11-22T09:00:00Z"}
    assert AtrsRecord.model_validate({**listing, **beside}).tool_name == "Door times"


class Headings(HTMLParser):
    """The headings of a document, and whether every element was closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and re.fullmatch(r"h\d", self.open[-1]):
            self.found.append(data)


def test_the_document_is_headed_as_the_pages_of_gov_uk_are(record: dict[str, Any]) -> None:
    record["name"]["en"] = "Door <times> & more"
    read = Headings()
    read.feed(as_html(filled(record)))
    assert read.open == []
    assert read.found[0] == "Dyffryn Cledwen Council: Door <times> & more"
    assert read.found[1:4] == ["Tier 1 - Summary Information", "1 - Name", "2 - Description"]
    assert "1.4.2 - Companies House Number" in read.found and "4.4.5 - Data sharing agreements" in read.found
