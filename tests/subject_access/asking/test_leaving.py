"""Who must not search, decide or see a request: words that name somebody, and what keeps them away."""

import pytest

from portal.cases.queries import facts_of
from portal.cases.rules import Relation
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Locale, Words
from portal.subject_access.asking.leaving import (
    MOST_WISHES,
    Said,
    add_wish,
    list_left_out,
    list_wishes,
    may_read,
    open_wish,
    take_back_wish,
)
from portal.subject_access.asking.naming import Known, is_named, may_be_meant
from portal.subject_access.asking.rules import AuthorityKind, AuthorityScope, Ground, Outcome
from portal.subject_access.asking.service import Asked, Speaker, ask_all
from portal.subject_access.rules import AnswerFormat, Channel
from portal.subject_access.service import submit
from tests.subject_access.conftest import World

SIAN = Known("Siân Ŵyn Prys", "sian.prys@taran.example")


@pytest.mark.parametrize(
    ("text", "named", "meant"),
    [
        ("Not Siân Ŵyn Prys, please", True, True),
        ("not SIAN WYN PRYS", True, True),
        ("Prys, Siân Ŵyn", True, True),
        ("sian.prys@TARAN.example must not", True, True),
        ("Mrs Prys of the rota office", False, True),
        ("Sian", False, True),
        ("my manager", False, False),
        ("Priestley and Prysor", False, False),
        ("", False, False),
    ],
)
def test_a_name_is_found_with_and_without_accents_in_either_order(text: str, named: bool, meant: bool) -> None:
    assert (is_named(text, SIAN), may_be_meant(text, SIAN)) == (named, meant)


def test_one_word_alone_keeps_nobody_away_and_a_short_part_means_nobody() -> None:
    assert not is_named("helen", Known("Helen"))
    assert may_be_meant("helen", Known("Helen"))
    assert not may_be_meant("ap and jo", Known("Jo ap"))


def said(text: str) -> Said:
    return Said(ids.new_id(), Words(text), Locale.CY)


def test_whoever_is_named_with_the_asking_is_kept_away_before_anybody_looks(world: World) -> None:
    with world.database.writing() as session:
        asked = Asked(world.new(), left_out=Words("Nid rhodri@taran.example, os gwelwch yn dda"))
        (case,) = ask_all(session, world["sian"], [asked], desk=world.desk)
        (wish,) = list_wishes(session, case)
        assert b"rhodri" not in wish.words
        words = open_wish(wish, "words", world.desk.vault)
        assert words is not None
        assert words.reveal().startswith("Nid rhodri")
        assert facts_of(session, case).excluded == {world["rhodri"].person_id}
        ((left_out, person),) = list_left_out(session, case)
        assert (left_out.ground, left_out.said_by, person.id) == (
            Ground.ASKED, world["sian"].account_id, world["rhodri"].person_id,
        )  # fmt: skip


def test_the_requester_who_writes_their_own_name_is_not_left_out_of_their_own_request(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        add_wish(session, world["sian"], case, said("sian@taran.example asks: not gwen@taran.example"), desk=world.desk)
        assert facts_of(session, case).excluded == frozenset()


def test_whom_the_words_may_mean_does_not_read_them(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        wish = add_wish(session, world["sian"], case, said("Bethan o’r swyddfa"), desk=world.desk)
        readers = {name: may_read(wish, world.members[name].person, world.desk.vault) for name in ("bethan", "rhodri")}
        assert readers == {"bethan": False, "rhodri": True}


def test_words_are_kept_once_taken_back_until_answered_and_belong_to_their_requester(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        words = said("fy rheolwr")
        wish = add_wish(session, world["sian"], case, words, desk=world.desk)
        assert add_wish(session, world["sian"], case, words, desk=world.desk) is wish
        for stranger in ("gwen", "dafydd"):
            with pytest.raises(NotFound):
                add_wish(session, world[stranger], case, said("neb"), desk=world.desk)
        take_back_wish(session, world["sian"], case, wish, desk=world.desk)
        take_back_wish(session, world["sian"], case, wish, desk=world.desk)
        again = add_wish(session, world["sian"], case, said("fy rheolwr eto"), desk=world.desk)
        again.outcome, again.answered_at = Outcome.LEFT_OUT, world.desk.now
        session.flush()
        with pytest.raises(Conflict):
            take_back_wish(session, world["sian"], case, again, desk=world.desk)
        for _ in range(MOST_WISHES - 1):
            add_wish(session, world["sian"], case, said("a"), desk=world.desk)
        with pytest.raises(Refused):
            add_wish(session, world["sian"], case, said("un arall"), desk=world.desk)
        other = world.request(session)
        with pytest.raises(NotFound):
            add_wish(session, world["sian"], other, words, desk=world.desk)


def test_a_form_without_requester_or_words_is_not_anybody_elses_second_form(world: World) -> None:
    with world.database.writing() as session:
        new = world.new(
            requester_person_id=None, channel=Channel.LETTER, answer_format=AnswerFormat.PAPER, name=Words("Enid")
        )
        case = submit(session, world["rhodri"], new, desk=world.desk)
        assert submit(session, world["rhodri"], new, desk=world.desk) is case
        for other in (world["bethan"], Relation.REQUESTER, Relation.REPRESENTATIVE):
            with pytest.raises(NotFound):
                submit(session, other, new, desk=world.desk)


def test_a_representatives_second_form_finds_theirs_and_another_representative_finds_nothing(world: World) -> None:
    def speaker(own: bytes) -> Speaker:
        return Speaker(
            AuthorityKind.SOLICITOR, AuthorityScope.RECEIVE, Words("Ann"), Words("01234"), own * 32, world.desk.today
        )

    with world.database.writing() as session:
        asked = [Asked(world.new(requester_person_id=None, name=Words("Enid")), left_out=Words("neb o’r ward"))]
        by = Relation.REPRESENTATIVE
        (case,) = ask_all(session, by, asked, desk=world.desk, speaker=speaker(b"a"))
        assert ask_all(session, by, asked, desk=world.desk, speaker=speaker(b"a")) == [case]
        assert len(list_wishes(session, case)) == 1
        with pytest.raises(NotFound):
            ask_all(session, by, asked, desk=world.desk, speaker=speaker(b"b"))
