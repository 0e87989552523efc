"""The state of every text of a draft in each language: who wrote it, from what, and who approved it.

A text that stands as it was published is approved and has no entry. Approving is for somebody who did not write it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.audit.service import record as audit
from portal.core.clock import london_day
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Locale, msg
from portal.identity.actor import Actor
from portal.register.definitions import definitions
from portal.register.models import System, SystemDraft
from portal.register.parts import Both
from portal.register.record import Record, read_record
from portal.register.terms import LanguageState, Origin
from portal.register.walking import find_values, is_filled

Entry = dict[str, Any]
"""One text of a draft: ``cy`` and ``en`` (the state of each side), ``written_by``, ``approved_by``, ``approved_on`` and
``source`` (``terms.Origin``), each by side."""
_BY_SIDE = ("written_by", "approved_by", "approved_on", "source")
Texts = Mapping[str, Entry]
Side = tuple[str, Locale]


@dataclass(frozen=True, slots=True)
class Unapproved:
    """One side of one text that nobody has approved yet."""

    path: str
    locale: Locale
    state: LanguageState


def texts_of(record: Record) -> dict[str, Both]:
    """Every text that needs both languages, by its lasting path; a list of texts counts as one."""
    found: dict[str, Both] = {}
    for field in definitions(record.standard).values():
        for path in field.paths if field.bilingual else ():
            found |= {at.lasting: _one_text(at.value) for at in find_values(record, path) if _is_text(at.value)}
    return {path: text for path, text in found.items() if is_filled(text)}


def follow(
    states: Mapping[str, Any],
    *,
    old: Record | None,
    new: Record,
    published: Record | None,
    by: str | None,
    machine: Collection[Side] = (),
    origin: Origin = Origin.PERSON,
) -> dict[str, Entry]:
    """The states after a draft was saved: a changed side is somebody's draft again, one as published needs nothing."""
    before = texts_of(old) if old else {}
    final = texts_of(published) if published else {}
    return {
        path: _entry(path, states.get(path), before.get(path, Both()), text, by, machine, origin)
        for path, text in texts_of(new).items()
        if text != final.get(path)
    }


def unapproved(draft: SystemDraft) -> list[Unapproved]:
    """What publishing still waits for, in the order of the record's table."""
    return [
        Unapproved(path, locale, LanguageState(entry[locale.value]))
        for path in texts_of(read_record(draft.record))
        if (entry := draft.languages.get(path)) is not None
        for locale in Locale
        if entry[locale.value] != LanguageState.APPROVED
    ]


def state_of(draft: SystemDraft, path: str, locale: Locale) -> LanguageState:
    """The state of one side of one text: approved where it stands as published, none where it is empty."""
    entry = draft.languages.get(path)
    if entry is not None:
        return LanguageState(entry[locale.value])
    is_there = bool(texts_of(read_record(draft.record)).get(path, Both()).get(locale))
    return LanguageState.APPROVED if is_there else LanguageState.NONE


def set_state(
    session: Session,
    actor: Actor,
    draft: SystemDraft,
    path: str,
    locale: Locale,
    state: LanguageState,
    *,
    now: datetime,
) -> None:
    """Say that a text was put there by a machine, or that a person has gone through it."""
    if state not in {LanguageState.MACHINE, LanguageState.DRAFT}:
        raise Conflict(msg("A text is approved by somebody who did not write it, and is never only marked so"))
    entry = _existing(draft, path, locale)
    entry[locale.value] = state.value
    entry["written_by"][locale.value] = actor.account_id
    for told in ("approved_by", "approved_on"):
        entry.get(told, {}).pop(locale.value, None)
    if state is LanguageState.MACHINE:
        entry["source"][locale.value] = Origin.MACHINE.value
    _keep(session, actor, draft, path, entry, event="register.text_marked", locale=locale, now=now)
    draft.authors = sorted({*draft.authors, actor.account_id})
    session.flush()


def approve(session: Session, actor: Actor, draft: SystemDraft, path: str, locale: Locale, *, now: datetime) -> None:
    """Approve one side of one text. Refused to whoever wrote it, and while a machine’s text was read by nobody."""
    entry = _existing(draft, path, locale)
    refusal = _refusal(entry, locale, actor)
    if refusal is not None:
        raise refusal
    entry[locale.value] = LanguageState.APPROVED.value
    entry["approved_by"][locale.value] = actor.account_id
    entry["approved_on"] = {**entry.get("approved_on", {}), locale.value: london_day(now).isoformat()}
    _keep(session, actor, draft, path, entry, event="register.text_approved", locale=locale, now=now)
    session.flush()


def approve_all(session: Session, actor: Actor, draft: SystemDraft, locale: Locale, *, now: datetime) -> int:
    """Approve every text of a language that the actor may approve; returns how many."""
    waiting = [text for text in unapproved(draft) if text.locale is locale]
    mine = [text.path for text in waiting if may_approve(draft, text, actor)]
    for path in mine:
        approve(session, actor, draft, path, locale, now=now)
    return len(mine)


def _is_text(value: object) -> bool:
    return isinstance(value, Both) or (isinstance(value, tuple) and any(isinstance(inner, Both) for inner in value))


def _one_text(value: Any) -> Both:
    if isinstance(value, Both):
        return value
    sides = {side: [getattr(inner, side) for inner in value] for side in ("cy", "en")}
    return Both(**{side: "\n".join(words) if all(words) else "" for side, words in sides.items()})


def _entry(
    path: str,
    entry: Entry | None,
    before: Both,
    text: Both,
    by: str | None,
    machine: Collection[Side],
    origin: Origin,
) -> Entry:
    kept: Entry = {"cy": "", "en": "", **{told: {} for told in _BY_SIDE}, **(_copied(entry) if entry else {})}
    for locale in Locale:
        side = locale.value
        if entry is not None and before.get(locale) == text.get(locale) and (path, locale) not in machine:
            continue
        for told in _BY_SIDE:
            kept[told].pop(side, None)
        kept[side] = _new_state(path, locale, text, machine).value
        if text.get(locale):
            kept["source"][side] = (Origin.MACHINE if (path, locale) in machine else origin).value
        if by is not None and text.get(locale):
            kept["written_by"][side] = by
    return kept


def _new_state(path: str, locale: Locale, text: Both, machine: Collection[Side]) -> LanguageState:
    if not text.get(locale):
        return LanguageState.NONE
    return LanguageState.MACHINE if (path, locale) in machine else LanguageState.DRAFT


def _existing(draft: SystemDraft, path: str, locale: Locale) -> Entry:
    entry = draft.languages.get(path)
    if entry is None:
        raise NotFound
    if entry[locale.value] == LanguageState.NONE:
        raise Refused(msg("There is no text in this language yet"))
    return _copied(entry)


def may_approve(draft: SystemDraft, text: Unapproved, actor: Actor) -> bool:
    """Whether somebody may approve what waits: written by a person, and not by them."""
    return _refusal(draft.languages[text.path], text.locale, actor) is None


def _refusal(entry: Entry, locale: Locale, actor: Actor) -> Refused | None:
    if entry[locale.value] == LanguageState.NONE:
        return Refused(msg("There is no text in this language yet"))
    if entry[locale.value] == LanguageState.MACHINE:
        return Refused(msg("A machine wrote this text. Somebody who knows the language goes through it first"))
    if entry["written_by"].get(locale.value) == actor.account_id:
        return Refused(msg("You wrote this text, so somebody else approves it"))
    return None


def _copied(entry: Entry) -> Entry:
    return {name: dict(told) if isinstance(told, dict) else told for name, told in entry.items()}


def _keep(
    session: Session,
    actor: Actor,
    draft: SystemDraft,
    path: str,
    entry: Entry,
    *,
    event: str,
    locale: Locale,
    now: datetime,
) -> None:
    draft.languages = {**draft.languages, path: entry}
    system = session.get_one(System, draft.system_id)
    facts = {"language": locale.value}
    audit(session, actor=actor, event=event, subject=system.id, now=now, body_id=system.body_id, facts=facts)
