"""House terms: the Welsh word that an English term must have, and words that the house does not use."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tests.locales.extraction import ROOT
from tests.locales.lexicon import PLACEHOLDER, TAG, base, radicals, tokens

GLOSSARY = ROOT / "locales" / "glossary.csv"

BANNED = (
    (r"\bmewnlogi|\blogio? (i )?[mf]ewn|\bllogio", "mewngofnodi"),
    (r"\bllogio? allan|allbynlogi|logio allan", "allgofnodi"),
    (r"\bebost|\be-byst|\bebyst|\bemail", "e-bost, negeseuon e-bost"),
    (r"llwytho i fyny|lanlwyth", "uwchlwytho"),
    (r"llwytho i lawr|dadlwyth", "lawrlwytho"),
    (r"\bbriwsion\b(?! bara)", "cwcis"),
    (r"\bclicio\b|cliciwch", "dewiswch, or the name of the link"),
    (r"\bos gwelwch yn dda", "nothing: leave please out"),
    (r"\b[cg]ôd\b|\bchôd\b", "cod"),
    (r"\bparti?on data|deiliad data|\breolwr data|rheolwr data|reolwyr data", "rheolydd data"),
    (r"\besemptiad", "eithriad"),
    (r"\bcymeriadau\b|\bgymeriadau\b", "nodau (characters that are typed)"),
    (r"\bymlyniad", "atodiad"),
    (r"\b(y?r? )?ieuengaf", "y diweddaraf"),
    (r"cefn-drws|penben", "another word: this is a calque"),
    (r"\bedefyn|\bedafedd", "sgwrs"),
    (r"sefyll i mewn", "dirprwyo"),
    (r"\bgyd-fforwm|\bcyd-fforwm|\bchyd-fforwm", "fforwm ar y cyd"),
    (r"\b[td]orri allan|\bthorri allan|\b[td]orrwyd allan", "hepgor"),
    (r"\bgolygwyd\b|wedi[’']i olygu", "wedi’i hepgor (redacted)"),
    (r"\bposib\b|\bbosib\b", "posibl"),
    (r"\bichi\b", "i chi"),
    (r"\bayyb\b", "etc"),
    (r"\b(ti|dy|rwyt|wyt)\b", "chi"),
    (r"\bpan yn\b|\bpan mae\b", "pan fydd, pan fo"),
    (r"\b(y|’r) ffurflen yma\b|dudalen yma\b", "hon, hwn"),
    (r"\bdeallusrwydd artiffisial \(DA\)|\bDA\b", "AI"),
    (r"[Dd]im ond \w+ gallu\b", "… sy’n gallu"),
)


@dataclass(frozen=True)
class Term:
    """One English term whose Welsh is fixed. ``stems`` must all begin some word; ``|`` divides alternatives."""

    name: str
    english: re.Pattern[str]
    stems: tuple[tuple[str, ...], ...]
    welsh: str


@dataclass(frozen=True)
class Glossary:
    terms: tuple[Term, ...]
    first_words: frozenset[str]


@cache
def glossary() -> Glossary:
    """locales/glossary.csv. Its column ``must`` holds the stems of the words that a translation has to have."""
    with GLOSSARY.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    terms = [_term(row) for row in rows if row["must"]]
    first = {word.lower() for row in rows for word in re.findall(r"[^\W\d_]+", row["cy"])[:1]}
    return Glossary(tuple(terms), frozenset(first))


def _term(row: dict[str, str]) -> Term:
    english = re.sub(r"\s*\([^)]*\)", "", row["en"])
    alternatives = tuple(tuple(stems.split()) for stems in row["must"].lower().split("|"))
    return Term(english, re.compile(rf"\b{re.escape(english)}s?\b", re.I), alternatives, row["cy"])


def lint_terms(msgid: str, msgstr: str) -> list[str]:
    """House terms that the Welsh of this English lacks, and words that the house does not use."""
    return [*_missing(msgid, msgstr), *lint_banned(msgstr)]


def lint_banned(text: str) -> list[str]:
    bare = TAG.sub(" ", text)
    return [f"house term: write {instead}" for pattern, instead in BANNED if re.search(pattern, bare, re.I)]


def _missing(msgid: str, msgstr: str) -> Iterator[str]:
    said = {radical for token in tokens(msgstr) if token[0].isalpha() for radical in radicals(base(token))}
    english = PLACEHOLDER.sub(" ", TAG.sub(" ", msgid))
    for term in glossary().terms:
        if term.english.search(english) and not any(_says(said, stems) for stems in term.stems):
            yield f"term: {term.name} is {term.welsh}"


def _says(said: set[str], stems: tuple[str, ...]) -> bool:
    return all(any(word.startswith(stem) for word in said) for stem in stems)
