"""P14: the part of a signed-in list that htmx fetches, against its whole page, in bytes and in processor time."""

from tests.bench.asking import OFFICER
from tests.bench.processes import Served
from tests.bench.rounds import Case, alternate, same
from tests.bench.table import Row
from tests.bench.wire import Ask, Line, sign_in
from tests.bench.world import World

LIST = "/cy/my/desk/access"
MOST = 0.4


def measure_fragment(world: World, portal: Served, *, rounds: int, count: int) -> list[Row]:
    """The list of access requests, whole and as its rows alone."""
    cookie = sign_in(portal.port, OFFICER, world.secrets["password"])
    whole, part = Ask.get(LIST, cookie=cookie), Ask.get(LIST, cookie=cookie, hx_request="true")
    with Line(portal.port) as line:
        sizes = [line.ask(ask).wire for ask in (part, whole)]
    cases = [Case("part", portal, same(part)), Case("whole", portal, same(whole))]
    alternate(cases, rounds=rounds, count=count)
    return [
        Row("P14", "htmx part of the access queue against its page", sizes[0], "bytes", sizes[1], MOST),
        Row("P14", "the same", cases[0].least, "ms", cases[1].least, MOST),
    ]
