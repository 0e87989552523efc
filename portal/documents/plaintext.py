"""Texts, and tables of values (CSV). What goes out is UTF-8, in which no letter is lost."""

import csv
import io
from collections.abc import Sequence

from openpyxl.utils import range_boundaries

from portal.documents.cuts import CannotCut, CellsCut, Cut, Cutting, WordsCut
from portal.documents.encodings import Encoding, Letters, decoded, read_letters
from portal.documents.findings import Finding, FindingCode
from portal.documents.kinds import FileKind
from portal.documents.matching import blackened, blackened_over

BLACK = "█████"


def cut_text(data: bytes, cuts: Sequence[Cut]) -> Cutting:
    """A text with words blackened."""
    letters = read_letters(data)
    text, counts = cut_words(letters.text, cuts)
    return Cutting(FileKind.TEXT, text.encode(), counts, lost=how_read(letters))


def how_read(letters: Letters) -> list[Finding]:
    """Bytes that are not UTF-8 are told: how their letters were read is a guess."""
    if letters.encoding is Encoding.CP1252 or letters.strange:
        return [Finding(FindingCode.OLD_LETTERS, letters.encoding, max(1, letters.strange), can_fix=False)]
    return []


def cut_words(text: str, cuts: Sequence[Cut]) -> tuple[str, list[int]]:
    """The text without these words, and how often each stood there."""
    counts = []
    for cut in cuts:
        if not isinstance(cut, WordsCut):
            raise CannotCut("no_such_cut")
        text, number = blackened(text, cut.words, whole=cut.whole, by=BLACK)
        counts.append(number)
    return text, counts


def read_table(data: bytes) -> tuple[list[list[str]], str]:
    """The rows of a CSV file and the sign between its cells."""
    text = decoded(data)
    try:
        between = csv.Sniffer().sniff(text[:8192], delimiters=",;\t|").delimiter
    except csv.Error:
        between = ","
    try:
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=between)], between
    except csv.Error:
        raise CannotCut("unreadable") from None


def cut_table(data: bytes, cuts: Sequence[Cut]) -> Cutting:
    """A table with cells or words blackened."""
    rows, between = read_table(data)
    letters = read_letters(data)
    counts = [_cut_rows(rows, cut) for cut in cuts]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=between, lineterminator="\r\n").writerows(rows)
    return Cutting(FileKind.TABLE, out.getvalue().encode("utf-8-sig"), counts, lost=how_read(letters))


def _cut_rows(rows: list[list[str]], cut: Cut) -> int:
    if isinstance(cut, WordsCut):
        number = 0
        for row in rows:
            row[:], found = blackened_over(row, cut.words, whole=cut.whole, by=BLACK)
            number += found
        return number
    if not isinstance(cut, CellsCut) or cut.sheet:
        raise CannotCut("no_such_cut")
    try:
        first_column, first_row, last_column, last_row = range_boundaries(cut.cells)
    except (ValueError, TypeError):
        raise CannotCut("no_such_cells") from None
    number = 0
    for row in rows[(first_row or 1) - 1 : last_row]:
        for place in range((first_column or 1) - 1, min(last_column or len(row), len(row))):
            number += bool(row[place])
            row[place] = BLACK if row[place] else ""
    return number
