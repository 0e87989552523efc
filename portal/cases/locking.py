"""The order in which a transaction takes the rows that many want. Who keeps to it never waits for somebody who waits.

1. Rows of cases, several in the order of their ids, before the first of them is changed. Who holds some and has added
   to the audit takes no other, nor adds a row to a case that they do not hold.
2. The end of the audit (``audit.service``). Whoever adds to it holds it until their transaction ends.
3. What many cases or many systems share: the numbers of cases, systems and the index of the register.

Everything that changes a case holds its row first; ``hold`` reads it anew. The row is held against other changes, not
against rows that refer to it, so that opening a request never waits for who edits a system. Only who deletes a case
holds it against those as well. Duties take one case in one transaction (``each_alone``); a test records the order in
which every transaction of the routes and duties takes its rows (``tests/rows_in_order.py``).
"""

from collections.abc import Callable, Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.core.db import NO_KEY, Database

AT_A_STRETCH = 10
"""How many cases a duty takes one behind the other before somebody else may write."""


def hold(session: Session, case: Case) -> None:
    """Hold the row of a case until the transaction ends, and read it anew."""
    session.flush()
    session.refresh(case, with_for_update=NO_KEY)


def hold_all(session: Session, cases: Collection[Case]) -> None:
    """Hold the rows of several cases, in the one order that everybody takes them in."""
    for case in sorted(cases, key=lambda case: case.id):
        hold(session, case)


def hold_to_delete(session: Session, case_id: str) -> Case | None:
    """Hold a case against everything, rows that refer to it included; None if it is gone."""
    return session.scalars(select(Case).where(Case.id == case_id).with_for_update()).one_or_none()


def each_alone(database: Database, case_ids: Iterable[str], act: Callable[[Session, Case], bool]) -> int:
    """Do a duty for one case after another, each held in a transaction of its own; the number that it did something to.

    What was listed may have changed by the time its turn comes: ``act`` looks again. A case that fails does not keep
    the others waiting; the first failure is raised at the end.
    """
    done = 0
    failures: list[Exception] = []
    for place, case_id in enumerate(case_ids, start=1):
        try:
            with database.writing() as session:
                case = session.get(Case, case_id, with_for_update=NO_KEY)
                done += case is not None and act(session, case)
        except Exception as failure:
            failures.append(failure)
        if place % AT_A_STRETCH == 0:
            database.let_others_in()
    if failures:
        raise failures[0]
    return done
