"""The verbs on what was found: adding it, saying what it is, deciding on it, the second person's clearance.

Each is audited under the case with the item's number. The case's own version does not change: two officers may work on
two items at once, and each item has a version of its own.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases import locking
from portal.cases.models import Case
from portal.cases.rules import By, Relation
from portal.cases.turn import Desk, Turn, take_turn
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Message, Words, nmsg, pmsg
from portal.documents.kinds import FileKind
from portal.identity.actor import Actor
from portal.subject_access.material import reporters
from portal.subject_access.material.models import Material
from portal.subject_access.material.queries import (
    Standing,
    get_item,
    item_context,
    list_items,
    list_ledger,
    may_leave,
    standing,
    standing_of_all,
)
from portal.subject_access.material.rules import (
    Balancing,
    Decision,
    Exemption,
    ReporterAnswer,
    Ruling,
    lacking,
    listed,
)
from portal.subject_access.searching.models import SearchPlace, SearchTask
from portal.subject_access.searching.queries import get_own_task
from portal.subject_access.searching.rules import PlaceKind
from portal.subject_access.steps import PREPARING

OFFICERS = {Relation.OFFICER}
ITEM_CHANGED = pmsg("error", "Somebody has changed this item since you opened it. Check what it says now, then decide")
NOT_NOW = pmsg("error", "Material cannot be changed now: the answer is with the second person, or has gone out")
ANOTHER_CLEARS = pmsg("error", "Somebody else has to clear it: you answered, decided or cut it yourself")
NOTHING_TO_AGREE = pmsg("error", "Nobody has asked you to agree to a no about this item")
ANOTHER_AGREES = pmsg("error", "Somebody else has to agree: you said no yourself")
NOTHING_TO_CLEAR = pmsg("error", "This item does not need to be cleared")
NOTHING_ADDED = pmsg("error", "Add at least one file, or answer that nothing is held")


@dataclass(frozen=True, slots=True)
class About:
    """What a file is, as typed: words, the period it covers, the search that it came from."""

    said: Words
    period_from: date | None = None
    period_to: date | None = None
    task_id: str | None = None


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that has come in and is sealed already. ``id`` is the item's, which the blob is bound to."""

    id: str
    blob_id: str
    name: Words
    kind: FileKind
    media_type: str
    size: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Decided:
    """What an officer decided, with the words behind it."""

    reporter: ReporterAnswer | None
    decision: Decision | None
    exemption: Exemption | None
    reason: Words
    balancing: Balancing

    @property
    def ruling(self) -> Ruling:
        return Ruling(self.reporter, self.decision, self.exemption, bool(self.reason), self.balancing)


def add(session: Session, by: By, case: Case, files: Sequence[NewFile], about: About, *, desk: Desk) -> list[Material]:
    """Add files as an officer of the case."""
    turn = hold(session, by, case, desk=desk)
    task = session.get(SearchTask, about.task_id) if about.task_id else None
    if about.task_id and (task is None or task.case_id != case.id):
        raise NotFound
    return _add(turn, files, about, task)


def add_found(
    session: Session, actor: Actor, task_id: str, files: Sequence[NewFile], about: About, *, desk: Desk
) -> list[Material]:
    """Add files as the person who searches, or who confirms the search. NotFound for anybody else."""
    task = get_own_task(session, actor, task_id)
    case = session.get_one(Case, task.case_id)
    locking.hold(session, case)
    get_own_task(session, actor, task_id)
    if case.state not in PREPARING:
        raise Conflict(NOT_NOW)
    return _add(Turn(session, actor, case, Relation.SEARCHER, desk), files, about, task)


def _add(turn: Turn, files: Sequence[NewFile], about: About, task: SearchTask | None) -> list[Material]:
    session, case, vault = turn.session, turn.case, turn.desk.vault
    last = session.scalar(select(func.max(Material.number)).where(Material.case_id == case.id)) or 0
    place = session.get(SearchPlace, task.place_id) if task is not None else None
    added = []
    for number, file in enumerate(files, last + 1):
        item = Material(
            id=file.id,
            case_id=case.id,
            number=number,
            task_id=task.id if task is not None else None,
            system_id=place.system_id if place is not None else case.system_id,
            kind=file.kind,
            blob_id=file.blob_id,
            file_name=vault.seal(file.name, context=item_context("file_name", file.id)),
            media_type=file.media_type,
            size=file.size,
            sha256=file.sha256,
            said=vault.seal(about.said, context=item_context("said", file.id)) if about.said else None,
            period_from=about.period_from,
            period_to=about.period_to,
            added_at=turn.desk.now,
            added_by=turn.account_id,
        )
        session.add(item)
        added.append(item)
    session.flush()
    for item in added:
        note(turn, "material_added", item)
    return added


def describe(
    session: Session, by: By, case: Case, item: Material, about: About, *, desk: Desk, version: int
) -> Material:
    """Say what an item is. These words go out with it, so a second person who cleared it has to look again."""
    turn = hold(session, by, case, item, desk=desk, version=version)
    context = item_context("said", item.id)
    item.said = desk.vault.seal(about.said, context=context) if about.said else None
    item.period_from, item.period_to = about.period_from, about.period_to
    void_clearance(item)
    item.version += 1
    note(turn, "material_described", item)
    return item


def decide(
    session: Session, by: By, case: Case, item: Material, decided: Decided, *, desk: Desk, version: int
) -> Material:
    """Decide on an item. Refused while anything is lacking; a clearance from before is asked for again."""
    turn = hold(session, by, case, item, desk=desk, version=version)
    lacks = lacking(decided.ruling, is_health_place=is_health_place(session, item), today=desk.today)
    if lacks:
        raise Refused(next(iter(lacks.values())))
    withholds = decided.decision is not Decision.RELEASE
    if decided.reporter is not None:
        reporters.answer(turn, item, decided.reporter)
    void_clearance(item)
    item.decision, item.decided_by, item.decided_at = decided.decision, turn.account_id, desk.now
    item.exemption = decided.exemption if withholds else None
    item.reason = _sealed(desk, item, "reason", decided.reason)
    item.balancing = None
    if not decided.balancing.is_empty:
        told = json.dumps(_plain(decided.balancing)).encode()
        item.balancing = desk.vault.seal(told, context=item_context("balancing", item.id))
    item.version += 1
    session.flush()
    note(turn, "material_decided", item)
    return item


def clear(session: Session, by: By, case: Case, item: Material, *, desk: Desk, version: int) -> Material:
    """A second person has looked: what goes out does not identify who raised a concern."""
    turn = hold(session, by, case, item, desk=desk, version=version)
    if item.reporter is not ReporterAnswer.YES or item.decision in (None, Decision.WITHHOLD):
        raise Refused(NOTHING_TO_CLEAR)
    if not may_clear(session, item, turn.account_id):
        raise Refused(ANOTHER_CLEARS)
    item.cleared_by, item.cleared_at = turn.account_id, desk.now
    item.version += 1
    note(turn, "material_cleared", item)
    return item


def agree_no(session: Session, by: By, case: Case, item: Material, *, desk: Desk, version: int) -> Material:
    """A second person agrees that a yes was wrong. Refused to who said so, and where nobody did."""
    turn = hold(session, by, case, item, desk=desk, version=version)
    waiting = reporters.stand_of(session, item).no_by
    if waiting is None:
        raise Refused(NOTHING_TO_AGREE)
    if turn.account_id is None or turn.account_id == waiting:
        raise Refused(ANOTHER_AGREES)
    reporters.answer(turn, item, ReporterAnswer.NO)
    item.version += 1
    note(turn, "reporter_agreed", item)
    return item


def may_clear(session: Session, item: Material, account_id: str | None) -> bool:
    """Nobody clears what they answered, decided or cut themselves."""
    own = {item.reporter_said_by, item.decided_by, *(line.made_by for line in list_ledger(session, item))}
    return account_id is not None and account_id not in own


def hold(
    session: Session, by: By, case: Case, item: Material | None = None, *, desk: Desk, version: int | None = None
) -> Turn:
    """The turn of an officer at material that may still be changed; Conflict if the item is not what they saw."""
    turn = take_turn(session, by, case, OFFICERS, desk=desk)
    if case.state not in PREPARING:
        raise Conflict(NOT_NOW)
    if item is not None:
        session.refresh(item)
        if version is not None and version != item.version:
            raise Conflict(ITEM_CHANGED)
    return turn


def note(turn: Turn, name: str, item: Material, **facts: int) -> None:
    """One event of the audit, with the item's number."""
    record(
        turn.session,
        actor=turn.actor,
        event=f"{turn.case.kind}.{name}",
        subject=turn.case.id,
        now=turn.desk.now,
        body_id=turn.case.body_id,
        facts={"item": item.number, **facts},
    )


def note_taken(session: Session, actor: Actor, case: Case, number: int, copy: int, *, desk: Desk) -> None:
    """An officer took a file out of the portal: the original (0) or a copy."""
    note(
        Turn(session, actor, case, Relation.OFFICER, desk), "material_taken", get_item(session, case, number), copy=copy
    )


def void_clearance(item: Material) -> None:
    """What the second person saw is no longer what goes out."""
    item.cleared_by = item.cleared_at = None


def is_health_place(session: Session, item: Material) -> bool:
    """Whether it was found where occupational health keeps its files."""
    task = session.get(SearchTask, item.task_id) if item.task_id else None
    place = session.get(SearchPlace, task.place_id) if task is not None else None
    return place is not None and place.kind is PlaceKind.OCCUPATIONAL_HEALTH


def _sealed(desk: Desk, item: Material, column: str, words: Words) -> bytes | None:
    return desk.vault.seal(words, context=item_context(column, item.id)) if words else None


def _plain(balancing: Balancing) -> dict[str, Any]:
    day = balancing.opinion_on
    return asdict(balancing) | {"opinion_on": day.isoformat() if day else None}


def problems(session: Session, case: Case) -> tuple[Message, ...]:
    """Everything in the material that stands against finishing the answer, in words, with the numbers of the items."""
    items = list_items(session, case)
    if not items:
        return (NOTHING_ADDED,)
    behind = standing_of_all(session, case)
    wanting: dict[str, list[int]] = {name: [] for name in _PROBLEMS}
    for item in items:
        for name in wants(item, behind.get(item.id, Standing())):
            wanting[name].append(item.number)
    return tuple(_said(name, numbers) for name, numbers in wanting.items() if numbers)


def problems_of(item: Material, one: Standing) -> tuple[Message, ...]:
    """The same for one item."""
    return tuple(_said(name, [item.number]) for name in wants(item, one))


def wants(item: Material, one: Standing) -> list[str]:
    """What an item still wants before it can go out, as words of code."""
    if item.decision is None:
        return ["undecided"]
    found = ["unanswered"] if item.reporter is None else []
    if item.decision is not Decision.RELEASE and item.reason is None:
        found.append("no_reason")
    if item.decision is Decision.WITHHOLD:
        return found
    if item.reporter is ReporterAnswer.YES and not may_leave(item):
        found.append("uncleared")
    if item.decision is Decision.PART and not standing(one.ledger):
        return [*found, "nothing_cut"]
    if not one.is_current(item):
        return [*found, "no_copy"]
    return [*found, "findings"] if one.open_findings else found


def _said(name: str, numbers: Sequence[int]) -> Message:
    return replace(_PROBLEMS[name], n=len(numbers), values={"n": len(numbers), "items": listed(numbers)})


_PROBLEMS = {
    "undecided": nmsg("{n} item is not decided: {items}", "{n} items are not decided: {items}", 0),
    "unanswered": nmsg(
        "{n} item lacks an answer about somebody who raised a concern: {items}",
        "{n} items lack an answer about somebody who raised a concern: {items}",
        0,
    ),
    "uncleared": nmsg(
        "{n} item about somebody who raised a concern waits for a second person: {items}",
        "{n} items about somebody who raised a concern wait for a second person: {items}",
        0,
    ),
    "no_reason": nmsg(
        "{n} item is withheld without a reason: {items}", "{n} items are withheld without a reason: {items}", 0
    ),
    "nothing_cut": nmsg(
        "{n} item is to be given in part, and nothing is cut: {items}",
        "{n} items are to be given in part, and nothing is cut: {items}",
        0,
    ),
    "no_copy": nmsg("{n} item needs its copy made: {items}", "{n} items need their copies made: {items}", 0),
    "findings": nmsg(
        "{n} item has findings that are neither fixed nor accepted: {items}",
        "{n} items have findings that are neither fixed nor accepted: {items}",
        0,
    ),
}
