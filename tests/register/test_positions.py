"""When a system is in dispute, as a table."""

from typing import Any

import pytest

from portal.register.positions import Said, is_disputed
from portal.register.record import Record
from portal.register.rules import Position

NO, YES = Position.NOT_AGREED, Position.AGREED


def record(*told: tuple[str, str]) -> Record:
    positions: list[dict[str, Any]] = [
        {"union": union, "name": {"cy": union, "en": union}, "position": position} for union, position in told
    ]
    consultation = {"state": "closed", "positions": positions}
    return Record.model_validate({"state": "live", "consultation": consultation})


@pytest.mark.parametrize(
    ("told", "said", "expected"),
    [
        ([], {}, False),
        ([("gmb", "not_agreed")], {}, True),
        ([("gmb", "not_agreed")], {"gmb": (YES,)}, False),
        ([("gmb", "agreed")], {"gmb": (NO,)}, True),
        ([("gmb", "agreed")], {"gmb": (YES, NO)}, True),
        ([("gmb", "not_agreed")], {"unison": (YES,)}, True),
        ([("gmb", "no_response")], {}, False),
    ],
)
def test_the_branch_s_own_word_goes_before_the_version_s(
    told: list[tuple[str, str]], said: Said, expected: bool
) -> None:
    assert is_disputed(record(*told), said) is expected
