"""Freezing a quarter's figures, and the text that two people put beside them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.authz.permissions import Permission, permits
from portal.cases.periods import Quarter
from portal.cases.turn import Desk
from portal.core import ids
from portal.core.clock import london_day
from portal.core.errors import Conflict, NotAllowed, NotFound, Refused
from portal.core.text import pmsg
from portal.identity.actor import Actor
from portal.notifications.letters import to_person
from portal.notifications.service import queue
from portal.settings.models import Settings
from portal.statistics.models import FigureEvent, ReportText
from portal.statistics.queries import find_counted, find_draft, find_report, find_text, list_bodies, list_people
from portal.statistics.rules import FROZEN, Counted, Kind, Numbers, looked_back
from portal.statistics.suppressing import became_known, late, tell, tell_few

TEXT_LIMIT = 4000
OWN_TEXT = pmsg("error", "You wrote this text, so somebody else has to sign it")
OTHER_TEXT = pmsg("error", "The text was written anew meanwhile. Read it again before you sign")


@dataclass(frozen=True, slots=True)
class NewText:
    """«You said, we did», in both languages."""

    id: str
    you_said_cy: str
    you_said_en: str
    we_did_cy: str
    we_did_en: str


def freeze(session: Session, body_id: str, quarter: Quarter, counted: Mapping[Kind, Counted], *, now: datetime) -> bool:
    """Write a quarter down as it is known now, once and for good. True if it had not been."""
    if find_report(session, body_id, quarter) is not None:
        return False
    today = london_day(now)
    so_far = find_counted(session, body_id, looked_back(quarter))

    def event(kind: Kind, key: str, number: int, told: int | None, of: str = quarter.written) -> FigureEvent:
        return FigureEvent(
            id=ids.new_id(), body_id=body_id, quarter=quarter.written, of_quarter=of,
            kind=kind, key=key, number=number, told=told, frozen_on=today,
        )  # fmt: skip

    session.add(event(Kind.REPORT, FROZEN, 1, None))
    for kind, one in counted.items():
        shown, numbers = tell(one), {**one.numbers, **one.plain}
        session.add_all(event(kind, key, number, shown[key]) for key, number in numbers.items())
        if one.known and so_far[kind]:
            changes = became_known(one, so_far[kind])
            added = {line: late(changes, keys) for line, keys in one.late.items()}
            session.add_all(event(kind, line, number, tell_few(number)) for line, number in added.items())
            session.add_all(event(kind, key, number, None, name) for name, key, number in _each(changes))
    session.flush()
    facts = {"quarter": quarter.written}
    record(session, actor=None, event="report.frozen", subject=body_id, now=now, body_id=body_id, facts=facts)
    return True


def _each(changes: Mapping[str, Numbers]) -> Iterator[tuple[str, str, int]]:
    return ((name, key, number) for name, numbers in changes.items() for key, number in numbers.items())


def tell_readers(session: Session, settings: Settings, body_id: str, *, now: datetime) -> int:
    """A letter to everybody who reads the report: that there is a new one."""
    people = list_people(session, body_id, today=london_day(now))
    values = {"address": settings.public_url.rstrip("/")}
    for person in people:
        queue(session, vault=settings.vault, to=to_person(person), template="report_ready", values=values, now=now)
    return len(people)


def write_text(
    session: Session, actor: Actor, body_id: str, quarter: Quarter, new: NewText, *, desk: Desk
) -> ReportText:
    """A text for a report that was told; it is shown once somebody else has signed it. A form sent twice writes one."""
    _must_sign_for(session, actor, body_id)
    if find_report(session, body_id, quarter) is None:
        raise NotFound
    known = session.get(ReportText, new.id)
    if known is not None:
        return _own(known, actor)
    newest = find_draft(session, body_id, quarter) or find_text(session, body_id, quarter)
    text = ReportText(
        id=new.id,
        body_id=body_id,
        quarter=quarter.written,
        number=newest.number + 1 if newest is not None else 1,
        you_said_cy=new.you_said_cy,
        you_said_en=new.you_said_en,
        we_did_cy=new.we_did_cy,
        we_did_en=new.we_did_en,
        written_by=actor.person_id,
        written_on=desk.today,
    )
    session.add(text)
    session.flush()
    _note(session, actor, "report.text_written", text, desk)
    return text


def sign_text(session: Session, actor: Actor, body_id: str, quarter: Quarter, text_id: str, *, desk: Desk) -> None:
    """The second person signs: from now on the report shows the text, and nobody changes it."""
    _must_sign_for(session, actor, body_id)
    draft = find_draft(session, body_id, quarter)
    signed = find_text(session, body_id, quarter)
    if draft is None and signed is not None and signed.id == text_id and signed.signed_by == actor.person_id:
        return
    if draft is None or draft.id != text_id:
        raise Conflict(OTHER_TEXT)
    if draft.written_by == actor.person_id:
        raise Refused(OWN_TEXT)
    draft.signed_by, draft.signed_on = actor.person_id, desk.today
    session.flush()
    _note(session, actor, "report.text_signed", draft, desk)


def _must_sign_for(session: Session, actor: Actor, body_id: str) -> None:
    if not permits(actor, Permission.REPORT_SIGN):
        raise NotAllowed
    if body_id not in {body.id for body in list_bodies(session, actor, signing=True)}:
        raise NotFound


def _own(text: ReportText, actor: Actor) -> ReportText:
    if text.written_by != actor.person_id:
        raise NotFound
    return text


def _note(session: Session, actor: Actor, event: str, text: ReportText, desk: Desk) -> None:
    facts: dict[str, str | int] = {"quarter": text.quarter, "number": text.number}
    record(session, actor=actor, event=event, subject=text.id, now=desk.now, body_id=text.body_id, facts=facts)


def is_empty(counted: Mapping[Kind, Counted]) -> bool:
    """Nothing came through the portal and no system is in use: nobody is written to about that."""
    return not any(number for one in counted.values() for number in one.numbers.values())
