"""What the pages of collectives and the sweep after outcomes ask of the database: so much, and by which index."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.concerns.after.queries import list_due, list_shown_wrong
from portal.concerns.casework.rules import Theme
from portal.concerns.together.queries import (
    count_for_report,
    get_collective,
    list_collectives,
    list_linked,
    list_of_thread,
)
from portal.concerns.together.service import Cause, open_collective
from portal.core.ids import new_id
from tests.concerns.casework.seated import Seated
from tests.concerns.casework.test_plans import plan_of, questions, scanned
from tests.concerns.together.conftest import Taken

TODAY = date(2026, 11, 23)


def begin(seated: Seated, *case_ids: bytes) -> str:
    made = new_id()
    with seated.database.writing() as session:
        actor = seated.actor("rep")
        open_collective(session, actor, Cause(Theme.PACE), case_ids, collective_id=made, desk=seated.desk)
    return made


def test_as_much_is_asked_for_many_causes_and_concerns_as_for_one(seated: Seated, taken: Taken) -> None:
    actor, counts = seated.actor("rep"), []
    for number in (1, 3):
        made = [begin(seated, *(taken("rep") for _ in range(number))) for _ in range(number)][-1]
        with questions(seated.database.engine) as asked, seated.database.reading() as session:
            list_collectives(session, actor)
            get_collective(session, actor, made)
            list_linked(session, actor, made)
        counts.append(len(asked))
    assert counts == [5, 5]


ASKED: dict[str, Callable[[Session, Any], Any]] = {
    "SEARCH collectives USING INDEX ix_collectives_home": lambda session, actor: list_collectives(session, actor),
    "SEARCH collective_links USING PRIMARY KEY": lambda session, actor: list_linked(session, actor, new_id()),
    "SEARCH collective_links USING INDEX ix_collective_links_case": lambda session, actor: list_of_thread(
        session, actor, bytes(16)
    ),
    "SEARCH told_threads USING PRIMARY KEY": lambda session, actor: count_for_report(session, actor, before=TODAY),
    "SEARCH concern_clocks USING COVERING INDEX ix_concern_clocks_after": lambda session, _actor: list_due(
        session, today=TODAY, most=9
    ),
    "SEARCH told_threads USING INDEX ix_told_threads_since": lambda session, _actor: list_shown_wrong(
        session, today=TODAY
    ),
}


@pytest.mark.parametrize("step", ASKED)
def test_each_question_walks_its_index(seated: Seated, taken: Taken, step: str) -> None:
    begin(seated, taken("rep"))
    actor = seated.actor("rep")
    with questions(seated.database.engine) as asked, seated.database.reading() as session:
        ASKED[step](session, actor)
    with seated.database.reading() as session:
        plan = [line for one in asked for line in plan_of(session, *one)]
    assert [line for line in plan if line.startswith(step)], plan
    assert scanned(plan) == []
