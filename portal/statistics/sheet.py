"""A report as CSV: one file for both languages, made for machines as for people."""

import csv
from collections.abc import Sequence
from io import StringIO

from portal.core.text import Bilingual, Locale, Message, pmsg
from portal.i18n.catalogue import say
from portal.i18n.formats import month_span
from portal.register.opendata.writing import cell
from portal.statistics.rules import Report
from portal.statistics.tables import Row, Sections, each_row

WITHHELD = "*"
HEADS: Sequence[tuple[str, Message]] = (
    ("part", pmsg("column", "Part")),
    ("line", pmsg("column", "Line")),
    ("part_cy", pmsg("column", "Part in Welsh")),
    ("part_en", pmsg("column", "Part in English")),
    ("line_cy", pmsg("column", "Line in Welsh")),
    ("line_en", pmsg("column", "Line in English")),
    ("unit", pmsg("column", "Unit")),
    ("number", pmsg("column", "Number")),
    ("number_before", pmsg("column", "Number of the quarter before")),
    ("systems", pmsg("column", "Codes of systems")),
)


def as_csv(report: Report, sections: Sections, body: Bilingual) -> bytes:
    """UTF-8 with its mark. Two lines of headings, for machines and in both languages; then what the file is about; a
    star for what is withheld, nothing for what there is none of, and no cell that could be a formula."""
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([name for name, _said in HEADS])
    writer.writerow([cell(f"{say(said, Locale.CY)} | {say(said, Locale.EN)}") for _name, said in HEADS])
    span = [month_span(report.quarter.first, report.quarter.last, locale) for locale in (Locale.CY, Locale.EN)]
    for key, about in (
        ("body", [cell(body.cy), cell(body.en)]),
        ("quarter", span),
        ("first_day", [report.quarter.first.isoformat()] * 2),
        ("last_day", [report.quarter.last.isoformat()] * 2),
        ("frozen_on", [report.frozen_on.isoformat()] * 2),
    ):
        writer.writerow(["report", key, "", "", *about, "", "", "", ""])
    for kind, section, row in each_row(report, sections):
        words = [cell(say(said, locale)) for said in (section.title, row.label) for locale in (Locale.CY, Locale.EN)]
        writer.writerow([kind.value, cell(row.key), *words, row.unit.value, *_numbers(row), " ".join(row.names)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _numbers(row: Row) -> tuple[str, str]:
    return written(row.number, is_there=row.is_there), written(row.before, is_there=row.was_there)


def written(number: int | None, *, is_there: bool) -> str:
    """A number without a language's marks."""
    if not is_there:
        return ""
    return WITHHELD if number is None else str(number)
