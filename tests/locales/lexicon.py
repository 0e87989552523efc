"""Welsh words: how a text falls into them, which are known, and what each mutation makes of a word."""

import csv
import gc
import re
import warnings
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

DATA = Path(__file__).parent / "data"
DICTIONARY = Path(__file__).resolve().parents[2] / "node_modules" / "dictionary-cy" / "index"


def wordset(words: str) -> frozenset[str]:
    """The words of a written-out list."""
    return frozenset(words.split())


TAG = re.compile(r"<[^>]+>")
PLACEHOLDER = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{[^{}]*\}")
URL = re.compile(
    r"https?://\S+|\{\w+\}/\S+|\b[\w.+-]+@[\w-]+\.\w[\w.]*|\b\w+\.(?:gov|org|com|cymru|wales|uk)\b\S*", re.I
)
TOKEN = re.compile(r"[^\W\d_]+(?:['‑-][^\W\d_]+)*|\d+|§|[^\w\s]")
CLITIC = re.compile(r"'(n|r|ch|i|u|w|m|th)$", re.I)
VALUE = "§"
"""Stands in a list of tokens where the text has a placeholder; its name is kept beside."""

Mutation = Sequence[tuple[str, str]]
SOFT: Mutation = [
    ("ll", "l"), ("rh", "r"), ("p", "b"), ("t", "d"), ("c", "g"), ("b", "f"), ("d", "dd"), ("g", ""), ("m", "f"),
]  # fmt: skip
SOFT_AFTER_ARTICLE = [pair for pair in SOFT if pair[0] not in ("ll", "rh")]
NASAL: Mutation = [("p", "mh"), ("t", "nh"), ("c", "ngh"), ("b", "m"), ("d", "n"), ("g", "ng")]
ASPIRATE: Mutation = [("p", "ph"), ("t", "th"), ("c", "ch")]
MIXED = [*ASPIRATE, *(pair for pair in SOFT if pair[0] not in "ptc")]
DIGRAPHS = ("ph", "th", "ch", "dd", "ff", "ng", "ll", "rh")


def tokens(text: str) -> list[str]:
    """Words with their clitics, numbers, punctuation, and ``§`` for a value; a tag is a full stop to grammar."""
    bare = URL.sub(" ", TAG.sub(" | ", text.replace("’", "'")))
    return TOKEN.findall(PLACEHOLDER.sub(f" {VALUE} ", bare))


def value_names(text: str) -> list[str]:
    """The names of the values in order, as ``tokens`` meets them."""
    return [found.strip("{}% ") for found in PLACEHOLDER.findall(text)]


def base(word: str) -> str:
    """The word without the clitics hanging on it: ``o'ch`` is ``o``."""
    while CLITIC.search(word):
        word = CLITIC.sub("", word)
    return word.strip("'-")


def mutate(word: str, mutation: Mutation) -> str | None:
    """What the mutation makes of a word, or None when its first letter does not take it."""
    lower = word.lower()
    for radical, mutated in mutation:
        if lower.startswith(radical):
            if len(radical) == 1 and lower[:2] in DIGRAPHS:
                return None
            return (mutated + lower[len(radical) :]) or None
    return None


def radicals(word: str) -> set[str]:
    """The word and all that it may be a mutation of."""
    lower = word.lower()
    out = {lower}
    for mutation in (SOFT, NASAL, ASPIRATE):
        for radical, mutated in mutation:
            if lower.startswith(mutated) and (mutated or lower[:1] in "aeiouwyâêîôûŵŷlrn"):
                out.add(radical + lower[len(mutated) :])
    if lower.startswith("h"):
        out.add(lower[1:])
    return out


class Speller(Protocol):
    def lookup(self, word: str) -> bool: ...


class Lexicon:
    """Knows which words are Welsh: by the dictionary where it is installed, else by the committed approved words."""

    def __init__(self, words: Iterable[str], speller: Speller | None) -> None:
        self._words = {word.lower() for word in words}
        self._speller = speller
        self._seen: dict[str, bool] = {}

    def has(self, word: str) -> bool:
        if word not in self._seen:
            self._seen[word] = word.lower() in self._words or self._spelt(word)
        return self._seen[word]

    def _spelt(self, word: str) -> bool:
        if self._speller is None:
            return False
        return any(self._speller.lookup(form) for form in (word, word.lower(), word.capitalize()))

    def knows(self, word: str) -> bool:
        """Is the word, or each part of a hyphenated word, Welsh?"""
        parts = [part for part in re.split(r"['-]", word) if part]
        return self.has(word) or self.has(word.replace("-", "")) or all(self.has(part) for part in parts)

    def unmutated(self, word: str, mutation: Mutation) -> str | None:
        """The form that should stand here, when the word is a plain radical and no mutation of another word."""
        mutated = mutate(word, mutation)
        if not mutated or not self.has(word) or not self.has(mutated):
            return None
        return None if self._may_be_mutated_already(word.lower(), mutation) else mutated

    def _may_be_mutated_already(self, lower: str, mutation: Mutation) -> bool:
        for radical, mutated in mutation:
            if mutated and lower.startswith(mutated) and not (len(mutated) == 1 and lower[:2] in DIGRAPHS):
                if self.has(radical + lower[len(mutated) :]):
                    return True
            elif not mutated and self.has("g" + lower):
                return True
        return False


def listed(name: str) -> set[str]:
    """The words of a committed list, one a line; lines that start with # explain."""
    path = DATA / name
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {line.strip() for line in lines if line.strip() and not line.startswith("#")}


def has_speller() -> bool:
    """Whether npm's dictionary-cy and spylls are installed."""
    return find_spec("spylls") is not None and DICTIONARY.with_suffix(".aff").exists()


@cache
def speller() -> Speller | None:
    """npm's dictionary-cy through spylls, or None where either is not installed. Loading takes about two seconds."""
    if not has_speller():
        return None
    from spylls.hunspell import Dictionary

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # spylls leaves the two files to the garbage collector
        dictionary = Dictionary.from_files(str(DICTIONARY))
        gc.collect()
    return dictionary


@cache
def lexicon() -> Lexicon:
    return Lexicon(listed("words-cy.txt") | (set() if speller() else listed("approved-words.txt")), speller())


@cache
def nouns() -> dict[str, str]:
    """Noun to gender, ``m`` or ``f``."""
    with (DATA / "nouns-cy.csv").open(encoding="utf-8", newline="") as handle:
        return {row["cy"]: row["gender"] for row in csv.DictReader(handle)}
