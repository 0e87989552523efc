"""The pseudo-locale makes text longer and foreign, and breaks nothing in it."""

import pytest

from portal.i18n.pseudo import lengthen


@pytest.mark.parametrize("text", ["Send", "Your requests", "We will answer within one month of the day you asked."])
def test_a_sentence_grows_by_a_third_at_least(text: str) -> None:
    assert len(lengthen(text)) >= len(text) * 1.3


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Due in {n} days ({date})", ["{n}", "{date}"]),
        ("Read <strong>this</strong> first", ["<strong>", "</strong>"]),
        ("A&nbsp;B", ["&nbsp;"]),
    ],
)
def test_values_and_tags_stay_as_they_are(text: str, kept: list[str]) -> None:
    assert all(part in lengthen(text) for part in kept)


def test_no_plain_word_of_english_is_left() -> None:
    assert "Your" not in lengthen("Your requests")
    assert lengthen("Your requests").startswith("[Ŷôûr")
