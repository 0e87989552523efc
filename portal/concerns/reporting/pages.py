"""Finished values for the anonymous pages: readers in their groups, and threads as text for the page without script."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session

from anonymity.encoding import to_b64u
from anonymity.fingerprint import fingerprint
from anonymity.item import Item
from anonymity.receipt import Code, Lane
from anonymity.thread import Verdict
from portal.concerns.queries import About, find_posts, list_people_of_keys, post_of
from portal.concerns.reporting.service import OpenThread
from portal.concerns.rules import EMPLOYER, INDEPENDENT, MATTER_NAMES, Channel, Matter, Reader
from portal.core.text import Bilingual, Locale, Message, msg, pmsg
from portal.directory.models import Body
from portal.register.queries import PublishedSystem
from portal.web.anonymous import Visit
from portal.web.rendering import in_words

VERDICTS: dict[Verdict, Message] = {
    Verdict.CHANGED: msg("A message here was changed after it was sealed. It cannot be shown"),
    Verdict.FOREIGN: msg("A message here does not come from anybody in this thread. It cannot be shown"),
    Verdict.REPLAYED: msg("A message here is a copy of an earlier one"),
    Verdict.REORDERED: msg("A message here is not in its place. It cannot be shown"),
    Verdict.DROPPED: msg("A message is missing here"),
}


@dataclass(frozen=True, slots=True)
class ReaderLine:
    """One reader as the page shows them."""

    person_id: str
    key: str
    name: str
    words: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class ReaderGroup:
    """Readers who stand together on the page."""

    group: str
    when: str
    title: str
    readers: tuple[ReaderLine, ...]


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry of a thread: text with its author and day, or what became of it."""

    problem: Message | None
    author: str
    is_mine: bool
    day: Any = None
    body: str = ""
    lang: str = ""
    sealed_by: str = ""


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """A lane as the page without script shows it."""

    lane: str
    entries: tuple[EntryLine, ...]
    state: str


def subject_name(visit: Visit, about: About) -> str:
    """What the concern is about, in the page's language."""
    if about.name is not None:
        return about.name.get(visit.locale)
    return in_words(visit, MATTER_NAMES[Matter(about.subject)])


def body_options(visit: Visit, bodies: Sequence[Body]) -> list[tuple[str, str]]:
    """Employers to choose from."""
    return [(body.slug, Bilingual(body.name_cy, body.name_en).get(visit.locale)) for body in bodies]


def about_options(visit: Visit, systems: Sequence[PublishedSystem]) -> list[tuple[str, str]]:
    """Published systems, then the other matters."""
    offered = [(f"system:{system.short_code}", system.name.get(visit.locale)) for system in systems]
    return offered + [(f"matter:{matter.value}", in_words(visit, name)) for matter, name in MATTER_NAMES.items()]


def leave_out_options(visit: Visit, channel: Channel) -> list[tuple[str, str]]:
    """Everybody on the list, to be left out by a tick."""
    return [(reader.person_id, _line(visit, reader).name) for reader in channel.readers]


def union_options(visit: Visit, channel: Channel) -> list[tuple[str, str]]:
    """No union first, then the branches that hold keys."""
    branches = [(branch.id, branch.name.get(visit.locale)) for branch in channel.branches if branch.readers]
    return [("", in_words(visit, pmsg("union choice", "Not now"))), *branches]


def reader_groups(visit: Visit, channel: Channel) -> list[ReaderGroup]:
    """The employer's readers, the officer outside the chain, and each union branch with readers."""
    fixed = (
        (EMPLOYER, in_words(visit, msg("Responsible for the system"))),
        (INDEPENDENT, in_words(visit, msg("Outside the line of management"))),
    )
    groups = [_group(visit, channel, group, "always", title) for group, title in fixed]
    groups += [
        _group(visit, channel, branch.group, branch.group, branch.name.get(visit.locale))
        for branch in channel.branches
        if branch.readers
    ]
    return [group for group in groups if group.readers]


def _group(visit: Visit, channel: Channel, group: str, when: str, title: str) -> ReaderGroup:
    readers = tuple(_line(visit, reader) for reader in channel.readers if reader.group == group)
    return ReaderGroup(group, when, title, readers)


def _line(visit: Visit, reader: Reader) -> ReaderLine:
    post = reader.post.get(visit.locale)
    name = f"{reader.name} – {post}" if reader.name else post
    return ReaderLine(
        reader.person_id,
        to_b64u(reader.key_id),
        name,
        " ".join(fingerprint(reader.key_id, visit.locale.value)),
        reader.is_confirmed,
    )


def readers_json(about: About, channel: Channel) -> Markup:
    """The keys for the device, in a script element that no browser runs."""
    content = json.dumps(readers_content(about, channel))
    return Markup(content.replace("<", "\\u003c"))  # noqa: S704 - ids and keys; "<" cannot occur


def readers_content(about: About, channel: Channel) -> dict[str, Any]:
    """The keys, and who is close to whom by an opaque word: the hierarchy itself is not in it."""
    in_line = sum(reader.group == EMPLOYER for reader in channel.readers) > 1
    return {
        "about": {"body": about.body.id, "kind": about.kind, "subject": about.subject},
        "readers": [
            {
                "key": to_b64u(reader.key_id),
                "recipient": reader.recipient,
                "sign": to_b64u(reader.sign),
                "person": reader.person_id,
                "conflict": "line" if in_line and reader.group == EMPLOYER else None,
            }
            for reader in channel.readers
        ],
    }


def receipt_values(code: Code, locale: Locale) -> dict[str, Any]:
    """The receipt in both languages and as digits."""
    return {
        "words": code.words(locale.value),
        "other_words": " ".join(code.words(locale.other.value)),
        "digits": " ".join(code.digits),
    }


def thread_pages(session: Session, visit: Visit, opened: Sequence[OpenThread]) -> list[ThreadPage]:
    """Opened lanes as text."""
    return [_thread(session, visit, one) for one in opened]


def _thread(session: Session, visit: Visit, opened: OpenThread) -> ThreadPage:
    names = _names(session, visit, opened)
    own = opened.seat.author.sign_key
    entries = tuple(
        _entry(entry.item, names, own)
        if entry.item is not None
        else EntryLine(problem=VERDICTS[entry.verdict], author="", is_mine=False)
        for entry in opened.thread.entries
    )
    return ThreadPage(opened.lane.value, entries, opened.case.state)


def _entry(item: Item, names: dict[bytes, str], own: bytes) -> EntryLine:
    return EntryLine(
        problem=None,
        author=names.get(item.author, ""),
        is_mine=item.author == own,
        day=item.day,
        body=item.body.reveal(),
        lang=item.lang,
        sealed_by=item.sealed_by.value,
    )


def _names(session: Session, visit: Visit, opened: OpenThread) -> dict[bytes, str]:
    """What to call each reader: their post. Names stand on the page before sending only."""
    opening = opened.thread.opening
    if opening is None:
        return {}
    people = list_people_of_keys(session, [granted.key_id for granted in opening.granted])
    posts = find_posts(session, [person.id for _key, person in people.values()], today=visit.today)
    names = {}
    for key_id, (key, person) in people.items():
        post = posts.get(person.id)
        words = " ".join(fingerprint(key_id, visit.locale.value))
        title = post_of(post).get(visit.locale) if post else ""
        names[key.sign] = title or words
    return names


LANES = {lane.value: lane for lane in (Lane.JOINT, Lane.UNION)}
