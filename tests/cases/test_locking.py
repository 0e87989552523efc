"""Rows are taken in one order, and a transaction of a route or a duty that does otherwise fails in any test."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.audit.service import record, wait_turn
from portal.cases.locking import each_alone, hold, hold_all
from portal.cases.models import Case, CaseCount, Exclusion
from portal.cases.rules import ExclusionSource
from portal.core.text import msg
from portal.register.models import System
from tests.cases.conftest import MONDAY, World
from tests.rows_in_order import OutOfOrder, watched

FIRST, LAST = "a" * 26, "b" * 26
Act = Callable[[Session, Case, Case], object]


def audit(session: Session) -> None:
    record(session, actor=None, event="access.looked", subject=FIRST, now=MONDAY)


def change(session: Session, case: Case) -> None:
    case.version += 1
    session.flush()


def leave_out(session: Session, case: Case) -> None:
    session.add(Exclusion(case_id=case.id, person_id="p" * 26, source=ExclusionSource.SELF, declared_at=MONDAY))
    session.flush()


def first_held(session: Session, first: Case, _last: Case) -> None:
    hold(session, first)


def last_held(session: Session, _first: Case, last: Case) -> None:
    hold(session, last)


def told(session: Session, _first: Case, _last: Case) -> None:
    audit(session)


BROKEN: dict[str, tuple[Act, ...]] = {
    "audit before the case": (told, first_held),
    "a second case after the audit": (first_held, told, last_held),
    "two cases the wrong way round": (last_held, first_held),
    "a change without the row": (first_held, lambda session, _first, last: change(session, last)),
    "a change of many at once": (lambda session, *_: session.execute(update(Case).values(version=9)),),
    "a row of another case after the audit": (
        first_held,
        told,
        lambda session, _first, last: leave_out(session, last),
    ),
    "numbers before the audit": (lambda session, *_: session.execute(update(CaseCount).values(number=9)),),
    "a system before the audit": (lambda session, *_: session.scalars(select(System).with_for_update()).all(),),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_watch_sees_whoever_takes_rows_out_of_order(world: World, name: str) -> None:
    with world.database.writing() as session:
        first, last = (world.request(session, case_id=one) for one in (FIRST, LAST))
    with pytest.raises(OutOfOrder), watched(world.database.writing()) as session:
        for act in BROKEN[name]:
            act(session, session.get_one(Case, first.id), session.get_one(Case, last.id))


def test_cases_then_the_audit_then_what_is_shared_is_in_order(world: World) -> None:
    with world.database.writing() as session:
        first, last = (world.request(session, case_id=one) for one in (FIRST, LAST))
    with watched(world.database.writing()) as session:
        cases = [session.get_one(Case, last.id), session.get_one(Case, first.id)]
        hold_all(session, cases)
        for case in cases:
            change(session, case)
        audit(session)
        wait_turn(session)
        session.scalars(select(System).with_for_update()).all()


def test_a_case_that_fails_keeps_no_other_waiting_and_is_told_at_the_end(world: World) -> None:
    with world.database.writing() as session:
        for one in (FIRST, LAST):
            world.request(session, case_id=one)
    done: list[str] = []

    def act(_session: Session, case: Case) -> bool:
        if case.id == FIRST:
            raise ValueError(msg("no"))
        done.append(case.id)
        return True

    with pytest.raises(ValueError, match="no"):
        each_alone(world.database, [FIRST, "z" * 26, LAST], act)
    assert done == [LAST]
