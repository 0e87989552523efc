"""Passkeys at the desk: one that opens keys, and one that cannot."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.desk import LLINOS, PATRICK, TODAY, words_of
from tests.journeys.raised import raise_for
from tests.journeys.walker import RECEIPT_PATIENCE, Arrive, Walker, walking
from tests.serving import Server

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("concerns")]


@pytest.fixture
def at_localhost(chromium: Any, fresh_portal: Server) -> Iterator[Arrive]:
    """The same portal under a name: browsers give no passkey to a bare address."""
    named = replace(fresh_portal, base_url=fresh_portal.base_url.replace("127.0.0.1", "localhost"))
    with walking(chromium, named) as opened:
        yield opened


SPY = """
window.given = [];
const real = navigator.credentials.get.bind(navigator.credentials);
navigator.credentials.get = async (options) => {
  const found = await real(options);
  const first = found?.getClientExtensionResults().prf?.results?.first;
  if (first) window.given.push([...new Uint8Array(first)]);
  return found;
};
"""


def add_authenticator(reader: Walker, *, has_prf: bool) -> Any:
    devtools = reader.context.new_cdp_session(reader.page)
    devtools.send("WebAuthn.enable", {"enableUI": False})
    options = {
        "protocol": "ctap2",
        "ctap2Version": "ctap2_1",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
        "hasPrf": has_prf,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools


def spellings(secret: list[int]) -> list[str]:
    octets = bytes(secret)
    plain = base64.b64encode(octets).decode().rstrip("=")
    urlsafe = base64.urlsafe_b64encode(octets).decode().rstrip("=")
    return [plain, urlsafe, octets.hex(), ", ".join(map(str, secret)), ",".join(map(str, secret))]


def test_a_passkey_opens_keys_and_its_secret_never_leaves_the_device(at_localhost: Arrive) -> None:
    patrick = at_localhost("en")
    patrick.page.add_init_script(SPY)
    patrick.sign_in(PATRICK)
    add_authenticator(patrick, has_prf=True)
    patrick.go("/my/keys")
    patrick.press("Add a passkey")
    patrick.expect_heading("Unlock your keys")
    expect(patrick.page.locator("#unlock-passkey")).to_have_count(0)
    patrick.fill("Your ten recovery words", words_of(patrick, PATRICK))
    patrick.press("Unlock")
    expect(patrick.page.locator("[data-step=passkey]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    patrick.press("Make the passkey")
    expect(patrick.page.locator("[data-step=saved-passkey]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    given = patrick.page.evaluate("window.given")
    assert len(given) == 1
    assert len(given[0]) == 32
    patrick.shot("desk-passkey-saved")
    patrick.go("/my/keys")
    patrick.expect_said("Your passkeys")
    patrick.shot("desk-keys")

    patrick.go("/my/concerns")
    patrick.expect_said("No concern has been granted to you. When one is, it stands here with the week it came in.")
    raise_for(patrick.server, "A lift that nobody repairs.", PATRICK, LLINOS, day=TODAY)
    patrick.go("/my/concerns")
    patrick.shot("desk-locked-with-passkey")
    patrick.press("Unlock with a passkey")
    expect(patrick.page.locator("[data-step=list]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    expect(patrick.page.locator("[data-case] [data-slot=title]").first).to_have_text(
        "A lift that nobody repairs.", timeout=RECEIPT_PATIENCE
    )
    given += patrick.page.evaluate("window.given")
    assert given[0] == given[1], "the same passkey gives the same secret"
    sent = " ".join(patrick.bodies)
    assert not any(spelling in sent for spelling in spellings(given[0]))
    assert "clientExtensionResults" not in sent

    patrick.go("/my/keys")
    patrick.tap(patrick.page.get_by_role("button", name=patrick.say("Remove this passkey", "button")))
    expect(patrick.page.get_by_role("button", name=patrick.say("Remove this passkey", "button"))).to_have_count(0)
    patrick.go("/my/concerns")
    expect(patrick.page.locator("#unlock-passkey")).to_have_count(0)


def test_a_passkey_without_a_secret_is_refused_and_the_words_go_on_working(at_localhost: Arrive) -> None:
    llinos = at_localhost("cy", phone=True)
    llinos.sign_in(LLINOS)
    add_authenticator(llinos, has_prf=False)
    llinos.go("/my/keys")
    llinos.press("Add a passkey")
    llinos.fill("Your ten recovery words", words_of(llinos, LLINOS))
    llinos.press("Unlock")
    expect(llinos.page.locator("[data-step=passkey]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    llinos.press("Make the passkey")
    llinos.expect_problem(
        "This device made a passkey, but it cannot open keys. Remove it from your device. Your recovery words go on "
        "working"
    )
    llinos.shot("desk-no-secret-cy-phone")
    llinos.go("/my/keys")
    expect(llinos.page.get_by_role("button", name=llinos.say("Remove this passkey", "button"))).to_have_count(0)
