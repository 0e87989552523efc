"""The two word lists: 2,048 Welsh and 2,048 English words, one number for each pair (FORMAT.md 3)."""

from functools import cache
from importlib import resources

LANGUAGES = ("cy", "en")
COUNT = 2048


@cache
def word_list(lang: str) -> tuple[str, ...]:
    """The words of a language, `cy` or `en`, by index. ValueError for another language or a list that is not whole."""
    if lang not in LANGUAGES:
        raise ValueError("the lists are cy and en")
    words = resources.files("anonymity").joinpath(f"words_{lang}.txt").read_text("ascii").splitlines()
    if len(words) != COUNT or len(set(words)) != COUNT:
        raise ValueError(f"words_{lang}.txt is not 2,048 different words")
    return tuple(words)


@cache
def index_of() -> dict[str, int]:
    """Every spelling of both lists with its index. ValueError if one spelling stands for two numbers."""
    found: dict[str, int] = {}
    for lang in LANGUAGES:
        for index, word in enumerate(word_list(lang)):
            if found.setdefault(word, index) != index:
                raise ValueError("one spelling stands in both lists at different places")
    return found
