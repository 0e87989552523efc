"""The question about somebody who raised a concern: one person alone neither undoes a yes nor lets anything out."""

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.core.errors import Refused
from portal.core.text import Words
from portal.documents.cuts import WordsCut
from portal.subject_access.material import queries, reporters, service
from portal.subject_access.material.models import Material
from portal.subject_access.material.queries import may_leave
from portal.subject_access.material.reporters import Stand
from portal.subject_access.material.rules import Balancing, Decision, ReporterAnswer
from portal.subject_access.material.service import Decided
from tests.subject_access.conftest import World
from tests.subject_access.material.filing import PART, add, copied, cut, decide, found

YES, NO = ReporterAnswer.YES, ReporterAnswer.NO
SAID = st.lists(st.tuples(st.sampled_from(["one", "two", "three"]), st.sampled_from([YES, NO])), max_size=12)


def releasing(answer: ReporterAnswer) -> Decided:
    return Decided(answer, Decision.RELEASE, None, Words(""), Balancing())


@settings(max_examples=60, deadline=None)
@given(SAID)
def test_after_a_yes_only_two_different_people_make_it_a_no(said: list[tuple[str, ReporterAnswer]]) -> None:
    stand = Stand()
    noes: set[str] = set()
    was_yes = False
    for who, answer in said:
        stand = stand.after(answer, who)
        if answer is YES:
            was_yes, noes = True, set()
        elif was_yes:
            noes.add(who)
        if was_yes and len(noes) >= 2:
            was_yes, noes = False, set()
        assert (stand.answer is YES) is was_yes
        assert stand.no_by is None or stand.no_by in noes


def test_one_officer_does_not_turn_a_colleagues_yes_into_a_no(world: World) -> None:
    with world.database.writing() as session:
        case = found(world, session)
        item = add(world, session, case, "a.txt", b"It was Mali who told us")
        decide(world, session, item, releasing(YES), "bethan")
        copied(world, session, decide(world, session, item, releasing(NO)))
        assert (item.reporter, reporters.stand_of(session, item).no_by) == (YES, world["rhodri"].account_id)
        assert queries.outgoing(session, case).copies == ()
        copied(world, session, decide(world, session, item, releasing(NO)))
        assert queries.outgoing(session, case).copies == ()
        with pytest.raises(Refused, match="you said no yourself"):
            service.agree_no(session, world["rhodri"], case, item, desk=world.desk, version=item.version)
        service.agree_no(session, world["bethan"], case, item, desk=world.desk, version=item.version)
        assert item.reporter is NO
        assert [one.item for one in queries.outgoing(session, case).copies] == [item]
        said = [(line.number, line.answer, line.said_by) for line in reporters.list_answers(session, item)]
        own, colleague = world["rhodri"].account_id, world["bethan"].account_id
        assert said == [(1, YES, colleague), (2, NO, own), (3, NO, colleague)]


def test_an_item_from_before_the_lines_keeps_its_yes(world: World) -> None:
    with world.database.writing() as session:
        case = found(world, session)
        item = add(world, session, case, "a.txt", b"It was Mali who told us")
        item.reporter, item.reporter_said_by = YES, world["bethan"].account_id
        session.flush()
        decide(world, session, item, releasing(NO))
        assert item.reporter is YES
        with pytest.raises(Refused, match="Nobody has asked you"):
            other = add(world, session, case, "b.txt", b"Another")
            service.agree_no(session, world["carys"], case, other, desk=world.desk, version=other.version)


@pytest.mark.parametrize("marked_first", [True, False])
def test_the_same_file_under_another_number_is_no_way_round_a_yes(world: World, marked_first: bool) -> None:
    with world.database.writing() as session:
        case = found(world, session)
        first = add(world, session, case, "a.txt", b"It was Mali who told us")
        again = add(world, session, case, "b.txt", b"It was Mali who told us")
        steps: list[Any] = [(first, YES, "bethan"), (again, NO, "rhodri")]
        for item, answer, who in steps if marked_first else reversed(steps):
            decide(world, session, item, releasing(answer), who)
        copied(world, session, again)
        assert (first.reporter, again.reporter) == (YES, YES)
        assert queries.outgoing(session, case).copies == ()


def test_who_cut_an_item_does_not_clear_it(world: World) -> None:
    with world.database.writing() as session:
        case: Case = found(world, session)
        item = add(world, session, case, "a.txt", b"It was Mali who told us")
        decide(world, session, item, replace(PART, reporter=YES), "bethan")
        assert service.may_clear(session, item, world["rhodri"].account_id)
        cut(world, session, item, WordsCut("Mali"))
        assert not service.may_clear(session, item, world["rhodri"].account_id)
        assert service.may_clear(session, item, world["carys"].account_id)
        assert not service.may_clear(session, item, world["bethan"].account_id)
        assert not service.may_clear(session, item, None)


@pytest.mark.parametrize("seed", range(5))
def test_whatever_officers_answer_clear_and_agree_nothing_that_had_a_yes_leaves_by_one_person(
    world: World, seed: int
) -> None:
    drawn = Random(seed)
    with world.database.writing() as session:
        case = found(world, session)
        item = add(world, session, case, "a.txt", b"It was Mali who told us")
        had_yes, noes = False, set[str]()
        for _ in range(25):
            who = drawn.choice(["rhodri", "bethan", "carys"])
            act = drawn.choice(["yes", "no", "no", "agree", "clear"])
            if not attempt(world, session, item, act, who):
                continue
            if act == "yes":
                had_yes, noes = True, set()
            elif act in ("no", "agree"):
                noes.add(who)
            if may_leave(item) and had_yes:
                is_cleared = item.cleared_by not in (None, item.reporter_said_by, item.decided_by)
                assert is_cleared if item.reporter is YES else len(noes) >= 2, (seed, act, who)


def attempt(world: World, session: Session, item: Material, act: str, who: str) -> bool:
    """One officer tries one thing; whether it was let happen."""
    case = session.get_one(Case, item.case_id)
    verbs = {"agree": service.agree_no, "clear": service.clear}
    try:
        if act in verbs:
            verbs[act](session, world[who], case, item, desk=world.desk, version=item.version)
        else:
            decide(world, session, item, releasing(ReporterAnswer(act)), who)
    except Refused:
        return False
    return True
