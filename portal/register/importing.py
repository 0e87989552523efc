"""Bringing checked entries into the register: what they name is looked up for all together, every fault is told, and
what has none is published as everything is published (``releasing``).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.clock import london_day
from portal.core.errors import Conflict, Fault, ImportRefused, Refused
from portal.core.text import Locale
from portal.directory.models import Body, Union
from portal.i18n.catalogue import say
from portal.register import service
from portal.register.intake import Dated, Entry
from portal.register.models import System, SystemVersion
from portal.register.placing import Places
from portal.register.releasing import Release, Shelf, add_systems, new_system

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
    """Publish what is new, keep what is the same. ImportRefused, and nothing written, if any entry has a fault.

    A version whose content is already published is not published again, so importing a file twice changes nothing.
    """
    intake = Intake(session, entries, now=now)
    faults: list[Fault] = []
    for count, entry in enumerate(entries, start=1):
        faults += intake.take(entry)
        if progress is not None:
            progress(count, len(entries))
    if faults:
        raise ImportRefused(faults)
    intake.write()
    return intake.result


@dataclass(slots=True)
class _Taken:
    """Entries without a fault, waiting to be written."""

    new: list[System] = field(default_factory=list)
    drafts: list[tuple[System, Entry]] = field(default_factory=list)
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("added", "changed", "unchanged", "drafts"), 0)
    )
    versions: int = 0


class Intake:
    """Some entries in one transaction. Each is taken whole or, with a fault, not at all; then all are written."""

    def __init__(self, session: Session, entries: Sequence[Entry], *, now: datetime) -> None:
        self._session = session
        self._now = now
        self._today = london_day(now)
        self._places = Places(session)
        self._release = Release(session, now=now, places=self._places)
        self._systems = _systems_named(session, entries)
        self._holders = _holders_of_codes(session, entries)
        known = list(self._systems.values())
        self._shelves = self._release.look_up(known)
        self._digests = _digests_of(session, known)
        self._unions = set(session.scalars(select(Union.slug)))
        self._taken = _Taken()

    @property
    def result(self) -> ImportResult:
        return ImportResult(**self._taken.counts)

    @property
    def versions(self) -> int:
        """How many versions are new."""
        return self._taken.versions

    def take(self, entry: Entry) -> list[Fault]:
        """Make an entry ready to be written, or tell all its faults."""
        system = self._systems.get((entry.body, entry.slug))
        faults = list(self._faults(entry, system))
        if faults:
            return faults
        is_new = system is None
        if system is None:
            system = self._new_system(entry)
        if entry.is_draft:
            self._taken.drafts.append((system, entry))
            self._taken.counts["drafts"] += 1
        else:
            faults = self._publish(system, entry, is_new=is_new)
        if is_new and not faults:
            self._taken.new.append(system)
        return faults

    def write(self) -> None:
        """Everything that was taken."""
        if self._taken.new:
            add_systems(self._session, self._taken.new)
        self._release.write()
        for system, entry in self._taken.drafts:
            service.save_draft(self._session, system, entry.latest, now=self._now)

    def _new_system(self, entry: Entry) -> System:
        code = entry.short_code or service.free_code(self._session)
        return new_system(self._places.body_id(entry.body) or "", entry.slug, code, self._now)

    def _publish(self, system: System, entry: Entry, *, is_new: bool) -> list[Fault]:
        shelf = Shelf(system, state=system.state) if is_new else self._shelves[system.id]
        fresh = self._unpublished(system, entry)
        for dated in fresh:
            try:
                self._release.add(shelf, None, dated.record, dated.published_on, is_checked=True)
            except (Refused, Conflict) as error:
                where = f"{entry.where}, version of {dated.published_on}"
                return [Fault(where, f"cannot be published: {say(error.message, Locale.EN)}")]
        self._release.keep(shelf)
        self._taken.versions += len(fresh)
        self._taken.counts["added" if is_new else "changed" if fresh else "unchanged"] += 1
        return []

    def _unpublished(self, system: System, entry: Entry) -> list[Dated]:
        known = self._digests.get(system.id)
        return [dated for dated in entry.versions if dated.record.digest() not in known] if known else [*entry.versions]

    def _faults(self, entry: Entry, system: System | None) -> Iterator[Fault]:
        if self._places.body_id(entry.body) is None:
            yield Fault(f"{entry.where}, body", "is not in the directory; import the directory first")
            return
        for dated in entry.versions:
            if dated.published_on > self._today:
                yield Fault(f"{entry.where}, published_on", "lies in the future")
        yield from self._code_faults(entry, system)
        yield from self._reference_faults(entry)
        if system is not None and not entry.is_draft:
            yield from self._order_faults(entry, system)

    def _code_faults(self, entry: Entry, known: System | None) -> Iterator[Fault]:
        if entry.short_code is None:
            return
        if known is not None and known.short_code != entry.short_code:
            yield Fault(f"{entry.where}, short_code", "cannot change: it is printed on posters and in letters")
        holder = self._holders.get(entry.short_code)
        if holder is not None and (known is None or holder != known.id):
            yield Fault(f"{entry.where}, short_code", "belongs to another system")

    def _reference_faults(self, entry: Entry) -> Iterator[Fault]:
        """Every version names the same directory; the names of earlier ones are checked with the latest."""
        for version in entry.versions:
            for place, affected in enumerate(version.record.affected, start=1):
                unknown = self._places.find(affected)
                if isinstance(unknown, str):
                    yield Fault(f"{entry.where}, affected[{place}].{unknown}", "is not in the directory")
        for place, position in enumerate(entry.latest.consultation.positions, start=1):
            if position.union not in self._unions:
                yield Fault(f"{entry.where}, consultation.positions[{place}].union", "is not in the directory")

    def _order_faults(self, entry: Entry, system: System) -> Iterator[Fault]:
        shelf = self._shelves[system.id]
        last: date | None = shelf.last.published_on if shelf.last else None
        if last is not None and any(dated.published_on < last for dated in self._unpublished(system, entry)):
            yield Fault(f"{entry.where}, published_on", f"differs from what is published, but is older than {last}")


def _systems_named(session: Session, entries: Sequence[Entry]) -> dict[tuple[str, str], System]:
    """The systems that the portal has already, by body and slug."""
    asked = select(Body.slug, System).join(Body, Body.id == System.body_id)
    asked = asked.where(
        Body.slug.in_({entry.body for entry in entries}), System.slug.in_({entry.slug for entry in entries})
    )
    return {(body, system.slug): system for body, system in session.execute(asked).all()}


def _holders_of_codes(session: Session, entries: Sequence[Entry]) -> dict[str, str]:
    """Which systems have the short codes that the entries want."""
    wanted = {entry.short_code for entry in entries if entry.short_code is not None}
    rows = session.execute(select(System.short_code, System.id).where(System.short_code.in_(wanted)))
    return {code: system_id for code, system_id in rows}


def _digests_of(session: Session, systems: Sequence[System]) -> dict[str, set[bytes]]:
    """What was published of each system."""
    asked = select(SystemVersion.system_id, SystemVersion.digest)
    found: dict[str, set[bytes]] = {}
    for system_id, digest in session.execute(asked.where(SystemVersion.system_id.in_([one.id for one in systems]))):
        found.setdefault(system_id, set()).add(digest)
    return found
