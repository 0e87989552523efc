"""Writing the register as the file that ``intake`` reads: every version whole, so that nothing is lost on the way."""

import json
from collections.abc import Iterator
from typing import Any, TextIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.clock import london_day
from portal.directory.models import Body
from portal.register.intake import FORMAT
from portal.register.models import System, SystemDraft, SystemVersion

_AT_ONCE = 100


def write_register(session: Session, out: TextIO, *, employer: str | None = None) -> int:
    """Write every system, or one employer's by its slug, with all its versions; returns how many systems.

    The file holds what is for the union and the desks too: it is the operator's. A system that was never published
    is written as a draft; the draft of a published one is not written.
    """
    count = 0
    out.write(f'{{"format": {json.dumps(FORMAT)}, "entries": [')
    for entry in list_entries(session, employer=employer):
        out.write(("," if count else "") + "\n" + json.dumps(entry, ensure_ascii=False))
        count += 1
    out.write("\n]}\n" if count else "]}\n")
    return count


def list_entries(session: Session, *, employer: str | None = None) -> Iterator[dict[str, Any]]:
    """One entry for each system, by employer and slug, read a hundred systems at a time."""
    asked = select(System, Body.slug).join(Body, Body.id == System.body_id).order_by(Body.slug, System.slug)
    if employer is not None:
        asked = asked.where(Body.slug == employer)
    rows = session.execute(asked).all()
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        versions = _versions_of(session, [system.id for system, _slug in part])
        for system, slug in part:
            entry = _published(versions[system.id]) if system.id in versions else _drafted(session, system)
            if entry is not None:
                yield {"body": slug, "slug": system.slug, "short_code": system.short_code, **entry}


def _versions_of(session: Session, ids: list[str]) -> dict[str, list[dict[str, Any]]]:
    asked = select(SystemVersion.system_id, SystemVersion.published_on, SystemVersion.record)
    rows = session.execute(asked.where(SystemVersion.system_id.in_(ids)).order_by(SystemVersion.number))
    found: dict[str, list[dict[str, Any]]] = {}
    for system_id, day, record in rows:
        found.setdefault(system_id, []).append({"published_on": day.isoformat(), "record": json.loads(record)})
    return found


def _published(versions: list[dict[str, Any]]) -> dict[str, Any]:
    *earlier, last = versions
    return {**last, "earlier": earlier} if earlier else last


def _drafted(session: Session, system: System) -> dict[str, Any] | None:
    draft = session.get(SystemDraft, system.id)
    if draft is None:
        return None
    day = london_day(draft.updated_at).isoformat()
    return {"draft": True, "published_on": day, "record": json.loads(draft.record)}
