"""Who of a side works on a thread: by hand, or whoever reads its language and has least to do. Only holders can."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.cases.turn import Desk
from portal.cases.worlds import READS
from portal.concerns.casework.models import DeskPlace
from portal.concerns.casework.rows import Change
from portal.concerns.casework.told import Holder, Told, list_holders
from portal.concerns.casework.turns import begin_turn
from portal.core.errors import Refused
from portal.core.text import Locale, msg
from portal.directory.models import Person
from portal.directory.queries import list_away
from portal.identity.actor import Actor

LIGHTEST = "lightest"
NOT_A_READER = msg("Choose somebody of your side who reads this concern")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of one's side who holds the thread. Numbers of threads, never how quick anybody is."""

    person_id: str
    name: str
    open_threads: int
    is_away: bool
    reads: frozenset[Locale]


def lightest(candidates: Sequence[Candidate], lang: Locale | None) -> Candidate | None:
    """Who is here, reads the language, and has least to do; first by id where two have the same."""

    def turn(one: Candidate) -> tuple[bool, bool, int, str]:
        return one.is_away, lang is not None and lang not in one.reads, one.open_threads, one.person_id

    return min(candidates, key=turn, default=None)


def list_candidates(
    session: Session, told: Told, *, desk: Desk, holders: Sequence[Holder] | None = None
) -> list[Candidate]:
    """Everybody of the reader's side who holds the thread, by name."""
    if holders is None:
        holders = list_holders(session, told.case_id, told.body_id, today=desk.today)
    ids = sorted({one.person_id for one in holders if one.side is told.side_name})
    away = list_away(session, set(ids), today=desk.today)
    loads = count_open_of(session, ids)
    people = session.execute(
        select(Person.id, Person.display_name, Person.locale).where(Person.id.in_(ids)).order_by(Person.display_name)
    )
    return [
        Candidate(row.id, row.display_name, loads.get(row.id, 0), row.id in away, READS.get(row.locale or "", ENGLISH))
        for row in people
    ]


def assign(
    session: Session, actor: Actor, case_id: bytes, to: str | None, *, desk: Desk, seen: str | None = None
) -> Change:
    """Somebody of one's side works on it from now on; None: nobody; LIGHTEST: whoever has least to do."""
    turn = begin_turn(session, actor, case_id, desk=desk, seen=seen)
    thread = turn.open_thread()
    candidates = list_candidates(session, turn.told, desk=desk, holders=turn.holders)
    if to == LIGHTEST:
        found = lightest(candidates, thread.lang)
        to = found.person_id if found is not None else None
    elif to is not None and to not in {one.person_id for one in candidates}:
        raise Refused(NOT_A_READER)
    if turn.side.assignee_id == to:
        return turn.unchanged()
    turn.side.assignee_id = to
    turn.line("assigned", both=False, said={"assignee_id": to})
    return turn.end("assigned")


def count_open_of(session: Session, person_ids: Sequence[str]) -> dict[str, int]:
    """How many open threads each of these people works on: one index answers, and a place has one side's worker."""
    own = DeskPlace.person_id.in_(person_ids), DeskPlace.is_open, DeskPlace.assignee_id == DeskPlace.person_id
    asked = select(DeskPlace.person_id, func.count()).where(*own).group_by(DeskPlace.person_id)
    return {str(person_id): number for person_id, number in session.execute(asked)}


ENGLISH = READS[Locale.EN.value]
