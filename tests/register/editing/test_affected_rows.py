"""Whom a system affects, at the employer's own places and at those of another: each row is one save."""

import json
from collections.abc import Iterator

import pytest

from tests.demonstrated import Demonstrated
from tests.register.editing.test_routes import EDIT, NON, boxes, stored, words
from tests.visitors import Visitor

AT = f"{EDIT}/affected/affected/new"


@pytest.fixture
def non(demonstrated: Demonstrated) -> Iterator[Visitor]:
    with demonstrated.signed_in(NON) as visitor:
        visitor.get(EDIT)
        assert visitor.post(f"{EDIT}/begin").status_code == 303
        yield visitor


def test_a_row_at_another_employer_is_one_save(non: Visitor, demonstrated: Demonstrated) -> None:
    before = stored(demonstrated)
    non.get(AT)
    assert "Show its workplaces and staff groups" in words(non) and 'value="ysbyty-' not in non.page.text
    typed = {**boxes(non), "body": "glannau-ogwen", "people": "<10", "kinds": ["employee"]}
    assert non.post(AT, {**typed, "go": "places"}).status_code == 200
    assert stored(demonstrated) == before and boxes(non)["people"] == "<10" and boxes(non)["kinds"]
    place = next(value for value in _options(non, "workplace") if value)
    whole = {**boxes(non), "workplace": place, "strength": "monitors", "go": ""}
    whole |= {f"since-{part}": value for part, value in (("day", "1"), ("month", "2"), ("year", "2026"))}
    assert non.post(AT, whole).status_code == 303, words(non)
    rows = json.loads(stored(demonstrated))["affected"]
    assert (rows[-1]["body"], rows[-1]["workplace"]) == ("glannau-ogwen", place)


def test_a_place_of_the_employer_before_is_refused_with_the_places_of_the_new_one(non: Visitor) -> None:
    non.get(AT)
    own = next(value for value in _options(non, "workplace") if value)
    typed = {**boxes(non), "body": "glannau-ogwen", "workplace": own, "strength": "monitors", "kinds": ["employee"]}
    typed |= {f"since-{part}": value for part, value in (("day", "1"), ("month", "2"), ("year", "2026"))}
    assert non.post(AT, typed).status_code == 422
    assert "does not know this place or group at that employer" in words(non)
    assert own not in _options(non, "workplace")


def _options(visitor: Visitor, name: str) -> list[str]:
    select = visitor.page.text.split("<main")[1].split(f'name="{name}"')[1].split("</select>")[0]
    return [piece.split('"')[0] for piece in select.split('<option value="')[1:]]
