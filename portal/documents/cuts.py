"""What is to be taken out of a file, as plain values that the ledger keeps as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from portal.documents.findings import Finding, FindingCode
from portal.documents.kinds import FileKind


@dataclass(frozen=True, slots=True)
class WordsCut:
    """Every occurrence of these words, whatever their case and spacing; ``whole`` means as whole words only."""

    words: str
    whole: bool = True


@dataclass(frozen=True, slots=True)
class AreaCut:
    """A box on a page of a PDF or on a picture (page 1), as shares (0 to 1) of width and height from the top left."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class PageCut:
    """A whole page of a PDF; a page that says so takes its place."""

    page: int


@dataclass(frozen=True, slots=True)
class SheetCut:
    """A whole sheet of a workbook."""

    sheet: str


@dataclass(frozen=True, slots=True)
class CellsCut:
    """Cells of a sheet (or of a CSV, whose only sheet is ``""``), as ranges such as ``B2:B90``, ``C:C`` or ``4:4``."""

    sheet: str
    cells: str


Cut = WordsCut | AreaCut | PageCut | SheetCut | CellsCut


@dataclass(frozen=True, slots=True)
class Cutting:
    """A file after cutting. ``pictured`` are the pages of a PDF that became pictures with a text layer of what remains,
    because their words could not be cut provably. ``counts`` says for each cut, in order, how often it was found.
    ``lost`` is what else of the file that came is not in this one."""

    kind: FileKind
    data: bytes
    counts: Sequence[int]
    pictured: Sequence[int] = field(default=())
    lost: Sequence[Finding] = field(default=())


class CannotCut(Exception):
    """The file cannot be cut: broken, locked, or of a kind that knows no such cut. ``reason`` is a word of code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


_SORTS: Mapping[str, type[Cut]] = {
    "words": WordsCut,
    "area": AreaCut,
    "page": PageCut,
    "sheet": SheetCut,
    "cells": CellsCut,
}


def gone_words(cuts: Sequence[Cut]) -> tuple[list[str], list[str]]:
    """The words that go as whole words, and those that go inside longer ones, too."""
    words = [one for one in cuts if isinstance(one, WordsCut)]
    return [one.words for one in words if one.whole], [one.words for one in words if not one.whole]


def found_nowhere(cuts: Sequence[Cut], counts: Sequence[int]) -> list[Finding]:
    """A cut that found nothing is a finding: somebody meant there was something to cut."""
    return [_nowhere(cut) for cut, count in zip(cuts, counts, strict=True) if count == 0]


def _nowhere(cut: Cut) -> Finding:
    match cut:
        case WordsCut(words=words):
            return Finding(FindingCode.CUT_WORDS_NOWHERE, words, can_fix=False)
        case CellsCut(sheet=sheet, cells=cells):
            place = f"{sheet} {cells}".strip()
        case SheetCut(sheet=sheet):
            place = sheet
        case AreaCut(page=page) | PageCut(page=page):
            place = str(page)
    return Finding(FindingCode.CUT_PLACE_NOWHERE, place, can_fix=False)


def to_json(cut: Cut) -> dict[str, Any]:
    """A cut as plain values."""
    sort = next(name for name, kind in _SORTS.items() if isinstance(cut, kind))
    return {"sort": sort, **asdict(cut)}


def from_json(values: Mapping[str, Any]) -> Cut:
    """The cut of such values."""
    return _SORTS[values["sort"]](**{name: value for name, value in values.items() if name != "sort"})
