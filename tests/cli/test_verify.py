"""``porth verify`` against a real portal, and against the same portal with somebody in between."""

import hashlib
import json
import re
from base64 import b64encode

import pytest

from anonymity.keyring import draw_keyring
from portal.cli.main import main
from portal.cli.standalone.scripts import read_sums
from portal.cli.verifying.command import address_of
from tests.cli.tampering import Change, tampered
from tests.serving import Server

WRITE = "/cy/concern/write"
SCRIPT = address_of("reporter.js", read_sums()["reporter.js"])
INJECTED = b"navigator.sendBeacon('/x');"


def differing(printed: str) -> list[tuple[str, str]]:
    """What was found to differ, and in which ways."""
    return re.findall(r"^DIFFERS  (.*)\n((?: {9}.*\n)+)", printed, re.MULTILINE)


def test_a_portal_of_this_version_is_found_to_be_one_and_its_keys_are_told(
    portal_server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", portal_server.base_url]) == 0
    said = capsys.readouterr().out
    assert differing(said) == []
    assert "DIFFERS" not in said
    for name in read_sums():
        assert f"OK       script {name}" in said
    for locale in ("cy", "en"):
        for page in ("/concern", "/concern/return", "/concern/return/form", "/concern/write glannau-ogwen"):
            assert f"OK       /{locale}{page}" in said
    assert "Glannau Ogwen University Health Board: " in said
    assert "Llinos Dafis, Ysgrifennydd y Bwrdd – Board Secretary" in said
    words = re.findall(r"^  (cy|en): ((?:[a-z]+ ){5}[a-z]+)$", said, re.MULTILINE)
    assert len({words for _lang, words in words}) == len(words) > 6


def changed_script(path: str, _headers: dict[str, str], octets: bytes) -> bytes:
    return octets + INJECTED if path == SCRIPT else octets


def changed_worker(path: str, _headers: dict[str, str], octets: bytes) -> bytes:
    return octets + INJECTED if path.startswith("/static/sealing-") else octets


def another_script(path: str, _headers: dict[str, str], octets: bytes) -> bytes:
    """Under its own name, and the page demands its digest."""
    if "/concern/return" not in path and WRITE not in path:
        return octets
    digest = b64encode(hashlib.sha384(INJECTED).digest()).decode()
    theirs = f'src="/static/reporter-{"0" * 16}.js" integrity="sha384-{digest}"'
    return re.sub(rb'src="/static/reporter-[0-9a-f]{16}\.js" integrity="[^"]*"', theirs.encode(), octets)


def without_integrity(path: str, _headers: dict[str, str], octets: bytes) -> bytes:
    return re.sub(rb' integrity="[^"]*"', b"", octets) if path.startswith(WRITE) else octets


def inline_script(path: str, headers: dict[str, str], octets: bytes) -> bytes:
    if path.startswith(WRITE):
        headers["content-security-policy"] = headers["content-security-policy"].replace(
            "script-src", "script-src 'unsafe-inline'"
        )
        return octets.replace(b"</main>", b"<script>" + INJECTED + b"</script></main>")
    return octets


def looser_policy(path: str, headers: dict[str, str], octets: bytes) -> bytes:
    if path == "/en/concern/return":
        headers["content-security-policy"] = headers["content-security-policy"].replace(
            "connect-src 'self'", "connect-src *"
        )
    return octets


def no_policy(path: str, headers: dict[str, str], octets: bytes) -> bytes:
    if path == "/en/concern/return":
        del headers["content-security-policy"]
    return octets


def form_on_the_device_page(path: str, _headers: dict[str, str], octets: bytes) -> bytes:
    if not path.startswith(WRITE):
        return octets
    return octets.replace(b"<main", b'<form action="/cy/concern/form" method="post"><input name="text"></form><main')


def field_of_the_language_switch(path: str, _headers: dict[str, str], octets: bytes) -> bytes:
    """What is typed would go along when the language is turned."""
    return octets.replace(b'<textarea id="body"', b'<textarea form="again" name="text" id="body"')


def form_to_elsewhere(path: str, _headers: dict[str, str], octets: bytes) -> bytes:
    if path != "/en/concern/return/form":
        return octets
    return octets.replace(b'action="/en/concern/return/form"', b'action="https://elsewhere.example/"')


def cookie(path: str, headers: dict[str, str], octets: bytes) -> bytes:
    if path == "/cy/concern":
        headers["set-cookie"] = "seen=1"
    return octets


def other_style(path: str, headers: dict[str, str], octets: bytes) -> bytes:
    return octets.replace(b"<style>", b"<style>#sealed{display:none}") if path == "/cy/concern" else octets


def box_elsewhere(path: str, _headers: dict[str, str], octets: bytes) -> bytes:
    return octets.replace(b'data-box="/cy/concern/box"', b'data-box="/cy/other/box"') if WRITE in path else octets


def swapped_key(path: str, _headers: dict[str, str], octets: bytes) -> bytes:
    """In the page only: the first reader's key is somebody else's."""
    if not path.startswith(WRITE):
        return octets
    card = draw_keyring().card
    return re.sub(
        rb'"recipient": "age1pq1[0-9a-z]+"', b'"recipient": "%s"' % card.recipient.text.encode(), octets, count=1
    )


def hidden_reader(path: str, _headers: dict[str, str], octets: bytes) -> bytes:
    """The page seals to somebody whom it does not show."""
    return re.sub(rb' data-reader="[^"]*"', b"", octets, count=1) if path.startswith(WRITE) else octets


def wrong_name_of_a_key(path: str, _headers: dict[str, str], octets: bytes) -> bytes:
    """The box itself says of a key that it is another."""
    if not path.endswith("/box/cards") or not octets.startswith(b'{"v"'):
        return octets
    found = json.loads(octets)
    found["readers"][0]["recipient"] = draw_keyring().card.recipient.text
    return json.dumps(found).encode()


Found = tuple[Change, str, str]
AT_ONCE: list[list[Found]] = [
    [
        (changed_script, "script reporter.js", "not "),
        (looser_policy, "/en/concern/return", "its policy says connect-src *, not 'self'"),
        (cookie, "/cy/concern", "it sets a cookie"),
        (form_on_the_device_page, WRITE, "a form that could send more than what was chosen"),
        (form_to_elsewhere, "/en/concern/return/form", "a form goes to https://elsewhere.example/"),
        (wrong_name_of_a_key, WRITE, "is not what it says it is"),
    ],
    [
        (changed_worker, "script sealing.js", "not "),
        (no_policy, "/en/concern/return", "its policy says script-src (nothing), not 'self'"),
        (other_style, "/cy/concern", "its stylesheet is another"),
        (field_of_the_language_switch, WRITE, "a form that could send more than what was chosen"),
    ],
    [
        (another_script, WRITE, "the scripts that it starts: /static/reporter-0000000000000000.js"),
        (swapped_key, WRITE, "it seals to other keys than the box names"),
    ],
    [
        (without_integrity, WRITE, "(None)"),
        (hidden_reader, WRITE, "it shows other readers than those it seals to"),
    ],
    [(inline_script, WRITE, "an inline script"), (box_elsewhere, WRITE, "its box is /cy/other/box")],
]
"""One look at the whole portal costs seconds: what is changed at once is told in other words, or of another place."""


def all_of(changes: list[Found]) -> Change:
    def changed(path: str, headers: dict[str, str], octets: bytes) -> bytes:
        for change, _where, _what in changes:
            octets = change(path, headers, octets)
        return octets

    return changed


@pytest.mark.parametrize("changes", AT_ONCE, ids=lambda changes: "-".join(one.__name__ for one, _, _ in changes))
def test_whoever_changes_something_on_the_way_is_found_out(
    portal_server: Server, capsys: pytest.CaptureFixture[str], changes: list[Found]
) -> None:
    with tampered(portal_server.base_url, all_of(changes)) as address:
        assert main(["verify", address]) == 1
    told = differing(capsys.readouterr().out)
    for change, where, what in changes:
        assert any(one.startswith(where) and what in ways for one, ways in told), change.__name__


def test_what_is_no_portal_is_told_as_such(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "http://127.0.0.1:9"]) == 1
    assert "does not answer as a portal does" in capsys.readouterr().err
    assert main(["verify", "file:///etc/passwd"]) == 1
    assert "is like https://portal.example" in capsys.readouterr().err
