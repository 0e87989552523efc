"""What is not shared of a complaint tells nothing: over all choices of parts, two that differ elsewhere look alike."""

from datetime import timedelta
from itertools import chain, combinations
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.cases import representing
from portal.cases.models import Case
from portal.cases.representing import NewRepresentative, Represented
from portal.cases.shared_view import share
from portal.cases.speaking import Scope, Shared
from portal.cases.standing_in import has_unseen_answer
from portal.cases.view import view_case
from portal.complaints import deciding, ending, service
from portal.complaints.lines import LINES
from portal.complaints.rules import Outcome, Theme
from portal.complaints.sharing import SHARES, shared_part
from portal.complaints.steps import STEPS
from portal.core import ids
from portal.core.text import Locale, Words
from tests.complaints.conftest import World, handler_of, sent
from tests.decision_review.sharing_worlds import plain

SUBSETS = [frozenset(one) for one in chain.from_iterable(combinations(SHARES, n) for n in range(len(SHARES) + 1))]
"""A part that a complaint does not have is never shared."""


def build(
    world: World,
    session: Session,
    *,
    asked: str = "Fy nata",
    letter: str = "Llythyr",
    taken_back: bool = False,
    outcome: Outcome | None = Outcome.UPHELD,
    again: bool = False,
    **changes: Any,
) -> Case:
    """A complaint from its first word to its outcome, and to who looks again."""
    case = world.complain(session, what=Words(asked), **changes)
    sian, by = world["sian"], world[handler_of(session, case) or ""]
    if taken_back:
        ending.withdraw(session, sian, case, desk=world.desk)
        ending.undo_withdrawal(session, sian, case, desk=world.desk)
    service.write(session, by, case, Words(letter), sent(), lang=Locale.CY, desk=world.desk)
    if outcome is not None:
        deciding.decide(session, by, case, outcome, Theme.PURPOSE, Words(f"r {outcome}"), sent(), desk=world.desk)
    if again:
        ending.reopen(session, sian, case, Words("Na"), ids.new_id(), lang=Locale.CY, desk=world.desk)
    return case


def seen(world: World, session: Session, case: Case) -> dict[frozenset[Shared], Any]:
    """All that the page of a representative is made of, for each choice of parts, without the reference."""
    day = world.desk.today
    new = NewRepresentative(
        ids.new_id(), Scope.SPEAK, frozenset(), Words("Carys"), ids.random_bytes(32), day, day + timedelta(days=9)
    )
    row = representing.name_one(session, world["sian"], case, new, desk=world.desk)
    visit: Any = SimpleNamespace(vault=world.desk.vault, today=day, locale=Locale.EN)
    view = view_case(session, case, desk=world.desk, for_requester=True)

    def with_parts(parts: frozenset[Shared]) -> Any:
        held = Represented(case, row, parts)
        shown = share(view, held, LINES, is_hidden=has_unseen_answer(session, held, LINES))
        return {**plain(shown), "reference": ""}, plain(shared_part(session, visit, case, parts))

    return {parts: with_parts(parts) for parts in SUBSETS}


@pytest.mark.parametrize(
    ("part", "base", "changes"),
    [
        (Shared.ASKED, {}, {"asked": "Arall"}),
        (Shared.ASKED, {"outcome": None}, {"outcome": None, "is_about_office": True}),
        (Shared.HISTORY, {}, {"taken_back": True}),
        (Shared.LETTERS, {}, {"letter": "Arall"}),
        (Shared.OUTCOME, {}, {"outcome": Outcome.NOT_UPHELD}),
        (Shared.OUTCOME, {}, {"again": True}),
    ],
)
def test_over_all_choices_of_parts_what_is_not_ticked_changes_nothing(
    world: World, part: Shared, base: dict[str, Any], changes: dict[str, Any]
) -> None:
    with world.database.writing() as session:
        world.name_alternates(session, "helen", "nia")
        one, other = (seen(world, session, build(world, session, **given)) for given in (base, changes))
        for parts in SUBSETS:
            assert part in parts or one[parts] == other[parts], sorted(parts)
        assert one[frozenset(SHARES)] != other[frozenset(SHARES)]


def test_every_step_is_told_or_kept_on_purpose() -> None:
    assert {name for name, step in STEPS.items() if step.is_visible} <= set(LINES.parts)
