"""Reading records published under the Algorithmic Transparency Recording Standard, as drafts in English only.

They are known by their address, listed apart, and never affect anybody here: they say nothing of whom they affect.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.clock import london_day
from portal.core.errors import Fault, ImportRefused
from portal.core.ids import new_id
from portal.core.text import Locale
from portal.i18n.sorting import fold, sort_key
from portal.register.importing import ImportResult, Progress
from portal.register.intake import read_json
from portal.register.models import ImportedRecord


class AtrsRecord(BaseModel):
    """One record as the published list has it; what the list adds beside these fields is left alone."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True, hide_input_in_errors=True)

    url: Annotated[str, StringConstraints(pattern=r"^https://\S+$", max_length=400)]
    tool_name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    publishing_body: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    description: Annotated[str, StringConstraints(max_length=5000)]
    published: datetime


def read_atrs(data: bytes) -> tuple[AtrsRecord, ...]:
    """The records of a file ``{"records": [...]}``. ImportRefused with every fault of every record if there is any."""
    parsed = read_json(data)
    rows = parsed.get("records") if isinstance(parsed, dict) else None
    if not isinstance(rows, list):
        raise ImportRefused([Fault("file", "must be an object with a list of records")])
    records: list[AtrsRecord] = []
    faults: list[Fault] = []
    for place, row in enumerate(rows, start=1):
        try:
            records.append(AtrsRecord.model_validate(row))
        except ValidationError as error:
            faults += [
                Fault(f"record {place}, {'.'.join(str(step) for step in found['loc'])}", _told(found["type"]))
                for found in error.errors(include_url=False, include_input=False)
            ]
    faults += _same_address(records)
    if faults:
        raise ImportRefused(faults)
    return tuple(records)


def import_atrs(
    session: Session, records: Sequence[AtrsRecord], *, now: datetime, progress: Progress | None = None
) -> ImportResult:
    """Add what is new by its address, bring what changed up to date, leave the rest alone."""
    added = changed = 0
    known = {row.url: row for row in session.scalars(select(ImportedRecord))}
    for count, record in enumerate(records, start=1):
        row = known.get(record.url)
        if row is None:
            session.add(ImportedRecord(id=new_id(), url=record.url, imported_at=now, **_columns(record)))
            added += 1
        elif any(getattr(row, name) != value for name, value in _columns(record).items()):
            for name, value in _columns(record).items():
                setattr(row, name, value)
            row.imported_at = now
            changed += 1
        if progress is not None:
            progress(count, len(records))
    session.flush()
    return ImportResult(added=added, changed=changed, unchanged=len(records) - added - changed)


def _columns(record: AtrsRecord) -> dict[str, object]:
    searched = " ".join((record.tool_name, record.publishing_body or "", record.description))
    return {
        "publishing_body": record.publishing_body,
        "tool_name": record.tool_name,
        "description": record.description,
        "published_on": london_day(record.published),
        "sort": sort_key(record.tool_name, Locale.EN),
        "folded": fold(searched),
    }


def _same_address(records: Sequence[AtrsRecord]) -> list[Fault]:
    seen: set[str] = set()
    faults = []
    for record in records:
        if record.url in seen:
            faults.append(Fault("file", f"has two records of the address {record.url}"))
        seen.add(record.url)
    return faults


def _told(kind: str) -> str:
    if kind == "missing":
        return "is missing"
    if kind in {"string_too_long", "string_too_short"}:
        return "is empty or too long"
    return "is not in the form of the published list"
