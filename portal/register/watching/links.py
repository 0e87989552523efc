"""Links and mailboxes of published entries: which there are, trying them a few at a time, and which do not answer."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from time import monotonic
from typing import Any, NamedTuple

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.orm import Session

from portal.core.db import Database
from portal.core.ids import new_id
from portal.core.text import Bilingual, Message
from portal.directory.rules import RoleName
from portal.identity.actor import Actor
from portal.register.definitions import definitions
from portal.register.models import System, SystemVersion
from portal.register.opening import read_open
from portal.register.parts import Both, Part
from portal.register.queries import IS_CURRENT
from portal.register.record import Record
from portal.register.watching.mailboxes import FINDINGS, MailFinding, Names, NotKnown, try_mailbox
from portal.register.watching.models import LinkCheck, LinkRound
from portal.register.watching.transport import Transport, may_be_asked

MONTHLY, AGAIN = timedelta(days=30), timedelta(days=1)
"""When all answered, and when one did not: an address may be away for an afternoon."""

MAILBOX = "mailbox"
"""The field of the record that holds an address of e-mail."""
NO_ANSWER = "no_answer"
MOST_SYSTEMS = 5
MOST_LINKS = 20
MOST_SHOWN = 200
MOST_SECONDS = 60
"""After so long a pass begins nothing more: other duties wait for it. What was not tried counts as it did before."""


class Link(NamedTuple):
    """One address, and the path of the field that holds it."""

    field: str
    address: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A link that does not answer, for the editor's desk."""

    short_code: str
    name: Bilingual
    label: Bilingual | None
    address: str
    failing_since: date
    checked_on: date
    finding: Message | None = None

    @property
    def href(self) -> str:
        """Where the address leads."""
        return f"mailto:{self.address}" if self.finding else self.address


@dataclass(frozen=True, slots=True)
class Tools:
    """What an entry is tried with: the web, the names of the internet, addresses that refused a letter for good."""

    web: Transport
    names: Names
    refused: frozenset[str] = frozenset()


Answers = dict[str, str]
"""By address: how it answered, empty where it did and else why not. An address that is not in it was not tried."""


def links_of(record: Record) -> list[Link]:
    """Every https address that everybody may read in a record, each field and address once."""
    return sorted(set(_walk("", record)))[:MOST_LINKS]


def check_links(database: Database, tools: Tools, *, today: date) -> int:
    """Try the links and the mailbox of the next few systems. Nothing is locked while the network is waited for."""
    tried, until = 0, monotonic() + MOST_SECONDS
    with database.reading() as session:
        due = [(system_id, number, record) for system_id, number, record in session.execute(_due(today))]
    for system_id, number, stored in due:
        if monotonic() > until:
            break
        record = read_open(stored)
        links = links_of(record)
        if record.mailbox:
            links.append(Link(MAILBOX, record.mailbox))
        answers = _try_all(links, tools, until)
        with database.writing() as session:
            _keep(session, system_id, number, links, answers, today)
        tried += len(answers)
    return tried


def _try_all(links: Sequence[Link], tools: Tools, until: float) -> Answers:
    answers: Answers = {}
    for link in sorted(set(links)):
        if monotonic() > until:
            break
        if link.field != MAILBOX:
            if link.address not in answers:
                answers[link.address] = "" if tools.web.answers(link.address) else NO_ANSWER
            continue
        with suppress(NotKnown):
            answers[link.address] = _try_mailbox(link.address, tools) or ""
    return answers


def _try_mailbox(address: str, tools: Tools) -> MailFinding | None:
    return MailFinding.REFUSED if address.casefold() in tools.refused else try_mailbox(address, tools.names)


def list_broken(session: Session, actor: Actor) -> Sequence[Broken]:
    """What does not answer in the entries of the bodies whose register the actor edits."""
    bodies = sorted(actor.bodies_where(RoleName.REGISTER_EDITOR))
    asked = (
        select(LinkCheck, System.short_code, SystemVersion.name_cy, SystemVersion.name_en, SystemVersion.record)
        .join(System, System.id == LinkCheck.system_id)
        .join(SystemVersion, IS_CURRENT)
        .where(LinkCheck.failing_since.is_not(None), System.body_id.in_(bodies))
        .order_by(LinkCheck.failing_since, SystemVersion.sort_en, LinkCheck.id)
        .limit(MOST_SHOWN)
    )
    return [_broken(*row) for row in session.execute(asked)]


def _due(today: date) -> Select[str, int, str]:
    round_over = or_(
        LinkRound.system_id.is_(None),
        LinkRound.next_on <= today,
        LinkRound.version_number != System.current_number,
    )
    return (
        select(System.id, SystemVersion.number, SystemVersion.record)
        .join(SystemVersion, IS_CURRENT)
        .outerjoin(LinkRound, LinkRound.system_id == System.id)
        .where(round_over)
        .order_by(LinkRound.next_on.is_not(None), LinkRound.next_on, System.id)
        .limit(MOST_SYSTEMS)
    )


def _keep(session: Session, system_id: str, number: int, links: Sequence[Link], answers: Answers, today: date) -> None:
    before = session.scalars(select(LinkCheck).where(LinkCheck.system_id == system_id)).all()
    known = {(row.field, row.address): (row.failing_since, row.finding) for row in before}
    session.execute(delete(LinkCheck).where(LinkCheck.system_id == system_id))
    for link in links:
        failing, finding = known.get(link, (None, None))
        if link.address in answers:
            found = answers[link.address]
            failing = (failing or today) if found else None
            finding = found if found and link.field == MAILBOX else None
        session.add(
            LinkCheck(
                id=new_id(),
                system_id=system_id,
                field=link.field,
                address=link.address,
                checked_on=today,
                failing_since=failing,
                finding=finding,
            )
        )
    is_open = any(answers.get(link.address, NO_ANSWER) for link in links)
    kept = session.get(LinkRound, system_id) or LinkRound(system_id=system_id)
    kept.version_number, kept.next_on = number, today + (AGAIN if is_open else MONTHLY)
    session.add(kept)
    session.flush()


def _broken(row: LinkCheck, code: str, name_cy: str, name_en: str, stored: str) -> Broken:
    if row.failing_since is None:
        raise ValueError("a link that answers is not broken")
    fields = definitions(read_open(stored).standard).values()
    label = next((field.label for field in fields if row.field in field.paths), None)
    name, finding = Bilingual(name_cy, name_en), FINDINGS[MailFinding(row.finding)] if row.finding else None
    return Broken(code, name, label, row.address, row.failing_since, row.checked_on, finding)


def _walk(path: str, value: Any) -> Iterator[Link]:
    if isinstance(value, Both):
        yield from _walk(path, value.cy)
        yield from _walk(path, value.en)
    elif isinstance(value, Part):
        for name in type(value).model_fields:
            yield from _walk(f"{path}.{name}" if path else name, getattr(value, name))
    elif isinstance(value, tuple):
        for child in value:
            yield from _walk(path, child)
    elif isinstance(value, str) and may_be_asked(value):
        yield Link(path, value)
