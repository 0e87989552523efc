"""Alternating rounds: every case is measured once a round, in turn, and its least counts. Noise only ever adds."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.bench.processes import Served
from tests.bench.wire import Answer, Ask, Line

ROUNDS = 6
ASKS = 200


@dataclass
class Case:
    """One kind of request to one server. ``asks`` makes the requests of a round, so that POSTs can differ."""

    name: str
    served: Served
    asks: Callable[[int], Sequence[Ask]]
    least: float = field(default=float("inf"))
    answer: Answer | None = None

    def run(self, count: int) -> None:
        """Send so many requests on one connection; keep the least processor time of a request, in milliseconds."""
        requests = self.asks(count)
        with Line(self.served.port) as line:
            before = self.served.cpu()
            for request in requests:
                self.answer = line.ask(request)
            spent = self.served.cpu() - before
        self.least = min(self.least, 1000 * spent / len(requests))


def same(ask: Ask) -> Callable[[int], Sequence[Ask]]:
    """The same request as often as asked."""
    return lambda count: [ask] * count


def alternate(cases: Sequence[Case], *, rounds: int, count: int) -> None:
    """Warm every case up, then measure."""
    for case in cases:
        case.run(max(1, count // 20))
        case.least = float("inf")
    for _ in range(rounds):
        for case in cases:
            case.run(count)


def quickest(work: Callable[[], object], times: int) -> float:
    """The least processor milliseconds of this process that the work takes."""
    least = float("inf")
    for _ in range(times):
        before = time.process_time()
        work()
        least = min(least, time.process_time() - before)
    return 1000 * least
