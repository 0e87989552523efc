"""Where the texts of a published version came from, and who approved each language: kept with it for good."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.text import Locale
from portal.register.languages import texts_of
from portal.register.models import SystemVersion, VersionTexts
from portal.register.record import Record
from portal.register.terms import Origin

_OF_AN_ENTRY = {"source": "source", "written_by": "by", "approved_by": "approved_by", "approved_on": "approved_on"}


@dataclass(frozen=True, slots=True)
class Side:
    """One language of one text: what it was taken from; the accounts that wrote and approved it; when."""

    source: Origin
    by: str
    approved_by: str
    approved_on: date | None


def keep_origins(
    session: Session, version: SystemVersion, record: Record, entries: Mapping[str, Mapping[str, Any]]
) -> VersionTexts:
    """Keep what a draft knew of its texts; one as it was published before keeps what was known of it then."""
    asked = select(VersionTexts.texts).join(SystemVersion, SystemVersion.id == VersionTexts.version_id)
    before: Mapping[str, Any] = (
        session.scalar(
            asked.where(SystemVersion.system_id == version.system_id, SystemVersion.number == version.number - 1)
        )
        or {}
    )
    texts = {path: _sides(entries[path]) if path in entries else before.get(path, {}) for path in texts_of(record)}
    days: list[str] = [
        told.get(locale.value, {}).get("approved_on", "") for told in texts.values() for locale in Locale
    ]
    last = date.fromisoformat(max(days)) if days and all(days) else None
    row = VersionTexts(version_id=version.id, texts=texts, approved_on=last)
    session.add(row)
    session.flush()
    return row


def approved_on(session: Session, version_id: str) -> date | None:
    """The day from which every text of a version was approved in both languages; None where that is not known."""
    return session.scalar(select(VersionTexts.approved_on).where(VersionTexts.version_id == version_id))


def list_origins(session: Session, version_id: str) -> dict[str, dict[Locale, Side]]:
    """By text, what is known of each language; nothing where the version came with a file."""
    row = session.get(VersionTexts, version_id)
    return {path: {locale: _side(told.get(locale.value, {})) for locale in Locale} for path, told in _texts(row)}


def _texts(row: VersionTexts | None) -> list[tuple[str, Any]]:
    return list(row.texts.items()) if row is not None else []


def _sides(entry: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    known = {name: entry.get(told, {}) for told, name in _OF_AN_ENTRY.items()}
    return {side.value: {name: told[side] for name, told in known.items() if side in told} for side in Locale}


def _side(told: Mapping[str, str]) -> Side:
    """A text of which nothing is known came with a file: whoever writes in the portal is known."""
    day = told.get("approved_on")
    source = Origin(told["source"]) if "source" in told else Origin.PERSON if told.get("by") else Origin.IMPORT
    return Side(source, told.get("by", ""), told.get("approved_by", ""), date.fromisoformat(day) if day else None)
