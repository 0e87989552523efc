"""What is not shared tells nothing: over all choices of parts, two reviews that differ elsewhere look the same."""

import re
from collections.abc import Iterator
from itertools import chain, combinations
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.representing import Represented
from portal.cases.shared_view import share
from portal.cases.speaking import Scope, Shared
from portal.cases.standing_in import has_unseen_answer
from portal.cases.view import view_case
from portal.core.text import Locale
from portal.decision_review.lines import LINES
from portal.decision_review.sharing import shared_part
from portal.decision_review.steps import STEPS
from tests.decision_review.conftest import Reviews
from tests.decision_review.sharing_worlds import WORLDS, World, build, name, plain

SUBSETS = [frozenset(one) for one in chain.from_iterable(combinations(Shared, n) for n in range(len(Shared) + 1))]


def seen(reviews: Reviews, session: Session, case: Case) -> dict[frozenset[Shared], Any]:
    """All that the page is made of, for each choice of parts, without the reference."""
    row, _words = name(reviews, session, case, frozenset())
    visit: Any = SimpleNamespace(vault=reviews.desk.vault, today=reviews.desk.today, locale=Locale.EN)
    view = view_case(session, case, desk=reviews.desk, for_requester=True)

    def with_parts(parts: frozenset[Shared]) -> Any:
        held = Represented(case, row, parts)
        hidden = has_unseen_answer(session, held, LINES)
        shown = plain(share(view, held, LINES, is_hidden=hidden))
        return {**shown, "reference": ""}, plain(shared_part(session, visit, case, parts))

    return {parts: with_parts(parts) for parts in SUBSETS}


@pytest.mark.slow
def test_over_all_choices_of_parts_what_is_not_ticked_changes_nothing(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        base = seen(reviews, session, build(reviews, session, World()))
        for part, worlds in WORLDS.items():
            for world in worlds:
                other = seen(reviews, session, build(reviews, session, world))
                for parts in SUBSETS:
                    assert part in parts or other[parts] == base[parts], (part, sorted(parts))
                assert other[frozenset(Shared)] != base[frozenset(Shared)], part


@pytest.mark.slow
@pytest.mark.parametrize("part", [Shared.RECORDS, Shared.OUTCOME])
def test_every_page_of_a_representative_is_the_same_byte_for_byte(reviews: Reviews, part: Shared) -> None:
    parts = frozenset(Shared) - {part}
    words: list[str] = []
    with reviews.world.database.writing() as session:
        for world in (World(), *WORLDS[part]):
            case = build(reviews, session, world)
            words += [name(reviews, session, case, parts, scope)[1] for scope in Scope]
    with reviews.world.visiting(reviews.world.app) as carys:
        pages = [list(pages_of(carys.client, one)) for one in words]
    for at, _scope in enumerate(Scope):
        for one in pages[at :: len(Scope)]:
            assert one == pages[at]
    assert pages[0] != pages[1]


def pages_of(client: Any, words: str) -> Iterator[tuple[int, str]]:
    """Every page that takes a representative's words, with what differs from one showing to the next masked."""
    for address in ("case", "review/records", "review/papers", "review/contest", "review/outcome"):
        answer = client.post(f"/en/{address}", data={"words": words})
        text = re.sub(r"RV-[A-Z0-9-]+|nonce=\"[^\"]+\"|value=\"[^\"]*\"|id=\"[a-z0-9-]*[a-z0-9]{26}\"", "", answer.text)
        yield answer.status_code, re.sub(r"\s+", " ", text)  # pages with words in them end in chance blanks


def test_every_step_is_told_or_kept_on_purpose() -> None:
    """A step that nobody placed is shown to nobody but who sees everything: so nobody forgets one for long."""
    visible = {name for name, step in STEPS.items() if step.is_visible}
    assert visible <= set(LINES.parts)
    assert not LINES.may_show("invented", frozenset({Shared.HISTORY, Shared.LETTERS}))
    assert LINES.may_show("invented", frozenset(Shared))
