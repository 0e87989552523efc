"""Invitations and letters, as people get them."""

import re
import time

from playwright.sync_api import expect

from tests.journeys.desk import CARYS
from tests.journeys.walker import Arrive, Walker

PASSPHRASE = "cawl lleuad beic rhosyn"
LETTERS_WITHIN = 40


def invite_by_slip(administrator: Walker, name: str, email: str, *, button: str = "Invite somebody") -> str:
    """Fill in the form of an invitation; the link that the slip shows."""
    administrator.tap(administrator.page.get_by_role("link", name=administrator.say(button, "button"), exact=True))
    administrator.fill("Name", name)
    administrator.fill("Email address", email)
    administrator.choose(administrator.say("On a slip that I print and hand over"))
    administrator.press("Invite")
    administrator.expect_heading("Invitation slip")
    return link_in(administrator.page.locator("main").inner_text(), "invitation")


def link_in(text: str, kind: str) -> str:
    """The path of the first link of this kind, without its language."""
    found = re.search(rf"/(?:cy|en)(/my/{kind}/[A-Za-z0-9_-]+)", text)
    assert found, f"no link of the kind {kind}"
    return found.group(1)


def letter_to(person: Walker, email: str, word: str) -> str:
    """The last letter to an address that holds a word, from what the console mailer printed."""
    deadline = time.monotonic() + LETTERS_WITHIN
    while time.monotonic() < deadline:
        printed = person.server.log.read_text(encoding="utf-8", errors="replace").split("=" * 72)
        found = [one for one in printed if f"To: {email}\n" in one and word in one]
        if found:
            return found[-1]
        time.sleep(0.2)
    raise AssertionError("no such letter was sent")


def join(newcomer: Walker, link: str, *, passphrase: str = PASSPHRASE) -> None:
    """Open the link of an invitation, paste a password and begin."""
    newcomer.go(link)
    newcomer.expect_heading("Set up your account")
    newcomer.context.grant_permissions(["clipboard-read", "clipboard-write"])
    newcomer.page.evaluate("text => navigator.clipboard.writeText(text)", passphrase)
    newcomer.field("Password", "label").click()
    newcomer.page.keyboard.press("Control+V")
    expect(newcomer.field("Password", "label"), "pasting a password is hindered").to_have_value(passphrase)
    newcomer.choose(newcomer.say("Welsh" if newcomer.locale.value == "cy" else "English", "language choice"))
    newcomer.press("Set up account")
    newcomer.expect_heading("My cases")


def join_branch(arrive: Arrive, administrator: Walker, name: str, email: str) -> Walker:
    """A new representative, whom the union's administrator has invited by a slip."""
    administrator.sign_in(CARYS)
    administrator.follow("The branch’s representatives")
    link = invite_by_slip(administrator, name, email, button="Invite a representative")
    newcomer = arrive("en")
    join(newcomer, link)
    return newcomer
