"""Who had a hand in a case: whoever was given it, wrote in it, moved its clock or signed what was sent from it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.cases.models import Assignment, Case, CaseEvent, CaseMessage, ClockEvent
from portal.core.db import Base
from portal.identity.models import Account

SIGNED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("access_sign_offs", ("proposed_by", "decided_by")),
    ("review_classifications", ("decided_by", "settled_by")),
    ("review_proposals", ("proposed_by", "decided_by")),
    ("review_hold_questions", ("answered_by", "done_by")),
    ("complaint_decisions", ("proposed_by", "decided_by")),
)
"""Tables of the rooms above that hold signatures by account: named, not imported."""


def who_handled(session: Session, case: Case) -> frozenset[str]:
    """The persons who handled a case, whether they still do or not. Who asked is not among them."""
    people: set[str] = set()
    for query in (*_by_person(case.id), *_by_account(case.id)):
        people.update(one for one in session.scalars(query) if one is not None)
    return frozenset(people - {case.requester_person_id or ""})


def _by_person(case_id: str) -> Iterator[Select[Any]]:
    yield select(Assignment.person_id).where(Assignment.case_id == case_id)


def _by_account(case_id: str) -> Iterator[Select[Any]]:
    for row, account in (
        (CaseEvent.case_id, CaseEvent.actor_account_id),
        (CaseMessage.case_id, CaseMessage.actor_account_id),
        (ClockEvent.case_id, ClockEvent.actor_account_id),
        (Assignment.case_id, Assignment.assigned_by),
    ):
        yield select(Account.person_id).join_from(Account, row.class_, Account.id == account).where(row == case_id)
    for name, columns in SIGNED:
        table = Base.metadata.tables.get(name)
        if table is not None:
            for column in columns:
                signed = select(Account.person_id).join(table, Account.id == table.c[column])
                yield signed.where(table.c.case_id == case_id)
