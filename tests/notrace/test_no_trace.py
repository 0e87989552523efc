"""Who is left out of a case gets the same portal, the same letters and the same questions to the database as if it
did not exist. The one exception that is stated are the quarter's suppressed figures (``walk.FIGURES``)."""

import re
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import pytest

from portal.app import make_app
from tests.demonstrated import BODY, copy_demonstration
from tests.notrace.twins import HANDLER, Hidden, Portal, twins
from tests.notrace.walk import try_addresses, walk
from tests.prepared import FULL
from tests.routes import routes

MAY_KNOW = f"{HANDLER}@{BODY}.example"
LEFT_OUT = (
    "sian.prydderch@glannau-ogwen.example",
    "rhodri.vaughan@glannau-ogwen.example",
    "elin.haf.morris@glannau-ogwen.example",
    "owen.parry.owen@glannau-ogwen.example",
    "iestyn.cadwaladr@glannau-ogwen.example",
    "heledd.sivell@glannau-ogwen.example",
    "mair.tudur@dyffryn-cledwen.example",
    "carys.bowen@unison.example",
)
PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")
ROOMS = ("/desk/access", "/desk/reviews", "/desk/complaints")
"""In the order of the hidden cases."""
EACH_ADDRESS = len(LEFT_OUT) if FULL else 1
"""So many people try each address: the next of the row each time."""

Pair = tuple[Portal, Portal, Hidden]


@pytest.fixture(scope="module")
def pair(demonstration_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folders = tmp_path_factory.mktemp("with"), tmp_path_factory.mktemp("without")
    with (
        copy_demonstration(demonstration_folder, folders[0]) as world,
        twins(world, folders[1], (*LEFT_OUT, MAY_KNOW)) as made,
    ):
        yield made


def addresses_of(hidden: Hidden, portal: Portal) -> list[tuple[str, str]]:
    """Every address of a case, of a kind that the hidden ones could stand at."""
    found = []
    app = make_app(portal.settings)
    for path, route in routes(app):
        names = PARAMETER.findall(path.removeprefix("/{locale}"))
        if names and path.startswith("/{locale}/my/"):
            for method in sorted((route.methods or set()) & {"GET", "POST"}):
                found += [(method, fill(path, hidden, place)) for place in places_of(path, hidden)]
    app.state.database.close()
    return found


def places_of(path: str, hidden: Hidden) -> range:
    """Which of the hidden cases could stand at an address: the one of its room; where the room is not named, all."""
    of_room = next((place for place, room in enumerate(ROOMS) if room in path), None)
    return range(len(hidden.references)) if of_room is None or FULL else range(of_room, of_room + 1)


def fill(path: str, hidden: Hidden, place: int) -> str:
    known = {"locale": "cy", "reference": hidden.references[place], "case": hidden.concern}
    return PARAMETER.sub(lambda name: known.get(name.group(1), hidden.ids[place]), path)


def letters_of(portal: Portal) -> list[tuple[str, str]]:
    """What was written to those who are left out."""
    return [letter for letter in portal.letters if letter[0] in LEFT_OUT]


def test_nobody_who_is_left_out_meets_a_trace_of_a_hidden_case(pair: Pair) -> None:
    one, other, hidden = pair
    asked = 0
    for number, email in enumerate(LEFT_OUT):
        trace = walk(one, other, email, "/cy/my", below="/cy/" if number == 0 else "/cy/my")
        assert trace.found == [], email
        asked += len(trace.asked)
    assert asked > 500, "the walk goes through the portal"
    every = addresses_of(hidden, one)
    turns = cycle(LEFT_OUT)
    shares: dict[str, list[tuple[str, str]]] = {email: [] for email in LEFT_OUT}
    for address in every:
        for email in islice(turns, EACH_ADDRESS):
            shares[email].append(address)
    for email, addresses in shares.items():
        trace = try_addresses(one, other, email, addresses)
        assert trace.found == [], email
    assert letters_of(one) == letters_of(other)


def test_the_walk_sees_the_hidden_cases_of_somebody_who_may_know_them(pair: Pair) -> None:
    one, other, hidden = pair
    trace = walk(one, other, MAY_KNOW, "/cy/my/desk/access", below="/cy/my/desk/access")
    assert any(hidden.references[0] in found or "/my/desk/access:" in found for found in trace.found)
    assert try_addresses(one, other, MAY_KNOW, [("GET", f"/cy/my/desk/access/{hidden.references[0]}")]).found
