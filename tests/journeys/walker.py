"""Somebody at a browser: reads labels and buttons in one language, as the catalogue says them, and presses them."""

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, Response, ViewportSize, expect

from portal.core.text import Locale, Message
from portal.i18n.catalogue import Catalogue
from tests.prepared import PICTURES, SLOW
from tests.serving import Server

OUTPUT = Path(__file__).resolve().parents[1] / "_output" / "journeys"
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 900}
PATIENCE = 20_000
RECEIPT_PATIENCE = 40_000
DUTIES_PATIENCE_SECONDS = 40
TELLING = 20
"""A text of so many characters and of several words is somebody’s own; a log must not hold it."""


class Walker:
    """One person with one browser of their own."""

    def __init__(self, context: BrowserContext, server: Server, locale: str) -> None:
        self.context = context
        self.server = server
        self.locale = Locale(locale)
        self.bodies: list[str] = []
        self.troubles: list[str] = []
        self.gone: list[str] = []
        self.typed: list[str] = []
        context.set_default_timeout(PATIENCE)
        context.on("request", self._note_request)
        context.on("response", self._note_response)
        context.on("weberror", lambda error: self.troubles.append(f"script: {error.error}"))
        self.page: Page = context.new_page()
        if SLOW:
            hold_up(self.page)

    def _note_request(self, request: Request) -> None:
        self.gone.append(f"{request.method} {request.url}")
        self.bodies.append(request.post_data or "")
        if not request.url.startswith((self.server.base_url, "data:", "blob:")):
            self.troubles.append(f"a request to somebody else: {urlsplit(request.url).netloc}")

    def _note_response(self, response: Response) -> None:
        if response.status >= 500:
            self.troubles.append(f"{response.status} {response.request.method} {response.url}")

    # what is said

    def say(self, msgid: str | Message, context: str | None = None, **values: Any) -> str:
        """The sentence of this language; fails for a msgid that the catalogue does not know in Welsh."""
        message = msgid if isinstance(msgid, Message) else Message(msgid, values, context)
        welsh, english = (Catalogue.for_locale(one).say(message) for one in (Locale.CY, Locale.EN))
        assert welsh != english, f"the catalogue has no Welsh for: {message.context or ''} {message.msgid}"
        return welsh if self.locale is Locale.CY else english

    def pick(self, cy: str, en: str) -> str:
        return cy if self.locale is Locale.CY else en

    # moving

    def go(self, path: str, *, status: int = 200) -> None:
        """Type an address below the language."""
        answer = self.page.goto(f"{self.server.base_url}/{self.locale.value}{path}")
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status} in place of {status}"

    def tap(self, what: Locator, *, times: int = 1) -> None:
        """Press something. Where that leads to another page, it is there and whole before anybody reads it.

        ``click`` ends when the other page has begun to come in, and what is not parsed yet would count as missing.
        """
        what.click(click_count=times)
        self.page.wait_for_load_state("domcontentloaded")

    def press(self, msgid: str, context: str | None = "button", *, nth: int = 0) -> None:
        """Press the button that says this."""
        self.tap(self.main.get_by_role("button", name=self.say(msgid, context), exact=True).nth(nth))

    def follow(self, msgid: str, context: str | None = None, **values: Any) -> None:
        """Follow the link that says this."""
        self.tap(self.main.get_by_role("link", name=self.say(msgid, context, **values), exact=True).first)

    def change(self, label: str, role: Literal["button", "link"] = "button") -> None:
        """Press «Change» of one line of a check page, or follow it on a page of choices."""
        name = re.compile(rf"^{self.say('Change', role)}\s*: {re.escape(self.say(label))}$")
        self.tap(self.main.get_by_role(role, name=name))

    def turn_language(self) -> None:
        """The link to the other language in the header."""
        other = {"cy": "English", "en": "Cymraeg"}[self.locale.value]
        self.tap(self.page.locator("header").get_by_text(other, exact=True))
        self.locale = self.locale.other

    # filling in

    def fill(self, label: str, text: str, context: str | None = None) -> None:
        self.field(label, context).fill(text)
        if len(text) >= TELLING and " " in text:
            self.typed.append(text)

    def field(self, label: str, context: str | None = None) -> Locator:
        """The field of a label, whether it is marked as optional or not."""
        said = re.escape(self.say(label, context))
        optional = re.escape(self.say("(optional)"))
        return self.main.get_by_label(re.compile(rf"^{said}(\s+{optional})?$"))

    def choose(self, name: str) -> None:
        """A radio or a box by its words, which stand in data or were said before."""
        self.main.get_by_label(name, exact=True).check()

    def date(self, name: str, day: int, month: int, year: int) -> None:
        """The three boxes of a date."""
        for part, value in (("day", day), ("month", month), ("year", year)):
            self.main.locator(f"[name='{name}-{part}']").fill(str(value))

    # looking

    @property
    def main(self) -> Locator:
        return self.page.locator("body")

    def expect_heading(self, msgid: str | Message, context: str | None = None, **values: Any) -> None:
        expect(self.page.locator("h1:visible")).to_have_text(self.say(msgid, context, **values))
        expect(self.page.locator("html")).to_have_attribute("lang", self.locale.value)

    def meets(self, msgid: str, otherwise: str) -> bool:
        """Whether the page that came has this heading: it may be that other page as well."""
        both = "|".join(re.escape(self.say(one)) for one in (msgid, otherwise))
        heading = self.page.locator("h1:visible")
        expect(heading).to_have_text(re.compile(f"^\\s*({both})\\s*$"))
        return heading.inner_text().strip() == self.say(msgid)

    def words_in(self, selector: str) -> list[str]:
        """The ten words that the page shows once."""
        words = self.page.locator(selector)
        expect(words).to_have_count(10)
        return words.all_inner_texts()

    def reload_until(self, what: Locator) -> None:
        """What a duty of the server makes meanwhile is waited for as its page says: by looking again."""
        deadline = time.monotonic() + DUTIES_PATIENCE_SECONDS
        while not what.count() and time.monotonic() < deadline:
            self.page.wait_for_timeout(200)
            self.page.reload()
        expect(what).to_be_visible()

    def expect_text(self, text: str) -> None:
        expect(self.page.locator("main")).to_contain_text(text)

    def expect_said(self, msgid: str | Message, context: str | None = None, **values: Any) -> None:
        self.expect_text(self.say(msgid, context, **values))

    def expect_no_text(self, text: str) -> None:
        expect(self.page.locator("main")).not_to_contain_text(text)

    def expect_problem(self, msgid: str | Message, context: str = "error", **values: Any) -> None:
        """The summary of problems stands at the top, has the focus, and says this."""
        box = self.page.locator(".problem:visible")
        expect(box).to_contain_text(self.say("There is a problem"))
        expect(box).to_contain_text(self.say(msgid, context, **values))
        if not self.page.locator("#sealed").count():  # which has its own way of saying so
            expect(self.page).to_have_title(re.compile(f"^{self.say('Error:', 'error')}"))

    def expect_not_found(self) -> None:
        """The common page for what is not there, or not for these eyes."""
        self.expect_heading("Page not found")

    def answer_of(self, label: str, context: str | None = None) -> str:
        """The value beside a label in a summary list."""
        rows = self.page.locator("dl.summary > div", has=self.page.locator("dt", has_text=self.say(label, context)))
        return rows.first.locator("dd").first.inner_text()

    def shot(self, name: str) -> None:
        """A picture of the whole page, for people to look at, where they asked for pictures."""
        if not PICTURES:
            return
        OUTPUT.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=OUTPUT / f"{name}.png", full_page=True)

    # accounts

    def sign_in(self, who: str, *, password: str | None = None) -> None:
        """By the form, at «my cases» or at the page that asked for it."""
        if "/my/sign-in" not in self.page.url and not self.page.locator("input[type=password]").count():
            self.go("/my/sign-in")
        self.fill("Email address", who)
        self.fill("Password", password or self.server.secrets["password"])
        self.press("Sign in")


def hold_up(page: Page) -> None:
    """A slow device on a slow line: what a test forgets to wait for is not there yet."""
    tell = page.context.new_cdp_session(page)
    tell.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    tell.send("Network.enable")
    line = {"offline": False, "latency": 150, "downloadThroughput": 100_000, "uploadThroughput": 100_000}
    tell.send("Network.emulateNetworkConditions", line)


class Arrive(Protocol):
    """Opens a browser for one more person."""

    def __call__(
        self, locale: str, *, phone: bool = False, script: bool = True, context: dict[str, Any] | None = None
    ) -> Walker: ...


@contextmanager
def walking(chromium: Browser, server: Server) -> Iterator[Arrive]:
    """People with browsers of their own; at the end nothing may have gone wrong behind their backs."""
    people: list[Walker] = []
    begun = server.log.stat().st_size
    with ExitStack() as doors:

        def arrive(
            locale: str, *, phone: bool = False, script: bool = True, context: dict[str, Any] | None = None
        ) -> Walker:
            opened = chromium.new_context(
                base_url=server.base_url,
                viewport=PHONE if phone else DESK,
                java_script_enabled=script,
                **(context or {}),
            )
            doors.callback(opened.close)
            people.append(Walker(opened, server, locale))
            return people[-1]

        yield arrive
        assert [trouble for person in people for trouble in person.troubles] == []
        log = server.log.read_bytes()[begun:].decode("utf-8", "replace")
        assert "incident" not in log
        assert not any(text in log for person in people for text in person.typed), "the log repeats what was typed"
