"""A letter that there is news goes out for what a representative can see, and for nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.hearing import tell_named
from portal.cases.models import Case
from portal.cases.rules import CaseKind, Relation
from portal.cases.speaking import Scope, Shared, lines_of
from portal.cases.turn import Desk, Turn
from portal.core.text import Words, msg
from portal.notifications.models import OutboxLetter
from tests.cases.conftest import World
from tests.cases.test_representing import asked_of, named

ALL = frozenset(Shared)
LINES = lines_of(
    ("ask", "work", "letter"), {Shared.OUTCOME: ("decide", "close")}, telling=("decide",), ending=("decide",)
)


def happen(session: Session, case: Case, desk: Desk, *steps: str) -> None:
    for step in steps:
        Turn(session, Relation.OFFICER, case, Relation.OFFICER, desk).tell(step, msg("The request came in"))


@pytest.mark.parametrize(
    ("steps", "parts", "scope", "is_told"),
    [
        (("work",), ALL, Scope.FOLLOW, True),
        (("work",), frozenset[Shared](), Scope.SPEAK, False),
        (("ask",), frozenset[Shared](), Scope.SPEAK, True),
        (("ask",), frozenset[Shared](), Scope.FOLLOW, False),
        (("decide",), frozenset[Shared](), Scope.FOLLOW, True),  # that it was answered is always shared
        (("close",), ALL - {Shared.OUTCOME}, Scope.FOLLOW, False),
        (("close",), ALL, Scope.FOLLOW, True),
        (("invented",), ALL - {Shared.OUTCOME}, Scope.SPEAK, False),
        (("extend",), frozenset[Shared](), Scope.FOLLOW, True),
        (("work", "withdraw"), ALL, Scope.SPEAK, False),
    ],
)
def test_what_is_shared_is_news_and_what_is_not_is_none(
    world: World, steps: tuple[str, ...], parts: frozenset[Shared], scope: Scope, *, is_told: bool
) -> None:
    later = world.later(hours=1)
    with world.database.writing() as session:
        case = world.review(session)
        named(session, world, case, email=Words("c@example.org"), parts=parts, scope=scope)
        happen(session, case, later, *steps)
    assert told(world, later) == int(is_told)


def test_after_an_outcome_that_is_not_shared_nothing_is_news(world: World) -> None:
    first, second = world.later(hours=1), world.later(hours=2)
    with world.database.writing() as session:
        case = world.review(session)
        named(session, world, case, email=Words("c@example.org"), parts=ALL - {Shared.OUTCOME})
        happen(session, case, first, "decide")
        case_id = case.id
    assert told(world, first) == 1
    with world.database.writing() as session:
        happen(session, session.get_one(Case, case_id), second, "work", "ask", "close")
    assert told(world, second) == 0
    with world.database.reading() as session:
        assert len(session.scalars(select(OutboxLetter)).all()) == 1


def told(world: World, desk: Desk) -> int:
    settings: Any = asked_of(world)
    return tell_named(world.database, settings, desk.now + timedelta(minutes=1), lines={CaseKind.REVIEW: LINES})
