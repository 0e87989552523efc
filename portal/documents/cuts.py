"""What is to be taken out of a file, as plain values that the ledger keeps as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

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
    because their words could not be cut provably. ``counts`` says for each cut, in order, how often it was found."""

    kind: FileKind
    data: bytes
    counts: Sequence[int]
    pictured: Sequence[int] = field(default=())


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


def to_json(cut: Cut) -> dict[str, Any]:
    """A cut as plain values."""
    sort = next(name for name, kind in _SORTS.items() if isinstance(cut, kind))
    return {"sort": sort, **asdict(cut)}


def from_json(values: Mapping[str, Any]) -> Cut:
    """The cut of such values."""
    return _SORTS[values["sort"]](**{name: value for name, value in values.items() if name != "sort"})
