"""Who could read a concern, as a table."""

import pytest

from portal.concerns.rules import (
    EMPLOYER,
    INDEPENDENT,
    UNION,
    Branch,
    Channel,
    Reader,
    chosen_readers,
    once_each,
    union_alone,
)
from portal.core.text import Bilingual

NAME = Bilingual("Enw", "Name")


def reader(person: str, group: str) -> Reader:
    return Reader(person, person.encode(), "age1pq1…", b"", group, NAME, None, is_deputy=False, is_confirmed=True)


MANAGER, DEPUTY, OFFICER = reader("manager", EMPLOYER), reader("deputy", EMPLOYER), reader("officer", INDEPENDENT)
UNISON, GMB = reader("carys", f"{UNION}unison"), reader("terry", f"{UNION}gmb")
EVERYBODY = (MANAGER, DEPUTY, OFFICER, UNISON, GMB)


def branch(name: str, readers: int = 1) -> Branch:
    return Branch(name, NAME, name.upper(), readers)


CHANNEL = Channel(EVERYBODY, (branch("unison"), branch("gmb")))


@pytest.mark.parametrize(
    ("union", "only_union", "left_out", "who"),
    [
        ("", False, (), "manager deputy officer"),
        ("", False, ("manager",), "deputy officer"),
        ("", False, ("manager", "deputy", "officer"), ""),
        ("", False, ("carys", "nobody"), "manager deputy officer"),
        ("unison", False, (), "manager deputy officer carys"),
        ("unison", False, ("manager", "carys"), "deputy officer"),
        ("unison", True, (), "carys"),
        ("unison", True, ("carys",), ""),
        ("gmb", True, ("manager",), "terry"),
        ("none", True, (), ""),
    ],
)
def test_a_grant_goes_to(union: str, only_union: bool, left_out: tuple[str, ...], who: str) -> None:
    found = chosen_readers(CHANNEL, union=union, only_union=only_union, left_out=left_out)
    assert [one.person_id for one in found] == who.split()


@pytest.mark.parametrize(
    ("readers", "branches", "is_open"),
    [
        (EVERYBODY, (branch("unison"), branch("gmb")), True),
        ((OFFICER, UNISON), (branch("unison"), branch("gmb", 0)), True),
        ((MANAGER, UNISON), (branch("unison"),), False),
        ((MANAGER, OFFICER), (branch("unison", 0),), False),
        ((MANAGER, OFFICER), (), False),
        ((), (), False),
    ],
)
def test_a_channel_is_open_with_a_union_and_an_officer(
    readers: tuple[Reader, ...], branches: tuple[Branch, ...], is_open: bool
) -> None:
    assert Channel(readers, branches).is_open is is_open


def test_somebody_with_two_duties_is_one_reader_in_the_first() -> None:
    twice = reader("manager", f"{UNION}unison")
    assert once_each([MANAGER, UNISON, twice, MANAGER]) == (MANAGER, UNISON)


def test_a_union_beside_somebody_means_nobody_of_the_employer() -> None:
    alone = union_alone(CHANNEL)
    assert alone.is_open
    assert [one.person_id for one in alone.readers] == ["carys", "terry"]
    for only_union in (True, False):
        assert not chosen_readers(alone, union="", only_union=only_union, left_out=())
        found = chosen_readers(alone, union="gmb", only_union=only_union, left_out=())
        assert [one.person_id for one in found] == ["terry"]


@pytest.mark.parametrize("readers", [(MANAGER, UNISON), (MANAGER, OFFICER), ()])
def test_where_the_channel_is_closed_no_union_can_be_asked_through_it(readers: tuple[Reader, ...]) -> None:
    closed = Channel(readers, (branch("unison", sum(one is UNISON for one in readers)),))
    assert union_alone(closed) is closed
