"""What the sender reads before sending, and what the receiver reads afterwards, in both languages."""

import string

import pytest

from portal.cases.routing.destinations import route
from portal.cases.routing.exclusions import Affair, Ban, Source
from portal.cases.routing.given import Because, Given, Why
from portal.cases.routing.people import Office, Standing, World
from portal.cases.routing.preview import (
    ALL_AWAY,
    LEFT_OUT,
    LOST,
    NO_LATER,
    PASSED_OVER,
    SAID,
    SMALL_UNIT,
    TO_RECEIVER,
    TO_SENDER,
    TOO_CLOSE,
    URGENT,
    preview,
    why_to_receiver,
)
from portal.cases.routing.units import Unit
from portal.core.text import Bilingual, Locale, Message
from portal.i18n.catalogue import say
from tests.cases.routing.worlds import BRANCH, SEATS, concern, named, seat, world

NAMES = {"head": Bilingual("J. – Pennaeth", "J. – Head")}


def read(place: World, affair: Affair, locale: Locale = Locale.EN) -> list[str]:
    words = preview(place, affair, route(place, affair), NAMES)
    return [say(one, locale) for one in (*words.goes_to, *words.not_to, *words.notes)]


def test_it_says_to_whom_it_goes_and_to_whom_it_does_not() -> None:
    place = world(Standing("director", is_away=True))
    assert read(place, concern(conflicts=named("head"), branch_id=BRANCH)) == [
        "It goes to: system_manager board. They act in place of the person responsible. "
        "You left out the person to whom it would go first",
        "It goes to: representative branch. They represent the union branch that you chose",
        "It goes to: representative branch. They represent the union branch that you chose",
        "It will not go to: J. – Head. You left them out",
    ]


@pytest.mark.parametrize(
    ("place", "affair", "note"),
    [
        (world(), concern(conflicts=named(*(one.person_id for one in SEATS))), LOST),
        (world(*(Standing(one.person_id, is_away=True) for one in SEATS)), concern(), ALL_AWAY),
        (world(), concern(unit=Unit(3)), SMALL_UNIT),
        (world(), concern(is_urgent=True), URGENT),
        (world(), concern(lang=Locale.CY), NO_LATER),
    ],
)
def test_what_is_out_of_the_ordinary_is_said(place: World, affair: Affair, note: Message) -> None:
    assert preview(place, affair, route(place, affair), {}).notes == (note,)


def test_nothing_out_of_the_ordinary_is_said_where_there_is_nothing() -> None:
    assert preview(world(), concern(unit=Unit(8)), route(world(), concern()), {}).notes == ()


def test_what_is_said_of_somebody_who_was_not_named_shows_no_line_and_no_interest() -> None:
    place = world(Standing("deputy", manager_ids=frozenset({"head"})), Standing("outside", tied_to=frozenset({"head"})))
    said = read(place, concern(conflicts=named("head")))
    assert "It will not go to: system_manager board. They are too close to it" in said
    assert "It will not go to: independent board. They are too close to it" in said


def test_of_somebody_who_would_not_be_asked_anyway_nothing_is_said_unless_the_sender_named_them() -> None:
    names = {"clerk": Bilingual("Clerc", "Clerk")}
    for source, told in ((Source.SYSTEM, 0), (Source.SELF, 0), (Source.REPORTER, 1)):
        affair = concern(conflicts=named("clerk", source=source))
        assert len(preview(world(), affair, route(world(), affair), names).not_to) == told


def test_a_receiver_reads_the_same_whatever_keeps_another_away() -> None:
    seats = tuple(one for one in SEATS if one.person_id != "director")
    read_by_deputy = {
        why_to_receiver(route(world(*away, seats=seats), concern(conflicts=left_out)).given[0])
        for away, left_out in (((Standing("head", is_away=True),), ()), ((), named("head")))
    }
    assert read_by_deputy == {TO_RECEIVER[Why.DEPUTY]}


def test_every_capacity_and_reason_has_its_words_in_both_voices() -> None:
    assert set(TO_SENDER) == set(TO_RECEIVER) == set(Why)
    assert set(PASSED_OVER) == set(Because)
    assert set(SAID) < set(Ban)
    assert SAID[Ban.NAMED] is LEFT_OUT


def sentences() -> list[Message]:
    tables = (TO_SENDER, TO_RECEIVER, PASSED_OVER, SAID)
    fixed = [TOO_CLOSE, LOST, ALL_AWAY, SMALL_UNIT, NO_LATER, URGENT]
    post = Bilingual("Swydd", "Post")
    given = Given(seat("head", Office.INDEPENDENT), Why.DEPUTY, seat("other", Office.INDEPENDENT), Because.AWAY)
    words = preview(world(), concern(conflicts=named("head")), route(world(), concern()), {"head": post})
    return [said for table in tables for said in table.values()] + fixed + [*words.goes_to, why_to_receiver(given)]


@pytest.mark.parametrize("said", sentences(), ids=lambda said: said.msgid[:40])
def test_each_sentence_is_whole_in_welsh_as_well(said: Message) -> None:
    welsh, english = say(said, Locale.CY), say(said, Locale.EN)
    assert welsh != english
    assert not [field for _text, field, *_ in string.Formatter().parse(welsh) if field]
