"""Somebody with the stand-alone page: from a stick, or from another host; and that other host."""

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

PATIENCE = 15_000
SEALING = 60_000
PHONE = {"width": 390, "height": 844}
SHOWN_PICTURE = "inline style"
"""Chromium would style the page that it makes of a picture; the policy does not let it, and the picture shows."""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_args: object) -> None:
        pass


@contextmanager
def hosted(folder: Path) -> Iterator[str]:
    """The address of another host, for example a union's, that serves a folder."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class Holder:
    """One person with the page open. Everything that it asks for is noted, and everything that breaks."""

    def __init__(self, browser: Browser, **more: Any) -> None:
        self.context = browser.new_context(**{"viewport": PHONE, **more})
        self.context.set_default_timeout(PATIENCE)
        self.requests: list[str] = []
        self.bodies: list[bytes] = []
        self.troubles: list[str] = []
        self.context.on("request", self._note)
        self.context.on("weberror", lambda error: self.troubles.append(str(error.error)))
        self.context.on("console", lambda told: self.troubles.append(told.text) if "olicy" in told.text else None)
        self.page: Page = self.context.new_page()

    def _note(self, request: Any) -> None:
        if not request.url.startswith(("data:", "blob:", "about:")):
            self.requests.append(f"{request.method} {request.url}")
            self.bodies.append(request.post_data_buffer or b"")

    def open(self, address: str, language: str) -> None:
        self.page.goto(address)
        self.page.click(f'#choose a[href="#{language}"]')

    def turn(self, language: str) -> None:
        """The switch of the language."""
        self.page.click(f'[data-to="{language}"]')

    def view(self, name: str) -> Locator:
        """A view, once it is there."""
        found = self.page.locator(f'#view[data-view="{name}"]')
        expect(found).to_be_visible()
        return found

    def choose(self, view: str, label: str) -> None:
        """One of a question's answers, and on."""
        shown = self.view(view)
        shown.get_by_label(label, exact=True).check()
        shown.locator("form button[type=submit]").click()

    def step(self, name: str) -> Locator:
        """A step of the page script, once it is there."""
        found = self.page.locator(f'[data-step="{name}"]')
        expect(found).to_be_visible(timeout=SEALING)
        return found

    def leave_out(self, name: str) -> None:
        self.page.locator("[data-reader]:visible", has_text=name).locator("[data-leave-out]").check()

    def send(self) -> list[str]:
        """From writing to the receipt; its ten words."""
        self.page.click("#to-check")
        self.step("check")
        self.page.click("#send")
        self.step("receipt")
        return self.page.locator("#code-words li").all_inner_texts()

    def come_back(self, words: list[str]) -> Locator:
        """With the words of a receipt; the entries of its threads."""
        self.view("return")
        self.page.locator("#words").fill(" ".join(words))
        self.page.click("#open")
        self.step("thread")
        return self.page.locator("[data-entries] > li")

    def answer(self, text: str) -> None:
        self.page.locator("#threads textarea").first.fill(text)
        self.page.locator("button[data-reply]").first.click()
        expect(self.page.locator('[data-sent=""]:visible')).to_be_visible(timeout=SEALING)

    def close(self, portal: str) -> None:
        """Nothing was broken, nobody but the box was asked, and nothing is kept."""
        kept = "[localStorage.length, sessionStorage.length, document.cookie]"
        held = self.page.evaluate(kept) if self.page.url.startswith("http") else [0, 0, ""]
        cookies = self.context.cookies()
        self.context.close()
        assert [one for one in self.troubles if SHOWN_PICTURE not in one] == [], self.troubles
        assert held == [0, 0, ""]
        assert cookies == []
        asked = {line.split()[1] for line in self.requests if line.startswith("POST")}
        assert all(one.startswith((f"{portal}/cy/concern/box", f"{portal}/en/concern/box")) for one in asked), asked
        own = {line for line in self.requests if not line.startswith("POST")}
        assert all(line.startswith("GET ") and line.partition("#")[0].endswith("concern.html") for line in own), own
