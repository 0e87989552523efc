"""Finding words in a text as people mean them: accents, capitals, line breaks, kinds of quotes make no difference."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from portal.documents.otherways import Ways, ways_of

_SOFT = frozenset("\u034f\ufffe\x02")
"""Signs that nobody sees; so are all that only steer (Cf), such as those around names in messages of telephones."""
_HYPHENS = frozenset("-\u2010\u2011")
_DIVIDING = _HYPHENS | {"\ufffe", "\x02"}
_NO_LETTER = re.compile(r"\W+")
_SAME = {"‘": "'", "’": "'", "‛": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‐": "-", "‑": "-"}


class Folded:
    """A text with its folded form, and for each sign of that form its place in the text."""

    def __init__(self, text: str) -> None:
        signs, places = [], []
        for sign, place in _fold(text):
            signs.append(sign)
            places.append(place)
        self.folded, self._places, self._text = "".join(signs), places, text

    def spans(self, words: str, *, whole: bool) -> list[tuple[int, int]]:
        """Where the words stand in the text, or mean the same in another way of writing (``otherways``): first and one
        past the last place, from left to right."""
        wanted = fold(words).strip()
        if not wanted:
            return []
        # A hyphen at the end of a line may be a hyphen or not, and PDFium leaves it out: both are the same words.
        sought = re.compile(re.sub(r"(?<=\w)\\-(?=\w)", "-? ?", re.escape(wanted)))
        found, match = [], sought.search(self.folded)
        while match:
            start, end = match.span()
            if not whole or (self._is_edge(start - 1, start) and self._is_edge(end, end - 1)):
                found.append((self._places[start], self._places[end - 1] + 1))
            match = sought.search(self.folded, start + 1)
        ways = other_ways(words)
        if not ways.sign or ways.sign not in self.folded:
            return found
        return sorted([*found, *_apart(self._other(ways), found)])

    def _other(self, ways: Ways) -> Iterator[tuple[int, int]]:
        for pattern in filter(None, (ways.turned, ways.initials, ways.days)):
            match = pattern.search(self.folded)
            while match:
                start, end = match.span()
                if self._is_edge(start - 1, start) and self._is_edge(end, end - 1) and self._is_so_written(match):
                    yield self._places[start], self._places[end - 1] + 1
                match = pattern.search(self.folded, start + 1)

    def _is_so_written(self, match: re.Match[str]) -> bool:
        """Initials are capitals («i Tudur» is «to Tudur»); a line that ends between two names without a comma is a list
        of people."""
        start, end = match.span()
        between = self._text[self._places[start] : self._places[end - 1]]
        if "\n" in between and "," not in between:
            return False
        for name in ("one", "after") if "one" in match.re.groupindex else ():
            first, last = match.span(name)
            if any(self._text[self._places[at]].islower() for at in range(max(first, 0), last)):
                return False
        return True

    def _is_edge(self, outside: int, inside: int) -> bool:
        """True if no word goes on over this edge."""
        if not 0 <= outside < len(self.folded):
            return True
        if not (self.folded[outside].isalnum() and self.folded[inside].isalnum()):
            return True
        first, last = sorted((self._places[outside], self._places[inside]))
        return any(sign in _DIVIDING for sign in self._text[first + 1 : last])


def _apart(others: Iterable[tuple[int, int]], found: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those that lie over nothing that was found before: in «Mali Tudur, Mali Tudur» nobody is written the other way
    round. What overlaps is one."""
    taken = bytearray(max((end for _start, end in found), default=0))
    for start, end in found:
        taken[start:end] = b"\1" * (end - start)
    joined: list[tuple[int, int]] = []
    for start, end in sorted(others):
        if any(taken[start:end]):
            continue
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def blackened(text: str, words: str, *, whole: bool, by: str) -> tuple[str, int]:
    """The text with these words replaced, and how often they stood there."""
    spans = Folded(text).spans(words, whole=whole)
    out, end = [], 0
    for start, stop in spans:
        if start >= end:
            out += [text[end:start], by]
        end = max(end, stop)
    return "".join([*out, text[end:]]), len(spans)


def blackened_over(texts: Sequence[str], words: str, *, whole: bool, by: str) -> tuple[list[str], int]:
    """Texts that stand beside each other, such as the cells of a row, without these words: also where a name begins in
    one and ends in the next."""
    told = [text for text in texts if text]
    if not may_hold("".join(told), words):
        return list(texts), 0
    spans = Folded("\t".join(told)).spans(words, whole=whole)
    if not spans:
        return list(texts), 0
    left, at = [], 0
    for text in texts:
        left.append(_without(text, at, spans, by))
        at += len(text) + bool(text)
    return left, len(spans)


def _without(text: str, at: int, spans: Sequence[tuple[int, int]], by: str) -> str:
    out, end = [], 0
    for start, stop in ((max(first - at, 0), min(last - at, len(text))) for first, last in spans):
        if start < stop:
            if start >= end:
                out += [text[end:start], by]
            end = max(end, stop)
    return "".join([*out, text[end:]])


def may_hold(text: str, words: str) -> bool:
    """False, and that fast, where the letters of the words do not stand in the text one after the other."""
    wanted, bones = _bones(words), _bones(text)
    if not wanted or wanted in bones:
        return True
    ways = other_ways(words)
    if not ways.sign or _bones(ways.sign) not in bones:
        return False
    is_given = bool(ways.given) and _bones(ways.given) in bones
    return is_given or ways.hint.search(unicodedata.normalize("NFKD", text)) is not None


@lru_cache(maxsize=1024)
def other_ways(words: str) -> Ways:
    """How else these words are written."""
    return ways_of(words.strip(), fold(words).strip())


def _bones(text: str) -> str:
    """Letters and digits alone, in one go: where these are not, the words are not."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKD", text).casefold())


def fold(text: str) -> str:
    """The folded form alone."""
    return "".join(sign for sign, _place in _fold(text))


def _fold(text: str) -> Iterator[tuple[str, int]]:
    place, space = 0, False
    while place < len(text):
        sign = text[place]
        if sign in _HYPHENS and (after := _line_after(text, place)) is not None:
            place = after  # a word divided at the end of a line
            continue
        if sign.isspace():
            if not space:
                yield " ", place
            space = True
        elif not _is_soft(sign):
            space = False
            for part in unicodedata.normalize("NFKD", _SAME.get(sign, sign)):
                if not unicodedata.combining(part):
                    yield from ((folded, place) for folded in part.casefold())
        place += 1


def _is_soft(sign: str) -> bool:
    return sign in _SOFT or "\ufe00" <= sign <= "\ufe0f" or unicodedata.category(sign) == "Cf"


def _line_after(text: str, place: int) -> int | None:
    """Where the next line begins if this is its end, with a letter before and after; else None."""
    end = place + 1
    while end < len(text) and text[end] in " \r\n":
        end += 1
    broken = "\n" in text[place + 1 : end] and place > 0 and text[place - 1].isalpha()
    return end if broken and end < len(text) and text[end].islower() else None
