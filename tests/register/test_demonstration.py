"""The demonstration's eight systems: both languages equally, and everything that the issue of them asks for."""

import json
import re
from collections.abc import Iterator
from typing import Any

from portal.register.intake import read_register
from portal.register.rules import ConsultationState, Position, SystemKind
from tests.locales.grammar import lint_text
from tests.register.conftest import DEMO

DATA = (DEMO / "register.json").read_bytes()
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


def pairs(part: Any) -> Iterator[tuple[str, str]]:
    if isinstance(part, dict):
        if part.keys() == {"cy", "en"}:
            yield part["cy"], part["en"]
        else:
            for inner in part.values():
                yield from pairs(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from pairs(inner)


def test_the_welsh_passes_the_gate_of_the_catalogue() -> None:
    found = [(problem, welsh[:60]) for welsh, _english in pairs(json.loads(DATA)) for problem in lint_text(welsh)]
    assert found == []


def test_both_languages_say_the_same_numbers() -> None:
    differing = [
        (welsh, english)
        for welsh, english in pairs(json.loads(DATA))
        if sorted(NUMBER.findall(welsh)) != sorted(NUMBER.findall(english))
    ]
    assert differing == []


def test_neither_language_is_much_the_longer() -> None:
    welsh, english = (sum(map(len, side)) for side in zip(*pairs(json.loads(DATA)), strict=True))
    assert 0.8 < welsh / english < 1.25


def test_the_eight_kinds_of_system_are_there() -> None:
    kinds = {kind for entry in read_register(DATA) for kind in entry.latest.kinds}
    assert kinds >= {
        SystemKind.ROSTERING,
        SystemKind.ABSENCE,
        SystemKind.LOCATION,
        SystemKind.PERFORMANCE,
        SystemKind.RECRUITMENT,
        SystemKind.FORECASTING,
        SystemKind.GENERATIVE,
    }


def test_a_union_disagrees_somewhere_and_a_consultation_is_open() -> None:
    talks = [entry.latest.consultation for entry in read_register(DATA)]
    positions = [position for talk in talks for position in talk.positions]
    assert any(position.position is Position.NOT_AGREED and position.statement for position in positions)
    assert any(talk.state is ConsultationState.OPEN for talk in talks)


def test_one_system_decides_something_with_nobody_looking() -> None:
    points = [point for entry in read_register(DATA) for point in entry.latest.decision_points]
    assert any(point.solely_automated for point in points)
    assert all(point.human_point.cy and point.human_point.en for point in points)
