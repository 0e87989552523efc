"""E-mails come in pairs that say the same; bilingual content outside the catalogue is sound Welsh too."""

import re
from collections import Counter

import pytest

from tests.locales.corpus import EMAILS, welsh_texts
from tests.locales.grammar import lint_text
from tests.locales.lexicon import PLACEHOLDER
from tests.locales.pages import looks_english
from tests.locales.terms import lint_banned

PAIRS = sorted({path.name.split(".")[0] for path in EMAILS.glob("*.txt")})


def letter(name: str, language: str) -> str:
    path = EMAILS / f"{name}.{language}.txt"
    assert path.exists(), f"{path.name} is missing"
    return path.read_text(encoding="utf-8")


def values(text: str) -> Counter[str]:
    return Counter(found.strip("{} ") for found in PLACEHOLDER.findall(text))


@pytest.mark.parametrize("name", PAIRS)
def test_a_letter_has_both_languages_with_a_subject_and_the_same_values(name: str) -> None:
    welsh, english = letter(name, "cy"), letter(name, "en")
    for text in (welsh, english):
        subject, _, body = text.partition("\n")
        assert re.fullmatch(r"Subject: \S.*", subject)
        assert body.startswith("\n"), "an empty line parts subject and text"
        assert body.strip()
    in_welsh = {value.removesuffix("_cy") for value in values(welsh)}
    assert in_welsh == {value.removesuffix("_en") for value in values(english)}, "each its own half of a pair"
    assert welsh != english


@pytest.mark.parametrize("name", PAIRS)
def test_a_letter_has_as_many_parts_in_both_languages(name: str) -> None:
    welsh, english = (letter(name, language).strip().split("\n\n") for language in ("cy", "en"))
    assert len(welsh) == len(english)


@pytest.mark.parametrize("name", PAIRS)
def test_a_welsh_letter_says_nothing_in_english(name: str) -> None:
    lines = letter(name, "cy").splitlines()
    assert [line for line in lines if looks_english(line.removeprefix("Subject:"))] == []


def test_welsh_outside_the_catalogue_passes_the_same_gate() -> None:
    found = []
    for where, text in welsh_texts():
        bare = text.removeprefix("Subject:")
        found += [f"{where}: {problem}" for problem in (*lint_text(bare), *lint_banned(bare))]
    assert found == []
