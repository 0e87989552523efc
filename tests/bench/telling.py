"""Can anybody tell receipts that open nothing apart by how long the answer takes? A classifier tries.

It sees the time of each answer and nothing else, which is the most that anybody on the line can see once status, length
and headers are the same. Its AUC is 0.5 if it knows nothing. A fault of two milliseconds, put in on purpose, is found.
"""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, cycle
from urllib.parse import urlencode

from anonymity.receipt import Lane, draw_code, lane_locator, locator_hash
from anonymity.submission import look_up_json
from portal.core.ids import random_bytes
from portal.mailbox.service import forget
from tests.bench.asking import BOX, admitted, sealed_concerns
from tests.bench.crowd import renamed
from tests.bench.leaking import MARK
from tests.bench.processes import Served
from tests.bench.table import Row
from tests.bench.wire import FORM, Ask, Line
from tests.bench.world import World

EACH = 500
MOST_AUC = 0.55
MOST_MISSED = 0.1
PAGE = "/cy/concern/return/form"
Maker = Callable[[], Ask]


def auc(one: Sequence[float], other: Sequence[float]) -> float:
    """How often a value of one is above a value of the other, or below if that tells more: 0.5 is a coin."""
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    sum_of_ranks, place = 0.0, 0
    while place < len(ranked):
        end = place
        while end < len(ranked) and ranked[end][0] == ranked[place][0]:
            end += 1
        sum_of_ranks += (place + 1 + end) / 2 * sum(which for _value, which in ranked[place:end])
        place = end
    above = (sum_of_ranks - len(other) * (len(other) + 1) / 2) / (len(one) * len(other))
    return max(above, 1 - above)


def times_of(served: Served, kinds: Mapping[str, Maker], each: int) -> dict[str, list[float]]:
    """The milliseconds of each answer; the kinds come in random order, on one connection.

    All are made before the first is asked: some cost the asker more than others, and a server that has waited longer
    answers more slowly.
    """
    order = [name for name in kinds for _ in range(each)]
    random.Random(each).shuffle(order)
    found: dict[str, list[float]] = {name: [] for name in kinds}
    with Line(served.port) as line:
        for _ in range(20):
            line.ask(kinds[order[0]]())
        for name, asked in [(name, kinds[name]()) for name in order]:
            begun = time.perf_counter()
            line.ask(asked)
            found[name].append(1000 * (time.perf_counter() - begun))
    return found


def at_the_box(octets: Callable[[], bytes], **headers: str) -> Maker:
    return lambda: Ask.post(f"{BOX}/open", octets(), status=404, **headers)


def on_the_page(words: Callable[[], str]) -> Maker:
    return lambda: Ask.post(PAGE, urlencode({"words": words()}).encode(), status=422, **FORM)


def unknown() -> bytes:
    return look_up_json(lane_locator(draw_code(), Lane.JOINT))


def malformed() -> bytes:
    """As long as a good one, and wrong at its end."""
    return unknown()[:-1] + b"]"


def unknown_words() -> str:
    return " ".join(draw_code().words("cy"))


def mistyped_words() -> str:
    words = list(draw_code().words("cy"))
    words[-1] = words[-1][:-1] + ("q" if words[-1][-1] != "q" else "x")
    return " ".join(words)


def forgotten(world: World, served: Served, count: int) -> list[bytes]:
    """Locators of threads that were there and are deleted."""
    (like,) = sealed_concerns(world, 1)
    locators, cases = ([random_bytes(size) for _ in range(count)] for size in (32, 16))
    with Line(served.port) as line:
        for locator, case in zip(locators, cases, strict=True):
            octets = renamed(like, case=case, hashed=locator_hash(locator))
            line.ask(Ask.post(BOX, octets, status=201, porth_work=admitted(line)))
    with world.database() as database, database.writing() as session:
        for case in cases:
            forget(session, case)
    return locators


def measure_telling(world: World, portal: Served, *, each: int = EACH) -> list[Row]:
    """Every pair of kinds at the box, two on the page, and the fault that was put in."""
    gone = cycle(forgotten(world, portal, 20))
    box = {"unknown": at_the_box(unknown), "malformed": at_the_box(malformed),
           "expired": at_the_box(lambda: look_up_json(next(gone)))}  # fmt: skip
    page = {"unknown": on_the_page(unknown_words), "mistyped": on_the_page(mistyped_words)}
    rows = []
    for where, kinds in (("box", box), ("page", page)):
        found = times_of(portal, kinds, each)
        for one, other in combinations(kinds, 2):
            told = auc(found[one], found[other])
            rows.append(Row("", f"telling apart at the {where}: {one}, {other} receipts", told, "AUC", most=MOST_AUC))
    with world.portal("tests.bench.leaking") as leaking:
        found = times_of(leaking, {"one": box["unknown"], "slower": at_the_box(unknown, x_planted=MARK)}, each)
    missed = 1 - auc(found["one"], found["slower"])
    return [*rows, Row("", "the same for a fault of 2 ms put in: 1 - AUC", missed, "", most=MOST_MISSED)]
