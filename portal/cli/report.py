"""``porth report``: a quarter's report as it was told by the end of a day, made of the frozen events alone."""

import sys
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.periods import read_quarter
from portal.core.db import Database
from portal.core.text import Bilingual, Locale
from portal.directory.models import Body
from portal.home.report_words import SECTIONS
from portal.i18n.catalogue import say
from portal.i18n.formats import count, month_span
from portal.migrations.newest import require_newest
from portal.settings.models import Settings
from portal.statistics.models import ReportText
from portal.statistics.queries import find_report, find_text
from portal.statistics.rules import Report
from portal.statistics.sheet import WITHHELD, as_csv
from portal.statistics.tables import Row, rows_of

NONE = "-"


def run(settings: Settings, slug: str, written: str, as_at: date | None, as_file: bool) -> int:
    """Write the report to the output, as text in both languages or as the file that the page gives."""
    quarter = read_quarter(written)
    if quarter is None:
        return _refuse(f"{written} is no quarter: write the year and 1 to 4, as in 2026-3 for July to September")
    database = Database(settings.database)
    try:
        require_newest(database)
        with database.reading() as session:
            body = session.scalar(select(Body).where(Body.slug == slug))
            if body is None:
                return _refuse(f"the directory has no employer {slug}")
            found = find_report(session, body.id, quarter, as_at=as_at)
            if found is None:
                by = f" by the end of {as_at.isoformat()}" if as_at is not None else ""
                return _refuse(f"the report of {written} was not frozen{by}")
            name = Bilingual(body.name_cy, body.name_en)
            _write(session, found, name, as_at, as_file=as_file)
    finally:
        database.close()
    return 0


def _refuse(why: str) -> int:
    print(f"porth: {why}", file=sys.stderr)
    return 1


def _write(session: Session, found: Report, name: Bilingual, as_at: date | None, *, as_file: bool) -> None:
    if as_file:
        sys.stdout.buffer.write(as_csv(found, SECTIONS, name))
        sys.stdout.buffer.flush()
        return
    said = find_text(session, found.body_id, found.quarter, as_at=as_at)
    for locale in Locale:
        print("\n".join(_lines(found, name, said, locale)), end="\n\n")


def _lines(found: Report, name: Bilingual, said: ReportText | None, locale: Locale) -> list[str]:
    span = month_span(found.quarter.first, found.quarter.last, locale)
    lines = [f"{name.get(locale)}, {span} ({found.frozen_on.isoformat()})"]
    for kind, section in SECTIONS.items():
        lines += ["", say(section.title, locale)]
        lines += [_line(row, locale) for row in rows_of(found, kind, section)]
    if said is not None:
        lines += ["", *(getattr(said, f"{part}_{locale.value}") for part in ("you_said", "we_did"))]
    return lines


def _line(row: Row, locale: Locale) -> str:
    names = f"  {' '.join(row.names)}" if row.names else ""
    now, before = _number(row.number, row.is_there), _number(row.before, row.was_there)
    return f"{now:>9} {before:>9}  {say(row.label, locale)}{names}"


def _number(number: int | None, is_there: bool) -> str:
    if not is_there:
        return NONE
    return WITHHELD if number is None else count(number)
