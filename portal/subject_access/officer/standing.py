"""Where one request stands, in a few lines, and the one thing to do next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.core.text import Message, msg, nmsg
from portal.core.vault import Vault
from portal.subject_access.answering.models import SignOff
from portal.subject_access.asking.queries import is_living, list_authorities, open_speaker
from portal.subject_access.material.models import Material
from portal.subject_access.models import LegalHold
from portal.subject_access.rules import NEXT, State
from portal.subject_access.searching.models import SearchTask
from portal.subject_access.searching.queries import count_undone
from portal.subject_access.searching.rules import TaskState

ANSWERING = frozenset({State.REDACTING, State.SIGN_OFF})
ASK_SOMEBODY = msg("Another officer approves or sends back: you prepared this answer")
DECIDE = msg("Read what a colleague prepared, and approve it or send it back")


@dataclass(frozen=True, slots=True)
class Standing:
    """Numbers of a request: what is searched, what was found, what waits for a second person."""

    tasks: int
    undone: int
    late_tasks: int
    items: int
    undecided: int
    proposals: tuple[SignOff, ...]

    def has_own(self, account_id: str) -> bool:
        """Whether what waits was proposed with this account."""
        return any(one.proposed_by == account_id for one in self.proposals)


@dataclass(frozen=True, slots=True)
class Next:
    """The one thing to do next, and the part of the request where it is done, if it is done here."""

    said: Message
    part: str | None = None


def read_standing(session: Session, case: Case, *, today: date) -> Standing:
    """Everything counted for one request."""
    mine = SearchTask.case_id == case.id
    late = (SearchTask.state == TaskState.SENT) & (SearchTask.due_on < today)
    items = Material.case_id == case.id
    waiting = select(SignOff).where(SignOff.case_id == case.id, SignOff.decided_by.is_(None))
    return Standing(
        tasks=_count(session, SearchTask, mine),
        undone=count_undone(session, case),
        late_tasks=_count(session, SearchTask, mine & late),
        items=_count(session, Material, items),
        undecided=_count(session, Material, items & Material.decision.is_(None)),
        proposals=tuple(session.scalars(waiting)),
    )


def next_of(case: Case, standing: Standing, account_id: str) -> Next:
    """What to do now, and where."""
    state = State(case.state)
    if standing.proposals:
        return Next(ASK_SOMEBODY if standing.has_own(account_id) else DECIDE, "answer")
    if state is State.SEARCHING:
        return _searching(standing)
    if state is State.REDACTING:
        return _redacting(standing)
    return Next(NEXT[state], PARTS.get(state))


PARTS = {
    State.RECEIVED: "start",
    State.IDENTITY_WAIT: "identity",
    State.SCOPING: "search",
    State.CLARIFICATION_WAIT: "reply",
    State.SIGN_OFF: "answer",
    State.READY_TO_COLLECT: "answer",
    State.REOPENED: "search",
}


def _searching(standing: Standing) -> Next:
    if not standing.undone:
        return Next(msg("Every search is answered: go on to the material"), "search")
    if standing.late_tasks:
        said = nmsg("Chase {n} search that is late", "Chase {n} searches that are late", standing.late_tasks)
        return Next(said, "search")
    return Next(nmsg("Wait for {n} search", "Wait for {n} searches", standing.undone), "search")


def _redacting(standing: Standing) -> Next:
    if not standing.items:
        return Next(msg("Add what was found, or answer that nothing is held"), "material")
    if standing.undecided:
        return Next(nmsg("Decide on {n} item", "Decide on {n} items", standing.undecided), "material")
    return Next(msg("Every item is decided: prepare the answer"), "answer")


def list_speakers(session: Session, case: Case, vault: Vault, *, today: date) -> list[dict[str, Any]]:
    """Who may speak for the person who asks, today."""
    return [
        {
            "name": open_speaker(one, "name", vault).reveal(),
            "reach": open_speaker(one, "reach", vault).reveal(),
            "until": one.until_on,
            "shown": one.shown_on,
        }
        for one in list_authorities(session, case)
        if is_living(one, today)
    ]


def list_holds(session: Session, case: Case) -> Iterator[LegalHold]:
    """What keeps this request from being deleted."""
    standing = select(LegalHold).where(LegalHold.case_id == case.id, LegalHold.lifted_at.is_(None))
    yield from session.scalars(standing.order_by(LegalHold.set_at))


def _count(session: Session, table: type[Any], where: Any) -> int:
    return session.scalar(select(func.count()).select_from(table).where(where)) or 0
