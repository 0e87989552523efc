"""Writing the register as the file that ``intake`` reads: every version whole, so that nothing is lost on the way."""

import json
from collections.abc import Callable, Iterator
from typing import Any, TextIO

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from portal.core.clock import london_day
from portal.directory.models import Body
from portal.register.intake import FORMAT
from portal.register.lines import HEADER
from portal.register.models import System, SystemDraft, SystemVersion

Progress = Callable[[int], None]
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


def write_lines(session: Session, out: TextIO, *, employer: str | None = None, progress: Progress | None = None) -> int:
    """The same as JSON Lines (``lines``): the format, then one system on each line; returns how many systems."""
    count = 0
    out.write(HEADER)
    for count, entry in enumerate(list_entries(session, employer=employer), start=1):
        out.write(json.dumps(entry, ensure_ascii=False) + "\n")
        if progress is not None:
            progress(count)
    return count


def list_entries(session: Session, *, employer: str | None = None) -> Iterator[dict[str, Any]]:
    """One entry for each system, by employer and slug. A hundred systems are held at a time, however many there are."""
    columns = System.id, Body.slug, System.slug, System.short_code
    asked = select(*columns).join(Body, Body.id == System.body_id).order_by(Body.slug, System.slug).limit(_AT_ONCE)
    if employer is not None:
        asked = asked.where(Body.slug == employer)
    rows = session.execute(asked).all()
    while rows:
        versions = _versions_of(session, [system_id for system_id, *_names in rows])
        for system_id, body, slug, short_code in rows:
            found = versions.get(system_id)
            entry = _published(found) if found else _drafted(session, system_id)
            if entry is not None:
                yield {"body": body, "slug": slug, "short_code": short_code, **entry}
        _id, body, slug, _code = rows[-1]
        rows = session.execute(asked.where(tuple_(Body.slug, System.slug) > (body, slug))).all()


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


def _drafted(session: Session, system_id: str) -> dict[str, Any] | None:
    draft = session.get(SystemDraft, system_id)
    if draft is None:
        return None
    day = london_day(draft.updated_at).isoformat()
    return {"draft": True, "published_on": day, "record": json.loads(draft.record)}
