"""Other places that can help: the portal's own list, and the list that a body keeps in its stead.

A body that has taken the list over changes it line by line: one person writes, another approves, and until then the old
line stands. The rooms above ask who may, and record who did.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.core import ids
from portal.core.db import NO_KEY
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Bilingual, Message, pmsg
from portal.directory.models import HelpEntry
from portal.directory.rules import HelpKind, Prescribed
from portal.directory.service import NO_WORDS
from portal.directory.titles import HELP_KINDS

FILE = Path(__file__).resolve().parent / "help.json"
YEAR = timedelta(days=365)
AGAIN = timedelta(days=90)
"""So long after a reminder that nobody followed the next one comes."""
MOST_LINES = 60
OWN_WORDS = pmsg("error", "You wrote this change. Somebody else has to approve it")


@dataclass(frozen=True, slots=True)
class HelpText:
    """What one line says."""

    kind: HelpKind
    name: Bilingual
    what: Bilingual
    contact: Bilingual = NO_WORDS
    link: str = ""
    prescribed: Prescribed = Prescribed.NO
    source: str = ""


@dataclass(frozen=True, slots=True)
class HelpLine:
    """A line as readers see it, and when somebody last checked it; None while nobody has."""

    text: HelpText
    checked_on: date | None


@dataclass(frozen=True, slots=True)
class HelpList:
    """All the lines. ``is_own``: the employer keeps the list, else it is the portal's."""

    lines: tuple[HelpLine, ...]
    is_own: bool


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes or approves, and when."""

    person_id: str
    today: date


@cache
def portals_list() -> tuple[HelpLine, ...]:
    """The list that comes with the portal, with its marks: what nobody has verified says so."""
    rows = json.loads(FILE.read_text(encoding="utf-8"))
    return tuple(
        HelpLine(
            HelpText(
                HelpKind(row["kind"]),
                Bilingual(row["name_cy"], row["name_en"]),
                Bilingual(row["for_cy"], row["for_en"]),
                Bilingual(row["contact_cy"], row["contact_en"]),
                row["link"],
                Prescribed(row["prescribed"]),
                row["source"],
            ),
            date.fromisoformat(row["checked_on"]) if row["checked_on"] else None,
        )
        for row in rows
    )


def help_for(session: Session, body_id: str) -> HelpList:
    """The list that an employer's staff see."""
    rows = list_entries(session, body_id)
    if not rows:
        return HelpList(portals_list(), is_own=False)
    return HelpList(tuple(HelpLine(text_of(row), row.checked_on) for row in rows), is_own=True)


def grouped(lines: Sequence[HelpLine]) -> list[tuple[Message, list[HelpLine]]]:
    """The lines by kind, in the order of the kinds; inside a kind as the list has them."""
    by_kind = [(said, [one for one in lines if one.text.kind is kind]) for kind, said in HELP_KINDS.items()]
    return [(said, found) for said, found in by_kind if found]


def list_entries(session: Session, body_id: str) -> Sequence[HelpEntry]:
    """The lines of a body's own list as they stand; none while it has not taken the list over."""
    asked = select(HelpEntry).where(
        HelpEntry.body_id == body_id, HelpEntry.ended_on.is_(None), HelpEntry.approved_on.is_not(None)
    )
    return session.scalars(asked.order_by(HelpEntry.place, HelpEntry.id)).all()


def list_proposed(session: Session, body_id: str) -> Sequence[HelpEntry]:
    """The changes that wait for a second person, in the order of the list."""
    asked = select(HelpEntry).where(
        HelpEntry.body_id == body_id, HelpEntry.ended_on.is_(None), HelpEntry.approved_on.is_(None)
    )
    return session.scalars(asked.order_by(HelpEntry.place, HelpEntry.id)).all()


def get_entry(session: Session, entry_id: str, *, body_id: str) -> HelpEntry:
    """A line or a change of this body's list that has not ended; NotFound for every other."""
    entry = session.get(HelpEntry, entry_id)
    if entry is None or entry.body_id != body_id or entry.ended_on is not None:
        raise NotFound
    return entry


def text_of(row: HelpEntry) -> HelpText:
    return HelpText(
        row.kind,
        Bilingual(row.name_cy, row.name_en),
        Bilingual(row.for_cy, row.for_en),
        Bilingual(row.contact_cy, row.contact_en),
        row.link,
        row.prescribed,
        row.source,
    )


def take_over(session: Session, body_id: str, *, today: date) -> Sequence[HelpEntry]:
    """The portal's list becomes the body's own, unchanged. A second time changes nothing."""
    found = list_entries(session, body_id)
    if found:
        return found
    for place, line in enumerate(portals_list()):
        entry = _entry(body_id, line.text, place)
        entry.checked_on, entry.written_on, entry.approved_on = line.checked_on, today, today
        session.add(entry)
    session.flush()
    return list_entries(session, body_id)


def propose(
    session: Session,
    body_id: str,
    text: HelpText,
    by: Writer,
    *,
    entry_id: str,
    instead_of: HelpEntry | None = None,
    checked_on: date | None = None,
) -> HelpEntry:
    """A new line, or another text for one. It waits for a second person; sent twice it is one."""
    known = session.get(HelpEntry, entry_id)
    if known is not None:
        return known
    live = list_entries(session, body_id)
    if not live:
        raise Refused(pmsg("error", "Take the list over first"))
    if len(live) >= MOST_LINES and instead_of is None:
        raise Refused(pmsg("error", "The list has as many lines as it can hold. Remove one first"))
    place = instead_of.place if instead_of is not None else max(row.place for row in live) + 1
    entry = _entry(body_id, text, place)
    entry.id, entry.written_by, entry.written_on, entry.checked_on = entry_id, by.person_id, by.today, checked_on
    return _wait(session, entry, instead_of)


def propose_removal(session: Session, line: HelpEntry, by: Writer) -> HelpEntry:
    """Somebody wants a line to go; it stays until a second person agrees."""
    entry = _entry(line.body_id, text_of(line), line.place)
    entry.written_by, entry.written_on, entry.checked_on, entry.removes = by.person_id, by.today, line.checked_on, True
    return _wait(session, entry, line)


def approve(session: Session, change: HelpEntry, by: Writer) -> None:
    """The second person agrees: the change takes the place of what it replaces."""
    _hold_open(session, change)
    if change.written_by == by.person_id:
        raise Refused(OWN_WORDS)
    change.approved_by, change.approved_on = by.person_id, by.today
    replaced = session.get(HelpEntry, change.replaces_id) if change.replaces_id else None
    if replaced is not None:
        replaced.ended_on = by.today
    if change.removes:
        change.ended_on = by.today
    session.flush()


def drop(session: Session, change: HelpEntry, by: Writer) -> None:
    """The change is not made: its writer takes it back, or the second person does not agree."""
    _hold_open(session, change)
    change.ended_on = by.today
    session.flush()


def note_checked(session: Session, line: HelpEntry, *, today: date) -> None:
    """Somebody compared a line with what the place itself says, and it is still right."""
    if line.approved_on is None:
        raise NotFound
    line.checked_on, line.reminded_on = today, None
    session.flush()


def list_to_check(session: Session, *, today: date) -> Sequence[HelpEntry]:
    """Lines that nobody has checked for a year, and of which nobody was reminded lately."""
    old, told = today - YEAR, today - AGAIN
    asked = select(HelpEntry).where(
        HelpEntry.ended_on.is_(None),
        HelpEntry.approved_on.is_not(None),
        or_(HelpEntry.checked_on <= old, HelpEntry.checked_on.is_(None) & (HelpEntry.approved_on <= old)),
        or_(HelpEntry.reminded_on.is_(None), HelpEntry.reminded_on <= told),
    )
    return session.scalars(asked.order_by(HelpEntry.body_id, HelpEntry.place)).all()


def _wait(session: Session, entry: HelpEntry, instead_of: HelpEntry | None) -> HelpEntry:
    if instead_of is not None:
        waiting = select(HelpEntry.id).where(
            HelpEntry.replaces_id == instead_of.id, HelpEntry.ended_on.is_(None), HelpEntry.approved_on.is_(None)
        )
        if session.scalars(waiting.limit(1)).first() is not None:
            raise Conflict(pmsg("error", "Another change of this line waits already. Approve or drop that one first"))
        entry.replaces_id = instead_of.id
    session.add(entry)
    session.flush()
    return entry


def _hold_open(session: Session, change: HelpEntry) -> None:
    """Two people at once: whoever comes second meets what the first did."""
    session.refresh(change, with_for_update=NO_KEY)
    if change.approved_on is not None or change.ended_on is not None:
        raise NotFound


def _entry(body_id: str, text: HelpText, place: int) -> HelpEntry:
    return HelpEntry(
        id=ids.new_id(),
        body_id=body_id,
        kind=text.kind,
        name_cy=text.name.cy,
        name_en=text.name.en,
        for_cy=text.what.cy,
        for_en=text.what.en,
        contact_cy=text.contact.cy,
        contact_en=text.contact.en,
        link=text.link,
        prescribed=text.prescribed,
        source=text.source,
        place=place,
        removes=False,
    )
