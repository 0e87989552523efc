"""``python -m tests.bench.flood PORT FILE``: one process that sends to the box as fast as it can, and works for it.

The file holds one sealed concern; each one sent is it under other ids. Ends when its input is closed.
"""

import sys
from pathlib import Path
from threading import Event, Thread

from tests.bench.asking import BOX, admitted
from tests.bench.crowd import different
from tests.bench.wire import Ask, Line


def main() -> None:
    """Send until told to stop; then say how many were taken."""
    port, like = int(sys.argv[1]), Path(sys.argv[2]).read_bytes()
    over, taken = Event(), 0

    def listen() -> None:
        sys.stdin.read()
        over.set()

    Thread(target=listen, daemon=True).start()
    with Line(port) as line:
        for _hashed, octets in different(like):
            if over.is_set():
                break
            taken += line.exchange(Ask.post(BOX, octets, porth_work=admitted(line)).octets).status == 201
    print(taken)


if __name__ == "__main__":
    main()
