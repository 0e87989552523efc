"""Threads as finished values for the page without script: who said what, with which files, who reads, how long."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from anonymity.attachment import Attachment
from anonymity.encoding import to_b64u
from anonymity.fingerprint import fingerprint
from anonymity.item import Granted, Item
from anonymity.receipt import RECEIPT_LANES, Lane
from anonymity.thread import Verdict
from portal.concerns.asks import Asks, find_asks
from portal.concerns.cards import Card, list_cards
from portal.concerns.queries import find_channel, find_posts, get_about, list_people_of_keys, post_of
from portal.concerns.reporting.homecoming import OpenThread
from portal.concerns.reporting.pages import ReaderLine, reader_line
from portal.concerns.rules import UNION
from portal.core.errors import NotFound
from portal.core.text import Message, msg
from portal.directory.queries import get_body
from portal.i18n.formats import file_size
from portal.web.anonymous import Visit
from portal.web.rendering import in_words

LANES = {lane.value: lane for lane in RECEIPT_LANES}
VERDICTS: dict[Verdict, Message] = {
    Verdict.CHANGED: msg("A message here was changed after it was sealed. It cannot be shown"),
    Verdict.FOREIGN: msg("A message here does not come from anybody in this thread. It cannot be shown"),
    Verdict.REPLAYED: msg("A message here is a copy of an earlier one"),
    Verdict.REORDERED: msg("A message here is not in its place. It cannot be shown"),
    Verdict.DROPPED: msg("A message is missing here"),
}


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file of an entry."""

    blob: str
    name: str
    size: str


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry of a thread: text with its author and day, or what became of it."""

    problem: Message | None
    author: str = ""
    is_mine: bool = False
    day: Any = None
    body: str = ""
    lang: str = ""
    sealed_by: str = ""
    files: tuple[FileLine, ...] = ()
    readers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offered:
    """Somebody who could be let in, with their card."""

    line: ReaderLine
    card: Card


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """A lane as the page shows it. ``others`` could be let in; who was left out at any time is not among them."""

    lane: str
    entries: tuple[EntryLine, ...]
    state: str
    expires: date
    is_held: bool
    is_writable: bool
    is_restartable: bool
    readers: list[tuple[str, str, str]]
    others: list[tuple[str, str, str]]
    asks: Asks


def thread_pages(session: Session, visit: Visit, opened: Sequence[OpenThread]) -> list[ThreadPage]:
    """Opened lanes as text."""
    return [_thread(session, visit, one) for one in opened]


def find_attachment(opened: OpenThread, blob: str) -> tuple[int, Attachment] | None:
    """A file that a genuine item names, and the epoch that it was sealed in."""
    for entry in opened.thread.entries:
        for file in entry.item.files if entry.item else ():
            if to_b64u(file.blob) == blob and entry.item is not None:
                return entry.item.epoch, file
    return None


def first_text(opened: OpenThread) -> str:
    """What a thread began with."""
    first = next((entry.item for entry in opened.thread.entries if entry.item and entry.item.opening), None)
    return first.body.reveal() if first else ""


def can_share_with(session: Session, visit: Visit, opened: OpenThread) -> list[Offered]:
    """Who would read a concern about the same thing today, the union that reads already included."""
    known = {one.sign_key for one in opened.thread.granted}
    offered = _offered(session, visit, opened)
    if all(one.card.side == "union" for one in offered):
        return []  # nobody besides the union: a union beside a request is shared with nobody else
    return [one for one in offered if one.card.side != "union" or one.card.sign in known]


def _offered(session: Session, visit: Visit, opened: OpenThread) -> list[Offered]:
    opening = opened.thread.opening
    if opening is None:
        return []
    try:
        body = get_body(session, opening.about.body)
        about = get_about(session, body.slug, f"{opening.about.kind.value}:{opening.about.subject}")
    except NotFound:
        return []  # what it was about is not offered any more
    readers = find_channel(session, about, today=visit.today).readers
    cards = {card.key_id: card for card in list_cards(session, body.id, today=visit.today)}
    within = {one.key_id for one in opened.thread.granted}
    unions = {reader.group for reader in readers if reader.key_id in within}
    return [
        Offered(reader_line(visit, reader), cards[reader.key_id])
        for reader in readers
        if reader.key_id in cards and reader.person_id not in opened.thread.left_out and unions.isdisjoint(reader.apart)
    ]


def _thread(session: Session, visit: Visit, opened: OpenThread) -> ThreadPage:
    names = _names(session, visit, opened)
    thread, case = opened.thread, opened.case
    within = {one.key_id for one in thread.granted}
    was_in = {one.key_id for one in (thread.opening.granted if thread.opening else ())}
    others = [
        one
        for one in _offered(session, visit, opened)
        if one.card.key_id not in within and (opened.lane is Lane.JOINT or one.card.key_id in was_in)
        if opened.lane is Lane.JOINT or any(group.startswith(UNION) for group in one.card.groups)
    ]
    return ThreadPage(
        lane=opened.lane.value,
        entries=tuple(_entry(visit, entry.item, entry.verdict, names, opened) for entry in thread.entries),
        state=case.state,
        expires=case.expires_week,
        is_held=case.held,
        is_writable=opened.is_writable,
        is_restartable=opened.is_restartable,
        readers=[_choice(visit, one, names) for one in thread.granted],
        others=[(to_b64u(one.card.key_id), one.line.name, _key(visit, one.line.words)) for one in others],
        asks=find_asks(session, case.case_id, today=visit.today),
    )


def _choice(visit: Visit, one: Granted, names: dict[bytes, str]) -> tuple[str, str, str]:
    words = " ".join(fingerprint(one.key_id, visit.locale.value))
    return to_b64u(one.key_id), names.get(one.sign_key, words), _key(visit, words)


def _key(visit: Visit, words: str) -> str:
    return f"{in_words(visit, msg('Key:'))} {words}"


def _entry(visit: Visit, item: Item | None, verdict: Verdict, names: dict[bytes, str], opened: OpenThread) -> EntryLine:
    if item is None:
        return EntryLine(problem=VERDICTS[verdict])
    files = tuple(
        FileLine(
            to_b64u(file.blob),
            file.original.reveal() if file.original is not None else file.name,
            file_size(file.size),
        )
        for file in item.files
    )
    return EntryLine(
        problem=None,
        author=names.get(item.author, ""),
        is_mine=item.author == opened.seat.author.sign_key,
        day=item.day,
        body=item.body.reveal(),
        lang=item.lang,
        sealed_by=item.sealed_by.value,
        files=files,
        readers=tuple(_choice(visit, one, names)[1] for one in item.readers.granted) if item.readers else (),
    )


def _names(session: Session, visit: Visit, opened: OpenThread) -> dict[bytes, str]:
    """What to call everybody who ever read: their post. Names stand on the page before sending only."""
    granted = {one.key_id for entry in opened.thread.entries for one in _granted_in(entry.item)}
    people = list_people_of_keys(session, sorted(granted))
    posts = find_posts(session, [person.id for _key, person in people.values()], today=visit.today)
    names = {}
    for key_id, (key, person) in people.items():
        post = posts.get(person.id)
        words = " ".join(fingerprint(key_id, visit.locale.value))
        names[key.sign] = (post_of(post).get(visit.locale) if post else "") or words
    return names


def _granted_in(item: Item | None) -> tuple[Granted, ...]:
    if item is None:
        return ()
    if item.readers is not None:
        return item.readers.granted
    return item.opening.granted if item.opening is not None else ()
