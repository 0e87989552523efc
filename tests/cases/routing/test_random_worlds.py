"""In any world, whoever must not receive something is reached by no chain: not as holder, deputy, stand-in, counterpart
or translator, by no ladder, no call, no list of readers, no employer, and not when somebody leaves or comes back.

The worlds are drawn by number, the same ones in every run.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise, product

from portal.cases.routing.absence import Held, hand_back
from portal.cases.routing.circles import circles, is_close
from portal.cases.routing.destinations import readers, route
from portal.cases.routing.exclusions import Affair, Ban, Conflict, Kind, Source, bans, may_search
from portal.cases.routing.ladders import STEPS, Ladder, Side, climb
from portal.cases.routing.people import OUTSIDE_THE_CHAIN, UNION_OFFICES, Office, Standing, World, people_of
from portal.cases.routing.pool import reviewers
from portal.cases.routing.preview import TO_RECEIVER, TOO_CLOSE, preview, reason_to_sender, why_to_receiver
from portal.cases.routing.urgency import called
from tests.cases.routing.worlds import BODY, BRANCH, PEOPLE, drawn_worlds, must_not

LAST = STEPS - 1


def everybody_reached(place: World, affair: Affair, owner: str | None) -> Iterator[str]:
    """Every person whom any chain of the book comes to."""
    yield from route(place, affair).person_ids
    yield from (one.person_id for one in readers(place, affair))
    yield from (one.person_id for one in reviewers(place, affair))
    yield from (one.person_id for one in called(place, affair))
    for ladder, side in product(Ladder, Side):
        yield from (one.person_id for one in climb(place, affair, ladder, LAST, side=side, owner_id=owner))


def and_left_out(affair: Affair, person: str, source: Source = Source.REPORTER) -> Affair:
    return replace(affair, conflicts=(*affair.conflicts, Conflict(person, source)))


def test_who_must_not_receive_it_is_who_the_rules_of_the_book_name() -> None:
    for one in drawn_worlds():
        expected = {person for person in PEOPLE if must_not(one.world, one.affair, person)}
        assert set(bans(one.world, one.affair)) & set(PEOPLE) == expected, one.number


def test_nobody_who_must_not_receive_it_is_reached_by_any_chain() -> None:
    for one in drawn_worlds():
        reached = set(everybody_reached(one.world, one.affair, one.owner))
        assert not [person for person in reached if must_not(one.world, one.affair, person)], one.number


def test_every_reason_keeps_somebody_away_whom_a_chain_would_have_reached() -> None:
    """The worlds are worth something: each reason alone bars a person who would receive something without it."""
    alone: Counter[Ban] = Counter()
    for one in drawn_worlds():
        seated = {seat.person_id for seat in one.world.seats}
        alone.update(
            ban
            for person, reasons in bans(one.world, one.affair).items()
            if person in seated and len(reasons) == 1
            for ban in reasons
        )
    assert set(alone) == set(Ban)
    assert min(alone.values()) >= 3


def test_whoever_is_left_out_as_well_is_not_reached_and_neither_is_their_line() -> None:
    for one in drawn_worlds():
        reached = set(everybody_reached(one.world, and_left_out(one.affair, one.who), one.owner))
        close = {person for person in PEOPLE if person != one.who and is_close(one.world, person, one.who)}
        assert not reached & ({one.who} | close), one.number


def test_who_has_left_is_reached_no_more_and_opens_no_door_to_others() -> None:
    for one in drawn_worlds():
        after = one.world.without(one.who)
        reached = set(everybody_reached(after, one.affair, one.owner))
        assert one.who not in reached
        assert not [person for person in reached if must_not(after, one.affair, person)], one.number


def test_it_makes_no_difference_who_said_that_there_is_a_conflict() -> None:
    for one in drawn_worlds()[:80]:
        for source in Source:
            said = and_left_out(one.affair, one.who, source)
            assert one.who not in set(everybody_reached(one.world, said, one.who)), one.number


def test_each_step_adds_somebody_and_takes_nobody_away() -> None:
    for one, is_sealed in product(drawn_worlds()[:100], (False, True)):
        holders = one.holders if is_sealed else None
        for ladder, side in product(Ladder, Side):
            told = [
                climb(one.world, one.affair, ladder, step, side=side, owner_id=one.owner, holders=holders)
                for step in range(STEPS)
            ]
            for before, after in pairwise(told):
                assert after[: len(before)] == before
                assert len(after) > len(before) or before == told[-1]
            assert len({seat.person_id for seat in told[-1]}) == len(told[-1])


def test_a_sealed_concern_climbs_and_calls_only_to_those_who_hold_a_key() -> None:
    for one in drawn_worlds():
        for side in Side:
            told = climb(
                one.world, one.affair, Ladder.SILENCE, LAST, side=side, owner_id=one.owner, holders=one.holders
            )
            assert {seat.person_id for seat in told} <= one.holders
        assert {found.person_id for found in called(one.world, one.affair, holders=one.holders)} <= one.holders


def test_the_last_step_holds_every_person_outside_the_chain_who_may_hear_of_it() -> None:
    for one in drawn_worlds():
        told = {seat.person_id for seat in climb(one.world, one.affair, Ladder.SILENCE, LAST, owner_id=one.owner)}
        outside = {seat.person_id for seat in one.world.seats if seat.office in OUTSIDE_THE_CHAIN and seat.home == BODY}
        assert {person for person in outside if not must_not(one.world, one.affair, person)} <= told, one.number


def test_the_sides_never_meet_on_a_ladder() -> None:
    for one in drawn_worlds():
        of_union = climb(one.world, one.affair, Ladder.SILENCE, LAST, side=Side.UNION, owner_id=one.owner)
        assert all(seat.office in UNION_OFFICES and seat.home == one.affair.branch_id == BRANCH for seat in of_union)
        of_employer = climb(one.world, one.affair, Ladder.SILENCE, LAST, owner_id=one.owner)
        assert all(seat.office not in UNION_OFFICES for seat in of_employer)


def test_no_branch_that_was_not_chosen_hears_of_it() -> None:
    for one in drawn_worlds():
        given = (*route(one.world, one.affair).given, *readers(one.world, one.affair))
        assert {found.seat.home for found in given if found.seat.is_of_union} <= {one.affair.branch_id}
        if one.affair.union_alone:
            assert all(found.seat.is_of_union for found in given)


def test_it_goes_to_somebody_as_long_as_anybody_outside_the_chain_may_have_it() -> None:
    lasting = {Office.INDEPENDENT, Office.AUDIT_CHAIR}
    for one in drawn_worlds():
        place, affair = one.world, one.affair
        held = [seat.person_id for seat in place.seats if seat.office in lasting and seat.home == BODY]
        free = [person for person in held if not must_not(place, affair, person)]
        if affair.kind in {Kind.CONCERN, Kind.UNLISTED} and not affair.union_alone and free:
            first = next(found for found in route(place, affair).given if not found.seat.is_of_union)
            assert not first.is_away or all(place.standing(person).is_away for person in free), one.number


def test_what_a_receiver_reads_does_not_tell_who_else_was_kept_away() -> None:
    for one in drawn_worlds():
        for found in route(one.world, one.affair).given:
            assert why_to_receiver(found) is TO_RECEIVER[found.why]
            assert not why_to_receiver(found).values


def test_the_preview_names_posts_that_would_be_asked_and_nobody_else() -> None:
    for one in drawn_worlds():
        found = route(one.world, one.affair)
        words = preview(one.world, one.affair, found, {})
        posts = {seat.post for seat in one.world.seats}
        assert {said.values["name"] for said in (*words.goes_to, *words.not_to)} <= posts
        assert bool(words.goes_to) != found.is_lost


def test_what_would_show_a_line_or_a_private_interest_is_said_in_the_same_words() -> None:
    private = (Ban.LINE, Ban.TIED, Ban.DECLARED, Ban.FOUND, Ban.OVER_REPRESENTATIVE, Ban.UNIT)
    for first, second in product(private, private):
        assert reason_to_sender({first, second}) is TOO_CLOSE
    for open_one, hidden in product(Ban, private):
        assert reason_to_sender({open_one, hidden}) == reason_to_sender({open_one})


def test_the_device_proposes_to_leave_out_whom_the_rules_would_and_who_is_close_to_them() -> None:
    for one in drawn_worlds():
        readers_of_page = one.holders | {one.who}
        words = circles(one.world, readers_of_page)
        mine = words.get(one.who)
        proposed = {person for person in readers_of_page - {one.who} if mine and words.get(person) == mine}
        barred = bans(one.world, and_left_out(Affair(Kind.CONCERN, BODY), one.who))
        near = {person for person, reasons in barred.items() if reasons & {Ban.LINE, Ban.TIED}}
        assert near & (readers_of_page - {one.who}) <= proposed, one.number
        assert all(any(is_close(one.world, who, other) for other in proposed | {one.who}) for who in proposed)


def test_those_who_answer_for_the_same_thing_share_a_word_and_who_is_close_to_one_of_them_too() -> None:
    place = World(people=people_of([Standing("rep", manager_ids=frozenset({"head"})), Standing("chair")]))
    assert circles(place, ["rep", "chair"], ["head", "deputy"]) == dict.fromkeys(["deputy", "head", "rep"], "line")
    assert circles(place, ["rep", "chair", "head"]) == dict.fromkeys(["head", "rep"], "circle-1")
    assert circles(place, ["chair"], ["head"]) == {}


def test_nothing_is_handed_back_to_somebody_who_must_not_have_it() -> None:
    for one in drawn_worlds():
        items = [Held("one", "p0", one.who), Held("two", "p1", "somebody else")]
        back = hand_back(items, one.who, {"one": bans(one.world, one.affair)})
        assert (not back) == must_not(one.world, one.affair, one.who), one.number


def test_an_accused_manager_never_searches() -> None:
    for one in drawn_worlds():
        barred = bans(one.world, one.affair)
        for person in PEOPLE:
            may = may_search(person, barred, accused=one.holders)
            own = replace(one.world.standing(person), is_supplier=False, is_administrator=False)
            asked = replace(one.world, people={**one.world.people, person: own})
            assert may == (person not in one.holders and not must_not(asked, one.affair, person))
