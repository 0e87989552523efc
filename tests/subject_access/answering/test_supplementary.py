"""What the register says becomes the letter's second half; what it does not say is a gap that somebody has to fill."""

from typing import Any

import pytest
from sqlalchemy import select

from portal.cases.models import Case
from portal.core import ids
from portal.core.text import Locale, Words
from portal.i18n.catalogue import say
from portal.register.record import Record
from portal.register.value_view import COUNTRIES
from portal.subject_access.answering.rules import GAP
from portal.subject_access.answering.supplementary import (
    NO_DECISION,
    SAFEGUARDS,
    _about_record,
    _Voice,
    draft_about,
    draft_searched,
    headings,
)
from portal.subject_access.searching.models import SearchPlace, SearchTask
from portal.subject_access.searching.queries import words_context
from portal.subject_access.searching.rules import PlaceKind, Result, TaskState
from tests.subject_access.answering.answers import started
from tests.subject_access.conftest import World

FULL: dict[str, Any] = {
    "state": "live",
    "name": {"cy": "Rota", "en": "Rota"},
    "one_sentence": {"cy": "Mae’n trefnu shifftiau.", "en": "It plans shifts."},
    "suppliers": [
        {"name": "Rotafa", "product": "Shift 7", "role": {"cy": "Mae’n ei redeg", "en": "Runs it"},
         "hosting_country": "IE"}
    ],
    "data_items": [
        {"key": "shifts", "label": {"cy": "Shifftiau", "en": "Shifts"}, "category": "hours",
         "source": {"cy": "Y ward", "en": "The ward"}, "kept": {"cy": "Dwy flynedd", "en": "Two years"}},
        {"key": "scores", "label": {"cy": "Sgoriau", "en": "Scores"}, "category": "score"},
    ],
    "decision_points": [
        {"key": "who", "title": {"cy": "Pwy sy’n gweithio", "en": "Who works"}, "automation": "decides_alone",
         "effect": "noticeable", "solely_automated": True, "what_happens": {"cy": "Rheolau", "en": "Rules"}},
    ],
    "standard": "porth-fields/2",
}  # fmt: skip


def told(lang: Locale, **changes: Any) -> str:
    return "\n".join(_about_record(Record.model_validate({**FULL, **changes}), _Voice(lang)))


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        (
            Locale.CY,
            ["Mae’n trefnu shifftiau.", "Rotafa (Shift 7): Mae’n ei redeg", "Dwy flynedd", "Y ward"],
        ),
        (Locale.EN, ["It plans shifts.", "Rotafa (Shift 7): Runs it", "Two years", "The ward", "Rules", "Who works"]),
    ],
)
def test_purposes_recipients_by_name_retention_source_and_logic_come_in_the_language(
    lang: Locale, expected: list[str]
) -> None:
    text = told(lang)
    assert all(one in text for one in expected), text


def test_what_the_register_does_not_say_is_a_gap_by_name() -> None:
    text = told(Locale.EN)
    assert f"Scores: {GAP}" in text, "no retention and no source for the scores"
    assert text.count(GAP) == 4, "retention and source of one item, where a person comes in, safeguards in Ireland"
    assert GAP in told(Locale.EN, suppliers=[]), "nobody has said that there is no supplier"
    assert f"data: {GAP}" not in told(Locale.EN, suppliers=[], third_party_involved=False)


def test_data_abroad_needs_safeguards_and_data_at_home_does_not() -> None:
    abroad = say(SAFEGUARDS, Locale.EN).partition("{")[0]
    assert abroad in told(Locale.EN) and say(COUNTRIES["IE"], Locale.EN) in told(Locale.EN)
    at_home = [{**FULL["suppliers"][0], "hosting_country": "GB"}]
    assert abroad not in told(Locale.EN, suppliers=at_home)


def test_a_system_that_only_informs_makes_no_decision() -> None:
    assert say(NO_DECISION, Locale.EN) in told(Locale.EN, decision_points=[])
    informs = [{**FULL["decision_points"][0], "automation": "informs", "solely_automated": False}]
    assert say(NO_DECISION, Locale.EN) in told(Locale.EN, decision_points=informs)


def searched(world: World, result: Result | None, how: str = "Yn y blwch post") -> str:
    """A request with one place, answered or left out."""
    with world.database.writing() as session:
        case = started(world, session)
        place = SearchPlace(
            id=ids.new_id(), body_id=case.body_id, kind=PlaceKind.MAIL, name_cy="E-bost", name_en="Email"
        )
        session.add(place)
        session.flush()
        task = SearchTask(
            id=ids.new_id(), case_id=case.id, place_id=place.id, person_id=world["helen"].person_id, result=result,
            state=TaskState.ANSWERED if result else TaskState.WAIVED,
        )  # fmt: skip
        vault = world.settings.vault
        column = "searched" if result else "waived_because"
        setattr(task, column, vault.seal(Words(how), context=words_context(column, task.id)))
        session.add(task)
        return case.reference


def test_a_letter_that_nothing_is_held_says_what_was_searched_and_how(world: World) -> None:
    reference = searched(world, Result.NOTHING)
    with world.database.reading() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        text = draft_searched(session, case, Locale.CY, world.settings.vault).reveal()
        assert text.startswith("E-bost: ") and "Yn y blwch post" in text
        assert "# E-bost" not in draft_about(session, case, Locale.CY, world.settings.vault).reveal()


def test_why_a_place_was_left_out_stays_inside(world: World) -> None:
    reference = searched(world, None, how="Rhy ddrud")
    with world.database.reading() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        text = draft_searched(session, case, Locale.EN, world.settings.vault).reveal()
        assert "Email: Not searched" in text and "Rhy ddrud" not in text


def test_a_place_that_the_register_does_not_know_is_all_gaps(world: World) -> None:
    reference = searched(world, Result.FOUND)
    with world.database.reading() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        text = draft_about(session, case, Locale.EN, world.settings.vault).reveal()
        assert ["Email" in block for heading, block in headings(text) if heading] == [False, True]
        assert text.count(GAP) == 5
        assert "Yn y blwch post" not in text, "how it was searched is not for this part of the letter"


def test_without_any_search_the_letter_is_a_gap(world: World) -> None:
    with world.database.writing() as session:
        case = started(world, session)
        assert GAP in draft_searched(session, case, Locale.CY, world.settings.vault).reveal()
