"""The sealing worker: started from the very bytes that were built, cut off from everything, gone when it is locked."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from anonymity.encoding import to_b64u
from anonymity.keyring import draw_keyring
from tests.anonymity.box_server import Box, serving
from tests.anonymity.browser_people import ABOUT, TEXT, Holder, card, people, postboxes
from tests.prepared import FULL

LONGEST_TASK_MS = 100
THREADS = 400 if FULL else 40
START = "() => sealed.Sealing.start().then((one) => (one.end(), 'started'), (error) => error.name)"


def alive(page: Page, expected: int = 0) -> int:
    """How many workers there are, once the browser has told of those that ended."""
    for _ in range(400):
        if len(page.workers) == expected:
            break
        page.wait_for_timeout(50)
    return len(page.workers)


@pytest.fixture
def fresh(chromium: Browser, modules_build: Path) -> Iterator[Page]:
    """A page on which no worker was started yet; a breach of its policy fails the test."""
    with serving(Box(), modules_build) as found:
        context = chromium.new_context(base_url=found)
        breaches: list[str] = []
        context.on("console", lambda message: breaches.append(message.text) if "olicy" in message.text else None)
        page = context.new_page()
        page.goto("/modules")
        yield page
        context.close()
        assert breaches == []


def script_of(build: Path) -> tuple[str, str]:
    """File name and source of the worker."""
    name = json.loads((build / "manifest.json").read_text("utf-8"))["sealing.js"]["file"]
    return name, (build / name).read_text("utf-8")


def test_a_worker_starts_under_the_portals_policy(fresh: Page) -> None:
    assert fresh.evaluate(START) == "started"
    assert alive(fresh) == 0


def test_a_changed_worker_is_not_started(fresh: Page, modules_build: Path) -> None:
    name, source = script_of(modules_build)
    changed = source + "\n"
    fresh.route(f"**/{name}", lambda route: route.fulfill(body=changed, content_type="text/javascript"))
    assert fresh.evaluate(START) == "TypeError"
    fresh.unroute(f"**/{name}")
    assert fresh.evaluate(START) == "started", "the next try fetches it again"


@pytest.mark.parametrize(("more", "expected"), [("", "started"), (" ", "Ended")])
def test_a_page_that_carries_its_worker_needs_no_request_for_it(
    fresh: Page, modules_build: Path, more: str, expected: str
) -> None:
    name, source = script_of(modules_build)
    asked: list[str] = []
    fresh.on("request", lambda request: asked.append(request.url))

    def carry(route: Route) -> None:
        answer = route.fetch()
        inline = f'<script type="text/plain" id="sealing-worker">{source}{more}</script>'
        route.fulfill(response=answer, body=answer.text().replace("<script ", inline + "<script ", 1))

    assert "</script" not in source
    fresh.route("**/modules", carry)
    fresh.reload()
    assert fresh.evaluate(START) == expected
    assert not any(name in url for url in asked)


def test_a_page_opened_from_a_file_seals_and_opens(chromium: Browser, modules_build: Path, tmp_path: Path) -> None:
    manifest = json.loads((modules_build / "manifest.json").read_text("utf-8"))
    modules, worker = (
        (modules_build / manifest[f"{name}.js"]["file"]).read_text("utf-8") for name in ("modules", "sealing")
    )
    page_file = tmp_path / "client.html"
    policy = (
        "default-src 'none'; script-src 'unsafe-inline'; worker-src blob:; "
        "require-trusted-types-for 'script'; trusted-types sealing-worker"
    )
    page_file.write_text(
        f'<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<script type="text/plain" id="sealing-worker">{worker}</script><script>{modules}</script>',
        "utf-8",
    )
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.goto(page_file.as_uri())
    assert page.evaluate(START) == "started"
    words = Holder(page, "reporter").start().ask("newCode")
    assert len(words["cy"].split()) == 10
    context.close()


@pytest.mark.parametrize(
    "name", ["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "importScripts", "indexedDB", "caches", "Worker"]
)
def test_the_worker_has_no_way_out(modules: Page, name: str) -> None:
    Holder(modules, "cut-off").start()
    assert modules.workers[-1].evaluate(f"typeof globalThis.{name}") == "undefined"


def test_a_locked_worker_is_gone_and_what_was_asked_of_it_ends(modules: Page) -> None:
    keyring = draw_keyring()
    desk = Holder(modules, "lock").start().unlock(keyring)
    before = len(modules.workers)
    found = modules.evaluate(
        """async () => {
            const desk = sealed.worker.holder("lock");
            const asked = desk.work("x".repeat(48), 32).then(() => "answered", (error) => error.name);
            const next = desk.putAside("begun").then(() => "answered", (error) => error.name);
            await new Promise((done) => setTimeout(done, 50));
            desk.end();
            return [await asked, await next, await desk.putAside("more").catch((error) => error.name)];
        }"""
    )
    assert found == ["Ended", "Ended", "Ended"]
    assert alive(modules, before - 1) == before - 1
    assert desk.start().refusal("putAside", "begun") == "CannotOpen", "a fresh worker holds nothing"


def test_keys_never_come_out_of_the_worker(modules: Page) -> None:
    desk = Holder(modules, "keys").start()
    made = desk.ask("makeKeyring")
    assert set(made) == {"card", "key", "cy", "en", "code"}
    sealed = desk.ask("sealKeyring", {"typed": made["code"]["digits"]})
    assert set(sealed) == {"card", "keyring"}
    assert "AGE-SECRET-KEY" not in json.dumps([made, sealed])
    assert desk.ask("sealKeyring", {"typed": " ".join(["abacws"] * 9 + ["adref"])}) is None


def test_a_keyring_opens_by_words_or_by_a_passkeys_secret_and_by_no_other(modules: Page) -> None:
    desk = Holder(modules, "passkey").start()
    made = desk.ask("makeKeyring")
    found = modules.evaluate("sealed.worker.byPasskey('passkey', 7)")
    assert found == [made["key"], "CannotOpen", "CannotOpen"]


def test_slips_are_told_with_their_places_and_nothing_else_is(modules: Page) -> None:
    script = """async () => {
        const desk = await sealed.Sealing.start();
        const told = async (work) => work.then(() => "accepted", (error) => ({ ...error, message: error.message }));
        const words = await desk.newCode();
        const found = [
            await told(desk.readCode("un dau tri")),
            await told(desk.readCode(words.cy.replace(/\\w+/, "zzzzz"))),
            await told(desk.openThread({ v: 2 }, "x")),
            await told(desk.fingerprints([{ recipient: "age1pq1", sign: "x" }])),
            await desk.isCode(words.en), await desk.isCode(words.digits),
        ];
        desk.end();
        return found;
    }"""
    found = modules.evaluate(script)
    assert [one.get("reason") for one in found[:2]] == ["count", "words"]
    assert found[1]["positions"] == [1]
    opaque = {"name": "CannotOpen", "message": "cannot open"}
    assert found[2:] == [opaque, opaque, True, True]


def test_the_page_stays_responsive_while_ten_megabytes_are_sealed(
    modules: Page, capsys: pytest.CaptureFixture[str]
) -> None:
    Holder(modules, "reporter").start().ask("beginConcern", ["joint"])
    cdp = modules.context.new_cdp_session(modules)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    found = modules.evaluate("sealed.worker.watched('reporter', 10_000_000)")
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    with capsys.disabled():
        print(f"\n10 MB sealed in the worker, the page throttled 6 times: {found}")
    assert found["bytes"] == 16_782_955 + 32
    assert found["longest_task"] <= LONGEST_TASK_MS


@pytest.mark.parametrize("native", [True, False], ids=["by the browser", "by our script"])
@pytest.mark.parametrize("rate", [1, 6] if FULL else [1])
def test_how_fast_files_are_sealed_and_opened_is_printed(
    modules: Page, capsys: pytest.CaptureFixture[str], rate: int, native: bool
) -> None:
    cdp = modules.context.new_cdp_session(modules)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": rate})
    found: dict[str, Any] = modules.evaluate("(native) => sealed.worker.speeds(native)", native)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    with capsys.disabled():
        how = "the browser's own cipher" if native else "ours"
        print(f"\nMiB a second in Chromium by {how}, throttled {rate} times: {found}")
    assert found["right"]
    assert min(found["seal"], found["open"]) > 0.5


def test_how_long_a_concern_and_a_lot_of_threads_take_is_printed(
    modules: Page, capsys: pytest.CaptureFixture[str]
) -> None:
    readers = people(8)
    reporter, desk = Holder(modules, "reporter").start(), Holder(modules, "desk").start().unlock(readers[0])
    lane = {"lane": "joint", "readers": [card(one) for one in readers], "body": "x" * 4_096}
    (box,) = postboxes(reporter.raise_concern(lane))
    lanes: list[dict[str, Any]] = [{"name": None, "files": []} | lane]
    given = {"about": ABOUT, "left_out": [], "lang": "cy", "day": TEXT["day"], "lanes": lanes}
    sealed = sorted(timed(reporter, "makeConcern", given) for _ in range(5))[2]
    opened = timed(desk, "openThread", box.json(readers[0]), to_b64u(box.case), times=THREADS)
    with capsys.disabled():
        print(
            f"\nmilliseconds in the worker, a concern of 4 kB sealed to eight readers: {sealed}; "
            f"{THREADS} opened: {opened}"
        )
    assert 0 < sealed < 5_000
    assert 0 < opened < 60_000


def timed(who: Holder, method: str, *given: object, times: int = 1) -> float:
    """Milliseconds that the worker takes to answer the same question so many times."""
    script = """async ([name, method, given, times]) => {
        const start = performance.now();
        for (let i = 0; i < times; i++) await sealed.worker.call(name, method, ...given);
        return Math.round((performance.now() - start) * 10) / 10;
    }"""
    return float(who.page.evaluate(script, [who.name, method, given, times]))
