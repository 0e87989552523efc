"""Asking somebody to look, as the pages show it: where I am asked, and whom I can ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from anonymity.encoding import to_b64u
from portal.concerns.casework.mentions import WHERES, Mention, Where, has_seen, list_mentions, list_within
from portal.concerns.casework.queries import name_people
from portal.concerns.casework.told import Holder, Told, list_told
from portal.concerns.queries import post_of
from portal.core.text import Message, msg
from portal.mailbox.rules import week_of
from portal.web.dependencies import SignedIn
from portal.web.rendering import in_words


@dataclass(frozen=True, slots=True)
class AskedOfMe:
    """One line: the thread, its week, where and by whom one is asked, and on which day."""

    case: str
    week: date
    said: Message
    on_day: date


def asked_of_me(visit: SignedIn, session: Session) -> list[AskedOfMe]:
    """Where somebody asks the reader to look, the longest waiting first."""
    found = list_mentions(session, visit.actor)
    if not found:
        return []
    weeks = {told.case_id: week_of(told.opened_day) for told in _tolds(visit, session, found)}
    names = name_people(session, [one.by_id for one in found])
    return [_line(one, weeks[one.case_id], names) for one in found if one.case_id in weeks]


def looking_values(visit: SignedIn, session: Session, told: Told) -> dict[str, Any]:
    """For the page of one thread: whether one is asked to look at it, and who can be asked."""
    mentions = list_mentions(session, visit.actor, told.case_id)
    names, week = name_people(session, [one.by_id for one in mentions]), week_of(told.opened_day)
    return {
        "asked_of_me": [_line(one, week, names) for one in mentions],
        "lookers": [
            (f"{where}:{one.person_id}", f"{_name(visit, told, one)} – {in_words(visit, WHERES[where])}")
            for where in Where
            for one in list_within(session, visit.actor, told, where, today=visit.today)
        ],
    }


def note_seen(visit: SignedIn, case_id: bytes) -> None:
    """The reader has opened it: nobody waits for that any more. Written only where somebody asked."""
    with visit.database.reading() as session:
        is_asked = bool(list_mentions(session, visit.actor, case_id))
    if is_asked:
        with visit.database.writing() as session:
            has_seen(session, visit.actor, [case_id], today=visit.today)


def _tolds(visit: SignedIn, session: Session, found: Sequence[Mention]) -> list[Told]:
    return list_told(session, visit.actor, [one.case_id for one in found])


def _line(one: Mention, week: date, names: dict[str, str]) -> AskedOfMe:
    name = names.get(one.by_id or "")
    in_notes = msg("Asked in the notes of your side by: {name}", name=name or "")
    said = in_notes if name else msg("Asked in the thread by somebody who reads it")
    return AskedOfMe(to_b64u(one.case_id), week, said, one.on_day)


def _name(visit: SignedIn, told: Told, one: Holder) -> str:
    """Colleagues by name; the other side's people by name where they agreed to that, else by post."""
    if one.side is told.side_name or one.duty.shown_by_name:
        return str(one.duty.display_name)
    return post_of(one.duty).get(visit.locale)
