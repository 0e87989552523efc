"""The verbs about a body's list of other places that can help: one person writes, another approves."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.authz.permissions import KEEPERS_OF_HELP, Permission, Subject, permits
from portal.core.clock import london_day
from portal.core.errors import NotFound
from portal.directory import helping
from portal.directory.helping import HelpText, Writer
from portal.directory.models import Body, HelpEntry
from portal.directory.queries import find_body_by_slug
from portal.identity.actor import Actor


@dataclass(frozen=True, slots=True)
class Draft:
    """A line as somebody wrote it. ``id`` comes with the form; ``is_checked``: compared with the place's own words."""

    id: str
    text: HelpText
    is_checked: bool


def get_body_of_list(session: Session, actor: Actor, slug: str) -> Body:
    """A body whose list the actor keeps; NotFound for every other."""
    body = find_body_by_slug(session, slug)
    if body is None or not permits(actor, Permission.KEEP_HELP, Subject(body_id=body.id)):
        raise NotFound
    return body


def bodies_kept_by(actor: Actor) -> frozenset[str]:
    """The bodies whose list the actor keeps."""
    return actor.bodies_where(*KEEPERS_OF_HELP)


def take_over(session: Session, actor: Actor, body: Body, *, now: datetime) -> None:
    """The portal's list becomes the body's own."""
    _require(actor, body)
    helping.take_over(session, body.id, today=london_day(now))
    _note(session, actor, "help.taken_over", body, now)


def write(
    session: Session, actor: Actor, body: Body, draft: Draft, *, instead_of: HelpEntry | None, now: datetime
) -> None:
    """A new line, or another text for one; it waits for a second person."""
    _require(actor, body)
    by = _writer(actor, now)
    entry = helping.propose(
        session,
        body.id,
        draft.text,
        by,
        entry_id=draft.id,
        instead_of=instead_of,
        checked_on=by.today if draft.is_checked else None,
    )
    _note(session, actor, "help.proposed", body, now, entry=entry.id)


def remove(session: Session, actor: Actor, body: Body, line: HelpEntry, *, now: datetime) -> None:
    """A line is to go; it stays until a second person agrees."""
    _require(actor, body)
    entry = helping.propose_removal(session, line, _writer(actor, now))
    _note(session, actor, "help.removal_proposed", body, now, entry=entry.id)


def approve(session: Session, actor: Actor, body: Body, change: HelpEntry, *, now: datetime) -> None:
    """The second person agrees."""
    _require(actor, body)
    helping.approve(session, change, _writer(actor, now))
    _note(session, actor, "help.approved", body, now, entry=change.id)


def drop(session: Session, actor: Actor, body: Body, change: HelpEntry, *, now: datetime) -> None:
    """The change is not made."""
    _require(actor, body)
    helping.drop(session, change, _writer(actor, now))
    _note(session, actor, "help.dropped", body, now, entry=change.id)


def note_checked(session: Session, actor: Actor, body: Body, line: HelpEntry, *, now: datetime) -> None:
    """A line was compared with what the place itself says, and is still right."""
    _require(actor, body)
    helping.note_checked(session, line, today=london_day(now))
    _note(session, actor, "help.checked", body, now, entry=line.id)


def _writer(actor: Actor, now: datetime) -> Writer:
    return Writer(actor.person_id, london_day(now))


def _require(actor: Actor, body: Body) -> None:
    if not permits(actor, Permission.KEEP_HELP, Subject(body_id=body.id)):
        raise NotFound


def _note(session: Session, actor: Actor, event: str, body: Body, now: datetime, **facts: str) -> None:
    record(session, actor=actor, event=event, subject=body.id, now=now, body_id=body.id, facts=facts)
