"""Bringing checked entries into the register: references first, all faults at once, then everything or nothing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.clock import london_day
from portal.core.errors import Fault, ImportRefused
from portal.directory.models import Body, Union
from portal.register import service
from portal.register.intake import Dated, Entry
from portal.register.models import System, SystemVersion
from portal.register.record import Record

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, counted."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    drafts: int = 0


def import_register(
    session: Session, entries: Sequence[Entry], *, now: datetime, progress: Progress | None = None
) -> ImportResult:
    """Publish what is new, keep what is the same. ImportRefused, and nothing written, if any reference is unknown.

    A version whose content is already published is not published again, so importing a file twice changes nothing.
    """
    faults = [fault for entry in entries for fault in _faults(session, entry, london_day(now))]
    if faults:
        raise ImportRefused(faults)
    done = {"added": 0, "changed": 0, "unchanged": 0, "drafts": 0}
    for count, entry in enumerate(entries, start=1):
        done[_import_entry(session, entry, now)] += 1
        if progress is not None:
            progress(count, len(entries))
    return ImportResult(**done)


def _import_entry(session: Session, entry: Entry, now: datetime) -> str:
    system = _find_system(session, entry)
    is_new = system is None
    if system is None:
        body_id = _body_id(session, entry.body) or ""
        system = service.add_system(session, body_id=body_id, slug=entry.slug, short_code=entry.short_code, now=now)
    if entry.is_draft:
        service.save_draft(session, system, entry.latest, now=now)
        return "drafts"
    fresh = _unpublished(session, system, entry)
    for dated in fresh:
        service.publish(session, None, system, dated.record, published_on=dated.published_on, now=now)
    if is_new:
        return "added"
    return "changed" if fresh else "unchanged"


def _faults(session: Session, entry: Entry, today: date) -> Iterator[Fault]:
    if _body_id(session, entry.body) is None:
        yield Fault(f"{entry.where}, body", "is not in the directory; import the directory first")
        return
    for dated in entry.versions:
        if dated.published_on > today:
            yield Fault(f"{entry.where}, published_on", "lies in the future")
    yield from _code_faults(session, entry)
    yield from _reference_faults(session, entry, entry.latest)
    yield from _order_faults(session, entry)


def _code_faults(session: Session, entry: Entry) -> Iterator[Fault]:
    known = _find_system(session, entry)
    if entry.short_code is None:
        return
    if known is not None and known.short_code != entry.short_code:
        yield Fault(f"{entry.where}, short_code", "cannot change: it is printed on posters and in letters")
    holder = session.scalar(select(System).where(System.short_code == entry.short_code))
    if holder is not None and (known is None or holder.id != known.id):
        yield Fault(f"{entry.where}, short_code", "belongs to another system")


def _reference_faults(session: Session, entry: Entry, record: Record) -> Iterator[Fault]:
    """Every version names the same directory; the names of earlier ones are checked with the latest."""
    for version in entry.versions:
        for place, affected in enumerate(version.record.affected, start=1):
            unknown = service.place(session, affected)
            if isinstance(unknown, str):
                yield Fault(f"{entry.where}, affected[{place}].{unknown}", "is not in the directory")
    for place, position in enumerate(record.consultation.positions, start=1):
        if session.scalar(select(Union.id).where(Union.slug == position.union)) is None:
            yield Fault(f"{entry.where}, consultation.positions[{place}].union", "is not in the directory")


def _order_faults(session: Session, entry: Entry) -> Iterator[Fault]:
    system = _find_system(session, entry)
    if system is None or entry.is_draft:
        return
    last = session.scalar(
        select(SystemVersion.published_on).where(
            SystemVersion.system_id == system.id, SystemVersion.number == system.current_number
        )
    )
    if last is not None and any(dated.published_on < last for dated in _unpublished(session, system, entry)):
        yield Fault(f"{entry.where}, published_on", f"differs from what is published, but is older than {last}")


def _unpublished(session: Session, system: System, entry: Entry) -> list[Dated]:
    known = set(session.scalars(select(SystemVersion.digest).where(SystemVersion.system_id == system.id)))
    return [dated for dated in entry.versions if dated.record.digest() not in known]


def _find_system(session: Session, entry: Entry) -> System | None:
    asked = select(System).join(Body, Body.id == System.body_id)
    return session.scalar(asked.where(Body.slug == entry.body, System.slug == entry.slug))


def _body_id(session: Session, slug: str) -> str | None:
    return session.scalar(select(Body.id).where(Body.slug == slug))
