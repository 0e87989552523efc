"""The full record and two versions side by side: what everybody may read, in whole words."""

from datetime import date

import pytest
from hypothesis import given, settings

from portal.core.db import Database
from portal.core.text import Bilingual, Locale
from portal.i18n.catalogue import Catalogue
from portal.register.difference_view import side_by_side
from portal.register.opening import open_record
from portal.register.parts import Both, Withheld
from portal.register.queries import get_system
from portal.register.record import Record
from portal.register.record_view import Group, Telling, full_record
from portal.register.system_view import in_words
from portal.register.terms import Audience, WithheldReason
from portal.register.value_view import Values
from tests.register.records import records

WHY = Both(cy="Byddai’n helpu rhywun i ymyrryd.", en="It would help somebody to interfere.")
ENGLISH = Catalogue.for_locale(Locale.EN).say
POST = Both(cy="Pennaeth Fflyd", en="Head of Fleet")


def held(field: str) -> Withheld:
    return Withheld(
        field=field, reason_code=WithheldReason.SECURITY, reason=WHY, approved_by=POST, review_by=date(2027, 5, 3)
    )


@pytest.fixture
def record(register: Database) -> Record:
    with register.reading() as session:
        return get_system(session, "K7RT3M").whole


def shown(record: Record, locale: Locale = Locale.EN) -> dict[str, Group]:
    opened = open_record(record)
    said = Catalogue.for_locale(locale).say
    return {group.key: group for group in full_record(opened, Telling(locale, said, Values(locale, said, opened)))}


def words(group: Group) -> str:
    rows = [*group.rows, *(row for child in group.children for block in child.blocks for row in block.rows)]
    return "\n".join(f"{row.label}: {row.held}{'; '.join(line.text for line in row.lines)}" for row in rows)


def test_every_group_with_something_open_is_there_in_the_order_of_the_standard(record: Record) -> None:
    keys = list(shown(record))
    assert keys[:3] == ["identity", "summary", "affected"] and keys[-1] == "record"
    assert {"purpose", "decisions", "rights", "data", "assessments", "partnership"} <= set(keys)


def test_fields_for_the_desks_alone_are_not_there(record: Record) -> None:
    told = "\n".join(words(group) for group in shown(record).values())
    for internal in ("Who searches", "exit plan", "GOV.UK’s tags"):
        assert internal not in told


def test_what_is_withheld_says_why_who_decided_and_until_when(record: Record) -> None:
    told = words(shown(record.model_copy(update={"withheld": (held("benefits"),)}))["purpose"])
    assert "Benefits: It would help somebody to interfere. Decided by: Head of Fleet. To be looked at again by" in told
    assert record.purpose.benefits.en not in told


def test_what_is_withheld_from_the_union_alone_is_shown(record: Record) -> None:
    from_union = held("benefits").model_copy(update={"audience": (Audience.UNION,)})
    assert record.purpose.benefits.en in words(shown(record.model_copy(update={"withheld": (from_union,)}))["purpose"])


def test_the_workers_page_says_why_in_place_of_a_withheld_text(record: Record) -> None:
    kept_back = record.model_copy(update={"withheld": (held("decision_points.main_factors"), held("summary_plain"))})
    page = in_words(open_record(kept_back), ENGLISH, Locale.EN)
    said = "Withheld: It would help somebody to interfere."
    assert (page["summary"], page["decision_points"][0]["main_factors"]) == (said, [said])
    assert page["decision_points"][0]["title"] == record.decision_points[0].title.en


@given(records())
@settings(max_examples=12, deadline=None)
def test_any_record_can_be_shown(record: Record) -> None:
    for locale in Locale:
        assert shown(record, locale)
        in_words(open_record(record), Catalogue.for_locale(locale).say, locale)


def test_what_nobody_has_told_is_named(record: Record) -> None:
    untold = shown(record.model_copy(update={"in_use_since": None}))["life"].untold
    assert "In use since" in untold and "Plan for retirement" not in untold


def test_numbers_stand_with_their_dates(record: Record) -> None:
    told = words(shown(record)["monitoring"])
    assert "Measured on: 30 September 2026" in told and "%, measured on" in told


def test_a_text_in_one_language_only_is_marked_as_such(record: Record) -> None:
    tool = record.tool.model_copy(update={"input": Both(en="Place and speed.")})
    rows = shown(record.model_copy(update={"tool": tool}), Locale.CY)["tool"].rows
    (line,) = next(row.lines for row in rows if row.lines and row.lines[0].text == "Place and speed.")
    assert line.lang == "en"


def test_two_versions_side_by_side_name_the_child_and_tell_no_withheld_field(record: Record) -> None:
    point = record.decision_points[0].model_copy(update={"human_point": Both(cy="Neb.", en="Nobody.")})
    new = record.model_copy(
        update={
            "decision_points": (point, *record.decision_points[1:]),
            "purpose": record.purpose.model_copy(update={"benefits": Both(cy="Dim.", en="None.")}),
            "withheld": (*record.withheld, held("benefits")),
        }
    )
    lines = side_by_side(open_record(record), open_record(new), ENGLISH, Locale.EN, {})
    line, kept_back = lines
    assert kept_back.after[0].text == "Benefits: It would help somebody to interfere."
    assert (line.of, line.after[0].text) == (record.decision_points[0].title.en, "Nobody.")


def test_side_by_side_tells_nothing_of_the_desks_and_nothing_that_was_withheld_before(record: Record) -> None:
    switch = record.oversight.off_switch.model_copy(update={"how": Both(cy="Botwm.", en="A button.")})
    new = record.model_copy(
        update={
            "oversight": record.oversight.model_copy(update={"off_switch": switch}),
            "purpose": record.purpose.model_copy(update={"benefits": Both(cy="Dim.", en="None.")}),
        }
    )
    old = record.model_copy(update={"withheld": (*record.withheld, held("benefits"))})
    told = [line.text for one in side_by_side(old, new, ENGLISH, Locale.EN, {}) for line in (*one.before, *one.after)]
    assert switch.how.en not in told and "None." not in told and record.purpose.benefits.en not in told
    assert len(told) == 1, "that it was withheld, and is no more"


def test_places_stand_under_their_names(record: Record) -> None:
    opened = open_record(record)
    said = Catalogue.for_locale(Locale.CY).say
    places = {("dyffryn-cledwen", "workplace", "pen-y-lan"): Bilingual("Depo Pen-y-lan", "Pen-y-lan Depot")}
    groups = full_record(opened, Telling(Locale.CY, said, Values(Locale.CY, said, opened, places)))
    assert "Depo Pen-y-lan" in words(next(group for group in groups if group.key == "affected"))
