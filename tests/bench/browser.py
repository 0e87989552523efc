"""P13: first paint on a slow phone over a poor line; and how long sealing takes in Python and in Chromium."""

import json
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from anonymity.encoding import to_b64u
from anonymity.item import SealedBy
from anonymity.keyring import Keyring, draw_keyring
from anonymity.plaintext import Plaintext
from anonymity.receipt import draw_code
from anonymity.reporting import raise_concern
from anonymity.seat import DeliveredGrant, Delivery, reader_seat
from anonymity.submission import Submission
from anonymity.thread import Delivered
from portal.settings.models import Settings
from tests.anonymity.box_server import Box, delivery, serving
from tests.anonymity.conftest import HARNESS, run_build
from tests.anonymity.world import concern
from tests.bench.asking import CONCERN, TEXT
from tests.bench.processes import Served
from tests.bench.rounds import quickest
from tests.bench.table import Row
from tests.bench.wire import HOST

SLOWER = 6
LATENCY_MS, BYTES_A_SECOND = 2000, 50_000
"""«Slow 3G» as the developer tools of Chromium have it."""
PAINTED = "() => performance.getEntriesByName('first-contentful-paint').map((entry) => entry.startTime)"
MOST_WORK_MS = 400
SEARCHED = """(count) => {
  const begun = performance.now();
  sealed.work.search("A".repeat(48), 32, 0, count);
  return performance.now() - begun;
}"""
PAGES: dict[str, tuple[str, dict[str, str]]] = {
    "landing page": ("/cy", {}),
    "concern form, sealed on the device": ("/cy/concern/write", CONCERN),
}
SENT = "data:text/html,<form action='{address}' method='post'>{fields}<button>Go on</button></form>"


def measure_paint(browser: Any, portal: Served, ceilings: Served, *, times: int, slower: int = SLOWER) -> list[Row]:
    """The median first contentful paint of our pages and of a page of two sentences, in turn."""
    floor: list[float] = []
    painted: dict[str, list[float]] = {what: [] for what in PAGES}
    for _ in range(times):
        floor.append(first_paint(browser, f"http://{HOST}:{ceilings.port}/floor", slower))
        for what, (path, fields) in PAGES.items():
            painted[what].append(first_paint(browser, f"http://{HOST}:{portal.port}{path}", slower, fields))
    least = median(floor)
    return [Row("P13", f"first paint: {what}", median(found), "ms", least, 1.15) for what, found in painted.items()]


def first_paint(browser: Any, address: str, slower: int, fields: Mapping[str, str] | None = None) -> float:
    """Milliseconds to the first contentful paint in a fresh profile, by a form if there are fields.

    Without slowing nothing is emulated.
    """
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    session = context.new_cdp_session(page)
    if slower > 1:
        session.send("Network.enable")
        line = {"latency": LATENCY_MS, "downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND}
        session.send("Network.emulateNetworkConditions", {"offline": False, **line})
        session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    if fields:
        hidden = "".join(f"<input type='hidden' name='{name}' value='{value}'>" for name, value in fields.items())
        page.goto(SENT.format(address=address, fields=hidden))
        with page.expect_navigation(wait_until="load"):
            page.locator("button").click()
    else:
        page.goto(address, wait_until="load")
    painted: list[float] = []
    while not painted:
        page.wait_for_timeout(50)
        painted = page.evaluate(PAINTED)
    context.close()
    return painted[0]


def measure_python_seal(*, times: int) -> list[Row]:
    """The server's half of the sealed channel."""
    readers = [draw_keyring() for _ in range(3)]
    sent = _sealed(readers)
    handed = _handed(sent, readers[0])
    return [
        Row("", "Python: seal 4 kB to three readers", quickest(lambda: _sealed(readers), times), "ms"),
        Row("", "Python: open a thread as a reader", quickest(lambda: _opened(readers[0], handed), times), "ms"),
    ]


def _sealed(readers: list[Keyring]) -> Submission:
    said = concern(text=TEXT, readers=tuple(one.card for one in readers))
    return raise_concern(said, draw_code(), sealed_by=SealedBy.DEVICE)


def _handed(sent: Submission, to: Keyring) -> Delivery:
    grants = tuple(DeliveredGrant(0, one.file) for one in sent.grants if one.key_id == to.card.key_id)
    return Delivery(sent.case, 0, sent.recipient, grants, (Delivered(0, sent.item.file),))


def _opened(reader: Keyring, handed: Delivery) -> Plaintext:
    read = reader_seat(reader, handed).read(handed.items)
    body = read.entries[0].item
    assert body is not None
    return body.body


def measure_browser_seal(browser: Any) -> list[Row]:
    """The device's half: the medians of five runs, by the modules that reporter.js and desk.js are built from."""
    readers = [draw_keyring() for _ in range(3)]
    sent = _sealed(readers)
    own = next(one.file for one in sent.grants if one.key_id == readers[0].card.key_id)
    handed = delivery(sent, [sent.item]) | {"grants": [{"epoch": 0, "file": to_b64u(own)}]}
    given = [[one.card.to_json().decode() for one in readers], handed, readers[0].identity.seed.reveal().hex()]
    with TemporaryDirectory(prefix="porth-bench-") as folder:
        run_build("--out", folder, "--entry", f"modules.js={HARNESS / 'modules.js'}")
        with serving(Box(), Path(folder)) as address:
            page = browser.new_page()
            page.goto(f"{address}/modules")
            taken = page.evaluate("(given) => sealed.checks.times(...given)", given)
            page.close()
    return [Row("", f"Chromium: {what.replace('_', ' ')}", took, "ms") for what, took in taken.items()]


def measure_work(browser: Any, *, slower: int = SLOWER, times: int = 5) -> list[Row]:
    """The proof of work on a phone: as many hashes as the product's setting takes on average."""
    hashes = 2 ** Settings().work_bits
    with TemporaryDirectory(prefix="porth-bench-") as folder:
        run_build("--out", folder, "--entry", f"modules.js={HARNESS / 'modules.js'}")
        with serving(Box(), Path(folder)) as address:
            page = browser.new_page()
            page.goto(f"{address}/modules")
            page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
            taken = median(page.evaluate(SEARCHED, hashes) for _ in range(times))
            page.close()
    return [Row("", f"Chromium: {hashes:,} hashes of work, {slower} times slowed", taken, "ms", most=MOST_WORK_MS)]


def weigh_scripts(build: Path) -> list[Row]:
    """The scripts as they are sent, compressed."""
    manifest = json.loads((build / "manifest.json").read_text(encoding="utf-8"))
    return [
        Row("", f"weight: script {name}, brotli", (build / f"{entry['file']}.br").stat().st_size, "bytes", most=46_080)
        for name, entry in sorted(manifest.items())
    ]
